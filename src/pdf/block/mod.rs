//! Blocks of the plan, each type drawn by one file.

mod actions;
mod against_target;
mod balances;
mod bars;
mod breakdown;
mod bridge;
mod cards;
mod effort_grid;
mod equation;
mod fields;
mod gantt;
mod gap_cards;
mod gauges;
mod ladder;
mod load;
mod matrix;
mod moves;
mod offer;
mod pairs;
mod payback;
mod quadrants;
mod ranking;
mod reasons;
pub mod references;
mod requests;
mod risk_board;
mod risks;
mod rows;
mod schedule;
mod targets;
mod tier_bars;
mod tiles;
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
        Block::Ladder { .. } => HEADING + 52.0 * STEP,
        Block::Payback { .. } => HEADING + payback::ROOM,
        Block::Matrix { .. } => HEADING + matrix::ROOM,
        Block::Breakdown { parts, .. } => HEADING + parts.len() as f32 * 6.0 * STEP,
        Block::Targets { targets, .. } => HEADING + targets.len() as f32 * 7.0 * STEP,
        Block::Bars { bars, .. } => HEADING + bars.len() as f32 * 6.0 * STEP,
        Block::Lists(_) | Block::Fields { .. } => HEADING + 2.0 * FOLLOW,
        Block::Ranking { .. } | Block::Dots { .. } | Block::Gantt => HEADING + 2.0 * FOLLOW,
        Block::Table { table, .. } => HEADING + table::unbreakable_height(flow, table),
        Block::Actions { .. } => HEADING + 1.4 * FOLLOW,
        Block::Open { .. } | Block::Sentences(_) | Block::Risks(_) => FOLLOW,
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
        Block::Actions { title, actions } => actions::draw(flow, title, actions),
        Block::Text { title, paragraphs } => words::text(flow, title.as_deref(), paragraphs),
        Block::Open { title, points } => words::open(flow, title, points),
        Block::Quiet(line) => words::quiet(flow, line),
        Block::Bars { title, bars, edges } => bars::bars(flow, title.as_deref(), bars, edges),
        Block::Dots {
            title,
            groups,
            edges,
        } => bars::dots(flow, title, groups, edges),
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
        Block::Breakdown { title, parts } => breakdown::draw(flow, title, parts),
        Block::Payback { title, curves } => payback::draw(flow, title, curves),
        Block::Ladder { title, steps } => ladder::draw(flow, title, steps),
        Block::Matrix {
            title,
            axes,
            bubbles,
        } => matrix::draw(flow, title, axes, bubbles),
        Block::Targets {
            title,
            names,
            targets,
        } => targets::draw(flow, title, names, targets),
        Block::Risks(risks) => risks::draw(flow, risks),
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
        Block::Gantt => gantt::draw(flow),
        Block::Notes(notes) => {
            flow.gap(2.0 * STEP);
            for note in notes {
                flow.text("P", note, SMALL);
                flow.gap(STEP);
            }
        }
    }
}
