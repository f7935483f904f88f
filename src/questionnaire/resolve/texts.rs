//! Resolves and checks all names in the texts and conditions of the plan, the advice, and the email.

use crate::questionnaire::diagnostic::{Source, did_you_mean};
use crate::questionnaire::format_string::Resolver;
use crate::questionnaire::text_sections::check_names;
use crate::questionnaire::*;

/// Largest number of months on the axis of a block.
const MAX_MONTHS: u32 = 600;
/// Largest number of days that an agenda covers.
const MAX_AGENDA_DAYS: u32 = 366;

/// The definitions that the texts of one file are checked against.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub resolver: Resolver<'a>,
    pub worksheets: &'a [Worksheet],
    pub roadmap: &'a RoadmapDef,
}

impl Texts<'_> {
    fn source(&self) -> &Source {
        self.resolver.source
    }

    pub fn email(&self, email: &mut EmailTemplate) {
        self.lines(&mut email.subject, &[]);
        for paragraph in &mut email.paragraph {
            self.lines(&mut paragraph.lines, &[]);
        }
    }

    pub fn plan_layout(&self, layout: &mut PlanLayout) {
        let words = &mut layout.words;
        for text in [&mut words.running_head, &mut words.draft_note] {
            self.text(text, &[]);
        }
        for date in [&words.date, &words.short_date] {
            check_names(self.source(), date, &["day", "month", "year"]);
            if !date.contains("{day}") || !date.contains("{month}") {
                let message = "a date contains {day} and {month}";
                self.source().error_at_text(date, message);
            }
        }
        check_names(self.source(), &words.knocked_out, &["questions"]);
        for (what, names, count) in [
            ("months", &words.months, 12),
            ("months_short", &words.months_short, 12),
            ("weekdays_short", &words.weekdays_short, 7),
        ] {
            if names.len() != count {
                let message = format!("`{what}` has {} names instead of {count}", names.len());
                self.source().error_at_text(what, message);
            }
        }
        self.text(&mut layout.cover.title, &[]);
        self.text(&mut layout.cover.subtitle, &[]);
        for fact in &mut layout.cover.facts {
            self.lines(&mut fact.lines, &[]);
        }
        self.lines(&mut layout.cover.note, &[]);
        let ids: Vec<String> = layout.section.iter().map(|own| own.id.clone()).collect();
        for (index, id) in ids.iter().enumerate() {
            if ids[..index].contains(id) {
                let message = format!("the section \"{id}\" is defined twice");
                self.source().error_at_text(id, message);
            }
        }
        for section in layout.section.iter_mut().chain(&mut layout.notes) {
            self.conditions(&mut section.when, &[]);
            self.conditions(&mut section.last_when, &[]);
            if let Some(question) = &mut section.question {
                self.text(question, &[]);
            }
            self.lines(&mut section.headline, &[]);
            self.lines(&mut section.lead, &[]);
            self.lines(&mut section.points, &[]);
            for block in &mut section.blocks {
                self.block(block, &ids);
            }
        }
    }

    fn block(&self, block: &mut BlockDef, sections: &[String]) {
        match block {
            BlockDef::Tiles { tiles, .. } => {
                for tile in tiles {
                    self.lines(&mut tile.value, &[]);
                    self.lines(&mut tile.note, &[]);
                    if let Some(score) = &tile.score {
                        self.score(score);
                    }
                }
            }
            BlockDef::Reasons { rows, .. } => {
                for row in rows {
                    self.lines(&mut row.lines, &[]);
                    self.plan_section(row.section.as_deref(), sections);
                }
            }
            BlockDef::Text { title, lines } => {
                if let Some(title) = title {
                    self.text(title, &[]);
                }
                self.lines(lines, &[]);
            }
            BlockDef::Quiet { lines } | BlockDef::Notes { lines } => self.lines(lines, &[]),
            BlockDef::Bridge { caption, bars, .. } => {
                self.lines(caption, &[]);
                for bar in bars {
                    self.conditions(&mut bar.when, &[]);
                    self.formula(&mut bar.from);
                    self.formula(&mut bar.to);
                    self.text(&mut bar.text, &[]);
                    self.lines(&mut bar.inside, &[]);
                }
            }
            BlockDef::Balances {
                caption,
                panels,
                months,
                ..
            } => {
                self.needs_finance("balances");
                self.limit("months", *months, MAX_MONTHS);
                self.lines(caption, &[]);
                for panel in panels {
                    self.formula(&mut panel.amount);
                    self.lines(&mut panel.verdict, &[]);
                    self.lines(&mut panel.note, &[]);
                }
            }
            BlockDef::Gauges { gauges, rows, .. } => {
                for gauge in gauges {
                    self.formula(&mut gauge.share);
                    self.text(&mut gauge.figure, &[]);
                    self.lines(&mut gauge.lines, &[]);
                }
                rows.iter_mut()
                    .flatten()
                    .for_each(|text| self.text(text, &[]));
            }
            BlockDef::Cards { cards, .. } => {
                for card in cards {
                    self.lines(&mut card.value, &[]);
                    self.lines(&mut card.text, &[]);
                }
            }
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
                if let Some(late) = late {
                    self.text(late, &[Local::Date]);
                }
                self.text(length, &[Local::Count]);
                self.lines(end, &[]);
                for row in rows {
                    self.formula(&mut row.from);
                    self.formula(&mut row.to);
                    for text in [&mut row.label, &mut row.start, &mut row.end] {
                        self.text(text, &[]);
                    }
                }
                for mark in marks {
                    self.formula(&mut mark.date);
                    self.text(&mut mark.label, &[]);
                }
            }
            BlockDef::Equation {
                factors, result, ..
            } => {
                for term in factors.iter_mut().chain([result]) {
                    self.text(&mut term.value, &[]);
                    self.text(&mut term.label, &[]);
                }
            }
            BlockDef::AgainstTarget {
                bars,
                target,
                label,
            } => {
                self.formula(target);
                self.text(label, &[]);
                for bar in bars {
                    self.formula(&mut bar.value);
                    self.text(&mut bar.text, &[]);
                    self.lines(&mut bar.note, &[]);
                }
            }
            BlockDef::TierBars {
                caption,
                tiers,
                cost,
                cost_label,
                ..
            } => {
                self.lines(caption, &[]);
                self.formula(cost);
                self.text(cost_label, &[]);
                for tier in tiers {
                    self.formula(&mut tier.kept);
                    self.formula(&mut tier.left);
                    self.text(&mut tier.note, &[]);
                    self.text(&mut tier.kept_text, &[]);
                    self.lines(&mut tier.left_text, &[]);
                }
            }
            BlockDef::Types {
                line, each, none, ..
            } => {
                const TYPE: [Local; 3] = [Local::TypeValue, Local::TypeEase, Local::Count];
                self.text(line, &[Local::Count]);
                self.text(each, &TYPE);
                self.text(none, &TYPE);
            }
            BlockDef::Targets { basis, .. } => {
                basis.iter_mut().for_each(|lines| self.lines(lines, &[]));
            }
            BlockDef::Schedule { title, today, .. } => {
                self.lines(title, &[]);
                self.text(today, &[Local::Date]);
            }
            BlockDef::Load { caption, .. } => self.lines(caption, &[]),
            BlockDef::GapCards { by, due, .. } => {
                check_names(self.source(), by, &["due"]);
                check_names(self.source(), due, &["from", "due"]);
            }
            BlockDef::Agenda {
                title,
                latest,
                days,
                deadlines,
                ..
            } => {
                self.limit("days", *days, MAX_AGENDA_DAYS);
                self.lines(title, &[]);
                self.text(latest, &[Local::Name]);
                for deadline in deadlines {
                    self.conditions(&mut deadline.when, &[]);
                    self.formula(&mut deadline.date);
                    self.text(&mut deadline.text, &[]);
                    self.text(&mut deadline.owner, &[]);
                }
            }
            BlockDef::ReviewCards { decides, .. } => {
                decides.iter_mut().for_each(|lines| self.lines(lines, &[]));
            }
            BlockDef::RiskBoard { more_title, .. } => self.lines(more_title, &[]),
            BlockDef::Pairs {
                title,
                score,
                field,
                ..
            } => {
                self.lines(title, &[]);
                self.score(score);
                self.field(field);
            }
            BlockDef::Ranking {
                title,
                score,
                apart,
                ..
            } => {
                self.lines(title, &[]);
                self.score(score);
                self.lines(apart, &[]);
            }
            BlockDef::Bars { score, .. } | BlockDef::Benchmark { score, .. } => self.score(score),
            BlockDef::Lists { lists } | BlockDef::EffortGrid { words: lists, .. } => {
                lists.iter().for_each(|list| self.section(&list.section));
            }
            BlockDef::Fields { sections, .. }
            | BlockDef::Sentences { sections }
            | BlockDef::Evidence { sections, .. }
            | BlockDef::Compare { sections, .. } => {
                sections.iter().for_each(|section| self.section(section));
            }
            BlockDef::Resolved { note, .. } => self.lines(note, &[]),
            BlockDef::Method { each, .. } => self.text(each, &[Local::ScoreLabel]),
            BlockDef::Moves { .. }
            | BlockDef::Requests { .. }
            | BlockDef::Offer { .. }
            | BlockDef::TypeTable { .. }
            | BlockDef::Mismatches { .. }
            | BlockDef::RiskTable { .. }
            | BlockDef::Figures { .. }
            | BlockDef::ScoreChanges { .. }
            | BlockDef::Progress { .. }
            | BlockDef::Order { .. }
            | BlockDef::Commitments { .. }
            | BlockDef::Issues { .. } => {}
        }
    }

    fn formula(&self, formula: &mut Formula) {
        formula.resolve(&self.resolver);
    }

    /// Checks that a section of the plan exists.
    fn plan_section(&self, id: Option<&str>, sections: &[String]) {
        if let Some(id) = id {
            let known = sections.iter().map(String::as_str).collect();
            self.is_known("section of the plan", id, known);
        }
    }

    pub fn lines(&self, lines: &mut [Line], locals: &[Local]) {
        for line in lines {
            self.conditions(&mut line.when, locals);
            self.text(&mut line.text, locals);
        }
    }

    pub fn conditions(&self, conditions: &mut [Condition], locals: &[Local]) {
        for condition in conditions {
            condition.resolve(&self.resolver, locals);
        }
    }

    pub fn text(&self, text: &mut FormatString, locals: &[Local]) {
        text.resolve(&self.resolver, locals);
    }

    fn needs_finance(&self, block: &str) {
        if self.resolver.catalogue.finance.is_none() {
            let message = format!("the block \"{block}\" needs [finance] in scores.toml");
            self.source().error_at_text(block, message);
        }
    }

    fn limit(&self, key: &str, number: u32, most: u32) {
        if !(1..=most).contains(&number) {
            let message = format!("`{key}` of a block is {number}, not 1 to {most}");
            self.source().error_at_text(key, message);
        }
    }

    fn field(&self, id: &str) {
        let fields = self.resolver.catalogue.fields.iter();
        self.is_known("field", id, fields.map(|field| field.id.as_str()).collect());
    }

    pub fn section(&self, id: &str) {
        let sections = self.worksheets.iter().flat_map(|sheet| &sheet.sections);
        self.is_known("section", id, sections.map(|own| own.id.as_str()).collect());
    }

    fn score(&self, id: &str) {
        let scores = self.resolver.catalogue.scores.iter();
        self.is_known("score", id, scores.map(|score| score.id.as_str()).collect());
    }

    fn is_known(&self, what: &str, name: &str, known: Vec<&str>) {
        if !known.contains(&name) {
            // If the ID is composed of several parts, the file contains only the last part.
            let written = match self.source().find(name) {
                span if span.is_empty() => name.rsplit('.').next().unwrap_or(name),
                _ => name,
            };
            let help = did_you_mean(name, known);
            let message = format!("there is no {what} \"{name}\"");
            self.source()
                .error_in(self.source().find(written), message, help);
        }
    }
}
