//! The tests that need real programs besides Rust, in one program; CONTRIBUTING.md lists what they need.

#[path = "../common/mod.rs"]
mod common;

mod disk;
mod documents;
mod mail;
mod roundtrips;
