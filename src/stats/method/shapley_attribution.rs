//! Shapley attribution: a path's conversions in equal shares to its channels, order and repeats ignored (Shapley 1953; closed
//! form by Zhao, Mahboobi and Bagheri 2018).
use std::collections::BTreeSet;

use serde::Serialize;

use super::attribution::{ByChannel, Input, credit};
use crate::stats::Status;

/// Credit by channel.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`.
    pub status: Status,
    /// Adds up to all conversions.
    pub attributed: ByChannel<f64>,
}

/// Returns the Shapley values of the game "conversions of the paths whose channels are all in the set".
///
/// # Errors
/// When a path cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    let mut attributed = input.each(0.0);
    for path in &input.paths {
        let channels: BTreeSet<&String> = path.path.iter().collect();
        let share = path.conv / channels.len() as f64;
        channels.into_iter().for_each(|c| credit(&mut attributed, c, share));
    }
    Ok(Output { status: Status::Ok, attributed })
}
