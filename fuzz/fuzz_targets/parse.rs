//! Any bytes give a tree and findings, whose places lie in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::source::SourceId;
use waypost::syntax::{decode, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes) else { return };
    for finding in parse(SourceId::default(), &text).diagnostics {
        assert!(text.get(finding.primary.span.range()).is_some());
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some());
        }
    }
});
