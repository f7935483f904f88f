//! From names to keys: every reference between the questionnaire's files is followed once, here, and checked.

mod currencies;
mod rules;
mod scores;
mod sheets;
mod texts;
mod words;

use foldhash::{HashMap, HashMapExt};

use super::diagnostic::{Problems, Reported, Source, did_you_mean};
use super::fact::Catalogue;
use super::files::QuestionnaireFiles;
use super::format_string::Resolver;
use super::raw::{Name, TargetRaw};
use super::*;
use scores::{resolve_finance, resolve_scores};

/// Resolves every name. Reports all problems; returns `Reported` if the questionnaire cannot be used.
pub(super) fn resolve(
    files: QuestionnaireFiles,
    problems: &Problems,
) -> Result<Questionnaire, Reported> {
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

    let list = WordList::built_in().map_err(|why| {
        let words = Source::new("words.toml", "", problems);
        words.error_at(0, why)
    })?;
    words::check_words(&source, &file.words);
    words::check_numbers(&source, &file.numbers);
    words::check_language(&source, &file.language);
    let words = Words::of(list.with(file.words));
    let mut choices = words::choices(&source, file.choices, &words);
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
    builder.add(&source, &file.client);
    for parsed in &worksheets {
        builder.add(&parsed.source, &parsed.content);
    }
    // References to fields make no sense while fields are missing.
    problems.errors().map_err(|_| Reported)?;
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

    let optional = |name: &Option<Name>| names.optional(&source, name).ok().flatten();
    let company = names.key(&source, &file.identity.company);
    let target = |raw: &TargetRaw| {
        Some(TargetDef {
            label: raw.label.clone(),
            today: optional(&raw.today),
            target: names.key(&source, &raw.target).ok()?,
            adds: raw.adds,
        })
    };
    let targets = file.target.iter().filter_map(target).collect();
    let identity = Identity {
        contact: optional(&file.identity.contact),
        email: optional(&file.identity.email),
        industry: optional(&file.identity.industry),
        currency: optional(&file.identity.currency),
        start: optional(&file.identity.start),
        filled_in_on: optional(&file.identity.filled_in_on),
        choice: optional(&file.identity.choice),
        company: company.unwrap_or(FieldKey(0)),
    };
    if let Some(key) = identity.currency
        && let Kind::Choice { list } = fields[key.0].kind
    {
        currencies::accept_all(&mut choices[list], &currencies);
    }
    let score_defs = resolve_scores(&scores.source, &scores.content, &sheets, &fields, &names);
    for (key, sheet, score) in computed {
        let source = match sheet {
            0 => &source,
            sheet => &worksheets[sheet - 1].source,
        };
        let ids = || score_defs.iter().map(|def| def.id.as_str());
        match ids().position(|id| id == score.get_ref()) {
            Some(index) => fields[key].kind = Kind::ComputedScore { score: index },
            None => {
                let message = format!("there is no score \"{}\"", score.get_ref());
                let help = did_you_mean(score.get_ref(), ids());
                source.error_in(score.span(), message, help);
            }
        }
    }
    let finance = resolve_finance(&scores.source, scores.content.finance, &names);
    let roadmap_def = resolve_roadmap(&roadmap.source, roadmap.content, &sheets, &by_id, &names);
    if let Ok(def) = &roadmap_def {
        check_statuses(&roadmap.source, def, &fields, &choices);
    }
    check_bands(&source, &file.rating_band, 10.0);
    let keys = |id: &str| by_id.get(id).copied();
    let resolver = |source| Resolver {
        source,
        catalogue: Catalogue {
            fields: &fields,
            keys: &keys,
            scores: &score_defs,
            finance: finance.as_ref(),
            periods: &periods,
        },
        choices: &choices,
        units: &units,
        conversions: &file.conversion,
    };
    let rules = rules::resolve(checks.content, &names, &resolver(&checks.source));
    let (mut advice_def, mut layout, mut email_def) =
        (advice.content.advice, plan_layout.content, email.content);
    // Advice and plan refer to activities, so they wait for a roadmap.
    let Ok(roadmap_def) = roadmap_def else {
        return Err(Reported);
    };
    let texts = |source| texts::Texts {
        resolver: resolver(source),
        worksheets: &sheets,
        roadmap: &roadmap_def,
    };
    texts(&advice.source).advice(&mut advice_def);
    texts(&plan_layout.source).plan_layout(&mut layout);
    texts(&email.source).email(&mut email_def);
    problems.errors().map_err(|_| Reported)?;
    for (index, list) in choices.iter().enumerate() {
        let is_used = |field: &Field| matches!(field.kind, Kind::Choice { list } if list == index);
        if !fields.iter().any(is_used) {
            let message = format!("no question uses the choices \"{}\"", list.id);
            let at = source.find(&format!("[choices.{}]", list.id));
            source.warn_in(at, message);
        }
    }

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
        advice: advice_def,
        plan_layout: layout,
        email: email_def,
        fingerprint,
        by_id,
    };
    let _ = check_tabs(&source, &questionnaire);
    Ok(questionnaire)
}

/// Names of fields and rows that other files may refer to.
pub(super) struct Names<'a> {
    by_id: &'a HashMap<String, FieldKey>,
    row_ids: &'a HashMap<String, (usize, usize, usize)>,
}

impl Names<'_> {
    fn key(&self, source: &Source, name: &Name) -> Result<FieldKey, Reported> {
        self.by_id.get(name.get_ref()).copied().ok_or_else(|| {
            let message = format!("there is no field \"{}\"", name.get_ref());
            let help = did_you_mean(name.get_ref(), self.by_id.keys().map(String::as_str));
            source.error_in(name.span(), message, help)
        })
    }

    fn optional(&self, source: &Source, name: &Option<Name>) -> Result<Option<FieldKey>, Reported> {
        name.as_ref().map(|name| self.key(source, name)).transpose()
    }

    fn all(&self, source: &Source, names: &[Name]) -> Result<Vec<FieldKey>, Reported> {
        names.iter().map(|name| self.key(source, name)).collect()
    }

    fn row<'s>(
        &self,
        source: &Source,
        sheets: &'s [Worksheet],
        name: &Name,
    ) -> Result<(&'s Section, &'s Row), Reported> {
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
) -> Result<&'s Section, Reported> {
    let sections = || sheets.iter().flat_map(|sheet| &sheet.sections);
    sections()
        .find(|section| section.id == *name.get_ref())
        .ok_or_else(|| {
            let message = format!("there is no section \"{}\"", name.get_ref());
            let help = did_you_mean(name.get_ref(), sections().map(|own| own.id.as_str()));
            source.error_in(name.span(), message, help)
        })
}

/// Bands start at 0, ascend, and end below the maximum.
fn check_bands(source: &Source, bands: &[Band], out_of: f64) {
    let first = bands.first().map_or("", |band| band.label.as_str());
    let at = source.find(first);
    if bands.is_empty() {
        source.error_at(0, "bands are missing: at least one is needed");
    } else if bands[0].from != 0.0 {
        let message = format!("the first band starts at {} instead of 0", bands[0].from);
        source.error_in(at, message, None);
    }
    for pair in bands.windows(2) {
        if pair[0].from >= pair[1].from {
            let message = format!(
                "the band \"{}\" does not start above the band \"{}\"",
                pair[1].label, pair[0].label
            );
            source.error_in(source.find(&pair[1].label), message, None);
        }
    }
    for band in bands.iter().filter(|band| band.from > out_of) {
        let message = format!(
            "the band \"{}\" starts at {}, above the maximum of {out_of}",
            band.label, band.from
        );
        source.error_in(source.find(&band.label), message, None);
    }
}

/// The sheets beside the worksheets have names of their own.
fn check_tabs(source: &Source, questionnaire: &Questionnaire) -> Result<(), Reported> {
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
) -> Result<RoadmapDef, Reported> {
    if !(1..=3660).contains(&raw.days) {
        return Err(source.error_at_text("days", "a roadmap has 1 to 3660 days"));
    }
    check_reviews(source, &raw);
    let mut months: Vec<MonthDef> = Vec::new();
    let mut sections = Vec::new();
    for month in &raw.months {
        let Ok(section) = find_section(source, sheets, &month.section) else {
            continue;
        };
        let next = months.last().map_or(1, |month| month.to + 1);
        if month.from != next || month.from > month.to || month.to > raw.days {
            let message = format!(
                "days {} to {} do not follow day {} of a roadmap of {} days",
                month.from,
                month.to,
                next - 1,
                raw.days
            );
            source.error_in(month.section.span(), message, None);
        }
        months.push(MonthDef {
            title: section.title.clone(),
            from: month.from,
            to: month.to,
        });
        sections.push(section);
    }
    if let Some(last) = months.last().filter(|last| last.to < raw.days) {
        let message = format!("the months end on day {}, before day {}", last.to, raw.days);
        source.error_at_text("months", message);
    }
    let mut activities: Vec<ActivityDef> = Vec::new();
    for activity in &raw.activity {
        let Ok((section, row)) = names.row(source, sheets, &activity.row) else {
            continue;
        };
        let month = sections.iter().position(|own| own.id == section.id);
        let Some(month) = month else {
            let message = format!("\"{}\" is not in one of the months", row.id);
            source.error_in(activity.row.span(), message, None);
            continue;
        };
        let within = months[month].from..=months[month].to;
        if !within.contains(&activity.from)
            || !within.contains(&activity.to)
            || activity.from > activity.to
        {
            let message = format!(
                "days {} to {} are not in the month of the activity, days {} to {}",
                activity.from,
                activity.to,
                within.start(),
                within.end()
            );
            source.error_in(activity.row.span(), message, None);
        }
        let cell = |column: &str| by_id.get(&format!("{}.{column}", row.id)).copied();
        for (what, column) in [
            ("owner", &raw.owner),
            ("due", &raw.due),
            ("status", &raw.status),
        ] {
            if cell(column).is_none() {
                let message = format!("\"{}\" has no column \"{column}\"", row.id);
                source.error_at_text(what, message);
            }
        }
        activities.push(ActivityDef {
            row: row.id.clone(),
            label: row.label.clone(),
            from: activity.from,
            to: activity.to,
            owner: cell(&raw.owner),
            due: cell(&raw.due),
            status: cell(&raw.status),
            ratings: names.all(source, &activity.ratings).unwrap_or_default(),
            month,
        });
    }
    for section in sections {
        for row in &section.rows {
            if !activities.iter().any(|activity| activity.row == row.id) {
                let message = format!("the row \"{}\" has no [[activity]]", row.id);
                source.error_at_text("months", message);
            }
        }
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

/// The statuses are options of the activities' status fields.
fn check_statuses(source: &Source, def: &RoadmapDef, fields: &[Field], choices: &[ChoiceList]) {
    let statuses = def.activities.iter().filter_map(|activity| activity.status);
    for key in statuses {
        let Kind::Choice { list } = fields[key.0].kind else {
            let message = format!("\"{}\" is not a choice", fields[key.0].id);
            source.error_at_text("status", message);
            continue;
        };
        let options = &choices[list].options;
        for status in def
            .statuses
            .iter()
            .filter(|status| !options.contains(status))
        {
            let message = format!("\"{status}\" is not an option of the status");
            let help = format!("Options: {}", options.join(", "));
            source.error_in(source.find(status), message, Some(help));
        }
    }
}

/// Reviews are within the roadmap, in order.
fn check_reviews(source: &Source, raw: &raw::RoadmapFile) {
    for week in &raw.review_weeks {
        if *week > raw.days / 7 + 1 {
            let message = format!("week {week} is after the roadmap's {} days", raw.days);
            source.error_at_text("review_weeks", message);
        }
    }
    if raw.review_weeks.windows(2).any(|pair| pair[0] >= pair[1]) {
        source.error_at_text("review_weeks", "the reviews are not in order");
    }
}
