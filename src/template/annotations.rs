//! The additions of an annotated copy: a list of issues with links on the first sheet, comments on the cells, and a
//! sheet with the extra text.

use rust_xlsxwriter::{Note, XlsxError};

use super::page::{Page, Target};
use super::prefill::Annotations;
use super::styles::{START_WIDTHS, Styles, protect};
use crate::excel::{column_letters, quoted};
use crate::issue::{Issue, Severity};
use crate::questionnaire::Questionnaire;
use crate::sheet_map::Layout;
use crate::sheet_map::{ExtraText, FIRST_EXTRA_ROW};
use crate::text::{cell_lines, for_cell, shorten};

/// Maximum number of issues listed. Nobody reads a longer list to its end.
const MAX_LISTED: usize = 1_000;
/// Maximum length of a line in a comment, in characters.
const MAX_COMMENT_LENGTH: usize = 1_500;

/// Writes the list of issues, starting at a row. Returns the row after the list and one empty row.
pub fn write_problems(
    sheet: &mut Page,
    questionnaire: &Questionnaire,
    layout: &Layout,
    mut row: u32,
    back: &Annotations,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let words = &questionnaire.annotations;
    let problems = &back.problems;
    if problems.is_empty() {
        sheet.merge_row(row, (0, 3), &words.nothing, &styles.step)?;
        return Ok(row + 2);
    }
    for column in 0..4 {
        sheet.write_blank(row, column, &styles.section)?;
    }
    let heading = format!("{} ({})", words.heading, problems.len());
    sheet.write_string_with_format(row, 1, &heading, &styles.section)?;
    row += 1;
    sheet
        .merge_row(row, (1, 3), &words.lead, &styles.hint)?
        .set_row_height(row, cell_lines(&words.lead, 150.0) * 13.0 + 5.0)?;
    row += 1;
    let kept = match back.extra_text.len() {
        0 => words.no_extra.clone(),
        count => words.extra_note.replace("{count}", &count.to_string()),
    };
    sheet
        .merge_row(row, (1, 3), &kept, &styles.hint)?
        .set_row_height(row, cell_lines(&kept, 150.0) * 13.0 + 5.0)?;
    row += 1;
    for problem in problems.iter().take(MAX_LISTED) {
        let key = problem
            .field
            .as_deref()
            .and_then(|id| questionnaire.key(id));
        match key {
            Some(key) => {
                let (line, column) = layout.cell(key);
                let tab = &questionnaire.worksheets[questionnaire.field(key).sheet].tab;
                let cell = format!("{}{}", column_letters(u32::from(column)), line + 1);
                let link = format!("{}!{cell}", quoted(tab));
                let link = (&*link, &*format!("{tab}, {cell}"));
                sheet.write_link(row, 1, link, &styles.problem_link)?;
            }
            None => {
                let place = problem.place.as_ref().map(|place| place.sheet.to_string());
                let place = for_cell(&place.unwrap_or_default());
                sheet.write_string_with_format(row, 1, &place, &styles.problem)?;
            }
        }
        let text = for_cell(&said(problem));
        sheet.write_string_with_format(row, 2, &text, &styles.problem)?;
        let (word, style) = match problem.severity {
            Severity::Error => (&words.error, &styles.wrong),
            _ => (&words.warning, &styles.doubtful),
        };
        sheet.write_string_with_format(row, 3, word, style)?;
        sheet.set_row_height(
            row,
            (cell_lines(&text, START_WIDTHS[2]) * 15.0 + 5.0).min(400.0),
        )?;
        row += 1;
    }
    Ok(row + 1)
}

/// Formats an issue: what was found, what was expected, and the fix.
fn said(problem: &Issue) -> String {
    let mut text = format!("{}: {}", problem.label, problem.found);
    if !problem.expected.is_empty() {
        text = format!("{text}\n→ {}", problem.expected);
    }
    if !problem.fix.is_empty() {
        text = format!("{text}\n→ {}", problem.fix);
    }
    shorten_lines(&text, MAX_COMMENT_LENGTH)
}

fn shorten_lines(text: &str, characters: usize) -> String {
    let lines: Vec<String> = text.lines().map(|line| shorten(line, characters)).collect();
    lines.join("\n")
}

/// Creates the comment of a cell with issues.
pub fn comment(questionnaire: &Questionnaire, problems: &[&Issue]) -> Note {
    let texts: Vec<String> = problems
        .iter()
        .map(|problem| for_cell(&said(problem)))
        .collect();
    let text = texts.join("\n\n");
    let height = (cell_lines(&text, 46.0) * 16.0 + 16.0).clamp(60.0, 480.0);
    Note::new(text)
        .set_author(for_cell(&questionnaire.title))
        .add_author_prefix(false)
        .set_width(300)
        .set_height(height as u32)
}

/// Writes the sheet with the extra text.
pub fn write_extra_text(
    target: &mut Target,
    questionnaire: &Questionnaire,
    extra_text: &[ExtraText],
    styles: &Styles,
) -> Result<(), XlsxError> {
    const PLACE_WIDTH: f64 = 34.0;
    const TEXT_WIDTH: f64 = 96.0;
    let words = &questionnaire.annotations;
    let sheet = &mut target.page(&words.extra_tab)?;
    sheet
        .setup()
        .set_column_width(0, PLACE_WIDTH)?
        .set_column_width(1, TEXT_WIDTH)?;
    sheet.set_row_height(0, 28.0)?.write_string_with_format(
        0,
        0,
        &words.extra_title,
        &styles.title,
    )?;
    sheet
        .merge_row(1, (0, 1), &words.extra_lead, &styles.guidance)?
        .set_row_height(1, cell_lines(&words.extra_lead, 120.0) * 15.0 + 8.0)?;
    sheet
        .write_string_with_format(FIRST_EXTRA_ROW - 1, 0, &words.extra_place, &styles.section)?
        .write_string_with_format(FIRST_EXTRA_ROW - 1, 1, &words.extra_text, &styles.section)?;
    for (row, kept) in (FIRST_EXTRA_ROW..).zip(extra_text) {
        let text = for_cell(&kept.text);
        sheet
            .write_string_with_format(row, 0, &for_cell(&kept.place), &styles.extra_text)?
            .write_string_with_format(row, 1, &text, &styles.extra_text)?
            .set_row_height(row, (cell_lines(&text, TEXT_WIDTH) * 15.0 + 5.0).min(400.0))?;
    }
    let last = FIRST_EXTRA_ROW + extra_text.len() as u32;
    let setup = sheet.setup();
    setup
        .set_print_area(0, 0, last, 1)?
        .set_repeat_rows(FIRST_EXTRA_ROW - 1, FIRST_EXTRA_ROW - 1)?
        .set_print_fit_to_pages(1, 0)
        .set_paper_size(9)
        .set_landscape()
        .set_footer(super::footer(questionnaire))
        .set_freeze_panes(FIRST_EXTRA_ROW, 0)?
        .set_screen_gridlines(false);
    protect(setup);
    Ok(())
}
