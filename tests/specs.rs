//! Every example project resolves without a finding.

use std::path::Path;
use waypost::source::Sources;

#[test]
fn every_example_project_is_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut projects: Vec<_> =
        std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    projects.sort();
    assert!(!projects.is_empty());
    for project in projects {
        let mut sources = Sources::default();
        let yaml = std::fs::read_to_string(project.join("waypost.yaml")).unwrap();
        let (manifest, wrong) = waypost::resolve::manifest(sources.add("waypost.yaml", yaml.as_str()), &yaml);
        assert_eq!(wrong, [], "{}", project.display());
        let mut files: Vec<_> = std::fs::read_dir(&project).unwrap().map(|e| e.unwrap().path()).collect();
        files.retain(|p| p.extension().is_some_and(|e| e == "journey"));
        files.sort();
        let mut trees = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let parsed = waypost::syntax::parse(sources.add(file.display().to_string(), text.as_str()), &text);
            assert_eq!(parsed.diagnostics, [], "{}", file.display());
            trees.push(parsed.tree);
        }
        let resolution = waypost::resolve::resolve(&manifest.unwrap(), &trees);
        let said: Vec<String> = resolution
            .diagnostics
            .iter()
            .map(|d| {
                format!(
                    "{}:{} {} {:?}",
                    sources.name(d.primary.span.source),
                    sources.position(d.primary.span).line,
                    d.message,
                    d.help
                )
            })
            .collect();
        assert!(resolution.model.is_some() && said.is_empty(), "{}\n{}", project.display(), said.join("\n"));
    }
}
