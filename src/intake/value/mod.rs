//! Parses values as people enter them.
//!
//! If an entry needs interpretation, a certain result adds a note and a guess adds a warning. An entry that cannot be
//! read is an error.

mod affixes;
mod contact;
mod convert;
mod date;
mod digits;
mod email;
mod issues;
mod number;
mod percent;
mod problem;

use issues::{note_issue, unusable};
use percent::PercentStyle;
pub(crate) use problem::Problem;

use super::book::{Content, Epoch, Look, ParsedWorkbook, Parts, Shown};
use super::locate::Found;
use std::sync::Arc;

use chrono::Datelike;

use crate::answers::{Answers, CellRef, Value};
use crate::issue::{Issue, Severity};
use crate::questionnaire::{
    ChoiceList, Field, FieldKey, Kind, NoValue, Questionnaire, ReadingTexts,
};
use crate::text::{MAX_CELL_LENGTH, clean_text, fill, shorten};

/// A remark on how a value was read, if the entry was not already in the expected form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ParseNote {
    /// The result is certain. Reported as a note.
    Note(String),
    /// The result is a guess. Reported as a warning.
    Guess(String),
    /// The text exceeds the limit of an Excel cell. Contains the length in UTF-16 code units. Reported as a warning.
    Long(usize),
}

/// A value and the notes on how it was read, or the problem that prevents reading it.
pub(crate) type Outcome = Result<(Value, Vec<ParseNote>), Problem>;

/// The information needed to read one cell.
pub(crate) struct Context<'a> {
    pub questionnaire: &'a Questionnaire,
    pub field: &'a Field,
    /// Index of the client's currency in the questionnaire's currencies. `None` if it is unknown or not yet read.
    pub currency: Option<usize>,
    /// The number and date format of this workbook.
    pub hints: LocaleHints,
    /// How the other fields on the sheet write percentages without a percent sign, if they agree.
    percents: Option<PercentStyle>,
    /// The day from which the workbook counts days.
    epoch: Epoch,
}

/// The number and date format that the texts of a workbook use. A hint is set only if all unambiguous texts agree.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LocaleHints {
    /// The decimal mark.
    pub decimal: Option<char>,
    /// Whether 07/12 is 7 December.
    pub day_first: Option<bool>,
}

impl LocaleHints {
    fn of<'t>(
        questionnaire: &Questionnaire,
        texts: impl Iterator<Item = (FieldKey, &'t str)>,
    ) -> Self {
        let (mut marks, mut orders) = (Vec::new(), Vec::new());
        for (key, typed) in texts.filter(|(_, typed)| typed.len() <= MAX_NUMBER_LENGTH) {
            let kind = &questionnaire.field(key).kind;
            if kind.is_number() {
                marks.extend(digits::decimal_mark_of(typed));
            } else if *kind == Kind::Date {
                orders.extend(date::order_of(typed));
            }
        }
        Self {
            decimal: unanimous(&marks),
            day_first: unanimous(&orders),
        }
    }
}

fn unanimous<T: Copy + PartialEq>(votes: &[T]) -> Option<T> {
    let first = *votes.first()?;
    votes.iter().all(|vote| *vote == first).then_some(first)
}

/// Maximum length of a text that is read as a number, date, or option, in bytes. Valid entries are much shorter.
const MAX_NUMBER_LENGTH: usize = 200;

pub fn read_all(
    questionnaire: &Questionnaire,
    book: &ParsedWorkbook,
    found: &[Option<Found>],
    issues: &mut Vec<Issue>,
) -> Answers {
    let mut answers = Answers::empty(questionnaire);
    let mut currency = None;
    // The currency is read first because it decides whether "€" next to an amount is correct.
    let first = questionnaire.identity.currency;
    let order = first
        .into_iter()
        .chain(questionnaire.keys().filter(|key| Some(*key) != first));
    let mut own = Vec::new();
    let sheet_names: Vec<Arc<str>> = book
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str().into())
        .collect();
    let texts = questionnaire.inputs().filter_map(|(key, _)| {
        let found = found[key.0]?;
        match book.sheets[found.sheet].get(found.row, found.column)? {
            Content::Text(typed) => Some((key, typed.as_str())),
            _ => None,
        }
    });
    let hints = LocaleHints::of(questionnaire, texts);
    let percents = percents_by_sheet(questionnaire, book, found);
    for key in order {
        let Some(found) = found[key.0] else { continue };
        let sheet = &book.sheets[found.sheet];
        let place = CellRef {
            sheet: sheet_names[found.sheet].clone(),
            row: found.row,
            column: found.column,
        };
        let content = sheet.get(found.row, found.column);
        let field = questionnaire.field(key);
        let context = Context {
            questionnaire,
            field,
            currency,
            hints,
            percents: percents[field.sheet].style_without(key),
            epoch: book.epoch,
        };
        let raw = content.map(Content::raw).unwrap_or_default();
        let answer = answers.get_mut(key);
        answer.found_by = found.by;
        answer.raw = shorten_raw(&raw);
        answer.place = Some(place);
        let outcome = match content {
            None => Ok((Value::Missing, Vec::new())),
            Some(content) => read(&context, content),
        };
        let place = || answer.place.clone();
        let problems: Vec<Issue> = match outcome {
            Ok((value, notes)) => {
                answer.value = value;
                let notes = notes.into_iter();
                notes
                    .map(|note| note_issue(questionnaire, field, place(), &raw, note))
                    .collect()
            }
            Err(problem) => {
                answer.value = Value::Invalid;
                vec![unusable(&context, place(), &raw, &problem)]
            }
        };
        own.extend(problems.into_iter().map(|issue| (key, issue)));
        if let Some(struck) = sheet.struck_out(found.row, found.column) {
            let note = ParseNote::Note(questionnaire.issue_texts.reading.struck_out.clone());
            let place = answer.place.clone();
            own.push((key, note_issue(questionnaire, field, place, struck, note)));
        }
        if Some(key) == first {
            let code = answers.choice(questionnaire, key);
            let mut currencies = questionnaire.currencies.iter();
            currency = code.and_then(|code| currencies.position(|own| own.code == code));
        }
    }
    read_splits(questionnaire, &mut answers, &mut own);
    own.sort_by_key(|(key, _)| *key);
    issues.extend(own.into_iter().map(|(_, issue)| issue));
    answers
}

/// Limits a raw text to what an Excel cell can contain.
fn shorten_raw(raw: &str) -> String {
    crate::text::for_cell(raw)
}

fn read(context: &Context, content: &Content) -> Outcome {
    match content {
        Content::Unresolved => Err(Problem::FormulaWithoutResult),
        Content::Error(error) => Err(Problem::ErrorValue(error.clone())),
        Content::Text(typed) => read_text(context, &clean_text(typed)),
        Content::Number(number, look) => number::from_cell(context, *number, look),
        Content::Bool(yes) => read_text(context, if *yes { "true" } else { "false" }),
        Content::Moment(serial, look) => read_moment(context, *serial, look),
    }
}

/// Reads a cell that contains a date or time. If the field does not expect a date, the spreadsheet converted the entry.
fn read_moment(context: &Context, serial: f64, look: &Look) -> Outcome {
    let day = crate::excel::day_of(serial).filter(|day| date::YEARS.contains(&day.year()));
    let shown = || look.text_of(serial);
    match (&context.field.kind, day) {
        (Kind::Date, Some(day)) => Ok((Value::Date(day), Vec::new())),
        (Kind::Date, None) => match crate::excel::day_of(serial) {
            Some(day) if serial >= 1.0 => Err(Problem::Year(day.year())),
            _ => Err(Problem::NotADate),
        },
        (Kind::Rating { .. }, Some(day)) => {
            number::rating_from_date(context, day).ok_or(Problem::DateMade)
        }
        (Kind::Ratio, _) if serial < 1.0 => {
            // The spreadsheet converts "3:1" to the time 3:01.
            let minutes = (serial * 1440.0).round() as u32;
            let (hour, minute) = (minutes / 60, minutes % 60);
            if minute != 1 || hour == 0 {
                return Err(Problem::DateMade);
            }
            let texts = &context.questionnaire.issue_texts.reading;
            let how = fill(&texts.ratio_of_time, &[("value", &hour.to_string())]);
            number::in_range(context, hour.into(), vec![ParseNote::Guess(how)])
        }
        (Kind::Text | Kind::LongText, _) => {
            let entered = entered_as(context, serial, look);
            let texts = &context.questionnaire.issue_texts.reading;
            let whole = matches!(look.shown, Shown::Moment(parts) if parts == Parts::DATE);
            let (text, how) = match (entered, day) {
                (Some(entered), _) => {
                    let how = fill(&texts.entry_such_as, &[("entry", &entered)]);
                    (entered, how)
                }
                (None, Some(day)) if whole => {
                    let text = crate::display::date(context.questionnaire, day);
                    let how = fill(&texts.text_of_date, &[("value", &text)]);
                    (text, how)
                }
                (None, _) => {
                    let text = shown();
                    let how = fill(&texts.text_of_time, &[("value", &text)]);
                    (text, how)
                }
            };
            Ok((Value::Text(text), vec![ParseNote::Guess(how)]))
        }
        _ => Err(Problem::DateMade),
    }
}

/// Returns the probable entry if the cell shows only part of a date: day and month, or month and year.
fn entered_as(context: &Context, serial: f64, look: &Look) -> Option<String> {
    let Shown::Moment(parts) = look.shown else {
        return None;
    };
    let day = crate::excel::day_of(serial)?;
    match (parts.year, parts.month, parts.day) {
        (false, true, true) => {
            // In a day-first workbook, the spreadsheet converts "1-2" to 1 February.
            let day_first = context.hints.day_first.unwrap_or(false);
            let (first, second) = match day_first {
                true => (day.day(), day.month()),
                false => (day.month(), day.day()),
            };
            Some(format!("{first}-{second}"))
        }
        (true, true, false) => Some(format!("{}-{:02}", day.month(), day.year() % 100)),
        _ => None,
    }
}

/// The fields of one sheet whose percentage has no percent sign, with the style that each number indicates.
#[derive(Clone, Default)]
struct Percents(Vec<(FieldKey, PercentStyle)>);

impl Percents {
    /// Returns the style that all fields except `key` agree on.
    fn style_without(&self, key: FieldKey) -> Option<PercentStyle> {
        let others = self.0.iter().filter(|(other, _)| *other != key);
        let styles: Vec<PercentStyle> = others.map(|(_, style)| *style).collect();
        unanimous(&styles)
    }
}

fn percents_by_sheet(
    questionnaire: &Questionnaire,
    book: &ParsedWorkbook,
    found: &[Option<Found>],
) -> Vec<Percents> {
    let mut sheets = vec![Percents::default(); questionnaire.worksheets.len()];
    for (key, field) in questionnaire.inputs() {
        if field.kind != Kind::Percent {
            continue;
        }
        let content =
            found[key.0].and_then(|found| book.sheets[found.sheet].get(found.row, found.column));
        let number = match content {
            Some(Content::Number(number, look)) if look.shown != Shown::Percent => Some(*number),
            Some(Content::Text(text)) => text.trim().replace(',', ".").parse().ok(),
            _ => None,
        };
        if let Some(style) = number.and_then(PercentStyle::of) {
            sheets[field.sheet].0.push((key, style));
        }
    }
    sheets
}

fn read_text(context: &Context, typed: &str) -> Outcome {
    let words = &context.questionnaire.words;
    if typed.is_empty() {
        return Ok((Value::Missing, Vec::new()));
    }
    let plain = typed.to_lowercase();
    let no_value = |typed: &str| {
        let bare = typed.trim_end_matches(['.', '!']);
        let known = words
            .no_value
            .get(typed)
            .or_else(|| words.no_value.get(bare));
        known.copied()
    };
    let texts = &context.questionnaire.issue_texts.reading;
    match no_value(&plain) {
        Some(NoValue::Blank) => {
            let note = ParseNote::Note(texts.no_answer.clone());
            return Ok((Value::Missing, vec![note]));
        }
        Some(NoValue::NotApplicable) => return Ok((Value::NotApplicable, Vec::new())),
        Some(NoValue::Unknown) => {
            let note = ParseNote::Note(texts.unknown.clone());
            return Ok((Value::Unknown, vec![note]));
        }
        None => {}
    }
    match &context.field.kind {
        Kind::Text | Kind::LongText => {
            let units = typed.encode_utf16().count();
            let notes = if units > MAX_CELL_LENGTH {
                vec![ParseNote::Long(units)]
            } else {
                Vec::new()
            };
            return Ok((Value::Text(typed.to_owned()), notes));
        }
        Kind::Email => return email(texts, typed),
        Kind::Url => return contact::url(texts, typed),
        Kind::Phone => return contact::phone(texts, typed),
        _ => {}
    }
    // "TBD, ask Anna" means the same as "TBD".
    let head = split_off_comment(&plain).and_then(|(head, _)| no_value(head));
    match head {
        Some(NoValue::NotApplicable) => {
            let note = ParseNote::Guess(texts.not_applicable.clone());
            return Ok((Value::NotApplicable, vec![note]));
        }
        Some(NoValue::Unknown) => {
            let note = ParseNote::Guess(texts.unknown.clone());
            return Ok((Value::Unknown, vec![note]));
        }
        _ => {}
    }
    if typed.len() > MAX_NUMBER_LENGTH {
        return Err(Problem::LongText);
    }
    match &context.field.kind {
        Kind::Choice { list } => choice(context, *list, typed),
        Kind::Choices { list } => several(context, *list, typed),
        Kind::Date => date::read(context, typed),
        _ => number::read(context, typed),
    }
}

/// Splits a text at the first mark that starts a comment. The second part includes the mark.
fn split_off_comment(typed: &str) -> Option<(&str, &str)> {
    let at = typed.find([',', ';', '(', ':', '–', '—']).into_iter();
    let at = at.chain(typed.find(" - ")).chain(typed.find('\n')).min()?;
    let (head, comment) = typed.split_at(at);
    Some((head.trim(), comment))
}

fn email(texts: &ReadingTexts, typed: &str) -> Outcome {
    match email::read(typed) {
        Ok((address, true)) => Ok((Value::Text(address), Vec::new())),
        Ok((address, false)) => {
            let note = ParseNote::Note(fill(&texts.value, &[("value", &address)]));
            Ok((Value::Text(address), vec![note]))
        }
        Err(problem) => Err(problem),
    }
}

/// Returns the option that a text means.
fn known_option(choices: &ChoiceList, typed: &str) -> Option<usize> {
    // Symbols occur with and without U+FE0F, which selects their emoji form.
    let wanted = crate::text::normalize(typed).replace('\u{FE0F}', "");
    let mut options = choices.options.iter();
    let own = options.position(|option| crate::text::normalize(option) == wanted);
    own.or_else(|| {
        let mut also = choices.also.iter();
        also.find(|(word, _)| crate::text::normalize(word) == wanted || *word == wanted)
            .map(|(_, option)| *option)
    })
}

/// Reads several options, separated by commas, semicolons, slashes, lines, or "and". The value has them in the order of
/// the list.
fn several(context: &Context, list: usize, typed: &str) -> Outcome {
    let choices = &context.questionnaire.choices[list];
    let mut chosen = Vec::new();
    let and = &context.questionnaire.plan_layout.words.and;
    let and = format!(" {and} ");
    let parts = typed.split([',', ';', '/', '|', '\n', '•']);
    let parts = parts.flat_map(|part| match known_option(choices, part.trim()) {
        Some(_) => vec![part],
        None => part.split(and.as_str()).collect(),
    });
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        match known_option(choices, part) {
            Some(option) => chosen.push(option),
            None => return Err(Problem::NotOnList(closest(&choices.options, part))),
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    let options = chosen
        .iter()
        .map(|option| choices.options[*option].as_str());
    let text = options.collect::<Vec<&str>>().join(", ");
    match chosen.is_empty() {
        true => Err(Problem::NotOnList(None)),
        false if text == typed => Ok((Value::Text(text), Vec::new())),
        false => {
            let texts = &context.questionnaire.issue_texts.reading;
            let note = ParseNote::Note(fill(&texts.text, &[("value", &text)]));
            Ok((Value::Text(text), vec![note]))
        }
    }
}

fn choice(context: &Context, list: usize, typed: &str) -> Outcome {
    let choices = &context.questionnaire.choices[list];
    let texts = &context.questionnaire.issue_texts.reading;
    let known = |typed: &str| known_option(choices, typed);
    if let Some(option) = choices.options.iter().position(|option| option == typed) {
        return Ok((Value::Choice(option), Vec::new()));
    }
    if let Some(option) = known(typed) {
        let value = [("value", choices.options[option].as_str())];
        let note = ParseNote::Note(fill(&texts.text, &value));
        return Ok((Value::Choice(option), vec![note]));
    }
    let mut named: Vec<usize> = typed
        .split([',', ';', '/', '&', '|', '\n'])
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .filter_map(known)
        .collect();
    named.sort_unstable();
    named.dedup();
    if named.len() > 1 {
        return Err(Problem::SeveralOptions);
    }
    let head = split_off_comment(typed).and_then(|(head, comment)| Some((known(head)?, comment)));
    match head {
        Some((option, comment)) => {
            let comment = shorten(comment.trim(), 40);
            let option_text = &choices.options[option];
            let values = [("value", option_text.as_str()), ("words", &comment)];
            let note = ParseNote::Guess(fill(&texts.text_without, &values));
            Ok((Value::Choice(option), vec![note]))
        }
        None => Err(Problem::NotOnList(closest(&choices.options, typed))),
    }
}

/// Returns the option that is most similar to a misspelled text, if the similarity is at least 0.7 (from 0 to 1).
fn closest(options: &[String], typed: &str) -> Option<String> {
    const FAR: f64 = 0.7;
    let typed = crate::text::normalize(typed);
    let mut near: Vec<(f64, &String)> = options
        .iter()
        .map(|option| {
            let own = crate::text::normalize(option);
            (strsim::normalized_damerau_levenshtein(&own, &typed), option)
        })
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (nearness, option) = near.first()?;
    (*nearness >= FAR).then(|| (*option).clone())
}

/// Reads a text as if it were the only entry in a workbook. Returns the value and the first issue.
///
/// `currency` is the code of the client's currency, if known.
pub fn read_typed(
    questionnaire: &Questionnaire,
    key: FieldKey,
    typed: &str,
    currency: Option<&str>,
) -> (Value, Option<Issue>) {
    let field = questionnaire.field(key);
    let context = Context {
        questionnaire,
        field,
        currency: currency.and_then(|code| {
            let mut all = questionnaire.currencies.iter();
            all.position(|currency| currency.code == code)
        }),
        hints: LocaleHints::of(questionnaire, std::iter::once((key, typed))),
        percents: None,
        epoch: Epoch::default(),
    };
    match read(&context, &Content::Text(typed.to_owned())) {
        Ok((value, notes)) => {
            let issue = notes
                .into_iter()
                .next()
                .map(|note| note_issue(questionnaire, field, None, typed, note));
            (value, issue)
        }
        Err(problem) => (
            Value::Invalid,
            Some(unusable(&context, None, typed, &problem)),
        ),
    }
}

/// Fills both parts of a split if the first cell contains an entry such as "60/40" and the second cell is empty.
fn read_splits(
    questionnaire: &Questionnaire,
    answers: &mut Answers,
    issues: &mut Vec<(FieldKey, Issue)>,
) {
    let shares: Vec<FieldKey> = questionnaire
        .inputs()
        .filter(|(_, field)| field.kind == Kind::Share)
        .map(|(key, _)| key)
        .collect();
    for pair in shares.windows(2) {
        let (first, second) = (questionnaire.field(pair[0]), questionnaire.field(pair[1]));
        let parent = |id: &str| id.rsplit_once('.').map(|(parent, _)| parent.to_owned());
        if parent(&first.id) != parent(&second.id)
            || answers.get(pair[0]).value != Value::Invalid
            || answers.get(pair[1]).value != Value::Missing
        {
            continue;
        }
        let typed = clean_text(&answers.get(pair[0]).raw);
        let parts: Vec<f64> = typed
            .split(['/', ':', '-', '–'])
            .map_while(|part| part.trim().trim_end_matches('%').trim().parse().ok())
            .collect();
        if let [a, b] = parts[..]
            && (0.0..=100.0).contains(&a)
            && (0.0..=100.0).contains(&b)
        {
            answers.get_mut(pair[0]).value = Value::Number(a);
            answers.get_mut(pair[1]).value = Value::Number(b);
            issues.retain(|(key, issue)| *key != pair[0] || issue.severity != Severity::Error);
            let texts = &questionnaire.issue_texts.reading;
            let values = [("first", &*a.to_string()), ("second", &*b.to_string())];
            let note = ParseNote::Note(fill(&texts.pair, &values));
            issues.push((
                pair[0],
                note_issue(
                    questionnaire,
                    first,
                    answers.get(pair[0]).place.clone(),
                    &typed,
                    note,
                ),
            ));
        }
    }
}
