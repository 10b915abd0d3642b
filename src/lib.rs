//! Waypost: customer journeys and A/B tests as code.
pub mod diagnostic;
pub mod model;
pub mod source;
pub mod syntax;
pub mod tally;
