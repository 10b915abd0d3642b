//! New weights for an experiment that runs, without moving anybody.

use serde_json::Value;

use super::endpoint::{buckets_of, endpoints};
use super::entries::Entries;
use super::schema::{Meta, Payload, Rule};
use crate::model::space::{Buckets, lowest_free};

/// Returns the payload `new`, in which no unit of an experiment that runs on
/// under the same seed leaves the arm that the published payload gave it.
///
/// Each arm keeps all its ranges. Where its weight or the traffic has grown,
/// it is given buckets that no arm had, lowest first; where they have shrunk,
/// it stays as it is, since giving buckets back would move people. A further
/// range of an arm is a further variation with the same value and the same
/// `meta.key`; arms are appended, so positions stay.
pub fn keep_ranges(new: Payload, published: &Payload) -> Payload {
    let features: Entries<_> = new
        .features
        .iter()
        .map(|(key, feature)| {
            let before = published.features.get(key).map_or(&[][..], |f| f.rules.as_slice());
            let mut feature = feature.clone();
            for rule in &mut feature.rules {
                if let Some(old) = before.iter().find(|old| runs_on(old, rule)) {
                    *rule = kept(rule.clone(), old);
                }
            }
            (key, feature)
        })
        .collect();
    Payload { features, ..new }
}

fn runs_on(old: &Rule, new: &Rule) -> bool {
    let is_experiment = |rule: &Rule| rule.variations.is_some() && rule.ranges.is_some();
    is_experiment(old) && is_experiment(new) && old.seed == new.seed && old.hash_version == Some(2)
}

/// One range of an arm.
struct Part {
    key: String,
    value: Value,
    buckets: Buckets,
}

fn parts(rule: &Rule) -> Vec<Part> {
    let (metas, ranges) = (rule.meta.as_deref().unwrap_or_default(), rule.ranges.iter().flatten());
    let part = |((at, value), range): ((usize, &Value), &[f64; 2])| Part {
        key: metas.get(at).and_then(|m| m.key.clone()).unwrap_or_else(|| at.to_string()),
        value: value.clone(),
        buckets: buckets_of(*range),
    };
    rule.variations.iter().flatten().enumerate().zip(ranges).map(part).collect()
}

/// Returns a rule with what each arm had before, and what it is to have more.
pub(super) fn kept(rule: Rule, old: &Rule) -> Rule {
    let (wanted, mut all) = (parts(&rule), parts(old));
    for want in &wanted {
        let has: u16 = all.iter().filter(|p| p.key == want.key).map(|p| p.buckets.count()).sum();
        for part in all.iter_mut().filter(|p| p.key == want.key) {
            part.value = want.value.clone();
        }
        let known = all.iter().any(|p| p.key == want.key);
        let busy = all.iter().map(|p| p.buckets).collect();
        let more = lowest_free(want.buckets.count().saturating_sub(has), busy);
        // An arm that is new takes its place even if there is nothing for it.
        let none = (!known && more.is_empty()).then_some(Buckets { start: 0, end: 0 });
        let add = |buckets| Part { key: want.key.clone(), value: want.value.clone(), buckets };
        all.extend(more.into_iter().chain(none).map(add));
    }
    Rule {
        variations: Some(all.iter().map(|p| p.value.clone()).collect()),
        ranges: Some(all.iter().map(|p| endpoints(p.buckets)).collect()),
        meta: Some(all.iter().map(|p| Meta { key: Some(p.key.clone()), ..Meta::default() }).collect()),
        // One for each arm, they do not describe these ranges any more.
        weights: None,
        coverage: None,
        ..rule
    }
}
