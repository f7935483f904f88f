//! Appearance of the charts: bar, doughnut, and scatter charts in a common style, with alternative text.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabel,
    ChartDataLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint,
    ChartSolidFill, ChartType, Color, ObjectMovement, Worksheet, XlsxError,
};

use super::Block;
use crate::text::{fill, for_cell, shorten, shorten_within};

/// Maximum number of points for which a scatter chart labels all points. With more points, it labels [`NAMED_ENDS`]
/// points from each end, because overlapping labels are not readable.
const MAX_NAMED: usize = 24;
/// Number of labeled points at each end of a larger scatter chart.
const NAMED_ENDS: usize = 4;
/// Maximum length of a name next to a point, in characters.
const MAX_POINT_LABEL_LENGTH: usize = 24;
/// Excel's limit for the length of alternative text, in characters.
const MAX_ALTERNATIVE_LENGTH: usize = 255;
/// Minimum height of a chart, in pixels.
const HEIGHT: u32 = 300;
/// Height per name on a bar chart, in pixels.
const BAR: u32 = 16;
/// Additional height for each further bar of a name, in pixels.
const THIN_BAR: u32 = 7;

impl Block {
    /// Returns a chart with horizontal bars.
    pub fn bars(&self) -> SizedChart {
        let sheet = self.texts.sheets.chart_data.as_str();
        let mut chart = Chart::new(self.kind);
        let (first, last) = self.rows();
        let stacked = matches!(self.kind, ChartType::BarStacked);
        for (i, heading) in self.headings.iter().enumerate().skip(1) {
            let column = self.at.1 + i as u16;
            let color = self.colors[(i - 1) % self.colors.len()];
            let series = chart.add_series();
            series
                .set_name(literal(heading).as_str())
                .set_categories((sheet, first, self.at.1, last, self.at.1))
                .set_values((sheet, first, column, last, column))
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
        style_chart(&mut chart, &self.title, &self.describe());
        // In rust_xlsxwriter, the x axis of a horizontal bar chart contains the values. The axis of names is reversed
        // so that the best is at the top. A scale with a fixed maximum has whole steps.
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
        SizedChart::new(chart, HEIGHT.max(140 + self.rows.len() as u32 * row))
    }

    pub fn doughnut(&self) -> SizedChart {
        let sheet = self.texts.sheets.chart_data.as_str();
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
            .set_categories((sheet, first, self.at.1, last, self.at.1))
            .set_values((sheet, first, self.at.1 + 1, last, self.at.1 + 1))
            .set_points(&points)
            .set_data_label(
                ChartDataLabel::new()
                    .show_value()
                    .set_num_format(self.format)
                    .set_font(ChartFont::new().set_size(11).set_bold()),
            );
        style_chart(&mut chart, &self.title, &self.describe());
        chart.set_hole_size(55);
        chart.legend().set_position(ChartLegendPosition::Right);
        SizedChart::new(chart, HEIGHT)
    }

    /// Returns a scatter chart of two values, one point per client. With many clients, only the first and the last
    /// points have a label.
    pub fn scatter(&self) -> SizedChart {
        let sheet = self.texts.sheets.chart_data.as_str();
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
                // Neighbors in the ranking are close together, so their labels alternate between right and left.
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
            .set_categories((sheet, first, column + 1, last, column + 1))
            .set_values((sheet, first, column + 2, last, column + 2))
            // Do not set a marker of the series: rust_xlsxwriter writes it in a place that Excel does not accept.
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
        style_chart(&mut chart, &self.title, &self.describe());
        let (low, high) = self.extent(0);
        values(chart.x_axis(), &self.headings[1], self.format)
            .set_min(low)
            .set_max(high);
        let (low, high) = self.extent(1);
        values(chart.y_axis(), &self.headings[2], self.format)
            .set_min(low)
            .set_max(high);
        chart.legend().set_hidden();
        SizedChart::new(chart, HEIGHT + 60)
    }

    /// Returns the minimum and maximum of an axis for the values of a column. Both are multiples of 10, so that names
    /// next to the points have room.
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

    /// Returns the alternative text of the chart.
    fn describe(&self) -> String {
        /// Maximum number of names in the text.
        const MAX_COUNT: usize = 6;
        let words = &self.texts.charts;
        let texts: Vec<String> = self
            .rows
            .iter()
            .map(|(name, values)| {
                let values = values.iter().map(|value| match value {
                    Some(value) => format!("{}", (value * 10.0).round() / 10.0),
                    None => words.none.clone(),
                });
                format!("{name} {}", values.collect::<Vec<_>>().join(&words.and))
            })
            .collect();
        let values = self.headings[1..].join(", ");
        let described = if texts.len() > MAX_COUNT {
            let (first, last) = (
                &texts[..MAX_COUNT / 2],
                &texts[texts.len() - MAX_COUNT / 2..],
            );
            format!("{}; …; {}", first.join("; "), last.join("; "))
        } else {
            texts.join("; ")
        };
        let kind = match self.kind {
            ChartType::Doughnut => &words.doughnut,
            ChartType::Scatter => &words.scatter,
            ChartType::BarStacked => &words.stacked_bars,
            _ => &words.bars,
        };
        let values = [
            ("kind", kind.as_str()),
            ("title", &self.title),
            ("values", &values),
            ("data", &described),
        ];
        short(&fill(&words.described, &values))
    }
}

/// Shortens a description to the limit for alternative text.
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

/// Formats a value axis with its unit, number format, and light grid lines.
pub fn values<'a>(axis: &'a mut ChartAxis, unit: &str, format: &str) -> &'a mut ChartAxis {
    axis.set_font(&small())
        .set_num_format(format)
        .set_name(literal(unit).as_str())
        .set_name_font(ChartFont::new().set_size(9).unset_bold())
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(GRID))
}

/// Formats an axis of names.
pub fn names<'a>(axis: &'a mut ChartAxis, what: &str) -> &'a mut ChartAxis {
    axis.set_font(&small())
        .set_name(literal(what).as_str())
        .set_name_font(ChartFont::new().set_size(9).unset_bold())
        .set_major_gridlines(false)
}

/// Sets the title, the legend, and the alternative text in the common style.
pub fn style_chart(chart: &mut Chart, title: &str, alternative: &str) {
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

/// Returns a text that rust_xlsxwriter does not treat as a cell reference.
pub fn literal(text: &str) -> String {
    for_cell(text)
        .replace('!', "")
        .trim_start_matches('=')
        .to_owned()
}

/// A chart and its size in pixels.
pub struct SizedChart {
    chart: Chart,
    pub width: u32,
    pub height: u32,
}

/// Default width of a chart in pixels.
pub const WIDTH: u32 = 560;
/// Default height of a row, in pixels.
const ROW: u32 = 20;
/// Space below and to the right of a chart, in pixels.
const GAP: u32 = 12;

impl SizedChart {
    pub fn new(chart: Chart, height: u32) -> Self {
        Self {
            chart,
            width: WIDTH,
            height,
        }
    }

    /// Returns the number of rows of default height that the chart covers, including the space below it.
    pub fn rows(&self) -> u32 {
        (self.height + GAP).div_ceil(ROW)
    }

    /// Inserts the chart on a sheet, `offset` pixels to the right of a cell.
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

/// Inserts charts on a sheet, starting at row `row`, with up to `side_by_side` charts next to each other. Returns the
/// first row below them.
pub fn place_all(
    sheet: &mut Worksheet,
    charts: Vec<SizedChart>,
    mut row: u32,
    side_by_side: usize,
) -> Result<u32, XlsxError> {
    let mut charts = charts.into_iter().peekable();
    while charts.peek().is_some() {
        let line: Vec<SizedChart> = charts.by_ref().take(side_by_side).collect();
        let height = line
            .iter()
            .map(|chart| chart.height)
            .max()
            .unwrap_or_default();
        let rows = line.iter().map(SizedChart::rows).max().unwrap_or_default();
        let mut offset = 0;
        for mut chart in line {
            // Charts next to each other have the same height.
            chart.height = height;
            let width = chart.width;
            chart.place(sheet, (row, 0), offset)?;
            offset += width + GAP;
        }
        row += rows;
    }
    Ok(row)
}
