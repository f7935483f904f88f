//! Conditional formats for the cells of a column.

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, ConditionalFormatCell, ConditionalFormatCellRule,
    ConditionalFormatDataBar, ConditionalFormatType, Worksheet, XlsxError,
};

use super::theme::Theme;
use crate::look::Color;
use crate::questionnaire::Tone;

/// Colors cells that contain one of the words with the tone of the word.
pub fn color_words<'w>(
    sheet: &mut Worksheet,
    theme: &Theme,
    (first, last): (u32, u32),
    column: u16,
    words: impl IntoIterator<Item = (&'w str, Tone)>,
) -> Result<(), XlsxError> {
    for (word, tone) in words {
        if tone != Tone::Plain && !word.is_empty() {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(word.to_owned()))
                .set_format(theme.tone_format(tone));
            sheet.add_conditional_format(first, column, last, column, &rule)?;
        }
    }
    Ok(())
}

/// Adds data bars to a column, from 0 to `highest`. If `highest` is `None`, bars extend in both directions from 0.
pub fn bars(
    sheet: &mut Worksheet,
    theme: &Theme,
    (first, last): (u32, u32),
    column: u16,
    highest: Option<f64>,
) -> Result<(), XlsxError> {
    let mut bar = ConditionalFormatDataBar::new()
        .set_fill_color(theme.color(Color::AccentSoft))
        .set_solid_fill(true)
        .set_negative_fill_color(theme.negative_bar_color())
        .set_negative_border_color(theme.negative_bar_color());
    if let Some(highest) = highest {
        bar = bar
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, highest);
    }
    sheet.add_conditional_format(first, column, last, column, &bar)?;
    Ok(())
}

/// Adds a color scale from 0 to 10.
pub fn heat(
    sheet: &mut Worksheet,
    (first, last): (u32, u32),
    (left, right): (u16, u16),
) -> Result<(), XlsxError> {
    let scale = ConditionalFormat3ColorScale::new()
        .set_minimum(ConditionalFormatType::Number, 0)
        .set_midpoint(ConditionalFormatType::Number, 5)
        .set_maximum(ConditionalFormatType::Number, 10)
        .set_minimum_color("E8A49B")
        .set_midpoint_color("FBEBD0")
        .set_maximum_color("8FC7BE");
    sheet.add_conditional_format(first, left, last, right, &scale)?;
    Ok(())
}
