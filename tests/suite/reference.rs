//! The reference of the files of a questionnaire is made from the types that read them. `UPDATE_GOLDEN=1` writes it.

use std::collections::BTreeSet;
use std::fmt::Write;

use partnerbook::questionnaire::schemas;
use serde_json::Value;

use crate::common::root;

/// Returns the type of a key in words, with links to the tables that describe other types.
fn type_of(schema: &Value, used: &mut Vec<String>) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap().to_owned();
        used.push(name.clone());
        return match name.as_str() {
            "FormatString" => "text with {facts}".into(),
            "Condition" => "condition".into(),
            "Formula" => "expression".into(),
            _ => format!(
                "[{}](#{})",
                title(&name),
                title(&name).to_lowercase().replace(' ', "-")
            ),
        };
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(all) = schema[key].as_array() {
            let all = all.iter().filter(|own| own["type"] != "null");
            let all: Vec<String> = all.map(|own| type_of(own, used)).collect();
            return all.join(" or ");
        }
    }
    if let Some(value) = schema["const"].as_str() {
        return format!("`\"{value}\"`");
    }
    if let Some(options) = schema["enum"].as_array() {
        let options = options.iter().filter_map(Value::as_str);
        return options
            .map(|own| format!("`\"{own}\"`"))
            .collect::<Vec<_>>()
            .join(", ");
    }
    let types = match &schema["type"] {
        Value::Array(all) => all
            .iter()
            .filter_map(Value::as_str)
            .find(|own| *own != "null"),
        one => one.as_str(),
    };
    match types {
        Some("array") if schema["items"].is_object() => {
            let count = schema["minItems"]
                .as_u64()
                .filter(|least| Some(*least) == schema["maxItems"].as_u64());
            let count = count.map_or("list".to_owned(), |count| format!("list of {count}"));
            format!("{count}: {}", type_of(&schema["items"], used))
        }
        Some("array") => "list".into(),
        Some("object") if schema["additionalProperties"].is_object() => {
            format!("table: {}", type_of(&schema["additionalProperties"], used))
        }
        Some("object") => "table".into(),
        Some("string") => "text".into(),
        Some("boolean") => "true or false".into(),
        Some(_) => "number".into(),
        None => "anything".into(),
    }
}

/// Returns the name of a type in words: "Gap cards" of `GapCardsRaw`.
fn title(name: &str) -> String {
    let name = name.trim_end_matches("Raw").trim_end_matches("Def");
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words[..1].to_uppercase() + &words[1..]
}

/// Writes the keys of a table.
fn keys(schema: &Value, page: &mut String, used: &mut Vec<String>) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let required: BTreeSet<&str> = schema["required"]
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    if properties.keys().all(|key| key == "block") {
        return;
    }
    page.push_str("| Key | Value | Meaning |\n| --- | --- | --- |\n");
    for (key, own) in properties.iter().filter(|(key, _)| *key != "block") {
        let kind = type_of(own, used);
        let meaning = own["description"]
            .as_str()
            .unwrap_or_default()
            .replace('\n', " ");
        let meaning = meaning
            .replace('|', "\\|")
            .replace("[`", "`")
            .replace("`]", "`");
        let needed = if required.contains(key.as_str()) {
            " (needed)"
        } else {
            ""
        };
        writeln!(page, "| `{key}`{needed} | {kind} | {meaning} |").unwrap();
    }
    page.push('\n');
}

/// Returns the page of a file: its keys, the tables in it, and the blocks of the plan.
fn section(name: &str, schema: &Value) -> String {
    let mut page = format!("## {name}\n\n");
    let describe = |own: &Value| {
        let text = own["description"]
            .as_str()
            .unwrap_or_default()
            .replace('\n', " ");
        text.replace("[`", "`").replace("`]", "`")
    };
    writeln!(page, "{}\n", describe(schema)).unwrap();
    let mut used = Vec::new();
    keys(schema, &mut page, &mut used);
    let mut done = BTreeSet::new();
    let mut at = 0;
    while at < used.len() {
        let own = used[at].clone();
        at += 1;
        if !done.insert(own.clone())
            || ["FormatString", "Condition", "Formula"].contains(&own.as_str())
        {
            continue;
        }
        let definition = &schema["$defs"][&own];
        writeln!(page, "### {}\n\n{}\n", title(&own), describe(definition)).unwrap();
        if let Some(options) = definition["oneOf"].as_array() {
            for option in options {
                match option["properties"]["block"]["const"].as_str() {
                    Some(block) => {
                        writeln!(page, "#### {block}\n\n{}\n", describe(option)).unwrap();
                        keys(option, &mut page, &mut used);
                    }
                    None => {
                        let value = option["const"].as_str().unwrap_or_default();
                        writeln!(page, "- `\"{value}\"`: {}", describe(option)).unwrap();
                    }
                }
            }
            page.push('\n');
        } else {
            keys(definition, &mut page, &mut used);
        }
    }
    page
}

#[test]
fn the_reference_names_every_key_of_every_file() {
    let mut page = String::from(
        "# Files of a questionnaire\n\nEvery key of every file, made from the types that read them. \"Needed\" keys have no default. \
         [Write a questionnaire](../questionnaire.md) explains how the files work together, and \
         [Expressions and facts](expressions.md) what conditions and texts can contain.\n\n",
    );
    // Authors read of the questionnaire first, of their own texts last.
    let order = [
        "questionnaire",
        "worksheet",
        "scores",
        "checks",
        "roadmap",
        "figures",
        "advice",
        "plan",
        "email",
        "portfolio",
        "issues",
    ];
    let mut all: Vec<_> = schemas().collect();
    assert_eq!(all.len(), order.len());
    all.sort_by_key(|own| order.iter().position(|name| *name == own.name));
    for own in all {
        let schema: Value = serde_json::from_str(own.schema).unwrap();
        let file = match own.name {
            "worksheet" => "worksheets/*.toml".to_owned(),
            name => format!("{name}.toml"),
        };
        page += &section(&file, &schema);
    }
    let page = page.trim_end().to_owned() + "\n";
    let path = root().join("docs/src/reference/files.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "{}: make it with UPDATE_GOLDEN=1",
        path.display()
    );
    for word in [
        "knock_out",
        "one_time",
        "yes_no",
        "`tiles`",
        "#### risk_board",
        "month_unit",
    ] {
        assert!(page.contains(word.trim_matches('`')), "{word}");
    }
}
