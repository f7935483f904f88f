//! One worksheet: title, guidance, and the sections with their input cells.

use rust_xlsxwriter::{Formula, Url, Worksheet, XlsxError};

use super::formulas::{cached, points_cell};
use super::prefill::{Cell, Prefill};
use super::styles::{Styles, protect};
use super::validation::{unit_label, validation};
use crate::excel::{column_letters, day_number, quoted};
use crate::issue::Issue;
use crate::questionnaire::{FieldKey, Kind, Questionnaire, Section, Sentence};
use crate::score::Scorecard;
use crate::sheet_map::{ANSWER, ID, LABEL, Layout, RowKind};
use crate::text;
use crate::text::cell_lines;

const LABEL_WIDTH: f64 = 40.0;
const UNIT_WIDTH: f64 = 13.0;
const HINT_WIDTH: f64 = 32.0;
const LINE_HEIGHT: f64 = 15.0;
/// Lines that a long text gets at least.
const LONG_TEXT_LINES: f64 = 6.0;

/// Widths of the answer columns, by how many there are.
fn answer_width(columns: u16) -> f64 {
    match columns {
        1 => 48.0,
        2 => 30.0,
        3 => 22.0,
        _ => 18.0,
    }
}

#[allow(clippy::too_many_arguments)]
pub fn write(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    index: usize,
    prefill: &Prefill,
    styles: &Styles,
    scorecard: &Scorecard,
) -> Result<(), XlsxError> {
    let worksheet = &questionnaire.worksheets[index];
    let place = &layout.sheets[index];
    let last = place.hint();
    // A formula without a result shows nothing, not 0.
    sheet.set_formula_result_default("");
    sheet.set_name(&worksheet.tab)?;
    sheet.set_column_width(ID, 4)?.set_column_hidden(ID)?;
    sheet.set_column_width(LABEL, LABEL_WIDTH)?;
    for column in ANSWER..place.unit() {
        sheet.set_column_width(column, answer_width(place.answers))?;
    }
    sheet
        .set_column_width(place.unit(), UNIT_WIDTH)?
        .set_column_width(last, HINT_WIDTH)?;

    sheet.set_row_height(0, 28)?.write_string_with_format(
        0,
        LABEL,
        &worksheet.title,
        &styles.title,
    )?;
    if let Some(exercise) = &worksheet.exercise {
        sheet.write_string_with_format(1, LABEL, exercise, &styles.exercise)?;
    }
    let total_width = LABEL_WIDTH
        + answer_width(place.answers) * f64::from(place.answers)
        + UNIT_WIDTH
        + HINT_WIDTH;
    sheet.merge_range(2, LABEL, 2, last, &worksheet.guidance, &styles.guidance)?;
    sheet.set_row_height(
        2,
        cell_lines(&worksheet.guidance, total_width) * LINE_HEIGHT + 4.0,
    )?;
    let back = Url::new(format!("internal:{}!A1", quoted(&questionnaire.start.tab)))
        .set_text(format!("← {}", questionnaire.start.tab));
    sheet.write_url_with_format(3, LABEL, &back, &styles.link)?;

    for (row, kind) in &place.rows {
        match kind {
            RowKind::Heading(section) => {
                let heading = worksheet.sections[*section]
                    .heading
                    .as_deref()
                    .unwrap_or_default();
                sheet.set_row_height(*row, 22)?;
                for column in LABEL..=last {
                    sheet.write_blank(*row, column, &styles.heading)?;
                }
                sheet.write_string_with_format(*row, LABEL, heading, &styles.heading)?;
            }
            RowKind::Title(section) => write_section_title(
                sheet,
                questionnaire,
                &worksheet.sections[*section],
                *row,
                place.unit(),
                styles,
            )?,
            RowKind::Sentence(section) => {
                let sentence = sentence_with_labels(&worksheet.sections[*section]);
                sheet.merge_range(*row, LABEL, *row, last, &sentence, &styles.sentence)?;
                sheet
                    .set_row_height(*row, cell_lines(&sentence, total_width) * LINE_HEIGHT + 6.0)?;
            }
            RowKind::Question(section, question) => {
                let section = &worksheet.sections[*section];
                let question = &section.rows[*question];
                sheet.write_string(*row, ID, &question.id)?;
                sheet.write_string_with_format(*row, LABEL, &question.label, &styles.label)?;
                write_beside(
                    sheet,
                    questionnaire,
                    layout,
                    question.cells[0],
                    (*row, place.unit()),
                    prefill,
                    styles,
                )?;
                let mut height = cell_lines(&question.label, LABEL_WIDTH - 3.0);
                for key in &question.cells {
                    let width = if layout.spreads(questionnaire, *key) {
                        answer_width(place.answers) * f64::from(place.answers)
                    } else {
                        answer_width(place.answers)
                    };
                    height = height.max(write_cell(
                        sheet,
                        questionnaire,
                        layout,
                        *key,
                        prefill,
                        styles,
                        scorecard,
                        width,
                    )?);
                }
                let hint = questionnaire
                    .field(question.cells[0])
                    .hint
                    .as_deref()
                    .unwrap_or_default();
                height = height.max(cell_lines(hint, HINT_WIDTH));
                sheet.set_row_height(*row, (height * LINE_HEIGHT + 5.0).min(400.0))?;
            }
            RowKind::Gap => {}
        }
    }

    let last_row = place
        .rows
        .last()
        .map_or(crate::sheet_map::HEAD_ROWS, |(row, _)| *row);
    sheet
        .set_print_area(0, LABEL, last_row, last)?
        .set_repeat_rows(0, 0)?
        .set_print_fit_to_pages(1, 0)
        .set_paper_size(9);
    if place.answers > 2 {
        // A grid is compared at a glance: on one page, whatever the scale.
        sheet.set_landscape().set_print_fit_to_pages(1, 1);
    }
    sheet
        .set_footer("&L&A&RPage &P of &N")
        .set_freeze_panes(1, 0)?;
    protect(sheet);
    Ok(())
}

fn write_section_title(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    section: &Section,
    row: u32,
    unit: u16,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet
        .set_row_height(row, 20)?
        .write_string(row, ID, &section.id)?;
    sheet.write_string_with_format(row, LABEL, &section.title, &styles.section)?;
    for column in ANSWER..unit {
        sheet.write_blank(row, column, &styles.column)?;
    }
    for (i, column) in section.columns.iter().enumerate() {
        let heading = if column.id.is_empty() {
            &questionnaire.headings.answer
        } else {
            &column.label
        };
        sheet.write_string_with_format(row, ANSWER + i as u16, heading, &styles.column)?;
    }
    sheet.write_string_with_format(row, unit, &questionnaire.headings.unit, &styles.column)?;
    sheet.write_string_with_format(row, unit + 1, &questionnaire.headings.hint, &styles.column)?;
    Ok(())
}

/// Unit and hint beside a row's answers.
fn write_beside(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    key: FieldKey,
    (row, unit): (u32, u16),
    prefill: &Prefill,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let field = questionnaire.field(key);
    match (
        unit_label(questionnaire, field),
        &field.kind,
        questionnaire.identity.currency,
    ) {
        (Some(label), _, _) => sheet.write_string_with_format(row, unit, label, &styles.unit)?,
        (None, Kind::Money { per }, Some(currency)) => {
            let period = per.map_or(String::new(), |period| {
                format!(" / {}", questionnaire.periods[period].id)
            });
            let after = field
                .after
                .as_deref()
                .map_or(String::new(), |after| format!(" {after}"));
            let cell = layout.absolute(questionnaire, currency);
            let text = format!("{period}{after}").replace('"', "\"\"");
            let formula = format!("=IF({cell}=\"\",\"¤\",{cell})&\"{text}\"");
            let typed = match prefill.get(currency) {
                Some(Cell::Text(typed)) if !typed.is_empty() => text::for_cell(typed),
                _ => "¤".to_owned(),
            };
            sheet.write_formula_with_format(
                row,
                unit,
                Formula::new(formula).set_result(format!("{typed}{period}{after}")),
                &styles.unit,
            )?
        }
        _ => sheet.write_blank(row, unit, &styles.unit)?,
    };
    if field.kind.is_inverted() {
        sheet.write_string_with_format(
            row,
            unit + 1,
            format!("↓ {}", questionnaire.headings.low_is_better),
            &styles.low,
        )?;
    } else {
        sheet.write_string_with_format(
            row,
            unit + 1,
            field.hint.as_deref().unwrap_or_default(),
            &styles.hint,
        )?;
    }
    Ok(())
}

/// Writes a cell and says how many lines high its row wants to be.
#[allow(clippy::too_many_arguments)]
fn write_cell(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    key: FieldKey,
    prefill: &Prefill,
    styles: &Styles,
    scorecard: &Scorecard,
    width: f64,
) -> Result<f64, XlsxError> {
    let field = questionnaire.field(key);
    let (row, column) = layout.cell(key);
    let section = &questionnaire.worksheets[field.sheet].sections[field.section];
    match &field.kind {
        Kind::ComputedScore { score } => {
            let def = &questionnaire.scores[*score];
            let subject = if def.ranked { field.column } else { 0 };
            let Some(cell) = points_cell(layout, *score, subject) else {
                return Ok(1.0);
            };
            let points = scorecard.scores[*score]
                .subjects
                .iter()
                .find(|result| result.column == subject)
                .and_then(|result| result.points);
            let format = styles.computed(&format!(" / {}", def.out_of));
            sheet.write_formula_with_format(
                row,
                column,
                Formula::new(format!("={cell}")).set_result(cached(points)),
                &format,
            )?;
            if !section.is_grid() {
                write_band(
                    sheet,
                    questionnaire,
                    layout,
                    field.sheet,
                    (row, column),
                    *score,
                    points,
                    styles,
                )?;
            }
            return Ok(1.0);
        }
        Kind::ComputedRoi => {
            if let Some(finance) = &questionnaire.finance {
                let (investment, returns) = (
                    layout.absolute(questionnaire, finance.investment),
                    layout.absolute(questionnaire, finance.returns),
                );
                let formula = format!(
                    "=IF(AND(ISNUMBER({investment}),ISNUMBER({returns}),N({investment})>0),{returns}/{investment},\"\")"
                );
                let roi = scorecard.finance.as_ref().and_then(|finance| finance.roi);
                sheet.write_formula_with_format(
                    row,
                    column,
                    Formula::new(formula).set_result(cached(roi)),
                    &styles.computed(" : 1"),
                )?;
            }
            return Ok(1.0);
        }
        _ => {}
    }
    let mut format = styles.input(&field.kind);
    let problems: Vec<&Issue> = prefill.problems_of(&field.id).collect();
    if let Some(gravest) = problems.first() {
        format = styles.marked(format, gravest.severity);
        sheet.insert_note(
            row,
            column,
            &super::annotations::comment(questionnaire, &problems),
        )?;
    }
    let format = format;
    let spreads = layout.spreads(questionnaire, key);
    if spreads {
        let last = layout.sheets[field.sheet].unit() - 1;
        sheet.merge_range(row, column, row, last, "", &format)?;
    }
    let mut height = if field.kind == Kind::LongText {
        LONG_TEXT_LINES
    } else {
        1.0
    };
    match prefill.get(key) {
        None if spreads => {}
        None => {
            sheet.write_blank(row, column, &format)?;
        }
        Some(Cell::Number(number)) => {
            let number = if field.kind == Kind::Percent {
                number / 100.0
            } else {
                *number
            };
            sheet.write_number_with_format(row, column, number, &format)?;
        }
        Some(Cell::Date(day)) => {
            sheet.write_number_with_format(row, column, day_number(*day), &format)?;
        }
        Some(Cell::Text(typed)) => {
            let typed = text::for_cell(typed);
            height = height.max(cell_lines(&typed, width));
            // The number's format stays, so that a number typed over the text looks right.
            sheet.write_string_with_format(row, column, &typed, &format)?;
        }
    }
    sheet.add_data_validation(
        row,
        column,
        row,
        column,
        &validation(questionnaire, field, row, column)?,
    )?;
    Ok(height)
}

/// The live name of the band beside a score.
#[allow(clippy::too_many_arguments)]
fn write_band(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    index: usize,
    (row, column): (u32, u16),
    score: usize,
    points: Option<f64>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let bands = &questionnaire.scores[score].bands;
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
        .and_then(|points| crate::questionnaire::Band::of(bands, points))
        .map(|band| band.label.clone())
        .unwrap_or_default();
    sheet.write_formula_with_format(
        row,
        layout.sheets[index].unit(),
        Formula::new(formula).set_result(band),
        &styles.band,
    )?;
    Ok(())
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
