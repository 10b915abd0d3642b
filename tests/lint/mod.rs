//! The rules: every one fires where it should and is silent where it should be.

mod cases;
mod privacy;
mod project;
mod registry;
mod shop;
