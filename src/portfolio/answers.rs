//! Every answer of every client in long form, for pivot tables. Written row by row, so that it takes little memory.

use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use super::client;
use super::grid::{MOST_ROWS, NAVY, SheetNames};
use crate::plan::{AnswerLine, Plan};
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
    ("As typed", 30.0),
    ("Field", 44.0),
];

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let mut lines = plans
        .iter()
        .flat_map(|plan| plan.answers.iter().map(move |line| (plan, line)))
        .peekable();
    loop {
        let name = names.unique("Answers");
        let sheet = book.add_worksheet_with_low_memory()?;
        sheet
            .set_name(&name)?
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, 0)?;
        head(sheet)?;
        let mut row = 1;
        while row as usize <= MOST_ROWS {
            let Some((plan, line)) = lines.next() else {
                break;
            };
            write_line(sheet, row, plan, line)?;
            row += 1;
        }
        sheet.autofilter(
            0,
            0,
            row.saturating_sub(1).max(1),
            HEADINGS.len() as u16 - 1,
        )?;
        if lines.peek().is_none() {
            return Ok(());
        }
    }
}

fn head(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(NAVY);
    for (column, (_, width)) in HEADINGS.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    for (column, (heading, _)) in HEADINGS.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *heading, &format)?;
    }
    Ok(())
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    plan: &Plan,
    line: &AnswerLine,
) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, client(plan))?;
    sheet.write_string(row, 1, for_cell(&plan.source.file))?;
    sheet.write_string(row, 2, for_cell(&line.sheet))?;
    sheet.write_string(row, 3, for_cell(&line.section))?;
    sheet.write_string(row, 4, for_cell(&line.label))?;
    sheet.write_string(row, 5, line.state)?;
    if let Some(number) = line.number.filter(|number| number.is_finite()) {
        sheet.write_number(row, 6, number)?;
    }
    sheet.write_string(row, 7, for_cell(&line.text))?;
    if let Some(place) = &line.place {
        sheet.write_string(row, 8, for_cell(&place.to_string()))?;
    }
    sheet.write_string(row, 9, for_cell(&line.raw))?;
    sheet.write_string(row, 10, for_cell(&line.id))?;
    Ok(())
}
