//! Worksheets, sections, rows and fields, each id used once and fit for a defined name.

use foldhash::HashMap;

use crate::questionnaire::diagnostic::{Reported, Source, did_you_mean};
use crate::questionnaire::raw::{ColumnRaw, ColumnsRaw, FieldRaw, Name, SectionRaw, WorksheetFile};
use crate::questionnaire::*;

/// Excel's limit for the name of a sheet, in characters.
const MAX_TAB_LENGTH: usize = 31;

pub(super) struct Builder<'a> {
    pub units: &'a [(String, Vec<String>)],
    pub periods: &'a [Period],
    pub choices: &'a [ChoiceList],
    pub worksheets: Vec<Worksheet>,
    pub fields: Vec<Field>,
    pub by_id: HashMap<String, FieldKey>,
    pub row_ids: HashMap<String, (usize, usize, usize)>,
    /// Computed fields whose score is looked up once all scores are known: field, worksheet, score.
    pub computed: Vec<(usize, usize, Name)>,
}

impl Builder<'_> {
    /// Adds a worksheet. Problems are reported.
    pub fn add(&mut self, source: &Source, file: &WorksheetFile) {
        let sheet = self.worksheets.len();
        let _ = check_id(source, &file.id);
        let _ = check_tab(source, &file.tab);
        let same = |other: &Worksheet| {
            other.id == *file.id.get_ref() || other.tab.eq_ignore_ascii_case(file.tab.get_ref())
        };
        if self.worksheets.iter().any(same) {
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
            if let Ok(section) = self.section(source, file, raw, id, (sheet, sections.len())) {
                sections.push(section);
            }
        }
        self.worksheets.push(Worksheet {
            id: file.id.get_ref().clone(),
            tab: file.tab.get_ref().clone(),
            title: file.title.clone(),
            exercise: file.exercise.clone(),
            guidance: file.guidance.clone(),
            sections,
        });
    }

    fn section(
        &mut self,
        source: &Source,
        file: &WorksheetFile,
        raw: &SectionRaw,
        id: String,
        at: (usize, usize),
    ) -> Result<Section, Reported> {
        let columns: Vec<ColumnRaw> = match &raw.columns {
            None => vec![ColumnRaw {
                id: String::new(),
                label: String::new(),
                optional: false,
                kind: None,
                choices: None,
            }],
            Some(ColumnsRaw::Own(columns)) => columns.clone(),
            Some(ColumnsRaw::Set(name)) => match file.columns.iter().find(|set| set.id == *name) {
                Some(set) => set.columns.clone(),
                None => {
                    return Err(source.error_at(
                        raw.id.span().start,
                        format!("there are no [[columns]] with the id \"{name}\""),
                    ));
                }
            },
        };
        let mut rows: Vec<Row> = Vec::new();
        for field in &raw.fields {
            let _ = check_id(source, &field.id);
            for part in row_parts(field) {
                let mut row_id = format!("{id}.{}", field.id.get_ref());
                let mut label = field.label.clone();
                let mut was = field.was.clone();
                if let Some((part_id, part_label)) = part {
                    was.iter_mut()
                        .for_each(|was| *was += &format!(".{part_id}"));
                    row_id = format!("{row_id}.{part_id}");
                    label = format!("{label}: {part_label}");
                }
                let full_label = if raw.list {
                    format!("{} {label}", raw.title)
                } else {
                    label.clone()
                };
                let mut cells = Vec::new();
                for (column_index, column) in columns.iter().enumerate() {
                    let field_id = if column.id.is_empty() {
                        row_id.clone()
                    } else {
                        format!("{row_id}.{}", column.id)
                    };
                    let field_label = if column.id.is_empty() {
                        full_label.clone()
                    } else {
                        format!("{full_label}, {}", column.label)
                    };
                    let Ok(kind) = self.kind(source, field, column, at.0) else {
                        continue;
                    };
                    let key = FieldKey(self.fields.len());
                    if self.by_id.insert(field_id.clone(), key).is_some() {
                        let message = format!("the field \"{field_id}\" is defined twice");
                        source.error_in(field.id.span(), message, None);
                    }
                    for was in &was {
                        let was = match column.id.as_str() {
                            "" => was.clone(),
                            column => format!("{was}.{column}"),
                        };
                        if self.by_id.insert(was.clone(), key).is_some() {
                            let message = format!(
                                "\"{was}\", a former ID of this field, is also another field's"
                            );
                            source.error_in(field.id.span(), message, None);
                        }
                    }
                    cells.push(key);
                    self.fields.push(Field {
                        id: field_id,
                        label: field_label,
                        row_label: full_label.clone(),
                        kind,
                        sheet: at.0,
                        section: at.1,
                        row: rows.len(),
                        column: column_index,
                        optional: field.optional || column.optional,
                        hint: field.hint.clone(),
                        before: field.before.clone(),
                        after: field.after.clone(),
                        max: field.max,
                    });
                }
                self.row_ids
                    .insert(row_id.clone(), (at.0, at.1, rows.len()));
                rows.push(Row {
                    id: row_id,
                    was,
                    label,
                    cells,
                });
            }
        }
        if let Some(sentence) = &raw.sentence {
            let parsed = Sentence::parse(sentence.get_ref())
                .map_err(|why| source.error_in(sentence.span(), why, None))?;
            let ids = || raw.fields.iter().map(|field| field.id.get_ref().as_str());
            for blank in parsed.blanks() {
                if !ids().any(|id| id == blank) {
                    let message = format!("{{{blank}}} is not a field of \"{id}\"");
                    source.error_in(sentence.span(), message, did_you_mean(blank, ids()));
                }
            }
            for id in ids().filter(|id| !parsed.blanks().any(|blank| blank == *id)) {
                let message = format!("the sentence does not contain its field {{{id}}}");
                source.error_in(sentence.span(), message, None);
            }
        }
        Ok(Section {
            id,
            heading: raw.heading.clone(),
            title: raw.title.clone(),
            sentence: raw
                .sentence
                .as_ref()
                .map(|sentence| sentence.get_ref().clone()),
            list: raw.list,
            columns: columns
                .into_iter()
                .map(|column| Column {
                    id: column.id,
                    label: column.label,
                    optional: column.optional,
                })
                .collect(),
            rows,
        })
    }

    fn kind(
        &mut self,
        source: &Source,
        field: &FieldRaw,
        column: &ColumnRaw,
        sheet: usize,
    ) -> Result<Kind, Reported> {
        let at = field.id.span().start;
        let name = match (&column.kind, &field.kind) {
            (Some(kind), _) => kind.as_str(),
            (None, Some(kind)) => kind.get_ref().as_str(),
            (None, None) => {
                return Err(source.error_at(
                    at,
                    format!("the field \"{}\" has no kind", field.id.get_ref()),
                ));
            }
        };
        let per = match &field.per {
            None => None,
            Some(name) => Some(
                self.periods
                    .iter()
                    .position(|period| period.id == *name.get_ref())
                    .ok_or_else(|| {
                        source.error_at(
                            name.span().start,
                            format!("there is no period \"{}\"", name.get_ref()),
                        )
                    })?,
            ),
        };
        Ok(match name {
            "rating" => Kind::Rating {
                better: field.better,
            },
            "money" => Kind::Money { per },
            "percent" => Kind::Percent,
            "count" => Kind::Count { per },
            "quantity" => {
                let unit = field
                    .unit
                    .as_ref()
                    .ok_or_else(|| source.error_at(at, "a quantity has a unit"))?;
                let index = self
                    .units
                    .iter()
                    .position(|(name, _)| name == unit.get_ref());
                Kind::Quantity {
                    unit: index.ok_or_else(|| {
                        source.error_at(
                            unit.span().start,
                            format!("there is no unit \"{}\"", unit.get_ref()),
                        )
                    })?,
                }
            }
            "multiple" => Kind::Multiple,
            "ratio" => Kind::Ratio,
            "split" => Kind::Share,
            "choice" => {
                let list = column
                    .choices
                    .as_ref()
                    .or(field.choices.as_ref().map(|name| name.get_ref()))
                    .ok_or_else(|| source.error_at(at, "a choice names its choices"))?;
                Kind::Choice {
                    list: self
                        .choices
                        .iter()
                        .position(|choices| choices.id == *list)
                        .ok_or_else(|| {
                            let message = format!("there are no choices \"{list}\"");
                            let known = self.choices.iter().map(|own| own.id.as_str());
                            let help = did_you_mean(list, known);
                            source.error_in(source.find(list), message, help)
                        })?,
                }
            }
            "text" => Kind::Text,
            "long_text" => Kind::LongText,
            "date" => Kind::Date,
            "email" => Kind::Email,
            "computed" => match (&field.score, &field.figure) {
                (Some(score), None) => {
                    self.computed
                        .push((self.fields.len(), sheet, score.clone()));
                    Kind::ComputedScore { score: 0 }
                }
                (None, Some(figure)) if figure.get_ref() == "roi" => Kind::ComputedRoi,
                _ => {
                    return Err(source
                        .error_at(at, "a computed field names a score, or the figure \"roi\""));
                }
            },
            other => {
                // A column set has no places.
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
}

/// The kinds of fields.
const KINDS: [&str; 13] = [
    "rating",
    "money",
    "percent",
    "count",
    "quantity",
    "multiple",
    "ratio",
    "split",
    "choice",
    "text",
    "long_text",
    "date",
    "email",
];

/// A split makes a row a part; every other field makes one row.
fn row_parts(field: &FieldRaw) -> Vec<Option<(&str, &str)>> {
    match &field.parts {
        Some(parts) => parts
            .iter()
            .map(|part| Some((part.id.as_str(), part.label.as_str())))
            .collect(),
        None => vec![None],
    }
}

/// Ids become defined names in the workbook, dots written as two underscores: so no id has two of its own.
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
