//! `explain` and `rules`.

use super::{project, waypost};

fn out(args: &[&str], code: i32) -> (String, String) {
    let none: [(&str, &str); 0] = [];
    let run = waypost(&project(&none)).args(args).assert().code(code);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&run.get_output().stdout), text(&run.get_output().stderr))
}

#[test]
fn every_finding_has_a_page() {
    let (list, _) = out(&["rules", "--format", "json"], 0);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let rules = list["rules"].as_array().unwrap();
    assert!(list["schema"] == "waypost/rules/1" && rules.len() > 100, "{}", rules.len());
    for code in ["use-cycle", "bad-number", rules[0]["code"].as_str().unwrap()] {
        let (page, _) = out(&["explain", code], 0);
        assert!(page.starts_with(&format!("# {code}\n\n*")), "{page}");
    }
    let (text, _) = out(&["rules"], 0);
    assert_eq!(text.lines().filter(|l| l.starts_with("  ")).count(), rules.len());
}

#[test]
fn a_misspelt_code_is_2_and_says_which_is_near() {
    let (_, said) = out(&["explain", "use-cicle"], 2);
    assert_eq!(said, "error: no finding is called `use-cicle`\nhelp: did you mean `use-cycle`?\n");
}

#[test]
fn sarif_lists_every_rule() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", "event e { naemd \"E\" }\n")]);
    let run = waypost(&dir).args(["check", "--format", "sarif"]).assert().code(1);
    let log: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len();
    let (list, _) = out(&["rules", "--format", "json"], 0);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert!(rules >= list["rules"].as_array().unwrap().len());
}
