//! `waypost render` and `waypost report`: single documents.

use snapbox::cmd::Command;
use std::path::Path;

fn said(arguments: &[&str]) -> std::process::Output {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/guitar-shop");
    let command = Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear().env("SOURCE_DATE_EPOCH", "1796083200");
    command.current_dir(shop).args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = said(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_map_is_written_in_each_form() {
    assert!(text(&["render", "guitar"]).starts_with("<!doctype html>"));
    assert!(text(&["render", "guitar", "--to", "md"]).starts_with("# Buying a first guitar online"));
    let picture = text(&["render", "guitar", "--to", "svg"]);
    assert!(picture.starts_with("<svg") && !picture.contains("class="), "{picture:.200}");
}

#[test]
#[cfg(feature = "engine")]
fn a_report_is_written_in_each_form() {
    assert!(text(&["report", "guest-checkout"]).starts_with("# Guest checkout"));
    assert!(text(&["report", "guest-checkout", "--to", "html"]).contains("class=\"course\""));
    let json: serde_json::Value = serde_json::from_str(&text(&["report", "guest-checkout", "--to", "json"])).unwrap();
    assert_eq!(json["schema"], "waypost/report/1");
    let csv = text(&["report", "guest-checkout", "--to", "csv"]);
    let columns: Vec<usize> = csv.lines().map(|l| l.split(',').count()).collect();
    assert!(columns.len() > 3 && columns.iter().all(|n| *n == 15), "{csv}");
    assert!(text(&["report", "guest-checkout", "--to", "svg"]).starts_with("<svg"));
}

#[test]
#[cfg(feature = "engine")]
fn a_funnel_is_a_picture_of_everybody_or_of_a_persona() {
    let whole = text(&["render", "guitar", "--to", "svg", "--funnel", "to-payment"]);
    let maya = text(&["render", "guitar", "--to", "svg", "--funnel", "to-payment", "--persona", "maya"]);
    assert!(whole.contains("<svg") && whole.contains(">Checkout<") && whole.contains("24,991"), "{whole}");
    assert!(maya.contains("Maya") && maya.contains("8,734"), "{maya}");
    let wrong = said(&["render", "guitar", "--to", "svg", "--funnel", "to-pay"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("its funnels are `to-payment`"));
    assert!(!said(&["render", "guitar", "--funnel", "to-payment"]).status.success());
}

#[test]
fn a_wrong_name_is_told_with_the_right_ones() {
    let output = said(&["render", "gitar"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("`gitar`") && told.contains("`guitar`"), "{told}");
}

#[test]
fn a_portrait_is_held_in_the_page_and_only_a_picture_of_the_project_is() {
    let spec = |path: &str| {
        format!(
            "persona ola \"Ola\" {{ goal \"Buys\"; portrait \"{path}\" }}\nchannel web \"Web\" {{ kind self-service }}\n\
             journey buy \"Buy\" {{ for ola; stage all \"All\" {{ phase sale; touchpoint shop \"Shop\" {{ channel web }} }} }}\n"
        )
    };
    let page = |path: &str| {
        let manifest = "name: shop\nedition: 2026\nspecs: [\"*.journey\"]\nunits: { user: user_id }\n";
        let large = format!("<svg>{}</svg>", " ".repeat(1 << 16));
        let files = [
            ("in/waypost.yaml", manifest),
            ("in/a.journey", &spec(path)),
            ("in/ola.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
            ("in/note.txt", "hello"),
            ("in/large.svg", &large),
            ("out.svg", "<svg/>"),
        ];
        let dir = super::project(&files);
        let output = super::waypost(&dir).args(["render", "buy", "--project", "in"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = page("ola.svg");
    assert!(shown.contains("<img class=\"portrait\" src=\"data:image/svg+xml;base64,PHN2"), "{path}", path = "ola.svg");
    assert!(!shown.contains("<script"));
    for path in ["note.txt", "none.svg", "large.svg", "../out.svg", "/etc/passwd", "https://example.org/a.png"] {
        assert!(!page(path).contains("<img"), "{path}");
    }
}

#[test]
fn a_portrait_that_no_page_shows_is_found_by_check() {
    let spec = "persona ola \"Ola\" { goal \"Buys\"; portrait \"ola.svg\" }\nchannel web \"Web\" { kind self-service }\n\
         journey buy \"Buy\" { for ola; stage all \"All\" { phase sale; touchpoint shop \"Shop\" { channel web } } }\n";
    let checked = |picture: Option<&str>, more: &str| {
        let manifest = format!("name: shop\nedition: 2026\nspecs: [\"*.journey\"]\nunits: {{ user: user_id }}\n{more}");
        let mut files = vec![("waypost.yaml", manifest.as_str()), ("a.journey", spec)];
        files.extend(picture.map(|p| ("ola.svg", p)));
        let dir = super::project(&files);
        let output = super::waypost(&dir).args(["check", "--format", "concise"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let missing = checked(None, "");
    assert!(missing.contains("a.journey:1:") && missing.contains("portrait-left-out"), "{missing}");
    assert!(missing.contains("there is no such file in the project"), "{missing}");
    assert!(checked(Some("hello"), "").contains("it is no PNG, JPEG, WebP or SVG"));
    assert!(checked(Some(&format!("<svg>{}</svg>", " ".repeat(1 << 16))), "").contains("larger than 64 KiB"));
    assert!(!checked(Some("<svg/>"), "").contains("portrait"));
    let off = checked(None, "lint: { portrait-left-out: off }\n");
    assert!(!off.contains("portrait"), "{off}");
}

/// A project of one stage with this theme and these files.
fn themed(theme: &str, files: &[(&str, &[u8])]) -> std::process::Output {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("waypost.yaml"), format!("name: shop\nlanguage: de\ntheme:\n{theme}")).unwrap();
    let spec = "persona ana \"Ana\" {\n}\njourney way \"Way\" {\n  for ana\n  stage first \"First\" {\n    phase sale\n    touchpoint door \"Door\"\n  }\n}\n";
    std::fs::write(dir.path().join("way.journey"), spec).unwrap();
    for (path, bytes) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let command = Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear().env("SOURCE_DATE_EPOCH", "1796083200");
    command.current_dir(dir.path()).args(["render", "way"]).output().unwrap()
}

#[test]
fn a_theme_is_in_the_page() {
    let theme = "  accent: \"#7a0033\"\n  accent_dark: \"#ff9ec0\"\n  font: Inter, Source Sans 3\n  logo: look/logo.svg\n  \
                 labels: look/de.yaml\n  templates: look\n";
    let page = themed(
        theme,
        &[
            ("look/logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("look/de.yaml", "map.title: Landkarte\n".as_bytes()),
            ("look/parts.html", include_bytes!("../../src/render/templates/parts.html")),
        ],
    );
    let html = String::from_utf8(page.stdout).unwrap();
    assert!(page.status.success(), "{}", String::from_utf8_lossy(&page.stderr));
    for part in [
        "<html lang=\"de\">",
        "<title>Way · Landkarte</title>",
        "--accent:#7a0033",
        "--accent:#ff9ec0",
        "font-family:\"Inter\",\"Source Sans 3\",system-ui",
        "<img class=\"logo\" src=\"data:image/svg+xml;base64,PHN2Zy",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn a_template_of_the_project_is_taken_and_a_wrong_one_is_told_with_its_line() {
    let own = "{% extends \"page.html\" %}{% block title %}Ours{% endblock %}{% block kind %}map{% endblock %}\
               {% block body %}<main><h1>{{ page.title }}</h1></main>{% endblock %}";
    let page = themed("  templates: look/\n", &[("look/map.html", own.as_bytes())]);
    assert!(String::from_utf8_lossy(&page.stdout).contains("<main><h1>Way</h1></main>"));
    let wrong = themed("  templates: look\n", &[("look/map.html", b"<p>\n{{ page.titel }}</p>")]);
    let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && told.contains("map.html:2"), "{told}");
}

#[test]
fn a_theme_that_cannot_be_drawn_is_told() {
    for (theme, files, says) in [
        ("  accent: \"#f0e442\"\n", &[][..], "cannot be read on #ffffff: its contrast is 1.3 to 1"),
        ("  accent_dark: \"#222222\"\n", &[], "choose a lighter one"),
        ("  accent: blue\n", &[], "`accent: blue` is no colour"),
        (
            "  light: { ink: \"#999999\" }\n",
            &[],
            "`light.ink: #999999` cannot be read on #ffffff: its contrast is 2.8 to 1",
        ),
        ("  dark: { background: \"#777777\" }\n", &[], "`dark.background: #777777` is too near to `soft`, #a3adb8"),
        (
            "  light: { background: \"#fffdf8\", good: \"#00cc00\" }\n",
            &[],
            "`light.good: #00cc00` cannot be read on #fffdf8",
        ),
        ("  accent: \"#0072b2\"\n  light: { accent: \"#7a0033\" }\n", &[], "leave `accent` out"),
        ("  light: { paper: \"#ffffff\" }\n", &[], "`paper`"),
        ("  font: \"a;}\"\n", &[], "names no families of letters"),
        ("  logo: logo.png\n", &[], "`theme.logo`: `logo.png` is not there"),
        ("  logo: logo.png\n", &[("logo.png", &b"GIF89a"[..])], "is no PNG, JPEG, WebP or SVG"),
        ("  labels: ../de.yaml\n", &[], "`theme.labels`: `../de.yaml`"),
        ("  labels: de.yaml\n", &[("de.yaml", b"no.such: x\n")], "no document uses the label `no.such`"),
        ("  templates: look\n", &[("look/mop.html", b"")], "holds no template"),
    ] {
        let output = themed(theme, files);
        let told = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && told.contains(says), "{theme}: {told}");
    }
}

#[test]
#[cfg(feature = "engine")]
fn a_map_says_how_many_events_had_the_consent_that_was_asked() {
    let manifest = "name: shop\nunits: { user: user_id }\ndata:\n  - { events: \"data/*.csv\", time: ts, event: event, \
                    consent: \"agreed==yes\", where: 'country == \"PT\"' }\n";
    let spec = "persona ana \"Ana\" { goal \"Buys\" }\nchannel web \"Web\" { kind self-service }\nevent seen { named \"Seen\" }\n\
                journey way \"Way\" {\n  for ana\n  stage first \"First\" {\n    phase sale\n    touchpoint door \"Door\" { channel web; seen by seen }\n  }\n}\n";
    let mut rows = "ts,user_id,event,agreed,country\n".to_owned();
    for n in 0..80 {
        let (agreed, country) = (if n % 4 == 0 { "no" } else { "yes" }, if n < 40 { "PT" } else { "ES" });
        rows += &format!("2026-01-05T10:00:00Z,u{n},Seen,{agreed},{country}\n");
    }
    let dir = super::project(&[("waypost.yaml", manifest), ("way.journey", spec), ("data/events.csv", &rows)]);
    let output = super::waypost(&dir).args(["render", "way", "--to", "md", "--today", "2026-01-10"]).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("75% of events with consent"), "{page}{}", String::from_utf8_lossy(&output.stderr));
}
