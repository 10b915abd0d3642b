//! Assignment: the published cases, our own properties, other SDKs.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and reads the environment it runs in"
)]

mod cases;
mod cli;
mod flagd;
mod ids;
mod import;
mod parity;
mod properties;
mod spec;
