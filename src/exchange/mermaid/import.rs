//! A diagram to the text of a `.journey` file.

use super::feeling;
use super::id::Ids;
use super::label;
use super::read::{Line, Said, Task, lines};
use crate::diagnostic::Diagnostic;
use crate::exchange::quoted;
use crate::source::{SourceId, Span};
use crate::syntax;

/// What came of a diagram.
#[derive(Debug)]
pub struct Imported {
    /// A `.journey` file, formatted; none where the text was no journey diagram. It parses and resolves by itself.
    pub text: Option<String>,
    /// What was assumed, and what is said only in a comment, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Returns the journey that a Mermaid diagram draws.
///
/// Any text is read without a panic. Nothing is dropped silently: what the language cannot say is a comment at its place
/// and a finding; what the language asks for and the diagram does not say (phases, channels) is a stand-in and a finding.
/// `name` names a journey whose diagram has no title.
pub fn import(source: SourceId, text: &str, name: &str) -> Imported {
    let Some(said) = lines(source, text) else {
        let finding = Diagnostic::error("mermaid-no-journey", Span::new(source, 0, 0), "no line here says `journey`")
            .help("only Mermaid's `journey` diagrams can be read; a Markdown file must be cut to the diagram first");
        return Imported { text: None, diagnostics: vec![finding] };
    };
    let mut builder = Builder::new(source, &said, name);
    said.iter().for_each(|line| builder.line(line));
    builder.finish()
}

/// A persona made of an actor.
struct Actor {
    words: String,
    id: String,
}

struct Builder {
    source: SourceId,
    actors: Vec<Actor>,
    title: Option<(String, Span)>,
    fallback: String,
    about: Option<String>,
    /// Lines of the journey's block, each with its depth within.
    body: Vec<(usize, String)>,
    in_stage: bool,
    stages: Ids,
    touchpoints: Ids,
    has_tasks: bool,
    findings: Vec<Diagnostic>,
}

impl Builder {
    fn new(source: SourceId, said: &[Line], name: &str) -> Self {
        let mut ids = Ids::default();
        let mut actors: Vec<Actor> = Vec::new();
        for words in said.iter().filter_map(|l| as_task(&l.said)).flat_map(|t| &t.actors).map(|a| label::read(a).text) {
            if !words.is_empty() && !actors.iter().any(|a| a.words == words) {
                actors.push(Actor { id: ids.make(&words, "person"), words });
            }
        }
        Self {
            source,
            actors,
            title: None,
            fallback: name.to_owned(),
            about: None,
            body: Vec::new(),
            in_stage: false,
            stages: Ids::default(),
            touchpoints: Ids::default(),
            has_tasks: false,
            findings: Vec::new(),
        }
    }

    fn line(&mut self, line: &Line) {
        match &line.said {
            Said::Title(title) => self.title(title, line.span),
            Said::AccTitle(title) => self.keep(&format!("accTitle: {title}"), line.span),
            Said::AccDescr(words) => self.about(words, line.span),
            Said::Section(name) => self.section(name, line.span),
            Said::Task(task) => self.task(task, line.span),
            Said::Comment(words) => self.comment(words),
            Said::Setting(words) => self.keep(words, line.span),
            Said::Unknown(words) => self.keep(words, line.span),
        }
    }

    /// The last title counts, as in Mermaid; earlier ones are kept.
    fn title(&mut self, title: &str, span: Span) {
        let title = self.words(title, span);
        if let Some((earlier, place)) = self.title.replace((title, span)) {
            self.keep(&format!("title: {earlier}"), place);
        }
    }

    fn about(&mut self, words: &str, span: Span) {
        let words = self.words(words, span);
        if let Some(earlier) = self.about.replace(words) {
            self.keep(&format!("accDescr: {earlier}"), span);
        }
    }

    fn section(&mut self, name: &str, span: Span) {
        let words = self.words(name, span);
        self.open_stage(&words);
    }

    fn open_stage(&mut self, words: &str) {
        self.close_stage();
        let id = self.stages.make(words, "stage");
        self.put(0, format!("stage {id} {} {{", quoted(words)));
        self.put(1, "phase pre-sale".to_owned());
        self.in_stage = true;
    }

    fn close_stage(&mut self) {
        if std::mem::take(&mut self.in_stage) {
            self.put(0, "}".to_owned());
        }
    }

    fn task(&mut self, task: &Task, span: Span) {
        if !self.in_stage {
            self.open_stage("Before the first section");
            self.assumed(span, "a task before the first section; it stands in a stage of its own");
        }
        self.has_tasks = true;
        let words = self.words(&task.name, span);
        let id = self.touchpoints.make(&words, "step");
        self.put(1, format!("touchpoint {id} {} {{", quoted(&words)));
        self.put(2, "channel not-said".to_owned());
        self.passers(task, span);
        self.feels(&task.score, span);
        if let Some(rest) = &task.rest {
            self.keep(rest, span);
        }
        self.put(1, "}".to_owned());
    }

    /// Writes `for`, where not every actor of the diagram passes.
    fn passers(&mut self, task: &Task, span: Span) {
        let words: Vec<String> = task.actors.iter().map(|a| self.words(a, span)).collect();
        let mut here: Vec<&str> = Vec::new();
        for actor in words.iter().filter_map(|w| self.actors.iter().find(|a| a.words == *w)) {
            if !here.contains(&actor.id.as_str()) {
                here.push(&actor.id);
            }
        }
        if !here.is_empty() && here.len() < self.actors.len() {
            let line = format!("for {}", here.join(", "));
            self.put(2, line);
        }
    }

    fn feels(&mut self, score: &str, span: Span) {
        let number = score.parse::<f64>().ok().filter(|n| n.is_finite());
        let Some(value) = number.and_then(feeling) else {
            let what = if score.is_empty() { "no score".to_owned() } else { format!("score {score}") };
            self.put(2, comment(&what));
            return self.odd_score(span, format!("`{score}` is no number, so no feeling stands here"));
        };
        let note = match number {
            Some(n) if !(1.0..=5.0).contains(&n) => {
                Some(format!("`{score}` lies outside 1 to 5; the feeling is cut to {value:+}"))
            }
            Some(n) if n.fract() != 0.0 => {
                Some(format!("`{score}` is no whole score; the feeling {value:+} is the nearest below"))
            }
            _ => None,
        };
        self.put(2, format!("feels {}", signed(value)));
        if let Some(note) = note {
            self.put(2, comment(&format!("score {score} in the diagram")));
            self.odd_score(span, note);
        }
    }

    fn odd_score(&mut self, span: Span, message: String) {
        let finding = Diagnostic::warning("mermaid-score", span, message);
        self.findings.push(finding.help("write `feels` with a number from -3 to +3"));
    }

    fn comment(&mut self, words: &str) {
        let line = comment(words);
        let depth = usize::from(self.in_stage);
        self.put(depth, line);
    }

    /// Keeps as a comment what the language cannot say.
    fn keep(&mut self, words: &str, span: Span) {
        self.comment(&format!("Mermaid: {words}"));
        let shown = label::read(words).text;
        let message = format!("`{shown}` has no word in the language and is kept as a comment");
        self.findings.push(Diagnostic::note("mermaid-kept-as-comment", span, message));
    }

    fn assumed(&mut self, span: Span, message: &str) {
        self.findings.push(Diagnostic::note("mermaid-assumed", span, message));
    }

    /// Returns the words of a text, after a note where something in it had to go.
    fn words(&mut self, raw: &str, span: Span) -> String {
        let label = label::read(raw);
        if let Some(changed) = label.changed {
            self.findings.push(Diagnostic::note("mermaid-text-changed", span, format!("in this text, {changed}")));
        }
        label.text
    }

    fn put(&mut self, depth: usize, line: String) {
        self.body.push((depth, line));
    }

    fn finish(mut self) -> Imported {
        let top = Span::new(self.source, 0, 0);
        if self.body.iter().all(|(_, line)| !line.starts_with("stage ")) {
            self.open_stage("Stage 1");
            self.assumed(top, "the diagram has no section; a journey has at least one stage, so one stands in");
        }
        self.close_stage();
        self.assumed(
            top,
            "a diagram does not say which stages lie before the sale; each is `phase pre-sale` until somebody does",
        );
        if self.has_tasks {
            self.assumed(top, "a diagram does not say where a touchpoint happens; each is in the channel `not-said` until somebody does");
        }
        if self.actors.is_empty() {
            self.assumed(top, "the diagram names no actor; the persona `somebody` stands in");
            self.actors.push(Actor { words: "Somebody".to_owned(), id: "somebody".to_owned() });
        }
        let written = self.write();
        let parsed = syntax::parse(self.source, &written);
        let text = syntax::format(&parsed.tree, &written).ok().filter(|_| parsed.diagnostics.is_empty());
        if text.is_none() {
            let finding =
                Diagnostic::error("mermaid-too-large", top, "this diagram makes a file beyond the language's limits");
            self.findings.push(finding.help("cut it: a text has at most 64 KiB, a file 1 MiB"));
        }
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        Imported { text, diagnostics: self.findings }
    }

    fn write(&self) -> String {
        let title = self.title.as_ref().map(|(t, _)| t.as_str()).filter(|t| !t.is_empty()).unwrap_or(&self.fallback);
        let id = Ids::default().make(title, "journey-1");
        let mut out = vec![format!("journey {id} {} {{", quoted(title))];
        out.extend(self.about.iter().map(|a| format!("  about {}", quoted(a))));
        let all: Vec<&str> = self.actors.iter().map(|a| a.id.as_str()).collect();
        out.push(format!("  for {}", all.join(", ")));
        out.extend(self.body.iter().map(|(depth, line)| format!("{}{line}", "  ".repeat(depth + 1))));
        out.push("}\n".to_owned());
        out.extend(self.actors.iter().map(|a| format!("persona {} {}", a.id, quoted(&a.words))));
        if self.has_tasks {
            out.push("\nchannel not-said \"Not said in the diagram\"".to_owned());
        }
        out.join("\n") + "\n"
    }
}

fn as_task(said: &Said) -> Option<&Task> {
    match said {
        Said::Task(task) => Some(task),
        _ => None,
    }
}

fn signed(feeling: i8) -> String {
    if feeling == 0 { "0".to_owned() } else { format!("{feeling:+}") }
}

/// Returns a comment of these words, with nothing in it that hides.
fn comment(words: &str) -> String {
    format!("# {}", label::read(words).text).trim_end().to_owned()
}
