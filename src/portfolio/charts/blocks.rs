//! Data, title, and unit of each chart.

use rust_xlsxwriter::{ChartType, Color};

use super::super::clients;
use super::super::summary::{Figures, OwnScore, PortfolioSummary, descending};
use super::super::tally::Tally;
use super::super::theme::Theme;
use super::{Block, ChartId, Row, TOP};
use crate::questionnaire::Tone;
use crate::record::ScoreSummary;
use crate::text::{fill, for_cell, shorten};

/// Number of clients from each end of a ranking. Up to twice this number, a chart shows all clients.
const EACH_END: usize = 15;
/// Maximum number of points of a scatter chart.
const MAX_POINTS: usize = 400;
/// Maximum number of clients for which a chart shows the three best candidates. With more clients, it shows only the
/// best.
const MAX_CLIENTS_WITH_TOP_3: usize = 8;
/// Maximum number of currencies with a chart.
const MAX_CURRENCIES: usize = 3;
/// Maximum length of a name on a chart, in characters.
const MAX_LABEL_LENGTH: usize = 44;

/// Returns a block with the default values.
fn block(
    summary: &PortfolioSummary,
    shown: ChartId,
    title: String,
    headings: Vec<String>,
) -> Block {
    Block {
        texts: summary.texts.clone(),
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

pub fn score_blocks(summary: &PortfolioSummary, index: usize, theme: &Theme) -> Vec<Block> {
    let score = &summary.plain[index];
    let labels: Vec<String> = score
        .subjects
        .iter()
        .flat_map(|model| &model.dimensions)
        .map(|dimension| dimension.label.clone())
        .collect();
    let (heads, words) = (&summary.texts.columns, &summary.texts.charts);
    let unit = points_of(summary, score);
    let own = |client: &Figures, values: &dyn Fn(&OwnScore) -> Vec<Option<f64>>| {
        let own = client.scores.get(index)?;
        own.points.map(|_| values(own))
    };
    let rank = |client: &Figures| client.scores.get(index).and_then(|own| own.points);
    if summary.clients.len() < 2 {
        let means = summary
            .clients
            .iter()
            .flat_map(|client| &client.scores[index].dimensions);
        let rows = labels.into_iter().zip(means);
        let rows = rows.filter_map(|(label, (_, mean))| Some((label, vec![Some((*mean)?)])));
        let shown = ChartId::Dimensions(score.id.clone());
        return vec![Block {
            unit: words.mean.clone(),
            most: Some(10.0),
            rows: rows.collect(),
            colors: vec![theme.color(crate::look::Color::Accent)],
            ..block(
                summary,
                shown,
                score.label.clone(),
                vec![words.dimension.clone(), words.average.clone()],
            )
        }];
    }
    let ranked = |values: &dyn Fn(&OwnScore) -> Vec<Option<f64>>| {
        ends(summary, &rank, &|client| own(client, values))
    };
    let (rows, omitted) = ranked(&|own| vec![own.points]);
    let ranking = Block {
        unit: unit.clone(),
        most: Some(score.out_of),
        rows,
        colors: vec![theme.color(crate::look::Color::Accent)],
        ..block(
            summary,
            ChartId::Ranking(score.id.clone()),
            omitted.title(titled(&words.ranking, score)),
            vec![heads.client.clone(), unit.clone()],
        )
    };
    let (rows, omitted) = ranked(&|own| own.dimensions.iter().map(|(points, _)| *points).collect());
    let mut headings = vec![heads.client.clone()];
    headings.extend(labels);
    // The first score has a ranking. The second or the only score has a chart by dimension.
    let shows_parts = index == 1 || summary.plain.len() == 1;
    let dimensions = Block {
        unit,
        most: Some(score.out_of),
        rows,
        kind: ChartType::BarStacked,
        colors: theme.parts().to_vec(),
        ..block(
            summary,
            ChartId::RankingDimensions(score.id.clone()),
            omitted.title(titled(&words.by_dimension, score)),
            headings,
        )
    };
    match (index, shows_parts) {
        (0, true) => vec![ranking, dimensions],
        (0, false) => vec![ranking],
        (_, true) => vec![dimensions],
        (_, false) => Vec::new(),
    }
}

/// Returns the heading for points of a score.
fn points_of(summary: &PortfolioSummary, score: &ScoreSummary) -> String {
    let out_of = score.out_of.to_string();
    fill(&summary.texts.columns.points, &[("out_of", &out_of)])
}

/// Returns a title that names a score.
fn titled(title: &str, score: &ScoreSummary) -> String {
    fill(title, &[("score", &score.label)])
}

/// How a title says that a chart shows only some rows.
struct Omitted<'s> {
    text: &'s str,
    /// Number of rows shown at each end or in all, and number of rows with data. `None` if all rows are shown.
    counts: Option<(usize, usize)>,
}

impl Omitted<'_> {
    /// Returns the title of a chart.
    fn title(&self, title: String) -> String {
        let Some((shown, count)) = self.counts else {
            return title;
        };
        let (shown, count) = (shown.to_string(), count.to_string());
        let values = [
            ("title", title.as_str()),
            ("each", &shown),
            ("shown", &shown),
            ("count", &count),
        ];
        fill(self.text, &values)
    }
}

/// Returns the clients with values, sorted by `rank` in descending order: all, or the first and the last.
fn ends<'s>(
    summary: &'s PortfolioSummary,
    rank: &dyn Fn(&Figures) -> Option<f64>,
    values: &dyn Fn(&Figures) -> Option<Vec<Option<f64>>>,
) -> (Vec<Row>, Omitted<'s>) {
    let text = &summary.texts.charts.ends;
    let mut clients: Vec<&Figures> = summary.in_order().collect();
    clients.sort_by(|a, b| descending(rank(a), rank(b)));
    let named = |client: &&Figures| Some((client.name().to_owned(), values(client)?));
    let rows: Vec<Row> = clients.iter().filter_map(named).collect();
    let count = rows.len();
    if count <= 2 * EACH_END {
        return (rows, Omitted { text, counts: None });
    }
    let counts = Some((EACH_END, count));
    (cut(rows), Omitted { text, counts })
}

/// Returns the first and the last [`EACH_END`] rows, with a gap between them.
fn cut(mut rows: Vec<Row>) -> Vec<Row> {
    let last = rows.split_off(rows.len().saturating_sub(EACH_END));
    rows.truncate(EACH_END);
    rows.push(("…".into(), Vec::new()));
    rows.extend(last);
    rows
}

pub fn bands(summary: &PortfolioSummary, theme: &Theme) -> Option<Block> {
    let score = summary.plain.first()?;
    // The color of a band does not depend on the bands that occur. If two bands have the same tone, the lower one is
    // lighter.
    let mut colors: Vec<Color> = Vec::new();
    let mut shown = Vec::new();
    for band in score.bands.iter().rev() {
        let color = theme.fill(band.tone);
        let color = match colors.contains(&color) {
            true => theme.color(crate::look::Color::AccentSoft),
            false => color,
        };
        colors.push(color);
        let own = summary.clients.iter().filter(|client| {
            let own = client.scores[0].band.as_ref();
            own.is_some_and(|own| own.label == band.label)
        });
        let count = own.count();
        if count > 0 {
            shown.push((color, (band.label.clone(), vec![Some(count as f64)])));
        }
    }
    (summary.clients.len() > 1).then(|| Block {
        unit: summary.texts.columns.clients.clone(),
        format: "0",
        kind: ChartType::Doughnut,
        colors: shown.iter().map(|(color, _)| *color).collect(),
        rows: shown.into_iter().map(|(_, row)| row).collect(),
        counted_in: Some(clients::bands(summary)),
        ..block(
            summary,
            ChartId::Bands,
            titled(&summary.texts.charts.bands, score),
            vec![
                summary.texts.columns.band.clone(),
                summary.texts.columns.clients.clone(),
            ],
        )
    })
}

pub fn scores(summary: &PortfolioSummary, theme: &Theme) -> Option<Block> {
    let [first, second, ..] = &summary.plain[..] else {
        return None;
    };
    let mut rows: Vec<(Row, Tone)> = summary
        .in_order()
        .filter_map(|client| {
            let [first, second] = [0, 1].map(|score| client.scores[score].points);
            let values = vec![Some(first?), Some(second?)];
            let band = client.scores[0].band.as_ref();
            let tone = band.map_or(Tone::Plain, |band| band.tone);
            Some(((client.name().to_owned(), values), tone))
        })
        .collect();
    let count = rows.len();
    let words = &summary.texts.charts;
    let labels = [("second", second.label.as_str()), ("first", &first.label)];
    let mut title = fill(&words.against, &labels);
    let all = summary.clients.len();
    if count > MAX_POINTS {
        // Select points evenly from the ranking to preserve the distribution.
        let step = count as f64 / MAX_POINTS as f64;
        let mut index = 0;
        rows.retain(|_| {
            index += 1;
            ((index - 1) as f64 / step).floor() != (index as f64 / step).floor()
        });
        let counts = Some((rows.len(), count));
        let text = &words.sample;
        title = Omitted { text, counts }.title(title);
    } else if count < all {
        let (count, all) = (count.to_string(), all.to_string());
        let values = [("title", title.as_str()), ("count", &count), ("all", &all)];
        title = fill(&words.both, &values);
    }
    let axis = |score: &ScoreSummary| {
        let out_of = score.out_of.to_string();
        fill(&words.axis, &[("score", &score.label), ("out_of", &out_of)])
    };
    (summary.clients.len() > 1).then(|| Block {
        format: "0",
        kind: ChartType::Scatter,
        // Each point has the color of the client's band.
        colors: rows.iter().map(|(_, tone)| theme.fill(*tone)).collect(),
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        ..block(
            summary,
            ChartId::Scores,
            title,
            vec![
                summary.texts.columns.client.clone(),
                axis(first),
                axis(second),
            ],
        )
    })
}

pub fn issues(summary: &PortfolioSummary, tally: &Tally, theme: &Theme) -> Block {
    // Notes explain how a value was read and do not need a fix.
    let to_fix = tally
        .sheets()
        .filter(|(_, counts)| counts.errors + counts.warnings > 0);
    let rows = to_fix.map(|(title, counts)| {
        let counts = [counts.errors, counts.warnings];
        let counts = counts.map(|count| Some(count as f64));
        (shorten(&for_cell(title), MAX_LABEL_LENGTH), counts.to_vec())
    });
    let (heads, words) = (&summary.texts.columns, &summary.texts.charts);
    Block {
        unit: words.issues_unit.clone(),
        format: "#,##0",
        kind: ChartType::BarStacked,
        colors: [Tone::Bad, Tone::Watch]
            .map(|tone| theme.fill(tone))
            .to_vec(),
        rows: rows.collect(),
        ..block(
            summary,
            ChartId::Issues,
            words.issues.clone(),
            [&heads.worksheet, &heads.errors, &heads.warnings]
                .map(String::clone)
                .to_vec(),
        )
    }
}

pub fn roi(summary: &PortfolioSummary, theme: &Theme) -> Block {
    let (heads, words) = (&summary.texts.columns, &summary.texts.charts);
    let (rows, omitted) = ends(summary, &|client| client.roi, &|client| {
        Some(vec![Some(client.roi?), client.entered_roi])
    });
    Block {
        unit: words.multiple_unit.clone(),
        rows,
        kind: ChartType::Bar,
        colors: vec![
            theme.color(crate::look::Color::Accent),
            theme.color(crate::look::Color::PrimarySoft),
        ],
        ..block(
            summary,
            ChartId::Roi,
            omitted.title(words.multiple.clone()),
            [&heads.client, &words.calculated, &words.entered]
                .map(String::clone)
                .to_vec(),
        )
    }
}

/// Returns one block per currency, because amounts in different currencies are not comparable.
pub fn money(summary: &PortfolioSummary, theme: &Theme) -> Vec<Block> {
    let mut currencies: Vec<(&str, usize)> = Vec::new();
    let known = |client: &&Figures| client.investment.is_some() && client.returns.is_some();
    for client in summary.clients.iter().filter(known) {
        let own = client.currency.as_deref().unwrap_or_default();
        match currencies.iter_mut().find(|(currency, _)| *currency == own) {
            Some((_, count)) => *count += 1,
            None => currencies.push((own, 1)),
        }
    }
    currencies.sort_by_key(|(currency, count)| (std::cmp::Reverse(*count), *currency));
    let (heads, words) = (&summary.texts.columns, &summary.texts.charts);
    let block_of = |(currency, _): (&str, usize)| {
        let (rows, omitted) = ends(summary, &|client| client.returns, &|client| {
            let own = client.currency.as_deref().unwrap_or_default();
            (own == currency).then_some(())?;
            Some(vec![Some(client.investment?), Some(client.returns?)])
        });
        let unit = if currency.is_empty() {
            words.money_unknown.clone()
        } else {
            fill(&words.money_unit, &[("currency", currency)])
        };
        Block {
            rows,
            format: "#,##0",
            colors: vec![
                theme.color(crate::look::Color::PrimarySoft),
                theme.color(crate::look::Color::Accent),
            ],
            ..block(
                summary,
                ChartId::Money(currency.to_owned()),
                omitted.title(fill(&words.money, &[("unit", &unit)])),
                [&heads.client, &words.investment, &words.returns]
                    .map(String::clone)
                    .to_vec(),
            )
        }
        .with_unit(unit)
    };
    // Skip currencies with one client, unless every currency has only one client.
    let several = currencies.iter().any(|(_, count)| *count > 1);
    let most = currencies
        .into_iter()
        .filter(|(_, count)| *count > 1 || !several);
    most.take(MAX_CURRENCIES).map(block_of).collect()
}

pub fn best(summary: &PortfolioSummary, index: usize, theme: &Theme) -> Block {
    let score = &summary.ranked[index];
    let few = summary.clients.len() <= MAX_CLIENTS_WITH_TOP_3;
    let candidates = summary.in_order().flat_map(|client| {
        let best = &client.best[index];
        let shown = if few { best.len() } else { best.len().min(1) };
        best[..shown].iter().map(move |best| (client, best))
    });
    let mut rows: Vec<(f64, Row)> = candidates
        .map(|(client, best)| {
            let name = format!("{}: {} {}", client.name(), best.rank, best.name);
            let row = (
                shorten(&for_cell(&name), MAX_LABEL_LENGTH),
                best.dimensions.clone(),
            );
            (best.points, row)
        })
        .collect();
    let words = &summary.texts.charts;
    let mut title = titled(if few { &words.three_best } else { &words.best }, score);
    if !few {
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        if rows.len() > 2 * EACH_END {
            let counts = Some((EACH_END, rows.len()));
            let text = &words.ends;
            title = Omitted { text, counts }.title(title);
        }
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    if !few && rows.len() > 2 * EACH_END {
        rows = cut(rows);
    }
    let mut headings = vec![words.client_and_candidate.clone()];
    let dimensions = score.subjects.iter().flat_map(|model| &model.dimensions);
    headings.extend(dimensions.map(|dimension| dimension.label.clone()));
    Block {
        unit: points_of(summary, score),
        most: Some(score.out_of),
        rows,
        kind: ChartType::BarStacked,
        colors: theme.parts().to_vec(),
        ..block(summary, ChartId::Best(score.id.clone()), title, headings)
    }
}

pub fn kinds(summary: &PortfolioSummary, index: usize, theme: &Theme) -> Block {
    let score = &summary.ranked[index];
    let rows = summary.kinds[index].iter().map(|kind| {
        let others = kind.among_best.saturating_sub(kind.first);
        let values = [kind.first, others].map(|count| Some(count as f64));
        (
            shorten(&for_cell(&kind.name), MAX_LABEL_LENGTH),
            values.to_vec(),
        )
    });
    let words = &summary.texts.charts;
    Block {
        unit: summary.texts.columns.candidates.clone(),
        format: "0",
        rows: rows.collect(),
        kind: ChartType::BarStacked,
        colors: vec![
            theme.color(crate::look::Color::Accent),
            theme.color(crate::look::Color::AccentSoft),
        ],
        ..block(
            summary,
            ChartId::Kinds(score.id.clone()),
            titled(&words.kinds, score),
            [&words.kind, &words.rank_first, &words.rank_next]
                .map(String::clone)
                .to_vec(),
        )
    }
}

pub fn urgency(summary: &PortfolioSummary, theme: &Theme) -> Block {
    let mut clients: Vec<&Figures> = summary
        .in_order()
        .filter(|client| client.urgent + client.needs_attention > 0)
        .collect();
    clients.sort_by_key(|client| std::cmp::Reverse((client.urgent, client.needs_attention)));
    let count = clients.len();
    clients.truncate(2 * EACH_END);
    let (heads, words) = (&summary.texts.columns, &summary.texts.charts);
    let omitted = Omitted {
        text: &words.first,
        counts: (clients.len() < count).then_some((clients.len(), count)),
    };
    let rows = clients.into_iter().map(|client| {
        let counts = [client.urgent, client.needs_attention];
        let counts = counts.map(|count| Some(count as f64));
        (client.name().to_owned(), counts.to_vec())
    });
    Block {
        unit: words.activities.clone(),
        format: "0",
        rows: rows.collect(),
        kind: ChartType::BarStacked,
        colors: [Tone::Bad, Tone::Watch]
            .map(|tone| theme.fill(tone))
            .to_vec(),
        ..block(
            summary,
            ChartId::Urgency,
            omitted.title(words.urgency.clone()),
            [&heads.client, &words.urgent, &words.needs_attention]
                .map(String::clone)
                .to_vec(),
        )
    }
}
