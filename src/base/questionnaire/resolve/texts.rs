//! Resolves and checks all names in the texts and conditions of the plan, the advice, and the email.

use crate::questionnaire::diagnostic::{Source, did_you_mean};
use crate::questionnaire::format_string::Resolver;
use crate::questionnaire::text_sections::check_names;
use crate::questionnaire::*;

/// The definitions that the texts of one file are checked against.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub resolver: Resolver<'a>,
    pub worksheets: &'a [Worksheet],
    pub roadmap: &'a RoadmapDef,
}

impl Texts<'_> {
    pub fn source(&self) -> &Source {
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

    pub fn formula(&self, formula: &mut Formula) {
        formula.resolve(&self.resolver);
    }

    /// Checks that a section of the plan exists.
    pub fn plan_section(&self, id: Option<&str>, sections: &[String]) {
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

    pub fn needs_finance(&self, block: &str) {
        if self.resolver.catalog.finance.is_none() {
            let message = format!("the block \"{block}\" needs [finance] in scores.toml");
            self.source().error_at_text(block, message);
        }
    }

    pub fn limit(&self, key: &str, number: u32, most: u32) {
        if !(1..=most).contains(&number) {
            let message = format!("`{key}` of a block is {number}, not 1 to {most}");
            self.source().error_at_text(key, message);
        }
    }

    pub fn field(&self, id: &str) {
        let fields = self.resolver.catalog.fields.iter();
        self.is_known("field", id, fields.map(|field| field.id.as_str()).collect());
    }

    pub fn section(&self, id: &str) {
        let sections = self.worksheets.iter().flat_map(|sheet| &sheet.sections);
        self.is_known("section", id, sections.map(|own| own.id.as_str()).collect());
    }

    pub fn score(&self, id: &str) {
        let scores = self.resolver.catalog.scores.iter();
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
