//! The life cycle of replication: protect, test, fail over, commit, re-protect, fail back, and around again (D1 to D18).

mod moving;
mod protection;
mod ready;
mod settled;
mod testing;

pub use ready::Operation;

pub(super) use moving::{fail_back, fail_over};
pub(super) use protection::{protect, unprotect};
pub(super) use settled::{change_point, commit, re_protect};
pub(super) use testing::{clean_up, leave_test, test_fail_over, test_fail_over_in_plan};
