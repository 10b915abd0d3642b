//! What a project may change of its documents, and what it may not.

use super::fixture;
use std::sync::Arc;
use waypost::render::{Options, Words, index};

fn with(template: &str) -> Result<String, String> {
    let mut model = fixture::guitar();
    model.manifest.name = "<b>shop</b>".into();
    let options = Options { templates: vec![("index.html".into(), template.into())], ..Options::of(&model.manifest) };
    index(&model, &[], &[], &options).map(|d| d.html).map_err(|e| e.to_string())
}

#[test]
fn a_template_of_the_project_replaces_ours_and_cannot_stop_the_escaping() {
    assert_eq!(with("<p>{{ page.project }}</p>").unwrap(), "<p>&lt;b&gt;shop&lt;/b&gt;</p>");
    assert_eq!(with("{% autoescape false %}{{ page.project }}{% endautoescape %}").unwrap(), "&lt;b&gt;shop&lt;/b&gt;");
    assert!(with("{{ page.project|safe }}").is_err());
    assert!(with("{{ page.nothing }}").is_err());
}

#[test]
fn a_template_that_never_ends_is_stopped() {
    let loops = "{% for a in page.project %}".repeat(12) + &"{% endfor %}".repeat(12);
    assert!(with(&loops).is_err());
}

#[test]
fn our_templates_turn_no_escaping_off() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/templates");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for word in ["|safe", "| safe", "autoescape", "<script", "style=\"", "javascript:", "http://", "https://"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}

#[test]
fn accents_are_taken_where_they_can_be_read() {
    let mut model = fixture::guitar();
    let css = |model: &waypost::model::Model| index(model, &[], &[], &Options::of(&model.manifest)).unwrap().html;
    model.manifest.theme.accent = Some("#7a0033".into());
    assert!(css(&model).contains("--accent:#7a0033"));
    model.manifest.theme.accent = Some("#f0e442".into());
    assert!(!css(&model).contains("--accent:#f0e442"));
}

#[test]
fn a_labels_file_speaks_another_language() {
    let model = fixture::guitar();
    let words = Words::with_file("de", "index.maps: Reisen\nindex.title: Projekt\n").unwrap();
    let page = index(&model, &[], &[], &Options { words: Arc::new(words), ..Options::of(&model.manifest) }).unwrap();
    assert!(page.html.contains("<html lang=\"de\">") && page.html.contains(">Reisen<"));
}
