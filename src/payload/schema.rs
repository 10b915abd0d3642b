//! The shape of a GrowthBook SDK payload, features form, specification 0.12.0.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::decrypt::decrypt;
use super::entries::Entries;

/// What a feature endpoint answers: the features, and what their rules need.
///
/// Reading is as forgiving as the SDKs are: a field of a wrong type counts as
/// absent, and fields that nobody here knows are kept in `other` and written
/// again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payload {
    /// The HTTP status that the GrowthBook API repeats in its body.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub status: Option<u16>,
    /// The features by key.
    #[serde(deserialize_with = "lenient")]
    pub features: Entries<Feature>,
    /// Lists and conditions that rules refer to: bare lists, or typed entries.
    #[serde(rename = "savedGroups", skip_serializing_if = "Map::is_empty", deserialize_with = "lenient")]
    pub saved_groups: Map<String, Value>,
    /// Everything else that the payload holds.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Payload {
    /// Returns the payload that `text` holds.
    ///
    /// Takes what the feature endpoint answers, and a bare map of features.
    /// Errors say where the JSON is broken, or that it is no payload.
    pub fn read(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|e| format!("this is not JSON: {e}"))?;
        Self::from_value(value)
    }

    /// Returns the payload that `text` holds, its features decrypted with that key.
    pub fn read_encrypted(text: &str, key: &str) -> Result<Self, String> {
        let mut value: Value = serde_json::from_str(text).map_err(|e| format!("this is not JSON: {e}"))?;
        for (field, hidden) in [("features", "encryptedFeatures"), ("savedGroups", "encryptedSavedGroups")] {
            let Some(encrypted) = value.get(hidden).and_then(Value::as_str) else {
                continue;
            };
            let plain = decrypt(encrypted, key)?;
            let plain: Value = serde_json::from_str(&plain).map_err(|e| format!("`{hidden}` holds no JSON: {e}"))?;
            if let Value::Object(fields) = &mut value {
                fields.insert(field.to_owned(), plain);
                fields.shift_remove(hidden);
            }
        }
        Self::from_value(value)
    }

    /// Returns the payload that a JSON value holds; see [`Payload::read`].
    pub fn from_value(value: Value) -> Result<Self, String> {
        let Value::Object(fields) = &value else {
            return Err("a payload is a JSON object with `features`".to_owned());
        };
        if fields.contains_key("features") {
            return serde_json::from_value(value).map_err(|e| e.to_string());
        }
        if fields.contains_key("encryptedFeatures") {
            return Err("the features are encrypted; give the decryption key".to_owned());
        }
        if fields.values().all(|f| f.get("defaultValue").is_some() || f.get("rules").is_some()) {
            let features = serde_json::from_value(value).map_err(|e| e.to_string())?;
            return Ok(Self { features, ..Self::default() });
        }
        Err("a payload is a JSON object with `features`".to_owned())
    }

    /// Returns the payload as JSON text, indented, ending in a newline.
    pub fn write(&self) -> String {
        // Only maps with string keys and finite numbers are in it, so neither can fail.
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut text = serde_json::to_string_pretty(&plain(value)).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Returns the value with whole numbers written without a point, as
/// JavaScript writes them.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(n) => whole(&n).map_or(Value::Number(n), Value::from),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => fields.into_iter().map(|(k, v)| (k, plain(v))).collect(),
        other => other,
    }
}

fn whole(n: &serde_json::Number) -> Option<i64> {
    let f = n.as_f64().filter(|f| n.is_f64() && f.fract() == 0.0 && f.abs() < 9.0e15)?;
    Some(f as i64)
}

/// One feature: a default, and the rules that come before it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Feature {
    /// What holds when no rule applies; null when it is not written.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub default_value: Value,
    /// The rules; the first that applies decides.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient")]
    pub rules: Vec<Rule>,
    /// Everything else that the feature holds.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// One rule: it forces a value or runs an experiment, for those it covers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rule {
    /// The rule's name in results.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub id: Option<String>,
    /// The experiment's key in results and in forced variations.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub key: Option<String>,
    /// The experiment's name, for people.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub name: Option<String>,
    /// The experiment's phase, for people.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub phase: Option<String>,
    /// What is hashed with the unit's id.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub seed: Option<String>,
    /// Which attribute holds the unit's id.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub hash_attribute: Option<String>,
    /// Which attribute stands in where sticky buckets are kept.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub fallback_attribute: Option<String>,
    /// Which hash: 1 or 2; others never match.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub hash_version: Option<i64>,
    /// Features whose value must hold first.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient")]
    pub parent_conditions: Vec<Parent>,
    /// Who may enter.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub condition: Option<Value>,
    /// Ranges of other hashes that must hold, such as a layer's.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub filters: Option<Vec<Filter>>,
    /// The older form of a layer: its name, and a range of it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub namespace: Option<(String, f64, f64)>,
    /// The value to force; a null that is written forces null.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub force: Option<Value>,
    /// The buckets that a force rule covers.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub range: Option<[f64; 2]>,
    /// The variations' values.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub variations: Option<Vec<Value>>,
    /// The buckets of each variation.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub ranges: Option<Vec<[f64; 2]>>,
    /// The variations' shares.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub weights: Option<Vec<f64>>,
    /// The share of units that is covered at all.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub coverage: Option<f64>,
    /// The variations' keys and names.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub meta: Option<Vec<Meta>>,
    /// Turns sticky buckets off for this rule.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub disable_sticky_bucketing: Option<bool>,
    /// The version of the sticky buckets.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub bucket_version: Option<i64>,
    /// Units with a sticky bucket older than this stay out.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub min_bucket_version: Option<i64>,
    /// Everything else that the rule holds.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A feature whose value must meet a condition before a rule applies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parent {
    /// The feature's key.
    #[serde(deserialize_with = "lenient")]
    pub id: String,
    /// What its `value` must meet.
    pub condition: Value,
    /// Whether failing it decides the whole feature, not only the rule.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub gate: Option<bool>,
}

/// Buckets of another hash that a unit must fall into.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Filter {
    /// What is hashed with the id.
    #[serde(deserialize_with = "lenient")]
    pub seed: String,
    /// Which attribute holds the id; `id` when it is not written.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub attribute: Option<String>,
    /// Which hash; 2 when it is not written.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub hash_version: Option<i64>,
    /// The buckets.
    #[serde(deserialize_with = "lenient")]
    pub ranges: Vec<[f64; 2]>,
}

/// What is known of one variation besides its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// Its key in results; analysis joins on it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub key: Option<String>,
    /// Its name, for people.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether its units go on to the next rule.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub passthrough: Option<bool>,
}

/// Reads a field, taking one of a wrong type for one that is absent.
fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Reads a field whose null is a value of its own.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
