//! All integration tests, one binary.
mod stats;
