//! Answers + scores + issues + dates → [`Plan`]: all that a report says, as pure data. Renderers see nothing else.

mod block;
mod build;
mod fill;
mod message;
mod model;
mod plan_facts;
mod recommend;
mod roadmap;
mod targets;

pub use block::*;
pub use build::{Compared, Inputs, Sender, build};
pub use model::*;
