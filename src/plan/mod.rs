//! Answers + scores + issues + dates → [`Plan`]: all that a report says, as pure data. Renderers see nothing else.

mod block;
mod build;
mod fill;
mod message;
mod model;
mod recommend;
mod roadmap;
mod targets;
mod variables;

pub use block::*;
pub use build::{Compared, Inputs, Sender, build};
pub use model::*;
