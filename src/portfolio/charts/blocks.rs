//! Data, title, and unit of each chart.

use rust_xlsxwriter::{ChartType, Color};

use super::super::clients;
use super::super::summary::{Figures, OwnScore, PortfolioSummary, descending};
use super::super::tally::Tally;
use super::super::theme::Theme;
use super::{Block, ChartId, Row, TOP};
use crate::questionnaire::Tone;
use crate::text::{for_cell, shorten};

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
fn block(shown: ChartId, title: String, headings: Vec<String>) -> Block {
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

pub fn score_blocks(summary: &PortfolioSummary, index: usize, theme: &Theme) -> Vec<Block> {
    let score = &summary.plain[index];
    let labels: Vec<String> = score
        .subjects
        .iter()
        .flat_map(|model| &model.dimensions)
        .map(|dimension| dimension.label.clone())
        .collect();
    let unit = format!("Points of {}", score.out_of);
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
            unit: "Mean of 10".into(),
            most: Some(10.0),
            rows: rows.collect(),
            colors: vec![theme.color(crate::look::Color::Accent)],
            ..block(
                shown,
                score.label.clone(),
                vec!["Dimension".into(), "Average of 10".into()],
            )
        }];
    }
    let ranked = |values: &dyn Fn(&OwnScore) -> Vec<Option<f64>>| {
        ends(summary, &rank, &|client| own(client, values))
    };
    let (rows, of) = ranked(&|own| vec![own.points]);
    let ranking = Block {
        unit: unit.clone(),
        most: Some(score.out_of),
        rows,
        colors: vec![theme.color(crate::look::Color::Accent)],
        ..block(
            ChartId::Ranking(score.id.clone()),
            format!("{} ranking{of}", score.label),
            vec!["Client".into(), unit.clone()],
        )
    };
    let (rows, of) = ranked(&|own| own.dimensions.iter().map(|(points, _)| *points).collect());
    let mut headings = vec!["Client".to_owned()];
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
            ChartId::RankingDimensions(score.id.clone()),
            format!("{} by dimension{of}", score.label),
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

/// Returns the clients with values, sorted by `rank` in descending order: all, or the first and the last. The text
/// completes the title if clients are omitted.
fn ends(
    summary: &PortfolioSummary,
    rank: &dyn Fn(&Figures) -> Option<f64>,
    values: &dyn Fn(&Figures) -> Option<Vec<Option<f64>>>,
) -> (Vec<Row>, String) {
    let mut clients: Vec<&Figures> = summary.in_order().collect();
    clients.sort_by(|a, b| descending(rank(a), rank(b)));
    let named = |client: &&Figures| Some((client.name().to_owned(), values(client)?));
    let rows: Vec<Row> = clients.iter().filter_map(named).collect();
    let count = rows.len();
    if count <= 2 * EACH_END {
        return (rows, String::new());
    }
    (cut(rows), format!(", first and last {EACH_END} of {count}"))
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
        unit: "Clients".into(),
        format: "0",
        kind: ChartType::Doughnut,
        colors: shown.iter().map(|(color, _)| *color).collect(),
        rows: shown.into_iter().map(|(_, row)| row).collect(),
        counted_in: Some(clients::bands(summary)),
        ..block(
            ChartId::Bands,
            format!("Clients by band of {}", score.label),
            vec!["Band".into(), "Clients".into()],
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
    let mut of = match summary.clients.len() {
        all if count < all => format!(", {count} of {all} have both"),
        _ => String::new(),
    };
    if count > MAX_POINTS {
        // Select points evenly from the ranking to preserve the distribution.
        let step = count as f64 / MAX_POINTS as f64;
        let mut index = 0;
        rows.retain(|_| {
            index += 1;
            ((index - 1) as f64 / step).floor() != (index as f64 / step).floor()
        });
        of = format!(", {} of {count}", rows.len());
    }
    let axis = |score: &crate::record::ScoreSummary| {
        format!("{}, points of {}", score.label, score.out_of)
    };
    (summary.clients.len() > 1).then(|| Block {
        format: "0",
        kind: ChartType::Scatter,
        // Each point has the color of the client's band.
        colors: rows.iter().map(|(_, tone)| theme.fill(*tone)).collect(),
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        ..block(
            ChartId::Scores,
            format!("{} against {}{of}", second.label, first.label),
            vec!["Client".into(), axis(first), axis(second)],
        )
    })
}

pub fn issues(tally: &Tally, theme: &Theme) -> Block {
    // Notes explain how a value was read and do not need a fix.
    let to_fix = tally
        .sheets()
        .filter(|(_, counts)| counts.errors + counts.warnings > 0);
    let rows = to_fix.map(|(title, counts)| {
        let counts = [counts.errors, counts.warnings];
        let counts = counts.map(|count| Some(count as f64));
        (shorten(&for_cell(title), MAX_LABEL_LENGTH), counts.to_vec())
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
            ChartId::Issues,
            "Errors and warnings by worksheet".into(),
            ["Worksheet", "Errors", "Warnings"]
                .map(String::from)
                .to_vec(),
        )
    }
}

pub fn roi(summary: &PortfolioSummary, theme: &Theme) -> Block {
    let (rows, of) = ends(summary, &|client| client.roi, &|client| {
        Some(vec![Some(client.roi?), client.stated_roi])
    });
    Block {
        unit: "Return for each 1 invested".into(),
        rows,
        kind: ChartType::Bar,
        colors: vec![
            theme.color(crate::look::Color::Accent),
            theme.color(crate::look::Color::PrimarySoft),
        ],
        ..block(
            ChartId::Roi,
            format!("Return multiple{of}"),
            ["Client", "Calculated", "Entered"]
                .map(String::from)
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
    let block_of = |(currency, _): (&str, usize)| {
        let (rows, of) = ends(summary, &|client| client.returns, &|client| {
            let own = client.currency.as_deref().unwrap_or_default();
            (own == currency).then_some(())?;
            Some(vec![Some(client.investment?), Some(client.returns?)])
        });
        let unit = if currency.is_empty() {
            "Per month, currency not given".to_owned()
        } else {
            format!("{currency} a month")
        };
        Block {
            rows,
            format: "#,##0",
            colors: vec![
                theme.color(crate::look::Color::PrimarySoft),
                theme.color(crate::look::Color::Accent),
            ],
            ..block(
                ChartId::Money(currency.to_owned()),
                format!("Investment and return, {unit}{of}"),
                ["Client", "Investment", "Return"]
                    .map(String::from)
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
    let dimensions = score.subjects.iter().flat_map(|model| &model.dimensions);
    headings.extend(dimensions.map(|dimension| dimension.label.clone()));
    Block {
        unit: format!("Points of {}", score.out_of),
        most: Some(score.out_of),
        rows,
        kind: ChartType::BarStacked,
        colors: theme.parts().to_vec(),
        ..block(
            ChartId::Best(score.id.clone()),
            format!("{}: {of}", score.label),
            headings,
        )
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
    Block {
        unit: "Candidates".into(),
        format: "0",
        rows: rows.collect(),
        kind: ChartType::BarStacked,
        colors: vec![
            theme.color(crate::look::Color::Accent),
            theme.color(crate::look::Color::AccentSoft),
        ],
        ..block(
            ChartId::Kinds(score.id.clone()),
            format!("{}: which kinds win", score.label),
            ["Kind", "First", "Second or third"]
                .map(String::from)
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
    let of = match clients.len() {
        shown if shown < count => format!(", the first {shown} of {count}"),
        _ => String::new(),
    };
    let rows = clients.into_iter().map(|client| {
        let counts = [client.urgent, client.needs_attention];
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
            ChartId::Urgency,
            format!("Activities that are urgent or need attention{of}"),
            ["Client", "Urgent", "Needs attention"]
                .map(String::from)
                .to_vec(),
        )
    }
}
