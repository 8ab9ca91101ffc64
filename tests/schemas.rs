//! The JSON Schemas in `assets/` are the ones the program prints.

use std::path::Path;

use failscope::app::action;
use failscope::lesson;
use failscope::runtime::settings;
use failscope::topology::schema::schema as topology_schema;
use failscope::ui::theme;
use serde_json::{Map, Value, json};

/// Compares a file of `assets/` with the schema the program prints, or writes it where that is asked for.
fn is_current(file: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(file);
    let expected = format!("{}\n", serde_json::to_string_pretty(schema).expect("a schema is plain JSON"));
    if std::env::var_os("UPDATE_ASSETS").is_some() {
        std::fs::write(&path, &expected).expect("assets/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "assets/{file} is stale; run `UPDATE_ASSETS=1 cargo test --test schemas`");
}

/// Every object of a schema that names properties.
fn tables<'s>(schema: &'s Value, found: &mut Vec<&'s Map<String, Value>>) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) && object.contains_key("type") {
                found.push(object);
            }
            object.values().for_each(|value| tables(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| tables(value, found)),
        _ => {}
    }
}

/// Every table has a description and takes no other keys; there are at least `least` of them.
fn is_described_and_closed(schema: &Value, least: usize) {
    let mut found = Vec::new();
    tables(schema, &mut found);
    assert!(found.len() >= least, "{} tables", found.len());
    for table in found {
        assert_eq!(table.get("additionalProperties"), Some(&Value::Bool(false)), "{table:#?}");
        assert!(table.contains_key("description"), "{table:#?}");
    }
}

#[test]
fn the_schema_in_assets_is_current() {
    is_current("topology.schema.json", &topology_schema());
}

#[test]
fn the_schema_of_lessons_in_assets_is_current() {
    is_current("lesson.schema.json", &lesson::schema());
}

#[test]
fn the_schemas_of_theme_settings_and_keys_in_assets_are_current() {
    is_current("theme.schema.json", &theme::schema());
    is_current("settings.schema.json", &settings::schema());
    is_current("keys.schema.json", &action::schema());
}

#[test]
fn every_table_of_theme_settings_and_keys_is_described_and_closed() {
    is_described_and_closed(&theme::schema(), 3);
    is_described_and_closed(&settings::schema(), 1);
    is_described_and_closed(&action::schema(), 10);
}

#[test]
fn every_table_of_the_schema_is_described_and_closed() {
    is_described_and_closed(&topology_schema(), 12);
}

#[test]
fn every_table_of_a_lesson_is_described_and_closed() {
    is_described_and_closed(&lesson::schema(), 30);
}

#[test]
fn the_schema_demands_what_the_format_demands() {
    let schema = topology_schema();
    assert_eq!(schema["required"], json!(["format", "title", "region", "vnet"]));
    let required = |table: &str| schema["definitions"][table]["required"].clone();
    assert_eq!(required("Vm"), json!(["subnet"]));
    assert_eq!(required("Link"), json!(["kind", "between"]));
    assert_eq!(required("Vnet"), json!(["region"]));
}

#[test]
fn the_schema_demands_what_a_lesson_must_have() {
    let schema = lesson::schema();
    let top = ["format", "id", "title", "track", "scenario", "minutes", "brief", "step", "solution"];
    assert_eq!(schema["required"], json!(top));
    let required = |table: &str| schema["definitions"][table]["required"].clone();
    assert_eq!(required("Step"), json!(["id", "say", "goal"]));
    assert_eq!(required("Goal"), json!(["label", "is"]));
    assert_eq!(required("WrongTurn"), json!(["id", "when", "say", "demo"]));
}
