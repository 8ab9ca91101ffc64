//! Whether the rules allow a link now: overlap, neighbours, regions, gateways, numbers, reach, limits (B5 to B13, B15,
//! B23, B28 to B35, B39, B49, B50).

use super::{Refusal, RefusalCode, World};
use crate::topology::fit::{Misfit, Why, fits};
use crate::topology::limits::excess;
use crate::topology::overlap::{Clash, Wanted, clashes, ends_overlap};
use crate::topology::{Command, Link, LinkIx, LinkKind, Node, PeeringFlag, VnetIx};

impl World {
    /// Whether the rules allow a link now, in the order of `formats.md` section 2.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn admit(&self, wanted: Wanted) -> Result<(), Refusal> {
        self.fitting_kind(wanted)?;
        let present = self.live_links().find(|(_, link)| wanted.is(link)).map(|(ix, _)| ix);
        match present {
            Some(link) if self.link(link).state.is_broken() => Err(self.in_pieces(link)),
            Some(_) => Err(self.already_connected(wanted)),
            None => self.allow(wanted),
        }
    }

    /// The same, whatever is there of the link itself.
    pub(super) fn allow(&self, wanted: Wanted) -> Result<(), Refusal> {
        let [a, b] = wanted.between;
        let (one, other) = (self.node_title(a), self.node_title(b));
        if let Some((p, q)) = ends_overlap(self, &self.links, wanted) {
            let shared = if p == q { format!("both use {p}") } else { format!("{p} and {q} overlap") };
            let message = format!("{one} and {other} can never be joined: {shared}");
            return Err(Refusal::new(RefusalCode::Overlap, "B6, B9, B10", message));
        }
        let found = clashes(self, &self.links, wanted);
        if let Some(first) = found.first() {
            return Err(self.overlap_neighbour(first, wanted, &found));
        }
        for vnet in [a, b].into_iter().filter_map(Node::vnet) {
            self.region_answers(vnet)?;
        }
        self.gateways_ready(wanted)?;
        let link = self.candidate(wanted);
        fits(self, &link).map_err(|misfit| self.misfit(misfit, &link))?;
        match excess(self, self.links.iter().filter(|other| !wanted.is(other)), &link) {
            None => Ok(()),
            Some(excess) => Err(Refusal::new(RefusalCode::Limit, excess.rule, excess.message)),
        }
    }

    fn already_connected(&self, wanted: Wanted) -> Refusal {
        let [one, other] = wanted.between.map(|node| self.node_title(node));
        let message = format!("{one} and {other} are connected by {} already", self.means(wanted.kind, wanted.circuit));
        Refusal::new(RefusalCode::AlreadyConnected, "B15, B35", message)
    }

    /// A link of which half is left, or whose keys differ, has to go before it can be made anew (B8, B15, B44).
    pub(super) fn in_pieces(&self, at: LinkIx) -> Refusal {
        let link = self.link(at);
        let [one, other] = link.between.map(|node| self.node_title(node));
        let kind = link.kind.title();
        let what = match link.between.into_iter().find(|end| link.stands_at(*end)) {
            Some(end) if link.is_half() => format!("half a {kind} is left at {}", self.node_title(end)),
            _ => format!("the {kind} is there with two different keys"),
        };
        let message = format!("{what}, so {one} and {other} cannot be connected anew; disconnect them first");
        Refusal::new(RefusalCode::HalfLink, "B8, B15, B44", message).mended_by(self.disconnect_command(at))
    }

    pub(super) fn misfit(&self, misfit: Misfit, link: &Link) -> Refusal {
        let Misfit { why, message, rule } = misfit;
        let code = match why {
            Why::Bgp => RefusalCode::NoBgp,
            Why::Asn => RefusalCode::AsnRefused,
            Why::Reach => RefusalCode::CircuitReach,
            Why::Flag => RefusalCode::PeeringSetting,
        };
        let refusal = Refusal::new(code, rule, message);
        // A half that wants the gateway of its peer while the peer does not offer it.
        let lacking = |side: &usize| link.halves[*side].remote_gateways && !link.halves[1 - side].gateway_transit;
        match [0, 1].into_iter().find(lacking).filter(|_| why == Why::Flag && link.kind == LinkKind::Peering) {
            Some(side) => {
                let [at, peer] = [1 - side, side].map(|side| self.node_id(link.between[side]).to_owned());
                refusal.mended_by(Command::SetPeering { at, peer, flag: PeeringFlag::GatewayTransit, on: true })
            }
            None => refusal,
        }
    }

    fn fitting_kind(&self, wanted: Wanted) -> Result<(), Refusal> {
        let sites = wanted.between.iter().filter(|node| node.site().is_some()).count();
        let why = match (sites, wanted.kind) {
            (2, _) => "a link between two sites is not a cloud link; at least one end is a VNet",
            (1, LinkKind::Peering) => "peering joins two VNets; a site needs VPN or ExpressRoute",
            (0, LinkKind::Expressroute) => "ExpressRoute joins a VNet and a site; two VNets need VPN or peering",
            _ => return Ok(()),
        };
        Err(Refusal::new(RefusalCode::WrongKind, "B.7", why))
    }

    fn overlap_neighbour(&self, clash: &Clash, wanted: Wanted, all: &[Clash]) -> Refusal {
        let newcomer = if wanted.between[0] == clash.at { wanted.between[1] } else { wanted.between[0] };
        let (at, through) = (self.node_title(clash.at), self.node_title(clash.neighbour));
        let (new, old) = clash.prefixes;
        let also = if new == old { "has it too".to_owned() } else { format!("has {new}, which overlaps it") };
        let kind = self.means(self.link(clash.link).kind, self.link(clash.link).circuit);
        let left = if self.link(clash.link).is_half() { ", half of which is left" } else { "" };
        let behind = |vnet: Option<VnetIx>, hub: &str| match vnet {
            Some(vnet) => format!("{} behind {hub}", self.vnet(vnet).title),
            None => hub.to_owned(),
        };
        let newcomer = behind(clash.behind[0], self.node_title(newcomer));
        let way = behind(clash.behind[1], through);
        let message = format!(
            "{at} already reaches {old} through {way} ({kind}{left}), and {newcomer} {also}; \
             disconnect {through} from {at} first"
        );
        let rule = if clash.behind == [None; 2] { clash.rule } else { "B9, B10, B21, C10" };
        let mut refusal = Refusal::new(RefusalCode::OverlapNeighbour, rule, message);
        refusal.mend = all.iter().map(|clash| self.disconnect_command(clash.link)).collect();
        refusal.mend.dedup();
        refusal
    }
}
