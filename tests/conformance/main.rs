//! All tests that need other programs besides Rust, in one executable. CONTRIBUTING.md lists these programs.

#[path = "../common/mod.rs"]
mod common;

#[cfg(target_os = "linux")]
mod accounts;
mod disk;
mod documents;
mod mail;
mod roundtrips;
