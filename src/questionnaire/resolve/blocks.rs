//! Resolves and checks all names in the blocks of the plan.

use crate::questionnaire::block_parts::*;
use crate::questionnaire::text_sections::check_names;
use crate::questionnaire::*;

use super::texts::Texts;

/// Largest number of months on the axis of a block.
const MAX_MONTHS: u32 = 600;
/// Largest number of days that an agenda covers.
const MAX_AGENDA_DAYS: u32 = 366;
/// What a text about a type of candidate can contain.
const TYPE: [Local; 3] = [Local::TypeValue, Local::TypeEase, Local::Count];

impl Texts<'_> {
    /// Resolves a block. `sections` are the IDs of the sections of the plan.
    pub fn block(&self, block: &mut BlockDef, sections: &[String]) {
        self.references(block, sections);
        self.block_texts(block);
    }

    /// Checks that the sections, scores, and fields of a block exist, and that its numbers are in range.
    fn references(&self, block: &BlockDef, sections: &[String]) {
        match block {
            BlockDef::Tiles { tiles, .. } => {
                let scores = tiles.iter().filter_map(|tile| tile.score.as_ref());
                scores.for_each(|score| self.score(score));
            }
            BlockDef::Reasons { rows, .. } => {
                let named = rows.iter().map(|row| row.section.as_deref());
                named.for_each(|id| self.plan_section(id, sections));
            }
            BlockDef::Balances { months, .. } => {
                self.needs_finance("balances");
                self.limit("months", *months, MAX_MONTHS);
            }
            BlockDef::Agenda { days, .. } => self.limit("days", *days, MAX_AGENDA_DAYS),
            BlockDef::Pairs { score, field, .. } => {
                self.score(score);
                self.field(field);
            }
            BlockDef::Ranking { score, .. }
            | BlockDef::Bars { score, .. }
            | BlockDef::Benchmark { score, .. } => self.score(score),
            BlockDef::Lists { lists } | BlockDef::EffortGrid { words: lists, .. } => {
                lists.iter().for_each(|list| self.section(&list.section));
            }
            BlockDef::Fields { sections, .. }
            | BlockDef::Sentences { sections }
            | BlockDef::Evidence { sections, .. }
            | BlockDef::Compare { sections, .. } => {
                sections.iter().for_each(|section| self.section(section));
            }
            _ => {}
        }
    }

    /// Resolves the texts and formulas of a block. Every type of block is named, so that none is forgotten.
    fn block_texts(&self, block: &mut BlockDef) {
        match block {
            BlockDef::Tiles { tiles, .. } => tiles.resolve_in(self),
            BlockDef::Reasons { rows, .. } => rows.resolve_in(self),
            BlockDef::Text { title, lines } => {
                title.resolve_in(self);
                lines.resolve_in(self);
            }
            BlockDef::Bridge { caption, bars, .. } => {
                caption.resolve_in(self);
                bars.resolve_in(self);
            }
            BlockDef::Balances {
                caption, panels, ..
            } => {
                caption.resolve_in(self);
                panels.resolve_in(self);
            }
            BlockDef::Gauges { gauges, rows, .. } => {
                gauges.resolve_in(self);
                rows.resolve_in(self);
            }
            BlockDef::Cards { cards, .. } => cards.resolve_in(self),
            BlockDef::Equation {
                factors, result, ..
            } => {
                factors.resolve_in(self);
                result.resolve_in(self);
            }
            BlockDef::Targets { basis, .. } => basis.resolve_in(self),
            BlockDef::ReviewCards { decides, .. } => decides.resolve_in(self),
            BlockDef::Quiet { lines }
            | BlockDef::Notes { lines }
            | BlockDef::Load { caption: lines, .. }
            | BlockDef::Pairs { title: lines, .. }
            | BlockDef::Resolved { note: lines, .. }
            | BlockDef::RiskBoard {
                more_title: lines, ..
            } => lines.resolve_in(self),
            BlockDef::Ranking { title, apart, .. } => {
                title.resolve_in(self);
                apart.resolve_in(self);
            }
            BlockDef::Schedule { title, today, .. } => {
                title.resolve_in(self);
                self.text(today, &[Local::Date]);
            }
            BlockDef::Method { each, .. } => self.text(each, &[Local::ScoreLabel]),
            BlockDef::Builds { .. }
            | BlockDef::AgainstTarget { .. }
            | BlockDef::TierBars { .. }
            | BlockDef::Types { .. }
            | BlockDef::GapCards { .. }
            | BlockDef::Agenda { .. } => self.larger_block_texts(block),
            BlockDef::Moves { .. }
            | BlockDef::Requests { .. }
            | BlockDef::Offer { .. }
            | BlockDef::TypeTable { .. }
            | BlockDef::Mismatches { .. }
            | BlockDef::RiskTable { .. }
            | BlockDef::Figures { .. }
            | BlockDef::Bars { .. }
            | BlockDef::Benchmark { .. }
            | BlockDef::Lists { .. }
            | BlockDef::EffortGrid { .. }
            | BlockDef::Fields { .. }
            | BlockDef::Sentences { .. }
            | BlockDef::Evidence { .. }
            | BlockDef::Compare { .. }
            | BlockDef::ScoreChanges { .. }
            | BlockDef::Progress { .. }
            | BlockDef::Order { .. }
            | BlockDef::Commitments { .. }
            | BlockDef::Issues { .. } => {}
        }
    }

    /// Resolves the texts and formulas of the types that have many of them.
    fn larger_block_texts(&self, block: &mut BlockDef) {
        match block {
            BlockDef::Builds {
                start,
                late,
                length,
                end,
                rows,
                marks,
                ..
            } => {
                self.text(start, &[Local::Date]);
                let late = late.iter_mut();
                late.for_each(|late| self.text(late, &[Local::Date]));
                self.text(length, &[Local::Count]);
                end.resolve_in(self);
                rows.resolve_in(self);
                marks.resolve_in(self);
            }
            BlockDef::AgainstTarget {
                bars,
                target,
                label,
            } => {
                target.resolve_in(self);
                label.resolve_in(self);
                bars.resolve_in(self);
            }
            BlockDef::TierBars {
                caption,
                tiers,
                cost,
                cost_label,
                ..
            } => {
                caption.resolve_in(self);
                cost.resolve_in(self);
                cost_label.resolve_in(self);
                tiers.resolve_in(self);
            }
            BlockDef::Types {
                line, each, none, ..
            } => {
                self.text(line, &[Local::Count]);
                self.text(each, &TYPE);
                self.text(none, &TYPE);
            }
            BlockDef::GapCards { by, due, .. } => {
                check_names(self.source(), by, &["due"]);
                check_names(self.source(), due, &["from", "due"]);
            }
            BlockDef::Agenda {
                title,
                latest,
                deadlines,
                ..
            } => {
                title.resolve_in(self);
                self.text(latest, &[Local::Name]);
                deadlines.resolve_in(self);
            }
            _ => {}
        }
    }
}

/// A part of a block whose texts, conditions, and formulas have no names of their own.
trait Resolve {
    /// Resolves and checks all its names.
    fn resolve_in(&mut self, texts: &Texts);
}

impl<T: Resolve> Resolve for Vec<T> {
    fn resolve_in(&mut self, texts: &Texts) {
        self.iter_mut().for_each(|part| part.resolve_in(texts));
    }
}

impl<T: Resolve> Resolve for Option<T> {
    fn resolve_in(&mut self, texts: &Texts) {
        self.iter_mut().for_each(|part| part.resolve_in(texts));
    }
}

impl Resolve for FormatString {
    fn resolve_in(&mut self, texts: &Texts) {
        texts.text(self, &[]);
    }
}

impl Resolve for Formula {
    fn resolve_in(&mut self, texts: &Texts) {
        texts.formula(self);
    }
}

impl Resolve for Condition {
    fn resolve_in(&mut self, texts: &Texts) {
        texts.conditions(std::slice::from_mut(self), &[]);
    }
}

/// Resolves the fields of a part that contain names.
macro_rules! resolve_fields {
    ($($part:ty: $($field:ident),+;)+) => {$(
        impl Resolve for $part {
            fn resolve_in(&mut self, texts: &Texts) {
                $(self.$field.resolve_in(texts);)+
            }
        }
    )+};
}

resolve_fields! {
    Line: when, text;
    TileDef: value, note;
    ReasonDef: lines;
    BridgeBarDef: when, from, to, text, inside;
    PanelDef: amount, verdict, note;
    GaugeDef: share, figure, lines;
    CardDef: value, text;
    TimelineRowDef: from, to, label, start, end;
    MarkDef: date, label;
    DeadlineDef: when, date, text, owner;
    TierDef: kept, left, note, kept_text, left_text;
    TermDef: value, label;
    ValueBarDef: value, text, note;
}
