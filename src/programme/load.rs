//! Reading the programme's files, and the errors that name file and line.

use serde::de::DeserializeOwned;

use crate::fingerprint::Fingerprint;

use super::raw::{AdviceFile, ChecksFile, ProgrammeFile, RoadmapFile, ScoresFile, WorksheetFile};
use super::source::Files;
use super::{Email, Programme, Storyboard, resolve};

/// What is wrong with a programme, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", if *line > 0 { format!(", line {line}") } else { String::new() })]
pub struct ProgrammeError {
    /// File within the programme.
    pub file: String,
    /// Line, from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// One file of the programme: its name and text, to turn places into lines.
pub(super) struct Source {
    pub file: String,
    text: String,
}

impl Source {
    fn read(files: &impl Files, path: &str) -> Result<Self, ProgrammeError> {
        let text = files.read(path).map_err(|why| ProgrammeError {
            file: path.to_owned(),
            line: 0,
            message: format!("cannot be read: {why}"),
        })?;
        Ok(Self {
            file: path.to_owned(),
            text,
        })
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, ProgrammeError> {
        toml::from_str(&self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            self.error_at(start, error.message())
        })
    }

    /// An error at a byte offset.
    pub fn error_at(&self, offset: usize, message: impl Into<String>) -> ProgrammeError {
        let before = self.text.get(..offset.min(self.text.len())).unwrap_or("");
        ProgrammeError {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            message: message.into(),
        }
    }

    /// An error at the first place where a string stands in the file.
    pub fn error_at_text(&self, text: &str, message: impl Into<String>) -> ProgrammeError {
        match self
            .text
            .find(&format!("\"{text}\""))
            .or_else(|| self.text.find(text))
        {
            Some(offset) => self.error_at(offset, message),
            None => ProgrammeError {
                file: self.file.clone(),
                line: 0,
                message: message.into(),
            },
        }
    }
}

/// A parsed file beside its source.
pub(super) struct Parsed<T> {
    pub source: Source,
    pub content: T,
}

fn parse<T: DeserializeOwned>(files: &impl Files, path: &str) -> Result<Parsed<T>, ProgrammeError> {
    let source = Source::read(files, path)?;
    let content = source.parse()?;
    Ok(Parsed { source, content })
}

/// All files of a programme, parsed.
pub(super) struct ProgrammeFiles {
    pub programme: Parsed<ProgrammeFile>,
    pub worksheets: Vec<Parsed<WorksheetFile>>,
    pub scores: Parsed<ScoresFile>,
    pub checks: Parsed<ChecksFile>,
    pub roadmap: Parsed<RoadmapFile>,
    pub advice: Parsed<AdviceFile>,
    pub storyboard: Parsed<Storyboard>,
    pub email: Parsed<Email>,
    pub fingerprint: String,
}

/// Most worksheets a programme may have: a workbook is never opened with more sheets than 256.
const MOST_WORKSHEETS: usize = 200;

pub(super) fn load(files: &impl Files) -> Result<Programme, ProgrammeError> {
    let programme: Parsed<ProgrammeFile> = parse(files, "programme.toml")?;
    if programme.content.worksheets.len() > MOST_WORKSHEETS {
        return Err(programme.source.error_at_text(
            "worksheets",
            format!("more than {MOST_WORKSHEETS} worksheets"),
        ));
    }
    let mut worksheets = Vec::new();
    for name in &programme.content.worksheets {
        if !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            return Err(programme.source.error_at_text(
                name,
                format!("\"{name}\": a worksheet's file name has letters, digits, - and _ only"),
            ));
        }
        worksheets.push(parse(files, &format!("worksheets/{name}.toml"))?);
    }
    let mut files = ProgrammeFiles {
        programme,
        worksheets,
        scores: parse(files, "scores.toml")?,
        checks: parse(files, "checks.toml")?,
        roadmap: parse(files, "roadmap.toml")?,
        advice: parse(files, "advice.toml")?,
        storyboard: parse(files, "plan.toml")?,
        email: parse(files, "email.toml")?,
        fingerprint: String::new(),
    };
    files.fingerprint = fingerprint(&files);
    resolve::resolve(files)
}

fn fingerprint(files: &ProgrammeFiles) -> String {
    let worksheets = files.worksheets.iter().map(|parsed| &parsed.source);
    let sources = [
        &files.programme.source,
        &files.scores.source,
        &files.checks.source,
        &files.roadmap.source,
        &files.advice.source,
        &files.storyboard.source,
        &files.email.source,
    ];
    let mut print = Fingerprint::default();
    for source in sources.into_iter().chain(worksheets) {
        print.add(&source.file).add(&source.text);
    }
    print.finish()
}
