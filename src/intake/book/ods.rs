//! Reads OpenDocument spreadsheets.
//!
//! Calamine allocates every repeated cell and row, and does not stop if the file ends inside a table. The content is
//! therefore checked first: it must be well-formed to its end, declare no entities, and stay within the cell limit.
//! The same pass writes the content for calamine, which contains only tables, rows, cells, and their texts. Calamine
//! rejects anything else between cells, including white space. It reads row groups, tracked changes, and drawings as
//! cells, and joins struck-out text with the rest of the text.

use std::collections::{HashMap, HashSet};
use std::io::Cursor;

use calamine::{Ods, OdsError, Reader};
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};

use super::collector::{Collector, MAX_AREA, far_cell};
use super::content::{Epoch, Parts, STRUCK_MARK};
use super::xlsx::structure::{attribute, push_entity};
use super::{Content, Look, ParsedWorkbook, Position, Shown};
use crate::intake::IntakeError;
use crate::intake::package::{Package, Packer};

/// Maximum number of spaces that one element represents.
const MAX_SPACES: u64 = 10_000;
/// Maximum nesting depth of elements.
const MAX_DEPTH: usize = 256;
/// Maximum length of the displayed text of a number, in bytes.
const MAX_SHOWN_LENGTH: usize = 400;

pub fn read(bytes: Vec<u8>) -> Result<ParsedWorkbook, IntakeError> {
    let damaged = |error: OdsError| match error {
        OdsError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let package = Package::open(&bytes)?;
    let mut packer = Packer::for_parts(&package, |name| name == "content.xml");
    let content = packer.unpack(&package, "content.xml")?;
    drop(package);
    drop(bytes);
    let (content, mut tables) = Pass::over(&content)?;
    packer.add(
        "mimetype",
        b"application/vnd.oasis.opendocument.spreadsheet",
    )?;
    packer.add("META-INF/manifest.xml", b"<manifest/>")?;
    packer.add("content.xml", content.as_bytes())?;
    drop(content);
    let mut ods: Ods<_> = Ods::new(Cursor::new(packer.finish()?)).map_err(damaged)?;
    let names = ods.defined_names().to_vec();
    let mut collector = Collector::new(tables.len())?;
    for (index, table) in tables.iter_mut().enumerate() {
        let range = ods.worksheet_range(&index.to_string()).map_err(damaged)?;
        let start = range.start().unwrap_or_default();
        collector.begin(&table.name);
        for (row, column, value) in range.used_cells() {
            let at = (start.0 + row as u32, start.1 + column as u32);
            let look = table.looks.remove(&at).unwrap_or_default();
            if let Some(content) = Content::from_data(value, look, Epoch::default()) {
                collector.keep(at, content, table.struck.contains(&at))?;
            }
        }
        for at in &table.unresolved {
            collector.keep(*at, Content::Unresolved, false)?;
        }
        collector.end();
    }
    // The defined names refer to the tables by their original names.
    Ok(collector.book(&names, Epoch::default()))
}

/// What calamine does not report about a table.
#[derive(Default)]
struct Table {
    name: String,
    looks: HashMap<Position, Look>,
    struck: HashSet<Position>,
    unresolved: Vec<Position>,
}

/// The position of the pass within a table.
#[derive(Default)]
struct Cursors {
    row: u64,
    column: u64,
    rows: u64,
    /// One past the last column with content in the current row, and the maximum of this value in the table.
    last: u64,
    widest: u64,
    /// Number of cells that calamine allocates while it reads.
    laid_out: u64,
    first_row: Option<u64>,
}

/// The open cell.
struct OpenCell {
    at: Position,
    /// How the number of the cell is shown. `None` for text.
    shown: Option<Shown>,
    text: String,
    struck: String,
    /// Whether the closing tag of a paragraph is still to be written.
    paragraph: bool,
    /// Whether the reader is inside a paragraph. White space between elements is not text.
    in_paragraph: bool,
}

/// One pass over the content, which writes the content for calamine and collects what calamine does not report.
#[derive(Default)]
struct Pass {
    out: String,
    tables: Vec<Table>,
    cursors: Cursors,
    /// Names of styles that strike out text.
    strikes: HashSet<String>,
    style: String,
    cell: Option<OpenCell>,
    /// Whether each open span is struck out.
    spans: Vec<bool>,
    /// Nesting depth inside a skipped element, or 0.
    invalid_cells: usize,
    in_table: bool,
    in_row: bool,
    depth: usize,
}

impl Pass {
    fn over(xml: &[u8]) -> Result<(String, Vec<Table>), IntakeError> {
        let mut reader = quick_xml::Reader::from_reader(xml);
        reader.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        let mut pass = Self::default();
        pass.out.push_str("<office:document-content>");
        loop {
            let event = reader
                .read_event_into(&mut buffer)
                .map_err(|error| IntakeError::damaged(&error))?;
            match event {
                Event::Eof if pass.depth == 0 => break,
                Event::Eof => return Err(IntakeError::Damaged("it ends in the middle".into())),
                Event::DocType(_) => {
                    return Err(IntakeError::Damaged(
                        "it declares entities of its own".into(),
                    ));
                }
                Event::Start(start) => {
                    pass.depth += 1;
                    if pass.depth > MAX_DEPTH {
                        return Err(IntakeError::Excessive("it is nested too deeply".into()));
                    }
                    pass.start(&start)?;
                }
                Event::End(end) => {
                    pass.depth = pass.depth.saturating_sub(1);
                    pass.end(end.name().as_ref())?;
                }
                Event::Text(text) => pass.text(&text.xml10_content()),
                Event::CData(text) => pass.text(&text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let mut text = String::new();
                    push_entity(&entity, &mut text);
                    pass.text(&text);
                }
                _ => {}
            }
            buffer.clear();
        }
        pass.out.push_str("</office:document-content>");
        Ok((pass.out, pass.tables))
    }

    fn start(&mut self, start: &BytesStart) -> Result<(), IntakeError> {
        if self.invalid_cells > 0 {
            self.invalid_cells += 1;
            return Ok(());
        }
        let name = start.name();
        match name.as_ref() {
            "style:style" => self.style = attribute(start, "style:name").unwrap_or_default(),
            "style:text-properties" => {
                let line = |name: &str| attribute(start, name).is_some_and(|line| line != "none");
                if line("style:text-line-through-style") || line("style:text-line-through-type") {
                    self.strikes.insert(self.style.clone());
                }
            }
            "table:table" if !self.in_table => {
                self.table(start);
                Collector::new(self.tables.len())?;
            }
            "table:named-expressions" if !self.in_table => {
                self.out.push_str("<table:named-expressions>");
            }
            "table:named-range" if !self.in_table => self.named_range(start),
            "table:table-row" if self.in_table => {
                self.in_row = true;
                self.cursors.column = 0;
                self.cursors.last = 0;
                self.cursors.rows = number(start, "table:number-rows-repeated", 1_048_576)?;
                self.open("table:table-row", start, &["table:number-rows-repeated"]);
            }
            "table:table-cell" | "table:covered-table-cell" if self.in_row => self.cell(start)?,
            "text:p" | "text:h" if self.cell.is_some() => self.paragraph(),
            "text:span" if self.cell.is_some() => {
                let style = attribute(start, "text:style-name").unwrap_or_default();
                let is_struck = self.strikes.contains(&style) || self.is_struck();
                self.spans.push(is_struck);
            }
            "text:s" => {
                let spaces = number(start, "text:c", u64::MAX)?;
                if spaces > MAX_SPACES {
                    return Err(IntakeError::Excessive("a text is too long".into()));
                }
                self.text(&" ".repeat(spaces as usize));
            }
            "text:tab" => self.text("\t"),
            "text:line-break" => self.text("\n"),
            // Wrappers around texts, rows, and columns contain no text of their own.
            "text:a" | "text:list" | "text:list-item" => {}
            other if self.cell.is_some() || is_skipped_element(other) => self.invalid_cells = 1,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), IntakeError> {
        if self.invalid_cells > 0 {
            self.invalid_cells -= 1;
            return Ok(());
        }
        match name {
            "table:table" if self.in_table => {
                self.in_table = false;
                self.out.push_str("</table:table>");
            }
            "table:named-expressions" if !self.in_table => {
                self.out.push_str("</table:named-expressions>");
            }
            "table:table-row" if self.in_row => {
                self.in_row = false;
                let name = self.tables.last().map_or("", |table| table.name.as_str());
                end_row(&mut self.cursors, name)?;
                self.out.push_str("</table:table-row>");
            }
            "table:table-cell" | "table:covered-table-cell" => self.end_cell(name),
            "text:span" if self.cell.is_some() => {
                self.spans.pop();
            }
            "text:p" | "text:h" => {
                if let Some(cell) = &mut self.cell {
                    cell.in_paragraph = false;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes the start tag of an element with only the listed attributes.
    fn open(&mut self, name: &str, start: &BytesStart, attributes: &[&str]) {
        self.out.push('<');
        self.out.push_str(name);
        for attribute in start.attributes().flatten() {
            let key = attribute.key.as_ref();
            if attributes.contains(&key) {
                let value = attribute.value.replace('"', "&quot;");
                self.out.push_str(&format!(" {key}=\"{value}\""));
            }
        }
        self.out.push('>');
    }

    /// Begins a table. Its name is its number, because calamine merges tables with the same name.
    fn table(&mut self, start: &BytesStart) {
        self.in_table = true;
        self.in_row = false;
        self.cursors = Cursors::default();
        let number = self.tables.len();
        self.out
            .push_str(&format!("<table:table table:name=\"{number}\">"));
        self.tables.push(Table {
            name: attribute(start, "table:name").unwrap_or_default(),
            ..Table::default()
        });
    }

    fn named_range(&mut self, start: &BytesStart) {
        let names = ["table:name", "table:cell-range-address"];
        self.open("table:named-range", start, &names);
        self.out.push_str("</table:named-range>");
    }

    fn cell(&mut self, start: &BytesStart) -> Result<(), IntakeError> {
        let Some(table) = self.tables.last_mut() else {
            return Ok(());
        };
        let cursors = &mut self.cursors;
        let repeated = number(start, "table:number-columns-repeated", 16_384)?;
        let (mut kind, mut currency, mut style) = (None, None, None);
        let (mut formula, mut filled) = (false, false);
        for (name, value) in start.attributes().flatten().map(|a| (a.key, a.value)) {
            match name.as_ref() {
                "office:value-type" => kind = Some(value.to_string()),
                "office:currency" => currency = Some(crate::text::shorten(&value, 12)),
                "table:style-name" => style = Some(value.to_string()),
                "table:formula" => formula = true,
                "office:value"
                | "office:string-value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value" => filled = true,
                _ => {}
            }
        }
        let at = place(cursors);
        let shown = match kind.as_deref() {
            Some("percentage") => Some(Shown::Percent),
            Some("currency") => Some(Shown::Money(currency.unwrap_or_default())),
            Some("date") => Some(Shown::Moment(Parts::DATE)),
            Some("time") => Some(Shown::Moment(Parts::TIME)),
            Some("float") => Some(Shown::Plain),
            _ => None,
        };
        if shown == Some(Shown::Percent) {
            for offset in 1..repeated.min(64) {
                let look = Look::by_text(Shown::Percent, "");
                table.looks.insert((at.0, at.1 + offset as u32), look);
            }
        }
        if style.is_some_and(|style| self.strikes.contains(&style)) && (kind.is_some() || filled) {
            table.struck.insert(at);
        }
        if formula && kind.is_none() && !filled {
            table.unresolved.push(at);
        }
        // Calamine also stops at the maximum width of a sheet.
        cursors.column = (cursors.column + repeated).min(16_384);
        if kind.is_some() || formula || filled {
            cursors.last = cursors.column;
        }
        self.cell = Some(OpenCell {
            at,
            shown,
            text: String::new(),
            struck: String::new(),
            paragraph: false,
            in_paragraph: false,
        });
        self.open(
            start.name().as_ref(),
            start,
            &[
                "table:number-columns-repeated",
                "table:formula",
                "calcext:value-type",
                "office:value-type",
                "office:value",
                "office:string-value",
                "office:date-value",
                "office:time-value",
                "office:boolean-value",
            ],
        );
        Ok(())
    }

    fn end_cell(&mut self, name: &str) {
        let Some(cell) = self.cell.take() else { return };
        self.spans.clear();
        if !cell.struck.is_empty() {
            let paragraph = if cell.paragraph { "" } else { "<text:p>" };
            self.out.push_str(paragraph);
            self.out.push(STRUCK_MARK);
            self.out.push_str(&escape(cell.struck.as_str()));
            self.out.push_str("</text:p>");
        } else if cell.paragraph {
            self.out.push_str("</text:p>");
        }
        self.out.push_str(&format!("</{name}>"));
        if let (Some(table), Some(shown)) = (self.tables.last_mut(), cell.shown) {
            let text = crate::text::clean_text(&cell.text);
            table.looks.insert(cell.at, Look::by_text(shown, &text));
        }
    }

    fn paragraph(&mut self) {
        if let Some(cell) = &mut self.cell {
            if cell.paragraph {
                self.out.push_str("</text:p>");
            }
            cell.paragraph = true;
            cell.in_paragraph = true;
            self.spans.clear();
            self.out.push_str("<text:p>");
        }
    }

    fn is_struck(&self) -> bool {
        self.spans.last().copied().unwrap_or(false)
    }

    fn text(&mut self, text: &str) {
        let is_struck = self.is_struck();
        let Some(cell) = &mut self.cell else { return };
        if self.invalid_cells > 0 || !cell.in_paragraph {
            return;
        }
        if is_struck {
            cell.struck.push_str(text);
            return;
        }
        if cell.shown.is_some() && cell.text.len() < MAX_SHOWN_LENGTH {
            cell.text.push_str(text);
        }
        // Tabs and line breaks are written as characters. Calamine keeps the characters, but ignores the elements.
        self.out.push_str(&escape(text));
    }
}

/// Returns whether an element is skipped because it may contain the rows of another table.
fn is_skipped_element(name: &str) -> bool {
    matches!(
        name,
        "table:tracked-changes"
            | "table:shapes"
            | "table:dde-links"
            | "table:consolidation"
            | "table:data-pilot-tables"
            | "office:forms"
            | "office:event-listeners"
            | "text:sequence-decls"
    )
}

/// Adds a row and its repetitions to the allocated area and checks the limit.
fn end_row(cursors: &mut Cursors, table: &str) -> Result<(), IntakeError> {
    let far = |cursors: &Cursors| far_cell(table, (cursors.row as u32, cursors.widest as u32));
    cursors.laid_out = cursors.laid_out.saturating_add(cursors.last);
    if cursors.last > 0 {
        cursors.widest = cursors.widest.max(cursors.last);
        let first = *cursors.first_row.get_or_insert(cursors.row);
        let rows = cursors.row + cursors.rows - first;
        if rows.saturating_mul(cursors.widest) > MAX_AREA || cursors.laid_out > MAX_AREA {
            return Err(far(cursors));
        }
    }
    cursors.row += cursors.rows;
    Ok(())
}

fn place(cursors: &Cursors) -> Position {
    (cursors.row as u32, cursors.column as u32)
}

/// Returns the value of a repeat attribute, at most `most`, or 1 if the attribute is missing.
fn number(start: &BytesStart, name: &str, most: u64) -> Result<u64, IntakeError> {
    match attribute(start, name) {
        None => Ok(1),
        Some(digits) => digits
            .trim()
            .parse::<u64>()
            .map(|count| count.min(most))
            .map_err(|_| IntakeError::Damaged("a count in it is no number".into())),
    }
}
