//! Formulas that came without a result, as programs write them that do not calculate. Calamine shows their cells as empty; a
//! client who typed a formula has answered, and is told.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Cells, as row and column from 0.
pub type Cells = HashSet<(u32, u32)>;

/// Cells of each sheet, by its name. A part that cannot be read has none: calamine says what is wrong with it.
pub fn without_result(bytes: &[u8]) -> HashMap<String, Cells> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return HashMap::new();
    };
    let mut part = |name: &str| {
        let mut text = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut text).ok()?;
        Some(text)
    };
    let (Some(workbook), Some(relations)) =
        (part("xl/workbook.xml"), part("xl/_rels/workbook.xml.rels"))
    else {
        return HashMap::new();
    };
    let targets: HashMap<String, String> = elements(&relations, "Relationship", ["Id", "Target"])
        .into_iter()
        .map(|[id, target]| (id, target))
        .collect();
    let mut all = HashMap::new();
    for [name, id] in elements(&workbook, "sheet", ["name", "r:id"]) {
        let Some(target) = targets.get(&id) else {
            continue;
        };
        let path = target
            .strip_prefix('/')
            .map_or_else(|| format!("xl/{target}"), str::to_owned);
        let cells = part(&path)
            .map(|sheet| formula_cells(&sheet))
            .unwrap_or_default();
        if !cells.is_empty() {
            all.insert(name, cells);
        }
    }
    all
}

/// The attributes of every element of a name.
fn elements<const N: usize>(xml: &[u8], element: &str, names: [&str; N]) -> Vec<[String; N]> {
    let mut reader = Reader::from_reader(xml);
    let mut found = Vec::new();
    let mut buffer = Vec::new();
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Eof => break,
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == element => {
                found.push(names.map(|name| attribute(&start, name).unwrap_or_default()));
            }
            _ => {}
        }
        buffer.clear();
    }
    found
}

fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name)?;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(|value| value.into_owned())
}

fn formula_cells(xml: &[u8]) -> Cells {
    let mut reader = Reader::from_reader(xml);
    let mut cells = Cells::new();
    let mut buffer = Vec::new();
    let (mut cell, mut formula, mut in_value, mut has_value) = (None, false, false, false);
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Eof => break,
            Event::Start(start) => match start.local_name().as_ref() {
                "c" => {
                    (cell, formula, has_value) = (
                        attribute(&start, "r")
                            .as_deref()
                            .and_then(super::grid::parse_cell),
                        false,
                        false,
                    )
                }
                "f" => formula = true,
                "v" => in_value = true,
                _ => {}
            },
            Event::Empty(start) if start.local_name().as_ref() == "f" => formula = true,
            Event::Text(text) if in_value => has_value |= !text.is_empty(),
            Event::End(end) => match end.local_name().as_ref() {
                "v" => in_value = false,
                "c" => {
                    if let (Some(at), true, false) = (cell, formula, has_value) {
                        cells.insert(at);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
    cells
}
