//! Answers + scores + findings + dates → [`Plan`]: all that a report says, as pure data. Renderers see nothing else.

mod build;
mod facts;
mod fill;
mod model;
mod recommend;
mod roadmap;

pub use build::{Sender, Inputs, build};
pub use model::*;
