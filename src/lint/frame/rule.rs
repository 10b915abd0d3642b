use super::context::Context;
use super::page::Page;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Maps, their personas, stages, touchpoints, pains, funnels.
    Journeys,
    /// Tests: their plan, their place, their state.
    Experiments,
    /// Data, its columns, metrics over it, money.
    Data,
    /// Names: unused, alike, invisible.
    Names,
    /// People who could be told from what is written.
    Privacy,
    /// The findings' own settings and silencing comments.
    Findings,
}

impl Group {
    /// All groups, in the order they are listed.
    pub const ALL: [Group; 6] =
        [Group::Journeys, Group::Experiments, Group::Data, Group::Names, Group::Privacy, Group::Findings];

    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Group::Journeys => "journeys",
            Group::Experiments => "experiments",
            Group::Data => "data",
            Group::Names => "names",
            Group::Privacy => "privacy",
            Group::Findings => "findings",
        }
    }
}

/// One rule: what it is called, how much it matters, its manual page, and how it looks for what it finds.
#[derive(Debug)]
pub struct Rule {
    /// The stable name, in words with hyphens.
    pub code: &'static str,
    /// What it is about.
    pub group: Group,
    /// How much it matters where the manifest does not say otherwise.
    pub severity: Severity,
    /// Whether it depends on the day; such a finding is never an error, so that a green commit stays green.
    pub dated: bool,
    pub(in crate::lint) doc: &'static str,
    pub(in crate::lint) check: Check,
}

/// How a rule looks: it reads the project and adds what it finds.
pub(in crate::lint) type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

impl Rule {
    /// Returns the manual page.
    pub fn page(&self) -> Page {
        Page { code: self.code, section: self.group.name(), severity: self.severity, dated: self.dated, doc: self.doc }
    }

    /// Returns a finding of this rule.
    pub(in crate::lint) fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.severity, self.code, span, message)
    }
}

/// Declares the `RULE` of a file. The doc comment is the manual page: what is found in its first line, why it matters,
/// an example that fires the rule, the better way that does not.
macro_rules! rule {
    (@dated) => { false };
    (@dated dated) => { true };
    ($(#[doc = $line:literal])+ $code:literal, $group:ident, $severity:ident $(, $dated:ident)?; $check:path) => {
        $(#[doc = $line])+
        pub(super) const RULE: $crate::lint::Rule = $crate::lint::Rule {
            code: $code,
            group: $crate::lint::Group::$group,
            severity: $crate::diagnostic::Severity::$severity,
            dated: $crate::lint::frame::rule!(@dated $($dated)?),
            doc: concat!($($line, "\n"),+),
            check: $check,
        };
    };
}
pub(in crate::lint) use rule;
