//! `waypost init`, `schema`, `reference`, `import`, `export` as people meet them.

use super::waypost;
use std::path::Path;
use waypost::cli::init::Template;
use waypost::syntax::{format, parse};

fn name_of(template: Template) -> String {
    use clap::ValueEnum;
    template.to_possible_value().unwrap().get_name().to_owned()
}

#[test]
fn every_template_reads_resolves_and_is_formatted() {
    for template in Template::ALL {
        let name = name_of(template);
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("my shop: 1");
        waypost(&folder).arg("init").arg(&dir).args(["--template", &name]).assert().code(0);
        let project = crate::specs::project(&dir);
        // that nobody has been asked yet is true of a new project, and worth its note
        let found: Vec<&String> = project.findings.iter().filter(|f| !f.contains(" assumed-persona ")).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
        let model = project.model.unwrap();
        assert_eq!(model.manifest.name, "my shop: 1");
        assert!(model.stages.values().all(|s| s.meta.about.is_some()), "{name}: a stage without its meaning");
        for tree in &project.trees {
            let source = project.sources.get(tree.source).unwrap();
            assert_eq!(format(tree, source.text()).unwrap(), source.text(), "{name}: {}", source.name());
        }
        let comments = project.sources.iter().flat_map(|(_, s)| s.text().lines()).filter(|l| l.contains("# ")).count();
        assert!(comments >= 4, "{name}: only {comments} comments");
        waypost(&folder).args(["check", "--deny", "warnings", "--today", "2026-12-01"]).arg(&dir).assert().code(0);
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("map.journey");
    std::fs::write(&map, "# mine\n").unwrap();
    waypost(&folder).arg("init").assert().code(2).stdout_eq("").stderr_eq(snapbox::str![[r#"
error: `./map.journey` is there already, and nothing is overwritten
help: name another folder

"#]]);
    assert_eq!(std::fs::read_to_string(&map).unwrap(), "# mine\n");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_diagram_comes_in_and_goes_out() {
    let folder = tempfile::tempdir().unwrap();
    let diagram = "journey\n  title A day\n  section Go\n    Make tea: 5: Me\n    Do work: 1: Me, Cat\n";
    std::fs::write(folder.path().join("day.mmd"), diagram).unwrap();
    let run = |args: &[&str]| waypost(&folder).args(args).assert();
    run(&["import", "mermaid", "day.mmd", "-o", "day/day.journey"]).code(0).stdout_eq("day/day.journey\n");
    run(&["import", "mermaid", "day.mmd", "-o", "day/day.journey"]).code(2);
    run(&["import", "mermaid", "day/day.journey"]).code(1).stdout_eq("");
    std::fs::write(folder.path().join("none.mmd"), "graph TD\n").unwrap();
    run(&["import", "mermaid", "none.mmd"]).code(1).stdout_eq("");
    std::fs::write(folder.path().join("day/waypost.yaml"), "name: day\n").unwrap();
    run(&["export", "mermaid", "--project", "day"]).code(0).stdout_eq(diagram);
    run(&["export", "mermaid", "night", "--project", "day"]).code(2);
}

#[test]
fn a_project_goes_out_and_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/guitar-shop");
    for form in ["json", "yaml"] {
        let file = folder.path().join(form);
        let back = folder.path().join(format!("{form}-back"));
        waypost(&folder)
            .args(["export", form, "--project"])
            .arg(&shop)
            .arg("-o")
            .arg(&file)
            .assert()
            .code(0)
            .stdout_eq("");
        waypost(&folder).args(["import", form]).arg(&file).arg("-o").arg(&back).assert().code(0);
        for entry in std::fs::read_dir(&shop).unwrap().map(|e| e.unwrap().path()) {
            let Some(name) = entry.file_name().filter(|_| entry.is_file()) else { continue };
            let text = std::fs::read_to_string(&entry).unwrap();
            let meant = match entry.extension().is_some_and(|e| e == "journey") {
                true => format(&parse(Default::default(), &text).tree, &text).unwrap(),
                false => text,
            };
            assert_eq!(std::fs::read_to_string(back.join(name)).unwrap(), meant);
        }
    }
}

#[test]
fn schemas_and_the_reference_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let out = |args: &[&str]| waypost(&folder).args(args).assert().code(0).get_output().stdout.clone();
    let list = String::from_utf8(out(&["schema"])).unwrap();
    for name in list.lines().map(|l| l.split(' ').next().unwrap()) {
        let schema: serde_json::Value = serde_json::from_slice(&out(&["schema", name])).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
    waypost(&folder).args(["schema", "no-such"]).assert().code(2);
    assert_eq!(String::from_utf8(out(&["reference"])).unwrap(), waypost::cli::reference::reference());
}

/// Every key that the reader of the manifest knows stands in its schema, and no other.
#[test]
fn the_schema_of_the_manifest_is_that_of_its_reader() {
    let json = waypost::cli::schema::SCHEMAS.iter().find(|s| s.name == "manifest").unwrap().json;
    let schema: serde_json::Value = serde_json::from_str(json).unwrap();
    let places = [
        ("zzz: 1\n", "/properties"),
        ("name: x\ndata: [{ zzz: 1 }]\n", "/$defs/data/properties"),
        ("name: x\nprivacy: { zzz: 1 }\n", "/properties/privacy/properties"),
        ("name: x\ntheme: { zzz: 1 }\n", "/properties/theme/properties"),
        ("name: x\nbuild: { zzz: 1 }\n", "/properties/build/properties"),
        (
            "name: x\ndata: [{ metrics: { m: { zzz: 1 } } }]\n",
            "/$defs/data/properties/metrics/additionalProperties/properties",
        ),
    ];
    for (text, place) in places {
        let (_, findings) = waypost::resolve::manifest(Default::default(), text);
        let message = &findings[0].message;
        let mut known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        known.sort_unstable();
        let mut written: Vec<&str> =
            schema.pointer(place).unwrap().as_object().unwrap().keys().map(String::as_str).collect();
        written.sort_unstable();
        assert_eq!(written, known, "{message}");
    }
}
