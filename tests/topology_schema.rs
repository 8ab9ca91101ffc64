//! The JSON Schema in `assets/` is the one the program prints.

use std::path::Path;

use failscope::topology::schema::schema;

#[test]
fn the_schema_in_assets_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/topology.schema.json");
    let expected = format!("{}\n", serde_json::to_string_pretty(&schema()).expect("a schema is plain JSON"));
    if std::env::var_os("UPDATE_ASSETS").is_some() {
        std::fs::write(&path, &expected).expect("assets/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "assets/topology.schema.json is stale; run `UPDATE_ASSETS=1 cargo test --test topology_schema`"
    );
}

/// Every object of a schema that names properties.
fn tables<'s>(schema: &'s serde_json::Value, found: &mut Vec<&'s serde_json::Map<String, serde_json::Value>>) {
    match schema {
        serde_json::Value::Object(object) => {
            if object.get("properties").is_some_and(serde_json::Value::is_object) && object.contains_key("type") {
                found.push(object);
            }
            object.values().for_each(|value| tables(value, found));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| tables(value, found)),
        _ => {}
    }
}

#[test]
fn every_table_of_the_schema_is_described_and_closed() {
    let schema = schema();
    let mut found = Vec::new();
    tables(&schema, &mut found);
    assert!(found.len() >= 12, "{} tables", found.len());
    for table in found {
        assert_eq!(table["additionalProperties"], false, "{table:#?}");
        assert!(table.contains_key("description"), "{table:#?}");
    }
}

#[test]
fn the_schema_demands_what_the_format_demands() {
    let schema = schema();
    assert_eq!(schema["required"], serde_json::json!(["format", "title", "region", "vnet"]));
    let required = |table: &str| schema["definitions"][table]["required"].clone();
    assert_eq!(required("Vm"), serde_json::json!(["subnet"]));
    assert_eq!(required("Link"), serde_json::json!(["kind", "between"]));
    assert_eq!(required("Vnet"), serde_json::json!(["region"]));
}
