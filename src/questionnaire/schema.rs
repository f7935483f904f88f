//! JSON schemas of the files of a questionnaire, so that editors complete and check them while an author writes.

use schemars::{JsonSchema, SchemaGenerator};

use super::issue_texts::IssueFile;
use super::portfolio_texts::PortfolioFile;
use super::raw::{ChecksFile, QuestionnaireFile, RoadmapFile, ScoresFile, WorksheetFile};
use super::raw_advice::{AdviceFile, FiguresFile};
use super::{EmailTemplate, PlanLayout};

/// Folder of the schemas in the folder of a questionnaire.
pub const SCHEMAS: &str = "schema";

/// A file of a questionnaire, and the JSON schema of its content.
pub struct FileSchema {
    /// Name of the schema, and of the file without its extension. `worksheet` is for all files in `worksheets/`.
    pub name: &'static str,
    /// The schema.
    pub schema: serde_json::Value,
}

/// Returns the schemas of all files.
pub fn schemas() -> Vec<FileSchema> {
    vec![
        schema::<QuestionnaireFile>("questionnaire"),
        schema::<WorksheetFile>("worksheet"),
        schema::<ScoresFile>("scores"),
        schema::<ChecksFile>("checks"),
        schema::<RoadmapFile>("roadmap"),
        schema::<FiguresFile>("figures"),
        schema::<AdviceFile>("advice"),
        schema::<PlanLayout>("plan"),
        schema::<EmailTemplate>("email"),
        schema::<PortfolioFile>("portfolio"),
        schema::<IssueFile>("issues"),
    ]
}

fn schema<T: JsonSchema>(name: &'static str) -> FileSchema {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    FileSchema {
        name,
        schema: schema.to_value(),
    }
}

/// Returns the line that tells editors the schema of a file, given by its path in the folder of the questionnaire.
pub fn schema_line(path: &str) -> Option<String> {
    let name = path.strip_suffix(".toml")?;
    Some(match name.strip_prefix("worksheets/") {
        Some(_) => format!("#:schema ../{SCHEMAS}/worksheet.json\n"),
        None => format!("#:schema {SCHEMAS}/{name}.json\n"),
    })
}
