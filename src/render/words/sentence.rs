//! The sentences of a report in a language: the rule's words, its blanks written as the language writes them.

use super::{Label, Words, fill};
use crate::analysis::{Blank, RULES, Scale, Sentence, p_value};
use crate::stats::Interval;

impl Words {
    /// Returns a sentence in this language; in English where a labels file lacks the rule's words.
    pub fn sentence(&self, sentence: &Sentence) -> String {
        let values: Vec<(&str, String)> = sentence.with.iter().map(|(k, v)| (*k, self.blank(v))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let count = sentence.with.iter().find_map(|(_, v)| match v {
            Blank::Count(n) => Some(*n),
            _ => None,
        });
        let key = format!("rule.{}", sentence.rule);
        let own = if self.labels.contains_key(&key) { self.form(&key, count.unwrap_or(0)) } else { english(sentence) };
        fill(own, &values).replace("= < ", "< ")
    }

    fn blank(&self, blank: &Blank) -> String {
        match blank {
            Blank::Name(text) => text.clone(),
            Blank::Written(text) => self.adapted(text),
            Blank::Effect(scale, effect) => self.effect(*scale, *effect),
            Blank::Range(scale, interval) => self.between(*scale, *interval),
            Blank::Share(share) => self.percent(*share, Scale::Relative.decimals(*share)),
            Blank::P(p) => match p_value(*p) {
                Some((p, decimals)) => self.number(p, decimals),
                None => self.fill("number.p_below", &[("p", &self.number(0.0001, 4))]),
            },
            Blank::Count(count) => self.integer(*count),
            Blank::Day(day) => self.date(*day),
            Blank::Days(days) => {
                let shown = if days.len() > 3 { 2 } else { 3 };
                let first: Vec<String> = days.iter().take(shown).map(|d| self.date(*d)).collect();
                let more = days.len().saturating_sub(shown) as u64;
                let list = first.join(self.t("list.comma"));
                if more > 0 { self.count("list.more_days", more, &[("days", &list)]) } else { list }
            }
            Blank::Ratio(parts) => {
                let part = |x: &f64| self.number(*x, if x.fract() == 0.0 { 0 } else { 1 });
                parts.iter().map(part).collect::<Vec<_>>().join(" : ")
            }
            Blank::Said(sentence) => self.sentence(sentence),
            Blank::Listed(all) => {
                all.iter().map(|s| self.sentence(s)).collect::<Vec<_>>().join(self.t("list.semicolon"))
            }
        }
    }

    /// Returns an effect with its sign, in the scale's unit.
    fn effect(&self, scale: Scale, effect: f64) -> String {
        let decimals = scale.decimals(effect);
        match scale {
            Scale::Relative => self.fill("number.percent", &[("n", &self.signed(100.0 * effect, decimals))]),
            Scale::Points => self.fill("number.points", &[("n", &self.signed(100.0 * effect, decimals))]),
            Scale::Own => self.signed(effect, decimals),
        }
    }

    fn between(&self, scale: Scale, Interval { low, high }: Interval) -> String {
        let each = |x: Option<f64>| x.map(|x| self.effect(scale, x)).unwrap_or_default();
        let key = match (low, high) {
            (Some(_), Some(_)) => "range.between",
            (Some(_), None) => "range.above",
            (None, Some(_)) => "range.below",
            (None, None) => "range.any",
        };
        self.fill(key, &[("low", &each(low)), ("high", &each(high))])
    }

    /// Returns whether the language has words of its own for a rule of the analysis.
    pub fn says_rule(&self, rule: &str) -> Option<&str> {
        self.labels.get(&format!("rule.{rule}")).map(|label| match label {
            Label::Text(text) => text.as_str(),
            Label::Plural(forms) => forms.get("other").map_or("", String::as_str),
        })
    }
}

/// Returns the English words of a sentence's rule.
fn english(sentence: &Sentence) -> &str {
    RULES.iter().find(|(id, _)| *id == sentence.rule).map_or(sentence.text.as_str(), |(_, text)| *text)
}
