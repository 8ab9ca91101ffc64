//! Which recovery point a machine was started from, and what that costs in data (D4, D7, F5).

use std::collections::BTreeMap;

use super::World;
use crate::topology::timing::spoken;
use crate::topology::{AppIx, Finding, FindingCode, RecoveryPoint, Severity, VmIx};

/// Crash-consistent points are made so often, in seconds (D4).
const CRASH_CONSISTENT: u64 = 5 * 60;
/// App-consistent points are made no oftener than that, in seconds (D4).
const APP_CONSISTENT: u64 = 3600;

impl World {
    /// How far the replication of a VM is behind, in seconds.
    pub fn lag(&self, vm: VmIx) -> u64 {
        let minutes = self.app_of(vm).and_then(|app| self.lags.get(&app)).copied().unwrap_or(0);
        u64::from(minutes) * 60
    }

    /// How far the replication of an app is behind, in minutes.
    pub fn lag_minutes(&self, app: AppIx) -> u32 {
        self.lags.get(&app).copied().unwrap_or(0)
    }

    /// The longest lag of some VMs, in seconds: so long what is pending takes before the latest point is there (D7,
    /// modelled).
    pub(super) fn longest_lag(&self, vms: &[VmIx]) -> u64 {
        if self.lags.is_empty() { 0 } else { vms.iter().map(|vm| self.lag(*vm)).max().unwrap_or(0) }
    }

    /// How many seconds of data a machine may have lost that starts from a point.
    pub fn loss(&self, vm: VmIx, point: RecoveryPoint) -> u64 {
        match point {
            // What reached Site Recovery is processed first.
            RecoveryPoint::Latest => 0,
            RecoveryPoint::LatestProcessed => CRASH_CONSISTENT + self.lag(vm),
            RecoveryPoint::LatestAppConsistent => APP_CONSISTENT + self.lag(vm),
        }
    }

    /// What a recovery point means for a VM, in words.
    pub fn point_words(&self, vm: VmIx, point: RecoveryPoint) -> String {
        let lost = spoken(self.loss(vm, point));
        match point {
            RecoveryPoint::Latest if self.lag(vm) > 0 => format!(
                "latest: nothing lost that reached Site Recovery, but what is pending is processed first, about {}",
                spoken(self.lag(vm))
            ),
            RecoveryPoint::Latest => "latest: nothing lost that reached Site Recovery".to_owned(),
            RecoveryPoint::LatestProcessed => format!("latest processed: starts at once, up to {lost} of data lost"),
            RecoveryPoint::LatestAppConsistent => {
                format!("latest app-consistent: apps start clean, up to {lost} of data lost")
            }
        }
    }

    /// What machines lost that were not started from the latest point, as long as that can be changed (D11).
    pub(super) fn lost_data(&self) -> Vec<Finding> {
        let mut by_loss: BTreeMap<(u64, &'static str), Vec<VmIx>> = BTreeMap::new();
        for (vm, state) in self.vms() {
            let Some(point) = state.point.filter(|point| *point != RecoveryPoint::Latest) else { continue };
            by_loss.entry((self.loss(vm, point), point.into())).or_default().push(vm);
        }
        let finding = |((loss, point), vms): ((u64, &str), Vec<VmIx>)| {
            let (names, start) = (self.some_names(&vms), if vms.len() == 1 { "was" } else { "were" });
            let message = format!(
                "{names} {start} started from the point `{point}`: up to {} of data is lost; `change-point` chooses \
                 another until the commit",
                spoken(loss)
            );
            let at = vms.iter().map(|vm| self.vm_id(*vm).to_owned()).collect();
            Finding::new(Severity::Note, FindingCode::DataLoss, message, at)
        };
        by_loss.into_iter().map(finding).collect()
    }
}
