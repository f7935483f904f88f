//! Reads Office Open XML workbooks: xlsx and xlsm.
//!
//! Calamine gets a new package: the cells of each sheet, the shared strings, and the few parts that lead to them. The
//! rest is omitted, so that it cannot make calamine reject the workbook. Each step works around a behavior of
//! calamine:
//!
//! | step | behavior of calamine 0.38 |
//! | --- | --- |
//! | the workbook part is rewritten | rejects unknown sheet states and macro sheets |
//! | the relations are rewritten | rejects sheets without a relation and a missing `_rels/.rels` |
//! | only `sheetData` of a sheet is kept | rejects `<dimension ref="1:4"/>` |
//! | unsupported error values are marked | rejects `#SPILL!`, `#CALC!`, `#BUSY!` |
//! | extensions in cells are removed | rejects any element except `f`, `v`, and `is` |
//! | struck-out runs are separated from the text | joins them with the text |
//! | styles are read here | allocates memory for every named style; dates lose their format |
//! | parts in other encodings are converted to UTF-8 | reads them as if they were UTF-8 |

mod sheet_part;
pub mod structure;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use self::sheet_part::{mark_struck, prepare};
use self::structure::Structure;
use super::collector::Collector;
use super::{Content, LAST_META_ROW, ParsedWorkbook, Position, is_mark};
use crate::intake::IntakeError;
use crate::intake::package::{Package, Packer};

/// Returns whether a part contains answers or leads to them. Other parts are not unpacked.
pub fn is_wanted(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    (name.contains("worksheets/") && file.ends_with(".xml"))
        || file.starts_with("workbook.xml")
        || matches!(file, "sharedstrings.xml" | "styles.xml")
}

pub fn read(package: Package) -> Result<ParsedWorkbook, IntakeError> {
    let damaged = |error: XlsxError| IntakeError::damaged(&error);
    let structure = Structure::of(&package);
    Collector::new(structure.sheets.len())?;
    let styles = structure.styles(&package);
    let mut packer = Packer::for_parts(&package, is_wanted);
    let mut unresolved: Vec<HashSet<Position>> = Vec::new();
    let mut names = Vec::new();
    if let Some(path) = &structure.strings {
        let strings = mark_struck(packer.unpack(&package, path)?, "si");
        packer.add("xl/sharedStrings.xml", &strings)?;
    }
    for sheet in &structure.sheets {
        let part = packer.unpack(&package, &sheet.path)?;
        // A chart or a dialog has no cells.
        if let Some((part, cells)) = prepare(part) {
            packer.add(&format!("xl/worksheets/{}.xml", names.len()), &part)?;
            unresolved.push(cells);
            names.push(sheet.name.as_str());
        }
    }
    drop(package);
    for (path, part) in frame(names.len()) {
        packer.add(path, part.as_bytes())?;
    }
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(packer.finish()?)).map_err(damaged)?;
    let mut collector = Collector::new(names.len())?;
    for (index, name) in names.iter().enumerate() {
        let mut reader = xlsx
            .worksheet_cells_reader(&index.to_string())
            .map_err(damaged)?;
        let mut is_meta = false;
        collector.begin(name);
        loop {
            let (cell, style) = match reader.next_cell_with_style_id() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                // A missing text is a lost answer, and invalid XML hides the cells after it.
                Err(
                    error @ (XlsxError::Xml(_) | XlsxError::XmlEof(_) | XlsxError::Unexpected(_)),
                ) => return Err(damaged(error)),
                // Only this cell is invalid. The others are not affected.
                Err(_) => {
                    collector.count_invalid()?;
                    continue;
                }
            };
            collector.see()?;
            let at = cell.get_position();
            if is_meta && at.0 > LAST_META_ROW {
                break;
            }
            let content = match cell.get_value() {
                DataRef::Empty if unresolved[index].contains(&at) => Some(Content::Unresolved),
                DataRef::Empty => None,
                value => {
                    let look = styles.get(style).map(|(look, _)| look.clone());
                    Content::from_calamine(value, look.unwrap_or_default(), structure.epoch)
                }
            };
            if let Some(content) = content {
                is_meta |= at == (0, 0) && is_mark(&content);
                let is_struck = styles.get(style).is_some_and(|(_, struck)| *struck);
                collector.keep(at, content, is_struck)?;
            }
        }
        collector.end();
    }
    Ok(collector.book(&structure.names, structure.epoch))
}

/// Returns the parts that lead calamine to the sheets. Each sheet is named by its number.
fn frame(sheets: usize) -> [(&'static str, String); 3] {
    const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut list, mut relations) = (String::new(), String::new());
    for index in 0..sheets {
        let _ = write!(
            list,
            r#"<sheet name="{index}" sheetId="{index}" r:id="r{index}"/>"#
        );
        let _ = write!(
            relations,
            r#"<Relationship Id="r{index}" Type="{TYPE}/worksheet" Target="worksheets/{index}.xml"/>"#
        );
    }
    let root = format!(
        r#"<Relationships><Relationship Id="w" Type="{TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    [
        ("_rels/.rels", root),
        (
            "xl/workbook.xml",
            format!("<workbook><sheets>{list}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships>{relations}</Relationships>"),
        ),
    ]
}
