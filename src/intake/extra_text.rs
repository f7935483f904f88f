//! Text that a client wrote outside the answer cells: next to them, in comments and text boxes, or in added rows and
//! sheets. It does not count as an answer. `check` reports it, and the annotated copy keeps it on a separate sheet.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::book::{Content, ParsedWorkbook, Position, Remark, Sheet};
use super::locate::Found;
use crate::answers::{Answers, CellRef, Value};
use crate::display::asks_for;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{FieldKey, Questionnaire};
use crate::sheet_map::names;
use crate::sheet_map::{self, ExtraText, Layout, PrintedSheet};
use crate::text::{MAX_CELL_LENGTH, clean_text, fill, normalize, shorten};

/// Maximum number of extra texts per workbook, and maximum number of notes about them.
const MAX_TEXTS: usize = 20_000;
const MAX_REPORTED: usize = 200;

/// The texts of a questionnaire's blank workbook, which are not written by clients.
#[derive(Debug)]
pub struct BlankText {
    /// Every text, normalized.
    texts: HashSet<String>,
    /// Texts of blank workbooks of earlier releases, normalized.
    former: HashSet<String>,
    /// Normalized first texts of rows that contain calculated values.
    calculated: HashSet<String>,
    /// The sheets by name.
    sheets: HashMap<String, Sheet>,
    layout: Layout,
    start_title: String,
    extra_title: String,
}

impl BlankText {
    /// Returns the texts of a questionnaire's blank workbook, of which this is the content.
    pub fn of(questionnaire: &Questionnaire, printed: Vec<PrintedSheet>) -> Self {
        let sheets: Vec<Sheet> = printed.into_iter().map(Sheet::printed).collect();
        let mut texts: HashSet<String> = sheets
            .iter()
            .flat_map(Sheet::cells)
            .map(|(_, content)| normalize(&content.raw()))
            .collect();
        let bands = questionnaire.scores.iter().flat_map(|score| &score.bands);
        texts.extend(bands.map(|band| normalize(&band.label)));
        let sections = questionnaire
            .worksheets
            .iter()
            .flat_map(|sheet| &sheet.sections);
        let rows = sections.flat_map(|section| &section.rows).filter(|row| {
            let mut cells = row.cells.iter();
            cells.any(|key| !questionnaire.field(*key).kind.is_input())
        });
        // Rows of calculated values, and the rows of the first sheet that show the progress of each sheet.
        let tabs = questionnaire
            .worksheets
            .iter()
            .map(|sheet| normalize(&sheet.tab));
        let calculated = rows.map(|row| normalize(&row.label)).chain(tabs).collect();
        let sheets = sheets.into_iter().map(|sheet| (sheet.name.clone(), sheet));
        let former = questionnaire.former_texts.iter();
        Self {
            texts,
            former: former.map(|text| normalize(text)).collect(),
            calculated,
            sheets: sheets.collect(),
            layout: Layout::of(questionnaire),
            start_title: normalize(&questionnaire.start.title),
            extra_title: normalize(&questionnaire.annotations.extra_title),
        }
    }

    /// Returns the texts of a workbook that are neither answers nor part of the questionnaire.
    pub(super) fn extra_texts(
        &self,
        questionnaire: &Questionnaire,
        book: &ParsedWorkbook,
        found: &[Option<Found>],
        answers: &Answers,
        remarks: Vec<Remark>,
    ) -> Vec<ExtraText> {
        let search = Search::new(self, questionnaire, book, found, answers);
        let note = book.return_note().map(|note| clean_text(&note));
        let mut extra = Vec::new();
        for (index, sheet) in book.sheets.iter().enumerate() {
            let first = sheet.cells().first().map(|(_, content)| content.raw());
            let first = normalize(&first.unwrap_or_default());
            if first == names::META_MARK {
                continue;
            }
            if first == self.extra_title {
                extra.extend(extra_text_before(sheet));
                continue;
            }
            let blank = self.sheets.get(&sheet.name);
            let is_start = first == self.start_title;
            let self_check = self_check_rows(questionnaire, sheet);
            for (at, content) in sheet.cells() {
                // In most workbooks, most cells are the same as in the blank workbook.
                let is_printed = blank.is_some_and(|blank| blank.get(at.0, at.1) == Some(content));
                if is_printed
                    || search.placed.contains(&(index, *at))
                    || !content.is_filled()
                    || (is_start && search.is_own_list(sheet, *at))
                {
                    continue;
                }
                let raw = clean_text(&content.raw());
                let is_note = is_start && note.as_ref() == Some(&raw);
                let checks = self_check.as_ref().filter(|_| is_start);
                let is_check = checks.is_some_and(|rows| rows.contains(&at.0));
                if raw.is_empty()
                    || is_note
                    || is_check
                    || search.is_own(index, sheet, *at, content, &raw)
                {
                    continue;
                }
                let cell = CellRef {
                    sheet: sheet.name.as_str().into(),
                    row: at.0,
                    column: at.1,
                };
                let beside = search.unanswered_beside(index, *at, answers);
                push_pieces(&mut extra, &cell.to_string(), Some(cell), &raw, beside);
            }
        }
        for (key, _) in questionnaire.inputs() {
            let answer = answers.get(key);
            if let (Value::Text(text), Some(place)) = (&answer.value, &answer.place)
                && text.encode_utf16().count() > MAX_CELL_LENGTH
            {
                push_pieces(&mut extra, &place.to_string(), None, text, None);
            }
        }
        // A returned annotated copy contains the comments that partnerbook added.
        let of_client = remarks
            .into_iter()
            .filter(|remark| normalize(&remark.author) != normalize(&questionnaire.title));
        for remark in of_client {
            let cell = remark.at.map(|(row, column)| CellRef {
                sheet: remark.sheet.as_str().into(),
                row,
                column,
            });
            let place = cell.as_ref().map_or(remark.sheet, ToString::to_string);
            push_pieces(&mut extra, &place, cell, &remark.text, None);
        }
        extra.truncate(MAX_TEXTS);
        extra
    }
}

/// The row of a question in a workbook and in the blank workbook.
struct QuestionRow {
    worksheet: usize,
    /// The row in the blank workbook.
    row: u32,
    /// How many columns the question moved to the right.
    moved: i64,
    /// The fields of the row and the columns of their cells.
    inputs: Vec<(u32, FieldKey)>,
}

struct Search<'a> {
    blank: &'a BlankText,
    questionnaire: &'a Questionnaire,
    book: &'a ParsedWorkbook,
    placed: HashSet<(usize, Position)>,
    /// The sheets on which questions were found.
    with_questions: HashSet<usize>,
    /// The sheets that have an answer cell at a position.
    sheets_at: HashMap<Position, Vec<usize>>,
    rows: HashMap<(usize, u32), QuestionRow>,
    /// The currency as entered, normalized.
    currency: String,
}

impl<'a> Search<'a> {
    fn new(
        blank: &'a BlankText,
        questionnaire: &'a Questionnaire,
        book: &'a ParsedWorkbook,
        found: &[Option<Found>],
        answers: &Answers,
    ) -> Self {
        let mut placed = HashSet::new();
        let mut sheets_at: HashMap<Position, Vec<usize>> = HashMap::new();
        let mut rows: HashMap<(usize, u32), QuestionRow> = HashMap::new();
        for (key, found) in found.iter().enumerate() {
            let Some(found) = found else { continue };
            let at = (found.row, found.column);
            placed.insert((found.sheet, at));
            sheets_at.entry(at).or_default().push(found.sheet);
            let key = FieldKey(key);
            let (row, column) = blank.layout.cell(key);
            let question = rows
                .entry((found.sheet, found.row))
                .or_insert_with(|| QuestionRow {
                    worksheet: questionnaire.field(key).sheet,
                    row,
                    moved: i64::from(found.column) - i64::from(column),
                    inputs: Vec::new(),
                });
            question.inputs.push((found.column, key));
        }
        Self {
            blank,
            questionnaire,
            book,
            with_questions: placed.iter().map(|(sheet, _)| *sheet).collect(),
            placed,
            sheets_at,
            rows,
            currency: questionnaire
                .identity
                .currency
                .map_or_else(String::new, |key| normalize(&answers.get(key).raw)),
        }
    }

    /// Returns whether the text is part of the blank workbook or calculated by it.
    fn is_own(
        &self,
        index: usize,
        sheet: &Sheet,
        at: Position,
        content: &Content,
        raw: &str,
    ) -> bool {
        // A copy of a sheet has no located questions and the same texts as the original.
        let others = self.sheets_at.get(&at).into_iter().flatten();
        for other in others.filter(|_| !self.with_questions.contains(&index)) {
            if self.book.sheets[*other].get(at.0, at.1) == Some(content) {
                return true;
            }
        }
        // Clients do not enter error values.
        if matches!(content, Content::Error(_)) {
            return true;
        }
        let said = || normalize(raw);
        if self.blank.former.contains(&said()) {
            return true;
        }
        let Some(question) = self.rows.get(&(index, at.0)) else {
            return match content {
                Content::Number(..) | Content::Unresolved => self.is_computed(sheet, at.0),
                Content::Text(text) => {
                    self.blank.texts.contains(&said()) || is_unit(self.questionnaire, text)
                }
                _ => false,
            };
        };
        let tab = &self.questionnaire.worksheets[question.worksheet].tab;
        let Some(blank) = self.blank.sheets.get(tab) else {
            return false;
        };
        let column = u32::try_from(i64::from(at.1) - question.moved).unwrap_or(u32::MAX);
        match (blank.get(question.row, column), content) {
            // A calculated value. Units are calculated from the currency.
            (Some(Content::Number(..) | Content::Unresolved), Content::Number(..)) => true,
            (Some(Content::Number(..) | Content::Unresolved), Content::Unresolved) => true,
            (Some(Content::Number(..) | Content::Unresolved), Content::Text(text)) => {
                self.blank.texts.contains(&normalize(text))
            }
            (Some(Content::Text(unit)), Content::Text(_) | Content::Number(..))
                if is_unit(self.questionnaire, unit)
                    && (self.is_shown_unit(unit, raw) || sheet.is_formula(at.0, at.1)) =>
            {
                true
            }
            (Some(Content::Text(unit)), Content::Unresolved) => is_unit(self.questionnaire, unit),
            // Texts of the row itself, even if columns were inserted.
            _ => {
                let said = said();
                let own = blank.row(question.row).iter();
                own.map(|(_, content)| normalize(&content.raw()))
                    .any(|own| own == said)
            }
        }
    }

    /// Returns whether a text is a unit of the blank workbook, preceded by the entered currency.
    fn is_shown_unit(&self, unit: &str, text: &str) -> bool {
        let rest = unit.trim_start_matches('¤');
        let number = |text: &str| text.parse::<f64>().ok();
        // If the text result of a formula looks like a number, it may be stored as one: "1.200" as 1.2.
        let is_currency = |entered: &str| {
            normalize(entered) == self.currency
                || number(entered).is_some_and(|own| number(&self.currency) == Some(own))
        };
        text.strip_suffix(rest)
            .is_some_and(|entered| is_currency(entered) || is_unit(self.questionnaire, text))
    }

    /// Returns whether the workbook calculates values in this row. The client did not enter its numbers.
    fn is_computed(&self, sheet: &Sheet, row: u32) -> bool {
        let label = first_text(self.questionnaire, sheet, row);
        label.is_some_and(|label| self.blank.calculated.contains(&label))
    }

    /// Returns whether a cell of the first sheet is part of the issue list of an annotated copy.
    fn is_own_list(&self, sheet: &Sheet, (row, column): Position) -> bool {
        let words = &self.questionnaire.annotations;
        let said = |column| {
            sheet
                .get(row, column)
                .map(|content| normalize(&content.raw()))
        };
        let marked = said(sheet_map::LIST_SEVERITY).is_some_and(|word| {
            [&words.error, &words.warning]
                .map(|word| normalize(word))
                .contains(&word)
        });
        let heading = said(sheet_map::LIST_PLACE).is_some_and(|text| {
            text.starts_with(&normalize(&words.heading))
                || sheet_map::is_list_intro(self.questionnaire, &text)
        });
        let nothing = said(0).is_some_and(|text| text == normalize(&words.nothing));
        (marked && column <= sheet_map::LIST_SEVERITY) || ((heading || nothing) && column < 2)
    }

    /// Returns the unanswered question that is nearest to a cell in the same row.
    fn unanswered_beside(
        &self,
        sheet: usize,
        (row, column): Position,
        answers: &Answers,
    ) -> Option<FieldKey> {
        let question = self.rows.get(&(sheet, row))?;
        let open = question.inputs.iter().filter(|(_, key)| {
            let is_input = self.questionnaire.field(*key).kind.is_input();
            is_input && answers.get(*key).value == Value::Missing
        });
        open.min_by_key(|(own, _)| own.abs_diff(column))
            .map(|(_, key)| *key)
    }
}

/// Returns the rows of the first sheet that show what the workbook checks itself.
fn self_check_rows(questionnaire: &Questionnaire, sheet: &Sheet) -> Option<Range<u32>> {
    let heading = normalize(&questionnaire.prompts.before_you_send);
    let mut cells = sheet.cells().iter();
    let (at, _) = cells.find(|(_, content)| normalize(&content.raw()) == heading)?;
    Some(at.0..at.0 + sheet_map::SELF_CHECK_ROWS)
}

/// Returns the first text of a row after its ID, normalized.
fn first_text(questionnaire: &Questionnaire, sheet: &Sheet, row: u32) -> Option<String> {
    let texts = sheet
        .row(row)
        .iter()
        .filter_map(|(_, content)| match content {
            Content::Text(text) => Some(text),
            _ => None,
        });
    let is_id =
        |text: &str| questionnaire.row(text).is_some() || questionnaire.section(text).is_some();
    let mut labels = texts.filter(|text| !is_id(text));
    labels.next().map(|text| normalize(text))
}

/// Reports extra texts: a warning for each text that may be an answer, and a note for each other text.
pub(super) fn report(
    questionnaire: &Questionnaire,
    answers: &Answers,
    extra: &[ExtraText],
    issues: &mut Vec<Issue>,
) {
    let mut noted = 0;
    for text in extra {
        let texts = &questionnaire.issue_texts;
        let shown = shorten(&text.text, 120);
        let open = text
            .beside
            .and_then(|key| Some((key, answers.get(key).place.clone()?)));
        if let (Some((key, place)), Some(cell)) = (open, &text.cell) {
            let field = questionnaire.field(key);
            issues.push(Issue {
                severity: Severity::Warning,
                code: IssueCode::AnswerBeside,
                label: field.label.clone(),
                found: fill(
                    &texts.found.answer_beside,
                    &[
                        ("text", &shown),
                        ("cell", &cell.address()),
                        ("place", &place.address()),
                    ],
                ),
                expected: asks_for(questionnaire, field),
                fix: fill(&texts.fix.answer_beside, &[("place", &place.address())]),
                place: Some(place),
                field: Some(field.id.clone()),
            });
            continue;
        }
        noted += 1;
        if noted <= MAX_REPORTED {
            let found = fill(&texts.found.extra_text, &[("text", &shown)]);
            issues.push(note(questionnaire, text.cell.clone(), found));
        }
    }
    if noted > MAX_REPORTED {
        let more = noted - MAX_REPORTED;
        let texts = &questionnaire.issue_texts.found;
        let found = fill(&texts.extra_texts, &[("count", &more.to_string())]);
        issues.push(note(questionnaire, None, found));
    }
}

fn note(questionnaire: &Questionnaire, place: Option<CellRef>, found: String) -> Issue {
    Issue {
        severity: Severity::Note,
        code: IssueCode::ExtraText,
        place,
        field: None,
        label: questionnaire.annotations.extra_tab.clone(),
        found,
        expected: questionnaire.issue_texts.expected.extra_text.clone(),
        fix: questionnaire.issue_texts.fix.extra_text.clone(),
    }
}

/// Adds a text, split into pieces that fit in a cell.
fn push_pieces(
    extra: &mut Vec<ExtraText>,
    place: &str,
    cell: Option<CellRef>,
    text: &str,
    beside: Option<FieldKey>,
) {
    let mut push = |text: String| {
        extra.push(ExtraText {
            place: place.to_owned(),
            cell: cell.clone(),
            text,
            beside,
        });
    };
    let mut piece = String::new();
    let mut units = 0;
    for c in text.chars() {
        if units + c.len_utf16() > MAX_CELL_LENGTH {
            push(std::mem::take(&mut piece));
            units = 0;
        }
        units += c.len_utf16();
        piece.push(c);
    }
    push(piece);
}

/// Returns the extra text that an earlier annotated copy contains on its separate sheet.
fn extra_text_before(sheet: &Sheet) -> Vec<ExtraText> {
    let rows = sheet
        .cells()
        .iter()
        .filter(|((row, column), _)| *row >= sheet_map::FIRST_EXTRA_ROW && *column == 1);
    rows.map(|((row, _), content)| ExtraText {
        place: sheet.get(*row, 0).map(Content::raw).unwrap_or_default(),
        cell: None,
        text: content.raw(),
        beside: None,
    })
    .collect()
}

/// Returns whether a text is a unit that the workbook derives from the currency, such as `EUR / month`.
fn is_unit(questionnaire: &Questionnaire, text: &str) -> bool {
    let currency = text
        .split([' ', '/'])
        .next()
        .unwrap_or_default()
        .trim_matches('¤');
    let known = |code: &str| {
        questionnaire
            .currencies
            .iter()
            .any(|currency| currency.code == code)
    };
    text.len() < 60 && (currency.is_empty() && text.starts_with('¤') || known(currency)) && {
        let after = &text[text.find(' ').unwrap_or(text.len())..];
        after.is_empty()
            || after.starts_with(" /")
            || questionnaire.fields.iter().any(|field| {
                field
                    .after
                    .as_deref()
                    .is_some_and(|own| after.trim() == own)
            })
    }
}
