//! What a workbook contains before a client answers: the printed content of its cells.

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Printed {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A formula whose result is empty.
    EmptyResult,
}

/// The printed content of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedSheet {
    /// The name of the sheet.
    pub name: String,
    /// Row and column, from 0, and content, in the order of writing. Empty cells are left out.
    pub cells: Vec<((u32, u16), Printed)>,
}

impl PrintedSheet {
    /// Creates a sheet without content.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            cells: Vec::new(),
        }
    }

    /// Adds a text, unless it is empty.
    pub fn push_text(&mut self, row: u32, column: u16, text: &str) {
        if !text.is_empty() {
            let text = Printed::Text(text.to_owned());
            self.cells.push(((row, column), text));
        }
    }

    /// Adds a number.
    pub fn push_number(&mut self, row: u32, column: u16, number: f64) {
        self.cells.push(((row, column), Printed::Number(number)));
    }

    /// Adds the result of a formula, which is a number if it reads as one.
    pub fn push_result(&mut self, row: u32, column: u16, result: &str) {
        match result.parse() {
            Ok(number) => self.push_number(row, column, number),
            Err(_) if result.is_empty() => self.cells.push(((row, column), Printed::EmptyResult)),
            Err(_) => self.push_text(row, column, result),
        }
    }
}
