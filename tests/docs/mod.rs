//! The documents are true: every example reads, the reference is fresh, the coverage list is kept.

mod coverage;
mod examples;
mod reference;
mod world;
