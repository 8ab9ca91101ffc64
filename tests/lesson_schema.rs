//! The JSON Schema of lessons in `assets/` is the one the program prints.

use std::path::Path;

use failscope::lesson::schema;
use serde_json::Value;

#[test]
fn the_schema_of_lessons_in_assets_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lesson.schema.json");
    let expected = format!("{}\n", serde_json::to_string_pretty(&schema()).expect("a schema is plain JSON"));
    if std::env::var_os("UPDATE_ASSETS").is_some() {
        std::fs::write(&path, &expected).expect("assets/ can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "assets/lesson.schema.json is stale; run `UPDATE_ASSETS=1 cargo test --test lesson_schema`"
    );
}

/// Every object of a schema that names properties.
fn tables<'s>(schema: &'s Value, found: &mut Vec<&'s serde_json::Map<String, Value>>) {
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

#[test]
fn every_table_of_a_lesson_is_described_and_closed() {
    let schema = schema();
    let mut found = Vec::new();
    tables(&schema, &mut found);
    assert!(found.len() >= 30, "{} tables", found.len());
    for table in found {
        assert_eq!(table.get("additionalProperties"), Some(&Value::Bool(false)), "{table:#?}");
        assert!(table.contains_key("description"), "{table:#?}");
    }
}

#[test]
fn the_schema_demands_what_a_lesson_must_have() {
    let schema = schema();
    let top = ["format", "id", "title", "track", "scenario", "minutes", "brief", "step", "solution"];
    assert_eq!(schema["required"], serde_json::json!(top));
    let required = |table: &str| schema["definitions"][table]["required"].clone();
    assert_eq!(required("Step"), serde_json::json!(["id", "say", "goal"]));
    assert_eq!(required("Goal"), serde_json::json!(["label", "is"]));
    assert_eq!(required("WrongTurn"), serde_json::json!(["id", "when", "say", "demo"]));
}
