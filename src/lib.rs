//! Waypost: customer journeys and A/B tests as code.
pub mod analysis;
pub mod assign;
pub mod cli;
pub mod diagnostic;
pub mod diff;
#[cfg(feature = "engine")]
pub mod events;
pub mod model;
pub mod payload;
pub mod plan;
pub mod render;
pub mod resolve;
pub mod source;
pub mod stats;
pub mod syntax;
pub mod tally;
