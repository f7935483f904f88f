//! Blocks of the plan, each type drawn by one file.

mod against_target;
mod balances;
mod bars;
mod bridge;
mod cards;
mod effort_grid;
mod equation;
mod fields;
mod gap_cards;
mod gauges;
mod headings;
mod label_places;
mod load;
mod marks;
mod moves;
mod offer;
mod pairs;
mod quadrants;
mod ranking;
mod reasons;
pub mod references;
mod requests;
mod rich;
mod risk_board;
mod rows;
mod schedule;
mod tier_bars;
mod tiles;
mod time_axis;
mod timeline;
mod words;

use super::flow::Flow;
use super::table;
use super::theme::{SMALL, STEP};
use crate::plan::Block;

/// Height that must follow a heading, so that it is not alone at the foot of a page.
const FOLLOW: f32 = 60.0;

/// Returns the height of a block's first part, which must follow a section heading on the same page.
pub fn least(flow: &mut Flow, block: &Block) -> f32 {
    const HEADING: f32 = 14.0 * STEP;
    match block {
        Block::Quiet(_) | Block::Notes(_) | Block::Text { .. } => 8.0 * STEP,
        Block::Tiles(_) => 26.0 * STEP,
        Block::Bars { bars, .. } => HEADING + bars.len() as f32 * 6.0 * STEP,
        Block::Table { table, .. } => HEADING + table::unbreakable_height(flow, table),
        Block::Sentences(_) => FOLLOW,
        Block::Schedule(schedule) => HEADING + schedule::least(schedule),
        Block::Load(load) => HEADING + load::least(load),
        Block::GapCards { .. } => HEADING + gap_cards::least(),
        Block::EffortGrid(_) => HEADING + effort_grid::least(),
        Block::RiskBoard(_) => HEADING + risk_board::least(),
        Block::TierBars(bars) => HEADING + tier_bars::least(bars),
        Block::Offer { .. } => HEADING + offer::least(),
        Block::Equation { .. } => HEADING + equation::least(),
        Block::AgainstTarget(bars) => against_target::least(bars),
        Block::Timeline(timeline) => HEADING + timeline::least(timeline),
        Block::Reasons { .. } | Block::Moves { .. } | Block::Requests { .. } => HEADING + FOLLOW,
        Block::Bridge { .. } => HEADING + bridge::room(flow),
        Block::Balances(_) => HEADING + balances::room(flow),
        Block::Gauges { gauges, .. } => HEADING + gauges.len() as f32 * 8.0 * STEP,
        Block::Cards { .. } => HEADING + 20.0 * STEP,
        Block::Pairs(pairs) => pairs::room(flow, pairs),
        Block::Quadrants(_) => quadrants::room(flow),
        _ => HEADING + 2.0 * FOLLOW,
    }
}

/// Draws a block.
pub fn draw(flow: &mut Flow, block: &Block) {
    match block {
        Block::Tiles(tiles) => tiles::draw(flow, tiles),
        Block::Text { title, paragraphs } => words::text(flow, title.as_deref(), paragraphs),
        Block::Quiet(line) => words::quiet(flow, line),
        Block::Bars { title, bars, bands } => bars::bars(flow, title.as_deref(), bars, bands),
        Block::Lists(lists) => words::lists(flow, lists),
        Block::Fields { title, groups } => fields::draw(flow, title.as_deref(), groups),
        Block::Table { title, table } => table::draw(flow, title.as_deref(), table),
        Block::Sentences(sentences) => words::sentences(flow, sentences),
        Block::Ranking {
            title,
            caption,
            apart,
            legend,
            out_of,
            rows,
        } => ranking::draw(
            flow,
            title,
            (caption, apart.as_deref()),
            legend,
            *out_of,
            rows,
        ),
        Block::Reasons { title, rows } => reasons::draw(flow, title, rows),
        Block::Moves { title, moves } => moves::draw(flow, title, moves),
        Block::Requests { title, requests } => requests::draw(flow, title, requests),
        Block::Bridge {
            title,
            caption,
            bars,
        } => bridge::draw(flow, title, caption, bars),
        Block::Balances(balances) => balances::draw(flow, balances),
        Block::Gauges {
            title,
            gauges,
            table,
        } => gauges::draw(flow, title, gauges, table.as_ref()),
        Block::Cards { title, cards } => cards::draw(flow, title, cards),
        Block::Pairs(pairs) => pairs::draw(flow, pairs),
        Block::Quadrants(quadrants) => quadrants::draw(flow, quadrants),
        Block::Timeline(timeline) => timeline::draw(flow, timeline),
        Block::EffortGrid(grid) => effort_grid::draw(flow, grid),
        Block::GapCards {
            title,
            headings,
            mark,
            cards,
        } => gap_cards::draw(flow, title, headings, *mark, cards),
        Block::TierBars(bars) => tier_bars::draw(flow, bars),
        Block::Offer { title, pieces } => offer::draw(flow, title, pieces),
        Block::Equation {
            title,
            factors,
            result,
        } => equation::draw(flow, title, factors, result),
        Block::AgainstTarget(bars) => against_target::draw(flow, bars),
        Block::Schedule(schedule) => schedule::draw(flow, schedule),
        Block::Load(load) => load::draw(flow, load),
        Block::RiskBoard(board) => risk_board::draw(flow, board),
        Block::Notes(notes) => {
            flow.gap(2.0 * STEP);
            for note in notes {
                flow.text("P", note, SMALL);
                flow.gap(STEP);
            }
        }
    }
}
