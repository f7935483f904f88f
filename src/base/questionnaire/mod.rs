//! Defines the questionnaire as data: worksheets, scores, rules, the roadmap, and the layout of the plan.
//!
//! This module is the only source of questions. No other module in `src/` refers to a question by its ID. A
//! questionnaire is a folder of TOML files. [`Questionnaire::built_in`] parses the files embedded in the binary, and
//! [`Questionnaire::load`] reads a folder from disk. Both validate the whole questionnaire and report every error with
//! its position.
//!
//! ```
//! # use partnerbook_base as partnerbook;
//! use partnerbook::questionnaire::{Kind, Questionnaire};
//!
//! let questionnaire = Questionnaire::built_in()?;
//! let company = questionnaire.field(questionnaire.identity.company);
//! assert_eq!(company.kind, Kind::Text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod block_parts;
mod derived;
mod diagnostic;
mod email_texts;
mod expression;
mod fact;
mod files;
mod format_string;
mod issue_texts;
mod load;
mod model;
mod parse_error;
mod plan_blocks;
mod plan_layout;
mod portfolio_texts;
mod prompts;
mod raw;
mod raw_advice;
mod resolve;
mod schema;
mod score_fact;
mod source;
mod text_sections;
mod toml_reader;
mod types;
mod word_list;
mod words;

#[cfg(test)]
mod tests;

pub use advice::*;
pub use block_parts::*;
pub use derived::*;
pub use diagnostic::{Diagnostic, Level, TomlError};
pub use email_texts::{CorrectionTexts, EmailTexts, Emails};
pub use expression::{AnswerFormulas, Expression, ExpressionError, Names, Operator, when};
pub use fact::{ActivityFact, AdviceFact, ChangeFact, Fact, FinanceFact, Local, PlanFact, Ramp};
pub use files::read_toml;
pub use format_string::{Condition, FormatString, Formula, Piece, Sentence, Style, all_hold};
pub use issue_texts::*;
pub use model::*;
pub use plan_blocks::BlockDef;
pub use plan_layout::*;
pub use portfolio_texts::*;
pub use prompts::{Prompts, PromptsRaw};
pub use schema::{FileSchema, SCHEMAS, schema_line, schemas};
pub use score_fact::{ScoreFact, Subject, SubjectFact};
pub use source::{built_in_files, minimal_files};
pub use types::{Type, Unit, Value};
pub use word_list::WordList;
pub use words::*;
