//! Further NICs and secondary addresses of a VM (A17, A28, A29, A.7-23): few have any, so they stand in a table of their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{AddressRule, Assigned, Place, World};
use crate::topology::{Allocation, SecondaryAddress, SubnetIx, Target, Vm, VmIx, VnetIx};

/// A further NIC, or a secondary address of a NIC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The name of the NIC in the file; that of the first is `primary`.
    pub nic: String,
    /// Whether it is a secondary address.
    pub secondary: bool,
    /// Its target settings; a secondary address without a target address is not selected for failover (A28).
    pub target: Target,
    /// Where it is; none for an IPv6 address, and once a failover did not carry it (A.7 rows 21 and 23).
    pub at: Option<Place>,
    /// Its IPv6 address as long as it has one (A.7 row 23).
    pub v6: Option<Ipv6Addr>,
    /// What the last failover left behind of it.
    pub behind: Option<Place>,
    /// The rule that gave its address.
    pub rule: Option<AddressRule>,
}

impl Card {
    /// What it is called: the NIC, or the NIC and that this is a secondary address of it.
    pub fn title(&self) -> String {
        if self.secondary { format!("{}, secondary", self.nic) } else { self.nic.clone() }
    }

    /// Whether the last failover did not carry it.
    pub fn is_lost(&self) -> bool {
        self.at.is_none() && self.v6.is_none()
    }
}

/// The further cards of one VM, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cards(Vec<Card>);

impl Cards {
    /// The cards of a VM as the file declares them; none for nearly all of them.
    pub(super) fn declared(vm: &Vm) -> Option<Self> {
        let mut cards: Vec<Card> =
            vm.secondary.iter().map(|secondary| secondary_card("primary", vm.subnet, secondary)).collect();
        for nic in &vm.nics {
            cards.push(Card {
                nic: nic.id.clone(),
                secondary: false,
                target: nic.target,
                at: Some(Place { subnet: nic.subnet, ip: nic.ip, allocation: nic.allocation }),
                v6: None,
                behind: None,
                rule: None,
            });
            cards.extend(nic.secondary.iter().map(|secondary| secondary_card(&nic.id, nic.subnet, secondary)));
        }
        (!cards.is_empty()).then_some(Self(cards))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Card> {
        self.0.iter()
    }

    /// Whether one is a secondary address.
    pub(super) fn is_secondary(&self, card: usize) -> bool {
        self.0.get(card).is_some_and(|card| card.secondary)
    }

    /// What asks for an address in a failover, with its position, where it is and what it wants. A secondary address only
    /// where it was selected (A28); on the way home its first target is forgotten (A37).
    pub(super) fn claims(&self, home: bool) -> impl Iterator<Item = (usize, Place, Target)> + '_ {
        self.0.iter().enumerate().filter_map(move |(at, card)| {
            let selected = !card.secondary || home || card.target.ip.is_some();
            let target = if home { Target::default() } else { card.target };
            card.at.filter(|_| selected).map(|place| (at, place, target))
        })
    }

    /// Puts the cards where they were assigned; the others stay behind and exist no more (A.7 row 21).
    pub(super) fn moved(&mut self, assigned: &[(usize, Assigned)]) {
        for (at, card) in self.0.iter_mut().enumerate() {
            let given = assigned.iter().find(|(position, _)| *position == at).map(|(_, assigned)| assigned);
            // A NIC is made anew without its IPv6 addresses (A.7 row 23).
            card.v6 = None;
            card.behind = card.at;
            card.at = given.map(|assigned| assigned.to);
            card.rule = given.map(|assigned| assigned.rule);
        }
    }

    /// Deletes what the last failover left behind.
    pub(super) fn drop_behind(&mut self) {
        self.0.iter_mut().for_each(|card| card.behind = None);
    }

    /// What the last failover left behind.
    pub(super) fn behind(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.iter().filter_map(|card| card.behind)
    }

    /// Every address these cards hold.
    pub(super) fn held(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.iter().flat_map(|card| [card.at, card.behind]).flatten()
    }
}

fn secondary_card(nic: &str, subnet: SubnetIx, declared: &SecondaryAddress) -> Card {
    let place = |ip| Place { subnet, ip, allocation: Allocation::Static };
    Card {
        nic: nic.to_owned(),
        secondary: true,
        target: Target { subnet: None, ip: declared.target },
        at: if let IpAddr::V4(ip) = declared.ip { Some(place(ip)) } else { None },
        v6: if let IpAddr::V6(ip) = declared.ip { Some(ip) } else { None },
        behind: None,
        rule: None,
    }
}

impl World {
    /// The further NICs and secondary addresses of a VM, if it has any.
    pub fn cards(&self, vm: VmIx) -> Option<&Cards> {
        if self.cards.is_empty() { None } else { self.cards.get(&vm) }
    }

    /// The VM of which a further NIC runs at an address of a VNet.
    pub fn card_at(&self, vnet: VnetIx, ip: Ipv4Addr) -> Option<VmIx> {
        let here = |place: Place| place.ip == ip && self.subnet(place.subnet).vnet == vnet;
        let runs = |vm: VmIx, cards: &Cards| self.runs(vm) && cards.iter().any(|card| card.at.is_some_and(here));
        self.cards.iter().find(|(vm, cards)| runs(**vm, cards)).map(|(vm, _)| *vm)
    }

    /// The addresses held by what stands in the sparse tables: test copies (A35), further cards, leftovers (A39).
    pub(super) fn held_aside(&self) -> impl Iterator<Item = (SubnetIx, Ipv4Addr)> + '_ {
        let copies = self.copies.values().map(|copy| copy.at);
        let cards = self.cards.values().flat_map(Cards::held);
        let places = copies.chain(cards).map(|place| (place.subnet, place.ip));
        places.chain(self.leftovers.keys().copied())
    }
}
