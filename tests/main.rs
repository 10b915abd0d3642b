//! All integration tests, one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on fails; helpers are no tests to clippy"
)]
mod assign;
#[cfg(feature = "engine")]
mod build;
mod cli;
mod diff;
mod docs;
#[cfg(feature = "engine")]
mod engine;
mod exchange;
mod floors;
mod lint;
mod render;
mod resolve;
mod specs;
#[cfg(feature = "engine")]
mod sql;
mod stats;
mod syntax;
