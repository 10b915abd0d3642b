//! Documents: structure, safety, words, bytes.
mod browser;
mod fixture;
mod hostile;
mod long;
mod map;
pub mod pages;
mod pictures;
mod print;
mod report;
mod reports;
mod rewrite;
mod size;
mod themes;
mod words;
