//! How findings look.

pub mod text;
