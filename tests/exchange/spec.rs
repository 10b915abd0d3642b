//! Specs as JSON and YAML, and back.

use proptest::prelude::*;
use waypost::exchange::spec::{Format, RESERVED, SCHEMA, Spec, write};
use waypost::model::vocabulary::ROWS;
use waypost::source::SourceId;
use waypost::syntax::{format, parse};

/// Returns a text as the formatter writes it.
fn formatted(text: &str) -> String {
    let parsed = parse(SourceId::default(), text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    format(&parsed.tree, text).unwrap()
}

fn through(text: &str, form: Format) -> String {
    let parsed = parse(SourceId::default(), text);
    let spec = write(Some("name: x\n"), &[("a/b.journey", text, &parsed.tree)]).unwrap();
    let said = spec.text(form).unwrap();
    let back = Spec::read(SourceId::default(), &said, form).unwrap_or_else(|e| panic!("{}\n{said}", e.message));
    assert_eq!(back, spec);
    assert_eq!(back.manifest.as_deref(), Some("name: x\n"));
    let files = back.files(SourceId::default()).unwrap_or_else(|e| panic!("{e:?}\n{said}"));
    assert_eq!(files[0].0, "a/b.journey");
    files[0].1.clone()
}

#[test]
fn the_gallery_comes_back_whole() {
    for (name, text) in crate::specs::texts() {
        let meant = formatted(&text);
        for form in [Format::Json, Format::Yaml] {
            assert_eq!(through(&meant, form), meant, "{name}");
        }
    }
}

#[test]
fn odd_things_come_back() {
    let text = "# first\n\n\n# second\njourney j \"a \\\"b\\\" \\\\ c\" { # open\n  for a, # one\n    b\n  about \"\"\"\n    Two lines,\n\n      \
                one indented.\n    \"\"\"\n  stage s \"no\" { phase sale } # behind\n  # last\n}\n\npersona a \"~\"\npersona b \"2026-01-01\" {\n  \
                where (x >= 1.50 and y in (\"1\", \"true\")) or not property \"$z\" exists\n}\n";
    let meant = formatted(text);
    for form in [Format::Json, Format::Yaml] {
        assert_eq!(through(&meant, form), meant);
    }
}

#[test]
fn no_keyword_is_reserved() {
    for row in ROWS {
        for keyword in row.keywords() {
            assert!(!RESERVED.contains(&keyword), "`{keyword}`");
        }
    }
}

fn refused(text: &str, form: Format) -> String {
    let spec = match Spec::read(SourceId::default(), text, form) {
        Ok(spec) => spec,
        Err(finding) => return finding.message,
    };
    spec.files(SourceId::default()).unwrap_err().remove(0).message
}

#[test]
fn what_does_not_say_what_it_seems_is_refused() {
    let file = |content: &str| {
        format!("{{\"schema\":\"{SCHEMA}\",\"files\":[{{\"path\":\"a.journey\",\"content\":[{content}]}}]}}")
    };
    for (content, why) in [
        (r#"{"use":["a b"]}"#, "argument 1 of `use`, `a b`, does not read as it stands"),
        (r#"{"use":["a } journey x"]}"#, "argument 1 of `use`"),
        (r#"{"use":[{"text":"a\nb"}]}"#, "argument 1 of `use`"),
        (r#"{"two words":[]}"#, "`two words` is not one word"),
        (r#"{"comment":"no mark"}"#, "does not begin with `#`"),
        (r##"{"comment":"# one\ntwo"}"##, "has several lines"),
        (r##"{"use":["x"],"trailing":"# a\nuse y"}"##, "`use` reads otherwise than it stands"),
        (r#"{"use":[3]}"#, "arguments are strings"),
        (r#"{"use":[],"was":[]}"#, "one keyword"),
        (r#"{"block":[]}"#, "a part is a statement"),
        (r#"{"use":["x"],"use":["y"]}"#, "stands here twice"),
        (r#"{"use":[{"txt":"x"}]}"#, "`txt` is no kind of argument"),
    ] {
        let said = refused(&file(content), Format::Json);
        assert!(said.contains(why), "{content}: {said}");
    }
    for path in ["../a.journey", "/etc/a.journey", "a/../../b.journey", "a.yaml", "C:\\a.journey", "a//b.journey"] {
        let text = file("").replace("a.journey", &path.replace('\\', "\\\\"));
        assert!(refused(&text, Format::Json).contains("is no path"), "{path}");
    }
    assert!(refused("{\"schema\":\"waypost/spec/9\",\"files\":[]}", Format::Json).contains("not known"));
    assert!(refused("files: []\n", Format::Yaml).contains("schema"));
    assert!(refused("schema: waypost/spec/1\nfiles: []\nmore: 1\n", Format::Yaml).contains("more"));
    assert!(!refused("{", Format::Json).is_empty() && !refused("- [", Format::Yaml).is_empty());
}

#[test]
fn a_broken_file_is_not_written() {
    let text = "journey j \"t\" {\n  for a,\n}\n}\n";
    let parsed = parse(SourceId::default(), text);
    assert!(!parsed.diagnostics.is_empty());
    let findings = write(None, &[("a.journey", text, &parsed.tree)]).unwrap_err();
    assert!(findings.iter().all(|d| d.code == "spec-not-faithful"));
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        Just("阶段".to_owned()),
        Just("świat-a".to_owned()),
        Just("y".to_owned()),
        Just("no".to_owned())
    ]
}

/// One argument as it is written, never one that ends or continues a line.
fn argument() -> impl Strategy<Value = String> {
    prop_oneof![
        word(),
        "[a-zA-Z0-9 #:{};,'~!&*%@|>-]{0,12}".prop_map(|t| format!("\"{t}\"")),
        Just("\"\\\"q\\\" \\\\ \"".to_owned()),
        "[+-]?[1-9][0-9]{0,3}",
        "[1-9][0-9]?%",
        Just("2026-10-01".to_owned()),
        Just("order-paid.revenue".to_owned()),
        Just("🤩".to_owned()),
        Just("🏳️‍🌈".to_owned()),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let line =
        (word(), prop::collection::vec(argument(), 0..4)).prop_map(|(w, a)| format!("{w} {}", a.join(" "))).boxed();
    let leaf = prop_oneof![
        4 => line.clone(),
        1 => "[a-z \"{}#]{0,10}".prop_map(|t| format!("# {t}")),
        1 => Just(String::new()),
        1 => (line.clone(), "[a-z ]{1,8}").prop_map(|(l, t)| format!("{l} # {t}")),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let short = (word(), prop::collection::vec((word(), argument()), 0..3)).prop_map(|(w, b)| {
            let inside: Vec<String> = b.into_iter().map(|(k, a)| format!("{k} {a}")).collect();
            format!("{w} {{ {} }}", inside.join("; "))
        });
        let long =
            (word(), prop::collection::vec(inner, 0..4)).prop_map(|(w, b)| format!("{w} x {{\n{}\n}}", b.join("\n")));
        prop_oneof![short, long]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn generated_files_come_back(statements in prop::collection::vec(statement(), 0..8)) {
        let text = statements.join("\n") + "\n";
        let parsed = parse(SourceId::default(), &text);
        prop_assume!(parsed.diagnostics.is_empty());
        let meant = format(&parsed.tree, &text).unwrap();
        for form in [Format::Json, Format::Yaml] {
            prop_assert_eq!(through(&meant, form), meant.clone());
        }
    }
}
