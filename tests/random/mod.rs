//! Random topologies, as the text of a file, and random commands for them.

use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;

/// The shape of a random topology without links: pairs of twins, lone VNets, a site.
#[derive(Debug, Clone)]
pub struct Spec {
    pairs: Vec<Pair>,
    lone: usize,
    /// VNets that use the gateway of the first lone one, each with the way its subnet's route table is, if it has one.
    spokes: Vec<usize>,
    sites: usize,
    needs: Vec<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct Pair {
    /// VMs of each of the two subnets.
    vms: [usize; 2],
    static_addresses: bool,
    gateways: [bool; 2],
    twin: bool,
    /// Whether the twin has a space of its own.
    moved: bool,
}

const KINDS: [&str; 3] = ["vpn", "peering", "expressroute"];

impl Spec {
    /// The file's text.
    pub fn toml(&self) -> String {
        let mut text = String::from(
            "format = 1\ntitle = \"Random\"\n\n[region.near]\nside = \"source\"\n\n[region.far]\nside = \"recovery\"\n\n",
        );
        for (n, pair) in self.pairs.iter().enumerate() {
            let gateways = |on: bool, away: usize| match on {
                true => {
                    format!("gateways = [{{ kind = \"vpn\", asn = {} }}, \"expressroute\"]\n", 65_000 + 2 * n + away)
                }
                false => String::new(),
            };
            write!(
                text,
                "[app.app-{n}]\n\n[vnet.home-{n}]\nregion = \"near\"\naddress-space = [\"10.{n}.0.0/16\"]\n{}\
                 subnets = {{ web = \"10.{n}.1.0/24\", data = \"10.{n}.2.0/28\" }}\n\n",
                gateways(pair.gateways[0], 0)
            )
            .unwrap();
            if pair.twin {
                let space = if pair.moved {
                    format!("address-space = [\"10.{}.0.0/16\"]\nsubnets = {{ web = \"10.{0}.1.0/29\" }}\n", 100 + n)
                } else {
                    String::new()
                };
                write!(
                    text,
                    "[vnet.away-{n}]\nregion = \"far\"\nrecovers = \"home-{n}\"\n{space}{}\n",
                    gateways(pair.gateways[1], 1)
                )
                .unwrap();
            }
            for (subnet, (name, third)) in [("web", 1), ("data", 2)].into_iter().enumerate() {
                for vm in 0..pair.vms[subnet] {
                    let ip = if pair.static_addresses {
                        format!("ip = \"10.{n}.{third}.{}\"\n", 4 + vm)
                    } else {
                        String::new()
                    };
                    write!(text, "[vm.vm-{n}-{name}-{vm}]\napp = \"app-{n}\"\nsubnet = \"home-{n}/{name}\"\n{ip}\n")
                        .unwrap();
                }
            }
        }
        for n in 0..self.lone {
            write!(
                text,
                "[vnet.lone-{n}]\nregion = \"far\"\naddress-space = [\"10.{}.0.0/16\"]\ngateways = [\"vpn\"]\n\
                 subnets = {{ db = \"10.{0}.1.0/24\" }}\n\n[vm.db-{n}]\nsubnet = \"lone-{n}/db\"\nip = \"10.{0}.1.4\"\n\n",
                200 + n
            )
            .unwrap();
        }
        text.push_str(
            "[route-table.table-0]\nroutes = [{ prefix = \"10.0.0.0/8\", via = \"gateway\" }]\n\n\
             [route-table.table-1]\npropagate = false\nroutes = []\n\n\
             [route-table.table-2]\nroutes = [{ prefix = \"10.0.0.0/8\", via = \"none\" }]\n\n",
        );
        for (n, table) in self.spokes() {
            let routes = if table < 3 { format!(", routes = \"table-{table}\"") } else { String::new() };
            write!(
                text,
                "[vnet.spoke-{n}]\nregion = \"far\"\naddress-space = [\"10.{}.0.0/16\"]\n\
                 subnets = {{ web = {{ prefix = \"10.{0}.1.0/24\"{routes} }} }}\n\n\
                 [vm.web-{n}]\nsubnet = \"spoke-{n}/web\"\nip = \"10.{0}.1.4\"\n\n\
                 [link.spoke-{n}]\nkind = \"peering\"\nbetween = [\"lone-0\", \"spoke-{n}\"]\n\
                 at.lone-0 = {{ gateway-transit = true }}\nat.spoke-{n} = {{ remote-gateways = true }}\n\n",
                150 + n
            )
            .unwrap();
        }
        text.push_str("[circuit.c-0]\narea = \"asia\"\n\n[circuit.c-1]\nsku = \"premium\"\n\n");
        for n in 0..self.sites {
            write!(text, "[site.site-{n}]\nprefixes = [\"192.168.{n}.0/24\"]\n\n").unwrap();
        }
        // A need that stands twice is an error of the file, in whichever order its sides come.
        let mut known = std::collections::BTreeSet::new();
        for (a, b) in &self.needs {
            let (a, b) = (a % self.pairs.len(), b % self.pairs.len());
            if a != b && known.insert((format!("app-{}", a.min(b)), format!("app-{}", a.max(b)))) {
                write!(text, "[[needs]]\nfrom = \"app-{a}\"\nto = \"app-{b}\"\n\n").unwrap();
            }
            if self.lone > 0 && known.insert((format!("app-{a}"), "db-0".to_owned())) {
                write!(text, "[[needs]]\nfrom = \"app-{a}\"\nto = \"db-0\"\n\n").unwrap();
            }
        }
        text
    }

    fn spokes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.spokes.iter().copied().enumerate().filter(|_| self.lone > 0)
    }

    /// The networks, by id.
    pub fn networks(&self) -> Vec<String> {
        let twins = self.pairs.iter().enumerate().filter(|(_, pair)| pair.twin).map(|(n, _)| format!("away-{n}"));
        let homes = (0..self.pairs.len()).map(|n| format!("home-{n}"));
        let lone = (0..self.lone).map(|n| format!("lone-{n}"));
        let spokes = self.spokes().map(|(n, _)| format!("spoke-{n}"));
        homes.chain(twins).chain(lone).chain(spokes).chain((0..self.sites).map(|n| format!("site-{n}"))).collect()
    }

    fn vms(&self) -> Vec<String> {
        let of_pair = |(n, pair): (usize, &Pair)| {
            let named = |name: &'static str, count| (0..count).map(move |vm| format!("vm-{n}-{name}-{vm}"));
            named("web", pair.vms[0]).chain(named("data", pair.vms[1])).collect::<Vec<_>>()
        };
        self.pairs.iter().enumerate().flat_map(of_pair).collect()
    }

    /// One command; the numbers choose among what there is.
    fn command(&self, verb: usize, (a, b, c): (usize, usize, usize)) -> String {
        let networks = self.networks();
        let vms = self.vms();
        let network = |n: usize| networks[n % networks.len()].as_str();
        let pair = a % self.pairs.len();
        let vm = || vms[a % vms.len()].as_str();
        match verb {
            0..=5 => format!("connect {} {}", network(a), network(b)),
            6 | 7 => format!("connect {} {} by {}", network(a), network(b), KINDS[c % 3]),
            8 | 9 => format!("disconnect {} {}", network(a), network(b)),
            10 => "fail-over region near".to_owned(),
            11 => format!("fail-over app app-{pair}"),
            12 => format!("fail-over subnet home-{pair}/{}", ["web", "data"][b % 2]),
            13 => format!("create-gateway {} {}", network(a), ["vpn", "expressroute"][b % 2]),
            14 => format!("delete-gateway {} {}", network(a), ["vpn", "expressroute"][b % 2]),
            15 => format!("set-target {} 10.{pair}.1.{}", vm(), c % 256),
            16 => format!("set-ip {} 10.{pair}.1.{}", vm(), c % 256),
            17 => format!("occupy away-{pair}/web 10.{pair}.1.{}", 4 + c % 8),
            18 if self.sites > 0 => format!("route site-0 10.{pair}.0.0/16 via {}", network(b)),
            19 => ["outage near", "restore near", "outage far", "restore far"][a % 4].to_owned(),
            20 => format!("verify-targets app app-{pair}"),
            23 => format!("test-fail-over app app-{pair} into {}", network(b)),
            24 => format!("clean-up {}", ["region far", "region near"][a % 2]),
            25 | 26 => "commit region near".to_owned(),
            27 | 28 => "re-protect region near".to_owned(),
            29 | 30 => "fail-back region near".to_owned(),
            31 => format!("protect vm {}", vm()),
            32 => format!("unprotect {}", [format!("vm {}", vm()), format!("app app-{pair}")][b % 2]),
            33 => format!("fail-over app app-{pair} without shutdown"),
            34 => format!("leave-test app app-{pair}"),
            35 => format!("return-source home-{pair}"),
            36 => format!("delete-source {}", vm()),
            37 => format!("fill-subnet away-{pair}/web"),
            38 => format!("change-point app app-{pair} latest-processed"),
            39 => format!("set-test-target {} away-{pair}/web 10.{pair}.1.{}", vm(), 4 + c % 8),
            40 => format!("rename-subnet away-{pair}/web name-{}", c % 3),
            41 => format!("connect {} {} by vpn with bgp", network(a), network(b)),
            42 if self.sites > 0 => format!("connect {} site-0 over c-{}", network(a), c % 2),
            43 => format!("connect-half {} {} by {}", network(a), network(b), KINDS[c % 2]),
            44 => format!("disconnect-half {} {}", network(a), network(b)),
            45 | 46 => format!(
                "set-peering {} {} {} {}",
                network(a),
                network(b),
                ["access", "forwarded-traffic", "gateway-transit", "remote-gateways"][c % 4],
                ["on", "off"][(c / 4) % 2]
            ),
            47 | 48 => {
                let mishaps =
                    ["flap-link", "stick-link", "wrong-key", "half-peering", "refuse-disconnect", "repair-link"];
                format!("{} {} {}", mishaps[c % mishaps.len()], network(a), network(b))
            }
            49 => format!("{} home-{pair}", ["break-gateway", "repair-gateway", "slow-gateway"][c % 3]),
            50 => format!("{} c-{}", ["circuit-down", "circuit-up"][c % 2], b % 2),
            51 => format!("degrade {}", ["near", "far"][b % 2]),
            52 => format!("create-gateway {} vpn asn {}", network(a), 65_200 + b),
            _ => format!("fail-over vm {}", vm()),
        }
    }
}

fn pair() -> impl Strategy<Value = Pair> {
    (1..4usize, 0..3usize, any::<bool>(), any::<[bool; 2]>(), prop::bool::weighted(0.8), prop::bool::weighted(0.2))
        .prop_map(|(web, data, static_addresses, gateways, twin, moved)| Pair {
            vms: [web, data],
            static_addresses,
            gateways,
            twin,
            moved,
        })
}

fn spec() -> impl Strategy<Value = Spec> {
    (vec(pair(), 1..5), 0..3usize, vec(0..6usize, 0..3), 0..3usize, vec((0..8usize, 0..8usize), 0..5))
        .prop_map(|(pairs, lone, spokes, sites, needs)| Spec { pairs, lone, spokes, sites, needs })
}

/// A topology and commands that fit it more often than not.
pub fn spec_and_commands() -> impl Strategy<Value = (Spec, Vec<String>)> {
    let number = || 0..1000usize;
    (spec(), vec((0..55usize, (number(), number(), number())), 0..32)).prop_map(|(spec, picks)| {
        let commands = picks.into_iter().map(|(verb, numbers)| spec.command(verb, numbers)).collect();
        (spec, commands)
    })
}
