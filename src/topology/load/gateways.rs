//! The gateways of VNets: which there may be, their SKUs and numbers (B28 to B32, B39, B50, B55).

use std::collections::HashSet;
use std::ops::Range;

use super::sink::Sink;
use super::tables::Item;
use super::{FindingCode, format, shown};
use crate::topology::limits::{
    DEFAULT_ASN, is_basic, is_reserved_asn, is_retired, skus, too_small_for_both, usual_sku,
};
use crate::topology::{GATEWAY_SUBNET, Gateway, GatewayKind, Severity};

/// The gateways of a VNet: one of each kind, with SKUs that exist and numbers they may have.
pub(super) fn declared(vnet: &Item<format::Vnet>, table: &format::Vnet, sink: &mut Sink) -> Vec<Gateway> {
    let mut kinds = HashSet::new();
    for gateway in &table.gateways {
        let kind = gateway.value.kind;
        if !kinds.insert(kind) {
            let message = format!("a VNet has one {} gateway at most (B29)", kind.title());
            sink.error(FindingCode::InvalidValue, &gateway.span, message, &[&vnet.id]);
        }
        if let Some(sku) = &gateway.value.sku {
            self::sku(kind, sku, vnet, sink);
        }
        if let Some(asn) = &gateway.value.asn {
            number(kind, gateway.value.sku.as_ref().is_some_and(|sku| sku.value == "Basic"), asn, vnet, sink);
        }
    }
    let plain = |gateway: &format::At<format::Gateway>| Gateway {
        sku: gateway.value.sku.as_ref().map(|sku| sku.value.clone()),
        asn: gateway.value.asn.as_ref().map(|asn| asn.value),
        active_active: gateway.value.active_active,
        ..Gateway::new(gateway.value.kind)
    };
    let found: Vec<Gateway> = table.gateways.iter().map(plain).collect();
    if found.len() > 1 && found.iter().any(is_basic) {
        let message = "a Basic VPN gateway and an ExpressRoute gateway cannot stand in one VNet (B32, B55)";
        sink.error(FindingCode::InvalidValue, &table.gateways[0].span, message, &[&vnet.id]);
    }
    found
}

fn sku(kind: GatewayKind, sku: &format::At<String>, vnet: &Item<format::Vnet>, sink: &mut Sink) {
    let known = skus(kind);
    let word = shown(&sku.value);
    if !known.contains(&sku.value.as_str()) {
        let hint = sink.hint(&sku.value, known.iter().copied());
        let kind = kind.title();
        let message = format!("`{word}` is no SKU of a {kind} gateway; there are {}{hint}", known.join(", "));
        sink.error(FindingCode::InvalidValue, &sku.span, message, &[&vnet.id]);
    } else if is_retired(&sku.value) {
        let message = format!(
            "no {word} gateway can be created since November 2025, and this one takes no change until it becomes \
             {word}AZ (B31)"
        );
        sink.finding(Severity::Warning, FindingCode::RetiredSku, &sku.span, message, &[&vnet.id]);
    }
}

fn number(kind: GatewayKind, basic: bool, asn: &format::At<u32>, vnet: &Item<format::Vnet>, sink: &mut Sink) {
    let problem = if kind == GatewayKind::Expressroute {
        Some("an ExpressRoute gateway has a fixed number; only VPN gateways take one".to_owned())
    } else if basic {
        Some(format!("a Basic gateway knows no BGP, so it has no number; take {} (B32)", usual_sku(kind)))
    } else if is_reserved_asn(asn.value) && asn.value != DEFAULT_ASN {
        Some(format!("Azure keeps the number {} for itself (B39)", asn.value))
    } else {
        None
    };
    if let Some(problem) = problem {
        sink.error(FindingCode::InvalidValue, &asn.span, problem, &[&vnet.id]);
    }
}

/// What is worth knowing about the GatewaySubnet of a VNet: Azure's recommendation, and room for two gateways (B28, B55).
pub(super) fn subnet(
    prefix: ipnet::Ipv4Net,
    span: &Range<usize>,
    gateways: &[format::At<format::Gateway>],
    title: &str,
    id: &str,
    sink: &mut Sink,
) {
    let sixteen = |gateway: &format::At<format::Gateway>| {
        gateway.value.sku.as_ref().is_some_and(|sku| {
            gateway.value.kind == GatewayKind::Expressroute && crate::topology::limits::circuits(Some(&sku.value)) >= 16
        })
    };
    let sixteen = gateways.iter().any(sixteen);
    if gateways.len() > 1 && too_small_for_both(prefix.prefix_len(), sixteen) {
        let least = if sixteen { "/26 where the gateway takes 16 circuits" } else { "/27" };
        let message =
            format!("the {GATEWAY_SUBNET} of {title} is {prefix}; two gateways side by side take a {least} (B55)");
        sink.error(FindingCode::InvalidSubnet, span, message, &[id]);
    } else if prefix.prefix_len() > 27 {
        let message = format!("the {GATEWAY_SUBNET} of {title} is {prefix}; Azure recommends a /27 or larger (B28)");
        sink.finding(Severity::Note, FindingCode::SmallGatewaySubnet, span, message, &[id]);
    }
}
