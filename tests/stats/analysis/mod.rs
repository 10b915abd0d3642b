//! Tallies to reports: each rule of a verdict and each check, with a case that fires it and one that does not.
mod agreement;
mod checks;
mod laboratory;
mod rejects;
mod table;
mod verdicts;
