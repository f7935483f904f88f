//! Native charts and the sheet with their data. With many clients a chart shows the first and the last, so that it stays
//! readable with 10,000.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabel,
    ChartDataLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint,
    ChartSolidFill, ChartType, Color, Format, ObjectMovement, Worksheet, XlsxError,
};

use super::book::{Book, title};
use super::clients;
use super::digest::{Digest, Figures, OwnScore, descending};
use super::table::{cell, countable, write_formula, write_number};
use super::tally::Tally;
use super::theme::Theme;
use crate::pdf;
use crate::programme::Tone;
use crate::text::{for_cell, shorten};

/// Name of the sheet with the charts' data.
pub const SHEET: &str = "Chart data";
/// First row of the data.
const TOP: u32 = 4;
/// Clients on a chart: all up to twice as many as these, else so many from each end.
const EACH_END: usize = 15;
/// Points of a scatter chart, at most. All have names up to so many points, else so many from each end: names that stand
/// over one another tell nobody anything.
const MOST_POINTS: usize = 400;
const MOST_NAMED: usize = 24;
const NAMED_ENDS: usize = 4;
/// Clients of whom the three best candidates are shown; of more, the best one.
const FEW: usize = 8;
/// Currencies that have a chart.
const MOST_CURRENCIES: usize = 3;
/// Longest names on a chart, in characters.
const LONGEST_LABEL: usize = 44;
const LONGEST_POINT_LABEL: usize = 18;
/// Longest description, in characters: Excel takes no more.
const LONGEST_ALTERNATIVE: usize = 255;
/// Height of a chart, and of each of its lying bars, in pixels.
const HEIGHT: u32 = 300;
const BAR: u32 = 16;
/// Of a further bar beside it.
const THIN_BAR: u32 = 7;

/// What a chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The points of the score with this id, the best first.
    Ranking(String),
    /// The same, part by part.
    Parts(String),
    /// The means of a score's groups, of the only client.
    Groups(String),
    /// Clients by band of the first score.
    Bands,
    /// The first score against the second.
    Scores,
    /// Findings by worksheet.
    Findings,
    /// Return on investment, worked out and stated.
    Roi,
    /// Investment against return, in this currency.
    Money(String),
    /// The best candidates by the ranked score with this id, part by part.
    Best(String),
    /// Which kinds of candidates win, by the ranked score with this id.
    Kinds(String),
    /// Urgent and pressing activities.
    Urgency,
}

/// The data of a chart: names and one or more values each.
pub struct Block {
    pub shown: Shown,
    title: String,
    /// What the names are, then what each value is.
    headings: Vec<String>,
    /// What the values are counted in, and their number format.
    unit: String,
    format: &'static str,
    kind: ChartType,
    colors: Vec<Color>,
    rows: Vec<(String, Vec<Option<f64>>)>,
    /// The range in which each name is counted, where the values are live.
    counted_in: Option<String>,
    /// The end of the scale, where there is one.
    most: Option<f64>,
    /// Where its first data row stands, and its first column.
    at: (u32, u16),
}

/// The data of all charts.
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// The data of all charts, laid out side by side. What has no data is left out.
    pub fn of(digest: &Digest, tally: &Tally, theme: &Theme) -> Self {
        let mut blocks = Vec::new();
        for (index, _) in digest.plain.iter().enumerate() {
            blocks.extend(score_blocks(digest, index, theme));
        }
        blocks.extend(bands(digest, theme));
        blocks.extend(scores(digest, theme));
        blocks.push(findings(tally, theme));
        blocks.push(roi(digest, theme));
        blocks.extend(money(digest, theme));
        for (index, _) in digest.ranked.iter().enumerate() {
            blocks.push(best(digest, index, theme));
            blocks.push(kinds(digest, index, theme));
        }
        blocks.push(urgency(digest, theme));
        blocks.retain(|block| !block.rows.is_empty());
        let mut column = 0;
        for block in &mut blocks {
            block.at = (TOP, column);
            column += block.headings.len() as u16 + 1;
        }
        Self(blocks)
    }

    /// The chart of what is shown; none without data.
    pub fn chart(&self, shown: &Shown) -> Option<Drawn> {
        let block = self.0.iter().find(|block| block.shown == *shown)?;
        Some(match block.shown {
            Shown::Scores => block.scatter(),
            Shown::Bands => block.doughnut(),
            _ => block.bars(),
        })
    }

    /// Charts of investment and return, one a currency.
    pub fn money(&self) -> impl Iterator<Item = Drawn> {
        let money = |block: &&Block| matches!(block.shown, Shown::Money(_));
        self.0.iter().filter(money).map(Block::bars)
    }

    /// The sheet of the data.
    pub fn sheet(&self, book: &mut Book) -> Result<Worksheet, XlsxError> {
        let mut sheet = book.kept_sheet(SHEET)?;
        let theme = &book.theme;
        let note = "What the charts are drawn from: all clients, or with many of them the first and the last.";
        title(&mut sheet, theme, SHEET, note)?;
        for block in &self.0 {
            block.write(&mut sheet, theme)?;
        }
        Ok(sheet)
    }
}

/// What all blocks have alike.
fn block(shown: Shown, title: String, headings: Vec<String>) -> Block {
    Block {
        shown,
        title,
        headings,
        unit: String::new(),
        format: "0.0",
        kind: ChartType::Bar,
        colors: Vec::new(),
        rows: Vec::new(),
        counted_in: None,
        most: None,
        at: (TOP, 0),
    }
}

type Row = (String, Vec<Option<f64>>);

fn score_blocks(digest: &Digest, index: usize, theme: &Theme) -> Vec<Block> {
    let score = &digest.plain[index];
    let labels: Vec<String> = score
        .subjects
        .iter()
        .flat_map(|model| &model.parts)
        .map(|part| part.label.clone())
        .collect();
    let unit = format!("Points of {}", score.out_of);
    let own = |client: &Figures, values: &dyn Fn(&OwnScore) -> Vec<Option<f64>>| {
        let own = client.scores.get(index)?;
        own.points.map(|_| values(own))
    };
    let rank = |client: &Figures| client.scores.get(index).and_then(|own| own.points);
    if digest.clients.len() < 2 {
        let means = digest
            .clients
            .iter()
            .flat_map(|client| &client.scores[index].parts);
        let rows = labels.into_iter().zip(means);
        let rows = rows.filter_map(|(label, (_, mean))| Some((label, vec![Some((*mean)?)])));
        let shown = Shown::Groups(score.id.clone());
        return vec![Block {
            unit: "Mean of 10".into(),
            most: Some(10.0),
            rows: rows.collect(),
            colors: vec![theme.color(pdf::Color::Accent)],
            ..block(
                shown,
                score.label.clone(),
                vec!["Group".into(), "Mean of 10".into()],
            )
        }];
    }
    let ranked = |values: &dyn Fn(&OwnScore) -> Vec<Option<f64>>| {
        ends(digest, &rank, &|client| own(client, values))
    };
    let (rows, of) = ranked(&|own| vec![own.points]);
    let ranking = Block {
        unit: unit.clone(),
        most: Some(score.out_of),
        rows,
        colors: vec![theme.color(pdf::Color::Accent)],
        ..block(
            Shown::Ranking(score.id.clone()),
            format!("{} ranking{of}", score.label),
            vec!["Client".into(), unit.clone()],
        )
    };
    let (rows, of) = ranked(&|own| own.parts.iter().map(|(points, _)| *points).collect());
    let mut headings = vec!["Client".to_owned()];
    headings.extend(labels);
    // The first score is ranked, the second, or the only one, shows its dimensions too.
    let shows_parts = index == 1 || digest.plain.len() == 1;
    let parts = Block {
        unit,
        most: Some(score.out_of),
        rows,
        kind: ChartType::BarStacked,
        colors: theme.parts().to_vec(),
        ..block(
            Shown::Parts(score.id.clone()),
            format!("{} by dimension{of}", score.label),
            headings,
        )
    };
    match (index, shows_parts) {
        (0, true) => vec![ranking, parts],
        (0, false) => vec![ranking],
        (_, true) => vec![parts],
        (_, false) => Vec::new(),
    }
}

/// Clients of a value, the greatest first: all, or the first and the last; and words for the title that say so.
fn ends(
    digest: &Digest,
    rank: &dyn Fn(&Figures) -> Option<f64>,
    values: &dyn Fn(&Figures) -> Option<Vec<Option<f64>>>,
) -> (Vec<Row>, String) {
    let mut clients: Vec<&Figures> = digest.in_order().collect();
    clients.sort_by(|a, b| descending(rank(a), rank(b)));
    let named = |client: &&Figures| Some((client.name().to_owned(), values(client)?));
    let rows: Vec<Row> = clients.iter().filter_map(named).collect();
    let count = rows.len();
    if count <= 2 * EACH_END {
        return (rows, String::new());
    }
    (cut(rows), format!(", first and last {EACH_END} of {count}"))
}

/// The first and the last rows, and a gap between them.
fn cut(mut rows: Vec<Row>) -> Vec<Row> {
    let last = rows.split_off(rows.len().saturating_sub(EACH_END));
    rows.truncate(EACH_END);
    rows.push(("…".into(), Vec::new()));
    rows.extend(last);
    rows
}

fn bands(digest: &Digest, theme: &Theme) -> Option<Block> {
    let score = digest.plain.first()?;
    // Each band has its colour, whichever of them occur: of two of one tone the lower is the lighter.
    let mut colors: Vec<Color> = Vec::new();
    let mut shown = Vec::new();
    for band in score.bands.iter().rev() {
        let color = theme.fill(band.tone);
        let color = match colors.contains(&color) {
            true => theme.color(pdf::Color::AccentSoft),
            false => color,
        };
        colors.push(color);
        let own = digest.clients.iter().filter(|client| {
            let own = client.scores[0].band.as_ref();
            own.is_some_and(|(label, _)| *label == band.label)
        });
        let count = own.count();
        if count > 0 {
            shown.push((color, (band.label.clone(), vec![Some(count as f64)])));
        }
    }
    (digest.clients.len() > 1).then(|| Block {
        unit: "Clients".into(),
        format: "0",
        kind: ChartType::Doughnut,
        colors: shown.iter().map(|(color, _)| *color).collect(),
        rows: shown.into_iter().map(|(_, row)| row).collect(),
        counted_in: Some(clients::bands(digest)),
        ..block(
            Shown::Bands,
            format!("Clients by band of {}", score.label),
            vec!["Band".into(), "Clients".into()],
        )
    })
}

fn scores(digest: &Digest, theme: &Theme) -> Option<Block> {
    let [first, second, ..] = &digest.plain[..] else {
        return None;
    };
    let mut rows: Vec<(Row, Tone)> = digest
        .in_order()
        .filter_map(|client| {
            let [first, second] = [0, 1].map(|score| client.scores[score].points);
            let values = vec![Some(first?), Some(second?)];
            let band = client.scores[0].band.as_ref();
            let tone = band.map_or(Tone::Plain, |(_, tone)| *tone);
            Some(((client.name().to_owned(), values), tone))
        })
        .collect();
    let count = rows.len();
    let mut of = match digest.clients.len() {
        all if count < all => format!(", {count} of {all} have both"),
        _ => String::new(),
    };
    if count > MOST_POINTS {
        // Evenly spread over the ranking, so that the cloud keeps its form.
        let step = count as f64 / MOST_POINTS as f64;
        let mut index = 0;
        rows.retain(|_| {
            index += 1;
            ((index - 1) as f64 / step).floor() != (index as f64 / step).floor()
        });
        of = format!(", {} of {count}", rows.len());
    }
    let axis =
        |score: &crate::plan::ScoreSummary| format!("{}, points of {}", score.label, score.out_of);
    (digest.clients.len() > 1).then(|| Block {
        format: "0",
        kind: ChartType::Scatter,
        // Each point in the colour of its client's band.
        colors: rows.iter().map(|(_, tone)| theme.fill(*tone)).collect(),
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        ..block(
            Shown::Scores,
            format!("{} against {}{of}", second.label, first.label),
            vec!["Client".into(), axis(first), axis(second)],
        )
    })
}

fn findings(tally: &Tally, theme: &Theme) -> Block {
    // Notes say how a value was read: nobody has to mend them.
    let to_mend = tally
        .sheets()
        .filter(|(_, counts)| counts.errors + counts.warnings > 0);
    let rows = to_mend.map(|(title, counts)| {
        let counts = [counts.errors, counts.warnings];
        let counts = counts.map(|count| Some(count as f64));
        (shorten(&for_cell(title), LONGEST_LABEL), counts.to_vec())
    });
    Block {
        unit: "Errors and warnings".into(),
        format: "#,##0",
        kind: ChartType::BarStacked,
        colors: [Tone::Bad, Tone::Watch]
            .map(|tone| theme.fill(tone))
            .to_vec(),
        rows: rows.collect(),
        ..block(
            Shown::Findings,
            "Errors and warnings by worksheet".into(),
            ["Worksheet", "Errors", "Warnings"]
                .map(String::from)
                .to_vec(),
        )
    }
}

fn roi(digest: &Digest, theme: &Theme) -> Block {
    let (rows, of) = ends(digest, &|client| client.roi, &|client| {
        Some(vec![Some(client.roi?), client.stated_roi])
    });
    Block {
        unit: "Return for each 1 invested".into(),
        rows,
        kind: ChartType::Bar,
        colors: vec![
            theme.color(pdf::Color::Accent),
            theme.color(pdf::Color::PrimarySoft),
        ],
        ..block(
            Shown::Roi,
            format!("Return on investment{of}"),
            ["Client", "Worked out", "Stated"]
                .map(String::from)
                .to_vec(),
        )
    }
}

/// Amounts are comparable within a currency only.
fn money(digest: &Digest, theme: &Theme) -> Vec<Block> {
    let mut currencies: Vec<(&str, usize)> = Vec::new();
    let known = |client: &&Figures| client.investment.is_some() && client.returns.is_some();
    for client in digest.clients.iter().filter(known) {
        let own = client.currency.as_deref().unwrap_or_default();
        match currencies.iter_mut().find(|(currency, _)| *currency == own) {
            Some((_, count)) => *count += 1,
            None => currencies.push((own, 1)),
        }
    }
    currencies.sort_by_key(|(currency, count)| (std::cmp::Reverse(*count), *currency));
    let block_of = |(currency, _): (&str, usize)| {
        let (rows, of) = ends(digest, &|client| client.returns, &|client| {
            let own = client.currency.as_deref().unwrap_or_default();
            (own == currency).then_some(())?;
            Some(vec![Some(client.investment?), Some(client.returns?)])
        });
        let unit = if currency.is_empty() {
            "A month, currency not stated".to_owned()
        } else {
            format!("{currency} a month")
        };
        Block {
            rows,
            format: "#,##0",
            colors: vec![
                theme.color(pdf::Color::PrimarySoft),
                theme.color(pdf::Color::Accent),
            ],
            ..block(
                Shown::Money(currency.to_owned()),
                format!("Investment and return, {unit}{of}"),
                ["Client", "Investment", "Return"]
                    .map(String::from)
                    .to_vec(),
            )
        }
        .counted(unit)
    };
    // One client alone compares with nobody, unless all are alone.
    let several = currencies.iter().any(|(_, count)| *count > 1);
    let most = currencies
        .into_iter()
        .filter(|(_, count)| *count > 1 || !several);
    most.take(MOST_CURRENCIES).map(block_of).collect()
}

fn best(digest: &Digest, index: usize, theme: &Theme) -> Block {
    let score = &digest.ranked[index];
    let few = digest.clients.len() <= FEW;
    let candidates = digest.in_order().flat_map(|client| {
        let best = &client.best[index];
        let shown = if few { best.len() } else { best.len().min(1) };
        best[..shown].iter().map(move |best| (client, best))
    });
    let mut rows: Vec<(f64, Row)> = candidates
        .map(|(client, best)| {
            let name = format!("{}: {} {}", client.name(), best.rank, best.name);
            let row = (shorten(&for_cell(&name), LONGEST_LABEL), best.parts.clone());
            (best.points, row)
        })
        .collect();
    let mut of = if few {
        "the three best of each client"
    } else {
        "the best of each client"
    }
    .to_owned();
    if !few {
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let count = rows.len();
        if count > 2 * EACH_END {
            of = format!("{of}, first and last {EACH_END} of {count}");
        }
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    if !few && rows.len() > 2 * EACH_END {
        rows = cut(rows);
    }
    let mut headings = vec!["Client and candidate".to_owned()];
    let parts = score.subjects.iter().flat_map(|model| &model.parts);
    headings.extend(parts.map(|part| part.label.clone()));
    Block {
        unit: format!("Points of {}", score.out_of),
        most: Some(score.out_of),
        rows,
        kind: ChartType::BarStacked,
        colors: theme.parts().to_vec(),
        ..block(
            Shown::Best(score.id.clone()),
            format!("{}: {of}", score.label),
            headings,
        )
    }
}

fn kinds(digest: &Digest, index: usize, theme: &Theme) -> Block {
    let score = &digest.ranked[index];
    let rows = digest.kinds[index].iter().map(|kind| {
        let others = kind.among_best.saturating_sub(kind.first);
        let values = [kind.first, others].map(|count| Some(count as f64));
        (
            shorten(&for_cell(&kind.name), LONGEST_LABEL),
            values.to_vec(),
        )
    });
    Block {
        unit: "Candidates".into(),
        format: "0",
        rows: rows.collect(),
        kind: ChartType::BarStacked,
        colors: vec![
            theme.color(pdf::Color::Accent),
            theme.color(pdf::Color::AccentSoft),
        ],
        ..block(
            Shown::Kinds(score.id.clone()),
            format!("{}: which kinds win", score.label),
            ["Kind", "First", "Second or third"]
                .map(String::from)
                .to_vec(),
        )
    }
}

fn urgency(digest: &Digest, theme: &Theme) -> Block {
    let mut clients: Vec<&Figures> = digest
        .in_order()
        .filter(|client| client.urgent + client.pressing > 0)
        .collect();
    clients.sort_by_key(|client| std::cmp::Reverse((client.urgent, client.pressing)));
    let count = clients.len();
    clients.truncate(2 * EACH_END);
    let of = match clients.len() {
        shown if shown < count => format!(", the first {shown} of {count}"),
        _ => String::new(),
    };
    let rows = clients.into_iter().map(|client| {
        let counts = [client.urgent, client.pressing];
        let counts = counts.map(|count| Some(count as f64));
        (client.name().to_owned(), counts.to_vec())
    });
    Block {
        unit: "Activities".into(),
        format: "0",
        rows: rows.collect(),
        kind: ChartType::BarStacked,
        colors: [Tone::Bad, Tone::Watch]
            .map(|tone| theme.fill(tone))
            .to_vec(),
        ..block(
            Shown::Urgency,
            format!("Urgent and pressing activities{of}"),
            ["Client", "Urgent", "Pressing"].map(String::from).to_vec(),
        )
    }
}

impl Block {
    /// With what its values are counted in.
    fn counted(self, unit: String) -> Self {
        Self { unit, ..self }
    }

    fn rows(&self) -> (u32, u32) {
        (self.at.0, self.at.0 + self.rows.len().max(1) as u32 - 1)
    }

    fn write(&self, sheet: &mut Worksheet, theme: &Theme) -> Result<(), XlsxError> {
        let (row, column) = self.at;
        let number = match self.format {
            "0.0" => Format::new().set_num_format("#,##0.00"),
            format => Format::new().set_num_format(format),
        };
        let title = for_cell(&self.title);
        sheet.write_string_with_format(row - 2, column, title, &theme.label)?;
        for (i, heading) in (0..).zip(&self.headings) {
            let heading = for_cell(heading);
            sheet.write_string_with_format(row - 1, column + i, heading, &theme.heading)?;
            sheet.set_column_width(column + i, if i == 0 { 34.0 } else { 14.0 })?;
        }
        for (row, (name, values)) in (row..).zip(&self.rows) {
            sheet.write_string(row, column, for_cell(name))?;
            for (at, value) in (column + 1..).zip(values) {
                match (value, &self.counted_in) {
                    (Some(count), Some(range)) if countable(name) => {
                        let formula = format!("=COUNTIF({range},{})", cell(row, column));
                        write_formula(sheet, (row, at), &formula, Some(*count), &theme.number[0])?;
                    }
                    (Some(value), _) => write_number(sheet, (row, at), *value, &number)?,
                    (None, _) => {}
                }
            }
        }
        sheet.set_column_width(column + self.headings.len() as u16, 3)?;
        Ok(())
    }

    /// Bars, lying where they have many or long names.
    fn bars(&self) -> Drawn {
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

    fn doughnut(&self) -> Drawn {
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
    fn scatter(&self) -> Drawn {
        let mut chart = Chart::new(ChartType::Scatter);
        let (first, last) = self.rows();
        let count = self.rows.len();
        let named =
            |index: usize| count <= MOST_NAMED || index < NAMED_ENDS || index >= count - NAMED_ENDS;
        let labels: Vec<ChartDataLabel> = self
            .rows
            .iter()
            .enumerate()
            .map(|(index, (name, _))| match named(index) {
                // Neighbours in the ranking lie near one another.
                true => ChartDataLabel::new()
                    .set_value(literal(&shorten(name, LONGEST_POINT_LABEL)).as_str())
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
        const MOST: usize = 6;
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
        let told = if texts.len() > MOST {
            let (first, last) = (&texts[..MOST / 2], &texts[texts.len() - MOST / 2..]);
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
    shorten(&for_cell(description), LONGEST_ALTERNATIVE)
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
