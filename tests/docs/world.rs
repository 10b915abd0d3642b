//! The world of the documents' examples: `specs/guitar-shop`, and around a fragment whatever it needs to be whole.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use waypost::cli::reference::BLOCKS;
use waypost::model::vocabulary::Block;
use waypost::resolve::{manifest, resolve};
use waypost::source::{SourceId, Sources};
use waypost::syntax::parse;
use waypost::syntax::tree::{Statement, TokenKind, Tree};

/// Returns the repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Returns the block of a name.
pub fn block(name: &str) -> Option<Block> {
    BLOCKS.into_iter().find(|b| b.name() == name)
}

/// Returns what is wrong with a file, alone or along with the guitar shop.
pub fn errors(text: &str, with_shop: bool) -> Vec<String> {
    let mut sources = Sources::default();
    let mut trees: Vec<Tree> = Vec::new();
    let folder = root().join("specs/guitar-shop");
    let yaml = std::fs::read_to_string(folder.join("waypost.yaml")).unwrap();
    let (found, _) = manifest(sources.add("waypost.yaml", yaml.as_str()), &yaml);
    if with_shop {
        // not the ideal journey: its touchpoints have the names of the real one
        for file in ["people", "tracking", "guitar", "experiments"] {
            let text = std::fs::read_to_string(folder.join(format!("{file}.journey"))).unwrap();
            trees.push(parse(sources.add(file, text.as_str()), &text).tree);
        }
        let more = "lane legal \"Legal\"\n";
        trees.push(parse(sources.add("more", more), more).tree);
    }
    let parsed = parse(sources.add("example", text), text);
    let mut all = parsed.diagnostics;
    trees.push(parsed.tree);
    all.extend(resolve(&found.unwrap(), &trees).diagnostics);
    all.iter().map(|d| format!("{}: {} {:?}", d.code, d.message, d.help)).collect()
}

/// Returns the fragment of a block inside all that it needs: the block's other statements, and the blocks around it.
pub fn wrapped(block: Block, fragment: &str) -> String {
    let has = said(fragment);
    let fill = |defaults: &[&str]| {
        let missing = |line: &&&str| !has.iter().any(|h| same(h, line));
        defaults.iter().filter(missing).map(|l| format!("{l}\n")).collect::<String>()
    };
    let body = |defaults: &[&str]| format!("{}{fragment}\n", fill(defaults));
    match block {
        Block::File => fragment.to_owned(),
        Block::Journey => journey(&body(&["for maya", "stage doc-stage \"S\" { phase sale }"])),
        Block::Stage => stage(&body(&["phase pre-sale"])),
        Block::Touchpoint => touchpoint(&body(&["channel website"])),
        Block::Message => {
            touchpoint(&format!("channel website\nmessage doc-it \"M\" {{\n{}}}\n", body(&["when \"now\""])))
        }
        Block::Pain => {
            stage(&format!("phase sale\npain doc-it \"P\" {{\n{}}}\n", body(&["kind leaving", "severity low"])))
        }
        Block::Opportunity => {
            let inside = body(&["solves forced-account", "value 1", "cost 1"]);
            stage(&format!("phase sale\nopportunity doc-it \"O\" {{\n{inside}}}\n"))
        }
        Block::Question => stage(&format!("phase sale\nquestion \"Q\" {{\n{fragment}\n}}\n")),
        Block::Feels => stage(&format!("phase sale\nfeels 0 {{\n{fragment}\n}}\n")),
        Block::Claim => whole_journey(&format!("claim \"C\" {{\n{fragment}\n}}\n")),
        Block::Evidence => {
            whole_journey(&format!("evidence \"E\" {{\n{}}}\n", body(&["kind survey", "on 2026-09-01"])))
        }
        Block::Funnel => {
            let steps = "steps comparison-guide > checkout > order-placed > delivery";
            whole_journey(&format!("funnel doc-it \"F\" {{\n{}}}\n", body(&[steps])))
        }
        Block::Attribution => whole_journey(&format!("attribution of order-placed {{\n{fragment}\n}}\n")),
        Block::Event => format!("event doc-it {{\n{}}}\n", body(&["named \"Doc\""])),
        Block::Metric => {
            let kinds = ["share", "average", "ratio", "quantile", "nps", "time", "steps"];
            let measured = kinds.iter().any(|k| has.iter().any(|h| h.starts_with(k)));
            let kind = if measured { "" } else { "share of order-paid within 7 days\n" };
            let better = if has.iter().any(|h| h.contains(" is better")) { "" } else { "higher is better\n" };
            format!("metric doc-it \"M\" {{\n{kind}{better}{fragment}\n}}\n")
        }
        Block::Audience => format!("audience doc-it \"A\" {{\n{}}}\n", body(&["where age > 1"])),
        Block::Holdout => format!("holdout doc-it \"H\" {{\n{}}}\n", body(&["takes 1%"])),
        Block::Consent => format!("consent doc-it \"C\" {{\n{}}}\n", body(&["policy \"/p\""])),
        Block::Experiment => format!("experiment doc-it \"X\" {{\n{}}}\n", body(EXPERIMENT)),
        Block::Variant => {
            let control = "variant control \"A\" 50% { }\nvariant guest \"B\" 50% {\n";
            let head: String =
                EXPERIMENT.iter().filter(|l| !l.starts_with("variant")).map(|l| format!("{l}\n")).collect();
            let sets: Vec<&String> = has.iter().filter(|h| h.starts_with("set ")).collect();
            let both = control
                .replace("{ }", &format!("{{ {} }}", sets.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("; ")));
            format!("experiment doc-it \"X\" {{\n{head}{both}{fragment}\n}}\n}}\n")
        }
        Block::Persona | Block::Team | Block::Channel | Block::Lane | Block::Layer => {
            format!("{} doc-it \"T\" {{\n{fragment}\n}}\n", block.name())
        }
    }
}

const EXPERIMENT: &[&str] = &[
    "at guitar.checkout",
    "because \"B\"",
    "owner growth",
    "runs from 2026-12-07 to 2026-12-20",
    "status draft",
    "unit user",
    "variant control \"A\" 50%",
    "variant guest \"B\" 50%",
    "primary order-rate",
    "method fixed with level 5% and power 80%",
];

fn whole_journey(body: &str) -> String {
    journey(&format!("for maya\nstage doc-stage \"S\" {{ phase sale }}\n{body}"))
}

fn journey(body: &str) -> String {
    format!("journey doc-journey \"J\" {{\n{body}}}\n")
}

fn stage(body: &str) -> String {
    journey(&format!("for maya, tom\nstage doc-stage \"S\" {{\n{body}}}\n"))
}

fn touchpoint(body: &str) -> String {
    stage(&format!("phase sale\ntouchpoint doc-place \"T\" {{\n{body}}}\n"))
}

/// Returns the statements of a fragment, each as its words.
fn said(fragment: &str) -> Vec<String> {
    let tree = parse(SourceId::default(), fragment).tree;
    tree.statements().map(words).collect()
}

fn words(statement: &Statement) -> String {
    let mut out = statement.keyword.text.clone();
    for token in &statement.args {
        let _ = match &token.kind {
            TokenKind::Name(n) | TokenKind::Number(n) => write!(out, " {n}"),
            TokenKind::Text(t) => write!(out, " \"{t}\""),
            TokenKind::Path(p) => write!(out, " {}", p.join(".")),
            _ => write!(out, " ?"),
        };
    }
    out
}

/// Returns whether a statement of the fragment stands for a default: the same keyword, and for variants the same id.
fn same(said: &str, default: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (said.split(' ').collect(), default.split(' ').collect());
    a[0] == b[0] && (a[0] != "variant" || a.get(1) == b.get(1)) || (a[0] == "ideal" && b[0] == "for")
}
