//! Writes the files about all clients: the portfolio workbook, the results, and the answers.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::build_cache::{Entry, Records};
use super::outcome::Report;
use super::{BatchError, Failure, Processed, Setting, Statuses};
use crate::benchmark::Benchmarks;
use crate::issue::{Issue, IssueCode};
use crate::output::names::{BENCHMARKS, FAILURES, PORTFOLIO, RESULTS};
use crate::output::{Hashing, OutputFolder};
use crate::portfolio::{About, Clients, Portfolio, PortfolioError, Tolerances};
use crate::questionnaire::{BlockDef, Questionnaire, RuleKind};
use crate::record::results;
use crate::record::{Record, Returned};
use crate::text::fill;
use crate::text::normalize;

/// Maximum number of repeated clients and of failures listed in the portfolio workbook, and of paths listed per client.
/// The command line lists all of them.
const MAX_LISTED: usize = 1000;
const MAX_PATHS: usize = 10;

/// The clients as named in the portfolio workbook. Clients with the same name also get their file name.
struct UniqueNames<'r> {
    records: &'r Records<'r>,
    names: HashMap<usize, String>,
}

impl<'r> UniqueNames<'r> {
    fn of(records: &'r Records<'r>, clients: &[(Arc<Entry>, PathBuf)]) -> Self {
        let name = |entry: &Entry| normalize(&entry.made.client);
        let mut of_name: HashMap<String, usize> = HashMap::new();
        for (entry, _) in clients {
            *of_name.entry(name(entry)).or_default() += 1;
        }
        let several = clients.iter().enumerate();
        let several = several.filter(|(_, (entry, _))| of_name[&name(entry)] > 1);
        let names = several.map(|(index, (entry, path))| {
            let file = path.file_stem().unwrap_or_default().to_string_lossy();
            (index, format!("{} ({file})", entry.made.client))
        });
        Self {
            records,
            names: names.collect(),
        }
    }
}

impl Clients for UniqueNames<'_> {
    fn count(&self) -> usize {
        self.records.count()
    }

    fn figures(&self, index: usize) -> Result<Cow<'_, Record>, PortfolioError> {
        let mut record = Clients::figures(self.records, index)?;
        if let Some(name) = self.names.get(&index) {
            record.to_mut().client.name.clone_from(name);
        }
        Ok(record)
    }

    fn issues(&self, index: usize) -> Result<Cow<'_, [Issue]>, PortfolioError> {
        Clients::issues(self.records, index)
    }
}

/// What the files about all clients are created from.
pub struct Consolidation<'c> {
    pub setting: Setting<'c>,
    pub out: &'c OutputFolder,
    /// The unfinished portfolio workbook. `None` for a shard.
    pub portfolio: Option<Result<Portfolio, PortfolioError>>,
    pub records: &'c Records<'c>,
    pub clients: &'c [(Arc<Entry>, PathBuf)],
    pub report: &'c Report,
    pub benchmarks: &'c Benchmarks,
    pub statuses: Option<&'c dyn Statuses>,
}

/// Writes the portfolio workbook and the data files in parallel. Returns the paths of the portfolio workbook and of the
/// results; nothing if no workbook could be processed.
pub fn consolidate(mut from: Consolidation) -> Result<Vec<PathBuf>, BatchError> {
    let portfolio = from.portfolio.take();
    let from = &from;
    write_failures(from.out, &from.report.failures)?;
    if from.clients.is_empty() {
        return Ok(Vec::new());
    }
    let results = from.out.root().join(RESULTS);
    let Some(portfolio) = portfolio else {
        write_data(from)?;
        return Ok(vec![results]);
    };
    let (portfolio, about) = (portfolio?, about(from)?);
    let told_apart = UniqueNames::of(from.records, from.clients);
    let book = || {
        from.out.write_with(PORTFOLIO, |file| {
            portfolio
                .finish(&told_apart, &about, file)
                .map_err(BatchError::Portfolio)
        })
    };
    // The data files are written on a second thread.
    let (book, data) = std::thread::scope(|scope| {
        let data = scope.spawn(|| write_data(from));
        (book(), data.join())
    });
    book?;
    match data {
        Ok(data) => data?,
        Err(_) => return Err(BatchError::Fault),
    };
    Ok(vec![from.out.root().join(PORTFOLIO), results])
}

/// Writes the results, the benchmarks, and the answers.
fn write_data(from: &Consolidation) -> Result<(), BatchError> {
    let Consolidation {
        setting: Setting { questionnaire, .. },
        out,
        records,
        ..
    } = from;
    out.write_with(RESULTS, |file| {
        write_results(records, from.clients.len(), file)
    })?;
    out.write(BENCHMARKS, &from.benchmarks.to_json(&questionnaire.id)?)?;
    #[cfg(feature = "dataset")]
    super::answers::write(out, questionnaire, records)?;
    Ok(())
}

/// A workbook that failed, as a line of the list of failures.
#[derive(Serialize)]
struct FailureLine<'f> {
    file: Cow<'f, str>,
    reason: String,
}

/// Writes the list of failures, if there are any.
fn write_failures(out: &OutputFolder, failures: &[Failure]) -> Result<(), BatchError> {
    if failures.is_empty() {
        out.remove(FAILURES);
        return Ok(());
    }
    let mut lines = Vec::new();
    for failure in failures {
        let line = FailureLine {
            file: failure.path.to_string_lossy(),
            reason: failure.error.to_string(),
        };
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    out.write(FAILURES, &lines)?;
    Ok(())
}

/// Returns the texts of the portfolio workbook that come from the run.
fn about(from: &Consolidation) -> Result<About, BatchError> {
    let Consolidation {
        setting: Setting {
            questionnaire,
            today,
            ..
        },
        out,
        records,
        clients,
        report,
        ..
    } = *from;
    let statuses = from
        .statuses
        .map(|statuses| Ok::<_, PortfolioError>(statuses.of(processed(records, clients)?)))
        .transpose()?;
    let written = |path: &Path| path.display().to_string();
    let rules = questionnaire.rules.iter();
    let built_in = IssueCode::all().filter_map(|code| {
        let name = questionnaire.issue_texts.type_name(code.as_str())?;
        Some((code.as_str().to_owned(), name.to_owned()))
    });
    let words = &questionnaire.portfolio.about;
    Ok(About {
        issue_names: rules
            .filter_map(|rule| Some((rule.code.clone(), rule.name.clone()?)))
            .chain(built_in)
            .collect(),
        title: questionnaire.title.clone(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
        questionnaire: fill(
            &words.questionnaire,
            &[
                ("id", &questionnaire.id),
                ("version", &questionnaire.version.to_string()),
            ],
        ),
        made: today,
        statuses,
        method: method_notes(questionnaire),
        tolerances: tolerances(questionnaire),
        links_to_plans: clients
            .iter()
            .map(|(entry, _)| Some(entry.made.outputs.plan.as_ref()?.relative_path.clone()))
            .collect(),
        sources: clients
            .iter()
            .map(|(_, path)| from_folder(out.root(), path))
            .collect(),
        repeated: report
            .repeated
            .iter()
            .take(MAX_LISTED)
            .map(|(name, paths)| {
                let examples: Vec<String> = paths
                    .iter()
                    .take(MAX_PATHS)
                    .map(|path| written(path))
                    .collect();
                let more = if paths.len() > MAX_PATHS { ", …" } else { "" };
                let count = paths.len().to_string();
                let files = examples.join(", ") + more;
                let values = [("count", count.as_str()), ("files", &files)];
                (name.clone(), fill(&words.repeated_files, &values))
            })
            .collect(),
        failures: report
            .failures
            .iter()
            .take(MAX_LISTED)
            .map(|failure| (written(&failure.path), failure.error.to_string()))
            .collect(),
    })
}

/// Returns the newest workbook of each client, in the order of the client IDs, and then all workbooks without one.
fn processed(
    records: &Records,
    clients: &[(Arc<Entry>, PathBuf)],
) -> Result<Vec<Processed>, PortfolioError> {
    let mut newest: BTreeMap<&str, usize> = BTreeMap::new();
    let mut nameless: Vec<usize> = Vec::new();
    for (index, (entry, _)) in clients.iter().enumerate() {
        let Some(version) = &entry.made.version else {
            nameless.push(index);
            continue;
        };
        let own = newest.entry(version.client()).or_insert(index);
        if version.replaces(clients[*own].0.made.version.as_ref()) {
            *own = index;
        }
    }
    let newest = newest
        .into_iter()
        .map(|(client, index)| (Some(client), index));
    let all = newest.chain(nameless.into_iter().map(|index| (None, index)));
    let all = all.map(|(client, index)| {
        let (entry, path) = &clients[index];
        let record = Clients::figures(records, index)?;
        let saved = entry.made.version.as_ref().and_then(|own| own.saved());
        Ok(Processed {
            client: client.map(str::to_owned),
            name: record.client.known_name().map(str::to_owned),
            returned: Returned::of(&record, path.clone(), saved),
            plan: entry
                .made
                .outputs
                .plan
                .as_ref()
                .map(|plan| plan.sha256.clone()),
        })
    });
    all.collect()
}

fn write_results(records: &Records, count: usize, file: &mut Hashing) -> Result<(), BatchError> {
    for index in 0..count {
        let record = records
            .figures_and_issues(index)
            .map_err(PortfolioError::Record)?;
        file.write_all(&results::to_line(&record)?)
            .map_err(BatchError::ResultsUnwritten)?;
    }
    Ok(())
}

/// Returns the path from a folder to a file, so that a link still works after both are moved together. Returns the
/// absolute path if there is no relative one.
pub fn from_folder(folder: &Path, file: &Path) -> PathBuf {
    let whole = || std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    match (folder.canonicalize(), file.canonicalize()) {
        (Ok(folder), Ok(file)) => way(&folder, &file).unwrap_or_else(whole),
        _ => whole(),
    }
}

/// Returns the relative path between two absolute paths. Returns `None` if they share nothing but the root, or are on
/// different drives.
fn way(folder: &Path, file: &Path) -> Option<PathBuf> {
    let common = folder
        .components()
        .zip(file.components())
        .take_while(|(one, other)| one == other)
        .filter(|(one, _)| matches!(one, Component::Normal(_)))
        .count();
    // Skip the drive and the root, which `common` does not count.
    let before = |path: &Path| {
        let parts = path.components();
        parts
            .take_while(|part| !matches!(part, Component::Normal(_)))
            .count()
    };
    let up = folder.components().skip(before(folder) + common);
    let up = up.map(|_| Component::ParentDir);
    let down = file.components().skip(before(file) + common);
    (common > 0).then(|| up.chain(down).collect())
}

/// Returns how far entered values may differ from calculated ones before a rule of the questionnaire reports them.
fn tolerances(questionnaire: &Questionnaire) -> Tolerances {
    let entered = questionnaire
        .finance
        .as_ref()
        .and_then(|def| def.entered_roi);
    let mut tolerances = Tolerances::default();
    for rule in &questionnaire.rules {
        match rule.kind {
            RuleKind::Ratio {
                field, tolerance, ..
            } if Some(field) == entered => tolerances.roi = Some(tolerance),
            RuleKind::StatedPayback { tolerance } => tolerances.payback_months = Some(tolerance),
            _ => {}
        }
    }
    tolerances
}

/// Returns the notes on methods: how scores are calculated, as in the plan's appendix, then the ramp-up of the payback
/// and what makes an activity urgent.
fn method_notes(questionnaire: &Questionnaire) -> Vec<String> {
    let sections = questionnaire.plan_layout.section.iter();
    let blocks = sections.flat_map(|section| &section.blocks);
    let mut notes: Vec<String> = Vec::new();
    for block in blocks {
        if let BlockDef::Method { notes: own, .. } = block {
            notes.extend(own.iter().cloned());
        }
    }
    let words = &questionnaire.portfolio.about;
    if let Some(finance) = &questionnaire.finance {
        let months = finance.horizon_months.to_string();
        notes.push(fill(&words.late_payback, &[("months", &months)]));
    }
    if !questionnaire.roadmap.activities.is_empty() {
        let gaps = &questionnaire.advice.gaps;
        let values = [
            gaps.blocker.to_string(),
            gaps.weak.to_string(),
            gaps.urgent.to_string(),
        ];
        let [blocker, weak, most] = &values;
        notes.push(fill(
            &words.urgency,
            &[("blocker", blocker), ("weak", weak), ("most", most)],
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_one_folder_to_a_file_of_another() {
        let way = |folder: &str, file: &str| way(Path::new(folder), Path::new(file));
        let wanted = |path: &str| Some(PathBuf::from(path));
        assert_eq!(way("/a/b/out", "/a/b/in/c.xlsx"), wanted("../in/c.xlsx"));
        assert_eq!(way("/a/b/out", "/a/c.xlsx"), wanted("../../c.xlsx"));
        assert_eq!(way("/a/out", "/a/out/c.xlsx"), wanted("c.xlsx"));
        assert_eq!(way("/a/out", "/b/c.xlsx"), None);
    }
}
