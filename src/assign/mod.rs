//! Who gets which variant: a pure function of the payload and the unit.
//!
//! [`Assigner`] answers for one experiment, fast, and only for ids on which all
//! SDKs agree ([`UnitId`]). [`Evaluator`] reads any payload of the GrowthBook
//! SDK specification 0.12.0 as an SDK does. Both run the same code.

mod assigner;
mod attributes;
mod condition;
mod evaluate;
mod evaluator;
mod hash;
mod id;
mod program;
mod range;
mod result;
mod sticky;
mod url;

pub use assigner::{Assigner, Assignment, Reason};
pub use attributes::{Attr, Attributes, NO_SLOT};
pub use evaluate::Context;
pub use evaluator::{Evaluator, RunResult, meets};
pub use hash::{HashVersion, Hasher, bucket, fnv1a32, hash};
pub use id::{IdProblem, Key, UnitId, encode_id, id_from_integer, id_from_json};
pub use range::{bucket_ranges, choose_variation, equal_weights, in_range};
pub use result::{ExperimentResult, FeatureResult, Source};
pub use sticky::{StickyDoc, StickyDocs};
pub use url::query_override;
