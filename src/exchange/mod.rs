//! Other formats in and out: Mermaid `journey` diagrams, and whole specs as JSON or YAML.
//!
//! What comes in becomes the text of `.journey` files, formatted, that parse and resolve; what another format says and
//! the language cannot say stays as a comment, and a finding tells so. What goes out loses nothing as JSON or YAML, and
//! as Mermaid keeps what Mermaid has words for.

pub mod mermaid;
pub mod spec;

/// Every code of this room with what it finds and why that matters; sorted.
pub const CODES: &[(&str, &str)] = &[
    (
        "mermaid-assumed",
        "something the language asks for and a Mermaid diagram does not say, such as a channel; what stands there now is a stand-in to mend",
    ),
    (
        "mermaid-kept-as-comment",
        "something a Mermaid diagram says and the language has no word for; it stays as a comment, so that nothing is lost unseen",
    ),
    ("mermaid-no-journey", "a Mermaid text that is no `journey` diagram, so there is nothing to read"),
    (
        "mermaid-score",
        "a score that is no number from 1 to 5, which is all a Mermaid diagram can draw; the nearest feeling stands there, or none",
    ),
    (
        "mermaid-text-changed",
        "a text of a Mermaid diagram that had line breaks or characters that do not show; the words are the same",
    ),
    ("mermaid-too-large", "a Mermaid diagram that would make a file larger than the language reads"),
    (
        "spec-not-faithful",
        "a spec in JSON or YAML whose parts do not read as they stand: a word where a text is meant, say, or two arguments in one",
    ),
    ("spec-schema", "a JSON or YAML file that is no `waypost/spec/1`, or has parts that it does not know"),
];

/// Returns a text in quotes, as the language writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
