//! The questionnaire: worksheets, scores, rules, roadmap and plan_layout as data.
//!
//! Everything the tool knows about a questionnaire comes from here; nothing else in `src/` knows a question by name.
//! A questionnaire is a folder of TOML files: [`Questionnaire::built_in`] travels inside the binary, [`Questionnaire::load`] reads
//! one from disk. Both are checked whole, and every error names file and line.

mod condition;
mod derived;
mod load;
mod model;
mod plan_layout;
mod raw;
mod resolve;
mod source;
mod word_list;
mod words;

pub use condition::{Condition, FormatString};
pub use derived::*;
pub use load::QuestionnaireError;
pub use model::*;
pub use plan_layout::*;
pub use source::built_in_files;
pub use word_list::WordList;
pub use words::*;
