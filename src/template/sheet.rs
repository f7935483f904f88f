//! Writes one worksheet: title, guidance, and sections with input cells.

use rust_xlsxwriter::XlsxError;

use super::formulas::{cached, points_cell};
use super::page::{Page, Target};
use super::prefill::{Cell, Prefill};
use super::styles::{Styles, protect};
use super::validation::{unit_label, validation};
use crate::excel::{column_letters, day_number, quoted};
use crate::issue::Issue;
use crate::questionnaire::{Band, FieldKey, Kind, Questionnaire, Row, Section, Sentence};
use crate::score::Scorecard;
use crate::sheet_map::{ANSWER, HEAD_ROWS, ID, LABEL, Layout, RowKind, SheetLayout};
use crate::text;
use crate::text::cell_lines;

const LABEL_WIDTH: f64 = 40.0;
const UNIT_WIDTH: f64 = 13.0;
const HINT_WIDTH: f64 = 32.0;
const LINE_HEIGHT: f64 = 15.0;
/// Minimum height of a long text, in lines.
const LONG_TEXT_LINES: f64 = 6.0;

/// Returns the width of each answer column, in characters, for the number of answer columns.
fn answer_width(columns: u16) -> f64 {
    match columns {
        1 => 48.0,
        2 => 30.0,
        3 => 22.0,
        _ => 18.0,
    }
}

/// The inputs for writing the worksheets of a workbook.
pub struct Content<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// The cell of every field.
    pub layout: &'a Layout,
    /// The answers.
    pub prefill: &'a Prefill,
    /// The cell formats.
    pub styles: &'a Styles,
    /// The scores of the answers.
    pub scorecard: &'a Scorecard,
}

/// Writes a worksheet. `index` is the position in [`Questionnaire::worksheets`].
pub fn write(target: &mut Target, content: &Content, index: usize) -> Result<(), XlsxError> {
    let worksheet = &content.questionnaire.worksheets[index];
    let mut writer = SheetWriter {
        sheet: target.page(&worksheet.tab)?,
        content,
        worksheet,
        place: &content.layout.sheets[index],
    };
    writer.head()?;
    for (row, kind) in &writer.place.rows {
        writer.row(*row, *kind)?;
    }
    writer.page_setup()
}

struct SheetWriter<'a> {
    sheet: Page<'a>,
    content: &'a Content<'a>,
    worksheet: &'a crate::questionnaire::Worksheet,
    place: &'a SheetLayout,
}

impl SheetWriter<'_> {
    /// Returns the total width of the visible columns, in characters.
    fn width(&self) -> f64 {
        let answers = answer_width(self.place.answers) * f64::from(self.place.answers);
        LABEL_WIDTH + answers + UNIT_WIDTH + HINT_WIDTH
    }

    /// Writes the column widths, title, guidance, and link to the start sheet.
    fn head(&mut self) -> Result<(), XlsxError> {
        let (worksheet, place, styles) = (self.worksheet, self.place, self.content.styles);
        let (width, last) = (self.width(), place.hint());
        let setup = self.sheet.setup();
        setup.set_column_width(ID, 4)?.set_column_hidden(ID)?;
        setup.set_column_width(LABEL, LABEL_WIDTH)?;
        for column in ANSWER..place.unit() {
            setup.set_column_width(column, answer_width(place.answers))?;
        }
        setup
            .set_column_width(place.unit(), UNIT_WIDTH)?
            .set_column_width(last, HINT_WIDTH)?;
        let sheet = &mut self.sheet;
        sheet.set_row_height(0, 28.0)?.write_string_with_format(
            0,
            LABEL,
            &worksheet.title,
            &styles.title,
        )?;
        if let Some(exercise) = &worksheet.exercise {
            sheet.write_string_with_format(1, LABEL, exercise, &styles.exercise)?;
        }
        let height = cell_lines(&worksheet.guidance, width) * LINE_HEIGHT + 4.0;
        sheet
            .merge_row(2, (LABEL, last), &worksheet.guidance, &styles.guidance)?
            .set_row_height(2, height)?;
        let start = &self.content.questionnaire.start.tab;
        let back = (&*format!("{}!A1", quoted(start)), &*format!("← {start}"));
        sheet.write_link(3, LABEL, back, &styles.link)?;
        Ok(())
    }

    fn row(&mut self, row: u32, kind: RowKind) -> Result<(), XlsxError> {
        let (worksheet, styles) = (self.worksheet, self.content.styles);
        let last = self.place.hint();
        match kind {
            RowKind::Heading(section) => {
                let heading = worksheet.sections[section].heading.as_deref();
                self.sheet.set_row_height(row, 22.0)?;
                for column in LABEL..=last {
                    self.sheet.write_blank(row, column, &styles.heading)?;
                }
                let heading = heading.unwrap_or_default();
                self.sheet
                    .write_string_with_format(row, LABEL, heading, &styles.heading)?;
            }
            RowKind::Title(section) => self.section_title(&worksheet.sections[section], row)?,
            RowKind::Sentence(section) => {
                let sentence = sentence_with_labels(&worksheet.sections[section]);
                let height = cell_lines(&sentence, self.width()) * LINE_HEIGHT + 6.0;
                self.sheet
                    .merge_row(row, (LABEL, last), &sentence, &styles.sentence)?
                    .set_row_height(row, height)?;
            }
            RowKind::Question(section, question) => {
                self.question(&worksheet.sections[section].rows[question], row)?;
            }
            RowKind::Gap => {}
        }
        Ok(())
    }

    fn section_title(&mut self, section: &Section, row: u32) -> Result<(), XlsxError> {
        let Content {
            questionnaire,
            styles,
            ..
        } = *self.content;
        let (unit, headings) = (self.place.unit(), &questionnaire.headings);
        let sheet = &mut self.sheet;
        sheet
            .set_row_height(row, 20.0)?
            .write_string(row, ID, &section.id)?
            .write_string_with_format(row, LABEL, &section.title, &styles.section)?;
        for column in ANSWER..unit {
            sheet.write_blank(row, column, &styles.column)?;
        }
        for (i, column) in section.columns.iter().enumerate() {
            let heading = if column.id.is_empty() {
                &headings.answer
            } else {
                &column.label
            };
            sheet.write_string_with_format(row, ANSWER + i as u16, heading, &styles.column)?;
        }
        sheet
            .write_string_with_format(row, unit, &headings.unit, &styles.column)?
            .write_string_with_format(row, unit + 1, &headings.hint, &styles.column)?;
        Ok(())
    }

    fn question(&mut self, question: &Row, row: u32) -> Result<(), XlsxError> {
        let Content {
            questionnaire,
            layout,
            styles,
            ..
        } = *self.content;
        self.sheet
            .write_string(row, ID, &question.id)?
            .write_string_with_format(row, LABEL, &question.label, &styles.label)?;
        self.unit_and_hint(question.cells[0], row)?;
        let hint = questionnaire.field(question.cells[0]).hint.as_deref();
        let mut height = cell_lines(&question.label, LABEL_WIDTH - 3.0)
            .max(cell_lines(hint.unwrap_or_default(), HINT_WIDTH));
        let one = answer_width(self.place.answers);
        for key in &question.cells {
            let width = match layout.spreads(questionnaire, *key) {
                true => one * f64::from(self.place.answers),
                false => one,
            };
            height = height.max(self.cell(*key, width)?);
        }
        let height = (height * LINE_HEIGHT + 5.0).min(400.0);
        self.sheet.set_row_height(row, height)?;
        Ok(())
    }

    fn unit_and_hint(&mut self, key: FieldKey, row: u32) -> Result<(), XlsxError> {
        let Content {
            questionnaire,
            layout,
            prefill,
            styles,
            ..
        } = *self.content;
        let (field, unit) = (questionnaire.field(key), self.place.unit());
        let sheet = &mut self.sheet;
        match (
            unit_label(questionnaire, field),
            &field.kind,
            questionnaire.identity.currency,
        ) {
            (Some(label), _, _) => {
                sheet.write_string_with_format(row, unit, &label, &styles.unit)?;
            }
            (None, Kind::Money { per }, Some(currency)) => {
                let period = per.map_or(String::new(), |period| {
                    format!(" / {}", questionnaire.periods[period].label())
                });
                let after = field.after.as_deref();
                let after = after.map_or(String::new(), |after| format!(" {after}"));
                let cell = layout.absolute(questionnaire, currency);
                let text = format!("{period}{after}").replace('"', "\"\"");
                let formula = format!("=IF({cell}=\"\",\"¤\",{cell})&\"{text}\"");
                let typed = match prefill.get(currency) {
                    Some(Cell::Text(typed)) if !typed.is_empty() => text::for_cell(typed),
                    _ => "¤".to_owned(),
                };
                let shown = format!("{typed}{period}{after}");
                sheet.write_formula_with_format(row, unit, (&formula, &shown), &styles.unit)?;
            }
            _ => {
                sheet.write_blank(row, unit, &styles.unit)?;
            }
        }
        if field.is_reverse_scored() {
            let text = format!("↓ {}", questionnaire.headings.low_is_better);
            sheet.write_string_with_format(row, unit + 1, &text, &styles.low)?;
        } else {
            let hint = field.hint.as_deref().unwrap_or_default();
            sheet.write_string_with_format(row, unit + 1, hint, &styles.hint)?;
        }
        Ok(())
    }

    /// Writes a cell whose width is given in characters. Returns the required row height in lines.
    fn cell(&mut self, key: FieldKey, width: f64) -> Result<f64, XlsxError> {
        match self.content.questionnaire.field(key).kind {
            Kind::ComputedScore { score } => self.score(key, score).map(|()| 1.0),
            Kind::ComputedRoi => self.roi(key).map(|()| 1.0),
            _ => self.input(key, width),
        }
    }

    fn score(&mut self, key: FieldKey, score: usize) -> Result<(), XlsxError> {
        let Content {
            questionnaire,
            layout,
            styles,
            scorecard,
            ..
        } = *self.content;
        let field = questionnaire.field(key);
        let (row, column) = layout.cell(key);
        let def = &questionnaire.scores[score];
        let subject = if def.ranked { field.column } else { 0 };
        let Some(cell) = points_cell(layout, score, subject) else {
            return Ok(());
        };
        let mut subjects = scorecard.scores[score].subjects.iter();
        let points = subjects
            .find(|result| result.column == subject)
            .and_then(|result| result.points);
        let format = styles.computed(&format!(" / {}", def.out_of));
        let formula = (&*format!("={cell}"), &*cached(points));
        self.sheet
            .write_formula_with_format(row, column, formula, &format)?;
        if self.worksheet.sections[field.section].is_grid() {
            return Ok(());
        }
        self.band(&def.bands, (row, column), points)
    }

    fn roi(&mut self, key: FieldKey) -> Result<(), XlsxError> {
        let Content {
            questionnaire,
            layout,
            styles,
            scorecard,
            ..
        } = *self.content;
        let Some(finance) = &questionnaire.finance else {
            return Ok(());
        };
        let (row, column) = layout.cell(key);
        let (investment, returns) = (
            layout.absolute(questionnaire, finance.investment.key),
            layout.absolute(questionnaire, finance.returns.key),
        );
        // Amounts of different periods are compared per month.
        let factor = finance.investment.months / finance.returns.months;
        let multiple = match factor == 1.0 {
            true => format!("{returns}/{investment}"),
            false => format!("{factor}*{returns}/{investment}"),
        };
        let formula = format!(
            "=IF(AND(ISNUMBER({investment}),ISNUMBER({returns}),N({investment})>0),{multiple},\"\")"
        );
        let roi = scorecard
            .finance
            .as_ref()
            .and_then(|finance| finance.multiple);
        let (formula, format) = ((&*formula, &*cached(roi)), styles.computed(" : 1"));
        self.sheet
            .write_formula_with_format(row, column, formula, &format)?;
        Ok(())
    }

    fn input(&mut self, key: FieldKey, width: f64) -> Result<f64, XlsxError> {
        let Content {
            questionnaire,
            layout,
            prefill,
            styles,
            ..
        } = *self.content;
        let field = questionnaire.field(key);
        let (row, column) = layout.cell(key);
        let mut format = styles.input(&field.kind);
        let problems: Vec<&Issue> = prefill.problems_of(&field.id).collect();
        let sheet = &mut self.sheet;
        if let Some(first) = problems.first() {
            format = styles.marked(format, first.severity);
            let comment = super::annotations::comment(questionnaire, &problems);
            sheet.setup().insert_note(row, column, &comment)?;
        }
        let spreads = layout.spreads(questionnaire, key);
        if spreads {
            let last = self.place.unit() - 1;
            sheet.merge_row(row, (column, last), "", &format)?;
        }
        let mut height = match field.kind {
            Kind::LongText => LONG_TEXT_LINES,
            _ => 1.0,
        };
        match prefill.get(key) {
            None if spreads => {}
            None => {
                sheet.write_blank(row, column, &format)?;
            }
            Some(Cell::Number(number)) => {
                let number = match field.kind {
                    Kind::Percent => number / 100.0,
                    _ => *number,
                };
                sheet.write_number_with_format(row, column, number, &format)?;
            }
            Some(Cell::Date(day)) => {
                sheet.write_number_with_format(row, column, day_number(*day), &format)?;
            }
            Some(Cell::Text(typed)) => {
                let typed = text::for_cell(typed);
                height = height.max(cell_lines(&typed, width));
                // The number format is kept, so that a number that replaces the text is displayed correctly.
                sheet.write_string_with_format(row, column, &typed, &format)?;
            }
        }
        let validation = validation(questionnaire, field, row, column)?;
        sheet
            .setup()
            .add_data_validation(row, column, row, column, &validation)?;
        Ok(height)
    }

    /// Writes a formula next to a score that shows the name of its band.
    fn band(
        &mut self,
        bands: &[Band],
        (row, column): (u32, u16),
        points: Option<f64>,
    ) -> Result<(), XlsxError> {
        let edges: Vec<String> = bands.iter().map(|band| band.from.to_string()).collect();
        let names: Vec<String> = bands
            .iter()
            .map(|band| format!("\"{}\"", band.label.replace('"', "\"\"")))
            .collect();
        let cell = format!("{}{}", column_letters(u32::from(column)), row + 1);
        let formula = format!(
            "=IF({cell}=\"\",\"\",LOOKUP({cell},{{{}}},{{{}}}))",
            edges.join(","),
            names.join(",")
        );
        let band = points
            .and_then(|points| Band::of(bands, points))
            .map_or("", |band| &band.label);
        let (unit, format) = (self.place.unit(), &self.content.styles.band);
        self.sheet
            .write_formula_with_format(row, unit, (&formula, band), format)?;
        Ok(())
    }

    fn page_setup(&mut self) -> Result<(), XlsxError> {
        let last_row = self.place.rows.last().map_or(HEAD_ROWS, |(row, _)| *row);
        let setup = self.sheet.setup();
        setup
            .set_print_area(0, LABEL, last_row, self.place.hint())?
            .set_repeat_rows(0, 0)?
            .set_print_fit_to_pages(1, 0)
            .set_paper_size(9);
        if self.place.answers > 2 {
            // A grid must fit on one page at any scale, so that its columns can be compared at a glance.
            setup.set_landscape().set_print_fit_to_pages(1, 1);
        }
        setup
            .set_footer(super::footer(self.content.questionnaire))
            .set_freeze_panes(1, 0)?;
        protect(setup);
        Ok(())
    }
}

fn sentence_with_labels(section: &Section) -> String {
    let label = |blank: &str| {
        section
            .rows
            .iter()
            .find(|row| row.id.ends_with(&format!(".{blank}")))
            .map(|row| format!("[{}]", row.label))
    };
    let text = section.sentence.as_deref().unwrap_or_default();
    Sentence::parse(text)
        .ok()
        .and_then(|wording| wording.finish(label))
        .unwrap_or_else(|| text.to_owned())
}
