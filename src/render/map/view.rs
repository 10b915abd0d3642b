//! What the template and the Markdown twin of a map are given: everything decided, every word said.

use super::grid::When;
use crate::render::rich::Rich;
use serde::Serialize;

/// The page of a map.
#[derive(Debug, Serialize)]
pub(super) struct MapPage {
    pub project: String,
    pub title: String,
    pub about: Option<Rich>,
    pub from_to: Option<Rich>,
    pub facts: Vec<Rich>,
    pub minute: Vec<Rich>,
    pub has_ideal: bool,
    pub opens_ideal: bool,
    pub has_data: bool,
    pub simulated: bool,
    pub personas: Vec<PersonaKey>,
    pub phases: Vec<PhaseHead>,
    pub stages: Vec<StageHead>,
    /// The stages sheet by sheet, where they are too many for one sheet of paper.
    pub sheets: Vec<Sheet>,
    /// How many stages a phone offers one by one.
    pub choosable: usize,
    pub bands: Vec<Band>,
    pub legend: Vec<LegendItem>,
    pub cards: Vec<PersonaCard>,
    pub gaps: Vec<GapRow>,
    pub funnels: Vec<FunnelPart>,
    pub paths: Vec<PathPart>,
    pub handovers: Vec<HandoverPart>,
    pub credit: Vec<CreditPart>,
    pub experiments: Vec<ExperimentRow>,
    /// What people say, where, and what they are asked.
    pub voice: Vec<super::voice::VoiceRow>,
    pub claims: Vec<ClaimRow>,
    pub watched: Vec<Rich>,
    pub questions: Vec<Item>,
    /// What is not as it was at the build before.
    pub changes: Vec<Rich>,
    pub made: Vec<Rich>,
    pub footer: Vec<String>,
}

/// A persona as the switch and the curve know them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PersonaKey {
    pub index: usize,
    pub name: String,
    pub title: String,
    pub anchor: String,
}

/// Stages that stand on one sheet of paper, from one and up to another.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    pub from: usize,
    pub to: usize,
    pub phases: Vec<PhaseHead>,
}

#[derive(Debug, Serialize)]
pub(super) struct PhaseHead {
    pub label: String,
    pub class: &'static str,
    pub span: usize,
    pub when: When,
}

#[derive(Debug, Serialize)]
pub(super) struct StageHead {
    pub title: String,
    pub anchor: String,
    pub about: Option<Rich>,
    pub when: When,
    /// The place of its colour among six.
    pub hue: usize,
    /// How wide: 1 to 12 touchpoints.
    pub width: usize,
    pub effort: Option<String>,
    pub spend: Vec<String>,
}

/// Rows that belong together, between two rules.
#[derive(Debug, Serialize)]
pub(super) struct Band {
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// Which: for the class and the label's icon.
    pub key: &'static str,
    pub label: String,
    /// The label is a user's.
    pub own: bool,
    /// Whether the ideal says anything else here.
    pub differs: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Cell {
    pub when: Option<When>,
    pub items: Vec<Item>,
    pub curve: Option<Curve>,
    pub bar: Option<Bar>,
}

/// One entry of a cell.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Item {
    /// The number of its touchpoint.
    pub number: Option<usize>,
    /// The anchor of its touchpoint.
    pub to: String,
    /// Its own anchor.
    pub anchor: String,
    /// Whose it is, by the place of the persona; everybody's when empty.
    pub of: Vec<usize>,
    pub when: Option<When>,
    /// The icon before it, and what it says.
    pub icon: Option<Icon>,
    pub text: Rich,
    /// Said or thought: in quotation marks.
    pub quoted: bool,
    /// Where it leads.
    pub href: String,
    /// Small words behind it.
    pub notes: Vec<Rich>,
    /// Marks behind it.
    pub marks: Vec<Icon>,
}

/// A small drawing with its meaning in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Icon {
    pub name: &'static str,
    pub label: String,
    /// Whether the words are shown too.
    pub shown: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Bar {
    /// Of the widest, in percent.
    pub width: String,
    pub text: Rich,
    pub note: Option<Rich>,
    pub met: Option<Icon>,
}

/// The part of the curves that lies in one cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Curve {
    /// Touchpoints in the cell.
    pub slots: usize,
    pub lines: Vec<Line>,
    pub points: Vec<Point>,
    pub steps: Vec<Step>,
    pub desc: String,
}

/// A line in a box of 100 by 120.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Line {
    pub d: String,
    /// `felt`, `ideal` or `wish`: the whole ideal line, or the parts of it that leave the felt one.
    pub class: &'static str,
    pub persona: Option<usize>,
}

/// A point at a percentage of the cell's width and a height in pixels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Point {
    pub x: String,
    pub y: String,
    pub class: &'static str,
    pub persona: Option<usize>,
    /// The interval of a measured point.
    pub low: Option<String>,
    pub high: Option<String>,
}

/// The distance from felt to ideal at one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Step {
    pub x: String,
    pub from: String,
    pub to: String,
    pub persona: Option<usize>,
}

#[derive(Debug, Serialize)]
pub(super) struct LegendItem {
    pub icon: &'static str,
    pub persona: Option<usize>,
    pub label: String,
}

#[derive(Debug, Serialize)]
pub(super) struct PersonaCard {
    pub index: usize,
    pub anchor: String,
    pub title: String,
    /// A picture as an address that holds it.
    pub portrait: Option<String>,
    pub about: Option<Rich>,
    pub quote: Option<Rich>,
    pub share: Option<String>,
    pub assumption: bool,
    pub segments: Vec<Lane>,
    pub lanes: Vec<Lane>,
    pub data: Option<String>,
    pub evidence: Vec<EvidenceRow>,
}

/// Lines under one label.
#[derive(Debug, Serialize)]
pub(super) struct Lane {
    pub label: String,
    pub lines: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct EvidenceRow {
    pub title: String,
    pub kind: String,
    pub research: bool,
    pub facts: String,
}

#[derive(Debug, Serialize)]
pub(super) struct GapRow {
    pub number: Option<usize>,
    pub to: String,
    pub place: String,
    pub what: String,
    pub today: Vec<Item>,
    pub ideal: Vec<Item>,
    pub answers: Vec<Item>,
}

#[derive(Debug, Serialize)]
pub(super) struct FunnelPart {
    pub title: String,
    pub persona: Option<String>,
    pub of: Vec<usize>,
    pub rule: Vec<Rich>,
    pub steps: Vec<FunnelRow>,
    pub ledger: Vec<(String, String)>,
    pub finding: Rich,
}

#[derive(Debug, Serialize)]
pub(super) struct FunnelRow {
    pub title: String,
    pub reached: String,
    /// Of the first step, in percent of its width.
    pub width: String,
    /// The part of it that goes on.
    pub on: String,
    pub of_first: String,
    pub of_before: String,
    pub lost: String,
    pub time: String,
    pub worst: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct ExperimentRow {
    pub title: String,
    pub href: String,
    pub state: &'static str,
    pub state_label: String,
    pub number: Option<usize>,
    pub to: String,
    pub place: String,
    pub because: Rich,
    pub dates: String,
    pub owner: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ClaimRow {
    pub text: Rich,
    pub numbers: Option<String>,
    pub evidence: Vec<EvidenceRow>,
}

/// Where people go from a place, or come from to it.
#[derive(Debug, Serialize)]
pub(super) struct PathPart {
    pub title: String,
    pub finding: Rich,
    pub heads: Vec<String>,
    /// The largest of each column first; nothing where a column has no more.
    pub rows: Vec<Vec<Option<PathNode>>>,
}

#[derive(Debug, Serialize)]
pub(super) struct PathNode {
    pub title: String,
    /// Whether it is a touchpoint.
    pub place: bool,
    pub share: String,
    /// In percent of everybody at the anchor.
    pub width: String,
}

/// People who change device or channel at a place.
#[derive(Debug, Serialize)]
pub(super) struct HandoverPart {
    /// From which to which.
    pub title: String,
    /// Where, and by what they are told apart.
    pub at: Rich,
    pub finding: Rich,
    pub rows: Vec<HandoverRow>,
}

#[derive(Debug, Serialize)]
pub(super) struct HandoverRow {
    pub what: String,
    /// In percent of those it is a share of.
    pub width: String,
    pub share: String,
    pub range: String,
    pub people: String,
}

/// What leads to an outcome, over several models.
#[derive(Debug, Serialize)]
pub(super) struct CreditPart {
    pub title: String,
    pub finding: Rich,
    pub has_spend: bool,
    pub rows: Vec<CreditRow>,
    pub rule: Vec<Rich>,
}

#[derive(Debug, Serialize)]
pub(super) struct CreditRow {
    pub title: String,
    /// The least and the most of any model, in percent of the widest.
    pub low: String,
    pub high: String,
    /// Each model: where it stands, and what it says.
    pub dots: Vec<(String, String)>,
    pub range: String,
    pub spend: String,
    pub cost: String,
}
