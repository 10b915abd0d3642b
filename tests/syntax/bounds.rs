//! What no input can make the parser do: panic, hang, overflow, or work without bound.

use std::process::Command;

use waypost::source::SourceId;
use waypost::syntax::{DEEPEST_NESTING, LARGEST_FILE, Unformatted, decode, format, parse};

use super::{GUITAR, cases, findings, read};

fn codes(text: &str) -> Vec<&'static str> {
    let parsed = read(text);
    findings(text, &parsed).into_iter().map(|(_, code)| code).collect()
}

#[test]
fn depth_64_is_read_and_65_refused_on_a_small_stack() {
    let nested = |n: usize| format!("{}{}", "a {\n".repeat(n), "}\n".repeat(n));
    let parens = |n: usize| format!("where {}a{}\n", "(".repeat(n), ")".repeat(n));
    let mixed = |n: usize| {
        format!(
            "{}where {}a{}\n{}",
            "a {\n".repeat(n / 2),
            "(".repeat(n - n / 2),
            ")".repeat(n - n / 2),
            "}\n".repeat(n / 2)
        )
    };
    let work = move || {
        for make in [&nested as &dyn Fn(usize) -> String, &parens, &mixed] {
            let text = make(DEEPEST_NESTING);
            let parsed = parse(SourceId::default(), &text);
            assert_eq!(parsed.diagnostics, vec![], "{text}");
            assert!(format(&parsed.tree, &text).is_ok());
            assert_eq!(codes(&make(DEEPEST_NESTING + 1)), vec!["too-deep"]);
            assert_eq!(codes(&make(100_000)), vec!["too-deep"]);
        }
        assert_eq!(codes(&"a {".repeat(100_000)), vec!["too-deep"]);
        // Openers that the scan may take for text or comment and the grammar not, or the other way round.
        for prefix in ["“a # ", "'a' # ", "\"a # ", "x# ", "“a\"", "\"\"\" ", "\\\"", "a\"\"\"", "«\" "] {
            parse(SourceId::default(), &format!("{prefix}{}\"\n", "{(".repeat(50_000)));
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(codes(&" ".repeat(LARGEST_FILE + 1)), vec!["too-large"]);
    assert_eq!(codes(&" ".repeat(LARGEST_FILE)), Vec::<&str>::new());
    assert_eq!(codes(&format!("about \"{}\"\n", "x".repeat(70_000))), vec!["too-long"]);
    assert_eq!(codes(&format!("for {}\n", "x".repeat(200))), vec!["too-long"]);
    assert_eq!(codes(&format!("value {}\n", "9".repeat(20))), vec!["too-long"]);
    assert_eq!(codes("a \"b\"\rc \"d\"\r"), vec!["lone-cr"]);
}

#[test]
fn hostile_texts_end() {
    // Large enough that anything quadratic is felt, small enough for every run.
    let size = 100_000;
    let units = [
        "\"",
        "'",
        "“",
        "a ",
        "a;",
        "(",
        "{ }",
        "} ",
        "a,\n",
        "for a,\nfor b,\n",
        "\n",
        "\n ",
        "#\n",
        "# \"\n",
        "\"\"\"\n",
        "x\"\"\"\n",
        "-",
        "- 1 ",
        "1 200 ",
        "a.b ",
        "a { b }\n",
        "@@ ?? ;; \n",
        "a\u{301}",
        "\u{200B}",
        "a > \n",
        "where (a\n",
        "a (\n#\n",
        "\" }",
        "\"{ ",
        "journey a \"",
        "\njourney a {",
        "=",
        "🙂",
        "12,5 ",
        "\"\\",
        "a:",
        "\"a\" ",
        "a\n  b\n",
    ];
    for unit in units {
        let text = unit.repeat(size / unit.len());
        let parsed = read(&text);
        let _ = format(&parsed.tree, &text);
    }
}

/// What fuzzing has found, with the assertions of `fuzz/fuzz_targets`.
#[test]
fn the_corpus_of_fuzzing_is_replayed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/text");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = decode(&std::fs::read(&path).unwrap()) else { continue };
        let parsed = read(&text);
        for finding in &parsed.diagnostics {
            assert!(text.get(finding.primary.span.range()).is_some(), "{path:?}");
            for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
                assert!(text.get(edit.span.range()).is_some(), "{path:?}");
            }
        }
        let resolution =
            waypost::resolve::resolve(&waypost::model::Manifest::default(), std::slice::from_ref(&parsed.tree));
        for finding in &resolution.diagnostics {
            assert!(text.get(finding.primary.span.range()).is_some(), "{path:?}");
        }
        match format(&parsed.tree, &text) {
            Ok(neat) => assert_eq!(format(&read(&neat).tree, &neat), Ok(neat.clone()), "{path:?}"),
            Err(error) => assert_eq!(error, Unformatted::Broken, "{path:?}"),
        }
        count += 1;
    }
    assert!(count >= 9);
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let error = decode(b"about \"\xFF\"").unwrap_err();
    assert_eq!((error.offset, error.likely), (7, "Latin-1"));
    assert_eq!(decode(b"\xFF\xFEa\0").unwrap_err().likely, "UTF-16");
    assert_eq!(decode(b"\xEF\xBB\xBFa").unwrap(), "a");
    assert_eq!(decode(GUITAR.as_bytes()).unwrap(), GUITAR);
}

#[test]
fn line_ends_and_byte_order_mark_change_nothing() {
    let other = format!("\u{FEFF}{}", GUITAR.replace('\n', "\r\n"));
    let parsed = read(&other);
    assert_eq!(findings(&other, &parsed), vec![]);
    let plain = read(GUITAR);
    assert_eq!(format(&parsed.tree, &other), format(&plain.tree, GUITAR));
}

/// The limit is one for the process, so that this runs in a process of its own.
#[test]
fn the_grammar_takes_few_steps_a_byte() {
    let Some(bytes) = std::env::var_os("WAYPOST_STEPS") else {
        let this = std::env::current_exe().unwrap();
        let name = "syntax::bounds::the_grammar_takes_few_steps_a_byte";
        let run =
            Command::new(this).args([name, "--exact", "--nocapture"]).env("WAYPOST_STEPS", "30").output().unwrap();
        assert!(
            run.status.success(),
            "{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
        print!("{}", String::from_utf8_lossy(&run.stdout));
        return;
    };
    let most: f64 = bytes.to_str().unwrap().parse().unwrap();
    let grown: String = (0..20).map(|seed| super::grow::join(&super::grow::file(seed))).collect();
    let texts = [("guitar", GUITAR.to_owned()), ("grown", grown)];
    for (name, text) in texts.into_iter().chain(
        cases::texts()
            .into_iter()
            .map(|(n, t, _)| (n, t))
            .filter(|(_, t)| read(t).diagnostics.is_empty())
            .map(|(n, t)| (if n.is_empty() { "" } else { "case" }, t)),
    ) {
        // The first reading sets the limit; from then on it is ours.
        read(&text);
        let (mut low, mut high) = (1, text.len() * 1_000);
        while low < high {
            let middle = low.midpoint(high);
            pest::set_call_limit(std::num::NonZeroUsize::new(middle));
            if read(&text).diagnostics.iter().any(|d| d.code == "too-tangled") {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let each = low as f64 / text.len() as f64;
        println!("{name}: {each:.1} steps a byte");
        assert!(each <= most, "{name} takes {each:.1} steps a byte");
        pest::set_call_limit(std::num::NonZeroUsize::new(100_000_000));
    }
}

#[test]
fn a_file_of_noise_keeps_its_first_mistakes_and_counts_the_rest() {
    let text = "@@ ?? ;;\n".repeat(6_000);
    let found = read(&text).diagnostics;
    assert_eq!(found.len(), 10_001);
    assert_eq!((found[0].code, found[0].primary.span.start), ("too-many-findings", 0));
    assert!(found[0].message.contains("12000 mistakes"), "{}", found[0].message);
}
