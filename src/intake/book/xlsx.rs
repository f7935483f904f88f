//! Office Open XML: xlsx and xlsm.

use std::collections::{HashMap, HashSet};
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use memchr::memmem::Finder;
use quick_xml::events::{BytesStart, Event};

use super::collector::Collector;
use super::reference::parse_cell;
use super::{Book, Content, LAST_META_ROW, Position, Shown, is_mark};
use crate::intake::IntakeError;
use crate::intake::package::Package;

/// Parts that hold answers. Pictures, charts, comments, macros and links to elsewhere are left behind.
pub fn is_wanted(name: &str) -> bool {
    const ELSEWHERE: [&str; 12] = [
        "..",
        "media/",
        "drawings/",
        "charts/",
        "theme/",
        "comments",
        "externalLinks/",
        "printerSettings/",
        "docProps/",
        "customXml/",
        "worksheets/_rels/",
        "persons/",
    ];
    (name.ends_with(".xml") || name.ends_with(".rels"))
        && !ELSEWHERE.iter().any(|part| name.contains(part))
}

pub fn read(package: Package) -> Result<Book, IntakeError> {
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let mut by_path: HashMap<String, HashSet<Position>> = HashMap::new();
    let packed = package.repack(is_wanted, |name, part| {
        let cells = formulas_without_result(part);
        if !cells.is_empty() {
            by_path.insert(name.to_owned(), cells);
        }
        Ok(())
    })?;
    let mut unresolved = if by_path.is_empty() {
        HashMap::new()
    } else {
        by_sheet_name(&package, by_path)?
    };
    drop(package);
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(damaged)?;
    let mut collector = Collector::new(xlsx.sheet_names().len())?;
    let mut shown: Vec<Shown> = Vec::new();
    for name in xlsx.sheet_names() {
        let unresolved = unresolved.remove(&name).unwrap_or_default();
        let mut reader = match xlsx.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            // A chart sheet or a dialog: nothing to read.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(damaged(error)),
        };
        if shown.is_empty() {
            let by_style = reader.styles().iter().map(|style| {
                style
                    .number_format
                    .as_ref()
                    .map_or(Shown::Plain, |format| Shown::by_format(&format.format_code))
            });
            shown = by_style.collect();
        }
        let mut cells = Vec::new();
        let mut is_meta = false;
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(damaged)? {
            collector.see()?;
            let at = cell.get_position();
            if is_meta && at.0 > LAST_META_ROW {
                break;
            }
            let content = match cell.get_value() {
                DataRef::Empty if unresolved.contains(&at) => Some(Content::Unresolved),
                DataRef::Empty => None,
                value => {
                    let shown = shown.get(style).cloned().unwrap_or_default();
                    Content::from_calamine(value, shown)
                }
            };
            if let Some(content) = content {
                is_meta |= at == (0, 0) && is_mark(&content);
                collector.keep(&content)?;
                cells.push((at, content));
            }
        }
        collector.sheet(&name, cells);
    }
    Ok(collector.book(xlsx.defined_names()))
}

/// Cells of a sheet's part that have a formula and no value. Looks around each formula alone: a second reading of the whole
/// XML would take half as long as calamine's own.
fn formulas_without_result(part: &[u8]) -> HashSet<Position> {
    let mut found = HashSet::new();
    let prefix = prefix_of_root(part);
    let tag = |before: &str, name: &str| {
        Finder::new(&[before.as_bytes(), prefix, name.as_bytes()].concat()).into_owned()
    };
    let formula = tag("<", "f");
    if formula.find(part).is_none() {
        return found;
    }
    let (end, value, inline) = (tag("</", "c>"), tag("<", "v"), tag("<", "is"));
    let text = tag("<", "t");
    let cell = [b"<", prefix, b"c"].concat();
    // Each byte is looked at a few times at most, whatever stands there: what lies before `from` is done with.
    let mut from = 0;
    while let Some(at) = formula.find(&part[from..]).map(|at| at + from) {
        let after = at + formula.needle().len();
        if !part.get(after).copied().is_some_and(ends_name) {
            from = after;
            continue;
        }
        let until = end.find(&part[after..]).map_or(part.len(), |at| at + after);
        let content = &part[after..until];
        let filled = [&value, &inline].into_iter().any(|tag| {
            let filled = |at: usize| {
                let rest = &content[at + tag.needle().len()..];
                rest.first().copied().is_some_and(ends_name)
                    && memchr::memchr(b'>', rest)
                        .and_then(|close| rest.get(close + 1))
                        .is_some_and(|byte| *byte != b'<')
            };
            tag.find(content).is_some_and(filled)
        });
        let starts = memchr::memmem::rfind_iter(&part[from..at], &cell).map(|start| start + from);
        let start = starts
            .take(MOST_LIKE_CELLS)
            .find(|start| part.get(start + cell.len()).copied().is_some_and(ends_name));
        if let Some(start) = start
            && !filled
            && text.find(content).is_none()
            && let Some(place) = address(&part[start + 1..])
        {
            found.insert(place);
        }
        from = until;
    }
    found
}

/// Most tags before a formula that begin like a cell's.
const MOST_LIKE_CELLS: usize = 8;

/// Whether a byte ends a tag's name.
fn ends_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
}

/// The prefix, with its colon, that a part's elements have: that of its first one.
fn prefix_of_root(part: &[u8]) -> &[u8] {
    let root = memchr::memchr_iter(b'<', part)
        .map(|at| &part[at + 1..])
        .find(|tag| tag.first().is_some_and(u8::is_ascii_alphabetic));
    let name = root.map_or(&[][..], |tag| {
        let length = tag.iter().take(64).position(|byte| ends_name(*byte));
        &tag[..length.unwrap_or(0)]
    });
    name.iter()
        .position(|byte| *byte == b':')
        .map_or(&[], |colon| &name[..=colon])
}

/// The address of a cell's tag: its attribute `r`.
fn address(tag: &[u8]) -> Option<Position> {
    let tag = &tag[..memchr::memchr(b'>', &tag[..tag.len().min(200)])?];
    let at = memchr::memmem::find(tag, b" r=")? + 4;
    let end = at
        + tag
            .get(at..)?
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\''))?;
    parse_cell(std::str::from_utf8(&tag[at..end]).ok()?)
}

/// From parts to the sheets they are.
fn by_sheet_name(
    package: &Package,
    mut by_path: HashMap<String, HashSet<Position>>,
) -> Result<HashMap<String, HashSet<Position>>, IntakeError> {
    let mut by_name = HashMap::new();
    for (path, name) in sheets_by_path(package)? {
        if let Some(cells) = by_path.remove(&path) {
            by_name.insert(name, cells);
        }
    }
    Ok(by_name)
}

/// The sheets' names by the parts that hold them.
pub fn sheets_by_path(package: &Package) -> Result<HashMap<String, String>, IntakeError> {
    const MOST: u64 = 4 << 20;
    let (workbook, relations) = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels");
    if !package.has(workbook) || !package.has(relations) {
        return Ok(HashMap::new());
    }
    let targets = self::relations(&package.part(relations, MOST)?);
    let sheets = elements(&package.part(workbook, MOST)?, "sheet", ["name", "r:id"]);
    let mut by_path = HashMap::new();
    for [name, id] in sheets {
        let Some(target) = targets.get(&id) else {
            continue;
        };
        let path = target
            .strip_prefix('/')
            .map_or_else(|| format!("xl/{target}"), str::to_owned);
        by_path.insert(path, name);
    }
    Ok(by_path)
}

/// Targets of a workbook's relations, by their ids.
pub fn relations(xml: &[u8]) -> HashMap<String, String> {
    let all = elements(xml, "Relationship", ["Id", "Target"]);
    all.into_iter().map(|[id, target]| (id, target)).collect()
}

/// The attributes of every element of a name.
fn elements<const N: usize>(xml: &[u8], element: &str, names: [&str; N]) -> Vec<[String; N]> {
    let mut reader = quick_xml::Reader::from_reader(xml);
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

/// An attribute's value.
pub fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name)?;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(|value| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_without_a_result_are_found_by_their_tags() {
        let xml = r#"<sheetData><row r="1"><c r="A1" s="3"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f><v></v></c>
            <c r="C1"><f t="shared" si="0"/></c><c s="1" r="D1"/><c r="E1"><v>4</v></c><c r="F1"><f>A1</f></c>
            <c r="G1" t="inlineStr"><f>A1</f><is><t>x</t></is></c><c r="H1"><f>""</f><v/></c></row></sheetData>
            <dataValidation><formula1>A1</formula1></dataValidation>"#;
        let mut prefixed = xml.replace("</", "</x:");
        for name in [
            "sheetData",
            "row",
            "c ",
            "f>",
            "f ",
            "v>",
            "v/",
            "is>",
            "t>",
            "formula1",
        ] {
            prefixed = prefixed.replace(&format!("<{name}"), &format!("<x:{name}"));
        }
        for xml in [xml, &prefixed] {
            let found = formulas_without_result(xml.as_bytes());
            let mut found: Vec<Position> = found.into_iter().collect();
            found.sort_unstable();
            assert_eq!(found, [(0, 1), (0, 2), (0, 5), (0, 7)], "{xml}");
        }
        for broken in [
            "<",
            "<c",
            "<c r=",
            "<c r=\"A1\"><f",
            "<c r=\"A1\"><f></c",
            "</c></c>",
            "<:/c>",
        ] {
            formulas_without_result(broken.as_bytes());
        }
    }
}
