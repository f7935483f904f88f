//! The programme: worksheets, scores, rules, roadmap and storyboard as data.
//!
//! Everything the tool knows about a questionnaire comes from here; nothing else in `src/` knows a question by name.
//! A programme is a folder of TOML files: [`Programme::built_in`] travels inside the binary, [`Programme::load`] reads
//! one from disk. Both are checked whole, and every error names file and line.

mod condition;
mod derived;
mod load;
mod model;
mod raw;
mod resolve;
mod source;
mod storyboard;
mod word_list;
mod words;

pub use condition::{Condition, Wording};
pub use derived::*;
pub use load::ProgrammeError;
pub use model::*;
pub use source::built_in_files;
pub use storyboard::*;
pub use word_list::WordList;
pub use words::*;
