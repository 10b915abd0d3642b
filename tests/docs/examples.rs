//! Every example of the documents reads and resolves.

use super::world::{block, errors, root, wrapped};

/// One fenced block: where, its words behind the fence, its text.
struct Fence {
    place: String,
    info: Vec<String>,
    text: String,
}

fn fences(file: &str) -> Vec<Fence> {
    let text = std::fs::read_to_string(root().join("docs").join(file)).unwrap();
    let mut found: Vec<Fence> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match (open, line.strip_prefix("```")) {
            (false, Some(info)) => {
                let info = info.split_whitespace().map(str::to_owned).collect();
                found.push(Fence { place: format!("docs/{file}:{}", number + 1), info, text: String::new() });
                open = true;
            }
            (true, Some(_)) => open = false,
            (true, None) => {
                let fence = found.last_mut().unwrap();
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (false, None) => {}
        }
    }
    assert!(!open, "docs/{file} ends inside a fence");
    found
}

#[test]
fn every_example_of_the_manual_reads_and_resolves() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in ["language.md", "exchange.md"] {
        for fence in fences(file).into_iter().filter(|f| f.info.first().is_some_and(|i| i == "journey")) {
            count += 1;
            let errors = match fence.info.get(1).map(String::as_str) {
                None => errors(&fence.text, false),
                Some("shop") => errors(&fence.text, true),
                Some(name) => match block(name) {
                    Some(block) => errors(&wrapped(block, &fence.text), true),
                    None => vec![format!("`{name}` is no block")],
                },
            };
            wrong.extend(errors.into_iter().map(|e| format!("{}: {e}", fence.place)));
        }
    }
    assert!(count >= 20, "only {count} examples found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_yaml_of_the_exchange_page_is_a_spec() {
    use waypost::exchange::spec::{Format, Spec};
    let all = fences("exchange.md");
    let yaml = all.iter().find(|f| f.info == ["yaml"]).unwrap();
    let spec = Spec::read(Default::default(), &yaml.text, Format::Yaml).unwrap();
    let files = spec.files(Default::default()).unwrap();
    assert!(files[0].1.contains("share 35% # of last year's buyers"), "{}", files[0].1);
}
