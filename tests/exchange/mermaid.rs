//! Mermaid `journey` diagrams in, out, and in again.

use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use waypost::diagnostic::Severity;
use waypost::exchange::mermaid::{export, import};
use waypost::model::{Manifest, Model};
use waypost::resolve::resolve;
use waypost::source::SourceId;
use waypost::syntax::parse;

/// Returns the shared data of a name, beside the repository or where the environment says.
fn shared(name: &str) -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "a test reads where its data is")]
    let named = std::env::var("WAYPOST_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    Some(named.unwrap_or(beside).join(name)).filter(|p| p.exists())
}

fn model(text: &str) -> Model {
    let parsed = parse(SourceId::default(), text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let resolution = resolve(&Manifest::default(), std::slice::from_ref(&parsed.tree));
    assert_eq!(resolution.diagnostics, [], "{text}");
    resolution.model.unwrap()
}

fn exported(model: &Model) -> String {
    let (id, _) = model.journeys.iter().next().unwrap();
    export(model, id)
}

/// What a journey keeps through Mermaid: stage and touchpoint titles, who passes, feelings.
fn core(model: &Model) -> Vec<String> {
    let mut all = Vec::new();
    for (_, journey) in model.journeys.iter() {
        all.push(format!("journey {}", journey.meta.title));
        for stage in journey.stages.iter().map(|s| &model.stages[*s]) {
            all.push(format!("stage {}", stage.meta.title));
            for touchpoint in stage.touchpoints.iter().map(|t| &model.touchpoints[*t]) {
                let who = if touchpoint.personas.is_empty() { &journey.personas } else { &touchpoint.personas };
                let names: Vec<&str> = who.iter().map(|p| model.personas[*p].meta.title.as_str()).collect();
                let felt: Vec<i8> = touchpoint.place.feelings.iter().map(|f| f.value).collect();
                all.push(format!("touchpoint {} {names:?} {felt:?}", touchpoint.meta.title));
            }
        }
    }
    all
}

#[test]
fn real_diagrams_come_in_and_go_out() {
    let Some(folder) = shared("data/mermaid") else {
        println!("skipped: no shared data; set WAYPOST_SHARED to its folder");
        return;
    };
    let index: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let mut known: Vec<(String, usize, usize)> = Vec::new();
    for entry in index.as_array().unwrap() {
        let count = |key: &str| entry[key].as_u64().unwrap() as usize;
        let file = entry["file"].as_str().unwrap().to_owned();
        // the index took `maxLabelWidth: 320` of three front matters for a task, and `[Task]: [Score]` for none
        let tasks = match file.get(..4) {
            Some("017_" | "021_" | "023_") => count("tasks") - 1,
            Some("033_") => count("tasks") + 1,
            _ => count("tasks"),
        };
        known.push((file, count("sections"), tasks));
    }
    assert!(known.len() >= 20, "only {} diagrams", known.len());
    for (file, sections, tasks) in known {
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        let first = import(SourceId::default(), &text, &file);
        let written = first.text.unwrap_or_else(|| panic!("{file} is not read"));
        let model = model(&written);
        assert_eq!(model.touchpoints.len(), tasks, "{file}");
        assert_eq!(model.stages.len(), sections.max(1), "{file}");
        assert!(first.diagnostics.iter().all(|d| d.severity != Severity::Error), "{file}");
        nothing_is_dropped(&file, &text, &written);
        let again = import(SourceId::default(), &exported(&model), &file).text.unwrap();
        let kept: Vec<String> = core(&model);
        let back: Vec<String> = core(&self::model(&again));
        assert_eq!(back.len(), kept.len(), "{file}");
        for (a, b) in kept.iter().zip(&back).filter(|(a, _)| !a.ends_with("[]")) {
            assert_eq!(a, b, "{file}");
        }
    }
}

/// Every run of three letters or more of the diagram stands somewhere in the text, but for what draws it.
fn nothing_is_dropped(file: &str, diagram: &str, written: &str) {
    let flat = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let written = flat(written);
    for line in diagram.lines() {
        for word in line
            .replace("<br>", " ")
            .replace("<br/>", " ")
            .replace("</br />", " ")
            .replace("<br\\t/>", " ")
            .split(|c: char| !c.is_alphanumeric())
        {
            let marks = ["journey", "title", "section", "accTitle", "accDescr"];
            if word.chars().count() >= 3 && !marks.contains(&word) {
                assert!(written.contains(&flat(word)), "{file}: `{word}` of `{line}` is lost");
            }
        }
    }
}

#[test]
fn odd_diagrams_lose_nothing() {
    let text = "\u{feff}---\ntitle: From the front\n---\n%%{init: {\"theme\": \"dark\"}}%%\njourney\n  accTitle: For screen readers\n  \
                accDescr { A day,\n in two lines }\n  title Ünïcode; \"quoted\"<br>title\n  Lost task: 2\n  section then\n    \
                Half: 3.5: Me\n    Great: 11: Me, You, Me\n    None: : You\n    Words: fine: You: and more\n    \
                %% a thought\n    no task at all\n  section then\n    Again: -4\n";
    let imported = import(SourceId::default(), text, "x");
    let written = imported.text.unwrap();
    let model = model(&written);
    let titles: Vec<&str> = model.stages.values().map(|s| s.meta.title.as_str()).collect();
    assert_eq!(titles, ["Before the first section", "then", "then"]);
    assert_eq!(model.journeys.values().next().unwrap().meta.title, "Ünïcode; \"quoted\" title");
    assert_eq!(model.journeys.values().next().unwrap().meta.about.as_deref(), Some("A day, in two lines"));
    let felt: Vec<Vec<i8>> =
        model.touchpoints.values().map(|t| t.place.feelings.iter().map(|f| f.value).collect()).collect();
    assert_eq!(felt, [vec![-1], vec![0], vec![3], vec![], vec![], vec![-3]]);
    for kept in [
        "From the front",
        "theme",
        "For screen readers",
        "score 3.5",
        "score 11",
        "no score",
        "score fine",
        "and more",
        "a thought",
        "no task at all",
    ] {
        assert!(written.contains(kept), "`{kept}` is lost:\n{written}");
    }
    let codes: Vec<&str> = imported.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes.iter().filter(|c| **c == "mermaid-score").count(), 5, "{codes:?}");
    assert!(codes.contains(&"mermaid-text-changed") && codes.contains(&"mermaid-assumed"));
}

#[test]
fn what_is_no_journey_is_refused_with_a_finding() {
    for text in ["", "flowchart TD\n A --> B", "\0\0", "---\n---\n---", "}{", "journe: 3"] {
        let imported = import(SourceId::default(), text, "x");
        assert_eq!(imported.text, None, "{text:?}");
        assert_eq!(imported.diagnostics[0].code, "mermaid-no-journey");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let long = format!("journey\n title {}\n", "x".repeat(70_000));
    let many = format!("journey\n section s\n{}", "  a task of some length: 3: Me\n".repeat(20_000));
    for text in [long, many] {
        let imported = import(SourceId::default(), &text, "x");
        assert_eq!(imported.text, None);
        assert!(imported.diagnostics.iter().any(|d| d.code == "mermaid-too-large"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_diagram_makes_a_file_that_resolves(
        lines in prop::collection::vec(
            prop_oneof![
                "[ -~]{0,20}",
                "\\PC{0,12}",
                Just("section 阶段 \u{202e}<br>".to_owned()),
                Just("title \"a\" \\\\ #35;".to_owned()),
                "[a-z#%:;{}\\\\\"]{1,8}: [0-9.e-]{0,4}: [a-zA-Z,#: ]{0,8}",
                Just("%%{init: {".to_owned()),
                Just("accDescr {".to_owned()),
                Just("then: 3: and, or".to_owned()),
            ],
            0..12,
        )
    ) {
        let text = format!("journey\n{}\n", lines.join("\n"));
        let imported = import(SourceId::default(), &text, "x");
        let model = model(&imported.text.unwrap());
        let again = import(SourceId::default(), &exported(&model), "x");
        self::model(&again.text.unwrap());
    }
}

/// Texts with every mark that means something to Mermaid.
const NASTY: &str = r#"
journey odd "title; of: \"a\" # map %% {x} <b>bold</b>" {
  for a, b
  stage one "section one: two; three" {
    phase pre-sale
    touchpoint t1 "Title of a page" { channel c; feels +3 "word: odd" for a; feels -3 }
    touchpoint t2 "journey's end, %%{init}%%" { channel c; feels 0 }
    touchpoint t3 "" { channel c }
    touchpoint t4 "accDescr { no }" { channel c; for b; feels +2 }
    touchpoint t5 "section 5 \\ #35; &amp; 阶段：一" { channel c; feels -2 for b }
  }
  stage two "" { phase sale }
}
persona a "Anna, the first; #1: \"A\""
persona b "section B"
channel c "C"
"#;

#[test]
fn odd_texts_survive_the_way_out_and_in() {
    let model = model(NASTY);
    let diagram = exported(&model);
    let back = self::model(&import(SourceId::default(), &diagram, "x").text.unwrap());
    let titles = |m: &Model| m.stages.values().map(|s| s.meta.title.clone()).collect::<Vec<_>>();
    assert_eq!(titles(&back), ["section one: two; three", "two"]);
    let names: Vec<&str> = back.personas.values().map(|p| p.meta.title.as_str()).collect();
    assert_eq!(names, ["Anna, the first; #1: \"A\"", "section B"]);
    let places: Vec<&str> = back.touchpoints.values().map(|t| t.meta.title.as_str()).collect();
    assert_eq!(places[2], "journey's end, %%{init}%%");
    assert_eq!(places[3], "t3");
    assert_eq!(places[5], "section 5 \\ #35; &amp; 阶段：一");
}

/// Returns the diagrams of every Markdown twin, the hostile one included.
fn twins() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, page) in crate::render::pages::all() {
        let blocks = page.markdown.split("```mermaid\n").skip(1).filter_map(|b| b.split_once("```"));
        found.extend(blocks.enumerate().map(|(i, (block, _))| (format!("{name}.md {i}"), block.to_owned())));
    }
    assert!(found.len() >= 10, "only {} twins have a diagram", found.len());
    found
}

#[test]
fn mermaid_itself_reads_what_we_write() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/browser/node_modules");
    if !modules.join("mermaid").exists() || !modules.join("jsdom").exists() {
        println!("skipped: mermaid and jsdom are not installed; scripts/test installs them");
        return;
    }
    let mut diagrams: Vec<(String, String)> = vec![("odd".to_owned(), exported(&model(NASTY)))];
    diagrams.extend(twins());
    for project in crate::specs::projects() {
        let model = project.model.unwrap();
        let named = |j: &waypost::model::Journey| format!("{}/{}", project.name, j.meta.id);
        diagrams.extend(model.journeys.iter().map(|(id, j)| (named(j), export(&model, id))));
    }
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("diagrams.json");
    std::fs::write(&input, serde_json::to_string(&diagrams).unwrap()).unwrap();
    let script = root.join("tests/exchange/mermaid.mjs");
    let run = Command::new("node").arg(&script).arg(&modules).arg(&input).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let read: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    for ((name, diagram), read) in diagrams.iter().zip(read.as_array().unwrap()) {
        assert_eq!(read["error"], serde_json::Value::Null, "{name}\n{diagram}");
        let lines: Vec<&str> = diagram.lines().map(str::trim).collect();
        let starting = |mark: &str| lines.iter().filter(|l| l.starts_with(mark)).count();
        let others = starting("%%") + starting("section ") + 2;
        assert_eq!(read["sections"].as_u64().unwrap() as usize, starting("section "), "{name}");
        assert_eq!(read["tasks"].as_u64().unwrap() as usize, lines.len() - others, "{name}");
    }
}
