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
fn a_palette_is_in_the_page_in_the_light_in_the_dark_and_on_paper() {
    let mut model = fixture::guitar();
    model.manifest.theme = Default::default();
    let theme = &mut model.manifest.theme;
    theme.light.background = Some("#fdf6e9".into());
    theme.light.warn = Some("#8a3b00".into());
    theme.dark.background = Some("#101820".into());
    let css = index(&model, &[], &[], &Options::of(&model.manifest)).unwrap().html;
    let light =
        "@media print,(prefers-color-scheme:light){:root{--paper:#fdf6e9;--badink:#8a3b00;--bad:#8a3b00;--hair:";
    assert!(css.contains(light));
    assert!(css.contains("@media screen and (prefers-color-scheme:dark){:root{--paper:#101820;--hair:"));
    model.manifest.theme.light.ink = Some("#fdf6e0".into());
    let css = index(&model, &[], &[], &Options::of(&model.manifest)).unwrap().html;
    assert!(!css.contains("#fdf6e9") && css.contains("#101820"), "a mode that cannot be read stays ours");
}

#[test]
fn a_labels_file_speaks_another_language() {
    let model = fixture::guitar();
    let words = Words::with_file("de", "index.maps: Reisen\nindex.title: Projekt\n").unwrap();
    let page = index(&model, &[], &[], &Options { words: Arc::new(words), ..Options::of(&model.manifest) }).unwrap();
    assert!(page.html.contains("<html lang=\"de\">") && page.html.contains(">Reisen<"));
}
