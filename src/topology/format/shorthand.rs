//! Values that are one string where that says enough, and a table where there is more to say.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Gateway, GatewayTable, Prefix, Step, Subnet, SubnetTable};
use crate::topology::GatewayKind;

/// A value that is written as one string, or as a table when there is more to say.
pub(super) trait Shorthand: Sized {
    type Long: DeserializeOwned + JsonSchema + Into<Self>;
    type Short: DeserializeOwned + JsonSchema + Into<Self>;
    const EXPECTING: &'static str;
}

impl Shorthand for Subnet {
    type Long = SubnetTable;
    type Short = Prefix;
    const EXPECTING: &'static str = "a prefix, or a table with `prefix` and more";
}

impl From<SubnetTable> for Subnet {
    fn from(table: SubnetTable) -> Self {
        Self { prefix: table.prefix.0, title: table.title, routes: table.routes, nsg: table.nsg }
    }
}

impl From<Prefix> for Subnet {
    fn from(prefix: Prefix) -> Self {
        Self { prefix: prefix.0, title: None, routes: None, nsg: None }
    }
}

impl Shorthand for Gateway {
    type Long = GatewayTable;
    type Short = GatewayKind;
    const EXPECTING: &'static str = "`vpn`, `expressroute`, or a table with `kind`";
}

impl From<GatewayTable> for Gateway {
    fn from(table: GatewayTable) -> Self {
        Self { kind: table.kind, sku: table.sku, asn: table.asn, active_active: table.active_active }
    }
}

impl From<GatewayKind> for Gateway {
    fn from(kind: GatewayKind) -> Self {
        Self { kind, sku: None, asn: None, active_active: false }
    }
}

struct ShortOrLong<T>(PhantomData<T>);

impl<'de, T: Shorthand> Visitor<'de> for ShortOrLong<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTING)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::Short::deserialize(serde::de::value::StrDeserializer::new(text)).map(Into::into)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::Long::deserialize(MapAccessDeserializer::new(map)).map(Into::into)
    }
}

/// Implements reading and schema of a value with a short and a long form.
macro_rules! shorthand {
    ($($name:ident, $description:literal;)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(ShortOrLong(PhantomData))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let short = generator.subschema_for::<<Self as Shorthand>::Short>();
                let long = generator.subschema_for::<<Self as Shorthand>::Long>();
                json_schema!({ "description": $description, "anyOf": [short, long] })
            }
        }
    )*};
}

shorthand! {
    Subnet, "A subnet: its prefix, or a table with prefix, title, route table and security group.";
    Gateway, "A gateway: its kind, or a table with kind, SKU and ASN.";
    Step, "A step of a plan: its command, or a table that also says when it is enabled.";
}
