//! The tables of further NICs and secondary addresses of a VM.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Address, At, Ip, SubnetPath, Target};

/// A further NIC of a VM.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Nic {
    /// Where it lives: VNET/SUBNET, in the VNet of its VM.
    pub subnet: At<SubnetPath>,
    /// Its IPv4 address, or "dynamic" (the default).
    pub ip: Option<At<Address>>,
    /// Where it goes and which address it gets; by default the rules of Site Recovery decide.
    pub target: Option<Target>,
    /// Where its test copy goes and which address it gets, if not by the rules.
    pub test_target: Option<Target>,
    /// Its secondary addresses.
    #[serde(default)]
    pub secondary: Vec<Secondary>,
}

/// A secondary address of a NIC.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Secondary {
    /// The address; one of IPv6 is never carried.
    #[schemars(with = "String")]
    pub ip: At<IpAddr>,
    /// The address it gets at failover; without one it is not carried.
    pub target: Option<At<Ip>>,
    /// The address it gets in a test failover; it is carried there if it has this or a target.
    pub test_target: Option<At<Ip>>,
}
