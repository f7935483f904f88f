//! Reads comments and text boxes, which calamine does not read. Parts that cannot be read are ignored, because
//! remarks are not answers.

use quick_xml::events::Event;

use super::xlsx::structure::{Relation, Structure, attribute, push_entity};
use super::{Position, xls, xlsb};
use crate::excel::parse_cell;
use crate::intake::format::Format;
use crate::intake::package::Package;
use crate::text::clean_text;

/// Maximum number of remarks per workbook, and maximum size of the part that contains them, in bytes.
const MAX_COUNT: usize = 5_000;
const MAX_SIZE: u64 = 4 << 20;
/// Maximum size of the content of an ods, in bytes.
const MAX_CONTENT_SIZE: u64 = 16 << 20;
/// Start of the note that Excel adds to a threaded comment for programs that support only notes.
const CONVERSATION: &str = "[Threaded comment]";
const FIRST_WORDS: &str = "Comment:";

/// A comment or a text box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The name of the sheet.
    pub sheet: String,
    /// Row and column. For a text box, the cell at its upper left corner, if known.
    pub at: Option<Position>,
    /// The author. Empty if the file does not contain one.
    pub author: String,
    /// The text of the remark.
    pub text: String,
}

impl Remark {
    /// Returns the remarks of a workbook in sheet order.
    pub fn all(format: Format, bytes: &[u8], package: Option<&Package>) -> Vec<Self> {
        let mut all = match (format, package) {
            (Format::Xlsx, Some(package)) => in_xlsx(package),
            (Format::Xlsb, Some(package)) => in_xlsb(package),
            (Format::Ods, Some(package)) => in_ods(package),
            (Format::Xls, _) => in_xls(bytes),
            (_, None) => None,
        }
        .unwrap_or_default();
        all.retain(|remark| !remark.text.is_empty());
        all.truncate(MAX_COUNT);
        all
    }
}

fn in_xlsx(package: &Package) -> Option<Vec<Remark>> {
    let mut all = Vec::new();
    for sheet in Structure::of(package).sheets {
        of_sheet(package, &sheet.path, &sheet.name, notes, &mut all);
    }
    Some(all)
}

fn in_xlsb(package: &Package) -> Option<Vec<Remark>> {
    let mut all = Vec::new();
    for (name, path) in xlsb::sheets(package)? {
        of_sheet(package, &path, &name, xlsb::notes, &mut all);
    }
    Some(all)
}

/// Reads the comments of one part.
type ReadNotes = fn(&[u8], &str, &mut Vec<Remark>) -> Option<()>;

/// Adds the remarks in the parts that a sheet refers to.
fn of_sheet(package: &Package, path: &str, sheet: &str, notes: ReadNotes, all: &mut Vec<Remark>) {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let mut related = Relation::all(package, &format!("{folder}/_rels/{file}.rels"), folder);
    related.sort_by(|a, b| a.target.cmp(&b.target));
    for relation in related {
        let is_note = relation.kind.ends_with("/comments");
        if all.len() >= MAX_COUNT || !(is_note || relation.kind.ends_with("/drawing")) {
            continue;
        }
        let Some(part) = package.text(&relation.target, MAX_SIZE) else {
            continue;
        };
        // If a part is damaged, what was read before the error is used.
        let _ = match is_note {
            true => notes(&part, sheet, all),
            false => text_boxes(&part, sheet, all),
        };
    }
}

/// Reads the texts in the shapes of a drawing (ECMA-376 20.5.2).
fn text_boxes(xml: &[u8], sheet: &str, all: &mut Vec<Remark>) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let (mut text, mut digits) = (String::new(), String::new());
    let mut from = [None; 2];
    let (mut in_from, mut in_body, mut in_text) = (false, false, false);
    while all.len() < MAX_COUNT {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Eof => break,
            Event::Start(start) => match start.local_name().as_ref() {
                "from" => in_from = true,
                "txBody" => in_body = true,
                "t" if in_body => in_text = true,
                "row" | "col" => digits.clear(),
                _ => {}
            },
            Event::Text(piece) if in_text => text.push_str(&piece.xml10_content()),
            Event::Text(piece) if in_from => digits.push_str(&piece.xml10_content()),
            Event::GeneralRef(name) if in_text => push_entity(&name, &mut text),
            Event::End(end) => match end.local_name().as_ref() {
                "row" if in_from => from[0] = digits.trim().parse().ok(),
                "col" if in_from => from[1] = digits.trim().parse().ok(),
                "from" => in_from = false,
                "t" => in_text = false,
                "p" if in_body => text.push('\n'),
                "txBody" => {
                    in_body = false;
                    all.push(Remark {
                        sheet: sheet.to_owned(),
                        at: from[0].zip(from[1]),
                        author: String::new(),
                        text: clean_text(&std::mem::take(&mut text)),
                    });
                }
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
    Some(())
}

fn in_xls(bytes: &[u8]) -> Option<Vec<Remark>> {
    let all = xls::remarks(bytes)?;
    let all = all.into_iter().map(|(sheet, remark)| Remark {
        sheet,
        at: remark.at,
        author: clean_text(&remark.author),
        text: clean_text(&remark.text),
    });
    Some(all.collect())
}

/// Reads the notes of one part (ECMA-376 18.7).
fn notes(xml: &[u8], sheet: &str, all: &mut Vec<Remark>) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut authors: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut open: Option<(Position, String)> = None;
    while all.len() < MAX_COUNT {
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
                        all.push(Remark {
                            sheet: sheet.to_owned(),
                            at: Some(at),
                            author,
                            text: clean_text(said),
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

/// Reads annotations and text boxes (OpenDocument 1.3, 14.1 and 10.4.3).
fn in_ods(package: &Package) -> Option<Vec<Remark>> {
    let xml = package.part("content.xml", MAX_CONTENT_SIZE).ok()?;
    let mut reader = quick_xml::Reader::from_reader(xml.as_slice());
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut all = Vec::new();
    let (mut sheet, mut text, mut author) = (String::new(), String::new(), String::new());
    let (mut row, mut column, mut rows, mut columns) = (0u32, 0u32, 0u32, 0u32);
    let mut inside = false;
    while all.len() < MAX_COUNT {
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
                "office:annotation" | "draw:text-box" | "draw:custom-shape" => {
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
                "dc:creator" if inside => author = clean_text(&std::mem::take(&mut text)),
                "dc:date" if inside => text.clear(),
                "office:annotation" | "draw:text-box" | "draw:custom-shape" if inside => {
                    inside = false;
                    all.push(Remark {
                        sheet: sheet.clone(),
                        at: Some((row, column)),
                        author: std::mem::take(&mut author),
                        text: clean_text(&text),
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
