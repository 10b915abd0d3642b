//! What is true of simulated people: [`Truth`]. What it does not say comes from the specs.

use crate::model::manifest::Ordered;
use crate::model::value::Date;
use serde::Deserialize;

/// The truth of a simulation. Shares and chances are fractions; effects are relative changes, such as `+8%`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Truth {
    /// How many people.
    pub people: u64,
    /// The seed.
    pub seed: u64,
    /// The first day anybody comes; two weeks before the first experiment without one.
    #[serde(deserialize_with = "day")]
    pub from: Option<Date>,
    /// The first day without data; two weeks after the last experiment without one.
    #[serde(deserialize_with = "day")]
    pub until: Option<Date>,
    /// The values of attributes.
    pub attributes: Ordered<Choices>,
    /// The values of properties that are numbers.
    pub properties: Ordered<Spread>,
    /// Where people come in: touchpoint to weight.
    pub enters: Ordered<f64>,
    /// The chance of going on from a touchpoint.
    pub goes_on: Ordered<f64>,
    /// The chance that a touchpoint on the way is seen at all.
    pub sees: Ordered<f64>,
    /// The chance that the promise of a touchpoint is kept, for those who come there.
    pub keeps: Ordered<f64>,
    /// How people come to a touchpoint again.
    pub repeats: Ordered<Again>,
    /// The answers to a score, where a metric asks for it.
    pub scores: Ordered<Scores>,
    /// The chance of a handover after the touchpoint, for those who are on the first device there.
    pub hands_over: f64,
    /// The chance of being a customer from before.
    pub returns: f64,
    /// The chance of consent, where the data says it.
    pub consents: f64,
    /// Experiment, variant, metric: the true effect. Without an entry, a primary has the effect it expects.
    pub effects: Ordered<Ordered<Ordered<String>>>,
}

impl Default for Truth {
    fn default() -> Self {
        Self {
            people: 5_000,
            seed: 1,
            from: None,
            until: None,
            attributes: Ordered::default(),
            properties: Ordered::default(),
            enters: Ordered::default(),
            goes_on: Ordered::default(),
            sees: Ordered::default(),
            keeps: Ordered::default(),
            repeats: Ordered::default(),
            scores: Ordered::default(),
            hands_over: 0.3,
            returns: 0.05,
            consents: 0.8,
            effects: Ordered::default(),
        }
    }
}

impl Truth {
    /// Returns the truth of a YAML text.
    ///
    /// # Errors
    /// Says what is wrong, and where.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_yaml::from_str(text).map_err(|e| e.to_string().replace("unknown field", "unknown key"))
    }
}

/// The values of an attribute.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Choices {
    /// Whole numbers of a range, all alike.
    Range(Range),
    /// Values and their weights.
    Weights(Ordered<f64>),
}

/// Whole numbers.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The smallest.
    pub from: i64,
    /// The largest.
    pub to: i64,
}

/// A log-normal number.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Half of them are smaller.
    pub median: f64,
    /// The standard deviation of the logarithm.
    #[serde(default = "spread")]
    pub spread: f64,
}

/// Coming again: each time with a chance, after a wait that knows no age (exponential).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// The chance of one time more.
    pub chance: f64,
    /// The wait on average, in days.
    pub days: f64,
}

/// How many answer 9 or 10, 7 or 8, and 0 to 6: weights.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// 9 or 10.
    pub promoters: f64,
    /// 7 or 8.
    pub passives: f64,
    /// 0 to 6.
    pub detractors: f64,
}

fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|t| t.parse().map_err(|_| serde::de::Error::custom(format!("`{t}` is no day, such as 2026-10-05"))))
        .transpose()
}

fn spread() -> f64 {
    0.5
}

/// Returns the change that a text writes: 0.08 for `+8%`.
pub(super) fn change(text: &str) -> Option<f64> {
    let number: f64 = text.strip_suffix('%')?.trim().parse().ok()?;
    (number.is_finite() && number > -100.0).then_some(number / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truth_says_what_is_wrong_with_it() {
        let truth = Truth::read("people: 7\nattributes: {age: {from: 18, to: 60}, country: {PT: 2, ES: 1}}\n").unwrap();
        assert_eq!((truth.people, truth.seed), (7, 1));
        assert!(matches!(truth.attributes.get("age"), Some(Choices::Range(Range { from: 18, to: 60 }))));
        assert!(Truth::read("peple: 7").unwrap_err().contains("unknown key `peple`"));
        assert_eq!(
            (change("+8%"), change("-2.5%"), change("8"), change("-100%")),
            (Some(0.08), Some(-0.025), None, None)
        );
    }
}
