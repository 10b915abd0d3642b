//! Documents: structure, safety, words, bytes.
mod fixture;
mod map;
