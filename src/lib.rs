//! map
pub mod programme;
