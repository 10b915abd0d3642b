//! Markov attribution by removal effects, solved exactly and not simulated (Anderl, Becker, von Wangenheim and Schumann
//! 2016).
use std::collections::BTreeMap;

use serde::Serialize;

use super::attribution::{ByChannel, Input};
use crate::stats::Status;

/// Credit by channel.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_conversions` when nobody converted.
    pub status: Status,
    /// Chance that a path of the chain converts.
    pub conversion_probability: f64,
    /// The share of conversions that would be lost without the channel.
    pub removal_effect: ByChannel<Option<f64>>,
    /// Conversions, in proportion to the removal effects.
    pub attributed: ByChannel<f64>,
}

/// A state: the last `order` channels touched; empty is the start.
type State = Vec<String>;

/// Where a state leads.
#[derive(Clone, Debug, Default)]
struct Leads {
    to: BTreeMap<State, f64>,
    converts: f64,
    stops: f64,
}

impl Leads {
    fn all(&self) -> f64 {
        self.to.values().sum::<f64>() + self.converts + self.stops
    }
}

type Chain = BTreeMap<State, Leads>;

/// Counts the moves of all paths; a state equal to the one before is the same state.
fn chain(input: &Input) -> Chain {
    let mut chain = Chain::new();
    for path in input.paths.iter().filter(|p| p.conv + p.null > 0.0) {
        let mut here = State::new();
        for next in path.path.windows(input.order.min(path.path.len())).map(<[String]>::to_vec) {
            if next != here {
                *chain.entry(here).or_default().to.entry(next.clone()).or_default() += path.conv + path.null;
                here = next;
            }
        }
        let leads = chain.entry(here).or_default();
        leads.converts += path.conv;
        leads.stops += path.null;
    }
    chain
}

/// Returns the chance to convert from the start when every state with the channel `removed` leads nowhere.
///
/// Solves (I - Q) h = r by elimination in the order of the states. Every state has a way out, so no pivot is 0.
fn conversion(chain: &Chain, removed: Option<&str>) -> f64 {
    let alive = |state: &State| removed.is_none_or(|gone| !state.iter().any(|c| c == gone));
    let states: Vec<(&State, &Leads)> = chain.iter().filter(|(state, _)| alive(state)).collect();
    let index: BTreeMap<&State, usize> = states.iter().enumerate().map(|(i, (state, _))| (*state, i)).collect();
    let row = |(i, (_, leads)): (usize, &(&State, &Leads))| {
        let mut row = vec![0.0; states.len() + 1];
        let mut add = |at: usize, value: f64| {
            if let Some(cell) = row.get_mut(at) {
                *cell += value;
            }
        };
        add(i, 1.0);
        add(states.len(), leads.converts / leads.all());
        for (to, weight) in &leads.to {
            if let Some(&at) = index.get(to) {
                add(at, -weight / leads.all());
            }
        }
        row
    };
    let rows = states.iter().enumerate().map(row).collect();
    // the start is the empty state, the first in order
    solve_first(rows)
}

/// Returns the first unknown of a linear system given as rows with their right-hand side last: elimination from the last
/// unknown up, with the largest pivot.
fn solve_first(mut rows: Vec<Vec<f64>>) -> f64 {
    let at = |row: &[f64], column: usize| row.get(column).copied().unwrap_or(0.0);
    for column in (0..rows.len()).rev() {
        let best = (0..=column).max_by(|a, b| {
            let size = |i: &usize| rows.get(*i).map_or(0.0, |r| at(r, column).abs());
            size(a).total_cmp(&size(b))
        });
        rows.swap(column, best.unwrap_or(column));
        let Some(pivot) = rows.pop() else { return 0.0 };
        let lead = at(&pivot, column);
        let value = at(&pivot, pivot.len() - 1) / lead;
        if column == 0 {
            return if value.is_finite() { value } else { 0.0 };
        }
        for row in &mut rows {
            let factor = at(row, column) / lead;
            if factor != 0.0 {
                row.iter_mut().zip(&pivot).for_each(|(cell, p)| *cell -= factor * p);
            }
        }
    }
    0.0
}

/// Returns the removal effects and the credit in proportion to them.
///
/// # Errors
/// When a path cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    let chain = chain(&input);
    let base = conversion(&chain, None);
    let total: f64 = input.paths.iter().map(|p| p.conv).sum();
    if base <= 0.0 || total == 0.0 {
        return Ok(Output {
            status: Status::NoConversions,
            conversion_probability: 0.0,
            removal_effect: input.each(None),
            attributed: input.each(0.0),
        });
    }
    let effect = |channel: &str| (1.0 - conversion(&chain, Some(channel)) / base).max(0.0);
    let effects: ByChannel<f64> = input.each(()).into_keys().map(|c| (c.clone(), effect(&c))).collect();
    let sum: f64 = effects.values().sum();
    Ok(Output {
        status: Status::Ok,
        conversion_probability: base,
        attributed: effects.iter().map(|(c, e)| (c.clone(), e / sum * total)).collect(),
        removal_effect: effects.into_iter().map(|(c, e)| (c, Some(e))).collect(),
    })
}
