//! The drawing of ARCHITECTURE.md, enforced: which room may import which, over every `crate::` path under `src/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A room: its floor, and what it may import; none for the doors, which may import every room below.
struct Room {
    floor: u8,
    imports: Option<Vec<String>>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the table of floors of ARCHITECTURE.md.
fn rooms() -> BTreeMap<String, Room> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut rooms = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [floor, room, _, imports] = cells.as_slice() else { continue };
        let Some(floor) = floor.strip_prefix('F').and_then(|f| f.parse().ok()) else { continue };
        let imports = (*imports != "all").then(|| imports.split_whitespace().map(str::to_owned).collect());
        rooms.insert(room.trim_matches('`').to_owned(), Room { floor, imports });
    }
    assert!(rooms.len() > 15, "the table of floors is missing from ARCHITECTURE.md");
    rooms
}

fn may_import(rooms: &BTreeMap<String, Room>, from: &str, to: &str) -> bool {
    let (Some(room), Some(other)) = (rooms.get(from), rooms.get(to)) else { return false };
    from == to || room.imports.as_ref().map_or(other.floor < room.floor, |all| all.iter().any(|i| i == to))
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => rust_files(&path, found),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => (),
        }
    }
}

/// Returns the room of a file under `src/`: its folder, or its own name; none for `lib.rs` and `main.rs`.
fn room_of(file: &Path) -> Option<String> {
    let relative = file.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "main")).then(|| name.to_owned())
}

/// Returns how many modules deep a file's own module lies below the crate's root.
fn depth_of(file: &Path) -> usize {
    let relative = file.strip_prefix(root().join("src")).unwrap();
    relative.components().count() - usize::from(file.file_name().is_some_and(|n| n == "mod.rs"))
}

fn leading_name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// Returns the first names of a braced list, nested braces skipped: `{a::b, c::{d, e}}` gives a and c.
fn braced_names(text: &str) -> Vec<&str> {
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (i, c) in text.char_indices() {
        match c {
            '{' => {
                depth += 1;
                start = if depth == 1 { i + 1 } else { start };
            }
            '}' | ',' if depth == 1 => {
                names.push(leading_name(text[start..i].trim()));
                start = i + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => (),
        }
    }
    names.retain(|n| !n.is_empty());
    names
}

/// Returns the crate-level modules that the code of a file names, through `crate::` or enough `super::`.
fn imports(rooms: &BTreeMap<String, Room>, code: &str, depth: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (i, _) in code.match_indices("crate::") {
        let before = code[..i].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = code[i + 7..].trim_start();
        match rest.starts_with('{') {
            true => found.extend(braced_names(rest).into_iter().map(str::to_owned)),
            false => found.extend(Some(leading_name(rest).to_owned()).filter(|n| !n.is_empty())),
        }
    }
    let climb = "super::".repeat(depth);
    for (i, _) in code.match_indices(&climb) {
        let name = leading_name(&code[i + climb.len()..]);
        if rooms.contains_key(name) && !code[..i].ends_with("super::") {
            found.insert(name.to_owned());
        }
    }
    found
}

fn without_comments(code: &str) -> String {
    code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_import_stands_in_the_table() {
    let rooms = rooms();
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let Some(from) = room_of(file) else { continue };
        let shown = file.strip_prefix(root()).unwrap().display();
        if !rooms.contains_key(&from) {
            wrong.push(format!("{shown}: the room `{from}` has no row in ARCHITECTURE.md"));
            continue;
        }
        let code = without_comments(&fs::read_to_string(file).unwrap());
        for to in imports(&rooms, &code, depth_of(file)) {
            if !may_import(&rooms, &from, &to) {
                wrong.push(format!("{shown}: `{from}` must not import `{to}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "the floors of ARCHITECTURE.md are broken:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_cycle_and_goes_downward() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for (name, room) in &rooms {
        for to in room.imports.iter().flatten() {
            let below = rooms.get(to).unwrap_or_else(|| panic!("`{name}` imports `{to}`, which has no row")).floor;
            if below > room.floor {
                wrong.push(format!("`{name}` (F{}) imports `{to}` (F{below})", room.floor));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Peel rooms off that import nothing left: a rest that cannot be peeled is a cycle.
    let imports = |room: &Room| room.imports.clone().unwrap_or_default();
    let mut rest: BTreeMap<String, Vec<String>> = rooms.iter().map(|(n, r)| (n.clone(), imports(r))).collect();
    loop {
        let free: Vec<String> =
            rest.iter().filter(|(_, to)| to.iter().all(|t| !rest.contains_key(t))).map(|(n, _)| n.clone()).collect();
        if free.is_empty() {
            break;
        }
        rest.retain(|name, _| !free.contains(name));
    }
    assert!(rest.is_empty(), "a cycle among {:?}", rest.keys());
}

#[test]
fn every_test_file_is_listed() {
    let main = fs::read_to_string(root().join("tests/main.rs")).unwrap();
    for entry in fs::read_dir(root().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let module = match path.is_dir() {
            true if path.join("mod.rs").exists() => name,
            true => continue,
            false => match name.strip_suffix(".rs") {
                Some("main") | None => continue,
                Some(module) => module,
            },
        };
        assert!(main.lines().any(|l| l == format!("mod {module};")), "tests/main.rs does not list `mod {module};`");
    }
}

#[test]
fn the_reader_of_imports_sees_what_it_should() {
    let rooms = rooms();
    let seen = |code: &str, depth| imports(&rooms, code, depth).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(seen("use crate::model::{Id, Meta};", 1), "model");
    assert_eq!(seen("use crate::{source::Span, syntax::{tree, format}, tally};", 1), "source syntax tally");
    assert_eq!(seen("let x = crate::stats::norm(1.0);", 2), "stats");
    assert_eq!(seen("use super::super::model::Id; use super::parser;", 2), "model");
    assert_eq!(seen("use super::model_of; use pest::crate_thing;", 1), "");
    let may = |from, to| may_import(&rooms, from, to);
    assert!(may("cli", "model") && may("resolve", "syntax") && may("cli", "cli"));
    assert!(!may("model", "syntax") && !may("assign", "model") && !may("model", "cli"));
}
