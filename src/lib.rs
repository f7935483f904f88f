//! map
pub mod answers;
pub mod check;
pub mod display;
pub mod finding;
pub mod intake;
pub mod names;
pub mod pdf;
pub mod plan;
pub mod programme;
pub mod score;
pub mod template;
pub mod text;
