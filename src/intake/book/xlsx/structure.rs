//! The structure of an xlsx package: its sheets and their parts, its defined names, and the number formats of its
//! styles.
//!
//! Reading is lenient: missing or unknown items are skipped, as Excel does.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use crate::intake::book::content::{Epoch, Look};
use crate::intake::package::Package;

/// Maximum size of a part that is read here, in bytes. The styles of corporate workbooks can have several million.
const MAX_SIZE: u64 = 16 << 20;
/// Maximum number of cell styles. Excel allows 65,490.
const MAX_STYLES: usize = 70_000;
/// Maximum number of fonts, number formats, and defined names.
const MAX_COUNT: usize = 70_000;

/// A sheet with cells and the part that contains it.
#[derive(Debug, Clone)]
pub struct SheetPart {
    /// The name of the sheet.
    pub name: String,
    /// The path of its part in the package.
    pub path: String,
}

/// The content of the workbook part.
#[derive(Debug, Default)]
pub struct Structure {
    /// The sheets with cells, in workbook order.
    pub sheets: Vec<SheetPart>,
    /// Defined names and their references.
    pub names: Vec<(String, String)>,
    /// The day from which the workbook counts days.
    pub epoch: Epoch,
    /// The path of the shared strings, if there are any.
    pub strings: Option<String>,
    styles: Option<String>,
}

impl Structure {
    /// Reads the structure. If no workbook part lists sheets, all parts with the path of a sheet are used.
    pub fn of(package: &Package) -> Self {
        let workbook = workbook_part(package);
        let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let related = Relation::all(package, &format!("{folder}/_rels/{file}.rels"), folder);
        let by_kind = |kind: &str, usual: &str| {
            let of_kind = |relation: &&Relation| {
                relation.kind.ends_with(kind) && package.has(&relation.target)
            };
            let usual = format!("{folder}/{usual}");
            related
                .iter()
                .find(of_kind)
                .map(|relation| relation.target.clone())
                .or_else(|| package.has(&usual).then_some(usual))
        };
        let mut structure = Self {
            strings: by_kind("/sharedStrings", "sharedStrings.xml"),
            styles: by_kind("/styles", "styles.xml"),
            ..Self::default()
        };
        if let Some(xml) = package.text(&workbook, MAX_SIZE) {
            structure.read_workbook(&xml, &related, package, folder);
        }
        if structure.sheets.is_empty() {
            structure.sheets = sheets_by_path(package);
        }
        structure
    }

    fn read_workbook(&mut self, xml: &[u8], related: &[Relation], package: &Package, folder: &str) {
        let by_id: HashMap<&str, &Relation> = related
            .iter()
            .map(|relation| (relation.id.as_str(), relation))
            .collect();
        let mut reader = quick_xml::Reader::from_reader(xml);
        reader.config_mut().check_end_names = false;
        let mut name: Option<(String, String)> = None;
        let mut number = 0;
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Eof => break,
                Event::Start(start) | Event::Empty(start) => match start.local_name().as_ref() {
                    "sheet" => {
                        number += 1;
                        let id = attribute(&start, "id").unwrap_or_default();
                        // Excel numbers the parts in sheet order. If a relation is missing, the number identifies the
                        // part.
                        let usual = format!("{folder}/worksheets/sheet{number}.xml");
                        let path = match by_id.get(id.as_str()) {
                            Some(relation) if relation.is_sheet() => relation.target.clone(),
                            Some(_) => continue,
                            None if related.iter().all(|other| other.target != usual) => usual,
                            None => continue,
                        };
                        if package.has(&path) {
                            let name = attribute(&start, "name").unwrap_or_default();
                            self.sheets.push(SheetPart { name, path });
                        }
                    }
                    "workbookPr" => {
                        let is_1904 = |value: String| matches!(value.as_str(), "1" | "true" | "on");
                        if attribute(&start, "date1904").is_some_and(is_1904) {
                            self.epoch = Epoch::Of1904;
                        }
                    }
                    "definedName" if self.names.len() < MAX_COUNT => {
                        name = attribute(&start, "name").map(|name| (name, String::new()));
                    }
                    _ => {}
                },
                Event::Text(text) => {
                    if let Some((_, reference)) = &mut name {
                        reference.push_str(&text.xml10_content());
                    }
                }
                Event::GeneralRef(entity) => {
                    if let Some((_, reference)) = &mut name {
                        push_entity(&entity, reference);
                    }
                }
                Event::End(end) if end.local_name().as_ref() == "definedName" => {
                    self.names.extend(name.take());
                }
                _ => {}
            }
        }
    }

    /// Returns, for each style, how it shows a number and whether it strikes out the text.
    pub fn styles(&self, package: &Package) -> Vec<(Look, bool)> {
        self.styles
            .as_ref()
            .and_then(|path| package.text(path, MAX_SIZE))
            .map(|xml| styles(&xml))
            .unwrap_or_default()
    }
}

/// Returns the path of the workbook part. Programs use different paths.
fn workbook_part(package: &Package) -> String {
    let root = Relation::all(package, "_rels/.rels", "");
    root.into_iter()
        .find(|relation| {
            relation.kind.ends_with("/officeDocument") && package.has(&relation.target)
        })
        .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target)
}

/// Returns all parts with the path of a sheet, sorted by the number in the path.
fn sheets_by_path(package: &Package) -> Vec<SheetPart> {
    let mut numbered: Vec<(u32, String)> = package
        .names()
        .filter_map(|path| {
            let file = path.strip_prefix("xl/worksheets/sheet")?;
            let number = file.strip_suffix(".xml")?.parse().ok()?;
            Some((number, path.to_owned()))
        })
        .collect();
    numbered.sort_unstable();
    let sheets = numbered.into_iter().map(|(number, path)| SheetPart {
        name: format!("Sheet {number}"),
        path,
    });
    sheets.collect()
}

/// A relation from one part to another (ECMA-376 part 2, 6.5).
#[derive(Debug, Clone)]
pub struct Relation {
    id: String,
    /// The type: a URL whose last segment is the name of the type.
    pub kind: String,
    /// The path of the target part.
    pub target: String,
}

impl Relation {
    /// Returns the relations that a part lists. Their targets are relative to `folder`.
    pub fn all(package: &Package, path: &str, folder: &str) -> Vec<Self> {
        let Some(xml) = package.text(path, MAX_SIZE) else {
            return Vec::new();
        };
        let mut reader = quick_xml::Reader::from_reader(xml.as_ref());
        reader.config_mut().check_end_names = false;
        let mut all = Vec::new();
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Eof => break,
                Event::Start(start) | Event::Empty(start)
                    if start.local_name().as_ref() == "Relationship" && all.len() < MAX_COUNT =>
                {
                    let [id, kind, target] = ["Id", "Type", "Target"]
                        .map(|name| attribute(&start, name).unwrap_or_default());
                    all.push(Self {
                        id,
                        kind,
                        target: resolved(folder, &target),
                    });
                }
                _ => {}
            }
        }
        all
    }

    /// Returns the target part of the relation with an ID.
    pub fn target_of<'r>(related: &'r [Self], id: &str) -> Option<&'r str> {
        let mut related = related.iter();
        let found = related.find(|relation| relation.id == id)?;
        Some(&found.target)
    }

    /// Returns whether the target is a sheet with cells, not a chart, a dialog, or an Excel 4 macro sheet.
    fn is_sheet(&self) -> bool {
        self.kind.ends_with("/worksheet")
            || (!self.kind.ends_with("sheet") && self.target.contains("/worksheets/"))
    }
}

/// Resolves a target relative to a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Returns, for each cell style, its look and whether it strikes out (ECMA-376 18.8).
fn styles(xml: &[u8]) -> Vec<(Look, bool)> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let (mut codes, mut fonts, mut styles) = (HashMap::new(), Vec::new(), Vec::new());
    let (mut in_fonts, mut in_cells) = (false, false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(ref start) | Event::Empty(ref start) => {
                let opens = matches!(event, Event::Start(_));
                match start.local_name().as_ref() {
                    "fonts" => in_fonts = opens,
                    "cellXfs" => in_cells = opens,
                    "numFmt" if codes.len() < MAX_COUNT => {
                        let id = number(start, "numFmtId");
                        if let Some((id, code)) = id.zip(attribute(start, "formatCode")) {
                            codes.entry(id).or_insert(code);
                        }
                    }
                    "font" if in_fonts && fonts.len() < MAX_COUNT => fonts.push(false),
                    "strike" if in_fonts => {
                        if let Some(font) = fonts.last_mut() {
                            *font = is_on(start);
                        }
                    }
                    "xf" if in_cells && styles.len() < MAX_STYLES => styles.push((
                        number(start, "numFmtId").unwrap_or(0),
                        number(start, "fontId").unwrap_or(0),
                    )),
                    _ => {}
                }
            }
            Event::End(end) => match end.local_name().as_ref() {
                "fonts" => in_fonts = false,
                "cellXfs" => in_cells = false,
                _ => {}
            },
            _ => {}
        }
    }
    let mut looks: HashMap<u32, Look> = HashMap::new();
    styles
        .into_iter()
        .map(|(id, font)| {
            let look = looks.entry(id).or_insert_with(|| match codes.get(&id) {
                Some(code) => Look::by_format(code),
                None => Look::by_number(id),
            });
            let is_struck = fonts.get(font as usize).copied().unwrap_or(false);
            (look.clone(), is_struck)
        })
        .collect()
}

fn number(start: &BytesStart, name: &str) -> Option<u32> {
    attribute(start, name)?.trim().parse().ok()
}

/// Returns whether an on/off element is on: `val="0"` turns it off.
pub fn is_on(start: &BytesStart) -> bool {
    let value = attribute(start, "val");
    !value.is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"))
}

/// Returns the value of an attribute, ignoring the prefix of its name.
pub fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| {
            let key = attribute.key.as_ref();
            key == name || key.rsplit_once(':').is_some_and(|(_, local)| local == name)
        })?;
    // Nearly all values have nothing to resolve.
    if !found.value.contains(['&', '\t', '\n', '\r']) {
        return Some(found.value.into_owned());
    }
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(|value| value.into_owned())
}

/// Appends the character of a character reference or of a predefined XML entity. Other entities are ignored.
pub fn push_entity(name: &quick_xml::events::BytesRef, text: &mut String) {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        text.push(c);
        return;
    }
    text.push(match name.as_ref() {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return,
    });
}
