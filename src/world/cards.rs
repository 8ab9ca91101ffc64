//! Further NICs and secondary addresses of a VM (A17, A28, A29, A.7-23): few have any, so they stand in a table of their own.
//!
//! One set of address rules holds for all of them, so whoever tells about addresses names each as a [`Holding`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{AddressRule, Assigned, Place, TestCopy, World};
use crate::topology::command::TargetSubnet;
use crate::topology::{Allocation, CardName, Command, SecondaryAddress, SubnetIx, Target, Vm, VmIx, VnetIx};

/// A further NIC, or a secondary address of a NIC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The name of the NIC in the file; that of the first is `primary`.
    pub nic: String,
    /// Whether it is a secondary address.
    pub secondary: bool,
    /// Its address in the file.
    pub before: IpAddr,
    /// Its target settings; a secondary address without a target address is not selected for failover (A28).
    pub target: Target,
    /// Its target settings for the way home (A37).
    pub home: Target,
    /// Its settings for test failovers, which are its own (A28, A34).
    pub test: Target,
    /// Where it is; none for an IPv6 address, and once a failover did not carry it (A.7 rows 21 and 23).
    pub at: Option<Place>,
    /// Its IPv6 address as long as it has one (A.7 row 23).
    pub v6: Option<Ipv6Addr>,
    /// What the last failover left behind of it.
    pub behind: Option<Place>,
    /// The rule that gave its address.
    pub rule: Option<AddressRule>,
    /// What the test copy of its VM has of it (A29, A30).
    pub copy: Option<TestCopy>,
}

/// Whose target settings of a card count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Those of the failover.
    Out,
    /// Those of the failback (A37).
    Home,
    /// Those of a test failover (A34); a machine that waits to go home is tested with all it has.
    Test {
        /// Whether the next move of the machine leads home.
        home: bool,
    },
}

impl Way {
    /// The way the next failover or failback takes.
    pub fn next(home: bool) -> Self {
        if home { Self::Home } else { Self::Out }
    }
}

impl Card {
    /// What it is called: the NIC, or the NIC and that this is a secondary address of it.
    pub fn title(&self) -> String {
        if self.secondary { format!("{}, secondary", self.nic) } else { self.nic.clone() }
    }

    /// How a command names it; an IPv6 address has no target settings, as it is never carried (A27).
    pub fn name(&self) -> Option<CardName> {
        match (self.secondary, self.before) {
            (false, _) => Some(CardName::Nic(self.nic.clone())),
            (true, IpAddr::V4(ip)) => Some(CardName::Secondary(ip)),
            (true, IpAddr::V6(_)) => None,
        }
    }

    /// Whether it has the address of the file, once its VM has left; none before that, and once it is back with it.
    pub fn retained(&self) -> Option<bool> {
        let left = self.rule.is_some() || self.is_lost();
        left.then(|| self.at.is_some_and(|at| IpAddr::V4(at.ip) == self.before))
    }

    /// Its target settings for a failover, the way home (A37) or a test (A34).
    pub(super) fn wish(&self, way: Way) -> Target {
        match way {
            Way::Out => self.target,
            Way::Home => self.home,
            Way::Test { .. } => self.test,
        }
    }

    /// Whether it goes along: a NIC does, a secondary address only where it was selected by giving it a target, and on the
    /// way home whatever is there (A28).
    fn is_carried(&self, way: Way) -> bool {
        let selected = self.target.ip.is_some();
        !self.secondary
            || match way {
                Way::Out => selected,
                Way::Home => true,
                Way::Test { home } => home || selected || self.test.ip.is_some(),
            }
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
                before: nic.ip.into(),
                target: nic.target,
                home: Target::default(),
                test: nic.test_target,
                at: Some(Place { subnet: nic.subnet, ip: nic.ip, allocation: nic.allocation }),
                v6: None,
                behind: None,
                rule: None,
                copy: None,
            });
            cards.extend(nic.secondary.iter().map(|secondary| secondary_card(&nic.id, nic.subnet, secondary)));
        }
        (!cards.is_empty()).then_some(Self(cards))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Card> {
        self.0.iter()
    }

    /// The one at a position.
    pub fn get(&self, card: usize) -> Option<&Card> {
        self.0.get(card)
    }

    /// The position of the one a command names.
    pub(super) fn named(&self, name: &CardName) -> Option<usize> {
        self.0.iter().position(|card| match name {
            CardName::Nic(name) => !card.secondary && card.nic == *name,
            CardName::Secondary(ip) => card.secondary && card.before == IpAddr::V4(*ip),
        })
    }

    /// Gives one its target settings.
    pub(super) fn set(&mut self, card: usize, target: Target, way: Way) {
        if let Some(card) = self.0.get_mut(card) {
            *match way {
                Way::Out => &mut card.target,
                Way::Home => &mut card.home,
                Way::Test { .. } => &mut card.test,
            } = target;
        }
    }

    /// The way home is gone (A37): its settings are forgotten, and what is back where the file put it has left no more.
    pub(super) fn end_way_home(&mut self) {
        for card in &mut self.0 {
            card.home = Target::default();
            if card.retained() == Some(true) {
                card.rule = None;
            }
        }
    }

    /// What asks for an address, with its position, where it is and what it wants.
    pub(super) fn claims(&self, way: Way) -> impl Iterator<Item = (usize, Place, Target)> + '_ {
        let numbered = self.0.iter().enumerate().filter(move |(_, card)| card.is_carried(way));
        numbered.filter_map(move |(at, card)| Some((at, card.at?, card.wish(way))))
    }

    /// Gives the test copy of the VM its further NICs and secondary addresses; a clean-up gives none (D12).
    pub(super) fn copied(&mut self, assigned: &[(usize, Assigned)]) {
        for (at, card) in self.0.iter_mut().enumerate() {
            let given = assigned.iter().find(|(position, _)| *position == at);
            card.copy = given.map(|(_, assigned)| TestCopy { at: assigned.to, rule: assigned.rule });
        }
    }

    /// What the test copy of the VM has beside its first NIC.
    pub fn copies(&self) -> impl Iterator<Item = (&Card, TestCopy)> {
        self.0.iter().filter_map(|card| Some((card, card.copy?)))
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
        self.0.iter().flat_map(|card| [card.at, card.behind, card.copy.map(|copy| copy.at)]).flatten()
    }
}

fn secondary_card(nic: &str, subnet: SubnetIx, declared: &SecondaryAddress) -> Card {
    let place = |ip| Place { subnet, ip, allocation: Allocation::Static };
    Card {
        nic: nic.to_owned(),
        secondary: true,
        before: declared.ip,
        home: Target::default(),
        target: Target { subnet: None, ip: declared.target },
        test: Target { subnet: None, ip: declared.test_target },
        at: if let IpAddr::V4(ip) = declared.ip { Some(place(ip)) } else { None },
        v6: if let IpAddr::V6(ip) = declared.ip { Some(ip) } else { None },
        behind: None,
        rule: None,
        copy: None,
    }
}

/// What has an address of its own in a VM: its first NIC, a further one, or a secondary address (A28, A29).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    /// The VM.
    pub vm: VmIx,
    /// The position among its further cards; none for its first NIC.
    pub card: Option<usize>,
}

impl From<VmIx> for Holding {
    fn from(vm: VmIx) -> Self {
        Self { vm, card: None }
    }
}

impl World {
    /// The further card that holds an address; none for a first NIC.
    pub fn card(&self, holding: Holding) -> Option<&Card> {
        self.cards(holding.vm)?.get(holding.card?)
    }

    /// What it is called in a sentence.
    pub fn holding_title(&self, holding: Holding) -> String {
        let id = self.vm_id(holding.vm);
        match self.card(holding) {
            None => id.to_owned(),
            Some(card) if card.secondary => format!("the secondary address {} of {id}", card.before),
            Some(card) => format!("NIC {} of {id}", card.nic),
        }
    }

    /// The target settings that count for its next failover or failback (A24, A37).
    pub fn wish_of(&self, holding: Holding) -> Target {
        match self.card(holding) {
            None => self.target_of(holding.vm),
            Some(card) => card.wish(Way::next(self.vm(holding.vm).phase.goes_home())),
        }
    }

    /// The command that gives it target settings.
    pub fn target_command(&self, holding: Holding, subnet: Option<TargetSubnet>, ip: Option<Ipv4Addr>) -> Command {
        let card = self.card(holding).and_then(Card::name);
        Command::SetTarget { vm: self.vm_id(holding.vm).to_owned(), card, subnet, ip }
    }

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

    /// The further NIC or secondary address that is, or was before its VM moved, at an address of a subnet.
    pub fn card_holding(&self, subnet: SubnetIx, ip: Ipv4Addr) -> Option<Holding> {
        let here = |place: Place| place.subnet == subnet && place.ip == ip;
        let holds = |card: &Card| [card.at, card.behind].into_iter().flatten().any(here);
        self.cards.iter().find_map(|(vm, cards)| Some(Holding { vm: *vm, card: Some(cards.iter().position(holds)?) }))
    }

    /// Of which further NIC or secondary address a test copy holds an address of a subnet.
    pub fn copied_card_at(&self, subnet: SubnetIx, ip: Ipv4Addr) -> Option<Holding> {
        let here = |card: &Card| card.copy.is_some_and(|copy| copy.at.subnet == subnet && copy.at.ip == ip);
        self.cards.iter().find_map(|(vm, cards)| Some(Holding { vm: *vm, card: Some(cards.iter().position(here)?) }))
    }

    /// The addresses held by what stands in the sparse tables: test copies (A35), further cards, leftovers (A39).
    pub(super) fn held_aside(&self) -> impl Iterator<Item = (SubnetIx, Ipv4Addr)> + '_ {
        let copies = self.copies.values().map(|copy| copy.at);
        let cards = self.cards.values().flat_map(Cards::held);
        let places = copies.chain(cards).map(|place| (place.subnet, place.ip));
        places.chain(self.leftovers.keys().copied())
    }
}
