//! Which addresses of some subnets are taken, and the next free one of each (A1, A5, A20).

use std::net::Ipv4Addr;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::{Place, World};
use crate::topology::SubnetIx;
use crate::topology::address::{assignable, assignable_range};
use crate::topology::policy::NextAvailable;

/// Which addresses of the target subnets are taken, and the next free one of each.
pub(super) struct Pool<'a> {
    world: &'a World,
    taken: FxHashSet<(SubnetIx, Ipv4Addr)>,
    next: FxHashMap<SubnetIx, Option<u32>>,
}

impl<'a> Pool<'a> {
    /// The addresses of `subnets` as they are held now: by VMs, by what failovers left behind, by test copies (A35), by
    /// further NICs, by leftovers (A39) and by others. `more` addresses will be taken from it.
    pub fn of(world: &'a World, subnets: &FxHashSet<SubnetIx>, more: usize) -> Self {
        let places = world.vms().flat_map(|(_, vm)| [Some(vm.at), vm.behind.map(|behind| behind.at)]);
        let holds = |place: Place| subnets.contains(&place.subnet).then_some((place.subnet, place.ip));
        let mut taken = FxHashSet::with_capacity_and_hasher(more, FxBuildHasher);
        taken.extend(places.flatten().filter_map(holds));
        taken.extend(world.held_aside().filter(|(subnet, _)| subnets.contains(subnet)));
        taken.extend(world.occupied().iter().filter(|(subnet, _)| subnets.contains(subnet)));
        Self { world, taken, next: FxHashMap::default() }
    }

    /// Whether Azure would give this address.
    pub fn free(&self, subnet: SubnetIx, ip: Ipv4Addr) -> bool {
        assignable(&self.world.subnet(subnet).prefix, ip) && !self.taken.contains(&(subnet, ip))
    }

    /// Takes an address.
    pub fn take(&mut self, subnet: SubnetIx, ip: Ipv4Addr) {
        self.taken.insert((subnet, ip));
    }

    /// Takes the next available address, from the end the policy says (A20).
    pub fn take_next(&mut self, subnet: SubnetIx, policy: NextAvailable) -> Option<Ipv4Addr> {
        let (first, last) = assignable_range(&self.world.subnet(subnet).prefix)?;
        let (first, last) = (u32::from(first), u32::from(last));
        let lowest = policy == NextAvailable::Lowest;
        let start = if lowest { first } else { last };
        let mut candidate = *self.next.entry(subnet).or_insert(Some(start));
        while let Some(ip) = candidate {
            let following = if lowest { ip.checked_add(1) } else { ip.checked_sub(1) };
            candidate = following.filter(|next| (first..=last).contains(next));
            if self.taken.insert((subnet, ip.into())) {
                self.next.insert(subnet, candidate);
                return Some(ip.into());
            }
        }
        self.next.insert(subnet, None);
        None
    }
}
