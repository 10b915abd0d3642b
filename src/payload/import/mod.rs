//! Somebody else's payload as specs.

mod condition;
mod name;
mod shares;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::schema::{Feature, Filter, Payload, Rule};
use crate::model::value::Date;
use name::{id, quoted};
use shares::Shares;

/// What a payload says, in the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The text of one file. It resolves; what a payload does not say stands as `to say`.
    pub text: String,
    /// What the manifest must say for it.
    pub manifest: String,
    /// What could not be taken over as it is, one line each.
    pub notes: Vec<String>,
}

/// Returns the payload's experiments, audiences, layers and holdouts as specs.
///
/// A payload does not say where on the map an experiment stands, why it runs,
/// whose it is, when it ends and what decides it: those stand as `to say`, over
/// four weeks from `today`. What the language cannot say is left out and noted,
/// never guessed. Units keep their arms only where the seed is one of ours; it
/// is noted where they do not.
pub fn import(payload: &Payload, today: Date) -> Imported {
    let mut importer = Importer::new(payload, today);
    for (key, feature) in payload.features.iter() {
        match key.strip_prefix("$holdout:") {
            Some(name) => importer.holdout(name, feature),
            None => importer.feature(key, feature),
        }
    }
    importer.finish()
}

struct Importer<'a> {
    payload: &'a Payload,
    today: Date,
    /// Declarations, each whole.
    holdouts: String,
    audiences: String,
    experiments: String,
    layers: BTreeMap<String, String>,
    /// Units by the attribute that holds their ids.
    units: BTreeMap<String, String>,
    attributes: BTreeMap<String, &'static str>,
    notes: Vec<String>,
}

impl<'a> Importer<'a> {
    fn new(payload: &'a Payload, today: Date) -> Self {
        Self {
            payload,
            today,
            holdouts: String::new(),
            audiences: String::new(),
            experiments: String::new(),
            layers: BTreeMap::new(),
            units: BTreeMap::new(),
            attributes: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Returns the unit whose ids stand in that attribute.
    fn unit(&mut self, attribute: Option<&str>) -> String {
        let attribute = attribute.filter(|a| !a.is_empty()).unwrap_or("id");
        let name = match attribute {
            "id" | "user_id" | "userId" => "user".to_owned(),
            other => id(other.trim_end_matches("_id").trim_end_matches("Id")),
        };
        self.units.entry(attribute.to_owned()).or_insert(name).clone()
    }

    fn holdout(&mut self, key: &str, feature: &Feature) {
        let rule = feature.rules.iter().find(|rule| rule.range.is_some() || rule.coverage.is_some());
        let share = rule.and_then(|rule| rule.range.map(|range| shares::taken(&[range])).or(rule.coverage));
        let Some((rule, share)) = rule.zip(share) else {
            return self.note(format!("holdout `{key}` holds nobody in a way that can be read; it is left out"));
        };
        let unit = self.unit(rule.hash_attribute.as_deref());
        let _ = writeln!(
            self.holdouts,
            "holdout {} {} {{ takes {}%; unit {unit} }}",
            id(key),
            quoted(key),
            shares::percent(share)
        );
    }

    fn feature(&mut self, key: &str, feature: &Feature) {
        let mut experiments = feature.rules.iter().filter(|rule| rule.variations.is_some());
        match (experiments.next(), experiments.next()) {
            (None, _) => self.note(format!("feature `{key}` runs no experiment; it is left out")),
            (Some(rule), None) => self.experiment(key, rule),
            (Some(_), Some(_)) => {
                self.note(format!("feature `{key}` runs several experiments; a spec has one each, so it is left out"));
            }
        }
    }

    fn experiment(&mut self, key: &str, rule: &Rule) {
        let Some(shares) = Shares::of(rule) else {
            return self.note(format!("`{key}` has ranges that no weights and traffic make; it is left out"));
        };
        let unit = |attribute: &Option<String>| attribute.clone().filter(|a| !a.is_empty()).unwrap_or("id".to_owned());
        if rule.filters.iter().flatten().any(|f| unit(&f.attribute) != unit(&rule.hash_attribute)) {
            return self.note(format!(
                "`{key}` is filtered by another unit than its own, which a layer cannot be; it is left out"
            ));
        }
        let audience = match self.audience(key, rule) {
            Ok(audience) => audience,
            Err(why) => {
                return self.note(format!("`{key}` has an audience that cannot be said: {why}; it is left out"));
            }
        };
        let name = id(key);
        let mut text = format!(
            "experiment {name} {} {{\n  at imported.product\n  because \"To say\"\n  owner imported-team\n",
            quoted(rule.name.as_deref().unwrap_or(key))
        );
        let last = self.today.saturating_add(jiff::Span::new().days(27));
        let _ = writeln!(text, "  runs from {} to {last}\n  status running", self.today);
        text.push_str(&self.restart(key, &name, rule));
        let _ = writeln!(text, "  unit {}", self.unit(rule.hash_attribute.as_deref()));
        if let Some(audience) = audience {
            let _ = writeln!(text, "  audience {audience}");
        }
        let _ = writeln!(text, "  traffic {}%", shares.traffic);
        text.push_str(&self.layers(key, rule));
        self.parents(key, rule);
        text.push_str(&self.variants(key, rule, &shares));
        text.push_str("  primary imported-outcome\n  method fixed with level 5% and power 80%\n}\n");
        self.experiments.push_str(&text);
    }

    /// Returns the restart that the seed stands for, and notes a draw that cannot be kept.
    fn restart(&mut self, key: &str, name: &str, rule: &Rule) -> String {
        let seed = rule.seed.as_deref().or(rule.key.as_deref()).unwrap_or(key);
        let number = seed.strip_prefix(name).and_then(|rest| rest.strip_prefix('@')?.parse::<u32>().ok());
        match number.filter(|_| rule.hash_version == Some(2)) {
            Some(1) => String::new(),
            Some(n) if n > 1 => format!("  restart {n} from {} because \"To say\"\n", self.today),
            _ => {
                self.note(format!(
                    "`{key}` hashes with the seed `{seed}`; as a spec it draws anew with `{name}@1`, so units change arms"
                ));
                String::new()
            }
        }
    }

    fn audience(&mut self, key: &str, rule: &Rule) -> Result<Option<String>, String> {
        let Some(condition) = rule.condition.as_ref().filter(|c| c.as_object().is_none_or(|o| !o.is_empty())) else {
            return Ok(None);
        };
        let said = condition::said(condition, &self.payload.saved_groups)?;
        for (field, kind) in said.fields {
            self.attributes.entry(field).or_insert(kind);
        }
        let name = format!("{}-audience", id(key));
        let _ = writeln!(self.audiences, "audience {name} {} {{ where {} }}", quoted(key), said.text);
        Ok(Some(name))
    }

    fn layers(&mut self, key: &str, rule: &Rule) -> String {
        let mut text = String::new();
        for filter in rule.filters.iter().flatten() {
            text.push_str(&self.layer(key, filter));
        }
        if let Some((name, start, end)) = rule.namespace.as_ref().filter(|_| rule.filters.is_none()) {
            let unit = self.unit(rule.hash_attribute.as_deref());
            self.note(format!("`{key}` has {start} to {end} of the namespace `{name}`; as a layer its place is anew"));
            text.push_str(&self.slice(name, unit, end - start));
        }
        text
    }

    fn layer(&mut self, key: &str, filter: &Filter) -> String {
        let unit = self.unit(filter.attribute.as_deref());
        let name = filter.seed.strip_prefix("layer:").unwrap_or(&filter.seed);
        if filter.seed.strip_prefix("layer:") != Some(id(name).as_str()) {
            self.note(format!(
                "`{key}` is filtered by the seed `{}`; as a layer its units are drawn anew",
                filter.seed
            ));
        }
        self.slice(name, unit, shares::taken(&filter.ranges))
    }

    fn slice(&mut self, name: &str, unit: String, share: f64) -> String {
        let layer = id(name);
        self.layers.insert(layer.clone(), format!("layer {layer} {} {{ unit {unit} }}\n", quoted(name)));
        format!("  layer {layer} takes {}%\n", shares::percent(share))
    }

    fn parents(&mut self, key: &str, rule: &Rule) {
        for parent in rule.parent_conditions.iter().filter(|p| !p.id.starts_with("$holdout:")) {
            self.note(format!("`{key}` asks for the feature `{}` first, which a spec cannot say", parent.id));
        }
    }

    fn variants(&mut self, key: &str, rule: &Rule, shares: &Shares) -> String {
        let metas = rule.meta.as_deref().unwrap_or_default();
        let keys: Vec<String> = (0..shares.weights.len())
            .map(|at| metas.get(at).and_then(|m| m.key.clone()).unwrap_or_else(|| at.to_string()))
            .collect();
        let has_control = keys.iter().any(|key| key == "control");
        let mut text = String::new();
        for (at, value) in rule.variations.iter().flatten().enumerate() {
            let (Some(written), Some(weight)) = (keys.get(at), shares.weights.get(at)) else { continue };
            let name = if at == 0 && !has_control { "control".to_owned() } else { id(written) };
            if name != *written {
                self.note(format!("`{key}`: the variant `{written}` is called `{name}`"));
            }
            let title = metas.get(at).and_then(|m| m.name.as_deref()).unwrap_or(written);
            let _ = writeln!(text, "  variant {name} {} {weight}%{}", quoted(title), name::sets(value, written));
        }
        text
    }

    fn finish(mut self) -> Imported {
        if self.units.is_empty() {
            self.units.insert("id".to_owned(), "user".to_owned());
        }
        let pairs = |map: &mut dyn Iterator<Item = (String, String)>| {
            map.map(|(k, v)| format!("{k}: {v}")).collect::<Vec<_>>().join(", ")
        };
        let units = pairs(&mut self.units.iter().map(|(column, unit)| (unit.clone(), column.clone())));
        let attributes = pairs(&mut self.attributes.iter().map(|(name, kind)| (name.clone(), (*kind).to_owned())));
        let layers: String = self.layers.values().map(String::as_str).collect();
        let parts = [HEAD, &self.holdouts, &layers, &self.audiences, "\n", &self.experiments];
        Imported {
            text: parts.concat(),
            manifest: format!("units: {{ {units} }}\nattributes: {{ {attributes} }}\n"),
            notes: self.notes,
        }
    }
}

/// What an experiment cannot be without, and a payload does not say.
const HEAD: &str = r#"# Taken over from a payload. What a payload does not say stands as "To say".

journey imported "To say: the journey these experiments are part of" {
  for somebody
  stage using "To say" {
    phase sale
    touchpoint product "To say: where the experiments run" {
      channel product-itself
      owner imported-team 100%
      seen by exposed
    }
  }
}
persona somebody "To say" {
  behavioural "To say"
}
team imported-team "To say"
channel product-itself "The product" { kind online }
event exposed { named "To say: the event that shows a unit was there" }
event outcome { named "To say: the event that counts" }
metric imported-outcome "To say: what decides" {
  share of outcome within 7 days
  higher is better
}

"#;

/// Returns a JSON scalar as the language writes a value.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.contains(['\n', '\r']) => Some(quoted(text)),
        Value::Bool(b) => Some(b.to_string()),
        Value::Number(n) => {
            let text = n.to_string();
            let plain = text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
            plain.then(|| text.strip_suffix(".0").unwrap_or(&text).to_owned())
        }
        _ => None,
    }
}
