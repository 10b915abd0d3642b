//! The table of statements: which a block takes, how often, their form, what each says.
//!
//! Checking, completion, the reference and the formatter read this one table; a new statement costs one row here
//! and its meaning in the model.
//!
//! # Forms
//!
//! A form is written as a person would read it. Lower-case words stand for themselves; a word in capitals is a slot
//! ([`Slot`]); `[ … ]` may be left out; `< a | b >` is one of several; `X, …` is a list with commas between;
//! `X > …` a chain; `PERSONAS` stands for `for PERSONA, …`. The words before the first slot that every alternative
//! shares begin the statement: the first word is its keyword.

mod rows;
mod slot;

pub use rows::ROWS;
pub use slot::Slot;

use std::collections::HashMap;
use std::sync::OnceLock;

/// The kinds of block, and with them of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// A file's top level.
    File,
    /// `journey`
    Journey,
    /// `stage`
    Stage,
    /// `touchpoint`
    Touchpoint,
    /// `message`
    Message,
    /// `pain`
    Pain,
    /// `opportunity`
    Opportunity,
    /// `evidence`
    Evidence,
    /// `claim`
    Claim,
    /// `feels`
    Feels,
    /// `question`
    Question,
    /// `funnel`
    Funnel,
    /// `attribution`
    Attribution,
    /// `persona`
    Persona,
    /// `team`
    Team,
    /// `channel`
    Channel,
    /// `lane`
    Lane,
    /// `event`
    Event,
    /// `metric`
    Metric,
    /// `audience`
    Audience,
    /// `layer`
    Layer,
    /// `holdout`
    Holdout,
    /// `consent`
    Consent,
    /// `experiment`
    Experiment,
    /// `variant`
    Variant,
}

impl Block {
    /// Returns the keyword that opens it; `file` for the top level.
    pub fn name(self) -> &'static str {
        match self {
            Block::File => "file",
            Block::Journey => "journey",
            Block::Stage => "stage",
            Block::Touchpoint => "touchpoint",
            Block::Message => "message",
            Block::Pain => "pain",
            Block::Opportunity => "opportunity",
            Block::Evidence => "evidence",
            Block::Claim => "claim",
            Block::Feels => "feels",
            Block::Question => "question",
            Block::Funnel => "funnel",
            Block::Attribution => "attribution",
            Block::Persona => "persona",
            Block::Team => "team",
            Block::Channel => "channel",
            Block::Lane => "lane",
            Block::Event => "event",
            Block::Metric => "metric",
            Block::Audience => "audience",
            Block::Layer => "layer",
            Block::Holdout => "holdout",
            Block::Consent => "consent",
            Block::Experiment => "experiment",
            Block::Variant => "variant",
        }
    }

    /// Returns whether its header must be followed by a block.
    pub fn needs_body(self) -> bool {
        matches!(
            self,
            Block::Journey
                | Block::Metric
                | Block::Audience
                | Block::Holdout
                | Block::Consent
                | Block::Experiment
                | Block::Event
                | Block::Pain
                | Block::Opportunity
                | Block::Evidence
                | Block::Funnel
                | Block::Message
        )
    }
}

/// How often a statement may stand in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly one.
    One,
    /// At most one.
    Optional,
    /// Any number.
    Any,
    /// At least one.
    Some,
    /// Exactly one of all rows of the block with this count.
    OneOfGroup,
}

impl Count {
    /// Returns the sign of the reference: 1 ? * + k.
    pub fn sign(self) -> &'static str {
        match self {
            Count::One => "1",
            Count::Optional => "?",
            Count::Any => "*",
            Count::Some => "+",
            Count::OneOfGroup => "k",
        }
    }
}

/// One statement of the language.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The blocks it may stand in.
    pub on: &'static [Block],
    /// How it reads, keyword first.
    pub form: &'static str,
    /// How often.
    pub count: Count,
    /// The block it may open.
    pub opens: Option<Block>,
    /// What it says, in one sentence.
    pub says: &'static str,
}

impl Row {
    /// Returns the words it may begin with: one, but for forms such as `<higher | lower> is better`.
    pub fn keywords(&self) -> impl Iterator<Item = &'static str> {
        let head = match self.form.strip_prefix('<') {
            Some(rest) => rest.split('>').next().unwrap_or(""),
            None => self.form.split(' ').next().unwrap_or(""),
        };
        head.split(" | ")
    }

    /// Returns the form as people read it: without the marks of grouping.
    pub fn shown(&self) -> String {
        let plain = self.form.replace(['<', '>'], "").replace("TOUCHPOINT  …", "TOUCHPOINT > …");
        plain.replace("[PERSONAS]", "[for PERSONA, …]").replace("CHOICES", "(TEXT, …)").replace("PLACE", "TOUCHPOINT")
    }
}

/// Returns the rows of a block, in the order of the reference.
pub fn rows_of(block: Block) -> impl Iterator<Item = &'static Row> {
    static BY_BLOCK: OnceLock<HashMap<Block, Vec<&'static Row>>> = OnceLock::new();
    let all = BY_BLOCK.get_or_init(|| {
        let mut all: HashMap<Block, Vec<&'static Row>> = HashMap::new();
        for row in ROWS {
            row.on.iter().for_each(|block| all.entry(*block).or_default().push(row));
        }
        all
    });
    all.get(&block).into_iter().flatten().copied()
}

/// What other tools and people call a statement, and our keywords for it, the likeliest first; sorted.
pub const OTHER_WORDS: &[(&str, &[&str])] = &[
    ("action", &["touchpoint"]),
    ("actor", &["for", "persona"]),
    ("allocation", &["traffic"]),
    ("arm", &["variant"]),
    ("assigned", &["unit"]),
    ("benefit", &["gain"]),
    ("control", &["variant"]),
    ("currency", &["costs"]),
    ("delight", &["gain"]),
    ("desc", &["about"]),
    ("describe", &["about"]),
    ("description", &["about"]),
    ("details", &["about"]),
    ("dates", &["runs"]),
    ("duration", &["runs"]),
    ("emotion", &["feels"]),
    ("end", &["runs", "ends"]),
    ("experience", &["feels"]),
    ("experiments", &["experiment"]),
    ("feeling", &["feels"]),
    ("frustration", &["pain"]),
    ("goal", &["primary", "target"]),
    ("hypothesis", &["because"]),
    ("idea", &["opportunity"]),
    ("kpi", &["metric", "target"]),
    ("location", &["channel"]),
    ("map", &["journey"]),
    ("metric", &["primary"]),
    ("metrics", &["primary"]),
    ("mood", &["feels"]),
    ("name", &["about"]),
    ("need", &["goal", "opportunity"]),
    ("note", &["about"]),
    ("page", &["touchpoint"]),
    ("pain-point", &["pain"]),
    ("painpoint", &["pain"]),
    ("phase", &["stage"]),
    ("planned", &["runs"]),
    ("problem", &["pain"]),
    ("quote", &["thinks", "says"]),
    ("randomize", &["unit"]),
    ("rollout", &["traffic"]),
    ("satisfaction", &["feels"]),
    ("score", &["feels"]),
    ("section", &["stage"]),
    ("segment", &["segments", "audience"]),
    ("sentiment", &["feels"]),
    ("split", &["variant"]),
    ("start", &["runs", "starts"]),
    ("state", &["status"]),
    ("step", &["touchpoint", "steps"]),
    ("targeting", &["audience"]),
    ("task", &["touchpoint"]),
    ("thought", &["thinks"]),
    ("treatment", &["variant"]),
    ("user", &["persona", "for", "unit"]),
    ("users", &["audience", "for"]),
    ("variation", &["variant"]),
    ("weight", &["variant"]),
    ("who", &["for", "audience"]),
    ("why", &["because"]),
];

/// Words that connect arguments and therefore are no ids.
pub const CONNECTING: &[&str] = &[
    "after", "and", "at", "before", "between", "by", "exists", "false", "for", "from", "in", "is", "matches", "not",
    "of", "on", "or", "then", "to", "true", "where", "with", "within",
];
