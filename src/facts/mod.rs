//! The values of facts about one client: the data that the questionnaire's texts and conditions refer to.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = reading.answers;
//! use partnerbook::{analysis::Analysis, facts::{Facts, Figures}, score::Scorecard};
//!
//! let scorecard = Scorecard::of(&questionnaire, &answers);
//! let analysis = Analysis::of(&questionnaire, &answers, &scorecard, "2026-11-23".parse()?, None);
//! let figures = Figures::of(&questionnaire, &answers, &scorecard, &analysis);
//! let facts = Facts::of(&questionnaire, &answers, &scorecard).with_analysis(&analysis, &figures);
//! for risk in &questionnaire.advice.risks {
//!     if facts.all_hold(&risk.when) {
//!         println!("{}", facts.finish(&risk.title).unwrap_or_default());
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod figures;
mod ranking;

use crate::analysis::Analysis;
use crate::answers::Answers;
use crate::display;
use crate::questionnaire::{
    ActivityFact, Condition, EXACT, Expression, Fact, FieldKey, FinanceDef, FinanceFact,
    FormatString, Formula, Kind, Line, Local, PlanLabels, Questionnaire, ScoreFact, Style,
    Subject as SubjectOf, SubjectFact, Type, Unit, Value,
};
use crate::score::{Finance, Payback, Score, Scorecard, Subject};
use crate::text::{one_line, shorten, shorten_words};

use figures::{DIGITS, digits};

pub use figures::Figures;

/// Decimal places of points, means, and other calculated numbers.
pub const PLACES: usize = 1;

/// Maximum length of a name in a sentence or next to a bar, in characters. The appendix shows the full name.
pub const NAME: usize = 40;
/// Maximum length of a client's text in a sentence, in characters.
pub const QUOTE: usize = 90;

/// Isolates a right-to-left text in a left-to-right sentence (Unicode UAX 9).
fn isolated(text: String) -> String {
    let is_from_right = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if text.contains(is_from_right) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text
    }
}

/// Returns the values of facts.
pub type Lookup<'a> = dyn Fn(&Fact) -> Option<Value> + 'a;

/// Facts about one client.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    questionnaire: &'a Questionnaire,
    answers: &'a Answers,
    scorecard: &'a Scorecard,
    analysis: Option<(&'a Analysis, &'a Figures)>,
    plan: Option<&'a Lookup<'a>>,
}

impl<'a> Facts<'a> {
    /// Creates the facts that follow from answers and scores.
    pub fn of(
        questionnaire: &'a Questionnaire,
        answers: &'a Answers,
        scorecard: &'a Scorecard,
    ) -> Self {
        Self {
            questionnaire,
            answers,
            scorecard,
            analysis: None,
            plan: None,
        }
    }

    /// Adds what the answers mean for the plan.
    pub fn with_analysis(self, analysis: &'a Analysis, figures: &'a Figures) -> Self {
        Self {
            analysis: Some((analysis, figures)),
            ..self
        }
    }

    /// Adds facts about the plan and its change, which are known once the plan exists.
    pub fn with_plan(self, plan: &'a Lookup<'a>) -> Self {
        Self {
            plan: Some(plan),
            ..self
        }
    }

    /// Returns the value of a fact. `None` if it is unknown.
    pub fn value(&self, fact: &Fact) -> Option<Value> {
        let number = |number: Option<f64>| number.map(Value::Number);
        match fact {
            Fact::Field(key) => self.answers.value(self.questionnaire, *key),
            Fact::Plan(_) | Fact::Change(_) => self.plan?(fact),
            Fact::Finance(fact) => number(self.of_finance(*fact)),
            Fact::Payback(ramp, growth) => {
                let (def, finance) = self.finance()?;
                let amount = match growth {
                    true => finance.growth(),
                    false => finance.returns,
                };
                number(finance.payback(def, *ramp, amount)?.months())
            }
            Fact::FullMonths(months) => {
                let (def, finance) = self.finance()?;
                number(Some(finance.full_months(def, *months)))
            }
            Fact::Score(score, fact) => self.of_ranking(*score, *fact),
            Fact::Subject(score, subject, fact) => {
                self.of_subject(self.subject(*score, *subject)?, *fact)
            }
            Fact::Figure(index) => self.analysis?.1.value(*index),
            Fact::Gap(index) => number(*self.analysis?.0.gaps.ratings.get(*index)?),
            Fact::Activity(index, fact) => self.of_activity(*index, *fact),
            Fact::Advice(fact) => self.of_advice(*fact),
            // The caller provides this value (see `finish_with`).
            Fact::Local(_) => None,
        }
    }

    fn of_activity(&self, index: usize, fact: ActivityFact) -> Option<Value> {
        let (analysis, _) = self.analysis?;
        let own = analysis.schedule.activities.get(index)?;
        match fact {
            ActivityFact::Start => Some(Value::Date(own.start)),
            ActivityFact::Due => Some(Value::Date(own.due)),
            ActivityFact::Owner => own
                .owner
                .as_ref()
                .map(|owner| Value::Text(shorten(owner, NAME))),
            ActivityFact::ExpectedStart => {
                let forecast = analysis.forecast.as_ref()?;
                Some(Value::Date(forecast.expected.get(index)?.0))
            }
            ActivityFact::Expected => {
                let forecast = analysis.forecast.as_ref()?;
                Some(Value::Date(forecast.expected.get(index)?.1))
            }
            ActivityFact::Status => {
                let statuses = &self.questionnaire.roadmap.statuses;
                Some(Value::Text(statuses[own.state as usize].clone()))
            }
        }
    }

    fn finance(&self) -> Option<(&'a FinanceDef, &'a Finance)> {
        let def = self.questionnaire.finance.as_ref()?;
        Some((def, self.scorecard.finance.as_ref()?))
    }

    fn of_finance(&self, fact: FinanceFact) -> Option<f64> {
        let (def, finance) = self.finance()?;
        match fact {
            FinanceFact::Multiple => finance.multiple,
            FinanceFact::Investment => finance.investment,
            FinanceFact::Return => finance.returns,
            FinanceFact::Never => finance
                .payback
                .map(|payback| f64::from(u8::from(payback == Payback::Never))),
            FinanceFact::Horizon => Some(f64::from(def.horizon_months)),
        }
    }

    fn subject(&self, score: usize, subject: SubjectOf) -> Option<&Subject> {
        let score: &Score = &self.scorecard.scores[score];
        match subject {
            SubjectOf::Client => score.single(),
            SubjectOf::Best => score.ranking().first().copied(),
            SubjectOf::Second => score.ranking().get(1).copied(),
            SubjectOf::Third => score.ranking().get(2).copied(),
            SubjectOf::Primary => score.named(self.answers.chosen(self.questionnaire)?),
        }
    }

    fn of_subject(&self, subject: &Subject, fact: SubjectFact) -> Option<Value> {
        let text = |text: &str| (!text.is_empty()).then(|| Value::Text(text.to_owned()));
        let count = |count: usize| Some(Value::Number(count as f64));
        let number = |number: Option<f64>| number.map(Value::Number);
        let dimensions = |weakest: bool| {
            let [low, high] = subject.weakest_and_strongest()?;
            let (dimensions, mean) = if weakest { low } else { high };
            let labels: Vec<&str> = dimensions.iter().map(|own| own.label.as_str()).collect();
            Some((self.all_of(&labels), mean))
        };
        let ratings = |lowest: bool| {
            let [low, high] = subject.extremes()?;
            let (keys, rating) = if lowest { low } else { high };
            let label = |key: &FieldKey| self.questionnaire.field(*key).row_label.as_str();
            let labels: Vec<&str> = keys.iter().map(label).collect();
            Some((self.all_of(&labels), rating))
        };
        match fact {
            SubjectFact::Name => text(&shorten(&subject.name, NAME)),
            SubjectFact::Kind => text(subject.kind.as_deref()?),
            SubjectFact::Points | SubjectFact::Figure => number(subject.points),
            SubjectFact::Band => {
                let label = &subject.band.as_ref()?.label;
                let words = &self.questionnaire.plan_layout.words;
                match subject.indicative {
                    true => text(&format!("{label}, {}", words.indicative)),
                    false => text(label),
                }
            }
            SubjectFact::KnockedOut => {
                let failed = subject.knocked_out.iter();
                let labels = failed.map(|key| self.questionnaire.field(*key).row_label.as_str());
                let labels: Vec<&str> = labels.collect();
                (!labels.is_empty()).then(|| Value::Text(self.all_of(&labels)))
            }
            SubjectFact::Indicative => count(usize::from(subject.indicative)),
            SubjectFact::Asked => count(subject.dimensions.iter().map(|own| own.asked).sum()),
            SubjectFact::Answered => count(subject.completeness().0),
            SubjectFact::Expected => count(subject.completeness().1),
            SubjectFact::Dimension(index) => number(subject.dimensions.get(index)?.mean),
            SubjectFact::Rating(dimension, rating) => {
                let (key, _) = subject.dimensions.get(dimension)?.ratings.get(rating)?;
                number(self.answers.number(*key))
            }
            SubjectFact::WeakestLabel => text(&dimensions(true)?.0),
            SubjectFact::WeakestPoints => Some(Value::Number(dimensions(true)?.1)),
            SubjectFact::StrongestLabel => text(&dimensions(false)?.0),
            SubjectFact::StrongestPoints => Some(Value::Number(dimensions(false)?.1)),
            SubjectFact::LowestLabel => text(&ratings(true)?.0),
            SubjectFact::LowestRating => Some(Value::Number(ratings(true)?.1)),
            SubjectFact::HighestLabel => text(&ratings(false)?.0),
            SubjectFact::HighestRating => Some(Value::Number(ratings(false)?.1)),
        }
    }

    /// Lists names: "A", "A and B", "A, B, and C", "A, B, C, and others".
    pub fn all_of(&self, labels: &[&str]) -> String {
        list(labels, &self.questionnaire.plan_layout.words)
    }

    /// Returns the text of an expression. `None` if its value is unknown.
    pub fn shown(&self, expression: &Expression, style: Style) -> Option<String> {
        let value = expression.value(&|fact| self.value(fact))?;
        let digits = match expression.as_fact() {
            Some(Fact::Figure(index)) => digits(self.questionnaire.advice.figures[*index].format),
            _ => DIGITS,
        };
        if let Some(text) = self.styled(&value, style, digits) {
            return Some(text);
        }
        let text = match expression.as_fact() {
            Some(fact) => self.fact_text(fact, value, expression.kind),
            None => self.text_of(value, expression.kind),
        };
        Some(isolated(text))
    }

    /// Returns a value in a style of its own. `None` in the usual style.
    fn styled(&self, value: &Value, style: Style, digits: i32) -> Option<String> {
        match (style, value) {
            (Style::Bare, Value::Number(amount)) => Some(self.bare(*amount, digits)),
            (Style::Signed, Value::Number(amount)) => {
                let text = self.bare(amount.abs(), digits);
                // An amount that is rounded to 0 has no sign.
                let is_zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
                let sign = match (is_zero, *amount < 0.0) {
                    (true, _) => "",
                    (false, true) => "−",
                    (false, false) => "+",
                };
                Some(format!("{sign}{text}"))
            }
            (Style::Short, Value::Date(date)) => {
                Some(display::short_date(self.questionnaire, *date))
            }
            _ => None,
        }
    }

    fn fact_text(&self, fact: &Fact, value: Value, kind: Type) -> String {
        match (fact, &value) {
            (Fact::Field(key), _) => self.field_text(*key, &value),
            (Fact::Figure(index), _) => {
                let format = self.questionnaire.advice.figures[*index].format;
                self.formatted(&value, format)
            }
            (Fact::Score(score, ScoreFact::Lead | ScoreFact::Behind), Value::Number(lead)) => {
                let best = self.subject(*score, SubjectOf::Best);
                let other = match fact {
                    Fact::Score(_, ScoreFact::Lead) => SubjectOf::Second,
                    _ => SubjectOf::Primary,
                };
                let other = self.subject(*score, other);
                let points = |own: Option<&Subject>| Some(display::to_places(own?.points?, PLACES));
                let printed = points(best).zip(points(other)).map(|(a, b)| a - b);
                // The difference of the printed points, unless it is lost in print.
                let printed = printed.filter(|own| *own > EXACT).unwrap_or(*lead);
                display::number(self.questionnaire, printed, PLACES)
            }
            // A sentence that shows the points must also show that they are indicative.
            (Fact::Subject(score, subject, SubjectFact::Points), Value::Number(points)) => {
                let points = display::number(self.questionnaire, *points, PLACES);
                let subject = self.subject(*score, *subject);
                match subject.is_some_and(|subject| subject.indicative) {
                    true => {
                        let word = &self.questionnaire.plan_layout.words.indicative;
                        format!("{points} ({word})")
                    }
                    false => points,
                }
            }
            _ => self.text_of(value, kind),
        }
    }

    /// Returns an answer without its unit, which the sentence contains: "Your sales cycle of {cycle} days".
    fn field_text(&self, key: FieldKey, value: &Value) -> String {
        match (&self.questionnaire.field(key).kind, value) {
            (Kind::Money { .. }, Value::Number(amount)) => {
                display::money(self.questionnaire, self.answers, *amount)
            }
            (Kind::Rating { .. }, Value::Number(rating)) => {
                display::number(self.questionnaire, *rating, PLACES)
            }
            (_, Value::Number(number)) => display::number(self.questionnaire, *number, 2),
            (_, Value::Text(text)) => {
                let identity = &self.questionnaire.identity;
                let names = [identity.choice, identity.contact, Some(identity.company)];
                match names.contains(&Some(key)) {
                    true => shorten_words(&one_line(text), NAME),
                    false => shorten_words(&one_line(text), QUOTE),
                }
            }
            _ => display::value(self.questionnaire, self.answers, key).unwrap_or_default(),
        }
    }

    fn text_of(&self, value: Value, kind: Type) -> String {
        let questionnaire = self.questionnaire;
        match (value, kind) {
            (Value::Number(amount), Type::Number(Unit::Money, _)) => {
                self.rounded_money(amount, DIGITS)
            }
            (Value::Number(number), _) => display::number(questionnaire, number, PLACES),
            (Value::Date(date), _) => display::date(questionnaire, date),
            (Value::Text(text), _) => text,
            (Value::Truth(truth), _) => truth.to_string(),
        }
    }

    /// Returns the value of a formula. `None` if it is unknown.
    pub fn formula(&self, formula: &Formula) -> Option<Value> {
        formula.value(&|fact| self.value(fact))
    }

    /// Returns the value of a formula that is a number.
    pub fn number_of(&self, formula: &Formula) -> Option<f64> {
        self.formula(formula)?.number()
    }

    /// Returns a finished text. `None` if one of its values is unknown.
    pub fn finish(&self, text: &FormatString) -> Option<String> {
        text.finish(|expression, style| self.shown(expression, style))
    }

    /// Returns a finished text. `local` provides the values of its local facts.
    pub fn finish_with(
        &self,
        text: &FormatString,
        local: impl Fn(Local) -> Option<String>,
    ) -> Option<String> {
        text.finish(|expression, style| match expression.as_fact() {
            Some(Fact::Local(fact)) => local(*fact),
            _ => self.shown(expression, style),
        })
    }

    /// Returns whether all conditions hold.
    pub fn all_hold(&self, conditions: &[Condition]) -> bool {
        crate::questionnaire::all_hold(conditions, &|fact| self.value(fact))
    }

    /// Returns the first line whose conditions hold and whose values are known.
    pub fn first(&self, lines: &[Line]) -> Option<String> {
        lines.iter().find_map(|line| self.line(line))
    }

    /// Returns a line if its conditions hold and its values are known.
    pub fn line(&self, line: &Line) -> Option<String> {
        self.line_with(line, |_| None)
    }

    /// Like [`Self::line`], but `local` provides the values of local facts.
    pub fn line_with(
        &self,
        line: &Line,
        local: impl Fn(Local) -> Option<String>,
    ) -> Option<String> {
        self.all_hold(&line.when)
            .then(|| self.finish_with(&line.text, local))
            .flatten()
    }
}

/// Lists names: "A", "A and B", "A, B, and C", "A, B, C, and others".
pub fn list(labels: &[&str], words: &PlanLabels) -> String {
    const MAX_COUNT: usize = 3;
    let (last, before) = match labels {
        [] => return String::new(),
        [only] => return (*only).to_owned(),
        [all @ .., last] if labels.len() <= MAX_COUNT => (*last, all),
        all => (words.others.as_str(), &all[..MAX_COUNT]),
    };
    let comma = if before.len() > 1 { "," } else { "" };
    format!("{}{comma} {} {last}", before.join(", "), words.and)
}
