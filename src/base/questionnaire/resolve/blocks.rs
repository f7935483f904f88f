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

    /// Resolves the texts and formulas of a block.
    fn block_texts(&self, block: &mut BlockDef) {
        match block {
            BlockDef::Tiles { tiles, .. } => tiles.resolve_in(self),
            BlockDef::Reasons { rows, .. } => rows.resolve_in(self),
            BlockDef::Text { title, lines } => (title, lines).resolve_in(self),
            BlockDef::Bridge { caption, bars, .. } => (caption, bars).resolve_in(self),
            BlockDef::Balances {
                caption, panels, ..
            } => (caption, panels).resolve_in(self),
            BlockDef::Gauges { gauges, rows, .. } => (gauges, rows).resolve_in(self),
            BlockDef::Cards { cards, .. } => cards.resolve_in(self),
            BlockDef::Equation {
                factors, result, ..
            } => (factors, result).resolve_in(self),
            BlockDef::AgainstTarget {
                bars,
                target,
                label,
            } => {
                (bars, &mut (target, label)).resolve_in(self);
            }
            BlockDef::TierBars { .. } => self.tier_bars(block),
            BlockDef::Builds { .. } => self.builds(block),
            BlockDef::Types { .. } => self.types(block),
            BlockDef::Targets { basis, current, .. } => (basis, current).resolve_in(self),
            BlockDef::ReviewCards {
                decides, by_then, ..
            } => (decides, by_then).resolve_in(self),
            BlockDef::Progress {
                verdicts, current, ..
            } => {
                verdicts.iter_mut().for_each(|own| own.resolve_in(self));
                current.resolve_in(self);
            }
            BlockDef::Commitments { .. } => self.commitments(block),
            BlockDef::ScoreChanges { current, .. } => current.resolve_in(self),
            BlockDef::Quiet { lines }
            | BlockDef::Notes { lines }
            | BlockDef::Load { caption: lines, .. }
            | BlockDef::Pairs { title: lines, .. }
            | BlockDef::Resolved { note: lines, .. }
            | BlockDef::RiskBoard {
                more_title: lines, ..
            } => lines.resolve_in(self),
            BlockDef::Ranking { .. } => self.ranking(block),
            BlockDef::Schedule { title, today, .. } => {
                title.resolve_in(self);
                self.text(today, &[Local::Date]);
            }
            BlockDef::Agenda { .. } => self.agenda(block),
            BlockDef::GapCards { title, by, due, .. } => {
                title.resolve_in(self);
                check_names(self.source(), by, &["due"]);
                check_names(self.source(), due, &["number", "from", "due"]);
            }
            BlockDef::Method { each, .. } => self.text(each, &[Local::ScoreLabel]),
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
            | BlockDef::Order { .. }
            | BlockDef::Issues { .. } => {}
        }
    }

    fn commitments(&self, block: &mut BlockDef) {
        let BlockDef::Commitments {
            outcomes, later, ..
        } = block
        else {
            return;
        };
        outcomes.iter_mut().for_each(|own| own.resolve_in(self));
        self.text(later, &[Local::Date]);
    }

    fn ranking(&self, block: &mut BlockDef) {
        let BlockDef::Ranking {
            title,
            caption,
            apart,
            ..
        } = block
        else {
            return;
        };
        (title, &mut (caption, apart)).resolve_in(self);
    }

    fn agenda(&self, block: &mut BlockDef) {
        let BlockDef::Agenda {
            title,
            latest,
            deadlines,
            ..
        } = block
        else {
            return;
        };
        (title, deadlines).resolve_in(self);
        self.text(latest, &[Local::Name]);
    }

    fn types(&self, block: &mut BlockDef) {
        let BlockDef::Types {
            line, each, none, ..
        } = block
        else {
            return;
        };
        self.text(line, &[Local::Count]);
        self.text(each, &TYPE);
        self.text(none, &TYPE);
    }

    fn tier_bars(&self, block: &mut BlockDef) {
        let BlockDef::TierBars {
            caption,
            tiers,
            cost,
            cost_label,
            ..
        } = block
        else {
            return;
        };
        (caption, tiers).resolve_in(self);
        (cost, cost_label).resolve_in(self);
    }

    fn builds(&self, block: &mut BlockDef) {
        let BlockDef::Builds {
            caption,
            start,
            late,
            length,
            end,
            rows,
            marks,
            ..
        } = block
        else {
            return;
        };
        let dated = std::iter::once(start).chain(late);
        dated.for_each(|text| self.text(text, &[Local::Date]));
        for text in length {
            self.text(text, &[Local::Count]);
        }
        (caption, end).resolve_in(self);
        (rows, marks).resolve_in(self);
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

impl<A: Resolve, B: Resolve> Resolve for (&mut A, &mut B) {
    fn resolve_in(&mut self, texts: &Texts) {
        self.0.resolve_in(texts);
        self.1.resolve_in(texts);
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
