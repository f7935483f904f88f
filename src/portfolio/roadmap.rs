//! Sheets with the roadmaps of all clients, one row per activity with a Gantt chart of cells, and with the upcoming
//! activities.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, Format,
    FormatBorder, Worksheet, XlsxError,
};

use super::builder::WorkbookBuilder;
use super::cell::{Cell, ResultFormat, write_day, write_formula};
use super::charts::{Blocks, ChartId};
use super::long_table::{LongTable, LongTableWriter};
use super::marks::color_words;
use super::reference::{cell, range};
use super::summary::{Figures, NEXT_DAYS, PortfolioSummary, last_due};
use super::table::{client_column, column, figures};
use super::theme::Theme;
use super::{Clients, PortfolioError, client, clients};
use crate::excel::column_letters;
use crate::questionnaire::{PortfolioTexts, Tone};
use crate::record::{Activity, Record, Urgency};
use crate::text::fill;

/// Row of the reference date for the days left.
const AS_OF: u32 = 2;
/// Row of the headings.
const TOP: u32 = 4;
/// Width of a week column.
const WEEK: f64 = 3.2;
/// Column of the start date.
const FROM: u16 = 3;
/// Column of the due date.
const DUE: u16 = 4;
/// Column of the days left.
const LEFT: u16 = 5;
/// Column of the urgency.
const URGENCY: u16 = 7;
/// Number of columns of the table. The week columns follow.
const COLUMNS: u16 = 10;

const URGENCIES: [Urgency; 4] = [
    Urgency::Urgent,
    Urgency::NeedsAttention,
    Urgency::Planned,
    Urgency::Done,
];

/// Returns the word for an urgency.
fn word(texts: &PortfolioTexts, urgency: Urgency) -> &str {
    let values = &texts.values;
    match urgency {
        Urgency::Urgent => &values.urgent,
        Urgency::NeedsAttention => &values.needs_attention,
        Urgency::Planned => &values.planned,
        Urgency::Done => &values.done,
    }
}

/// Returns the words for all urgencies with their tones.
fn words(texts: &PortfolioTexts) -> [(&str, Tone); 4] {
    URGENCIES.map(|urgency| (word(texts, urgency), urgency.tone()))
}

pub struct Roadmap {
    table: LongTableWriter,
    today: NaiveDate,
}

impl Roadmap {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
        today: NaiveDate,
    ) -> Result<Self, XlsxError> {
        let sum = |value: fn(&Figures) -> usize| summary.clients.iter().map(value).sum::<usize>();
        let counts = (sum(|client| client.due), sum(|client| client.overdue));
        let weeks = summary.weeks.clone();
        let texts = summary.texts.clone();
        let own_texts = texts.clone();
        let (heads, notes) = (&texts.columns, &texts.notes);
        let table = LongTable {
            sheet: texts.sheets.roadmap.clone(),
            title: texts.sheets.roadmap.clone(),
            note: fill(&notes.roadmap, &[("order", &clients::order(summary))]),
            name: "Roadmap".into(),
            none: notes.no_roadmap.clone(),
            top: TOP,
            columns: vec![
                client_column(&texts),
                column(&heads.activity, 40.0),
                column(&heads.owner, 26.0),
                column(&heads.from, 12.0),
                column(&heads.due, 12.0),
                figures(&heads.days_left, 9.0),
                column(&heads.status, 14.0),
                column(&heads.urgency, 12.0),
                column(&heads.month, 24.0),
                column(&heads.reason, 44.0),
            ],
            lines: 1,
            freeze: Some(2),
            decorate: Box::new(move |sheet, theme, rows| {
                let theme = (theme, &*own_texts);
                write_as_of(sheet, theme, today, rows, counts)?;
                sheet.set_repeat_columns(0, 1)?;
                write_weeks(sheet, theme, &weeks, (rows.0 - 1, rows))?;
                color_words(sheet, theme.0, rows, URGENCY, words(theme.1))?;
                mark_due(sheet, theme.0, rows)
            }),
        };
        let table = LongTableWriter::begin(book, table, summary.activities)?;
        Ok(Self { table, today })
    }

    pub fn client(&mut self, book: &mut WorkbookBuilder, record: &Record) -> Result<(), XlsxError> {
        let mut activities = record.roadmap.activities.iter();
        activities.try_for_each(|activity| {
            let row = row(&book.texts, record, activity, self.today);
            self.table.row(book, &row)
        })
    }

    pub fn end(self) -> Vec<Worksheet> {
        self.table.end()
    }
}

/// Writes the reference date, which the reader can change, and the counts of due and overdue activities.
fn write_as_of(
    sheet: &mut Worksheet,
    (theme, texts): (&Theme, &PortfolioTexts),
    today: NaiveDate,
    rows: (u32, u32),
    counts: (usize, usize),
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(AS_OF, 0, &texts.notes.as_of, &theme.label)?;
    write_day(sheet, (AS_OF, 1), today, &theme.input_day)?;
    let left = range(LEFT, rows);
    let next = format!("=COUNTIFS({left},\">=0\",{left},\"<{NEXT_DAYS}\")");
    let overdue = format!("=COUNTIF({left},\"<0\")");
    let figures = [
        (2, clients::due_soon(texts), next, counts.0),
        (4, texts.columns.overdue.clone(), overdue, counts.1),
    ];
    for (column, label, formula, count) in figures {
        let apart = theme.label.clone().set_indent(1);
        sheet.write_string_with_format(AS_OF, column, label, &apart)?;
        let count = Some(count as f64);
        write_formula(sheet, (AS_OF, column + 1), &formula, count, theme.number(0))?;
    }
    Ok(())
}

/// Colors the days left if they are fewer than [`NEXT_DAYS`] or negative.
fn mark_due(
    sheet: &mut Worksheet,
    theme: &Theme,
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    let rules = [
        (ConditionalFormatCellRule::LessThan(0.0), Tone::Bad),
        (
            ConditionalFormatCellRule::LessThan(NEXT_DAYS as f64),
            Tone::Watch,
        ),
    ];
    for (rule, tone) in rules {
        // The rule for cells without a number comes first, because Excel treats an empty cell as 0.
        let letters = column_letters(u32::from(LEFT));
        let number = ConditionalFormatCell::new()
            .set_rule(rule)
            .set_format(theme.tone_format(tone))
            .set_stop_if_true(true);
        let empty = ConditionalFormatFormula::new()
            .set_rule(format!("=NOT(ISNUMBER(${letters}{}))", first + 1).as_str())
            .set_stop_if_true(true)
            .set_format(Format::new());
        if tone == Tone::Bad {
            sheet.add_conditional_format(first, LEFT, last, LEFT, &empty)?;
        }
        sheet.add_conditional_format(first, LEFT, last, LEFT, &number)?;
    }
    Ok(())
}

/// Writes the headings of the weeks and the rules that color the weeks of each activity by urgency.
fn write_weeks(
    sheet: &mut Worksheet,
    (theme, texts): (&Theme, &PortfolioTexts),
    weeks: &[NaiveDate],
    (heading, (first, last)): (u32, (u32, u32)),
) -> Result<(), XlsxError> {
    for (column, monday) in (COLUMNS..).zip(weeks) {
        sheet.set_column_width(column, WEEK)?;
        write_day(sheet, (heading, column), *monday, &theme.week)?;
    }
    let Some(count) = (weeks.len() as u16).checked_sub(1) else {
        return Ok(());
    };
    let column_of = |column: u16| column_letters(u32::from(column));
    let (from, due, urgency) = (column_of(FROM), column_of(DUE), column_of(URGENCY));
    // Marks the week that contains the reference date.
    let as_of = cell(AS_OF, 1);
    let now = format!(
        "=AND({as_of}>={0}${1},{as_of}<={0}${1}+6)",
        column_of(COLUMNS),
        heading + 1
    );
    let now = ConditionalFormatFormula::new()
        .set_rule(now.as_str())
        .set_format(
            Format::new()
                .set_border_left(FormatBorder::Thin)
                .set_border_color(theme.color(crate::look::Color::Quiet)),
        );
    sheet.add_conditional_format(first, COLUMNS, last, COLUMNS + count, &now)?;
    let (row, week) = (first + 1, format!("{}${}", column_of(COLUMNS), heading + 1));
    for level in URGENCIES {
        let word = word(texts, level).replace('"', "\"\"");
        let rule =
            format!("=AND(${from}{row}<={week}+6,${due}{row}>={week},${urgency}{row}=\"{word}\")");
        let color = match level.tone() {
            Tone::Plain => theme.color(crate::look::Color::Primary),
            tone => theme.fill(tone),
        };
        let rule = ConditionalFormatFormula::new()
            .set_rule(rule.as_str())
            .set_format(Format::new().set_background_color(color));
        sheet.add_conditional_format(first, COLUMNS, last, COLUMNS + count, &rule)?;
    }
    Ok(())
}

/// Returns the days from the reference date to the due date, or a blank for an activity that is done.
fn days_left(texts: &PortfolioTexts, activity: &Activity, today: NaiveDate) -> Cell {
    let (due, urgency) = (
        column_letters(u32::from(DUE)),
        column_letters(u32::from(URGENCY)),
    );
    let as_of = cell(AS_OF, 1);
    let left = (activity.due - today).num_days() as f64;
    Cell::Formula(
        format!(
            "=IF({urgency}{{row}}=\"{}\",\"\",{due}{{row}}-{as_of})",
            word(texts, Urgency::Done).replace('"', "\"\"")
        ),
        (activity.urgency != Urgency::Done).then_some(left),
        ResultFormat::Decimals(0),
    )
}

fn row(
    texts: &PortfolioTexts,
    record: &Record,
    activity: &Activity,
    today: NaiveDate,
) -> Vec<Cell> {
    let month = record.roadmap.months.get(activity.month);
    vec![
        Cell::text(client(record)),
        Cell::text(&activity.label),
        Cell::text(&activity.owner),
        Cell::Day(activity.from),
        Cell::Day(activity.due),
        days_left(texts, activity, today),
        Cell::text(&activity.status),
        Cell::text(word(texts, activity.urgency)),
        Cell::optional(month.map(|month| month.title.as_str())),
        Cell::text(activity.reasons.join("; ")),
    ]
}

/// Writes the upcoming and overdue activities, earliest due date first.
pub fn write_due(
    book: &mut WorkbookBuilder,
    clients: &(impl Clients + ?Sized),
    summary: &PortfolioSummary,
    blocks: &Blocks,
    today: NaiveDate,
) -> Result<Vec<Worksheet>, PortfolioError> {
    let chart = blocks.chart(&ChartId::Urgency);
    let texts = summary.texts.clone();
    let (heads, notes) = (&texts.columns, &texts.notes);
    let note = [
        ("last", last_due(today).to_string()),
        ("days", NEXT_DAYS.to_string()),
        ("date", today.to_string()),
    ];
    let note = note.each_ref().map(|(name, value)| (*name, value.as_str()));
    let own_texts = texts.clone();
    let table = LongTable {
        sheet: texts.sheets.upcoming.clone(),
        title: texts.sheets.upcoming.clone(),
        note: fill(&notes.upcoming, &note),
        name: "Upcoming".into(),
        none: notes.nothing_due.clone(),
        top: 3,
        columns: vec![
            column(&heads.due, 12.0),
            figures(&heads.days_left, 10.0),
            client_column(&texts),
            column(&heads.activity, 42.0),
            column(&heads.owner, 26.0),
            column(&heads.status, 13.0),
            column(&heads.urgency, 12.0),
            column(&heads.reason, 48.0),
        ],
        lines: 1,
        freeze: Some(0),
        decorate: Box::new(move |sheet, theme, rows| {
            color_words(sheet, theme, rows, 6, words(&own_texts))?;
            let overdue = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::LessThan(0))
                .set_format(theme.tone_format(Tone::Bad));
            sheet.add_conditional_format(rows.0, 1, rows.1, 1, &overdue)?;
            Ok(())
        }),
    };
    let columns = table.columns.len() as u16;
    let mut table = LongTableWriter::begin(book, table, summary.due.len())?;
    for &(day, index, place) in &summary.due {
        let record = clients.figures(index)?;
        let Some(activity) = record.roadmap.activities.get(place) else {
            continue;
        };
        let left = (day - today).num_days() as f64;
        let row = [
            Cell::Day(day),
            Cell::Number(Some(left), 0),
            Cell::text(client(&record)),
            Cell::text(&activity.label),
            Cell::text(&activity.owner),
            Cell::text(&activity.status),
            Cell::text(word(&book.texts, activity.urgency)),
            Cell::text(activity.reasons.join("; ")),
        ];
        table.row(book, &row)?;
    }
    let mut sheets = table.end();
    if let (Some(chart), Some(first)) = (chart, sheets.first_mut()) {
        chart.place(first, (3, columns + 1), 0)?;
    }
    Ok(sheets)
}
