//! Hostile text in every field: the structure of the page stays as it is with harmless text, and nothing is a script.

use super::fixture;
use super::reports::{Kind, invented};
use super::rewrite::rewrite;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use std::path::{Path, PathBuf};
use waypost::analysis::Report;
use waypost::model::Model;
use waypost::render::map::MapData;
use waypost::render::{Change, Document, Entry, Options, index, map, report};

/// Text that has broken pages elsewhere, a few of each class.
const PAYLOADS: &[&str] = &[
    "<script>PWN()</script>",
    "<img src=q onerror=PWN()>",
    "</title></style></textarea><svg onload=PWN()>",
    "--><!--><img src onerror=PWN()>",
    "</bdi></td></tr></table><h1>mine</h1>",
    "<details open ontoggle=PWN()><summary>s",
    "<base href=//q.invalid/><meta http-equiv=refresh content=0>",
    "<plaintext>",
    "<math><mtext><table><style><!--</style><img onerror=PWN()>",
    "&lt;b&gt; &amp;amp; &#60;i&#62; as typed",
    "<a\0b onclick=PWN()>\0",
    "\" onmouseover=PWN() y=\"",
    "' onfocus=PWN() autofocus y='",
    "q onpointerenter=PWN() style=animation:z",
    "\"><svg/onload=PWN()>",
    "\t\n\r\u{c}\"onclick=PWN()",
    "javascript:PWN()",
    "[click](javascript:PWN())",
    "[click](data:text/html,<script>PWN()</script>)",
    "[click]( \u{1}jAvA\tscript:PWN())",
    "![q](q\"onerror=\"PWN())",
    "[go](//q.invalid/%2e)",
    "[go](https://good.example@q.invalid/)",
    "</script><script>PWN()</script>",
    "<!--<script>",
    "]]></script><svg onload=PWN()>",
    "</text><foreignObject><body onload=PWN()>",
    "<set attributeName=onmouseover to=PWN() />",
    "red;background:url(//q.invalid/z)",
    "}</style><img onerror=PWN()><style>",
    "#fff}*{display:none}",
    "a | b \\| c || d",
    "# no heading\n\n---\n```\n</code></pre>",
    "```\n:::raw\n<img onerror=PWN()>",
    "[ref]: javascript:PWN()\n[ref]",
    "1. one 2) two - three + four > five ~~~ \\`*_{}",
    "<javascript:PWN()> https://q.invalid/auto www.q.invalid @user #12",
    "$\\href{javascript:PWN()}{q}$ ```mermaid\ngraph TD;A-->B;click A call PWN()\n```",
    "=1+1",
    "{{ 7*7 }}{% for i in range(9) %}q{% endfor %}",
    "{{ page }}{% include 'page.html' %}{% raw %}",
    "\u{1b}[31mred\u{1b}[0m\u{7}",
    "::error file=q,line=1::forged",
    "\u{202e})1(NWP\u{202c} \u{2066}q\u{2069} \u{200f}",
    "a\u{200b}b\u{200d}c\u{feff}d\u{ad}e",
    "\u{2028}PWN()\u{2029}\u{fffe}\u{85}",
    "مرحبا <b>بالعالم</b> 123 שלום",
    "Z\u{335}\u{321}\u{31b}\u{353}\u{349}\u{317}",
];

/// Elements that the language's own emphasis, code and links make; they may come and go with the text.
const INLINE: [&str; 3] = ["em", "strong", "code"];

struct Pages {
    model: Model,
    numbers: MapData,
    report: Report,
    experiment: waypost::model::Id<waypost::model::Experiment>,
}

fn said(text: &str) -> Pages {
    let mut model = fixture::guitar();
    let numbers = fixture::numbers(&model);
    let (experiment, report) = invented(&mut model, Kind::Ship);
    let mut pages = Pages { model, numbers, report, experiment };
    let mut put = |old: &mut String| text.clone_into(old);
    rewrite(&mut pages.model, &mut put);
    pages.numbers.funnels.iter_mut().flat_map(|f| &mut f.steps).for_each(|s| put(&mut s.title));
    pages.numbers.paths.iter_mut().for_each(|p| {
        put(&mut p.title);
        p.columns.iter_mut().flatten().for_each(|n| put(&mut n.title));
    });
    pages.numbers.losses.iter_mut().for_each(|l| put(&mut l.title));
    pages.numbers.credit.iter_mut().for_each(|a| {
        put(&mut a.title);
        a.channels.iter_mut().chain(&mut a.stages).for_each(|c| put(&mut c.title));
    });
    let r = &mut pages.report;
    [&mut r.title, &mut r.experiment, &mut r.planned.from].into_iter().for_each(&mut put);
    r.arms.iter_mut().for_each(|a| put(&mut a.title));
    r.metrics.iter_mut().for_each(|m| put(&mut m.title));
    r.segments.iter_mut().for_each(|s| put(&mut s.value));
    r.checks.iter_mut().for_each(|c| put(&mut c.says.text));
    r.method.iter_mut().for_each(|m| put(&mut m.text));
    r.provenance.files.iter_mut().for_each(|(name, digest, _)| [name, digest].into_iter().for_each(&mut put));
    put(&mut r.provenance.time_zone);
    pages
}

fn documents(text: &str) -> [Document; 4] {
    let Pages { model, numbers, report: data, experiment } = said(text);
    let options = Options::of(&model.manifest);
    let journey = |id: &str| model.journey(id).unwrap();
    let (title, href) = (text.to_owned(), "map-guitar.html".to_owned());
    let word = (text.to_owned(), text.to_owned());
    let changes = [
        Change::New { title: title.clone(), href: href.clone() },
        Change::Gone { title: title.clone() },
        Change::Status { title: title.clone(), href: href.clone(), was: word.0.clone(), is: "running".to_owned() },
        Change::Verdict { title, href, was: word, is: ("ship".to_owned(), text.to_owned()) },
    ];
    [
        map(&model, journey("guitar"), Some(&numbers), &options).unwrap(),
        map(&model, journey("guitar-ideal"), None, &options).unwrap(),
        report(&model, experiment, &data, &options).unwrap(),
        index(&model, &[Entry { experiment, report: Some(&data) }], &changes, &options).unwrap(),
    ]
}

/// Returns a map in which every text is all payloads at once, for the browser.
pub fn worst() -> Document {
    let [map, ..] = documents(&PAYLOADS.join(" "));
    map
}

fn parse(html: &str) -> RcDom {
    html5ever::parse_document(RcDom::default(), Default::default()).one(html)
}

/// Adds every element with the names of its attributes, in order, and what must never be there.
fn skeleton(node: &Handle, depth: usize, out: &mut Vec<String>, wrong: &mut Vec<String>) {
    let mut inner = depth;
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attrs = attrs.borrow();
        let class = attrs.iter().find(|a| &*a.name.local == "class").map(|a| a.value.to_string());
        let link = class.as_deref() == Some("ext");
        let tag = name.local.to_string();
        for a in attrs.iter() {
            let (key, value) = (a.name.local.to_string(), a.value.to_string());
            let address = value.trim_start().to_ascii_lowercase();
            if key.starts_with("on")
                || key == "style"
                || (key == "href" && ["javascript", "data:", "vbscript", "//"].iter().any(|b| address.starts_with(b)))
            {
                wrong.push(format!("{tag} {key}={value}"));
            }
        }
        if tag == "script" || tag == "iframe" || tag == "base" {
            wrong.push(tag.clone());
        }
        if !INLINE.contains(&tag.as_str()) && !link {
            let keys: Vec<String> = attrs.iter().map(|a| a.name.local.to_string()).collect();
            out.push(format!("{depth} {tag} {}", keys.join(",")));
            inner += 1;
        }
    }
    for child in node.children.borrow().iter() {
        skeleton(child, inner, out, wrong);
    }
}

fn text(node: &Handle, out: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        out.push_str(&contents.borrow());
    }
    node.children.borrow().iter().for_each(|c| text(c, out));
}

fn shape(html: &str) -> (Vec<String>, Vec<String>, String) {
    let dom = parse(html);
    let (mut out, mut wrong, mut words) = (Vec::new(), Vec::new(), String::new());
    skeleton(&dom.document, 0, &mut out, &mut wrong);
    text(&dom.document, &mut words);
    (out, wrong, words)
}

fn first_difference(a: &[String], b: &[String]) -> String {
    let at = a.iter().zip(b).position(|(x, y)| x != y).unwrap_or_else(|| a.len().min(b.len()));
    format!("at {at}: {:?} against {:?}", a.get(at), b.get(at))
}

fn check(payloads: &[String]) {
    let plain = documents("x");
    let plain_html: Vec<_> = plain.iter().map(|d| shape(&d.html)).collect();
    let plain_markdown: Vec<_> = plain.iter().map(|d| shape(&rendered(&d.markdown))).collect();
    for payload in payloads {
        for (i, document) in documents(payload).iter().enumerate() {
            let (elements, wrong, words) = shape(&document.html);
            assert_eq!(
                elements,
                plain_html[i].0,
                "page {i} with {payload:?}: {}",
                first_difference(&elements, &plain_html[i].0)
            );
            assert_eq!(wrong, Vec::<String>::new(), "page {i} with {payload:?}");
            let plainly = !payload.contains(['*', '`', '_', '[']);
            let typed = payload.replace('\0', "\u{fffd}");
            assert!(!plainly || words.contains(&typed), "page {i} does not show {payload:?} as typed");
            let (elements, wrong, _) = shape(&rendered(&document.markdown));
            assert_eq!(
                elements,
                plain_markdown[i].0,
                "Markdown {i} with {payload:?}: {}",
                first_difference(&elements, &plain_markdown[i].0)
            );
            assert_eq!(wrong, Vec::<String>::new(), "Markdown {i} with {payload:?}");
        }
    }
}

/// Returns Markdown as a reader that lets HTML through shows it.
fn rendered(markdown: &str) -> String {
    let mut out = String::new();
    pulldown_cmark::html::push_html(
        &mut out,
        pulldown_cmark::Parser::new_ext(
            markdown,
            pulldown_cmark::Options::ENABLE_TABLES
                | pulldown_cmark::Options::ENABLE_STRIKETHROUGH
                | pulldown_cmark::Options::ENABLE_FOOTNOTES
                | pulldown_cmark::Options::ENABLE_MATH,
        ),
    );
    out
}

#[test]
fn hostile_text_changes_no_structure() {
    check(&PAYLOADS.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>());
}

fn shared() -> PathBuf {
    #[allow(clippy::disallowed_methods, reason = "worktrees lie elsewhere than the shared folder")]
    let named = std::env::var("WAYPOST_SHARED").map(PathBuf::from);
    named.unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"))
}

#[test]
fn the_shared_list_changes_no_structure() {
    let Ok(list) = std::fs::read_to_string(shared().join("corpus/payloads.txt")) else {
        println!("skipped: the shared list of hostile texts is not here");
        return;
    };
    let lines = list.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    // A lone surrogate is no text in Rust: it becomes the replacement character, as in a browser.
    let text = |body: &str| {
        serde_json::from_str::<String>(&format!("\"{body}\""))
            .unwrap_or_else(|_| body.replace("\\udbff", "\u{fffd}").replace("\\udfff", "\u{fffd}"))
    };
    let payloads: Vec<String> = lines.map(|(_, body)| text(body)).collect();
    assert!(payloads.len() >= 80);
    check(&payloads);
}
