//! What the workbook checks itself, by formulas: the ranges of its numbers, and the rules that a formula can express. The
//! hidden sheet contains one row per rule and cell. The first sheet lists those that are broken.

use rust_xlsxwriter::XlsxError;

use super::formulas::word_cells;
use super::page::Page;
use super::prefill::{Cell, Prefill};
use super::styles::Styles;
use crate::answers::Answers;
use crate::check;
use crate::excel::{column_letters, quoted};
use crate::issue::Issue;
use crate::questionnaire::{
    AMOUNT_TOLERANCE, AnswerFormulas, Fact, Field, FieldKey, Kind, Prompts, Questionnaire,
    RuleKind, when,
};
use crate::score::Scorecard;
use crate::sheet_map::{Layout, SELF_CHECK_LISTED, names};
use crate::text::{Part, for_cell, parts};

/// First row and first column on the hidden sheet.
const FIRST: u32 = 5;
const COLUMN: u16 = 13;
const HEADINGS: [&str; 5] = ["broken", "number", "place", "link", "message"];

/// A rule at a cell or on a sheet.
pub struct CellRule {
    /// Name of the sheet.
    tab: String,
    /// The cell that the first sheet links to. `None` if it links to the sheet.
    cell: Option<String>,
    /// Formula that is true if the rule is broken.
    broken: String,
    /// What to do.
    message: String,
    /// Whether the prefilled answers break the rule.
    is_broken: bool,
}

impl CellRule {
    /// Returns the place as the first sheet shows it.
    fn place(&self) -> String {
        match &self.cell {
            Some(cell) => format!("{}, {cell}", self.tab),
            None => self.tab.clone(),
        }
    }
}

/// Returns the rules that a formula can express.
pub fn rules(
    questionnaire: &Questionnaire,
    layout: &Layout,
    prefill: &Prefill,
    (answers, scorecard): (&Answers, &Scorecard),
) -> Vec<CellRule> {
    let formulas = Formulas {
        questionnaire,
        layout,
        words: word_cells(questionnaire),
    };
    let issues = check::check(questionnaire, answers, scorecard);
    let sheets = 0..questionnaire.worksheets.len();
    let mut rules: Vec<CellRule> = sheets
        .filter_map(|sheet| out_of_range(questionnaire, layout, prefill, sheet))
        .collect();
    for rule in &questionnaire.rules {
        for (field, broken) in formulas.of(&rule.kind).unwrap_or_default() {
            let own = questionnaire.field(field);
            let is_issue = |issue: &&Issue| {
                issue.code.as_str() == rule.code && issue.field.as_deref() == Some(&*own.id)
            };
            let (row, column) = layout.cell(field);
            rules.push(CellRule {
                tab: questionnaire.worksheets[own.sheet].tab.clone(),
                cell: Some(format!("{}{}", column_letters(u32::from(column)), row + 1)),
                broken,
                message: for_cell(&format!("{}: {}", own.label, rule.fix)),
                is_broken: issues.iter().any(|issue| is_issue(&issue)),
            });
        }
    }
    rules
}

/// Returns the rule that no number on a sheet is outside the range that its cell asks for. Percentages are left out: a cell
/// that shows 25 can contain 0.25 or 25. Returns `None` if the sheet has no numbers.
fn out_of_range(
    questionnaire: &Questionnaire,
    layout: &Layout,
    prefill: &Prefill,
    sheet: usize,
) -> Option<CellRule> {
    let is_number = |field: &Field| field.kind.is_number() && field.kind != Kind::Percent;
    let mut by_range: Vec<((f64, f64), Vec<FieldKey>)> = Vec::new();
    for key in questionnaire.worksheets[sheet].fields() {
        let field = questionnaire.field(key);
        if !is_number(field) {
            continue;
        }
        let range = field.range();
        match by_range.iter_mut().find(|(own, _)| *own == range) {
            Some((_, keys)) => keys.push(key),
            None => by_range.push((range, vec![key])),
        }
    }
    let counts = by_range.iter().flat_map(|((low, high), keys)| {
        let ranges = layout.ranges(questionnaire, sheet, keys);
        ranges
            .into_iter()
            .map(move |range| format!("COUNTIF({range},\"<{low}\")+COUNTIF({range},\">{high}\")"))
    });
    let counts: Vec<String> = counts.collect();
    let is_outside = |((low, high), keys): &((f64, f64), Vec<FieldKey>)| {
        keys.iter().any(|key| match prefill.get(*key) {
            Some(Cell::Number(value)) => value < low || value > high,
            _ => false,
        })
    };
    (!counts.is_empty()).then(|| CellRule {
        tab: questionnaire.worksheets[sheet].tab.clone(),
        cell: None,
        broken: format!("{}>0", counts.join("+")),
        message: questionnaire.prompts.out_of_range.clone(),
        is_broken: by_range.iter().any(is_outside),
    })
}

/// Writes the rules on the hidden sheet.
pub fn write(sheet: &mut Page, rules: &[CellRule]) -> Result<(), XlsxError> {
    for (column, heading) in (COLUMN..).zip(HEADINGS) {
        sheet.write_string(FIRST - 1, column, heading)?;
    }
    let broken = column_letters(u32::from(COLUMN));
    let mut count = 0;
    for (row, rule) in (FIRST..).zip(rules) {
        count += u32::from(rule.is_broken);
        let formula = format!("=IF({},1,0)", rule.broken);
        let result = u8::from(rule.is_broken).to_string();
        let number = format!("=SUM({broken}${}:{broken}{})", FIRST + 1, row + 1);
        let cell = rule.cell.as_deref().unwrap_or("A1");
        sheet
            .write_formula(row, COLUMN, (&formula, &result))?
            .write_formula(row, COLUMN + 1, (&number, &count.to_string()))?
            .write_string(row, COLUMN + 2, &rule.place())?
            .write_string(row, COLUMN + 3, &format!("#{}!{cell}", quoted(&rule.tab)))?
            .write_string(row, COLUMN + 4, &rule.message)?;
    }
    Ok(())
}

/// Writes the list on the first sheet, starting at a row: how many questions are open, and which answers contradict
/// others. `open` is the formula and the number of the open questions. Returns the row after it.
pub fn write_list(
    sheet: &mut Page,
    questionnaire: &Questionnaire,
    rules: &[CellRule],
    mut row: u32,
    (open, count): (&str, usize),
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let prompts = &questionnaire.prompts;
    for column in 0..4 {
        sheet.write_blank(row, column, &styles.section)?;
    }
    sheet.write_string_with_format(row, 1, &prompts.before_you_send, &styles.section)?;
    row += 1;
    let formula = format!(
        "=IF({open}=0,{},IF({open}=1,{},{}))",
        literal(&prompts.all_answered),
        literal(&prompts.open_one),
        with_count(&prompts.open, open)
    );
    let result = match count {
        0 => prompts.all_answered.clone(),
        1 => prompts.open_one.clone(),
        count => crate::text::fill(&prompts.open, &[("count", &count.to_string())]),
    };
    sheet.merge_row(row, (1, 3), "", &styles.check)?;
    write_text(sheet, (row, 1), &formula, &result, styles)?;
    if rules.is_empty() {
        return Ok(row + 1);
    }
    write_contradictions(sheet, prompts, rules, row + 1, styles)
}

/// Writes the first contradictions, starting at a row, and how many more there are. Returns the row after them.
fn write_contradictions(
    sheet: &mut Page,
    prompts: &Prompts,
    rules: &[CellRule],
    mut row: u32,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let last = FIRST + rules.len() as u32;
    let range = |column: u16| {
        let letters = column_letters(u32::from(column));
        let hidden = quoted(names::META_SHEET);
        format!("{hidden}!${letters}${}:${letters}${last}", FIRST + 1)
    };
    let broken: Vec<&CellRule> = rules.iter().filter(|rule| rule.is_broken).collect();
    for number in 1..=SELF_CHECK_LISTED {
        let find = |column: u16| {
            format!(
                "INDEX({},MATCH({number},{},0))",
                range(column),
                range(COLUMN + 1)
            )
        };
        let own = broken.get(number as usize - 1);
        let place = own.map_or(String::new(), |rule| rule.place());
        let link = format!(
            "=IFERROR(HYPERLINK({},{}),\"\")",
            find(COLUMN + 3),
            find(COLUMN + 2)
        );
        sheet.write_formula_with_format(row, 1, (&link, &place), &styles.link)?;
        let none = match number {
            1 => literal(&prompts.agrees),
            _ => "\"\"".to_owned(),
        };
        let message = format!("=IFERROR({},{none})", find(COLUMN + 4));
        let result = match (own, number) {
            (Some(rule), _) => rule.message.clone(),
            (None, 1) => prompts.agrees.clone(),
            (None, _) => String::new(),
        };
        write_text(sheet, (row, 2), &message, &result, styles)?;
        row += 1;
    }
    // More than the list has room for.
    let total = format!("SUM({})", range(COLUMN));
    let more = format!(
        "=IF({total}>{SELF_CHECK_LISTED},{},\"\")",
        with_count(
            &prompts.more_contradictions,
            &format!("({total}-{SELF_CHECK_LISTED})")
        )
    );
    let result = match broken.len().checked_sub(SELF_CHECK_LISTED as usize) {
        Some(more) if more > 0 => crate::text::fill(
            &prompts.more_contradictions,
            &[("count", &more.to_string())],
        ),
        _ => String::new(),
    };
    write_text(sheet, (row, 2), &more, &result, styles)?;
    Ok(row + 1)
}

fn write_text(
    sheet: &mut Page,
    (row, column): (u32, u16),
    formula: &str,
    result: &str,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.write_formula_with_format(row, column, (formula, result), &styles.check)?;
    Ok(())
}

fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Returns a formula for a text with a live `{count}`.
fn with_count(text: &str, count: &str) -> String {
    let pieces = parts(text).into_iter().map(|part| match part {
        Part::Text(text) => literal(text),
        Part::Name(_) => count.to_owned(),
    });
    pieces.collect::<Vec<_>>().join("&")
}

struct Formulas<'a> {
    questionnaire: &'a Questionnaire,
    layout: &'a Layout,
    /// Cells with the words used instead of values.
    words: [String; 2],
}

impl Formulas<'_> {
    /// Returns the formulas of an answer.
    fn answer(&self, key: FieldKey) -> AnswerFormulas {
        let field = self.questionnaire.field(key);
        let cell = self.layout.absolute(self.questionnaire, key);
        let within = |low: f64, high: f64| {
            format!("IF(ISNUMBER({cell}),AND({cell}>={low},{cell}<={high}),FALSE)")
        };
        match &field.kind {
            Kind::Percent => {
                let (low, high) = field.range();
                AnswerFormulas {
                    known: within(low / 100.0, high / 100.0),
                    value: Some(format!("({cell}*100)")),
                }
            }
            kind if kind.is_number() => {
                let (low, high) = field.range();
                AnswerFormulas {
                    known: within(low, high),
                    value: Some(cell),
                }
            }
            Kind::Date => AnswerFormulas {
                known: within(36_526.0, 73_050.0),
                value: Some(cell),
            },
            _ => {
                let words = self.words.iter();
                let words = words.map(|words| format!("SUMPRODUCT(({words}=TRIM({cell}))*1)"));
                AnswerFormulas {
                    known: format!(
                        "IF(LEN(TRIM({cell}))=0,FALSE,{}=0)",
                        words.collect::<Vec<_>>().join("+")
                    ),
                    value: None,
                }
            }
        }
    }

    /// Returns the conditions under which numbers are known, and their values.
    fn numbers(&self, keys: &[FieldKey]) -> Option<(Vec<String>, Vec<String>)> {
        let all: Option<Vec<(String, String)>> = keys
            .iter()
            .map(|key| {
                let own = self.answer(*key);
                Some((own.known, own.value?))
            })
            .collect();
        Some(all?.into_iter().unzip())
    }

    /// Returns the cells of a rule, each with a formula that is true if the rule is broken there. Returns `None` if a
    /// formula cannot express the rule.
    fn of(&self, kind: &RuleKind) -> Option<Vec<(FieldKey, String)>> {
        let cell = |fact: &Fact| match fact {
            Fact::Field(key) => Some(self.answer(*key)),
            _ => None,
        };
        let broken = match kind {
            RuleKind::Holds { field, holds } => (*field, holds.formulas(&cell)?.1),
            RuleKind::Sum {
                parts,
                total,
                tolerance,
            } => {
                let (known, values) = self.numbers(&[&parts[..], &[*total]].concat())?;
                let (total_value, parts) = values.split_last()?;
                let sum = parts.join("+");
                let apart = format!(
                    "ABS({sum}-{total_value})>{tolerance}*ABS({total_value})+{AMOUNT_TOLERANCE:E}"
                );
                (*total, when(&known, &apart))
            }
            RuleKind::AddsUpTo { parts, amount } => {
                let (known, values) = self.numbers(parts)?;
                let apart = format!("ABS({}-{amount})>{AMOUNT_TOLERANCE:E}", values.join("+"));
                (*parts.first()?, when(&known, &apart))
            }
            RuleKind::Ratio {
                field,
                numerator,
                denominator,
                tolerance,
            } => {
                let (known, values) = self.numbers(&[*field, *numerator, *denominator])?;
                let [entered, above, below] = &values[..] else {
                    return None;
                };
                let ratio = format!("({above}/{below})");
                let apart =
                    format!("ABS({entered}-{ratio})>{tolerance}*ABS({ratio})+{AMOUNT_TOLERANCE:E}");
                let apart = format!("IF({below}>0,{apart},FALSE)");
                (*field, when(&known, &apart))
            }
            RuleKind::Equal { fields } => {
                let (known, values) = self.numbers(fields)?;
                let apart = format!("ABS({}-{})>{AMOUNT_TOLERANCE:E}", values[0], values[1]);
                (fields[0], when(&known, &apart))
            }
            RuleKind::RequiredWith { field, with } => {
                let (known, values) = self.numbers(&[*with])?;
                let cell = self.layout.absolute(self.questionnaire, *field);
                let open = format!("AND({}>0,LEN(TRIM({cell}))=0)", values[0]);
                (*field, when(&known, &open))
            }
            RuleKind::Ascending { fields, strict } => {
                let (known, values) = self.numbers(fields)?;
                let sign = if *strict { "<=" } else { "<" };
                let exact = if *strict {
                    format!("{AMOUNT_TOLERANCE:E}")
                } else {
                    format!("-{AMOUNT_TOLERANCE:E}")
                };
                let pairs = (1..fields.len()).map(|index| {
                    // The nearest lower field that is known; without one, nothing is broken.
                    let lower = (0..index).fold("FALSE".to_owned(), |nothing, below| {
                        let apart = format!("{}-{}{sign}{exact}", values[index], values[below]);
                        format!("IF({},{apart},{nothing})", known[below])
                    });
                    (fields[index], when(&known[index..=index], &lower))
                });
                return Some(pairs.collect());
            }
            _ => return None,
        };
        Some(vec![broken])
    }
}

/// Returns the number of required questions that a workbook with these answers leaves open.
pub fn open_count(questionnaire: &Questionnaire, layout: &Layout, prefill: &Prefill) -> usize {
    let sheets = 0..questionnaire.worksheets.len();
    let open = sheets.map(|sheet| {
        let (_, count) = layout.counted_ranges(questionnaire, sheet);
        count.saturating_sub(prefill.counted(questionnaire, sheet))
    });
    open.sum()
}
