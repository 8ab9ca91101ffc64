//! Values that are written as one string: prefixes, addresses, subnets and ids.

use std::fmt;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::topology::command::{SubnetName, TargetSubnet, did_you_mean};
use crate::topology::finding::FindingCode;

/// Parses a string while it is being visited: only there does the reader know where in the file it stands.
struct Text<F>(F);

impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// Reads a value that is written as one string; the message carries its code in front.
pub(in crate::topology) fn text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(parse))
}

/// A message of a value, with its code in front: a serde error carries nothing but its text.
pub(in crate::topology) fn coded(code: FindingCode, message: &str) -> String {
    format!("{code}: {message}")
}

/// Declares a value that is written as one string.
macro_rules! text_value {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $parse:ident, $code:ident, $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
        #[schemars(with = "String", inline, extend("pattern" = $pattern))]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let parse = |text: &str| $parse(text).map_err(|message| coded(FindingCode::$code, &message));
                deserializer.deserialize_str(Text(parse)).map(Self)
            }
        }
    )*};
}

text_value! {
    /// An IPv4 prefix without host bits, like 10.1.0.0/16.
    Prefix(Ipv4Net) = prefix, InvalidPrefix, r"^\d+\.\d+\.\d+\.\d+/\d+$";
    /// An IPv4 address, like 10.1.1.4.
    Ip(Ipv4Addr) = ip, InvalidAddress, r"^\d+\.\d+\.\d+\.\d+$";
    /// An IPv4 address, or "dynamic".
    Address(Option<Ipv4Addr>) = address, InvalidAddress, r"^(dynamic|\d+\.\d+\.\d+\.\d+)$";
    /// A subnet: VNET/SUBNET.
    SubnetPath(SubnetName) = subnet_path, InvalidValue, r"^[^/]+/[^/]+$";
    /// A subnet of the failover network, or VNET/SUBNET.
    TargetPath(TargetSubnet) = target_path, InvalidValue, r"^[^/]+(/[^/]+)?$";
}

/// Text of the file as it may stand in a message: on one line, without control characters, not too long.
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut quoted: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        quoted.push('…');
    }
    quoted.replace("\\\"", "\"").replace("\\'", "'")
}

/// A prefix, or why the text is none.
pub(in crate::topology) fn prefix(text: &str) -> Result<Ipv4Net, String> {
    let word = shown(text);
    if let Ok(prefix) = text.parse::<Ipv4Net>() {
        return match prefix.trunc() {
            whole if whole == prefix => Ok(prefix),
            whole => Err(format!("`{word}` has host bits set; the prefix is {whole}")),
        };
    }
    Err(if text.contains(':') {
        format!("`{word}` is IPv6; prefixes here are IPv4 only, like 10.1.0.0/16")
    } else if text.parse::<Ipv4Addr>().is_ok() {
        format!("`{word}` has no length; write a prefix like 10.1.0.0/16")
    } else {
        format!("`{word}` is no prefix; write it like 10.1.0.0/16")
    })
}

fn ip(text: &str) -> Result<Ipv4Addr, String> {
    let word = shown(text);
    text.parse().map_err(|_| match text.contains(':') {
        true => format!("`{word}` is IPv6; addresses here are IPv4 only, like 10.1.1.4"),
        false => format!("`{word}` is no address; write it like 10.1.1.4"),
    })
}

fn address(text: &str) -> Result<Option<Ipv4Addr>, String> {
    match text {
        "dynamic" => Ok(None),
        _ => {
            ip(text).map(Some).map_err(|message| format!("{message} or \"dynamic\"{}", did_you_mean(text, ["dynamic"])))
        }
    }
}

fn subnet_path(text: &str) -> Result<SubnetName, String> {
    text.parse().map_err(|_| format!("`{}` is no subnet; write VNET/SUBNET", shown(text)))
}

fn target_path(text: &str) -> Result<TargetSubnet, String> {
    match text.contains('/') {
        true => subnet_path(text).map(TargetSubnet::Elsewhere),
        false => Ok(TargetSubnet::InFailoverNetwork(text.to_owned())),
    }
}

/// Whether a word is spelled as ids are: `a-z`, `0-9` and `-`, with a letter or digit at both ends.
pub fn is_id(word: &str) -> bool {
    let plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let bytes = word.as_bytes();
    bytes.iter().all(|letter| plain(*letter) || *letter == b'-')
        && bytes.first().copied().is_some_and(plain)
        && bytes.last().copied().is_some_and(plain)
}
