//! What fills a place of a sentence: [`Blank`], a value that each language writes as it does.

use super::report::Sentence;
use crate::model::value::Date;
use crate::stats::Interval;
use serde::{Serialize, Serializer};
use std::fmt::{Display, Formatter, Result};

/// A value in a sentence. Its [`Display`] is the English of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Blank {
    /// A name or a text of the user's, as it is.
    Name(String),
    /// A change or a value as the spec writes it: `+5%`.
    Written(String),
    /// An effect.
    Effect(Scale, f64),
    /// A range of effects; an end is open where it is absent.
    Range(Scale, Interval),
    /// A share, 0 to 1.
    Share(f64),
    /// A p-value.
    P(f64),
    /// A count of things.
    Count(u64),
    /// A day.
    Day(Date),
    /// Days.
    Days(Vec<Date>),
    /// Numbers beside each other: counts or weights of the arms.
    Ratio(Vec<f64>),
    /// Another sentence, or a part of one.
    Said(Box<Sentence>),
    /// Sentences or parts of them, one after the other.
    Listed(Vec<Sentence>),
}

/// How an effect is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Relative to the control: 0.032 is `+3.2%`.
    Relative,
    /// A difference of shares: 0.032 is `+3.20 points`.
    Points,
    /// In the metric's own unit.
    Own,
}

impl Blank {
    /// Returns the text of a name.
    pub(super) fn name(text: impl Into<String>) -> Self {
        Self::Name(text.into())
    }

    /// Returns a sentence in a sentence.
    pub(super) fn said(sentence: Sentence) -> Self {
        Self::Said(Box::new(sentence))
    }
}

impl Scale {
    /// Returns how many decimals show what counts of an effect, in the unit it is shown in.
    pub fn decimals(self, effect: f64) -> usize {
        match self {
            Scale::Relative => match (100.0 * effect).abs() {
                size if size >= 100.0 => 0,
                size if size >= 1.0 => 1,
                _ => 2,
            },
            Scale::Points => digits(100.0 * effect),
            Scale::Own => digits(effect),
        }
    }

    fn english(self, effect: f64) -> String {
        let decimals = self.decimals(effect);
        match self {
            Scale::Relative => format!("{}%", signed(100.0 * effect, decimals)),
            Scale::Points => format!("{} points", signed(100.0 * effect, decimals)),
            Scale::Own => signed(effect, decimals),
        }
    }
}

/// Decimals for three digits that count.
fn digits(value: f64) -> usize {
    match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        size => (2.0 - libm::log10(size).floor()).clamp(2.0, 12.0) as usize,
    }
}

fn signed(value: f64, decimals: usize) -> String {
    let sign = if value < 0.0 { "" } else { "+" };
    format!("{sign}{value:.decimals$}")
}

/// Returns a p-value with two digits that count; nothing below 0.0001, where only that is said.
pub fn p_value(value: f64) -> Option<(f64, usize)> {
    match value {
        v if v < 0.0001 => None,
        v if v < 0.001 => Some((v, 5)),
        v if v < 0.01 => Some((v, 4)),
        v if v < 0.1 => Some((v, 3)),
        v => Some((v, 2)),
    }
}

impl Display for Blank {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Blank::Name(text) | Blank::Written(text) => f.write_str(text),
            Blank::Effect(scale, effect) => f.write_str(&scale.english(*effect)),
            Blank::Range(scale, Interval { low, high }) => match (low, high) {
                (Some(low), Some(high)) => {
                    write!(f, "between {} and {}", scale.english(*low), scale.english(*high))
                }
                (Some(low), None) => write!(f, "of {} or more", scale.english(*low)),
                (None, Some(high)) => write!(f, "of {} or less", scale.english(*high)),
                (None, None) => f.write_str("of any size"),
            },
            Blank::Share(share) => write!(f, "{:.*}%", Scale::Relative.decimals(*share), 100.0 * share),
            Blank::P(p) => match p_value(*p) {
                Some((p, decimals)) => write!(f, "{p:.decimals$}"),
                None => f.write_str("< 0.0001"),
            },
            Blank::Count(count) => write!(f, "{count}"),
            Blank::Day(day) => write!(f, "{day}"),
            Blank::Days(days) => {
                let shown = if days.len() > 3 { 2 } else { 3 };
                let first: Vec<String> = days.iter().take(shown).map(Date::to_string).collect();
                f.write_str(&first.join(", "))?;
                if days.len() > shown { write!(f, " and {} more days", days.len() - shown) } else { Ok(()) }
            }
            Blank::Ratio(parts) => f.write_str(&parts.iter().map(f64::to_string).collect::<Vec<_>>().join(" : ")),
            Blank::Said(sentence) => f.write_str(&sentence.text),
            Blank::Listed(all) => f.write_str(&all.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("; ")),
        }
    }
}

/// In JSON it is its English.
impl Serialize for Blank {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
