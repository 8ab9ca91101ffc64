//! Topologies for tests, written as text.

use std::fmt::Write as _;

/// A hub and `vnets` source VNets with a twin each, `subnets` subnets in each and `vms` VMs in each of those, every
/// VM with a table of its own and every source VNet linked to the hub. Up to 1,000 VNets of up to 16 subnets.
pub fn large(vnets: usize, subnets: usize, vms: usize) -> String {
    let mut text =
        "format = 1\ntitle = \"Large\"\n[region.east]\nside = \"source\"\n[region.west]\nside = \"recovery\"\n\
                    [vnet.hub]\nregion = \"west\"\naddress-space = [\"192.168.0.0/16\"]\ngateways = [\"vpn\"]\n"
            .to_owned();
    let mut add = |line: std::fmt::Arguments<'_>| text.write_fmt(line).expect("text grows");
    for vnet in 0..vnets {
        let space = 10 * 256 + vnet / 16;
        let third = vnet % 16 * 16;
        let (a, b) = (space / 256, space % 256);
        add(format_args!(
            "[vnet.v{vnet}]\nregion = \"east\"\naddress-space = [\"{a}.{b}.{third}.0/20\"]\ngateways = [\"vpn\"]\n[vnet.v{vnet}.subnets]\n"
        ));
        for subnet in 0..subnets {
            add(format_args!("s{subnet} = \"{a}.{b}.{}.0/24\"\n", third + subnet));
        }
        add(format_args!("[vnet.r{vnet}]\nregion = \"west\"\nrecovers = \"v{vnet}\"\n[app.a{vnet}]\n"));
        for subnet in 0..subnets {
            for vm in 0..vms {
                let ip =
                    if vm % 10 == 9 { "dynamic".to_owned() } else { format!("{a}.{b}.{}.{}", third + subnet, vm + 4) };
                add(format_args!(
                    "[vm.m{vnet}-{subnet}-{vm}]\napp = \"a{vnet}\"\nsubnet = \"v{vnet}/s{subnet}\"\nip = \"{ip}\"\n"
                ));
            }
        }
        add(format_args!("[link.l{vnet}]\nkind = \"vpn\"\nbetween = [\"v{vnet}\", \"hub\"]\n"));
    }
    text
}
