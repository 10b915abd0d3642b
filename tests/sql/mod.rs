//! SQL: what warehouses count is what the engine counts.
mod connect;
mod faults;
mod injected;
#[cfg(unix)]
mod many;
mod parity;
mod parsed;
mod peer;
mod project;
#[cfg(unix)]
mod walk;
