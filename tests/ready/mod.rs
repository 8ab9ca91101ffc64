//! Findings before a failover hold what they promise.

use failscope::plan::readiness::readiness;
use failscope::topology::Finding;
use failscope::world::{World, apply};

/// Every finding that offers commands: they are accepted one after the other, and then it is gone.
pub fn mends_hold(world: &World, found: &[Finding]) {
    for finding in found.iter().filter(|finding| !finding.mend.is_empty()) {
        let mut mended = world.clone();
        for command in &finding.mend {
            mended =
                apply(&mended, command).unwrap_or_else(|refusal| panic!("`{command}`: {refusal}, {finding:#?}")).world;
        }
        let left = readiness(&mended);
        // A VNet may lack two gateways, and a need be unmet now and after a failover: each is a finding of its own.
        let same = |other: &&Finding| {
            (other.code, &other.at, &other.change, &other.message)
                == (finding.code, &finding.at, &finding.change, &finding.message)
        };
        assert!(left.iter().find(same).is_none(), "not mended: {finding:#?}, {:#?}", left.iter().find(same));
    }
}
