//! Reads `waypost.yaml`.

use super::names;
use crate::diagnostic::Diagnostic;
use crate::model::Manifest;
use crate::model::colour::{Colour, Fault, Mode, READABLE};
use crate::model::manifest::{Theme, families};
use crate::source::{SourceId, Span};

/// The largest manifest read.
const LIMIT: usize = 1 << 20;

/// Returns the manifest of a text, or the finding that says what is wrong with it.
///
/// Unknown keys, keys that come twice, anchors and texts above 1 MB are errors.
pub fn manifest(source: SourceId, text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
    if text.len() > LIMIT {
        let finding = Diagnostic::error("manifest", Span::new(source, 0, 0), "the manifest is larger than 1 MB");
        return (None, vec![finding.help("keep data in files of their own and name them under `data:`")]);
    }
    if let Some(finding) = anchor(source, text) {
        return (None, vec![finding]);
    }
    match serde_yaml::from_str::<Manifest>(text) {
        Ok(manifest) => {
            let mut manifest = Manifest { written: true, ..manifest };
            let mut findings = problems(source, text, &manifest);
            findings.extend(conditions(source, text, &mut manifest));
            let usable = findings.is_empty().then_some(manifest);
            (usable, findings)
        }
        Err(error) => (None, vec![unreadable(source, text, &error)]),
    }
}

/// Anchors and aliases can make a small text large, and a reader cannot follow them.
fn anchor(source: SourceId, text: &str) -> Option<Diagnostic> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let value = line.split_once(": ").map_or(line, |(_, v)| v).trim_start_matches([' ', '-']);
        if value.starts_with('&') || value.starts_with('*') && !value.starts_with("*.") && !value.starts_with("**") {
            let at = offset + line.len() - value.len();
            let finding = Diagnostic::error(
                "manifest",
                Span::new(source, at, at + value.trim_end().len()),
                "anchors and aliases are not used in the manifest",
            );
            return Some(finding.help("write the value out, or put it in quotes if it is a text"));
        }
        offset += line.len();
    }
    None
}

fn unreadable(source: SourceId, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let (start, end) = match error.location() {
        Some(place) => {
            let start = place.index().min(text.len());
            let start = (0..=start).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            let rest = text.get(start..).unwrap_or("");
            (start, start + rest.find('\n').unwrap_or(rest.len()))
        }
        None => (0, text.find('\n').unwrap_or(text.len())),
    };
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full).replace("unknown field", "unknown key");
    let message = message.replace("missing field", "missing key").replace(", expected one of", "; known here:");
    let finding = Diagnostic::error("manifest", Span::new(source, start, end), &*message);
    match meant_key(&message) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    }
}

/// Returns the key that a message about an unknown one most likely means.
fn meant_key(message: &str) -> Option<&str> {
    let (wrong, known) = message.split_once("; known here:")?;
    let wrong = wrong.split('`').nth(1)?;
    names::nearest(wrong, known.split('`').skip(1).step_by(2))
}

fn problems(source: SourceId, text: &str, manifest: &Manifest) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut error = |key: &str, message: String, help: &str| {
        findings.push(Diagnostic::error("manifest", key_span(source, text, key), message).help(help));
    };
    if manifest.edition != 2026 {
        error("edition", format!("edition {} is not known", manifest.edition), "write `edition: 2026`");
    }
    if jiff::tz::TimeZone::get(manifest.zone()).is_err() {
        let message = format!("`{}` is no time zone", manifest.zone());
        error("time_zone", message, "write an IANA name, such as `Europe/Lisbon`");
    }
    if let Some(code) = manifest.currency.as_deref().filter(|c| crate::model::value::Currency::parse(c).is_none()) {
        error("currency", format!("`{code}` is no currency of ISO 4217"), "write a code such as `EUR`");
    }
    for data in &manifest.data {
        if let Some(name) = data.preset.as_deref().filter(|p| crate::model::preset::preset(p).is_none()) {
            let known: Vec<&str> = crate::model::preset::PRESETS.iter().map(|p| p.name).collect();
            error("data", format!("`{name}` is no preset"), &format!("known are: {}", known.join(", ")));
        }
        let kinds = [&data.events, &data.units, &data.tallies].into_iter().filter(|f| !f.patterns().is_empty()).count();
        if kinds != 1 {
            error(
                "data",
                "each entry of `data` names exactly one of `events`, `units` and `tallies`".to_owned(),
                "split the entry",
            );
        }
    }
    let money = manifest.properties.iter().chain(manifest.attributes.iter());
    if manifest.currency.is_none() && money.into_iter().any(|(_, t)| *t == crate::model::manifest::PropertyType::Money)
    {
        error("properties", "a property is money, and no `currency` is named".to_owned(), "add `currency: EUR`, say");
    }
    for (message, help) in theme(&manifest.theme) {
        error("theme", message, &help);
    }
    findings
}

/// Returns what of the colours of a mode is no colour, is said twice, or has too little contrast.
fn colours(theme: &Theme, mode: Mode) -> Vec<(String, String)> {
    let written = theme.written(mode);
    let mut out = Vec::new();
    for (_, key, text) in written.iter().filter(|(.., text)| Colour::parse(text).is_none()) {
        out.push((format!("`{key}: {text}` is no colour"), "write it as `\"#0072b2\"`".to_owned()));
    }
    let twice: Vec<&str> =
        written.iter().filter(|(name, ..)| *name == "accent").map(|(_, key, _)| key.as_str()).collect();
    if let [first, second] = twice.as_slice() {
        out.push((format!("`{first}` and `{second}` are the same colour"), format!("leave `{second}` out")));
    }
    let way = if mode == Mode::Light { ("darker", "lighter") } else { ("lighter", "darker") };
    out.extend(theme.palette(mode).faults(mode).iter().map(|fault| contrast(fault, &written, mode, way)));
    out
}

/// Returns a want of contrast in words: a colour of the team's, or one of ours on the team's paper.
fn contrast(
    fault: &Fault,
    written: &[(&'static str, String, &str)],
    mode: Mode,
    (stronger, weaker): (&str, &str),
) -> (String, String) {
    let Fault { colour, paper, contrast, least, .. } = fault;
    let of = if *least < READABLE { "what is drawn" } else { "text" };
    let needs = format!("{of} needs {least} to 1");
    let key = fault.name.and_then(|name| written.iter().find(|(n, ..)| *n == name));
    match (key, fault.name) {
        (Some((_, key, text)), _) => {
            let message = format!("`{key}: {text}` cannot be read on {paper}: its contrast is {contrast:.1} to 1");
            (message, format!("{needs}; choose a {stronger} one"))
        }
        (None, name) => {
            let theme = if mode == Mode::Light { "light" } else { "dark" };
            let what = name.map_or("lines of ours".to_owned(), |n| format!("`{n}`"));
            let message = format!("`{theme}.background: {paper}` is too near to {what}, {colour}: {contrast:.1} to 1");
            let also = name.map(|n| format!(", or name `{theme}.{n}` too")).unwrap_or_default();
            (message, format!("{needs}; choose a {weaker} background{also}"))
        }
    }
}

/// Returns what of a theme cannot be drawn, or not be read, and what to do.
fn theme(theme: &Theme) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> =
        [Mode::Light, Mode::Dark].into_iter().flat_map(|m| colours(theme, m)).collect();
    if let Some(font) = theme.font.as_deref().filter(|f| families(f).is_none()) {
        let help = "write families as `Inter, Source Sans 3`; they are taken from the reader's machine";
        out.push((format!("`{font}` names no families of letters"), help.to_owned()));
    }
    out
}

/// Resolves the `where` of each data entry; its fields are columns, so nothing need be declared.
fn conditions(source: SourceId, text: &str, manifest: &mut Manifest) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for data in &mut manifest.data {
        let Some(written) = &data.only else { continue };
        data.condition = condition(written);
        if data.condition.is_none() {
            let message = format!("`{written}` is no condition");
            let finding = Diagnostic::error("manifest", key_span(source, text, "data"), message);
            findings.push(finding.help("write it as in the specs, such as `country == \"PT\" and amount > 0`"));
        }
    }
    findings
}

/// Returns the condition of a text, read as the specs' own.
fn condition(text: &str) -> Option<crate::model::Condition> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut sources = crate::source::Sources::default();
    let spec = format!("audience rows \"Rows\" {{\n  where {line}\n}}\n");
    let parsed = crate::syntax::parse(sources.add("where", spec.as_str()), &spec);
    if parsed.diagnostics.iter().any(|d| d.severity == crate::diagnostic::Severity::Error) {
        return None;
    }
    let model = super::resolve(&Manifest::default(), &[parsed.tree]).model?;
    let only = model.audiences.len() == 1;
    model.audiences.values().next().filter(|_| only).map(|a| a.condition.clone())
}

fn key_span(source: SourceId, text: &str, key: &str) -> Span {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) {
            return Span::new(source, offset, offset + line.trim_end().len());
        }
        offset += line.len();
    }
    Span::new(source, 0, 0)
}
