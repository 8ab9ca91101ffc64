//! JSON Schemas of the files the program reads.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::format::File;

/// The JSON Schema of the topology file.
pub fn schema() -> serde_json::Value {
    schema_of::<File>()
}

/// The JSON Schema of a file (draft 7, which TOML editors understand).
pub fn schema_of<T: JsonSchema>() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}
