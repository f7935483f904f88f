//! map
pub mod answers;
pub mod display;
pub mod finding;
pub mod names;
pub mod programme;
pub mod score;
pub mod template;
pub mod text;
