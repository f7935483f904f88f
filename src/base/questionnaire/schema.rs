//! JSON schemas of the files of a questionnaire, so that editors complete and check them while an author writes.

use include_dir::{Dir, include_dir};

/// Folder of the schemas in the folder of a questionnaire.
pub const SCHEMAS: &str = "schema";

/// The schemas. The test below keeps them equal to the types that read the files, so that the program need not make them.
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../templates/schema");

/// The JSON schema of a file of a questionnaire.
pub struct FileSchema {
    /// Name of the schema, and of the file without its extension. `worksheet` is for all files in `worksheets/`.
    pub name: &'static str,
    /// The schema, as JSON.
    pub schema: &'static str,
}

/// Returns the schemas of all files, by name.
pub fn schemas() -> impl Iterator<Item = FileSchema> {
    FILES.files().filter_map(|file| {
        Some(FileSchema {
            name: file.path().file_stem()?.to_str()?,
            schema: file.contents_utf8()?,
        })
    })
}

/// Returns the line that tells editors the schema of a file, given by its path in the folder of the questionnaire.
pub fn schema_line(path: &str) -> Option<String> {
    let name = path.strip_suffix(".toml")?;
    Some(match name.strip_prefix("worksheets/") {
        Some(_) => format!("#:schema ../{SCHEMAS}/worksheet.json\n"),
        None => format!("#:schema {SCHEMAS}/{name}.json\n"),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use schemars::{JsonSchema, SchemaGenerator};

    use super::super::issue_texts::IssueFile;
    use super::super::portfolio_texts::PortfolioFile;
    use super::super::raw::{
        ChecksFile, QuestionnaireFile, RoadmapFile, ScoresFile, WorksheetFile,
    };
    use super::super::raw_advice::{AdviceFile, FiguresFile};
    use super::super::{EmailTemplate, PlanLayout};
    use super::schemas;

    fn schema<T: JsonSchema>(name: &'static str) -> (&'static str, String) {
        let schema = SchemaGenerator::default()
            .into_root_schema_for::<T>()
            .to_value();
        let text = serde_json::to_string_pretty(&schema).unwrap();
        (name, text + "\n")
    }

    #[test]
    fn the_schemas_describe_the_types_that_read_the_files() {
        let made = [
            schema::<AdviceFile>("advice"),
            schema::<ChecksFile>("checks"),
            schema::<EmailTemplate>("email"),
            schema::<FiguresFile>("figures"),
            schema::<IssueFile>("issues"),
            schema::<PlanLayout>("plan"),
            schema::<PortfolioFile>("portfolio"),
            schema::<QuestionnaireFile>("questionnaire"),
            schema::<RoadmapFile>("roadmap"),
            schema::<ScoresFile>("scores"),
            schema::<WorksheetFile>("worksheet"),
        ];
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/schema");
            for (name, text) in &made {
                std::fs::write(folder.join(format!("{name}.json")), text).unwrap();
            }
            return;
        }
        let mut kept: Vec<_> = schemas().map(|own| (own.name, own.schema)).collect();
        kept.sort_unstable();
        assert_eq!(kept.len(), made.len());
        for ((name, text), kept) in made.iter().zip(kept) {
            assert!(
                (*name, text.as_str()) == kept,
                "templates/schema/{name}.json: make it with UPDATE_GOLDEN=1"
            );
        }
    }
}
