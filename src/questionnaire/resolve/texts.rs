//! Resolves and checks all names in the texts and conditions of the plan, the advice, and the email.

use crate::questionnaire::diagnostic::{Source, did_you_mean};
use crate::questionnaire::format_string::Resolver;
use crate::questionnaire::*;

/// The definitions that the texts of one file are checked against.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub resolver: Resolver<'a>,
    pub worksheets: &'a [Worksheet],
    pub roadmap: &'a RoadmapDef,
}

const ACTIONS: [Local; 3] = [Local::FirstAction, Local::SecondAction, Local::ThirdAction];
const RATING: [Local; 3] = [Local::RatingLabel, Local::RatingText, Local::RatingSubject];

impl Texts<'_> {
    fn source(&self) -> &Source {
        self.resolver.source
    }

    pub fn advice(&self, advice: &mut [Advice]) {
        for rule in advice {
            self.conditions(&mut rule.when, &[]);
            self.text(&mut rule.title, &[]);
            self.text(&mut rule.why, &[]);
            let activities = self.roadmap.activities.iter().map(|own| own.row.as_str());
            self.is_known(
                "activity of the roadmap",
                &rule.activity,
                activities.collect(),
            );
            if let Some(rating) = &rule.rating {
                self.field(rating);
            }
        }
    }

    pub fn email(&self, email: &mut EmailTemplate) {
        self.lines(&mut email.subject, &ACTIONS);
        for paragraph in &mut email.paragraph {
            self.lines(&mut paragraph.lines, &ACTIONS);
        }
    }

    pub fn plan_layout(&self, layout: &mut PlanLayout) {
        let words = &mut layout.words;
        for text in [
            &mut words.running_head,
            &mut words.draft_note,
            &mut words.no_payback,
        ] {
            self.text(text, &[]);
        }
        for (what, count) in [
            ("months", words.months.len()),
            ("months_short", words.months_short.len()),
        ] {
            if count != 12 {
                let message = format!("`{what}` has {count} months instead of 12");
                self.source().error_at_text(what, message);
            }
        }
        self.text(&mut layout.cover.title, &[]);
        self.text(&mut layout.cover.subtitle, &[]);
        for fact in &mut layout.cover.facts {
            self.lines(&mut fact.lines, &[]);
        }
        self.lines(&mut layout.cover.note, &[]);
        for section in &mut layout.section {
            self.lines(&mut section.headline, &[]);
            self.lines(&mut section.lead, &[]);
            section
                .blocks
                .iter_mut()
                .for_each(|block| self.block(block));
        }
    }

    fn block(&self, block: &mut BlockDef) {
        match block {
            BlockDef::Tiles { tiles } => {
                for tile in tiles {
                    self.lines(&mut tile.value, &[]);
                    self.lines(&mut tile.note, &[]);
                    if let Some(score) = &tile.score {
                        self.score(score);
                    }
                }
            }
            BlockDef::Text { title, lines } => {
                if let Some(title) = title {
                    self.text(title, &[]);
                }
                self.lines(lines, &[]);
            }
            BlockDef::Bars { score, .. }
            | BlockDef::Dots { score, .. }
            | BlockDef::Benchmark { score, .. }
            | BlockDef::Ranking { score, .. } => self.score(score),
            BlockDef::Lists { lists } => {
                for list in lists {
                    self.section(&list.section);
                    self.score(&list.score);
                }
            }
            BlockDef::Fields { sections, .. }
            | BlockDef::Sentences { sections }
            | BlockDef::Evidence { sections, .. }
            | BlockDef::Compare { sections, .. } => {
                sections.iter().for_each(|section| self.section(section));
            }
            BlockDef::Ladder {
                sections,
                figure,
                asks,
                ..
            } => {
                for section in sections {
                    self.section(section);
                    self.field(&format!("{section}.{figure}"));
                    self.field(&format!("{section}.{asks}"));
                }
            }
            BlockDef::Matrix { score, rows, .. } => {
                self.score(score);
                for row in rows {
                    let sections = self.worksheets.iter().flat_map(|sheet| &sheet.sections);
                    let known = sections.flat_map(|section| &section.rows);
                    self.is_known("row", row, known.map(|row| row.id.as_str()).collect());
                }
            }
            BlockDef::Open { more, .. } => self.text(more, &[Local::More]),
            BlockDef::Resolved { note, .. } => self.lines(note, &[]),
            BlockDef::Payback { meets, never, .. } => {
                self.needs_finance("payback");
                self.text(meets, &[]);
                self.text(never, &[]);
            }
            BlockDef::Finance { assumption, .. } => {
                self.needs_finance("finance");
                self.text(assumption, &[Local::Ramp]);
            }
            BlockDef::Breakdown { .. } => self.needs_finance("breakdown"),
            BlockDef::Method { each, .. } => self.text(each, &[Local::ScoreLabel]),
            BlockDef::Risks { ratings, risks, .. } => {
                if let Some(ratings) = ratings {
                    self.score(&ratings.score);
                    self.section(&ratings.section);
                    self.text(&mut ratings.title, &RATING);
                    self.text(&mut ratings.text, &RATING);
                }
                for risk in risks {
                    self.conditions(&mut risk.when, &[]);
                    self.text(&mut risk.title, &[]);
                    self.text(&mut risk.text, &[]);
                    risk.evidence.iter().for_each(|field| self.field(field));
                }
            }
            BlockDef::Actions { .. }
            | BlockDef::Owners { .. }
            | BlockDef::Reviews { .. }
            | BlockDef::Gantt
            | BlockDef::ScoreChanges { .. }
            | BlockDef::Commitments { .. }
            | BlockDef::Roadmap { .. }
            | BlockDef::Issues { .. }
            | BlockDef::Targets { .. } => {}
        }
    }

    fn lines(&self, lines: &mut [Line], locals: &[Local]) {
        for line in lines {
            self.conditions(&mut line.when, locals);
            self.text(&mut line.text, locals);
        }
    }

    fn conditions(&self, conditions: &mut [Condition], locals: &[Local]) {
        for condition in conditions {
            condition.resolve(&self.resolver, locals);
        }
    }

    fn text(&self, text: &mut FormatString, locals: &[Local]) {
        text.resolve(&self.resolver, locals);
    }

    fn needs_finance(&self, block: &str) {
        if self.resolver.catalogue.finance.is_none() {
            let message = format!("the block \"{block}\" needs [finance] in scores.toml");
            self.source().error_at_text(block, message);
        }
    }

    fn field(&self, id: &str) {
        let fields = self.resolver.catalogue.fields.iter();
        self.is_known("field", id, fields.map(|field| field.id.as_str()).collect());
    }

    fn section(&self, id: &str) {
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
