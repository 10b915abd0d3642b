//! Documents: structure, safety, words, bytes.
mod fixture;
mod hostile;
mod map;
pub mod pages;
mod report;
mod reports;
mod rewrite;
mod themes;
mod words;
