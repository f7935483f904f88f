//! The questionnaire: worksheets, scores, rules, roadmap and plan_layout as data.
//!
//! Everything the tool knows about a questionnaire comes from here; nothing else in `src/` knows a question by name.
//! A questionnaire is a folder of TOML files: [`Questionnaire::built_in`] travels inside the binary, [`Questionnaire::load`] reads
//! one from disk. Both are validated as a whole, and all errors are reported with their place.

mod derived;
mod diagnostic;
mod expression;
mod fact;
mod files;
mod format_string;
mod load;
mod model;
mod plan_layout;
mod raw;
mod resolve;
mod source;
mod types;
mod word_list;
mod words;

#[cfg(test)]
mod tests;

pub use derived::*;
pub use diagnostic::{Diagnostic, Level, QuestionnaireError};
pub use expression::{Expression, ExpressionError, Names, Operator};
pub use fact::{ChangeFact, Fact, FinanceFact, Local, PlanFact, ScoreFact, Subject, SubjectFact};
pub use format_string::{Condition, FormatString, Piece, Sentence, all_hold};
pub use model::*;
pub use plan_layout::*;
pub use source::built_in_files;
pub use types::{Type, Unit, Value};
pub use word_list::WordList;
pub use words::*;
