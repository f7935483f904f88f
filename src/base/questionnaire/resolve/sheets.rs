//! Resolves worksheets, sections, rows, and fields. Their IDs must be unique and valid in a defined name.

use foldhash::HashMap;

use super::words::Vocabulary;
use crate::questionnaire::diagnostic::{Reported, Source, did_you_mean};
use crate::questionnaire::files::Parsed;
use crate::questionnaire::raw::{
    ColumnRaw, ColumnsRaw, FieldRaw, Name, PartRaw, SectionRaw, WorksheetFile,
};
use crate::questionnaire::*;

/// Excel's limit for the name of a sheet, in characters.
const MAX_TAB_LENGTH: usize = 31;

/// The worksheets and their fields, indexed by ID.
#[derive(Default)]
pub(super) struct Sheets {
    pub worksheets: Vec<Worksheet>,
    pub fields: Vec<Field>,
    /// Fields by their full ID and by their former IDs.
    pub by_id: HashMap<String, FieldKey>,
    /// Indexes of sheet, section, and row, by the full ID of the row.
    pub row_ids: HashMap<String, (usize, usize, usize)>,
    /// Calculated fields whose score is resolved after all scores are known: index of the field, index of the sheet,
    /// name of the score.
    pub computed: Vec<(usize, usize, Name)>,
}

/// Returns the client sheet, followed by the worksheets. Reports problems.
pub(super) fn resolve(
    source: &Source,
    client: &WorksheetFile,
    worksheets: &[Parsed<WorksheetFile>],
    vocabulary: &Vocabulary,
) -> Sheets {
    let mut builder = Builder {
        vocabulary,
        sheets: Sheets::default(),
    };
    builder.add(source, client);
    for parsed in worksheets {
        builder.add(&parsed.source, &parsed.content);
    }
    builder.sheets
}

/// Collects the worksheets.
struct Builder<'a> {
    vocabulary: &'a Vocabulary,
    sheets: Sheets,
}

/// The section whose rows are being built.
struct SectionContext<'a> {
    source: &'a Source,
    raw: &'a SectionRaw,
    /// Full ID, `worksheet.section`.
    id: &'a str,
    columns: &'a [ColumnRaw],
    sheet: usize,
    section: usize,
}

impl Builder<'_> {
    /// Adds a worksheet. Reports problems.
    fn add(&mut self, source: &Source, file: &WorksheetFile) {
        let sheet = self.sheets.worksheets.len();
        let _ = check_id(source, &file.id);
        let _ = check_tab(source, &file.tab);
        let same = |other: &Worksheet| {
            other.id == *file.id.get_ref() || other.tab.eq_ignore_ascii_case(file.tab.get_ref())
        };
        if self.sheets.worksheets.iter().any(same) {
            source.error_at(
                file.id.span().start,
                format!(
                    "another worksheet has the ID \"{}\" or the tab \"{}\"",
                    file.id.get_ref(),
                    file.tab.get_ref()
                ),
            );
        }
        let mut sections: Vec<Section> = Vec::new();
        for raw in &file.section {
            let _ = check_id(source, &raw.id);
            let id = format!("{}.{}", file.id.get_ref(), raw.id.get_ref());
            if sections.iter().any(|section| section.id == id) {
                let message = format!("the section \"{id}\" is defined twice");
                source.error_in(raw.id.span(), message, None);
                continue;
            }
            let Ok(columns) = columns(source, file, raw) else {
                continue;
            };
            sections.push(self.section(&SectionContext {
                source,
                raw,
                id: &id,
                columns: &columns,
                sheet,
                section: sections.len(),
            }));
        }
        self.sheets.worksheets.push(Worksheet {
            id: file.id.get_ref().clone(),
            tab: file.tab.get_ref().clone(),
            title: file.title.clone(),
            exercise: file.exercise.clone(),
            guidance: file.guidance.clone(),
            sections,
        });
    }

    fn section(&mut self, context: &SectionContext) -> Section {
        let raw = context.raw;
        let mut rows: Vec<Row> = Vec::new();
        for field in &raw.fields {
            let _ = check_id(context.source, &field.id);
            match &field.parts {
                None => rows.push(self.row(context, field, None, rows.len())),
                Some(parts) => {
                    for part in parts {
                        rows.push(self.row(context, field, Some(part), rows.len()));
                    }
                }
            }
        }
        check_sentence(context);
        let columns = context.columns.iter();
        Section {
            id: context.id.to_owned(),
            heading: raw.heading.clone(),
            title: raw.title.clone(),
            sentence: raw.sentence.as_ref().map(|own| own.get_ref().clone()),
            list: raw.list,
            columns: columns
                .map(|column| Column {
                    id: column.id.clone(),
                    label: column.label.clone(),
                    optional: column.optional,
                })
                .collect(),
            rows,
        }
    }

    /// Builds the row of a field, or of one part of a field.
    fn row(
        &mut self,
        context: &SectionContext,
        field: &FieldRaw,
        part: Option<&PartRaw>,
        row: usize,
    ) -> Row {
        let source = context.source;
        let mut id = format!("{}.{}", context.id, field.id.get_ref());
        let mut label = field.label.clone();
        let mut was = field.was.clone();
        if let Some(part) = part {
            was.iter_mut()
                .for_each(|was| *was += &format!(".{}", part.id));
            id = format!("{id}.{}", part.id);
            label = format!("{label}: {}", part.label);
        }
        let full_label = match context.raw.list {
            true => format!("{} {label}", context.raw.title),
            false => label.clone(),
        };
        let mut cells = Vec::new();
        for (index, column) in context.columns.iter().enumerate() {
            let Ok(kind) = self.kind(source, field, column, context.sheet) else {
                continue;
            };
            let in_column = |id: &str| match column.id.as_str() {
                "" => id.to_owned(),
                column => format!("{id}.{column}"),
            };
            let field_label = match column.id.as_str() {
                "" => full_label.clone(),
                _ => format!("{full_label}, {}", column.label),
            };
            let key = FieldKey(self.sheets.fields.len());
            let field_id = in_column(&id);
            if self.sheets.by_id.insert(field_id.clone(), key).is_some() {
                let message = format!("the field \"{field_id}\" is defined twice");
                source.error_in(field.id.span(), message, None);
            }
            for was in was.iter().map(|was| in_column(was)) {
                if self.sheets.by_id.insert(was.clone(), key).is_some() {
                    let message =
                        format!("\"{was}\", a former ID of this field, is also another field's");
                    source.error_in(field.id.span(), message, None);
                }
            }
            cells.push(key);
            let scoring = self.scoring(source, field, &kind).ok().flatten();
            self.sheets.fields.push(Field {
                id: field_id,
                label: field_label,
                row_label: full_label.clone(),
                kind,
                sheet: context.sheet,
                section: context.section,
                row,
                column: index,
                optional: field.optional || column.optional,
                hint: field.hint.clone(),
                before: field.before.clone(),
                after: field.after.clone(),
                min: field.min,
                max: field.max,
                scoring,
                weight: field.weight.unwrap_or(1.0),
            });
        }
        let at = (context.sheet, context.section, row);
        self.sheets.row_ids.insert(id.clone(), at);
        Row {
            id,
            was,
            label,
            cells,
        }
    }

    fn kind(
        &mut self,
        source: &Source,
        field: &FieldRaw,
        column: &ColumnRaw,
        sheet: usize,
    ) -> Result<Kind, Reported> {
        let at = field.id.span();
        let missing = |message: &str| source.error_in(at.clone(), message, None);
        let name = match (&column.kind, &field.kind) {
            (Some(kind), _) => kind.as_str(),
            (None, Some(kind)) => kind.get_ref().as_str(),
            (None, None) => {
                let id = field.id.get_ref();
                return Err(missing(&format!("the field \"{id}\" has no kind")));
            }
        };
        let per = field.per.as_ref().map(|name| self.period(source, name));
        let per = per.transpose()?;
        Ok(match name {
            "rating" => Kind::Rating {
                better: field.better,
            },
            "money" => Kind::Money { per },
            "percent" => Kind::Percent,
            "count" => Kind::Count { per },
            "quantity" => {
                let unit = field.unit.as_ref();
                let unit = unit.ok_or_else(|| missing("a quantity has a unit"))?;
                Kind::Quantity {
                    unit: self.unit(source, unit)?,
                }
            }
            "multiple" => Kind::Multiple,
            "ratio" => Kind::Ratio,
            "split" => Kind::Share,
            "choice" | "choices" | "yes_no" => {
                let own = field.choices.as_ref().map(|name| name.get_ref().as_str());
                let own = column.choices.as_deref().or(own);
                let usual = (name == "yes_no").then_some(name);
                let list = own.or(usual);
                let list = list.ok_or_else(|| missing("a choice names its choices"))?;
                let list = self.choices(source, list)?;
                match name {
                    "choices" => Kind::Choices { list },
                    _ => Kind::Choice { list },
                }
            }
            "url" => Kind::Url,
            "phone" => Kind::Phone,
            "text" => Kind::Text,
            "long_text" => Kind::LongText,
            "date" => Kind::Date,
            "email" => Kind::Email,
            "computed" => match (&field.score, &field.figure) {
                (Some(score), None) => {
                    let key = self.sheets.fields.len();
                    self.sheets.computed.push((key, sheet, score.clone()));
                    Kind::ComputedScore { score: 0 }
                }
                (None, Some(figure)) if figure.get_ref() == "roi" => Kind::ComputedRoi,
                _ => {
                    let message = "a computed field names a score, or the figure \"roi\"";
                    return Err(missing(message));
                }
            },
            other => {
                // Columns have no spans, so the kind is located by its text.
                let span = match &field.kind {
                    Some(kind) if column.kind.is_none() => kind.span(),
                    _ => source.find(other),
                };
                let message = format!("\"{other}\" is not a kind of field");
                let help = format!("Kinds: {}", KINDS.join(", "));
                return Err(source.error_in(span, message, Some(help)));
            }
        })
    }

    /// Returns how the answer counts in scores. Ratings always can; numbers need the key `full`, options `points`.
    fn scoring(
        &self,
        source: &Source,
        field: &FieldRaw,
        kind: &Kind,
    ) -> Result<Option<Scoring>, Reported> {
        let error = |message: &str| Err(source.error_in(field.id.span(), message, None));
        let is_above_0 = |number: f64| number.is_finite() && number > 0.0;
        let limits = [field.max, field.full, field.weight];
        if limits
            .into_iter()
            .flatten()
            .any(|number| !is_above_0(number))
        {
            return error("`max`, `full`, and `weight` must be above 0");
        }
        let better = field.better;
        let most = match kind {
            Kind::Rating { .. } => Some(field.max.unwrap_or(FULL_POINTS)),
            _ => field.max,
        };
        let is_below = |least: f64| {
            let limits = [most, field.full];
            least.is_finite() && limits.into_iter().flatten().all(|most| least < most)
        };
        let none = field.min.unwrap_or(0.0);
        if !is_below(none) {
            return error("`min` must be below `max` and `full`");
        }
        if field.min.is_some() && !kind.is_number() {
            return error("only a number has `min`");
        }
        match kind {
            Kind::Rating { better } => match field.full.is_none() && field.points.is_empty() {
                true => Ok(Some(Scoring::Share {
                    none,
                    full: field.max.unwrap_or(FULL_POINTS),
                    better: *better,
                })),
                false => error("a rating has `max` instead of `full` and `points`"),
            },
            Kind::Choice { list } if !field.points.is_empty() && field.full.is_none() => {
                let options = &self.vocabulary.choices[*list].options;
                if let Some(other) = field.points.keys().find(|own| !options.contains(own)) {
                    let message = format!("\"{other}\" is not an option of the list");
                    let help = did_you_mean(other, options.iter().map(String::as_str));
                    return Err(source.error_in(source.find(other), message, help));
                }
                if let Some(option) = options.iter().find(|own| !field.points.contains_key(*own)) {
                    return error(&format!("the option \"{option}\" has no `points`"));
                }
                let points: Option<Vec<f64>> = options
                    .iter()
                    .map(|option| field.points.get(option).copied())
                    .collect();
                match points {
                    Some(points) if points.iter().all(|own| (0.0..=FULL_POINTS).contains(own)) => {
                        Ok(Some(Scoring::Options(points)))
                    }
                    _ => error("`points` has a number from 0 to 10 for every option of the list"),
                }
            }
            _ if !field.points.is_empty() => error("only a choice has `points`"),
            kind if kind.is_number() && kind.is_input() => {
                let most = field.max.or((*kind == Kind::Percent).then_some(100.0));
                if let (Some(full), Some(most)) = (field.full, most)
                    && full > most
                {
                    return error(&format!(
                        "`full` is {full}, above the largest valid value, {most}"
                    ));
                }
                if *kind == Kind::Percent && field.full.is_some_and(|full| full <= 1.0) {
                    let message = "`full` is a percentage from 0 to 100: 80, not 0.8";
                    source.warn_in(field.id.span(), message);
                }
                Ok(field.full.map(|full| Scoring::Share { none, full, better }))
            }
            _ if field.full.is_some() => error("only a number has `full`"),
            _ => Ok(None),
        }
    }

    fn period(&self, source: &Source, name: &Name) -> Result<usize, Reported> {
        let ids = || self.vocabulary.periods.iter().map(|own| own.id.as_str());
        ids().position(|id| id == name.get_ref()).ok_or_else(|| {
            let message = format!("there is no period \"{}\"", name.get_ref());
            source.error_in(name.span(), message, did_you_mean(name.get_ref(), ids()))
        })
    }

    fn unit(&self, source: &Source, name: &Name) -> Result<usize, Reported> {
        let ids = || self.vocabulary.units.iter().map(|(id, _)| id.as_str());
        ids().position(|id| id == name.get_ref()).ok_or_else(|| {
            let message = format!("there is no unit \"{}\"", name.get_ref());
            source.error_in(name.span(), message, did_you_mean(name.get_ref(), ids()))
        })
    }

    fn choices(&self, source: &Source, list: &str) -> Result<usize, Reported> {
        let ids = || self.vocabulary.choices.iter().map(|own| own.id.as_str());
        ids().position(|id| id == list).ok_or_else(|| {
            let message = format!("there are no choices \"{list}\"");
            let help = match list {
                "yes_no" => Some(
                    "Add [choices.yes_no] with options = [\"Yes\", \"No\"], in this order, to questionnaire.toml"
                        .to_owned(),
                ),
                _ => did_you_mean(list, ids()),
            };
            source.error_in(source.find(list), message, help)
        })
    }
}

/// Returns the columns of a section: its own columns, a shared set of columns, or a single column without an ID.
fn columns(
    source: &Source,
    file: &WorksheetFile,
    raw: &SectionRaw,
) -> Result<Vec<ColumnRaw>, Reported> {
    match &raw.columns {
        None => Ok(vec![ColumnRaw {
            id: String::new(),
            label: String::new(),
            optional: false,
            kind: None,
            choices: None,
        }]),
        Some(ColumnsRaw::Own(columns)) => Ok(columns.clone()),
        Some(ColumnsRaw::Set(name)) => {
            let set = file.columns.iter().find(|set| set.id == *name);
            let set = set.ok_or_else(|| {
                let message = format!("there are no [[columns]] with the id \"{name}\"");
                source.error_in(raw.id.span(), message, None)
            })?;
            Ok(set.columns.clone())
        }
    }
}

/// Checks that a sentence contains every field of its section, and nothing else.
fn check_sentence(context: &SectionContext) {
    let (source, raw) = (context.source, context.raw);
    let Some(sentence) = &raw.sentence else {
        return;
    };
    source.accept(sentence.get_ref());
    let parsed = match Sentence::parse(sentence.get_ref()) {
        Ok(parsed) => parsed,
        Err(why) => {
            source.error_in(sentence.span(), why, None);
            return;
        }
    };
    let ids = || raw.fields.iter().map(|field| field.id.get_ref().as_str());
    for blank in parsed.blanks() {
        if !ids().any(|id| id == blank) {
            let message = format!("{{{blank}}} is not a field of \"{}\"", context.id);
            source.error_in(sentence.span(), message, did_you_mean(blank, ids()));
        }
    }
    for id in ids().filter(|id| !parsed.blanks().any(|blank| blank == *id)) {
        let message = format!("the sentence does not contain its field {{{id}}}");
        source.error_in(sentence.span(), message, None);
    }
}

/// Kinds of fields that a questionnaire can ask for. `computed` is also valid, but is not an input.
const KINDS: [&str; 18] = [
    "rating",
    "money",
    "percent",
    "count",
    "quantity",
    "multiple",
    "ratio",
    "split",
    "choice",
    "choices",
    "yes_no",
    "url",
    "phone",
    "text",
    "long_text",
    "date",
    "email",
    "computed",
];

/// Checks an ID. IDs become defined names in the workbook, with dots written as two underscores, so an ID must not
/// contain two consecutive underscores.
fn check_id(source: &Source, name: &Name) -> Result<(), Reported> {
    let id = name.get_ref();
    let fine = !id.is_empty()
        && id.len() <= 60
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !id.starts_with('_')
        && !id.ends_with('_')
        && !id.contains("__");
    if fine {
        Ok(())
    } else {
        Err(source.error_at(
            name.span().start,
            format!(
                "\"{id}\": an id has small letters, digits and single underscores between them"
            ),
        ))
    }
}

fn check_tab(source: &Source, name: &Name) -> Result<(), Reported> {
    let tab = name.get_ref();
    let fine = !tab.is_empty()
        && tab.chars().count() <= MAX_TAB_LENGTH
        && !tab
            .chars()
            .any(|c| "[]:*?/\\".contains(c) || c.is_control())
        && !tab.starts_with('\'')
        && !tab.ends_with('\'')
        && !tab.eq_ignore_ascii_case("history");
    if fine {
        Ok(())
    } else {
        Err(source.error_at(name.span().start, format!("\"{tab}\" cannot be the name of a sheet: at most {MAX_TAB_LENGTH} characters, none of []:*?/\\, not \"History\"")))
    }
}
