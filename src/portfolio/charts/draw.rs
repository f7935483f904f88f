//! What charts look like: bars, doughnut and scatter in one dress, with words for those who do not see them.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabel,
    ChartDataLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint,
    ChartSolidFill, ChartType, Color, ObjectMovement, Worksheet, XlsxError,
};

use super::{Block, SHEET};
use crate::text::{for_cell, shorten, shorten_within};

/// Points of a scatter chart that all have names; of more, so many from each end: names that stand over one another tell
/// nobody anything.
const MAX_NAMED: usize = 24;
const NAMED_ENDS: usize = 4;
/// Longest name beside a point, in characters.
const MAX_POINT_LABEL_LENGTH: usize = 24;
/// Longest description, in characters: Excel takes no more.
const MAX_ALTERNATIVE_LENGTH: usize = 255;
/// Height of a chart, and of each of its lying bars, in pixels.
const HEIGHT: u32 = 300;
const BAR: u32 = 16;
/// Of a further bar beside it.
const THIN_BAR: u32 = 7;

impl Block {
    /// Bars, lying where they have many or long names.
    pub fn bars(&self) -> Drawn {
        let mut chart = Chart::new(self.kind);
        let (first, last) = self.rows();
        let stacked = matches!(self.kind, ChartType::BarStacked);
        for (i, heading) in self.headings.iter().enumerate().skip(1) {
            let column = self.at.1 + i as u16;
            let color = self.colors[(i - 1) % self.colors.len()];
            let series = chart.add_series();
            series
                .set_name(literal(heading).as_str())
                .set_categories((SHEET, first, self.at.1, last, self.at.1))
                .set_values((SHEET, first, column, last, column))
                .set_gap(if self.rows.len() > 3 { 45 } else { 120 })
                .set_format(&mut filled(color));
            if stacked {
                series.set_overlap(100);
            } else {
                series.set_data_label(
                    ChartDataLabel::new()
                        .show_value()
                        .set_num_format(self.format)
                        .set_font(&small()),
                );
            }
        }
        dress(&mut chart, &self.title, &self.describe());
        // The bars of a lying chart grow along its x axis; its names are turned round, so that the best stands on top.
        // A scale up to a number of points has whole steps.
        let format = self.most.map_or(self.format, |_| "0");
        values(chart.x_axis(), &self.unit, format).set_min(0);
        if let Some(most) = self.most {
            chart.x_axis().set_max(most);
        }
        names(chart.y_axis(), &self.headings[0])
            .set_reverse()
            .set_crossing(ChartAxisCrossing::Max);
        chart
            .y_axis()
            .set_label_position(ChartAxisLabelPosition::Low);
        if self.headings.len() == 2 {
            chart.legend().set_hidden();
        }
        let further = match stacked {
            true => 0,
            false => self.headings.len() as u32 - 2,
        };
        let row = BAR + further * THIN_BAR;
        Drawn::new(chart, HEIGHT.max(140 + self.rows.len() as u32 * row))
    }

    pub fn doughnut(&self) -> Drawn {
        let mut chart = Chart::new(ChartType::Doughnut);
        let (first, last) = self.rows();
        let points: Vec<ChartPoint> = self
            .colors
            .iter()
            .map(|color| ChartPoint::new().set_format(&mut filled(*color)))
            .collect();
        chart
            .add_series()
            .set_name(literal(&self.headings[1]).as_str())
            .set_categories((SHEET, first, self.at.1, last, self.at.1))
            .set_values((SHEET, first, self.at.1 + 1, last, self.at.1 + 1))
            .set_points(&points)
            .set_data_label(
                ChartDataLabel::new()
                    .show_value()
                    .set_num_format(self.format)
                    .set_font(ChartFont::new().set_size(11).set_bold()),
            );
        dress(&mut chart, &self.title, &self.describe());
        chart.set_hole_size(55);
        chart.legend().set_position(ChartLegendPosition::Right);
        Drawn::new(chart, HEIGHT)
    }

    /// One value against another, each client, or of many the first and the last, named beside its point.
    pub fn scatter(&self) -> Drawn {
        let mut chart = Chart::new(ChartType::Scatter);
        let (first, last) = self.rows();
        let count = self.rows.len();
        let named =
            |index: usize| count <= MAX_NAMED || index < NAMED_ENDS || index >= count - NAMED_ENDS;
        let labels: Vec<ChartDataLabel> = self
            .rows
            .iter()
            .enumerate()
            .map(|(index, (name, _))| match named(index) {
                // Neighbours in the ranking lie near one another.
                true => ChartDataLabel::new()
                    .set_value(literal(&shorten_within(name, MAX_POINT_LABEL_LENGTH)).as_str())
                    .set_position(match index % 2 {
                        0 => ChartDataLabelPosition::Right,
                        _ => ChartDataLabelPosition::Left,
                    })
                    .to_custom(),
                false => ChartDataLabel::new().set_hidden().to_custom(),
            })
            .collect();
        let points: Vec<ChartPoint> = self
            .colors
            .iter()
            .map(|color| ChartPoint::new().set_format(&mut filled(*color)))
            .collect();
        let column = self.at.1;
        let series = chart.add_series();
        series
            .set_name(literal(&self.title).as_str())
            .set_categories((SHEET, first, column + 1, last, column + 1))
            .set_values((SHEET, first, column + 2, last, column + 2))
            // Not as the series' marker: the writer puts that where Excel does not take it.
            .set_format(filled(self.colors[0]).set_no_line())
            .set_points(&points);
        series
            .set_data_label(
                ChartDataLabel::new()
                    .show_value()
                    .set_font(&small())
                    .set_position(ChartDataLabelPosition::Right),
            )
            .set_custom_data_labels(&labels);
        dress(&mut chart, &self.title, &self.describe());
        let (low, high) = self.extent(0);
        values(chart.x_axis(), &self.headings[1], self.format)
            .set_min(low)
            .set_max(high);
        let (low, high) = self.extent(1);
        values(chart.y_axis(), &self.headings[2], self.format)
            .set_min(low)
            .set_max(high);
        chart.legend().set_hidden();
        Drawn::new(chart, HEIGHT + 60)
    }

    /// The stretch of a scale, in tens, that holds all values of a column: names beside the points need the room.
    fn extent(&self, column: usize) -> (f64, f64) {
        let values = || {
            let rows = self.rows.iter();
            rows.filter_map(|(_, values)| values.get(column).copied().flatten())
        };
        let low = values().fold(f64::MAX, f64::min);
        let high = values().fold(f64::MIN, f64::max);
        let tens = |value: f64| value / 10.0;
        (
            (tens(low).floor() * 10.0).max(0.0),
            (tens(high).floor() + 1.0) * 10.0,
        )
    }

    /// What the chart shows, for those who do not see it.
    fn describe(&self) -> String {
        /// Names that are told one by one.
        const MAX_COUNT: usize = 6;
        let texts: Vec<String> = self
            .rows
            .iter()
            .map(|(name, values)| {
                let values = values.iter().map(|value| match value {
                    Some(value) => format!("{}", (value * 10.0).round() / 10.0),
                    None => "none".into(),
                });
                format!("{name} {}", values.collect::<Vec<_>>().join(" and "))
            })
            .collect();
        let values = self.headings[1..].join(", ");
        let told = if texts.len() > MAX_COUNT {
            let (first, last) = (
                &texts[..MAX_COUNT / 2],
                &texts[texts.len() - MAX_COUNT / 2..],
            );
            format!("{}; …; {}", first.join("; "), last.join("; "))
        } else {
            texts.join("; ")
        };
        let kind = match self.kind {
            ChartType::Doughnut => "Doughnut chart",
            ChartType::Scatter => "Scatter chart",
            ChartType::BarStacked => "Stacked bars",
            _ => "Bars",
        };
        short(&format!("{kind}. {}. {values}: {told}.", self.title))
    }
}

/// A description that is not longer than anybody listens to.
pub fn short(description: &str) -> String {
    shorten(&for_cell(description), MAX_ALTERNATIVE_LENGTH)
}

fn filled(color: Color) -> ChartFormat {
    ChartFormat::new()
        .set_solid_fill(ChartSolidFill::new().set_color(color))
        .clone()
}

fn small() -> ChartFont {
    ChartFont::new().set_size(8).clone()
}

const GRID: Color = Color::RGB(0xE6ECF2);
const INK: Color = Color::RGB(0x1C242E);

/// An axis of values: what they are counted in, quiet grid lines.
pub fn values<'a>(axis: &'a mut ChartAxis, unit: &str, format: &str) -> &'a mut ChartAxis {
    axis.set_font(&small())
        .set_num_format(format)
        .set_name(literal(unit).as_str())
        .set_name_font(ChartFont::new().set_size(9).unset_bold())
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(GRID))
}

/// An axis of names.
pub fn names<'a>(axis: &'a mut ChartAxis, what: &str) -> &'a mut ChartAxis {
    axis.set_font(&small())
        .set_name(literal(what).as_str())
        .set_name_font(ChartFont::new().set_size(9).unset_bold())
        .set_major_gridlines(false)
}

/// Title, legend and size, the same for all charts, and words for those who do not see it.
pub fn dress(chart: &mut Chart, title: &str, alternative: &str) {
    chart
        .title()
        .set_name(literal(title).as_str())
        .set_font(ChartFont::new().set_size(12).set_bold().set_color(INK));
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&small());
    chart.set_alt_text(alternative);
}

/// A text that no chart takes for a reference to cells.
pub fn literal(text: &str) -> String {
    for_cell(text)
        .replace('!', "")
        .trim_start_matches('=')
        .to_owned()
}

/// A chart and its size in pixels.
pub struct Drawn {
    chart: Chart,
    pub width: u32,
    pub height: u32,
}

/// Width of a chart.
pub const WIDTH: u32 = 560;
/// Height of a row of cells, and the room that a chart keeps below it.
const ROW: u32 = 20;
const GAP: u32 = 12;

impl Drawn {
    pub fn new(chart: Chart, height: u32) -> Self {
        Self {
            chart,
            width: WIDTH,
            height,
        }
    }

    /// Rows of the usual height that it takes.
    pub fn rows(&self) -> u32 {
        (self.height + GAP).div_ceil(ROW)
    }

    /// Puts it on a sheet, so many pixels right of a cell.
    pub fn place(
        mut self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        offset: u32,
    ) -> Result<(), XlsxError> {
        self.chart.set_width(self.width).set_height(self.height);
        self.chart
            .set_object_movement(ObjectMovement::DontMoveOrSizeWithCells);
        sheet.insert_chart_with_offset(row, column, &self.chart, offset, 4)?;
        Ok(())
    }
}

/// Puts charts on a sheet from a row on, side by side or wrapped; returns the first row below them.
pub fn place_all(
    sheet: &mut Worksheet,
    charts: Vec<Drawn>,
    mut row: u32,
    side_by_side: usize,
) -> Result<u32, XlsxError> {
    let mut charts = charts.into_iter().peekable();
    while charts.peek().is_some() {
        let line: Vec<Drawn> = charts.by_ref().take(side_by_side).collect();
        let height = line
            .iter()
            .map(|chart| chart.height)
            .max()
            .unwrap_or_default();
        let rows = line.iter().map(Drawn::rows).max().unwrap_or_default();
        let mut offset = 0;
        for mut chart in line {
            // Neighbours end on one line.
            chart.height = height;
            let width = chart.width;
            chart.place(sheet, (row, 0), offset)?;
            offset += width + GAP;
        }
        row += rows;
    }
    Ok(row)
}
