//! Reading the questionnaire's files, and the errors that name file and line.

use serde::de::DeserializeOwned;

use crate::fingerprint::Fingerprint;

use super::raw::{
    AdviceFile, ChecksFile, QuestionnaireFile, RoadmapFile, ScoresFile, WorksheetFile,
};
use super::source::Files;
use super::{EmailTemplate, PlanLayout, Questionnaire, resolve};

/// What is wrong with a questionnaire, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", if *line > 0 { format!(", line {line}") } else { String::new() })]
pub struct QuestionnaireError {
    /// File within the questionnaire.
    pub file: String,
    /// Line, from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// One file of the questionnaire: its name and text, to turn places into lines.
pub(super) struct Source {
    pub file: String,
    text: String,
}

impl Source {
    fn read(files: &impl Files, path: &str) -> Result<Self, QuestionnaireError> {
        let text = files.read(path).map_err(|why| QuestionnaireError {
            file: path.to_owned(),
            line: 0,
            message: format!("cannot be read: {why}"),
        })?;
        Ok(Self {
            file: path.to_owned(),
            text,
        })
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, QuestionnaireError> {
        toml::from_str(&self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            self.error_at(start, error.message())
        })
    }

    /// An error at a byte offset.
    pub fn error_at(&self, offset: usize, message: impl Into<String>) -> QuestionnaireError {
        let before = self.text.get(..offset.min(self.text.len())).unwrap_or("");
        QuestionnaireError {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            message: message.into(),
        }
    }

    /// An error at the first place where a string stands in the file.
    pub fn error_at_text(&self, text: &str, message: impl Into<String>) -> QuestionnaireError {
        match self
            .text
            .find(&format!("\"{text}\""))
            .or_else(|| self.text.find(text))
        {
            Some(offset) => self.error_at(offset, message),
            None => QuestionnaireError {
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

fn parse<T: DeserializeOwned>(
    files: &impl Files,
    path: &str,
) -> Result<Parsed<T>, QuestionnaireError> {
    let source = Source::read(files, path)?;
    let content = source.parse()?;
    Ok(Parsed { source, content })
}

/// All files of a questionnaire, parsed.
pub(super) struct QuestionnaireFiles {
    pub questionnaire: Parsed<QuestionnaireFile>,
    pub worksheets: Vec<Parsed<WorksheetFile>>,
    pub scores: Parsed<ScoresFile>,
    pub checks: Parsed<ChecksFile>,
    pub roadmap: Parsed<RoadmapFile>,
    pub advice: Parsed<AdviceFile>,
    pub plan_layout: Parsed<PlanLayout>,
    pub email: Parsed<EmailTemplate>,
    pub fingerprint: String,
}

/// Most worksheets a questionnaire may have: a workbook is never opened with more sheets than 256.
const MAX_WORKSHEETS: usize = 200;

pub(super) fn load(files: &impl Files) -> Result<Questionnaire, QuestionnaireError> {
    let questionnaire: Parsed<QuestionnaireFile> = parse(files, "questionnaire.toml")?;
    if questionnaire.content.worksheets.len() > MAX_WORKSHEETS {
        return Err(questionnaire.source.error_at_text(
            "worksheets",
            format!("more than {MAX_WORKSHEETS} worksheets"),
        ));
    }
    let mut worksheets = Vec::new();
    for name in &questionnaire.content.worksheets {
        if !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            return Err(questionnaire.source.error_at_text(
                name,
                format!("\"{name}\": a worksheet's file name has letters, digits, - and _ only"),
            ));
        }
        worksheets.push(parse(files, &format!("worksheets/{name}.toml"))?);
    }
    let mut files = QuestionnaireFiles {
        questionnaire,
        worksheets,
        scores: parse(files, "scores.toml")?,
        checks: parse(files, "checks.toml")?,
        roadmap: parse(files, "roadmap.toml")?,
        advice: parse(files, "advice.toml")?,
        plan_layout: parse(files, "plan.toml")?,
        email: parse(files, "email.toml")?,
        fingerprint: String::new(),
    };
    files.fingerprint = fingerprint(&files);
    resolve::resolve(files)
}

fn fingerprint(files: &QuestionnaireFiles) -> String {
    let worksheets = files.worksheets.iter().map(|parsed| &parsed.source);
    let sources = [
        &files.questionnaire.source,
        &files.scores.source,
        &files.checks.source,
        &files.roadmap.source,
        &files.advice.source,
        &files.plan_layout.source,
        &files.email.source,
    ];
    let mut print = Fingerprint::default();
    for source in sources.into_iter().chain(worksheets) {
        print.add(&source.file).add(&source.text);
    }
    print.finish()
}
