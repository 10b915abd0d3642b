//! Documents: structure, safety, words, bytes.
mod fixture;
mod map;
mod report;
mod reports;
mod rewrite;
mod words;
