//! Other formats in and out.
mod mermaid;
mod spec;
