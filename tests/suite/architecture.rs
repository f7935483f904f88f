//! Checks the layers of the library: each module uses only modules before it in the list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::common::root;

/// The modules from the bottom up. A module may use those before it.
const LAYERS: [(&str, &[&str]); 10] = [
    (
        "ground",
        &[
            "text",
            "bounded",
            "fingerprint",
            "statistics",
            "excel",
            "email_address",
            "keyring",
            "panics",
            "output",
        ],
    ),
    ("questionnaire", &["questionnaire"]),
    (
        "vocabulary",
        &["look", "answers", "issue", "display", "sheet_map"],
    ),
    (
        "judgment",
        &["score", "analysis", "facts", "check", "benchmark"],
    ),
    ("workbooks", &["template", "intake"]),
    ("plan", &["record", "plan"]),
    (
        "renderers",
        &[
            "pdf",
            "brand",
            "calendar",
            "dataset",
            "portfolio",
            "annotate",
        ],
    ),
    ("runs", &["batch"]),
    ("post", &["account", "outbox", "engagement"]),
    ("face", &["config", "cli"]),
];

/// Pairs of modules that are independent: the first must not use the second, although the order would permit it.
const STRANGERS: [(&str, &str); 3] = [
    ("intake", "template"),
    ("calendar", "pdf"),
    ("dataset", "pdf"),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// Returns the code of a file without comments and tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the names that follow a word in a text.
fn names_after<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    text.match_indices(word)
        .map(|(at, _)| {
            let rest = &text[at + word.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn each_module_uses_only_what_is_below_it() {
    let src = root().join("src");
    let order: Vec<&str> = LAYERS
        .iter()
        .flat_map(|(_, modules)| modules.iter().copied())
        .collect();
    let rank = |name: &str| order.iter().position(|module| *module == name);
    let mut faults = BTreeSet::new();
    for path in files(&src) {
        let relative = path.strip_prefix(&src).unwrap();
        let relative = relative.strip_prefix("base").unwrap_or(relative);
        let first = relative.iter().next().unwrap().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") || relative.ends_with("tests.rs") {
            continue;
        }
        let Some(own) = rank(module) else {
            panic!("the module {module} is in no layer");
        };
        for other in names_after(&code(&path), "crate::") {
            let is_stranger = STRANGERS.contains(&(module, other));
            if other != module && (is_stranger || rank(other).is_none_or(|other| other > own)) {
                faults.insert(format!("{} uses {other}", relative.display()));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{}",
        faults.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// Files of a module must not use each other in a cycle, directly or through other files.
#[test]
fn files_of_a_module_form_no_circles() {
    let src = root().join("src");
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let all = files(&src);
    let name = |path: &Path| {
        let relative = path.strip_prefix(&src).unwrap().with_extension("");
        let relative = relative.strip_prefix("base").unwrap_or(&relative);
        let relative = relative.to_str().unwrap().replace('\\', "/");
        relative.trim_end_matches("/mod").to_owned()
    };
    let known: BTreeSet<String> = all.iter().map(|path| name(path)).collect();
    for path in &all {
        let own = name(path);
        let code = code(path);
        let is_folder = path.ends_with("mod.rs");
        let parent = match own.rsplit_once('/') {
            Some((parent, _)) if !is_folder => parent.to_owned(),
            _ => own.clone(),
        };
        let mut targets = BTreeSet::new();
        for other in names_after(&code, "super::") {
            targets.insert(format!("{parent}/{other}"));
        }
        let module = own.split('/').next().unwrap_or(&own).to_owned();
        for other in names_after(&code, &format!("crate::{module}::")) {
            targets.insert(format!("{module}/{other}"));
        }
        targets.retain(|target| {
            known.contains(target) && *target != own && !own.starts_with(&format!("{target}/"))
        });
        // A folder's `mod.rs` uses its files, and they may use it.
        if !is_folder {
            uses.insert(own, targets);
        }
    }
    let mut circles = BTreeSet::new();
    for start in uses.keys() {
        let (mut open, mut seen) = (vec![start.clone()], BTreeSet::new());
        while let Some(at) = open.pop() {
            for next in uses.get(&at).into_iter().flatten() {
                if next == start {
                    circles.insert(format!("{start} ← {at}"));
                }
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
    }
    assert!(
        circles.is_empty(),
        "{}",
        circles.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// The reference in the guide contains every issue code and every fact.
#[test]
fn the_guide_names_every_issue_and_every_fact() {
    use partnerbook::issue::IssueCode;
    use partnerbook::questionnaire::{AdviceFact, ChangeFact, FinanceFact, Local, PlanFact};
    let page = |name: &str| {
        let path = root().join("docs/src/reference").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let (issues, facts) = (page("issues.md"), page("expressions.md"));
    for code in IssueCode::all() {
        assert!(issues.contains(&format!("`{code}`")), "{code}");
    }
    let plan = PlanFact::ALL.iter().map(|(name, ..)| *name);
    let change = ChangeFact::ALL.iter().map(|(name, ..)| *name);
    let finance = FinanceFact::ALL.iter().map(|(name, ..)| *name);
    let local = Local::ALL.iter().map(|(name, ..)| *name);
    let advice = AdviceFact::ALL.iter().map(|(name, ..)| *name);
    for name in plan.chain(advice).chain(change).chain(finance).chain(local) {
        assert!(facts.contains(&format!("`{name}`")), "{name}");
    }
}
