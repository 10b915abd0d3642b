//! Small projects for rules: the guitar shop of `specs/`, changed by a few statements.
//!
//! An example shows only the statements that matter. Laid over the shop, a declaration of the same kind and id is changed
//! and any other is added; inside it a statement replaces those of the same keyword, `variant`s all together, and a comment
//! `# no KEYWORD` takes them out. A `stage` at the top belongs to the journey `guitar`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use waypost::diagnostic::{Diagnostic, Safety, Severity};
use waypost::model::Model;
use waypost::model::value::Date;
use waypost::source::{SourceId, Sources};
use waypost::syntax::tree::{Item, Statement, TokenKind, Tree};
use waypost::{lint, resolve, syntax};

/// The day the shop's specs were written for.
pub const TODAY: Date = jiff::civil::date(2026, 11, 22);

pub fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")
}

/// A project as text.
#[derive(Clone, Debug)]
pub struct Project {
    pub manifest: String,
    pub spec: String,
}

/// A project, read and linted.
pub struct Linted {
    pub sources: Sources,
    pub spec: SourceId,
    pub findings: Vec<Diagnostic>,
}

pub fn shop() -> Project {
    let folder = specs().join("guitar-shop");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let journeys = files.iter().filter(|p| p.extension().is_some_and(|e| e == "journey"));
    let texts: Vec<String> = journeys.map(|p| fs::read_to_string(p).unwrap()).collect();
    let spec = texts.concat().lines().filter(|l| !l.starts_with("use ")).collect::<Vec<_>>().join("\n") + "\n";
    Project { manifest: fs::read_to_string(folder.join("waypost.yaml")).unwrap(), spec }
}

impl Project {
    /// Returns the project with an example laid over it.
    pub fn with(&self, yaml: &str, journey: &str) -> Project {
        let (top, stages) = housed(journey);
        let spec = [top, stages].iter().filter(|t| !t.trim().is_empty()).fold(self.spec.clone(), |s, t| overlay(&s, t));
        Project { manifest: overlay_yaml(&self.manifest, yaml), spec }
    }

    /// Returns the model, or every error.
    pub fn read(&self) -> Result<(Model, Tree, Sources), String> {
        let mut sources = Sources::default();
        let yaml = sources.add("waypost.yaml", self.manifest.as_str());
        let (manifest, problems) = resolve::manifest(yaml, &self.manifest);
        let Some(manifest) = manifest else { return Err(format!("{problems:#?}")) };
        let spec = sources.add("shop.journey", self.spec.as_str());
        let parsed = syntax::parse(spec, &self.spec);
        let resolution = resolve::resolve(&manifest, std::slice::from_ref(&parsed.tree));
        let all = parsed.diagnostics.iter().chain(&resolution.diagnostics);
        let errors: Vec<String> = all
            .filter(|d| d.severity == Severity::Error)
            .map(|d| format!("{}: {} {} {:?}", sources.position(d.primary.span).line, d.code, d.message, d.help))
            .collect();
        match resolution.model {
            Some(model) if errors.is_empty() => Ok((model, parsed.tree, sources)),
            _ => Err(format!("{}\n{}", errors.join("\n"), numbered(&self.spec))),
        }
    }

    /// Returns what the rules find.
    pub fn lint(&self, today: Date) -> Result<Linted, String> {
        let (model, tree, sources) = self.read()?;
        let findings = lint::run(&model, std::slice::from_ref(&tree), &sources, today);
        Ok(Linted { spec: tree.source, sources, findings })
    }

    /// Returns the project with every fix of these findings applied; fixes of the manifest are left out.
    pub fn fixed(&self, linted: &Linted, findings: &[&Diagnostic], safety: Safety) -> Project {
        let fixes = findings.iter().filter_map(|d| d.fix.as_ref()).filter(|f| f.safety == safety);
        let mut edits: Vec<_> = fixes.flat_map(|f| &f.edits).filter(|e| e.span.source == linted.spec).collect();
        edits.sort_by_key(|e| std::cmp::Reverse((e.span.start, e.span.end)));
        edits.dedup();
        let mut spec = self.spec.clone();
        for edit in edits {
            spec.replace_range(edit.span.range(), &edit.text);
        }
        Project { manifest: self.manifest.clone(), spec }
    }
}

impl Linted {
    /// Returns file and line of every finding of a code.
    pub fn lines(&self, code: &str) -> BTreeSet<(String, u32)> {
        let of_code = self.findings.iter().filter(|d| d.code == code);
        of_code
            .map(|d| (self.sources.name(d.primary.span.source).to_owned(), self.sources.position(d.primary.span).line))
            .collect()
    }

    pub fn shown(&self) -> String {
        let line = |d: &Diagnostic| {
            let (file, at) = (self.sources.name(d.primary.span.source), self.sources.position(d.primary.span));
            format!("{file}:{}:{} {} {}: {}", at.line, at.column, d.severity.name(), d.code, d.message)
        };
        self.findings.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

pub fn numbered(text: &str) -> String {
    text.lines().enumerate().map(|(i, l)| format!("{:4} {l}\n", i + 1)).collect()
}

/// Parts the stages of the top level from the rest, and puts them into the journey they belong to.
fn housed(journey: &str) -> (String, String) {
    let tree = syntax::parse(SourceId::default(), journey).tree;
    let (mut inner, mut outer, mut waiting) = (String::new(), String::new(), String::new());
    for item in &tree.items {
        match item {
            Item::Statement(s) => {
                let place = if s.keyword.text == "stage" { &mut inner } else { &mut outer };
                place.push_str(&std::mem::take(&mut waiting));
                place.push_str(&journey[s.span.range()]);
                place.push_str(&s.trailing.as_ref().map_or(String::new(), |c| format!(" {}", c.text)));
                place.push('\n');
            }
            Item::Comment(c) => waiting.push_str(&format!("{}\n", c.text)),
            Item::Broken(span) => panic!("broken example at {:?}:\n{journey}", &journey[span.range()]),
            Item::Blank(_) => (),
        }
    }
    if !inner.is_empty() {
        inner = format!("journey guitar \"Buying a first guitar online\" {{\n{inner}}}\n");
    }
    (outer + &waiting, inner)
}

/// Lays one spec over another.
fn overlay(base: &str, over: &str) -> String {
    let (a, b) = (syntax::parse(SourceId::default(), base), syntax::parse(SourceId::default(), over));
    let mut out = String::new();
    let printer = Printer { base, over };
    printer.items(&a.tree.items, &b.tree.items, true, &mut out);
    out
}

struct Printer<'a> {
    base: &'a str,
    over: &'a str,
}

/// What a statement is known by when it is changed rather than replaced.
fn declared(statement: &Statement, top: bool) -> Option<(&str, &str)> {
    const NESTED: &[&str] = &["stage", "touchpoint", "message", "pain", "opportunity", "funnel"];
    let keyword = statement.keyword.text.as_str();
    match statement.args.first().map(|t| &t.kind) {
        Some(TokenKind::Name(id)) if top || NESTED.contains(&keyword) => Some((keyword, id)),
        _ => None,
    }
}

/// Statements of which a block has one: they replace each other.
fn group(keyword: &str) -> &str {
    match keyword {
        "share" | "average" | "ratio" | "quantile" | "time" => "share",
        "higher" | "lower" => "higher",
        other => other,
    }
}

impl Printer<'_> {
    fn items(&self, base: &[Item], over: &[Item], top: bool, out: &mut String) {
        let dropped: Vec<&str> = over
            .iter()
            .filter_map(|i| if let Item::Comment(c) = i { c.text.strip_prefix("# no ") } else { None })
            .collect();
        let (mut changes, mut waiting) = (Vec::new(), Vec::new());
        for item in over {
            match item {
                Item::Comment(c) if !c.text.starts_with("# no ") => waiting.push(c.text.as_str()),
                Item::Statement(s) => changes.push((std::mem::take(&mut waiting), s)),
                Item::Broken(span) => panic!("broken: {}", &self.over[span.range()]),
                _ => (),
            }
        }
        let replaced: Vec<&str> =
            changes.iter().filter(|(_, s)| declared(s, top).is_none()).map(|(_, s)| group(&s.keyword.text)).collect();
        let mut merged = Vec::new();
        for statement in syntax::tree::statements(base) {
            let known = declared(statement, top);
            let change = changes.iter().position(|(_, s)| known.is_some() && declared(s, top) == known);
            if dropped.contains(&statement.keyword.text.as_str()) {
                continue;
            }
            match change {
                Some(at) => {
                    merged.push(at);
                    let (comments, over) = &changes[at];
                    self.merge(statement, over, comments, out);
                }
                None if known.is_none() && replaced.contains(&group(&statement.keyword.text)) => (),
                None => {
                    let comment = statement.trailing.as_ref().map_or(String::new(), |c| format!(" {}", c.text));
                    out.push_str(&format!("{}{comment}\n", &self.base[statement.span.range()]));
                }
            }
        }
        for (_, (comments, statement)) in changes.iter().enumerate().filter(|(i, _)| !merged.contains(i)) {
            comments.iter().for_each(|c| out.push_str(&format!("{c}\n")));
            out.push_str(&self.over[statement.span.range()]);
            out.push_str(&statement.trailing.as_ref().map_or(String::new(), |c| format!(" {}", c.text)));
            out.push('\n');
        }
        waiting.iter().for_each(|c| out.push_str(&format!("{c}\n")));
    }

    fn merge(&self, base: &Statement, over: &Statement, comments: &[&str], out: &mut String) {
        comments.iter().for_each(|c| out.push_str(&format!("{c}\n")));
        out.push_str(&self.over[over.header().range()]);
        let items = |s: &Statement| s.block.as_ref().map(|b| b.items.clone()).unwrap_or_default();
        let comment = over.block.as_ref().and_then(|b| b.after_open.as_ref()).or(over.trailing.as_ref());
        out.push_str(&format!(" {{ {}\n", comment.map_or("", |c| c.text.as_str())));
        self.items(&items(base), &items(over), false, out);
        out.push_str("}\n");
    }
}

/// Replaces the top-level keys of a manifest.
fn overlay_yaml(base: &str, over: &str) -> String {
    let keys: Vec<&str> =
        over.lines().filter(|l| l.starts_with(char::is_alphabetic)).filter_map(|l| l.split(':').next()).collect();
    let mut keep = true;
    let mut out = String::new();
    for line in base.lines() {
        if line.starts_with(char::is_alphabetic) {
            keep = !keys.iter().any(|k| line.strip_prefix(k).is_some_and(|r| r.starts_with(':')));
        }
        if keep {
            out.push_str(&format!("{line}\n"));
        }
    }
    out + over
}
