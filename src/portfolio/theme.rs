//! Colors of the brand and the cell formats that use them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::questionnaire::Tone;

/// Colors and cell formats, created once per workbook.
pub struct Theme {
    palette: crate::look::Palette,
    pub title: Format,
    pub note: Format,
    pub heading: Format,
    /// Headings above numbers.
    pub figure_heading: Format,
    /// Rotated headings above narrow columns.
    pub upright: Format,
    /// Labels above several columns.
    pub group: Format,
    pub label: Format,
    pub text: Format,
    pub wrap: Format,
    pub number: [Format; 3],
    /// Differences with a sign, with 0 to 2 decimals.
    pub signed: [Format; 3],
    pub percent: Format,
    pub day: Format,
    /// Dates as headings: "7 Dec".
    pub week: Format,
    pub link: Format,
    pub tile_label: Format,
    pub tile_figure: Format,
    pub tile_text: Format,
    /// A cell for input by the reader.
    pub input: Format,
    pub input_day: Format,
    tones: [Format; 4],
}

const TONES: [Tone; 4] = [Tone::Good, Tone::Watch, Tone::Bad, Tone::Plain];

impl Theme {
    /// Creates the theme for the palette of a brand.
    pub fn new(palette: crate::look::Palette) -> Self {
        let color = |wanted| color(palette, wanted);
        let primary = color(crate::look::Color::Primary);
        let plain = || Format::new().set_align(FormatAlign::Top);
        let left = |format: Format| format.set_align(FormatAlign::Left).set_indent(1);
        let bold = || Format::new().set_bold().set_font_color(primary);
        let tile = || left(Format::new()).set_background_color(color(crate::look::Color::Pale));
        let heading = left(Format::new())
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(primary)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let input = Format::new()
            .set_bold()
            .set_background_color(color(crate::look::Color::Cream))
            .set_border(FormatBorder::Thin)
            .set_border_color(color(crate::look::Color::Line));
        Self {
            palette,
            title: bold().set_font_size(18),
            note: Format::new().set_font_color(color(crate::look::Color::Quiet)),
            upright: heading
                .clone()
                .set_indent(0)
                .set_rotation(90)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::Bottom),
            group: bold()
                .set_background_color(color(crate::look::Color::PrimarySoft))
                .set_align(FormatAlign::Center)
                .set_border_left(FormatBorder::Thin)
                .set_border_color(Color::White),
            figure_heading: heading.clone().set_indent(0).set_align(FormatAlign::Right),
            heading,
            label: bold(),
            text: left(plain()),
            wrap: left(plain()).set_text_wrap(),
            number: ["#,##0", "#,##0.0", "#,##0.00"].map(|format| plain().set_num_format(format)),
            signed: [
                "+#,##0;−#,##0;0",
                "+#,##0.0;−#,##0.0;0.0",
                "+#,##0.00;−#,##0.00;0.00",
            ]
            .map(|format| plain().set_num_format(format)),
            percent: plain().set_num_format("0%"),
            day: left(plain()).set_num_format("yyyy-mm-dd"),
            week: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(primary)
                .set_num_format("d mmm")
                .set_rotation(90)
                .set_align(FormatAlign::Center),
            link: left(plain())
                .set_text_wrap()
                .set_font_color(color(crate::look::Color::Accent))
                .set_underline(FormatUnderline::Single),
            tile_label: tile().set_font_color(color(crate::look::Color::Soft)),
            tile_figure: tile()
                .set_bold()
                .set_font_size(22)
                .set_font_color(primary)
                .set_align(FormatAlign::Left),
            tile_text: tile()
                .set_font_size(9)
                .set_font_color(color(crate::look::Color::Quiet)),
            input_day: input
                .clone()
                .set_num_format("yyyy-mm-dd")
                .set_align(FormatAlign::Left),
            input,
            tones: TONES.map(tone_format),
        }
    }

    /// Returns a color of the brand's palette.
    pub fn color(&self, wanted: crate::look::Color) -> Color {
        color(self.palette, wanted)
    }

    /// Returns the cell format of a tone: font color and background color.
    pub fn tone_format(&self, tone: Tone) -> &Format {
        let index = TONES.iter().position(|own| *own == tone);
        &self.tones[index.unwrap_or(TONES.len() - 1)]
    }

    /// Returns the format of a number with this number of decimals, at most 2.
    pub fn number(&self, decimals: usize) -> &Format {
        &self.number[decimals.min(2)]
    }

    /// Returns the color of data bars for negative values.
    pub fn negative_bar_color(&self) -> Color {
        Color::RGB(0xE8A49B)
    }

    /// Returns the colors of stacked bars, alternating between dark and light.
    pub fn parts(&self) -> [Color; 5] {
        use crate::look::Color::*;
        [Primary, Accent, AccentSoft, PrimarySoft, Quiet].map(|part| self.color(part))
    }

    /// Returns the color of a tone in charts.
    pub fn fill(&self, tone: Tone) -> Color {
        self.color(match tone {
            Tone::Good => crate::look::Color::Good,
            Tone::Watch => crate::look::Color::Watch,
            Tone::Bad => crate::look::Color::Bad,
            Tone::Plain => crate::look::Color::PrimarySoft,
        })
    }
}

fn color(palette: crate::look::Palette, wanted: crate::look::Color) -> Color {
    let [red, green, blue] = palette.rgb(wanted).map(u32::from);
    Color::RGB(red << 16 | green << 8 | blue)
}

/// Returns the cell format of a tone. Its colors are the same for every brand, because they distinguish good from bad.
fn tone_format(tone: Tone) -> Format {
    let format = Format::new()
        .set_align(FormatAlign::Top)
        .set_text_wrap()
        .set_align(FormatAlign::Left)
        .set_indent(1);
    match tone {
        Tone::Good => format
            .set_font_color(Color::RGB(0x14584F))
            .set_background_color(Color::RGB(0xDDEFEB)),
        Tone::Watch => format
            .set_font_color(Color::RGB(0x7A4A00))
            .set_background_color(Color::RGB(0xFBEBD0)),
        Tone::Bad => format
            .set_font_color(Color::RGB(0x8E2A20))
            .set_background_color(Color::RGB(0xF7DDD9)),
        Tone::Plain => format,
    }
}
