//! Sheets with all answers: one row per client and, if it fits on a sheet, one row per answer. Numbers and dates are
//! typed cells.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::long_table::MAX_ROWS;
use super::theme::Theme;
use crate::excel::day_number;
use crate::questionnaire::PortfolioTexts;
use crate::record::ClientRef;
use crate::record::{AnswerLine, AnswerState, AnswerType, Question};
use crate::text::{fill, for_cell};

/// Number of columns before the first question.
const FIRST: u16 = 2;
/// Maximum number of questions per sheet, from Excel's limit of 16,384 columns.
const MAX_COLUMNS: usize = 16_384 - FIRST as usize;
/// Row of the headings of the wide table.
const TOP: u32 = 5;
/// Row of the headings of the list.
const LIST_TOP: u32 = 3;

/// Number of columns of the list, and those of numbers and dates.
const HEADINGS: usize = 15;
const NUMBER: u16 = 8;
const DATE: u16 = 11;

/// Returns the headings of the list with their widths. The wide table begins with the first [`FIRST`].
fn headings(texts: &PortfolioTexts) -> [(&str, f64); HEADINGS] {
    let columns = &texts.columns;
    [
        (&columns.client, 30.0),
        (&columns.file, 26.0),
        (&columns.worksheet, 30.0),
        (&columns.section, 28.0),
        (&columns.question, 36.0),
        (&columns.field, 44.0),
        (&columns.r#type, 11.0),
        (&columns.state, 15.0),
        (&columns.number, 14.0),
        (&columns.unit, 12.0),
        (&columns.currency, 11.0),
        (&columns.date, 12.0),
        (&columns.text, 60.0),
        (&columns.cell, 24.0),
        (&columns.as_entered, 30.0),
    ]
    .map(|(heading, width)| (heading.as_str(), width))
}

/// Writer of the sheets with answers.
pub struct Answers {
    questions: Vec<Question>,
    /// Formats of each question for whole numbers and for other numbers.
    formats: Vec<[Format; 2]>,
    wide: Vec<Worksheet>,
    /// Number of clients written.
    clients: u32,
    /// The list, or `None` if it does not fit on a sheet.
    list: Option<Worksheet>,
    /// Number of rows written to the list.
    row: u32,
}

impl Answers {
    /// Begins the sheets for at most `clients` clients.
    pub fn begin(
        book: &mut WorkbookBuilder,
        questions: &[Question],
        clients: usize,
    ) -> Result<Self, XlsxError> {
        let rows = clients.saturating_mul(questions.len());
        let theme = book.theme.clone();
        let clean = |question: &Question| Question {
            id: for_cell(&question.id),
            sheet: for_cell(&question.sheet),
            section: for_cell(&question.section),
            label: for_cell(&question.label),
            ..question.clone()
        };
        let questions: Vec<Question> = questions.iter().map(clean).collect();
        let wide = questions
            .chunks(MAX_COLUMNS)
            .map(|questions| begin_wide(book, &theme, questions, rows <= MAX_ROWS))
            .collect::<Result<_, _>>()?;
        let list = (rows <= MAX_ROWS).then(|| begin_list(book, &theme));
        Ok(Self {
            formats: questions
                .iter()
                .map(|question| formats(&theme, question))
                .collect(),
            questions,
            wide,
            clients: 0,
            list: list.transpose()?,
            row: 0,
        })
    }

    /// Adds a client's answers.
    pub fn client(&mut self, client_ref: ClientRef, lines: &[AnswerLine]) -> Result<(), XlsxError> {
        let (client, file) = (for_cell(client_ref.client), for_cell(client_ref.file));
        let client_ref = ClientRef {
            client: &client,
            file: &file,
            ..client_ref
        };
        self.clients += 1;
        let row = TOP + self.clients;
        for (part, sheet) in self.wide.iter_mut().enumerate() {
            sheet
                .write_string(row, 0, &client)?
                .write_string(row, 1, &file)?;
            let first = part * MAX_COLUMNS;
            let answers = self.formats.iter().zip(lines).skip(first).take(MAX_COLUMNS);
            for (column, (([_, parts], line), question)) in
                (FIRST..).zip(answers.zip(&self.questions[first..]))
            {
                write_answer(sheet, (row, column), line, question, parts)?;
            }
        }
        if let Some(sheet) = &mut self.list {
            for ((question, format), line) in self.questions.iter().zip(&self.formats).zip(lines) {
                self.row += 1;
                let place = (LIST_TOP + self.row, client_ref);
                write_line(sheet, place, question, line, format_of(line, format))?;
            }
        }
        Ok(())
    }

    /// Returns the sheets. Call it after the last client.
    pub fn end(mut self) -> Result<Vec<Worksheet>, XlsxError> {
        for (part, sheet) in self.wide.iter_mut().enumerate() {
            let questions = (self.questions.len() - part * MAX_COLUMNS).min(MAX_COLUMNS);
            let last = FIRST + questions as u16 - 1;
            sheet.autofilter(TOP, 0, TOP + self.clients.max(1), last)?;
        }
        if let Some(sheet) = &mut self.list {
            sheet.autofilter(LIST_TOP, 0, LIST_TOP + self.row.max(1), HEADINGS as u16 - 1)?;
        }
        Ok(self.wide.into_iter().chain(self.list).collect())
    }
}

fn begin_wide(
    book: &mut WorkbookBuilder,
    theme: &Theme,
    questions: &[Question],
    listed: bool,
) -> Result<Worksheet, XlsxError> {
    // Strings are stored in their cells. A shared string table would stay in memory until the end.
    let texts = book.texts.clone();
    let mut sheet = book.inline_text_sheet(&texts.sheets.answers)?;
    let note = match listed {
        true => &texts.notes.answers,
        false => &texts.notes.answers_unlisted,
    };
    let note = fill(note, &[("list_sheet", &texts.sheets.answer_list)]);
    title(&mut sheet, theme, &texts.sheets.answers, &note)?;
    type Words = fn(&Question) -> &str;
    let heads: [(u32, Words); 3] = [
        (TOP - 3, |question| &question.sheet),
        (TOP - 2, |question| &question.section),
        (TOP - 1, |question| &question.label),
    ];
    let label = theme
        .heading
        .clone()
        .set_align(rust_xlsxwriter::FormatAlign::Top);
    for (row, words) in heads {
        let mut last = "";
        for (column, question) in (FIRST..).zip(questions) {
            let words = words(question);
            // The worksheet and the section are written only above their first question.
            if words != last || row == TOP - 1 {
                let format = if row == TOP - 1 { &label } else { &theme.label };
                sheet.write_string_with_format(row, column, words, format)?;
            }
            last = words;
        }
        if row == TOP - 1 {
            sheet.set_row_height(row, 62)?;
        }
    }
    for (column, (heading, width)) in (0..FIRST).zip(headings(&texts)) {
        sheet.set_column_width(column, width)?;
        sheet.set_column_format(column, &theme.text)?;
        sheet.write_string_with_format(TOP, column, heading, &theme.heading)?;
    }
    // Field IDs are long and have no spaces to wrap at.
    let id = theme.note.clone().set_font_size(8).set_text_wrap();
    sheet.set_row_height(TOP, 48)?;
    for (column, question) in (FIRST..).zip(questions) {
        let [whole, _] = formats(theme, question);
        sheet.set_column_width(column, width(question))?;
        sheet.set_column_format(column, column_format(theme, question, &whole))?;
        sheet.write_string_with_format(TOP, column, &question.id, &id)?;
    }
    sheet
        .set_freeze_panes(TOP + 1, 1)?
        .set_repeat_columns(0, 0)?
        .set_repeat_rows(TOP - 3, TOP)?
        // One page width per eight questions. All questions on one page would be too small to read.
        .set_print_fit_to_pages((questions.len() as u16).div_ceil(8), 0);
    Ok(sheet)
}

fn width(question: &Question) -> f64 {
    match question.answers {
        AnswerType::Text => 28.0,
        AnswerType::Choice => 18.0,
        _ => 14.0,
    }
}

/// Returns the format of a question's column in the wide table. Cells without a format take it, so that the format is
/// not looked up for each cell.
fn column_format<'f>(theme: &'f Theme, question: &Question, whole: &'f Format) -> &'f Format {
    match question.answers {
        AnswerType::Date => &theme.day,
        AnswerType::Text | AnswerType::Choice => &theme.text,
        _ => whole,
    }
}

/// Returns the formats of a question for whole numbers and for other numbers: 0 or 2 decimals, for percentages 0 or 1.
fn formats(theme: &Theme, question: &Question) -> [Format; 2] {
    match question.answers {
        AnswerType::Percent => {
            ["0%", "0.0%"].map(|format| theme.percent.clone().set_num_format(format))
        }
        _ => [theme.number(0).clone(), theme.number(2).clone()],
    }
}

/// Selects the format of a number: the first for whole numbers, the second for other numbers.
fn format_of<'f>(line: &AnswerLine, [whole, parts]: &'f [Format; 2]) -> &'f Format {
    match line.number {
        Some(number) if number.fract() != 0.0 => parts,
        _ => whole,
    }
}

fn begin_list(book: &mut WorkbookBuilder, theme: &Theme) -> Result<Worksheet, XlsxError> {
    let texts = book.texts.clone();
    let mut sheet = book.inline_text_sheet(&texts.sheets.answer_list)?;
    title(
        &mut sheet,
        theme,
        &texts.sheets.answer_list,
        &texts.notes.answer_list,
    )?;
    sheet
        .set_repeat_rows(LIST_TOP, LIST_TOP)?
        .set_freeze_panes(LIST_TOP + 1, 1)?;
    for (column, (heading, width)) in (0..).zip(headings(&texts)) {
        sheet.set_column_width(column, width)?;
        // A cell without a format takes that of its column. Formats of cells are hashed for each cell.
        let format = if column == DATE {
            &theme.day
        } else {
            &theme.text
        };
        sheet.set_column_format(column, format)?;
        sheet.write_string_with_format(LIST_TOP, column, heading, &theme.heading)?;
    }
    Ok(sheet)
}

/// Returns the number as stored in the cell: 25% is stored as 0.25.
fn cell_number(line: &AnswerLine, question: &Question) -> Option<f64> {
    let number = line.number.filter(|number| number.is_finite())?;
    Some(match question.answers {
        AnswerType::Percent => number / 100.0,
        _ => number,
    })
}

/// Writes an answer of the wide table. Text does not wrap, so that rows stay low and many are visible. Long text is
/// clipped only on screen.
fn write_answer(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    line: &AnswerLine,
    question: &Question,
    parts: &Format,
) -> Result<(), XlsxError> {
    if let Some(value) = cell_number(line, question) {
        match line.number.is_some_and(|number| number.fract() != 0.0) {
            true => sheet.write_number_with_format(row, column, value, parts)?,
            false => sheet.write_number(row, column, value)?,
        };
    } else if let Some(date) = line.day {
        sheet.write_number(row, column, day_number(date))?;
    } else if is_text(line, question) {
        sheet.write_string(row, column, for_cell(&line.text))?;
    }
    Ok(())
}

/// Returns whether the answer is text that the question asks for, and not a word for a missing answer.
fn is_text(line: &AnswerLine, question: &Question) -> bool {
    let of_words = matches!(question.answers, AnswerType::Text | AnswerType::Choice);
    of_words && line.state == AnswerState::Answered && !line.text.is_empty()
}

fn write_line(
    sheet: &mut Worksheet,
    (row, client_ref): (u32, ClientRef),
    question: &Question,
    line: &AnswerLine,
    number: &Format,
) -> Result<(), XlsxError> {
    let write = |sheet: &mut Worksheet, column: u16, words: &str| match words.is_empty() {
        true => Ok(()),
        false => sheet.write_string(row, column, words).map(drop),
    };
    let words = [
        client_ref.client,
        client_ref.file,
        &question.sheet,
        &question.section,
        &question.label,
        &question.id,
        question.answers.word(),
        line.state.word(),
    ];
    for (column, words) in (0..).zip(words) {
        write(sheet, column, words)?;
    }
    if let Some(value) = cell_number(line, question) {
        sheet.write_number_with_format(row, NUMBER, value, number)?;
    }
    // The format of a percentage shows its unit: the cell contains a fraction of 1.
    if question.answers != AnswerType::Percent {
        write(sheet, 9, &question.unit)?;
    }
    if question.answers == AnswerType::Amount {
        write(sheet, 10, client_ref.currency.unwrap_or_default())?;
    }
    if let Some(date) = line.day {
        sheet.write_number(row, DATE, day_number(date))?;
    }
    if line.state == AnswerState::Answered {
        write(sheet, 12, &for_cell(&line.text))?;
    }
    if let Some(place) = &line.place {
        write(sheet, 13, &for_cell(&place.to_string()))?;
    }
    // Write the entered text only if it differs from the text and the number.
    let same = line.raw == line.text || line.raw.parse() == Ok(line.number.unwrap_or(f64::NAN));
    if !same {
        write(sheet, 14, &for_cell(&line.raw))?;
    }
    Ok(())
}
