//! All integration tests, one binary.
mod assign;
mod cli;
mod floors;
mod stats;
