//! All machines of a plan go one way (E3): a rule for plans written in a file and for derived ones.

use super::{RegionIx, Topology};

/// From which region to which a machine fails over.
pub type Way = (RegionIx, RegionIx);

/// The way the machines of a plan share: that of the first of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OneWay(Option<Way>);

impl OneWay {
    /// Takes one more machine into the plan; a sentence where it goes another way than those before it (E3).
    pub fn astray(&mut self, topology: &Topology, id: &str, own: Way) -> Option<String> {
        let way = *self.0.get_or_insert(own);
        if way == own {
            return None;
        }
        let [from, to, first_from, first_to] =
            [own.0, own.1, way.0, way.1].map(|region| topology.regions[region.at()].title.as_str());
        Some(format!(
            "{id} goes from {from} to {to}, the machines before it from {first_from} to {first_to}; all machines of a plan \
             share source and target (E3)"
        ))
    }
}
