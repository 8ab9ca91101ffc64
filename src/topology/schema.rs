//! The JSON Schema of the topology file.

/// The JSON Schema of the topology file.
pub fn schema() -> serde_json::Value {
    todo!()
}
