//! Commands that build what a file would declare: networks and plans.

use std::fmt;

use ipnet::Ipv4Net;
use strum::{Display, EnumIter, EnumString};

use super::{Command, SubnetName};

/// A list of a group of a recovery plan (E5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum PlanList {
    /// Pre-actions.
    Before,
    /// What the group does.
    Do,
    /// Post-actions.
    After,
}

/// Something that comes to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Build {
    /// A VNet.
    Vnet {
        /// Its id.
        vnet: String,
        /// The region.
        region: String,
        /// Its address space; with none that of the VNet it recovers, its subnets too.
        prefixes: Vec<Ipv4Net>,
        /// The VNet it is the failover network of.
        recovers: Option<String>,
    },
    /// A subnet.
    Subnet {
        /// Its name.
        subnet: SubnetName,
        /// Its prefix.
        prefix: Ipv4Net,
    },
    /// A step at the end of a list of a plan's group; the plan, and the group behind the last one, are made where they
    /// are missing.
    PlanStep {
        /// The plan.
        plan: String,
        /// The group, counted from 1.
        group: usize,
        /// The list.
        list: PlanList,
        /// What the step does.
        command: Box<Command>,
    },
    /// A step less in a plan.
    NoPlanStep {
        /// The plan.
        plan: String,
        /// The group, counted from 1.
        group: usize,
        /// What the step does.
        command: Box<Command>,
    },
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vnet { vnet, region, prefixes, recovers } => {
                write!(f, "create-vnet {vnet} in {region}")?;
                prefixes.iter().try_for_each(|prefix| write!(f, " {prefix}"))?;
                recovers.iter().try_for_each(|source| write!(f, " recovers {source}"))
            }
            Self::Subnet { subnet, prefix } => write!(f, "create-subnet {subnet} {prefix}"),
            Self::PlanStep { plan, group, list, command } => write!(f, "plan-add {plan} {group} {list} {command}"),
            Self::NoPlanStep { plan, group, command } => write!(f, "plan-remove {plan} {group} {command}"),
        }
    }
}
