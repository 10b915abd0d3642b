//! The numbers: tallies, distributions, methods, analysis.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
mod analysis;
mod door;
mod methods;
mod simulation;
mod tally;
