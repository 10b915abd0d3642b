//! The named checks: each is looked at in every report, and each says what it found.
mod data;
mod numbers;
mod plan;
mod split;

use super::blank::Blank;
use super::report::{Check, CheckId, Finding};
use super::request::Request;
use super::results::Row;
use super::words::say;

/// What a check finds: pass, warn, fail, or not looked at, with what fills its sentence.
pub(super) struct Found {
    finding: Finding,
    blanks: Vec<(&'static str, Blank)>,
    /// A rule that says it in place of the check's own.
    rule: Option<&'static str>,
}

impl Found {
    fn new(finding: Finding, blanks: Vec<(&'static str, Blank)>) -> Self {
        Self { finding, blanks, rule: None }
    }

    /// It could not be looked at.
    fn skipped() -> Self {
        Self::new(Finding::Skipped, Vec::new())
    }

    /// It could not be looked at, for a reason that has a rule of its own.
    fn skipped_as(rule: &'static str) -> Self {
        Self { rule: Some(rule), ..Self::skipped() }
    }

    /// Pass, or warn when `odd`.
    fn warn_if(odd: bool, blanks: Vec<(&'static str, Blank)>) -> Self {
        Self::new(if odd { Finding::Warn } else { Finding::Pass }, blanks)
    }
}

/// A check: its id, its four rules in the order pass, skipped, warn, fail, and how it is looked at. A rule that it never
/// needs is its neighbour's.
type Rules = [&'static str; 4];
type Look = fn(&Request, &[Row]) -> Found;

/// Every check, in the order of the report.
const CHECKS: &[(CheckId, Rules, Look)] = &[
    (CheckId::SrmTotal, ["srm-total-pass", "srm-total-skipped", "srm-total-warn", "srm-total-fail"], split::total),
    (CheckId::SrmDay, ["srm-day-pass", "srm-day-skipped", "srm-day-fail", "srm-day-fail"], split::days),
    (
        CheckId::SrmSegment,
        ["srm-segment-pass", "srm-segment-skipped", "srm-segment-fail", "srm-segment-fail"],
        split::segments,
    ),
    (
        CheckId::TwoVariants,
        ["two-variants-pass", "two-variants-pass", "two-variants-warn", "two-variants-fail"],
        split::two_variants,
    ),
    (
        CheckId::UnknownVariant,
        ["unknown-variant-pass", "unknown-variant-pass", "unknown-variant-warn", "unknown-variant-warn"],
        split::unknown_variant,
    ),
    (
        CheckId::Recomputed,
        ["recomputed-pass", "recomputed-skipped", "recomputed-warn", "recomputed-fail"],
        split::recomputed,
    ),
    (
        CheckId::ExposureGaps,
        ["exposure-gaps-pass", "exposure-gaps-skipped", "exposure-gaps-warn", "exposure-gaps-warn"],
        data::gaps,
    ),
    (CheckId::RowsRead, ["rows-read-pass", "rows-read-skipped", "rows-read-warn", "rows-read-warn"], data::read),
    (
        CheckId::EventsBefore,
        ["events-before-pass", "events-before-pass", "events-before-warn", "events-before-warn"],
        data::before,
    ),
    (
        CheckId::Duplicates,
        ["duplicates-pass", "duplicates-pass", "duplicates-warn", "duplicates-warn"],
        data::duplicates,
    ),
    (CheckId::ClockSkew, ["clock-skew-pass", "clock-skew-skipped", "clock-skew-warn", "clock-skew-warn"], data::clocks),
    (CheckId::Bots, ["bots-pass", "bots-pass", "bots-warn", "bots-warn"], data::bots),
    (CheckId::Outliers, ["outliers-pass", "outliers-skipped", "outliers-warn", "outliers-warn"], numbers::outliers),
    (CheckId::TooFew, ["too-few-pass", "too-few-pass", "too-few-warn", "too-few-warn"], numbers::too_few),
    (CheckId::Skewness, ["skewness-pass", "skewness-skipped", "skewness-warn", "skewness-warn"], numbers::skewness),
    (
        CheckId::WholeWeeks,
        ["whole-weeks-pass", "whole-weeks-pass", "whole-weeks-warn", "whole-weeks-warn"],
        plan::weeks,
    ),
    (
        CheckId::Underpowered,
        ["underpowered-pass", "underpowered-skipped", "underpowered-warn", "underpowered-warn"],
        numbers::underpowered,
    ),
    (CheckId::Novelty, ["novelty-pass", "novelty-skipped", "novelty-warn", "novelty-warn"], numbers::novelty),
    (
        CheckId::PrePeriod,
        ["pre-period-pass", "pre-period-skipped", "pre-period-fail", "pre-period-fail"],
        numbers::before_start,
    ),
    (CheckId::Twyman, ["twyman-pass", "twyman-skipped", "twyman-warn", "twyman-warn"], numbers::twyman),
    (
        CheckId::SegmentsExploratory,
        [
            "segments-exploratory-pass",
            "segments-exploratory-skipped",
            "segments-exploratory-warn",
            "segments-exploratory-warn",
        ],
        plan::segments,
    ),
    (
        CheckId::Interaction,
        ["interaction-pass", "interaction-skipped", "interaction-warn", "interaction-warn"],
        numbers::interaction,
    ),
    (
        CheckId::PlanChanged,
        ["plan-changed-pass", "plan-changed-skipped", "plan-changed-warn", "plan-changed-warn"],
        plan::changed,
    ),
    (
        CheckId::StoppedEarly,
        ["stopped-early-pass", "stopped-early-skipped", "stopped-early-warn", "stopped-early-warn"],
        plan::stopped_early,
    ),
    (CheckId::Consent, ["consent-pass", "consent-skipped", "consent-warn", "consent-warn"], split::consent),
];

/// The checks of who was counted: where nobody is, nothing wrong is found, and still nothing was looked at.
const OF_UNITS: [CheckId; 4] = [CheckId::TwoVariants, CheckId::UnknownVariant, CheckId::Bots, CheckId::TooFew];

/// The checks of what was read, likewise.
const OF_ROWS: [CheckId; 3] = [CheckId::EventsBefore, CheckId::Duplicates, CheckId::ClockSkew];

/// Returns whether a check passes only because there is nothing to look at.
fn empty(request: &Request, id: CheckId) -> bool {
    let rows = request.tallies.ledger.rows;
    request.all_units() == 0 && (OF_UNITS.contains(&id) || rows == 0 && OF_ROWS.contains(&id))
}

/// Returns every check, looked at.
pub(super) fn checks(request: &Request, rows: &[Row]) -> Vec<Check> {
    let look = |(id, [pass, skipped, warn, fail], look): &(CheckId, Rules, Look)| {
        let found = look(request, rows);
        let nobody = found.finding == Finding::Pass && empty(request, *id);
        let Found { finding, blanks, rule } = if nobody { Found::skipped_as("nobody-counted") } else { found };
        let rule = rule.unwrap_or(match finding {
            Finding::Pass => pass,
            Finding::Skipped => skipped,
            Finding::Warn => warn,
            Finding::Fail => fail,
        });
        Check { id: *id, finding, says: say(rule, blanks) }
    };
    CHECKS.iter().map(look).collect()
}

/// Returns whether a check closes the gate: no effect is shown unless asked for.
pub(super) fn closes_gate(check: &Check) -> bool {
    let gates = [CheckId::SrmTotal, CheckId::SrmDay, CheckId::SrmSegment, CheckId::TwoVariants];
    check.finding == Finding::Fail && gates.contains(&check.id)
}
