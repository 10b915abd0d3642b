//! Documents: structure, safety, words, bytes.
mod browser;
mod fixture;
mod hostile;
mod map;
mod pages;
mod report;
mod reports;
mod rewrite;
mod themes;
mod words;
