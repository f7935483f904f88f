//! Answers + scores + issues + dates → [`Plan`]: the content of a plan as pure data. Renderers use nothing else.

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
