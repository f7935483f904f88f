//! All tests that need other programs besides Rust, in one executable. CONTRIBUTING.md lists these programs.

#[path = "../common/mod.rs"]
mod common;

mod disk;
mod documents;
mod mail;
mod roundtrips;
