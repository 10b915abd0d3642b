//! Every sentence of a report: a rule's id, what fills it, and its English. Nothing else in the room writes prose.

use super::report::Sentence;

/// A sentence being filled.
#[derive(Clone, Debug)]
pub(super) struct Say {
    rule: &'static str,
    with: Vec<(&'static str, String)>,
}

/// Starts the sentence of a rule.
pub(super) fn say(rule: &'static str) -> Say {
    Say { rule, with: Vec::new() }
}

impl Say {
    /// Fills a gap.
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.with.push((name, value.to_string()));
        self
    }

    /// Returns the sentence.
    pub(super) fn done(self) -> Sentence {
        let template = SENTENCES.iter().find(|(rule, _)| *rule == self.rule).map_or("", |(_, text)| *text);
        let text = self
            .with
            .iter()
            .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        Sentence { rule: self.rule, with: self.with, text }
    }
}

/// Returns a share in percent with the decimals it needs: `4.2 %`.
pub(super) fn percent(share: f64) -> String {
    let size = (share * 100.0).abs();
    let digits = if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        3
    };
    let text = format!("{:.*}", digits, share * 100.0);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    format!("{} %", if text == "-0" { "0" } else { &text })
}

/// Returns a p-value as people read it.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.0001 { "below 0.0001".to_owned() } else { format!("{p:.4}") }
}

/// Every rule that says something, with its English; gaps in braces.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // verdicts
    ("verdict-draft", "The experiment has not started: nothing is decided and nothing is expected yet."),
    (
        "verdict-no-data",
        "No exposure is in the data, so nothing can be said; check the event that exposes and the data's dates.",
    ),
    ("verdict-check-failed", "The result cannot be trusted: {check}. Find the cause before looking at any effect."),
    ("verdict-fixed-running", "Keep running to the planned end on {end}: a fixed plan is read once, when it is done."),
    ("verdict-looks-running", "Keep running: the evidence does not decide yet, and the plan allows to look again."),
    (
        "verdict-stopped-early",
        "Cannot tell: the test was stopped before its planned end on {end}, and a fixed plan says nothing before it.",
    ),
    (
        "verdict-ship",
        "Ship {variant}: {metric} is better by {lift} ({low} to {high}), every guardrail stays inside its limit, and no check fails.",
    ),
    ("verdict-guardrail-beyond", "Keep the control: {guardrail} got worse than tolerated, whatever else improved."),
    (
        "verdict-guardrail-open",
        "Keep the control for now: {metric} is better, but {guardrail} is not shown to stay inside its limit.",
    ),
    ("verdict-deteriorated", "Keep the control: {metric} got worse."),
    ("verdict-worse", "Keep the control: {metric} got worse with the change ({low} to {high})."),
    (
        "verdict-no-difference",
        "No practical difference: the effect on {metric} lies between {low} and {high}, below the {expected} the test was planned for.",
    ),
    (
        "verdict-cannot-tell",
        "Cannot tell: the test could only have seen a change of {metric} of about {smallest} or more, and saw none. This is not proof of no effect.",
    ),
    ("verdict-too-few", "Cannot tell: too few units or conversions to judge {metric}."),
    ("verdict-withheld", "Nothing is shown: {check}."),
    // checks
    ("srm-pass", "The split is as planned ({counts}; p {p})."),
    ("srm-warn", "The split is a little off its plan ({counts}; p {p}); watch it."),
    (
        "srm-fail",
        "the split is not as planned ({counts}; p {p}), so people are missing from an arm and the arms cannot be compared",
    ),
    ("srm-day-pass", "The split holds on every day."),
    ("srm-day-warn", "The split breaks on {days}, first on {first}; something changed then."),
    ("two-variants-pass", "No unit was seen in two variants."),
    ("two-variants-some", "{units} units ({share}) were seen in two variants and left out."),
    ("two-variants-fail", "{share} of the units were seen in two variants, so the assignment did not hold"),
    ("unknown-variant-pass", "Every variant in the data is one of the plan."),
    ("unknown-variant-warn", "{units} units were logged with variants the plan does not know ({names}) and left out."),
    ("recomputed-pass", "The variant logged is the one assigned, for all {units} units compared."),
    ("recomputed-warn", "The variant logged is not the one assigned for {units} of {all} units."),
    ("recomputed-fail", "the variant logged is not the one assigned for {share} of the units"),
    ("recomputed-skipped", "Logged and assigned variants were not compared: the data has one of them only."),
    ("exposure-gaps-pass", "Exposures came in every day as usual."),
    ("exposure-gaps-warn", "On {days} fewer than half the usual exposures were logged, first on {first}."),
    ("events-before-pass", "No counted event lies before its unit's exposure."),
    (
        "events-before-warn",
        "{share} of the events came before exposure; they are not counted, but tracking may be late.",
    ),
    ("duplicates-pass", "Duplicate rows: {share}."),
    ("duplicates-warn", "{share} of the rows repeat another one; they are counted once."),
    ("clock-skew-pass", "No clock is clearly wrong."),
    ("clock-skew-warn", "{events} events carry times that cannot be."),
    ("bots-pass", "No unit has more events than people make."),
    ("bots-warn", "{units} units have more events than people make."),
    ("outliers-pass", "No few units hold much of the variance."),
    (
        "outliers-warn",
        "In {metric}, the top 0.1 % of units hold {share} of the variance: look at the capped value too.",
    ),
    ("too-few-pass", "Every arm has enough units and conversions."),
    ("too-few-warn", "Too few units or conversions for {metric}: no p-value is given."),
    ("skewness-pass", "No metric is too skewed for its method."),
    ("skewness-warn", "{metric} is so skewed that {units} units an arm would be needed for its interval to be right."),
    ("whole-weeks-pass", "The plan covers whole weeks."),
    ("whole-weeks-warn", "The plan covers {days} days, which is no whole number of weeks: some weekdays count twice."),
    ("underpowered-pass", "The test is large enough to see the effect it was planned for."),
    (
        "underpowered-warn",
        "The test can see a change of {metric} of {smallest} or more, and was planned for {expected}.",
    ),
    ("underpowered-skipped", "No expected effect is written, so its size cannot be judged."),
    ("novelty-skipped", "Whether the effect fades with time needs data by time since exposure."),
    ("pre-period-pass", "The arms did not differ before the start."),
    ("pre-period-warn", "{metric} already differed before the start (p {p}): something carries over."),
    ("pre-period-skipped", "No metric looks at the time before exposure."),
    ("twyman-pass", "No effect is too good to be true."),
    ("twyman-warn", "A change of {lift} in {metric} is larger than tests find: look for a bug first."),
    ("segments-note", "Segments are exploratory: their intervals are corrected for {cuts} cuts and decide nothing."),
    ("segments-none", "No segments are cut."),
    ("plan-changed-skipped", "Whether the plan changed after the start is told by `waypost diff`."),
    ("stopped-early-pass", "The test was not stopped early."),
    ("stopped-early-warn", "The test was stopped on {on}, before its planned end on {end}."),
    ("consent-pass", "The share of units without consent is alike in all arms."),
    ("consent-warn", "The share of units without consent differs between arms (p {p})."),
    ("consent-skipped", "No unit was left out for want of consent."),
    // method
    (
        "method-unit",
        "Each {unit} counts once, in the variant of its first exposure; events count from then on, inside each metric's window.",
    ),
    (
        "method-shares",
        "Shares are compared by the score test; the interval is its inversion (Miettinen and Nurminen 1985), so it excludes zero exactly when p is below the level.",
    ),
    ("method-means", "Means are compared by Welch's t test on one number a unit; relative intervals are Fieller's."),
    ("method-ratio", "Ratios of totals are compared by the delta method on units (Deng, Knoblich and Lu 2018)."),
    ("method-cuped", "Outcomes are adjusted by each unit's own past (CUPED; Deng, Xu, Kohavi and Walker 2013)."),
    ("method-quantile", "Quantiles use order statistics with the variance of clusters (Deng, Knoblich and Lu 2018)."),
    ("method-nps", "Net promoter scores are compared with their trinomial variance."),
    (
        "method-times",
        "Times are compared by their mean up to the window, those who have not done it yet counted as such (Kaplan and Meier 1958).",
    ),
    ("method-fixed", "The plan is fixed: it is read once, at a level of {level}."),
    (
        "method-sequential",
        "The plan may be looked at on any day: intervals hold at all times together, at a level of {level} (Waudby-Smith and others 2021).",
    ),
    (
        "method-group-sequential",
        "The plan has {looks} looks; the level of {level} is spent over them (Lan and DeMets 1983). This is look {look}.",
    ),
    (
        "method-bayesian",
        "The result is Bayesian with a flat prior: it says how likely each arm is better, and it does not guard against peeking.",
    ),
    (
        "method-holm",
        "The {family} comparisons of the primaries share the level by Holm's method; each interval is at the level its comparison was held to.",
    ),
    (
        "method-rule",
        "The rule was written before the start: ship when a primary is better, every guardrail stays inside its limit, nothing else gets worse and no check fails (Schultzberg, Ankargren and Franberg 2024).",
    ),
    // notes of estimates
    ("note-held-to", "held to a level of {level} within its family"),
    ("note-asymptotic", "the band is asymptotic, and this arm is small for it"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_said_once_and_gaps_are_filled() {
        for (i, (rule, _)) in SENTENCES.iter().enumerate() {
            assert!(SENTENCES.iter().skip(i + 1).all(|(other, _)| other != rule), "{rule} stands twice");
        }
        let said = say("stopped-early-warn").with("on", "2026-10-20").with("end", "2026-11-01").done();
        assert_eq!(said.text, "The test was stopped on 2026-10-20, before its planned end on 2026-11-01.");
    }

    #[test]
    fn shares_keep_the_digits_that_matter() {
        assert_eq!(percent(0.0421), "4.21 %");
        assert_eq!(percent(0.5), "50 %");
        assert_eq!(percent(-0.00001), "-0.001 %");
    }
}
