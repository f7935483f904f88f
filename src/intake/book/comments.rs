//! Comments that stand on cells, which calamine does not read: of xlsx and ods. They are looked for only where a workbook is
//! handed back, and read as text.

use quick_xml::events::Event;

use super::Position;
use super::reference::parse_cell;
use super::xlsx::{attribute, relations, sheets_by_path};
use crate::intake::format::Format;
use crate::intake::package::Package;
use crate::text::tidy;

/// Most comments of one workbook, and the largest part they are read from, in bytes.
const MOST: usize = 5_000;
const LARGEST: u64 = 4 << 20;
/// Largest content of an ods.
const LARGEST_CONTENT: u64 = 16 << 20;
/// What precedes the copy of a conversation that Excel leaves for programs that know notes alone.
const CONVERSATION: &str = "[Threaded comment]";
const FIRST_WORDS: &str = "Comment:";

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The sheet's name.
    pub sheet: String,
    /// Row and column.
    pub at: Position,
    /// Who wrote it, as far as it says.
    pub author: String,
    /// What it says.
    pub text: String,
}

impl Comment {
    /// The comments of a workbook. What cannot be read has none: its answers are what counts.
    pub fn all(format: Format, package: &Package) -> Vec<Self> {
        let mut all = match format {
            Format::Xlsx => in_xlsx(package),
            Format::Ods => in_ods(package),
            Format::Xlsb | Format::Xls => None,
        }
        .unwrap_or_default();
        all.retain(|comment| !comment.text.is_empty());
        all
    }
}

fn in_xlsx(package: &Package) -> Option<Vec<Comment>> {
    let mut all = Vec::new();
    let mut sheets: Vec<(String, String)> = sheets_by_path(package).ok()?.into_iter().collect();
    sheets.sort_unstable();
    for (path, sheet) in sheets {
        let Some((folder, file)) = path.rsplit_once('/') else {
            continue;
        };
        let related = format!("{folder}/_rels/{file}.rels");
        if !package.has(&related) {
            continue;
        }
        let mut targets: Vec<String> = relations(&package.part(&related, LARGEST).ok()?)
            .into_values()
            .filter(|target| target.contains("comments") && !target.contains("hreaded"))
            .collect();
        targets.sort_unstable();
        for target in targets {
            let path = match target.strip_prefix("../") {
                Some(rest) => format!("xl/{rest}"),
                None => target.trim_start_matches('/').to_owned(),
            };
            if all.len() < MOST && package.has(&path) {
                notes(&package.part(&path, LARGEST).ok()?, &sheet, &mut all)?;
            }
        }
    }
    Some(all)
}

/// The notes of one part (ECMA-376 18.7).
fn notes(xml: &[u8], sheet: &str, all: &mut Vec<Comment>) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut authors: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut open: Option<(Position, String)> = None;
    while all.len() < MOST {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Eof => break,
            Event::Start(start) => match start.local_name().as_ref() {
                "author" => text.clear(),
                "comment" => {
                    text.clear();
                    let author = attribute(&start, "authorId").and_then(|id| {
                        let id: usize = id.parse().ok()?;
                        authors.get(id).cloned()
                    });
                    open = attribute(&start, "ref")
                        .and_then(|cell| parse_cell(&cell))
                        .map(|at| (at, author.unwrap_or_default()));
                }
                _ => {}
            },
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(name) => push_entity(&name, &mut text),
            Event::End(end) => match end.local_name().as_ref() {
                "author" => authors.push(std::mem::take(&mut text)),
                "comment" => {
                    if let Some((at, author)) = open.take() {
                        let said = match text.split_once(FIRST_WORDS) {
                            Some((head, said)) if head.starts_with(CONVERSATION) => said,
                            _ => &text,
                        };
                        all.push(Comment {
                            sheet: sheet.to_owned(),
                            at,
                            author,
                            text: tidy(said),
                        });
                    }
                }
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
    Some(())
}

/// Annotations within cells (OpenDocument 1.3, 14.1).
fn in_ods(package: &Package) -> Option<Vec<Comment>> {
    let xml = package.part("content.xml", LARGEST_CONTENT).ok()?;
    let mut reader = quick_xml::Reader::from_reader(xml.as_slice());
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut all = Vec::new();
    let (mut sheet, mut text, mut author) = (String::new(), String::new(), String::new());
    let (mut row, mut column, mut rows, mut columns) = (0u32, 0u32, 0u32, 0u32);
    let mut inside = false;
    while all.len() < MOST {
        let repeated = |start: &quick_xml::events::BytesStart, name: &str| {
            attribute(start, name).map_or(1, |count| count.parse().unwrap_or(1))
        };
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Eof => break,
            Event::Start(start) => match start.name().as_ref() {
                "table:table" => {
                    sheet = attribute(&start, "table:name").unwrap_or_default();
                    row = 0;
                }
                "table:table-row" => {
                    column = 0;
                    rows = repeated(&start, "table:number-rows-repeated");
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    columns = repeated(&start, "table:number-columns-repeated");
                }
                "office:annotation" => {
                    inside = true;
                    text.clear();
                    author.clear();
                }
                "dc:creator" | "dc:date" | "text:p" if inside && !text.is_empty() => {
                    text.push('\n');
                }
                _ => {}
            },
            Event::Text(piece) if inside => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(name) if inside => push_entity(&name, &mut text),
            Event::End(end) => match end.name().as_ref() {
                "dc:creator" if inside => author = tidy(&std::mem::take(&mut text)),
                "dc:date" if inside => text.clear(),
                "office:annotation" => {
                    inside = false;
                    all.push(Comment {
                        sheet: sheet.clone(),
                        at: (row, column),
                        author: std::mem::take(&mut author),
                        text: tidy(&text),
                    });
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    column = column.saturating_add(columns);
                }
                "table:table-row" => row = row.saturating_add(rows),
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
    Some(all)
}

/// The character that an entity stands for; those of XML itself alone.
fn push_entity(name: &quick_xml::events::BytesRef, text: &mut String) {
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
