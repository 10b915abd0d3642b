//! The English of every sentence in a report, by rule. Nothing else in the room writes prose.

use super::blank::Blank;
use super::report::Sentence;

/// Returns the sentence of a rule, its blanks filled.
pub(super) fn say(rule: &'static str, with: Vec<(&'static str, Blank)>) -> Sentence {
    let template = RULES.iter().find(|(id, _)| *id == rule).map_or(rule, |(_, text)| *text);
    let fill = |text: String, (name, value): &(&str, Blank)| text.replace(&format!("{{{name}}}"), &value.to_string());
    // "p = {p}" of what is only known to be small reads "p < 0.0001"
    let text = with.iter().fold(template.to_owned(), fill).replace("= < ", "< ");
    Sentence { rule, with, text }
}

/// Every rule with its English, sorted; `{…}` are blanks.
pub const RULES: &[(&str, &str)] = &[
    ("as-said", "{text}"),
    ("bots-pass", "No unit has more events than people make."),
    ("bots-warn", "{units} units have more events than people make; they may be robots."),
    ("cannot-estimate", "Cannot tell: there is no estimate for {metric}, because {reason}."),
    (
        "cannot-guardrail",
        "Cannot tell: {metric} is better with {variant} ({effect}), but {guardrail} is not shown to stay within the tolerated \
         {margin}.",
    ),
    (
        "cannot-tell",
        "Cannot tell: effects on {metric} {interval} fit the data; the smallest this test could see reliably is \
         {smallest}.",
    ),
    ("clock-skew-pass", "The clocks of the data agree with the plan's days."),
    ("clock-skew-skipped", "The clocks were not looked at: the data was counted in a warehouse."),
    ("clock-skew-warn", "{events} events lie in the future or before the start: some clocks are wrong."),
    ("consent-pass", "Consent is as common in each arm (p = {p})."),
    ("consent-skipped", "The data does not say who gave consent."),
    ("consent-warn", "Consent is not as common in each arm (p = {p}): the arms may not be comparable."),
    ("draft", "This experiment has not started; there is nothing to conclude."),
    ("duplicates-pass", "{share} of the rows repeat another; each counts once."),
    ("duplicates-warn", "{share} of the rows repeat another; each counts once, but something sends twice."),
    ("events-before-pass", "{share} of the events come before their unit's exposure; they do not count."),
    (
        "events-before-warn",
        "{share} of the events come before their unit's exposure; they do not count, but exposure may be logged too late.",
    ),
    ("exposure-gaps-pass", "Exposures came in every day."),
    ("exposure-gaps-skipped", "The data does not say on which day units were exposed."),
    ("exposure-gaps-warn", "On {days} exposures fell below half of the usual {median} a day: logging may have failed."),
    (
        "if-exact",
        "So few units did it, or so few did not, that the exact test decides here (Fisher's, with both tails central).",
    ),
    (
        "interaction-pass",
        "Other tests on the same units do not change the effect (p = {p}, corrected for all that were looked at).",
    ),
    (
        "interaction-skipped",
        "No other test has enough units in common with this one to see whether it changes the effect.",
    ),
    (
        "interaction-warn",
        "The effect on {metric} is not the same in each arm of {other} (p = {p}): read the two tests together.",
    ),
    ("invalid-check", "The result cannot be trusted: {check}"),
    ("keep-deterioration", "Keep the control: {metric} is worse with {variant} ({effect}; {interval})."),
    (
        "keep-guardrail",
        "Keep the control: {guardrail} is worse with {variant} than the tolerated {margin} ({effect}; {interval}).",
    ),
    ("keep-worse", "Keep the control: {metric} is worse with {variant} ({effect}; {interval})."),
    ("mended-quoted-lines", "{file}: each line is one quoted cell that holds the whole row; the rows inside were read"),
    ("mended-rows-of-units", "{rows} rows are of {units} units; each unit counts once, with the sum of its rows"),
    (
        "method-bayesian",
        "Posterior chances with priors that say nothing. They hold at the planned end; looking often and stopping at a good \
         moment makes them too good.",
    ),
    (
        "method-bayesian-end",
        "This is the planned end, so one may conclude now how likely each variant is better, and what choosing it is expected \
         to lose. One may not conclude that a chance of 95% is wrong once in twenty tests.",
    ),
    (
        "method-bayesian-running",
        "The planned end has not come, so nothing may be concluded now: the chances show where the test stands, and a test \
         stopped because of them is wrong far more often than they say.",
    ),
    (
        "method-bayesian-stopped-early",
        "The test ended before its plan did, and posterior chances do not allow that, so it is read by a method that does.",
    ),
    (
        "method-calibrated",
        "On this data, with the assignment drawn anew so that there is no effect, {rang} of {tests} tests at {level} rang \
         ({rate}).",
    ),
    (
        "method-delta",
        "Ratios are compared on the units that were randomised, by the delta method (Deng, Knoblich and Lu 2018).",
    ),
    ("method-exact", "Fisher's exact test, both tails central, with the interval that inverts it (Cornfield 1956)."),
    (
        "method-fixed",
        "A fixed test at {level}, read once, at the planned end. Looked at earlier, it would ring too often.",
    ),
    (
        "method-group",
        "A group-sequential test at {level} with {looks} looks, spending by {spending} (Lan and DeMets 1983). This is look \
         {look}; between looks nothing may be concluded.",
    ),
    (
        "method-group-planned",
        "A group-sequential test at {level} with {looks} looks, spending by {spending} (Lan and DeMets 1983). Between looks \
         nothing may be concluded.",
    ),
    ("method-holm", "{comparisons} comparisons decide together; their p-values are adjusted by Holm (1979)."),
    (
        "method-nps",
        "Net promoter scores are compared by the variance of three shares (Rowe 2012), among those who answered.",
    ),
    ("method-prior", "Each unit's past makes the estimate sharper (CUPED; Deng et al. 2013)."),
    (
        "method-quantile",
        "The variance of a quantile comes from the values around it, with units as clusters (Deng, Knoblich and Lu 2018).",
    ),
    (
        "method-restricted",
        "Times are compared by their mean up to the end of the window, people who have not got there included (Royston and \
         Parmar 2013).",
    ),
    (
        "method-score",
        "Shares are compared by the score test; intervals are the effects it does not reject (Miettinen and Nurminen 1985).",
    ),
    (
        "method-sequential",
        "A test at {level} that may be looked at any time. What is outside the interval now may be ruled out now; what is \
         inside may not, and may be later.",
    ),
    ("method-sequential-means", "For averages this holds from some hundreds of units on (Waudby-Smith et al. 2021)."),
    (
        "method-sequential-shares",
        "For shares this holds exactly, from the first unit on (Turner, Ly and Grünwald 2021).",
    ),
    (
        "method-stopped-early",
        "The fixed test ended before its plan did, so it is read by a method that allows that; its intervals are wider.",
    ),
    (
        "method-stratified",
        "Weights changed while the test ran, so differences are taken within each time of equal weights and put together by \
         units (Miratrix, Sekhon and Yu 2013).",
    ),
    ("method-welch", "Averages are compared by Welch's t test (1947)."),
    ("no-data", "No unit has been exposed, so there is nothing to conclude."),
    (
        "no-difference",
        "No practical difference: effects on {metric} {interval} fit the data, all smaller than the planned {planned}.",
    ),
    ("nobody-counted", "No unit is counted yet, so there is nothing to look at."),
    ("note-adjusted", "Each unit's past cut the variance to {ratio} of what it was."),
    ("note-adjusted-worse", "Each unit's past did not help: the variance is {ratio} of what it was."),
    ("note-capped", "With the top 0.1% of the values cut at {cap}, the effect is {effect} ({interval})."),
    ("note-margin-base", "The tolerated change is relative, and the control's value is zero."),
    ("note-sequential-few", "With fewer than 1000 units, a sequential interval for an average is rough."),
    (
        "note-stratified",
        "Weights changed while it ran: the arms are compared within each of {periods} times of equal weights.",
    ),
    ("novelty-pass", "The effect does not change with time (p = {p})."),
    ("novelty-skipped", "There are too few days to see whether the effect changes with time."),
    ("novelty-warn", "The effect {way} with time (p = {p}): it may be novelty, or habit."),
    ("outliers-pass", "The top 0.1% of the units hold {share} of the variance of {metric}."),
    ("outliers-skipped", "No metric has values that could be extreme, or the counts do not show them."),
    (
        "outliers-warn",
        "The top 0.1% of the units hold {share} of the variance of {metric}: read it with and without a cap.",
    ),
    ("plan-changed-pass", "The plan is as it was at the start."),
    ("plan-changed-skipped", "Whether the plan changed after the start is for `waypost diff` to say."),
    ("plan-changed-warn", "The plan changed after the start."),
    ("pre-period-fail", "Before the start {metric} already differed (p = {p}): something carries over."),
    ("pre-period-pass", "Before the start the arms did not differ (p = {p})."),
    ("pre-period-skipped", "The data does not reach back before the start."),
    ("reason-degenerate", "nothing varies"),
    ("reason-denominator", "the denominator is zero"),
    ("reason-no-data", "there are not enough units in an arm"),
    ("reason-not-yet", "the test is not at a look of its plan"),
    ("reason-too-few", "there are fewer than 10 conversions or 100 units in an arm"),
    ("reason-unknown", "the counts lack what the method needs"),
    ("reason-withheld", "a check failed"),
    (
        "recomputed-elsewhere",
        "The logged variants were not compared with the assignment: the data was counted in a warehouse.",
    ),
    ("recomputed-fail", "The logged variant differs from the assignment for {share} of the units."),
    ("recomputed-pass", "The logged variants are what the assignment gives ({compared} compared)."),
    ("recomputed-skipped", "The data holds no logged variants to compare with the assignment."),
    ("recomputed-warn", "The logged variant differs from the assignment for {share} of the units."),
    ("reject-bad-id", "not a unit id"),
    ("reject-bad-money", "not an amount of money"),
    ("reject-bad-number", "not a number"),
    ("reject-bad-text", "not a text"),
    ("reject-bad-time", "not a time"),
    ("reject-bad-truth", "neither true nor false"),
    ("reject-clock-change", "a local time that the clock change skips or repeats"),
    ("reject-conflict-marker", "a conflict marker that a merge left in the file"),
    ("reject-long-row", "more cells than the header"),
    ("reject-no-epoch-unit", "a number as time, and `epoch` does not say of what (s, ms, us, ns)"),
    ("reject-no-event", "no event name"),
    ("reject-no-id", "no unit id"),
    ("reject-no-time", "no time"),
    ("reject-no-zone", "a local time, and neither `time_zone` of the data nor of the project says whose"),
    ("reject-not-an-object", "not a JSON object"),
    ("reject-not-utf8", "not UTF-8"),
    ("reject-repeated-key", "a key twice in one object"),
    ("reject-short-row", "fewer cells than the header"),
    ("reject-stray-quote", "a quote in the wrong place"),
    ("rows-left-out", "{left} of {rows} rows were left out: {reasons}"),
    ("rows-read-pass", "Every row of the data could be read as it stands."),
    ("rows-read-skipped", "No file was read."),
    ("rows-read-warn", "The data is not clean: {found}."),
    ("rows-reason", "{why} ({times}, first {place})"),
    ("rows-reason-bare", "{why} ({times})"),
    (
        "running-bayesian",
        "Keep running: the chances so far are shown, and decide at the planned end on {to}, {days} days from now.",
    ),
    ("running-fixed", "Keep running: a fixed test is read once, at its planned end on {to}, {days} days from now."),
    ("running-look", "Keep running: look {look} of {looks} is due in {days} days."),
    ("running-sequential", "Keep running: nothing is decided yet, and {days} days of the plan are left."),
    ("running-window", "Keep running: nobody enters any more, but the last units' time ends in {days} days."),
    ("segments-exploratory-pass", "Segments are exploratory; none differs after correction."),
    ("segments-exploratory-skipped", "The results are not cut by segments."),
    (
        "segments-exploratory-warn",
        "Segments are exploratory: {segments} stands out after correction; test it anew before acting on it.",
    ),
    ("ship", "Ship {variant}: {metric} is better ({effect}; {interval}), and every guardrail holds."),
    ("ship-bayesian", "Ship {variant}: the chance that {metric} is better is {chance} ({effect}; {interval})."),
    ("ship-unguarded", "Ship {variant}: {metric} is better ({effect}; {interval}); the plan names no guardrail."),
    ("skewness-pass", "No metric is too skewed for its number of units."),
    ("skewness-skipped", "No metric has values that could be skewed, or the counts do not show it."),
    (
        "skewness-warn",
        "{metric} is so skewed that it takes {needed} units an arm for its interval to be right; there are {n}.",
    ),
    ("srm-day-fail", "The split is broken on {day} (p = {p}, corrected for {days} days)."),
    ("srm-day-pass", "The split is as planned on every day."),
    ("srm-day-skipped", "The data does not say on which day units were exposed."),
    ("srm-segment-fail", "The split is broken in {segment} (p = {p}, corrected for {segments} segments)."),
    ("srm-segment-pass", "The split is as planned in every segment."),
    ("srm-segment-skipped", "The results are not cut by segments."),
    ("srm-total-fail", "The split is broken: {counts} units, planned as {weights} (p = {p})."),
    ("srm-total-pass", "The split is as planned: {counts} units (p = {p})."),
    ("srm-total-skipped", "There are no units to compare with the planned split."),
    ("srm-total-warn", "The split is unlikely if all is well: {counts} units, planned as {weights} (p = {p})."),
    ("stopped-early-pass", "The experiment ran as long as planned."),
    ("stopped-early-skipped", "The experiment has not ended."),
    ("stopped-early-warn", "The experiment ended on {on}, before the planned {to}."),
    ("too-few-pass", "Every arm has at least 100 units, and every metric 10 conversions."),
    ("too-few-warn", "For {metric} there are fewer than 10 conversions or 100 units in an arm: no p-value is given."),
    (
        "two-variants-fail",
        "{units} units ({share}) were seen in two variants; they are left out, and they are too many.",
    ),
    ("two-variants-pass", "{units} units were seen in two variants; they are left out."),
    ("two-variants-warn", "{units} units ({share}) were seen in two variants; they are left out."),
    ("twyman-pass", "No effect is too good to be true."),
    ("twyman-skipped", "There is no effect to doubt yet."),
    (
        "twyman-warn",
        "{metric} changed by {lift}: an effect this large is more often a fault in the data than a success.",
    ),
    ("underpowered-pass", "The test could see the planned effect on {metric} (the smallest is {smallest})."),
    ("underpowered-skipped", "No primary metric says which effect was planned, or there is no estimate yet."),
    (
        "underpowered-warn",
        "The test is too small for the planned {planned} on {metric}: the smallest it sees reliably is {smallest}.",
    ),
    ("unknown-variant-pass", "Every variant in the data is in the plan."),
    ("unknown-variant-warn", "{units} units saw a variant that the plan does not know: {names}."),
    ("way-falls", "falls"),
    ("way-rises", "rises"),
    ("whole-weeks-pass", "The plan is a whole number of weeks."),
    ("whole-weeks-warn", "The plan is {days} days, not whole weeks: weekdays do not weigh the same."),
];
