//! The methods by name, with JSON in and out: what `waypost stats` speaks.
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::method;

/// Returns the answer of a method: an object with `status`, and numbers; what is not defined is null, what is unbounded
/// the text `inf` or `-inf`.
///
/// # Errors
/// When there is no such method, or the inputs are not what it takes: a sentence.
pub fn run_json(name: &str, inputs: &Value) -> Result<Value, String> {
    match method::find(name) {
        Some(method) => (method.run)(inputs),
        None => Err(format!("no method is called `{name}`; `waypost stats --list` names them")),
    }
}

/// Runs a method behind the door: reads its inputs, lets it refuse them, and writes its answer.
pub(super) fn through<I, O, F>(inputs: &Value, run: F) -> Result<Value, String>
where
    I: DeserializeOwned,
    O: Serialize,
    F: Fn(I) -> Result<O, String>,
{
    let input = serde_json::from_value(inputs.clone()).map_err(|error| format!("in the inputs: {error}"))?;
    serde_json::to_value(run(input)?).map_err(|error| error.to_string())
}

/// Writes a number that may be unbounded.
pub(super) fn extended<S: serde::Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(v) if *v == f64::INFINITY => to.serialize_str("inf"),
        Some(v) if *v == f64::NEG_INFINITY => to.serialize_str("-inf"),
        Some(v) if v.is_finite() => to.serialize_f64(*v),
        _ => to.serialize_none(),
    }
}

/// Refuses what is not a probability strictly between 0 and 1.
pub(super) fn probability(name: &str, value: f64) -> Result<(), String> {
    if value > 0.0 && value < 1.0 { Ok(()) } else { Err(format!("expected `{name}` between 0 and 1, not `{value}`")) }
}

/// Refuses counts that cannot be: below zero, not finite, or more who did it than there are.
pub(super) fn counts(x: f64, n: f64) -> Result<(), String> {
    if x >= 0.0 && n >= x && n.is_finite() { Ok(()) } else { Err(format!("expected 0 <= x <= n, not `{x}` of `{n}`")) }
}

/// Refuses variances below zero and numbers of units that are none.
pub(super) fn arm(arm: &super::Arm) -> Result<(), String> {
    let sound = arm.var >= 0.0 && arm.n >= 0.0 && arm.mean.is_finite() && arm.var.is_finite() && arm.n.is_finite();
    if sound { Ok(()) } else { Err("expected finite numbers, `var` and `n` not below zero".to_owned()) }
}

/// The level where the inputs name none.
pub(super) fn five_percent() -> f64 {
    0.05
}
