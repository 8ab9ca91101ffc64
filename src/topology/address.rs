//! Pure questions about addresses and prefixes: what a subnet can hand out, what Azure refuses, what overlaps.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// The longest prefix of a subnet Azure accepts (A2).
pub const LONGEST_SUBNET: u8 = 29;
/// The shortest prefix of a subnet Azure accepts (A2).
pub const SHORTEST_SUBNET: u8 = 2;

/// Whether two prefixes share an address.
pub fn overlap(a: &Ipv4Net, b: &Ipv4Net) -> bool {
    a.contains(b) || b.contains(a)
}

/// The first pair of prefixes of two sets that share an address (B5).
pub fn first_overlap(a: &[Ipv4Net], b: &[Ipv4Net]) -> Option<(Ipv4Net, Ipv4Net)> {
    a.iter().find_map(|p| b.iter().find(|q| overlap(p, q)).map(|q| (*p, *q)))
}

/// Why Azure withholds an address of a subnet (A1), or nothing if it can be assigned.
pub fn reserved(subnet: &Ipv4Net, ip: Ipv4Addr) -> Option<&'static str> {
    let offset = u32::from(ip).wrapping_sub(u32::from(subnet.network()));
    match offset {
        0 => Some("the network address"),
        1 => Some("the default gateway"),
        2 | 3 => Some("Azure DNS"),
        _ if ip == subnet.broadcast() => Some("the broadcast address"),
        _ => None,
    }
}

/// Whether the subnet contains the address and may hand it out (A1).
pub fn assignable(subnet: &Ipv4Net, ip: Ipv4Addr) -> bool {
    subnet.contains(&ip) && reserved(subnet, ip).is_none()
}

/// The lowest and the highest address a subnet can hand out (A1); none where it is too small (A2).
pub fn assignable_range(subnet: &Ipv4Net) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let (first, last) = (u32::from(subnet.network()).checked_add(4)?, u32::from(subnet.broadcast()).checked_sub(1)?);
    (subnet.prefix_len() <= LONGEST_SUBNET && first <= last).then(|| (first.into(), last.into()))
}

/// How many addresses a subnet can hand out (A2).
pub fn capacity(subnet: &Ipv4Net) -> u64 {
    assignable_range(subnet).map_or(0, |(first, last)| u64::from(u32::from(last) - u32::from(first)) + 1)
}

/// Why Azure refuses a prefix in an address space (A3), or nothing.
pub fn refused_in_space(prefix: &Ipv4Net) -> Option<&'static str> {
    const REFUSED: [(&str, &str); 5] = [
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("168.63.129.16/32", "Azure's own DNS and health probes"),
    ];
    REFUSED
        .iter()
        .find(|(range, _)| range.parse().is_ok_and(|range: Ipv4Net| overlap(&range, prefix)))
        .map(|(_, purpose)| *purpose)
}

/// The last free /27 of an address space, where an inferred `GatewaySubnet` goes.
pub fn last_free_27(space: &[Ipv4Net], taken: &[Ipv4Net]) -> Option<Ipv4Net> {
    space.iter().rev().find_map(|range| {
        let size = 32u32;
        if range.prefix_len() > 27 {
            return None;
        }
        let mut end = u32::from(range.broadcast());
        loop {
            let start = end - (size - 1);
            let candidate = Ipv4Net::new(start.into(), 27).ok()?;
            match taken.iter().filter(|other| overlap(other, &candidate)).map(|other| u32::from(other.network())).min()
            {
                None => return Some(candidate),
                // Jump below the subnet in the way; its start is aligned at least as coarsely as a /27, or inside one.
                Some(below) => {
                    let next = (below & !(size - 1)).checked_sub(1)?;
                    if next < u32::from(range.network()) + (size - 1) {
                        return None;
                    }
                    end = next;
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Ipv4Net {
        text.parse().unwrap()
    }

    #[test]
    fn azure_withholds_five_addresses_of_every_subnet_a1() {
        let subnet = net("10.1.1.0/24");
        let withheld: Vec<_> = subnet.hosts().filter(|ip| !assignable(&subnet, *ip)).map(|ip| ip.octets()[3]).collect();
        assert_eq!(withheld, [1, 2, 3]);
        assert!(!assignable(&subnet, subnet.network()) && !assignable(&subnet, subnet.broadcast()));
        assert_eq!(assignable_range(&subnet), Some(("10.1.1.4".parse().unwrap(), "10.1.1.254".parse().unwrap())));
    }

    #[test]
    fn subnets_hand_out_what_the_table_says_a2() {
        let table = [(29, 3), (28, 11), (27, 27), (26, 59), (25, 123), (24, 251), (16, 65_531)];
        for (length, hosts) in table {
            assert_eq!(capacity(&net(&format!("10.0.0.0/{length}"))), hosts, "/{length}");
        }
        assert_eq!(capacity(&net("10.0.0.0/30")), 0);
    }

    #[test]
    fn address_spaces_azure_refuses_a3() {
        for prefix in ["224.0.0.0/8", "127.0.0.0/24", "169.254.1.0/24", "168.63.129.0/24", "0.0.0.0/0"] {
            assert!(refused_in_space(&net(prefix)).is_some(), "{prefix}");
        }
        assert_eq!(refused_in_space(&net("100.64.0.0/10")), None);
    }

    #[test]
    fn the_gateway_subnet_is_the_last_free_27() {
        assert_eq!(last_free_27(&[net("10.1.0.0/16")], &[]), Some(net("10.1.255.224/27")));
        assert_eq!(last_free_27(&[net("10.1.0.0/16")], &[net("10.1.255.0/24")]), Some(net("10.1.254.224/27")));
        assert_eq!(last_free_27(&[net("10.1.0.0/24")], &[net("10.1.0.0/24")]), None);
        assert_eq!(
            last_free_27(&[net("10.1.0.0/24")], &[net("10.1.0.128/25"), net("10.1.0.0/26")]),
            Some(net("10.1.0.96/27"))
        );
        assert_eq!(last_free_27(&[net("10.1.0.0/28")], &[]), None);
        assert_eq!(last_free_27(&[net("0.0.0.0/27")], &[net("0.0.0.0/29")]), None);
    }
}
