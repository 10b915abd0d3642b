//! Whatever was written, names are looked up and rules run to the end; a model means no error was found.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::diagnostic::Severity;
use waypost::model::Manifest;
use waypost::source::Sources;
use waypost::syntax::{decode, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes) else { return };
    let mut sources = Sources::default();
    let id = sources.add("fuzz.journey", text.as_str());
    let parsed = parse(id, &text);
    let trees = [parsed.tree];
    let resolution = waypost::resolve::resolve(&Manifest::default(), &trees);
    for finding in &resolution.diagnostics {
        assert!(text.get(finding.primary.span.range()).is_some());
    }
    if let Some(model) = &resolution.model {
        assert!(resolution.diagnostics.iter().all(|d| d.severity != Severity::Error));
        let today = "2026-11-22".parse().expect("a date");
        for finding in waypost::lint::run(model, &trees, &sources, today) {
            assert!(text.get(finding.primary.span.range()).is_some());
        }
    }
});
