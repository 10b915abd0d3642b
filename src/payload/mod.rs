//! The JSON contract that SDKs read.
//!
//! [`Payload`] holds any GrowthBook SDK payload of the published
//! specification 0.12.0, features form. What it means for a unit is the room
//! `assign`'s to say.

mod audience;
mod build;
mod decrypt;
mod endpoint;
mod entries;
mod flagd;
mod import;
mod keep;
mod schema;

pub use audience::condition_json;
pub use build::{HELD, OPEN, Stage, build, experiment_seed, holdout_key, holdout_seed, layer_seed};
pub use decrypt::decrypt;
pub use endpoint::{buckets_of, endpoint, endpoints, first_at_or_above};
pub use entries::Entries;
pub use flagd::flagd;
pub use import::{Imported, import};
pub use keep::keep_ranges;
pub use schema::{Feature, Filter, Meta, Parent, Payload, Rule};

pub use crate::model::space::{BUCKETS, Buckets};
