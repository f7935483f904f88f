//! The brand's colors, and the formats of cells in them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::questionnaire::Tone;

/// Colors and formats, made once a workbook.
pub struct Theme {
    palette: crate::look::Palette,
    pub title: Format,
    pub note: Format,
    pub heading: Format,
    /// Over figures.
    pub figure_heading: Format,
    /// Headings that stand upright over narrow columns.
    pub upright: Format,
    /// Names of groups of columns.
    pub group: Format,
    pub label: Format,
    pub text: Format,
    pub wrap: Format,
    pub number: [Format; 3],
    /// Differences, with so many decimals.
    pub signed: [Format; 3],
    pub percent: Format,
    pub day: Format,
    /// Days as headings: "7 Dec".
    pub week: Format,
    pub link: Format,
    pub tile_label: Format,
    pub tile_figure: Format,
    pub tile_text: Format,
    /// A cell that the reader is to fill in.
    pub input: Format,
    pub input_day: Format,
    tones: [Format; 4],
}

const TONES: [Tone; 4] = [Tone::Good, Tone::Watch, Tone::Bad, Tone::Plain];

impl Theme {
    /// The theme of a brand.
    pub fn new(palette: crate::look::Palette) -> Self {
        let color = |wanted| color(palette, wanted);
        let primary = color(crate::look::Color::Primary);
        let plain = || Format::new().set_align(FormatAlign::Top);
        let tile = || {
            Format::new()
                .set_background_color(color(crate::look::Color::Pale))
                .set_align(FormatAlign::Left)
                .set_indent(1)
        };
        let heading = Format::new()
            .set_bold()
            .set_align(FormatAlign::Left)
            .set_indent(1)
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
            title: Format::new()
                .set_bold()
                .set_font_size(18)
                .set_font_color(primary),
            note: Format::new().set_font_color(color(crate::look::Color::Quiet)),
            upright: heading
                .clone()
                .set_indent(0)
                .set_rotation(90)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::Bottom),
            group: Format::new()
                .set_bold()
                .set_font_color(primary)
                .set_background_color(color(crate::look::Color::PrimarySoft))
                .set_align(FormatAlign::Center)
                .set_border_left(FormatBorder::Thin)
                .set_border_color(Color::White),
            figure_heading: heading.clone().set_indent(0).set_align(FormatAlign::Right),
            heading,
            label: Format::new().set_bold().set_font_color(primary),
            text: plain().set_align(FormatAlign::Left).set_indent(1),
            wrap: plain()
                .set_text_wrap()
                .set_align(FormatAlign::Left)
                .set_indent(1),
            number: ["#,##0", "#,##0.0", "#,##0.00"].map(|format| plain().set_num_format(format)),
            signed: [
                "+#,##0;−#,##0;0",
                "+#,##0.0;−#,##0.0;0.0",
                "+#,##0.00;−#,##0.00;0.00",
            ]
            .map(|format| plain().set_num_format(format)),
            percent: plain().set_num_format("0%"),
            day: plain()
                .set_num_format("yyyy-mm-dd")
                .set_align(FormatAlign::Left)
                .set_indent(1),
            week: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(primary)
                .set_num_format("d mmm")
                .set_rotation(90)
                .set_align(FormatAlign::Center),
            link: plain()
                .set_text_wrap()
                .set_align(FormatAlign::Left)
                .set_indent(1)
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
            tones: TONES.map(toned),
        }
    }

    /// A color of the plan's palette.
    pub fn color(&self, wanted: crate::look::Color) -> Color {
        color(self.palette, wanted)
    }

    /// Words and ground of a tone.
    pub fn toned(&self, tone: Tone) -> &Format {
        let index = TONES.iter().position(|own| *own == tone);
        &self.tones[index.unwrap_or(TONES.len() - 1)]
    }

    /// A number with so many decimals.
    pub fn number(&self, decimals: usize) -> &Format {
        &self.number[decimals.min(2)]
    }

    /// The ground of what falls behind.
    pub fn toned_ground(&self) -> Color {
        Color::RGB(0xE8A49B)
    }

    /// Colors of stacked parts, dark and light in turn.
    pub fn parts(&self) -> [Color; 5] {
        use crate::look::Color::*;
        [Primary, Accent, AccentSoft, PrimarySoft, Quiet].map(|part| self.color(part))
    }

    /// The color of a tone in charts.
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

/// The same grounds for every brand: they tell good from bad.
fn toned(tone: Tone) -> Format {
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
