//! From names to keys: every reference between the questionnaire's files is followed once, here, and checked.

mod currencies;
mod format_string;
mod rules;
mod scores;
mod sheets;

use foldhash::{HashMap, HashMapExt};

use super::load::{QuestionnaireFiles, Source};
use super::raw::{Name, TargetRaw};
use super::*;
use scores::{resolve_finance, resolve_scores};

pub(super) fn resolve(files: QuestionnaireFiles) -> Result<Questionnaire, QuestionnaireError> {
    let QuestionnaireFiles {
        questionnaire: root,
        worksheets,
        scores,
        checks,
        roadmap,
        advice,
        plan_layout,
        email,
        fingerprint,
    } = files;
    let source = root.source;
    let file = root.content;

    let list = WordList::built_in().map_err(|why| QuestionnaireError {
        file: "words.toml".into(),
        line: 0,
        message: why.to_owned(),
    })?;
    check_words(&source, &file.words)?;
    let words = Words::of(list.with(file.words));
    let mut choices = Vec::new();
    for (id, raw) in file.choices {
        let known = words.list.choices.get(&id).into_iter().flatten();
        let mut also: Vec<(String, usize)> = known
            .filter_map(|(word, option)| {
                let index = raw.options.iter().position(|own| own == option)?;
                Some((word.clone(), index))
            })
            .collect();
        for (word, option) in raw.also {
            let index = raw
                .options
                .iter()
                .position(|o| *o == option)
                .ok_or_else(|| {
                    source
                        .error_at_text(&word, format!("\"{option}\" is not an option of \"{id}\""))
                })?;
            // The questionnaire's own word counts before that of a language.
            also.insert(0, (word.to_lowercase(), index));
        }
        if let Some(bad) = raw
            .options
            .iter()
            .find(|option| option.contains(',') || option.is_empty())
        {
            return Err(source.error_at_text(
                bad,
                "an option is not empty and has no comma, which a drop-down list cannot hold",
            ));
        }
        choices.push(ChoiceList {
            id,
            listed: raw.options.len(),
            options: raw.options,
            also,
        });
    }
    let units: Vec<(String, Vec<String>)> = file
        .units
        .into_iter()
        .map(|(id, own)| {
            let known = words.list.units.get(&id).into_iter().flatten().cloned();
            let all = own.into_iter().chain(known).collect();
            (id, all)
        })
        .collect();
    let mut periods = file.period;
    for period in &mut periods {
        let known = words.list.periods.get(&period.id).into_iter().flatten();
        period.words.extend(known.cloned());
    }
    let currencies = currencies::all(file.currency, &words.list);

    let mut builder = sheets::Builder {
        units: &units,
        periods: &periods,
        choices: &choices,
        worksheets: Vec::new(),
        fields: Vec::new(),
        by_id: HashMap::new(),
        row_ids: HashMap::new(),
        computed: Vec::new(),
    };
    builder.add(&source, file.client)?;
    for parsed in &worksheets {
        builder.add(&parsed.source, &parsed.content)?;
    }
    let sheets::Builder {
        worksheets: sheets,
        mut fields,
        by_id,
        computed,
        row_ids,
        ..
    } = builder;
    let names = Names {
        by_id: &by_id,
        row_ids: &row_ids,
    };

    let identity = Identity {
        company: names.key(&source, &file.identity.company)?,
        contact: names.optional(&source, &file.identity.contact)?,
        email: names.optional(&source, &file.identity.email)?,
        industry: names.optional(&source, &file.identity.industry)?,
        currency: names.optional(&source, &file.identity.currency)?,
        start: names.optional(&source, &file.identity.start)?,
        filled_in_on: names.optional(&source, &file.identity.filled_in_on)?,
        choice: names.optional(&source, &file.identity.choice)?,
    };
    let target = |raw: TargetRaw| {
        Ok(TargetDef {
            label: raw.label,
            today: names.optional(&source, &raw.today)?,
            target: names.key(&source, &raw.target)?,
            adds: raw.adds,
        })
    };
    let targets = file.target.into_iter().map(target);
    let targets = targets.collect::<Result<_, QuestionnaireError>>()?;

    if let Some(key) = identity.currency
        && let Kind::Choice { list } = fields[key.0].kind
    {
        currencies::accept_all(&mut choices[list], &currencies);
    }
    let score_defs = resolve_scores(&scores.source, &scores.content, &sheets, &fields, &names)?;
    for (key, sheet, score) in computed {
        let source = if sheet == 0 {
            &source
        } else {
            &worksheets[sheet - 1].source
        };
        let index = score_defs
            .iter()
            .position(|def| def.id == *score.get_ref())
            .ok_or_else(|| {
                source.error_at(
                    score.span().start,
                    format!("there is no score \"{}\" in scores.toml", score.get_ref()),
                )
            })?;
        fields[key].kind = Kind::ComputedScore { score: index };
    }
    let finance = resolve_finance(&scores.source, scores.content.finance, &names)?;
    let rules = rules::resolve(&checks.source, checks.content, &names, &score_defs)?;
    let roadmap_def = resolve_roadmap(&roadmap.source, roadmap.content, &sheets, &by_id, &names)?;

    let questionnaire = Questionnaire {
        id: file.id,
        version: file.version,
        title: file.title,
        subtitle: file.subtitle,
        language: file.language,
        identity,
        targets,
        former_texts: file.former_texts,
        start: file.start,
        annotations: file.annotations,
        headings: file.headings,
        numbers: file.numbers,
        rating_bands: file.rating_band,
        words,
        units: units.clone(),
        conversions: file.conversion,
        periods: periods.clone(),
        currencies,
        choices: choices.clone(),
        worksheets: sheets,
        fields,
        scores: score_defs,
        finance,
        rules,
        roadmap: roadmap_def,
        advice: advice.content.advice,
        plan_layout: plan_layout.content,
        email: email.content,
        fingerprint,
        by_id,
    };
    check_bands(&source, &questionnaire.rating_bands)?;
    check_tabs(&source, &questionnaire)?;
    format_string::check(&questionnaire, &advice.source, &plan_layout.source)?;
    format_string::check_email(&questionnaire, &email.source)?;
    Ok(questionnaire)
}

/// Names of fields and rows that other files may refer to.
pub(super) struct Names<'a> {
    by_id: &'a HashMap<String, FieldKey>,
    row_ids: &'a HashMap<String, (usize, usize, usize)>,
}

impl Names<'_> {
    fn key(&self, source: &Source, name: &Name) -> Result<FieldKey, QuestionnaireError> {
        self.by_id.get(name.get_ref()).copied().ok_or_else(|| {
            source.error_at(
                name.span().start,
                format!("there is no field \"{}\"", name.get_ref()),
            )
        })
    }

    fn optional(
        &self,
        source: &Source,
        name: &Option<Name>,
    ) -> Result<Option<FieldKey>, QuestionnaireError> {
        name.as_ref().map(|name| self.key(source, name)).transpose()
    }

    fn all(&self, source: &Source, names: &[Name]) -> Result<Vec<FieldKey>, QuestionnaireError> {
        names.iter().map(|name| self.key(source, name)).collect()
    }

    fn row<'s>(
        &self,
        source: &Source,
        sheets: &'s [Worksheet],
        name: &Name,
    ) -> Result<(&'s Section, &'s Row), QuestionnaireError> {
        let &(sheet, section, row) = self.row_ids.get(name.get_ref()).ok_or_else(|| {
            source.error_at(
                name.span().start,
                format!("there is no row \"{}\"", name.get_ref()),
            )
        })?;
        let section = &sheets[sheet].sections[section];
        Ok((section, &section.rows[row]))
    }
}

fn find_section<'s>(
    source: &Source,
    sheets: &'s [Worksheet],
    name: &Name,
) -> Result<&'s Section, QuestionnaireError> {
    sheets
        .iter()
        .flat_map(|sheet| &sheet.sections)
        .find(|section| section.id == *name.get_ref())
        .ok_or_else(|| {
            source.error_at(
                name.span().start,
                format!("there is no section \"{}\"", name.get_ref()),
            )
        })
}

fn check_bands(source: &Source, bands: &[Band]) -> Result<(), QuestionnaireError> {
    if bands.is_empty() || !bands.windows(2).all(|pair| pair[0].from < pair[1].from) {
        return Err(source.error_at_text(
            "band",
            "bands are named from the lowest edge to the highest, at least one",
        ));
    }
    Ok(())
}

/// Every list of words is compared with what was typed, where an empty word would be found for ever.
fn check_words(source: &Source, words: &WordList) -> Result<(), QuestionnaireError> {
    match words.all().any(|word| word.trim().is_empty()) {
        true => Err(source.error_at_text("\"\"", "no word of a list is empty")),
        false => Ok(()),
    }
}

/// The sheets beside the worksheets have names of their own.
fn check_tabs(source: &Source, questionnaire: &Questionnaire) -> Result<(), QuestionnaireError> {
    let own = [
        &questionnaire.start.tab,
        &questionnaire.annotations.extra_tab,
    ];
    let worksheets = questionnaire.worksheets.iter().map(|sheet| &sheet.tab);
    let mut seen: Vec<String> = worksheets.map(|tab| tab.to_lowercase()).collect();
    for tab in own {
        if seen.contains(&tab.to_lowercase()) {
            return Err(source.error_at_text(tab, format!("two sheets have the name \"{tab}\"")));
        }
        seen.push(tab.to_lowercase());
    }
    Ok(())
}

fn resolve_roadmap(
    source: &Source,
    raw: raw::RoadmapFile,
    sheets: &[Worksheet],
    by_id: &HashMap<String, FieldKey>,
    names: &Names,
) -> Result<RoadmapDef, QuestionnaireError> {
    if !(1..=3660).contains(&raw.days) {
        return Err(source.error_at_text("days", "a roadmap lasts 1 to 3660 days"));
    }
    if let Some(week) = raw
        .review_weeks
        .iter()
        .find(|week| **week > raw.days / 7 + 1)
    {
        return Err(source.error_at_text(
            "review_weeks",
            format!("week {week} lies behind the roadmap's {} days", raw.days),
        ));
    }
    let mut months = Vec::new();
    let mut sections = Vec::new();
    for month in &raw.months {
        let section = find_section(source, sheets, &month.section)?;
        if month.from < 1 || month.from > month.to || month.to > raw.days {
            return Err(source.error_at(
                month.section.span().start,
                format!(
                    "days {} to {} do not lie within 1 to {}",
                    month.from, month.to, raw.days
                ),
            ));
        }
        months.push(MonthDef {
            title: section.title.clone(),
            from: month.from,
            to: month.to,
        });
        sections.push(section.id.as_str());
    }
    let mut activities = Vec::new();
    for activity in &raw.activity {
        let at = activity.row.span().start;
        let (section, row) = names.row(source, sheets, &activity.row)?;
        let month = sections
            .iter()
            .position(|id| *id == section.id)
            .ok_or_else(|| {
                source.error_at(at, format!("\"{}\" is not in one of the months", row.id))
            })?;
        if activity.from < 1 || activity.from > activity.to || activity.to > raw.days {
            return Err(source.error_at(
                at,
                format!(
                    "days {} to {} do not lie within 1 to {}",
                    activity.from, activity.to, raw.days
                ),
            ));
        }
        let cell = |column: &str| by_id.get(&format!("{}.{column}", row.id)).copied();
        activities.push(ActivityDef {
            row: row.id.clone(),
            label: row.label.clone(),
            from: activity.from,
            to: activity.to,
            owner: cell(&raw.owner),
            due: cell(&raw.due),
            status: cell(&raw.status),
            ratings: names.all(source, &activity.ratings)?,
            month,
        });
    }
    Ok(RoadmapDef {
        days: raw.days,
        review_weeks: raw.review_weeks,
        statuses: [raw.not_started, raw.in_progress, raw.done],
        unnamed_owner: raw.unnamed_owner,
        urgent: raw.urgent,
        soon: raw.soon,
        months,
        activities,
    })
}
