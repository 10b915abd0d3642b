//! The forms of findings for machines: read back, not only looked at.

use super::{project, waypost};
use serde_json::Value;

fn findings(format: &str) -> (String, tempfile::TempDir) {
    let wrong = "event paid { naemd \"Paid, 100%: a:b\" }\n\nevent paid { named \"Paid\" }\n";
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a b.journey", wrong)]);
    let run = waypost(&dir).args(["check", "--format", format]).assert().code(1);
    (String::from_utf8(run.get_output().stdout.clone()).unwrap(), dir)
}

#[test]
fn json_has_a_schema_the_counts_and_every_place() {
    let whole: Value = serde_json::from_str(&findings("json").0).unwrap();
    assert_eq!(whole["schema"], "waypost/findings/1");
    let list = whole["findings"].as_array().unwrap();
    assert_eq!((whole["errors"].as_u64().unwrap() as usize, whole["files"].as_u64()), (list.len(), Some(1)));
    let first = &list[0];
    assert_eq!((&first["code"], &first["path"]), (&Value::from("unknown-keyword"), &Value::from("a b.journey")));
    assert_eq!(first["start"], serde_json::json!({ "line": 1, "column": 14, "byte": 13 }));
    assert_eq!(first["end"], serde_json::json!({ "line": 1, "column": 19, "byte": 18 }));
}

#[test]
fn jsonl_is_the_same_line_by_line() {
    let whole: Value = serde_json::from_str(&findings("json").0).unwrap();
    let (lines, _) = findings("jsonl");
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let list = whole["findings"].as_array().unwrap();
    assert_eq!(lines.len(), list.len());
    for (line, of_whole) in lines.iter().zip(list) {
        assert_eq!(line["schema"], whole["schema"]);
        assert_eq!(line["message"], of_whole["message"]);
    }
}

#[test]
fn github_encodes_what_would_end_a_property() {
    let (out, _) = findings("github");
    assert!(out.starts_with("::error file=a b.journey,line=1,col=14,endLine=1,endColumn=19,title=unknown-keyword::"));
    assert!(out.lines().next().unwrap().contains("%0Ahelp: "));
}

#[test]
fn github_writes_the_rest_to_the_summary() {
    let many: String = (0..15).map(|i| format!("event e{i} {{ naemd \"E\" }}\n")).collect();
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", &many)]);
    let summary = dir.path().join("summary.md");
    let run = waypost(&dir).args(["check", "--format", "github"]).env("GITHUB_STEP_SUMMARY", &summary).assert().code(1);
    let out = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert_eq!(out.lines().filter(|l| l.starts_with("::error ")).count(), 10);
    assert_eq!(out.lines().filter(|l| l.starts_with("a.journey:")).count(), 5);
    let summary = std::fs::read_to_string(summary).unwrap();
    assert_eq!(summary.lines().filter(|l| l.starts_with("| error |")).count(), 15);
}

#[test]
fn gitlab_fingerprints_outlive_moved_lines() {
    let prints = |text: &str| {
        let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", text)]);
        let run = waypost(&dir).args(["check", "--format", "gitlab"]).assert().code(1);
        let list: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
        list.as_array().unwrap().iter().map(|f| f["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = prints("event a { naemd \"A\" }\nevent b { naemd \"B\" }\n");
    let moved = prints("# more\n\nevent c { named \"C\" }\nevent a { naemd \"A\" }\nevent b { naemd \"B\" }\n");
    assert_eq!(before, moved);
    assert_ne!(before.first(), before.last());
}

#[test]
fn sarif_is_whole() {
    let log: Value = serde_json::from_str(&findings("sarif").0).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.journey");
        assert!(result["partialFingerprints"]["waypostEntity/v1"].as_str().unwrap().len() == 32);
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn junit_is_well_formed() {
    let (xml, _) = findings("junit");
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"waypost\" tests=\""));
    for tag in ["testsuites", "testsuite", "testcase", "failure"] {
        let count = |mark: String| xml.matches(&mark).count();
        assert_eq!(count(format!("<{tag} ")), count(format!("</{tag}>")), "{tag}");
    }
}
