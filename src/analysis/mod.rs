//! Tallies to a report: which method decides, what must be checked first, and what the numbers allow one to do.

mod report;

pub use report::{
    Arm, Check, CheckId, Comparison, Decision, Estimate, Finding, IfShipped, Inconclusive, MetricResult, Outcome,
    Phase, Planned, Provenance, Report, Role, SCHEMA, Segment, Sentence, Unit, Value, Verdict,
};
