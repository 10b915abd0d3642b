//! Case files: `cases/CODE.journey`, with sections that fire and sections that do not.
//!
//! A line `=== fires` or `=== silent` starts a section, laid over the guitar shop; `--- waypost.yaml` in it starts keys of
//! the manifest, and `=== today DATE` sets the day of the sections behind it. A comment `# expect: CODE` marks the line of a
//! finding; alone on its line it marks the next one. A section that fires lists every finding of the rule.

use super::project::{Project, TODAY, numbered, shop};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use waypost::lint::RULES;
use waypost::model::value::Date;

struct Section {
    fires: bool,
    today: Date,
    yaml: String,
    journey: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases")
}

fn sections(text: &str) -> Vec<Section> {
    let (mut all, mut today, mut in_yaml): (Vec<Section>, _, _) = (Vec::new(), TODAY, false);
    for line in text.lines() {
        match line.strip_prefix("=== ") {
            Some(word) if word == "fires" || word == "silent" => {
                in_yaml = false;
                all.push(Section { fires: word == "fires", today, yaml: String::new(), journey: String::new() });
            }
            Some(word) => today = word.strip_prefix("today ").unwrap().parse().unwrap(),
            None if line == "--- waypost.yaml" => in_yaml = true,
            None => {
                let Some(section) = all.last_mut() else { continue };
                let place = if in_yaml { &mut section.yaml } else { &mut section.journey };
                place.push_str(&format!("{line}\n"));
            }
        }
    }
    all
}

fn expected(project: &Project, code: &str) -> BTreeSet<(String, u32)> {
    let mut marks = BTreeSet::new();
    for (file, text) in [("waypost.yaml", &project.manifest), ("shop.journey", &project.spec)] {
        for (line, number) in text.lines().zip(1..) {
            let Some((before, codes)) = line.split_once("# expect: ") else { continue };
            if codes.split_whitespace().any(|c| c == code) {
                marks.insert((file.to_owned(), if before.trim().is_empty() { number + 1 } else { number }));
            }
        }
    }
    marks
}

#[test]
fn every_rule_has_cases_and_they_hold() {
    let shop = shop();
    let mut wrong = Vec::new();
    for rule in RULES {
        let Ok(text) = fs::read_to_string(folder().join(format!("{}.journey", rule.code))) else {
            wrong.push(format!("{} has no case file", rule.code));
            continue;
        };
        let sections = sections(&text);
        if !sections.iter().any(|s| s.fires) || !sections.iter().any(|s| !s.fires) {
            wrong.push(format!("{} needs a section that fires and one that does not", rule.code));
        }
        for section in &sections {
            wrong.extend(problem(&shop.with(&section.yaml, &section.journey), section, rule.code));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n\n"));
}

fn problem(project: &Project, section: &Section, code: &str) -> Option<String> {
    let linted = match project.lint(section.today) {
        Ok(linted) => linted,
        Err(errors) => return Some(format!("{code}: {}", errors.lines().take(4).collect::<Vec<_>>().join("\n"))),
    };
    let (expected, found) = (expected(project, code), linted.lines(code));
    if expected.is_empty() == section.fires {
        return Some(format!("{code}: a section that fires marks the lines, a silent one none"));
    }
    (expected != found).then(|| {
        let near = |set: &BTreeSet<(String, u32)>| format!("{set:?}");
        format!(
            "{code}: expected {}, found {}\n{}\n{}",
            near(&expected),
            near(&found),
            linted.shown(),
            numbered(&project.spec).lines().filter(|l| l.contains("expect")).collect::<Vec<_>>().join("\n")
        )
    })
}

#[test]
fn every_case_file_is_of_a_rule() {
    for file in fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()) {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(RULES.iter().any(|r| r.code == name), "{name} is no rule");
    }
}
