//! The rules of what breaks, by name.

use super::Category::{self, Analysis, Assignment, Record};

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, for output and for people.
    pub id: &'static str,
    /// What it guards.
    pub category: Category,
    /// Why it matters, in one sentence.
    pub why: &'static str,
}

const fn rule(id: &'static str, category: Category, why: &'static str) -> Rule {
    Rule { id, category, why }
}

/// Every rule, by category and name.
pub const RULES: &[Rule] = &[
    rule("anchor", Assignment, "an experiment that moves on the map meets other people"),
    rule("audience", Assignment, "another audience lets other people in, so before and after are not one sample"),
    rule("holdout", Assignment, "units taken into or out of a holdout leave or join the test half-way"),
    rule("layer-slice", Assignment, "another slice of a layer is other people"),
    rule("seed", Assignment, "another seed deals the variants out anew to people who already saw one"),
    rule("traffic-lowered", Assignment, "people who were enrolled are thrown out, by hash and not by chance of theirs"),
    rule("unit", Assignment, "another unit deals the variants out anew"),
    rule("variant-added", Assignment, "a new arm takes people who already saw another"),
    rule("variant-removed", Assignment, "people of the removed arm see another variant half-way"),
    rule("variant-renamed", Assignment, "a variant under another name is another variant, unless it says `was`"),
    rule("variant-reordered", Assignment, "arms stand in a row of buckets; changing places moves people between them"),
    rule("variant-sets", Assignment, "people who saw one thing now see another under the same name"),
    rule("weights", Assignment, "other weights move people between arms, and the split can no longer be checked"),
    rule("control", Analysis, "against another control every effect means something else"),
    rule("expected-effect", Analysis, "the sample size follows from the effect expected before the start"),
    rule("exposure", Analysis, "who counts as having met the variant must be known before the start"),
    rule("level", Analysis, "a level chosen after looking is no level"),
    rule("looks", Analysis, "the bounds of each look follow from all the looks planned"),
    rule("margin", Analysis, "a margin chosen after looking always holds"),
    rule("method", Analysis, "a method chosen after looking gives more false alarms than it says"),
    rule("metric-added", Analysis, "a metric picked after looking is the one that happens to shine"),
    rule("metric-definition", Analysis, "the same name must mean the same number before and after"),
    rule("metric-removed", Analysis, "a metric dropped after looking hides what it said"),
    rule("metric-role", Analysis, "what decides must be fixed before the start"),
    rule("planned-dates", Analysis, "an end chosen after looking is a form of peeking"),
    rule("power", Analysis, "the sample size follows from the power"),
    rule("concluded", Record, "what was decided stays as it was written"),
    rule("deleted", Record, "a test that ran is a record, whatever came out"),
    rule("hypothesis", Record, "a hypothesis written after the start explains, and predicts nothing"),
    rule("status-step", Record, "a test that ended cannot go on, and one that started is no draft again"),
];

/// Returns the rule of this name.
pub(super) fn category(id: &str) -> Option<Category> {
    RULES.iter().find(|r| r.id == id).map(|r| r.category)
}
