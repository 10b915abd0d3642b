//! The JSON contract that SDKs read.
//!
//! [`Payload`] holds any GrowthBook SDK payload of the published
//! specification 0.12.0, features form. What it means for a unit is the room
//! `assign`'s to say.

mod decrypt;
mod endpoint;
mod entries;
mod schema;

pub use decrypt::decrypt;
pub use endpoint::{BUCKETS, endpoint, endpoints};
pub use entries::Entries;
pub use schema::{Feature, Filter, Meta, Parent, Payload, Rule};
