//! The first sheet: instructions, and a list of links to the sheets with their live completeness.

use rust_xlsxwriter::{ConditionalFormatDataBar, Formula, Url, Worksheet, XlsxError};

use super::formulas::word_cells;
use super::prefill::Prefill;
use super::styles::{START_WIDTHS, Styles, protect};
use crate::excel::quoted;
use crate::questionnaire::Questionnaire;
use crate::sheet_map::Layout;
use crate::text::cell_lines;

pub fn write(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    prefill: &Prefill,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let start = &questionnaire.start;
    sheet.set_name(&start.tab)?;
    for (column, width) in START_WIDTHS.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    sheet
        .set_row_height(0, 34)?
        .merge_range(0, 0, 0, 3, &start.title, &styles.title)?;
    sheet
        .merge_range(1, 0, 1, 3, &start.lead, &styles.guidance)?
        .set_row_height(1, cell_lines(&start.lead, 120.0) * 15.0 + 8.0)?;
    let mut row = 3;
    if let Some(back) = prefill.returned() {
        row = super::annotations::write_problems(sheet, questionnaire, layout, row, back, styles)?;
    }
    for (number, step) in start.steps.iter().enumerate() {
        sheet.write_string_with_format(row, 0, (number + 1).to_string(), &styles.step_number)?;
        sheet
            .merge_range(row, 1, row, 3, step, &styles.step)?
            .set_row_height(row, cell_lines(step, 132.0) * 15.0 + 5.0)?;
        row += 1;
    }
    row += 1;
    for column in 0..4 {
        sheet.write_blank(row, column, &styles.section)?;
    }
    sheet.write_string_with_format(row, 1, &start.list_heading, &styles.section)?;
    sheet.write_string_with_format(row, 2, &start.guidance_heading, &styles.section)?;
    sheet.write_string_with_format(row, 3, &start.completeness_heading, &styles.section)?;
    row += 1;
    let first = row;
    // The words that do not count as answers.
    let words = word_cells(questionnaire);
    for (index, worksheet) in questionnaire.worksheets.iter().enumerate() {
        let link =
            Url::new(format!("internal:{}!A1", quoted(&worksheet.tab))).set_text(&worksheet.tab);
        sheet.write_url_with_format(row, 1, &link, &styles.list_link)?;
        sheet.write_string_with_format(row, 2, &worksheet.guidance, &styles.hint)?;
        sheet.set_row_height(
            row,
            cell_lines(&worksheet.guidance, START_WIDTHS[2] * 1.2) * 13.0 + 5.0,
        )?;
        let (ranges, count) = layout.counted_ranges(questionnaire, index);
        if count > 0 {
            let no_answers: Vec<String> = ranges
                .iter()
                .flat_map(|range| {
                    let words = words.iter();
                    words.map(move |word| format!("-SUMPRODUCT(COUNTIF({range},{word}))"))
                })
                .collect();
            let formula = format!(
                "=(COUNTA({}){})/{count}",
                ranges.join(","),
                no_answers.concat()
            );
            let share = prefill.counted(questionnaire, index) as f64 / count as f64;
            sheet.write_formula_with_format(
                row,
                3,
                Formula::new(formula).set_result(share.to_string()),
                &styles.percent,
            )?;
        }
        row += 1;
    }
    let bar = ConditionalFormatDataBar::new()
        .set_fill_color("#9CCDC5")
        .set_solid_fill(true)
        .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0)
        .set_maximum(rust_xlsxwriter::ConditionalFormatType::Number, 1);
    sheet.add_conditional_format(first, 3, row - 1, 3, &bar)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, u16::from(prefill.returned().is_none()))
        .set_print_area(0, 0, row, 3)?
        .set_screen_gridlines(false);
    protect(sheet);
    Ok(())
}
