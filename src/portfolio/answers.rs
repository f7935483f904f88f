//! Every answer of every client in long form, for pivot tables.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::grid::{Book, MOST_ROWS, heading};
use crate::plan::{AnswerLine, Question};
use crate::text::for_cell;

const HEADINGS: [(&str, f64); 11] = [
    ("Client", 30.0),
    ("File", 26.0),
    ("Worksheet", 30.0),
    ("Section", 28.0),
    ("Question", 36.0),
    ("State", 13.0),
    ("Number", 14.0),
    ("Text", 60.0),
    ("Cell", 24.0),
    ("As typed, if otherwise", 30.0),
    ("Field", 44.0),
];

/// The sheets under way.
pub struct Answers {
    /// Worksheet, section, label and id of each question.
    questions: Vec<[String; 4]>,
    sheets: Vec<Worksheet>,
    /// Rows written on the last sheet.
    row: usize,
    /// Whether all texts fit into memory, so that the file can hold each once.
    few: bool,
}

impl Answers {
    /// Begins the list of at most so many clients' answers.
    pub fn begin(
        book: &mut Book,
        questions: &[Question],
        clients: usize,
    ) -> Result<Self, XlsxError> {
        let words = |question: &Question| {
            let Question {
                id,
                sheet,
                section,
                label,
            } = question;
            [sheet, section, label, id].map(|word| for_cell(word))
        };
        let few = clients.saturating_mul(questions.len()) <= MOST_ROWS;
        Ok(Self {
            questions: questions.iter().map(words).collect(),
            sheets: vec![begin_sheet(book, few)?],
            row: 0,
            few,
        })
    }

    /// Adds a client's answers.
    pub fn client(
        &mut self,
        book: &mut Book,
        client: &str,
        file: &str,
        lines: &[AnswerLine],
    ) -> Result<(), XlsxError> {
        let (client, file) = (for_cell(client), for_cell(file));
        for (question, line) in self.questions.iter().zip(lines) {
            if self.row == MOST_ROWS {
                self.row = 0;
                self.sheets.push(begin_sheet(book, self.few)?);
            }
            self.row += 1;
            if let Some(sheet) = self.sheets.last_mut() {
                write_line(sheet, self.row as u32, [&client, &file], question, line)?;
            }
        }
        Ok(())
    }

    /// The sheets, after the last client.
    pub fn end(mut self) -> Result<Vec<Worksheet>, XlsxError> {
        let last = self.sheets.len() - 1;
        for (index, sheet) in self.sheets.iter_mut().enumerate() {
            let rows = if index == last { self.row } else { MOST_ROWS };
            let columns = HEADINGS.len() as u16 - 1;
            sheet.autofilter(0, 0, rows.max(1) as u32, columns)?;
        }
        Ok(self.sheets)
    }
}

fn begin_sheet(book: &mut Book, few: bool) -> Result<Worksheet, XlsxError> {
    let mut sheet = if few {
        book.sheet("Answers")?
    } else {
        book.plain_sheet("Answers")?
    };
    sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 1)?;
    let format = heading();
    for (column, (heading, width)) in HEADINGS.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
        sheet.write_string_with_format(0, column as u16, *heading, &format)?;
    }
    Ok(sheet)
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    [client, file]: [&str; 2],
    [worksheet, section, label, id]: &[String; 4],
    line: &AnswerLine,
) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, client)?;
    sheet.write_string(row, 1, file)?;
    sheet.write_string(row, 2, worksheet)?;
    sheet.write_string(row, 3, section)?;
    sheet.write_string(row, 4, label)?;
    sheet.write_string(row, 5, line.state.word())?;
    if let Some(number) = line.number.filter(|number| number.is_finite()) {
        sheet.write_number(row, 6, number)?;
    }
    if !line.text.is_empty() {
        sheet.write_string(row, 7, for_cell(&line.text))?;
    }
    if let Some(place) = &line.place {
        sheet.write_string(row, 8, for_cell(&place.to_string()))?;
    }
    // Where it was read as it was typed, the text says it all.
    if !line.raw.is_empty() && line.raw != line.text {
        sheet.write_string(row, 9, for_cell(&line.raw))?;
    }
    sheet.write_string(row, 10, id)?;
    Ok(())
}
