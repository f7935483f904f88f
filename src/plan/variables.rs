//! The facts that the questionnaire's wording may name, with their numbers and their words.

use std::collections::HashMap;

use crate::answers::Answers;
use crate::display;
use crate::questionnaire::{FieldKey, Kind, Line, Questionnaire};
use crate::score::{Score, Scorecard, Subject};
use crate::text::shorten;

/// Decimal places of points and means in print.
pub const PLACES: usize = 1;

/// Longest name within a sentence or beside a bar, in characters; in full it stands among the answers.
pub const NAME: usize = 80;

/// A text from right to left keeps to itself within a sentence of the questionnaire (Unicode UAX 9, isolates): the sentence
/// reads on in its own direction.
fn isolated(text: String) -> String {
    let is_from_right = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if text.contains(is_from_right) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text
    }
}

/// Variables about one client.
pub struct Variables<'a> {
    questionnaire: &'a Questionnaire,
    answers: &'a Answers,
    numbers: HashMap<String, f64>,
    texts: HashMap<String, String>,
}

impl<'a> Variables<'a> {
    /// The facts that follow from answers and scores.
    pub fn of(
        questionnaire: &'a Questionnaire,
        answers: &'a Answers,
        scorecard: &Scorecard,
        primary: Option<&str>,
    ) -> Self {
        let mut facts = Self {
            questionnaire,
            answers,
            numbers: HashMap::new(),
            texts: HashMap::new(),
        };
        for (def, score) in questionnaire.scores.iter().zip(&scorecard.scores) {
            facts.add_score(
                &format!("score.{}", def.id),
                def.out_of,
                def.ranked,
                score,
                primary,
            );
        }
        if let Some(finance) = &scorecard.finance {
            facts.optional("finance.roi", finance.roi, PLACES);
            if let Some(months) = finance.payback.and_then(|payback| payback.months()) {
                facts.number("finance.payback", months, PLACES);
                // Half a month is no difference to argue about.
                facts.number("finance.payback_early", months - 0.5, PLACES);
                // The month that it falls into: 5.2 is in the sixth.
                facts.number("finance.break_even", months.ceil().max(1.0), 0);
            }
            facts.optional("finance.investment", finance.investment, 0);
            facts.optional("finance.return", finance.returns, 0);
        }
        if let Some(finance) = &questionnaire.finance {
            facts.number("finance.horizon", f64::from(finance.horizon_months), 0);
        }
        facts
    }

    /// Adds a number, printed with so many places.
    pub fn number(&mut self, name: &str, value: f64, places: usize) {
        self.numbers.insert(name.to_owned(), value);
        self.texts.insert(
            name.to_owned(),
            display::number(self.questionnaire, value, places),
        );
    }

    /// Adds a text. An empty one is not known.
    pub fn text(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.texts.insert(name.to_owned(), value);
        }
    }

    fn optional(&mut self, name: &str, value: Option<f64>, places: usize) {
        if let Some(value) = value {
            self.number(name, value, places);
        }
    }

    fn add_score(
        &mut self,
        prefix: &str,
        out_of: f64,
        ranked: bool,
        score: &Score,
        primary: Option<&str>,
    ) {
        self.number(&format!("{prefix}.out_of"), out_of, 0);
        if !ranked {
            if let Some(subject) = score.single() {
                self.add_subject(prefix, subject);
            }
            return;
        }
        let ranking = score.ranking();
        self.number(&format!("{prefix}.count"), ranking.len() as f64, 0);
        let tied = ranking
            .iter()
            .filter(|subject| subject.rank == Some(1))
            .count();
        self.number(&format!("{prefix}.tied"), tied as f64, 0);
        for (name, subject) in [("best", ranking.first()), ("second", ranking.get(1))] {
            if let Some(subject) = subject {
                self.add_subject(&format!("{prefix}.{name}"), subject);
            }
        }
        if let (Some(best), Some(second)) = (
            ranking.first().and_then(|s| s.points),
            ranking.get(1).and_then(|s| s.points),
        ) {
            self.number(&format!("{prefix}.best.lead"), best - second, PLACES);
        }
        if let Some(subject) = primary.and_then(|name| score.named(name)) {
            self.add_subject(&format!("{prefix}.primary"), subject);
        }
    }

    fn add_subject(&mut self, prefix: &str, subject: &Subject) {
        self.text(&format!("{prefix}.name"), shorten(&subject.name, NAME));
        self.text(
            &format!("{prefix}.kind"),
            subject.kind.clone().unwrap_or_default(),
        );
        self.optional(&format!("{prefix}.points"), subject.points, PLACES);
        self.optional(&format!("{prefix}.figure"), subject.points, PLACES);
        if let (true, Some(points)) = (subject.indicative, subject.points) {
            // A sentence that shows the points must also show that they are indicative.
            let points = display::number(self.questionnaire, points, PLACES);
            let word = self.questionnaire.plan_layout.words.indicative.clone();
            self.texts
                .insert(format!("{prefix}.points"), format!("{points} ({word})"));
        }
        if let Some(band) = &subject.band {
            let words = &self.questionnaire.plan_layout.words;
            let label = match subject.indicative {
                true => format!("{}, {}", band.label, words.indicative),
                false => band.label.clone(),
            };
            self.text(&format!("{prefix}.band"), label);
        }
        self.number(
            &format!("{prefix}.indicative"),
            f64::from(u8::from(subject.indicative)),
            0,
        );
        let asked: usize = subject
            .dimensions
            .iter()
            .map(|dimension| dimension.asked)
            .sum();
        self.number(&format!("{prefix}.asked"), asked as f64, 0);
        let (answered, expected) = subject.completeness();
        self.number(&format!("{prefix}.answered"), answered as f64, 0);
        self.number(&format!("{prefix}.expected"), expected as f64, 0);
        for dimension in &subject.dimensions {
            self.optional(
                &format!("{prefix}.{}", dimension.id),
                dimension.mean,
                PLACES,
            );
        }
        for (name, (dimensions, mean)) in ["weakest", "strongest"]
            .iter()
            .zip(subject.weakest_and_strongest().into_iter().flatten())
        {
            let labels: Vec<&str> = dimensions
                .iter()
                .map(|dimension| dimension.label.as_str())
                .collect();
            self.text(&format!("{prefix}.{name}.label"), self.all_of(&labels));
            self.number(&format!("{prefix}.{name}.points"), mean, PLACES);
        }
        for (name, (keys, rating)) in ["lowest", "highest"]
            .iter()
            .zip(subject.extremes().into_iter().flatten())
        {
            let label = |key: &FieldKey| self.questionnaire.field(*key).row_label.as_str();
            let labels: Vec<&str> = keys.iter().map(label).collect();
            self.text(&format!("{prefix}.{name}.label"), self.all_of(&labels));
            self.number(&format!("{prefix}.{name}.rating"), rating, PLACES);
        }
    }

    /// "A", "A and B", "A, B and C", "A, B, C and others".
    fn all_of(&self, labels: &[&str]) -> String {
        const MAX_COUNT: usize = 3;
        let words = &self.questionnaire.plan_layout.words;
        let (last, before) = match labels {
            [] => return String::new(),
            [only] => return (*only).to_owned(),
            [all @ .., last] if labels.len() <= MAX_COUNT => (*last, all),
            all => (words.others.as_str(), &all[..MAX_COUNT]),
        };
        format!("{} {} {last}", before.join(", "), words.and)
    }

    /// The number of a fact or a field.
    pub fn get_number(&self, name: &str) -> Option<f64> {
        self.numbers
            .get(name)
            .copied()
            .or_else(|| self.answers.number(self.questionnaire.key(name)?))
    }

    /// The words of a fact or a field; nothing for an answer without a value.
    pub fn get_text(&self, name: &str) -> Option<String> {
        let text = self.texts.get(name).cloned();
        text.or_else(|| self.field_text(self.questionnaire.key(name)?))
            .map(isolated)
    }

    fn field_text(&self, key: FieldKey) -> Option<String> {
        let answer = &self.answers.get(key).value;
        if !answer.is_value() {
            return None;
        }
        match (&self.questionnaire.field(key).kind, answer.number()) {
            // The words around it say "of 10".
            (Kind::Rating { .. }, Some(rating)) => {
                Some(display::number(self.questionnaire, rating, PLACES))
            }
            _ => display::value(self.questionnaire, self.answers, key),
        }
    }

    /// The first line whose conditions hold and whose facts are known.
    pub fn first(&self, lines: &[Line]) -> Option<String> {
        lines.iter().find_map(|line| self.finish(line))
    }

    /// A line, if its conditions hold and its facts are known.
    pub fn finish(&self, line: &Line) -> Option<String> {
        crate::questionnaire::all_hold(&line.when, |fact| self.get_number(fact))
            .then(|| line.text.finish(|fact| self.get_text(fact)))
            .flatten()
    }
}
