//! The maps on paper: printed by a browser on A3 and A4, and read back with `pdftotext`.

use super::browser::{installed, tools};
use super::{fixture, pages};
use std::path::Path;
use std::process::Command;

/// One word of a page with its box, in points.
struct Word {
    text: String,
    at: [f64; 4],
}

/// One page of paper.
struct Sheet {
    size: (f64, f64),
    words: Vec<Word>,
}

impl Sheet {
    /// Returns the words in the order of the file, without spaces: lines may break anywhere.
    fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect()
    }
}

fn attribute(tag: &str, name: &str) -> f64 {
    let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
    rest.split_once('"').unwrap().0.parse().unwrap()
}

/// Returns the sheets of a PDF.
fn sheets(pdftotext: &Path, pdf: &Path) -> Vec<Sheet> {
    let output = Command::new(pdftotext).args(["-raw", "-bbox"]).arg(pdf).arg("-").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let plain = |t: &str| {
        t.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
    };
    let sheet = |page: &str| {
        let (tag, body) = page.split_once('>').unwrap();
        let words = body.split("<word").skip(1).map(|w| {
            let (tag, rest) = w.split_once('>').unwrap();
            let text = plain(rest.split_once("</word>").unwrap().0);
            Word { text, at: ["xMin", "yMin", "xMax", "yMax"].map(|n| attribute(tag, n)) }
        });
        Sheet { size: (attribute(tag, "width"), attribute(tag, "height")), words: words.collect() }
    };
    text.split("<page").skip(1).map(sheet).collect()
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Returns what is wrong with a print.
fn wrong(name: &str, sheets: &[Sheet], holds: &serde_json::Value) -> Vec<String> {
    let list = |key: &str| -> Vec<String> {
        holds[key].as_array().unwrap().iter().map(|t| without_spaces(t.as_str().unwrap())).collect()
    };
    let mut found = Vec::new();
    for (n, sheet) in sheets.iter().enumerate() {
        let (width, height) = sheet.size;
        let out = |w: &&Word| w.at[0] < 0.0 || w.at[1] < 0.0 || w.at[2] > width || w.at[3] > height;
        if let Some(word) = sheet.words.iter().find(out) {
            found.push(format!("{name}, sheet {}: `{}` is cut at {:?}", n + 1, word.text, word.at));
        }
    }
    let texts: Vec<String> = sheets.iter().map(Sheet::text).collect();
    let all = texts.concat();
    found.extend(list("words").iter().filter(|w| !all.contains(*w)).take(3).map(|w| format!("{name}: `{w}` is gone")));
    if holds["tables"].as_u64() > Some(1) {
        found.extend(list("heads").iter().filter(|h| !all.contains(*h)).map(|h| format!("{name}: no head `{h}`")));
        let stage = |t: &&String| list("heads").iter().any(|h| t.contains(h));
        let lane = without_spaces(holds["lanes"][0].as_str().unwrap());
        found.extend(texts.iter().filter(stage).filter(|t| !t.contains(&lane)).map(|_| format!("{name}: no lanes")));
        return found;
    }
    // the table ends where the first heading after it stands
    let first = list("after").into_iter().next().unwrap_or_default();
    let end = texts.iter().position(|t| t.contains(&first)).unwrap_or(texts.len());
    for (n, text) in texts.iter().enumerate().take(end) {
        found.extend(
            list("heads")
                .iter()
                .filter(|h| !text.contains(*h))
                .map(|h| format!("{name}, sheet {}: no head `{h}`", n + 1)),
        );
    }
    found
}

#[test]
fn maps_on_paper_are_whole_and_repeat_their_heads() {
    let Some((node, chromium, modules)) = tools() else { return };
    let Some(pdftotext) = installed(&["pdftotext"]) else {
        println!(
            "skipped: pdftotext is needed to read the prints; install it with: sudo apt-get install poppler-utils"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let maps: Vec<String> = fixture::projects();
    for (name, page) in pages::all() {
        if name == "data" || maps.iter().any(|m| name.starts_with(m.as_str())) {
            std::fs::write(folder.path().join(format!("{name}.html")), page.html).unwrap();
        }
    }
    let wide = super::size::long(14, 2);
    let page =
        waypost::render::map(&wide, wide.journey("long").unwrap(), None, &waypost::render::Options::of(&wide.manifest));
    std::fs::write(folder.path().join("wide.html"), page.unwrap().html).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/print.mjs");
    let output = Command::new(node).arg(script).arg(folder.path()).arg(modules).arg(chromium).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut found, mut prints, mut long) = (Vec::new(), 0, 0);
    for file in std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()) {
        if file.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let holds: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert!(!holds["heads"].as_array().unwrap().is_empty(), "{}", file.display());
        for paper in ["a3", "a4"] {
            let sheets = sheets(&pdftotext, &file.with_extension(format!("{paper}.pdf")));
            let name = format!("{} {paper}", file.file_stem().unwrap().to_string_lossy());
            found.extend(wrong(&name, &sheets, &holds));
            if !(1..=6).contains(&sheets.len()) {
                found.push(format!("{name}: {} sheets", sheets.len()));
            }
            let heads = |s: &&Sheet| s.text().contains(&without_spaces(holds["heads"][0].as_str().unwrap()));
            long += usize::from(sheets.iter().filter(heads).count() > 1);
            prints += 1;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(long >= 4, "only {long} of {prints} prints repeat a head, so that nothing is shown");
    println!("{prints} prints");
}
