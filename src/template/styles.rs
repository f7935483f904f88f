//! The cell formats of the workbook.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use crate::issue::Severity;
use crate::look::{self, Palette};
use crate::questionnaire::Kind;

/// Background of input cells.
const INPUT: Color = Color::RGB(0xFFF9E3);

pub struct Styles {
    pub title: Format,
    pub exercise: Format,
    pub guidance: Format,
    pub due: Format,
    pub check: Format,
    pub link: Format,
    pub heading: Format,
    pub section: Format,
    pub column: Format,
    pub sentence: Format,
    pub label: Format,
    pub unit: Format,
    pub hint: Format,
    pub low: Format,
    pub step_number: Format,
    pub step: Format,
    pub list_link: Format,
    pub percent: Format,
    /// Color of the bars of completeness.
    pub bar: Color,
    pub band: Format,
    pub wrong: Format,
    pub doubtful: Format,
    pub problem: Format,
    pub problem_link: Format,
    pub extra_text: Format,
    input: Format,
    computed: Format,
}

impl Styles {
    /// Creates the formats from the colors of a palette.
    pub fn new(palette: &Palette) -> Self {
        let color = |wanted| {
            let [red, green, blue] = palette.rgb(wanted).map(u32::from);
            Color::RGB(red << 16 | green << 8 | blue)
        };
        let primary = color(look::Color::Primary);
        let accent = color(look::Color::Accent);
        let quiet = color(look::Color::Quiet);
        let (line, band) = (color(look::Color::Line), color(look::Color::Pale));
        let plain = || Format::new().set_align(FormatAlign::VerticalCenter);
        let ruled = || {
            plain()
                .set_border_bottom(FormatBorder::Hair)
                .set_border_bottom_color(line)
        };
        let title = || plain().set_bold().set_font_color(primary);
        let banded = || title().set_background_color(band);
        let top = || ruled().set_align(FormatAlign::Top);
        let small = || ruled().set_text_wrap().set_font_size(9);
        let linked = |format: Format| {
            format
                .set_font_color(accent)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single)
        };
        let boxed = || {
            plain()
                .set_border(FormatBorder::Thin)
                .set_border_color(line)
        };
        Self {
            title: title().set_font_size(18),
            exercise: plain().set_font_size(9).set_font_color(quiet),
            guidance: plain()
                .set_text_wrap()
                .set_font_size(11)
                .set_align(FormatAlign::Top),
            check: plain().set_font_size(9),
            due: plain()
                .set_text_wrap()
                .set_bold()
                .set_font_size(11)
                .set_font_color(accent),
            link: linked(plain().set_font_size(9)),
            heading: title()
                .set_font_size(13)
                .set_border_bottom(FormatBorder::Medium)
                .set_border_bottom_color(primary),
            section: banded(),
            column: banded().set_text_wrap(),
            sentence: plain().set_italic().set_text_wrap().set_font_color(primary),
            label: ruled().set_text_wrap().set_indent(1),
            unit: ruled().set_font_color(quiet),
            hint: small().set_font_color(quiet),
            low: small().set_bold().set_font_color(Color::RGB(0x9A5B00)),
            step_number: plain()
                .set_bold()
                .set_font_color(accent)
                .set_align(FormatAlign::Right)
                .set_align(FormatAlign::Top),
            step: plain().set_text_wrap().set_align(FormatAlign::Top),
            list_link: linked(ruled()),
            bar: color(look::Color::AccentSoft),
            percent: ruled().set_num_format("0%").set_align(FormatAlign::Center),
            band: ruled().set_bold().set_font_color(accent),
            wrong: top().set_bold().set_font_color(Color::RGB(0xC0392B)),
            doubtful: top().set_bold().set_font_color(Color::RGB(0xB9770E)),
            problem_link: linked(top()),
            problem: top().set_text_wrap(),
            extra_text: top().set_text_wrap(),
            input: boxed().set_unlocked().set_background_color(INPUT),
            computed: boxed()
                .set_bold()
                .set_font_color(primary)
                .set_background_color(Color::RGB(0xF2F4F6))
                .set_align(FormatAlign::Center),
        }
    }

    /// Returns the format of an input cell by field kind.
    pub fn input(&self, kind: &Kind) -> Format {
        let format = self.input.clone();
        let number = |code: &str| {
            format
                .clone()
                .set_num_format(code)
                .set_align(FormatAlign::Center)
        };
        match kind {
            Kind::Money { .. } | Kind::Count { .. } => number("#,##0"),
            Kind::Percent => number("0.0%"),
            Kind::Multiple => number("0.0\"x\""),
            Kind::Ratio => number("0.0\" : 1\""),
            Kind::Date => number("d mmm yyyy"),
            Kind::Rating { .. } | Kind::Share | Kind::Quantity { .. } => number("General"),
            Kind::Choice { .. } => format.set_align(FormatAlign::Center),
            _ => format.set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    /// Returns the format of an input cell with an open issue.
    pub fn marked(&self, format: Format, severity: Severity) -> Format {
        let (fill, line) = match severity {
            Severity::Error => (0xFBDAD2, 0xC0392B),
            Severity::Warning | Severity::Note => (0xFFE3A8, 0xB9770E),
        };
        format
            .set_background_color(Color::RGB(fill))
            .set_border(FormatBorder::Medium)
            .set_border_color(Color::RGB(line))
    }

    /// Returns the format of a calculated cell, with the unit after the value.
    pub fn computed(&self, unit: &str) -> Format {
        self.computed
            .clone()
            .set_num_format(format!("0.0\"{}\"", unit.replace('"', "")))
    }
}

pub const START_WIDTHS: [f64; 4] = [4.0, 26.0, 84.0, 14.0];

/// Locks all cells except inputs. There is no password: the lock prevents accidental changes only.
pub fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&rust_xlsxwriter::ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..Default::default()
    });
}
