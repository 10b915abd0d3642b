//! Text to [`tree::Tree`] and back: what was written, never what it means.

pub mod tree;
