//! `docs/coverage.md` is true, and the examples show every statement of the language.

use super::world::{block, root};
use std::collections::{BTreeMap, BTreeSet};
use waypost::model::vocabulary::{Block, ROWS, Row, rows_of};
use waypost::resolve::row;
use waypost::syntax::tree::{Item, statements};

/// Where statements stand: project, block, row.
type Shown = BTreeMap<String, Vec<(Block, &'static Row)>>;

fn walk(block: Block, items: &[Item], found: &mut Vec<(Block, &'static Row)>) {
    for statement in statements(items) {
        let Some(row) = row(block, statement) else { continue };
        found.push((block, row));
        if let (Some(inner), Some(body)) = (row.opens, &statement.block) {
            walk(inner, &body.items, found);
        }
    }
}

fn shown() -> Shown {
    let mut all = Shown::new();
    for project in crate::specs::projects() {
        let found = all.entry(project.name.clone()).or_default();
        project.trees.iter().for_each(|tree| walk(Block::File, &tree.items, found));
    }
    for template in waypost::cli::init::Template::ALL {
        use clap::ValueEnum;
        let name = format!("template:{}", template.to_possible_value().unwrap().get_name());
        let found = all.entry(name).or_default();
        for (_, text) in template.files("x", waypost::model::value::Date::constant(2026, 11, 22)) {
            walk(Block::File, &waypost::syntax::parse(Default::default(), &text).tree.items, found);
        }
    }
    all
}

#[test]
fn the_examples_show_every_statement() {
    let shown = shown();
    let seen = |row: &Row| {
        shown.iter().any(|(name, all)| !name.contains(':') && all.iter().any(|(_, r)| std::ptr::eq(*r, row)))
    };
    let missing: Vec<&str> = ROWS.iter().filter(|row| !seen(row)).map(|row| row.form).collect();
    assert!(missing.is_empty(), "no project under specs/ shows:\n{}", missing.join("\n"));
}

/// The words between backticks.
fn marked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_coverage_table_is_true() {
    let text = std::fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let shown = shown();
    let tests = tests();
    let mut rows = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in text.lines().filter(|l| l.starts_with("| ") && l.chars().nth(2).is_some_and(|c| c.is_ascii_digit())) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, asks, says, _, examples, test] = cells[..] else { panic!("{line}") };
        let number: u32 = number.parse().unwrap();
        assert!(rows.insert(number), "row {number} stands twice");
        assert!(!asks.is_empty());
        let examples = marked(examples);
        wrong.extend(
            examples.iter().filter(|e| !shown.contains_key(**e)).map(|e| format!("{number}: no project `{e}`")),
        );
        if examples.is_empty() || marked(says).is_empty() {
            wrong.push(format!("{number}: nothing shows it"));
        }
        wrong.extend(
            marked(says).into_iter().filter_map(|s| statement(s, &examples, &shown)).map(|w| format!("{number}: {w}")),
        );
        let named = marked(test);
        if named.is_empty() || named.iter().any(|t| !tests.contains(*t)) {
            wrong.push(format!("{number}: there is no test {named:?}"));
        }
    }
    assert_eq!(rows.into_iter().collect::<Vec<_>>(), (1..=85).collect::<Vec<_>>());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns what is wrong with `block/keyword`: no such statement, or none of the examples has it.
fn statement(named: &str, examples: &[&str], shown: &Shown) -> Option<String> {
    let (in_block, keyword) = named.split_once('/')?;
    let Some(block) = block(in_block) else { return Some(format!("`{in_block}` is no block")) };
    if !rows_of(block).any(|r| r.keywords().any(|k| k == keyword)) {
        return Some(format!("`{keyword}` is no statement of `{in_block}`"));
    }
    let has = |e: &&str| {
        shown.get(*e).is_some_and(|all| all.iter().any(|(b, r)| *b == block && r.keywords().any(|k| k == keyword)))
    };
    (!examples.iter().any(has)).then(|| format!("`{named}` stands in none of {examples:?}"))
}

/// Returns the tests of this binary, as `file::name`.
fn tests() -> BTreeSet<String> {
    fn look(folder: &std::path::Path, path: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            let name = entry.file_stem().unwrap().to_str().unwrap();
            let inner = if name == "mod" || name == "main" { path.to_owned() } else { format!("{path}{name}::") };
            if entry.is_dir() {
                look(&entry, &inner, found);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&entry).unwrap();
                let names = text.split("#[test]").skip(1).filter_map(|after| {
                    let rest = after.split("fn ").nth(1)?;
                    rest.split('(').next()
                });
                found.extend(names.map(|n| format!("{inner}{n}")));
            }
        }
    }
    let mut found = BTreeSet::new();
    look(&root().join("tests"), "", &mut found);
    found
}
