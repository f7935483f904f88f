//! Native charts and the sheet with their data. With many clients a chart shows the best and the last, so that it stays
//! readable with 10,000.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLine, ChartSolidFill, ChartType, Color,
    Format, Worksheet, XlsxError,
};

use super::digest::{Digest, Figures};
use super::grid::{Book, GREY, NAVY, PALE, TEAL, quoted};
use crate::text::{for_cell, shorten};

/// Name of the sheet with the charts' data.
pub const DATA_SHEET: &str = "Chart data";
/// Clients on a chart: all, or so many from each end.
const ALL: usize = 24;
const EACH_END: usize = 12;
/// Longest name of a client and a candidate on a chart, in characters.
const LONGEST_LABEL: usize = 60;

/// What a chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The points of the score with this id.
    Score(String),
    /// The best candidate of each client by the ranked score with this id, part by part.
    Best(String),
    Roi,
    RoiStated,
    Completeness,
    Urgency,
    /// The first score against the second.
    Scores,
}

/// A block of the data: names and one or more values each.
pub struct Block {
    pub shown: Shown,
    pub title: String,
    pub headings: Vec<String>,
    pub rows: Vec<(String, Vec<Option<f64>>)>,
    /// Where its first data row stands, and its first column.
    pub at: (u32, u16),
}

impl Block {
    /// First and last data row, if there are any.
    fn rows(&self) -> Option<(u32, u32)> {
        (!self.rows.is_empty()).then(|| (self.at.0, self.at.0 + self.rows.len() as u32 - 1))
    }
}

/// The block of what a chart shows.
pub fn find<'b>(blocks: &'b [Block], shown: &Shown) -> Option<&'b Block> {
    blocks.iter().find(|block| block.shown == *shown)
}

/// The data of all charts, laid out side by side.
pub fn blocks(digest: &Digest) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut add = |shown, title: String, values: &[&str], rows| {
        let mut headings = vec!["Client".to_owned()];
        headings.extend(values.iter().map(|value| (*value).to_owned()));
        let column = blocks
            .last()
            .map_or(0, |block| block.at.1 + block.headings.len() as u16 + 1);
        blocks.push(Block {
            shown,
            title,
            headings,
            rows,
            at: (4, column),
        });
    };
    for (i, score) in digest.plain.iter().enumerate() {
        add(
            Shown::Score(score.id.clone()),
            score.label.clone(),
            &[&format!("Points of {}", score.out_of)],
            ends(digest, |client| Some(vec![Some(client.scores[i].0?)])),
        );
    }
    add(
        Shown::Roi,
        "Return on investment".into(),
        &["To one"],
        ends(digest, |client| Some(vec![Some(client.roi?)])),
    );
    // Ratios, not amounts: clients have different currencies.
    add(
        Shown::RoiStated,
        "ROI, worked out and stated".into(),
        &["Worked out", "Stated"],
        ends(digest, |client| {
            Some(vec![Some(client.roi?), client.stated_roi])
        }),
    );
    add(
        Shown::Completeness,
        "Completeness".into(),
        &["Share answered"],
        ends(digest, |client| {
            Some(vec![Some(share(client.completeness))])
        }),
    );
    add(
        Shown::Urgency,
        "Urgent and pressing activities".into(),
        &["Urgent", "Pressing"],
        ends(digest, |client| {
            Some(vec![
                Some(client.urgent as f64),
                Some(client.pressing as f64),
            ])
        }),
    );
    if let [first, second, ..] = &digest.plain[..] {
        add(
            Shown::Scores,
            format!("{} and {}", first.label, second.label),
            &[&first.label, &second.label],
            ends(digest, |client| {
                Some(vec![Some(client.scores[0].0?), Some(client.scores[1].0?)])
            }),
        );
    }
    for (i, score) in digest.ranked.iter().enumerate() {
        let model = score.subjects.first();
        let parts: Vec<&str> = model
            .iter()
            .flat_map(|model| &model.parts)
            .map(|part| part.label.as_str())
            .collect();
        add(
            Shown::Best(score.id.clone()),
            format!("{}: the best of each client", score.label),
            &parts,
            best(digest, i),
        );
    }
    blocks
}

/// Clients by their first value, best first: all, or the first and the last.
fn ends(
    digest: &Digest,
    values: impl Fn(&Figures) -> Option<Vec<Option<f64>>>,
) -> Vec<(String, Vec<Option<f64>>)> {
    let named = |client: &Figures| Some((client.name().to_owned(), values(client)?));
    let mut rows: Vec<(String, Vec<Option<f64>>)> =
        digest.clients.iter().filter_map(named).collect();
    rows.sort_by(|a, b| {
        b.1[0]
            .unwrap_or(f64::MIN)
            .total_cmp(&a.1[0].unwrap_or(f64::MIN))
    });
    if rows.len() > ALL {
        let last = rows.split_off(rows.len() - EACH_END);
        rows.truncate(EACH_END);
        rows.extend(last);
    }
    rows
}

/// The clients' best candidates of a ranked score, the best first.
fn best(digest: &Digest, score: usize) -> Vec<(String, Vec<Option<f64>>)> {
    let mut rows: Vec<(f64, String, &Vec<Option<f64>>)> = digest
        .clients
        .iter()
        .filter_map(|client| {
            let best = client.best[score].as_ref()?;
            let name = format!("{}: {}", client.name(), best.name);
            Some((best.points, shorten(&name, LONGEST_LABEL), &best.parts))
        })
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.truncate(EACH_END);
    rows.into_iter()
        .map(|(_, name, parts)| (name, parts.clone()))
        .collect()
}

/// A share of 1; of nothing it is 0.
pub fn share((part, whole): (usize, usize)) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// The sheet of the data.
pub fn data_sheet(book: &mut Book, blocks: &[Block]) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.kept_sheet(DATA_SHEET)?;
    super::grid::title(
        &mut sheet,
        DATA_SHEET,
        "What the charts are drawn from: all clients, or with many of them the first and the last.",
    )?;
    let bold = Format::new()
        .set_bold()
        .set_background_color(PALE)
        .set_text_wrap();
    let number = Format::new().set_num_format("#,##0.00");
    for block in blocks {
        let (row, column) = block.at;
        sheet.write_string_with_format(
            row - 2,
            column,
            for_cell(&block.title),
            &Format::new().set_bold().set_font_color(NAVY),
        )?;
        for (i, heading) in block.headings.iter().enumerate() {
            sheet.write_string_with_format(row - 1, column + i as u16, for_cell(heading), &bold)?;
            sheet.set_column_width(column + i as u16, if i == 0 { 30.0 } else { 14.0 })?;
        }
        for (i, (name, values)) in block.rows.iter().enumerate() {
            sheet.write_string(row + i as u32, column, for_cell(name))?;
            for (j, value) in values.iter().enumerate() {
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    sheet.write_number_with_format(
                        row + i as u32,
                        column + 1 + j as u16,
                        value,
                        &number,
                    )?;
                }
            }
        }
        sheet.set_column_width(column + block.headings.len() as u16, 3)?;
    }
    Ok(sheet)
}

/// A chart over a block of the data sheet; none without data.
pub fn over(block: &Block, kind: ChartType, colors: &[Color], number: &str) -> Option<Chart> {
    let (first, last) = block.rows()?;
    let mut chart = Chart::new(kind);
    for (i, heading) in block.headings.iter().enumerate().skip(1) {
        let column = block.at.1 + i as u16;
        let series = chart.add_series();
        series
            .set_name(heading.as_str())
            .set_categories((DATA_SHEET, first, block.at.1, last, block.at.1))
            .set_values((DATA_SHEET, first, column, last, column))
            .set_gap(45)
            .set_format(
                ChartFormat::new().set_solid_fill(
                    ChartSolidFill::new().set_color(colors[(i - 1) % colors.len()]),
                ),
            );
        if matches!(kind, ChartType::BarStacked | ChartType::ColumnStacked) {
            series.set_overlap(100);
        }
        if block.headings.len() == 2 && block.rows.len() <= EACH_END {
            series.set_data_label(
                ChartDataLabel::new()
                    .show_value()
                    .set_num_format(number)
                    .set_font(ChartFont::new().set_size(8)),
            );
        }
    }
    dress(
        &mut chart,
        matches!(kind, ChartType::Bar | ChartType::BarStacked),
        &block.title,
        number,
    );
    if block.headings.len() == 2 {
        chart.legend().set_hidden();
    }
    if number.ends_with('%') {
        // Nobody answers more than everything.
        let axis = if matches!(kind, ChartType::Bar) {
            chart.x_axis()
        } else {
            chart.y_axis()
        };
        axis.set_max(1);
    }
    Some(chart)
}

/// Title, quiet grid lines and small print, the same for all charts.
pub fn dress(chart: &mut Chart, lying: bool, title: &str, number: &str) {
    chart
        .title()
        .set_name(literal(title).as_str())
        .set_font(ChartFont::new().set_size(12).set_bold().set_color(NAVY));
    let small = || ChartFont::new().set_size(8).clone();
    let values = |axis: &mut rust_xlsxwriter::ChartAxis| {
        axis.set_font(&small())
            .set_num_format(number)
            .set_min(0)
            .set_major_gridlines_line(ChartLine::new().set_color(PALE));
    };
    if lying {
        // The bars of a lying chart grow along its x axis; its names are turned round, so that the best stands on top.
        values(chart.x_axis());
        chart
            .y_axis()
            .set_font(&small())
            .set_reverse()
            .set_major_gridlines(false);
    } else {
        values(chart.y_axis());
        chart.x_axis().set_font(&small());
    }
    chart
        .legend()
        .set_position(rust_xlsxwriter::ChartLegendPosition::Bottom)
        .set_font(ChartFont::new().set_size(8));
    chart.set_width(560).set_height(300);
}

/// A text that no chart takes for a reference to cells.
fn literal(text: &str) -> String {
    for_cell(text)
        .replace('!', "")
        .trim_start_matches('=')
        .to_owned()
}

/// One score against another, each client named beside its point.
pub fn scatter(block: &Block) -> Option<Chart> {
    let (first, last) = block.rows()?;
    let mut chart = Chart::new(ChartType::Scatter);
    let labels: Vec<ChartDataLabel> = block
        .rows
        .iter()
        .map(|(name, _)| {
            ChartDataLabel::new()
                .set_value(literal(&shorten(name, 22)).as_str())
                .to_custom()
        })
        .collect();
    let column = block.at.1;
    let series = chart.add_series();
    series
        .set_name(block.title.as_str())
        .set_categories((DATA_SHEET, first, column + 1, last, column + 1))
        .set_values((DATA_SHEET, first, column + 2, last, column + 2));
    series
        .set_data_label(
            ChartDataLabel::new()
                .show_value()
                .set_font(ChartFont::new().set_size(8))
                .set_position(rust_xlsxwriter::ChartDataLabelPosition::Right),
        )
        .set_custom_data_labels(&labels);
    dress(&mut chart, false, &block.title, "0");
    chart
        .x_axis()
        .set_name(&block.headings[1])
        .set_name_font(ChartFont::new().set_size(9))
        .set_min(0)
        .set_major_gridlines_line(ChartLine::new().set_color(PALE));
    chart
        .y_axis()
        .set_name(&block.headings[2])
        .set_name_font(ChartFont::new().set_size(9));
    let (low, high) = extent(block, 0);
    chart.x_axis().set_min(low).set_max(high);
    let (low, high) = extent(block, 1);
    chart.y_axis().set_min(low).set_max(high);
    chart.legend().set_hidden();
    Some(chart)
}

/// The stretch of a scale, in tens, that holds all values of a column: names beside the points need the room.
fn extent(block: &Block, column: usize) -> (f64, f64) {
    let values = || {
        block
            .rows
            .iter()
            .filter_map(|(_, values)| values.get(column).copied().flatten())
    };
    let low = values().fold(f64::MAX, f64::min);
    let high = values().fold(f64::MIN, f64::max);
    let tens = |value: f64| value / 10.0;
    (
        (tens(low).floor() * 10.0).max(0.0),
        (tens(high).floor() + 1.0) * 10.0,
    )
}

/// How many clients lie in each band, counted live from a column of the overview.
pub fn histogram(sheet: &str, first: u32, last: u32, column: u16, title: &str) -> Chart {
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_name("Clients")
        .set_categories((sheet, first, column, last, column))
        .set_values((sheet, first, column + 1, last, column + 1))
        .set_gap(45)
        .set_data_label(
            ChartDataLabel::new()
                .show_value()
                .set_font(ChartFont::new().set_size(8)),
        )
        .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(NAVY)));
    dress(&mut chart, false, title, "0");
    chart.legend().set_hidden();
    chart
}

/// Puts a chart on a sheet.
pub fn place(
    sheet: &mut Worksheet,
    chart: Option<Chart>,
    row: u32,
    column: u16,
    offset: u32,
) -> Result<(), XlsxError> {
    if let Some(mut chart) = chart {
        chart.set_object_movement(rust_xlsxwriter::ObjectMovement::DontMoveOrSizeWithCells);
        sheet.insert_chart_with_offset(row, column, &chart, offset, 0)?;
    }
    Ok(())
}

/// Colours of stacked parts, light and dark in turn.
pub const PARTS: [Color; 5] = [NAVY, TEAL, Color::RGB(0x7FB3AC), GREY, Color::RGB(0x5F6B78)];

/// A range of a sheet as formulas write it.
pub fn range(sheet: &str, column: u16, first: u32, last: u32) -> String {
    let letters = crate::answers::column_letters(u32::from(column));
    format!(
        "{}!${letters}${}:${letters}${}",
        quoted(sheet),
        first + 1,
        last + 1
    )
}
