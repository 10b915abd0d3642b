//! All integration tests, one binary.
mod assign;
mod stats;
