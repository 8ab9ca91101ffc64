//! The JSON Schema of the topology file.

use schemars::generate::SchemaSettings;

use super::format::File;

/// The JSON Schema (draft 7, which TOML editors understand) of the topology file.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<File>().to_value()
}
