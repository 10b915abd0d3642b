//! SQL: what warehouses count is what the engine counts.
mod parity;
mod peer;
mod project;
