//! Events for a project that has no data yet: people walk its maps, with a known truth.
//!
//! ```text
//! Model + Truth ─► Script: routes, makers of values, trials ─► one walk a person ─► Log: rows in order of time
//! ```
//!
//! [`Anew`] goes the other way: a user's own events, with the assignment of an experiment drawn anew many times, so that
//! there is no effect in them by construction.
//!
//! Each person has a stream of random numbers of their own, so that the same seed gives the same rows at any thread
//! count, and the first people stay the same when more are asked for.

mod anew;
mod draw;
mod log;
mod maker;
mod person;
mod route;
mod script;
mod trial;
mod truth;
mod walk;

pub use anew::Anew;
pub use log::{Log, Row};
pub use truth::{Choices, Spread, Truth};

use crate::model::Model;
use rayon::prelude::*;

/// Returns the events of a project whose truth is known.
///
/// # Errors
/// The truth names something that the project does not have, or no stage can be seen in data.
pub fn simulate(model: &Model, truth: &Truth) -> Result<Log, String> {
    let script = script::Script::new(model, truth)?;
    let walks: Vec<Vec<Row>> = (0..truth.people).into_par_iter().map(|number| walk::walk(&script, number)).collect();
    Ok(Log::new(&script, walks.into_iter().flatten().collect()))
}
