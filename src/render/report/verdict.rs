//! The top of a report: the verdict in words fixed by rule, what to do, how sure, what could be wrong.

use super::Ctx;
use super::view::{CheckRow, Shipped, VerdictBox};
use crate::analysis::{CheckId, Finding, IfShipped, Outcome, Role, Verdict};
use crate::render::rich::{Piece, Rich};

impl Ctx<'_> {
    /// Returns the verdict.
    pub(super) fn verdict(&self) -> VerdictBox {
        let verdict = &self.report.verdict;
        let (key, tone) = verdict_key(verdict);
        let todo = match verdict {
            Verdict::NotStarted { .. } => "todo.not_started",
            Verdict::Ship { .. } => "todo.ship",
            Verdict::KeepControl { .. } => "todo.keep",
            Verdict::NoDifference { .. } => "todo.same",
            Verdict::KeepRunning { days: Some(_), .. } => "todo.wait_days",
            Verdict::KeepRunning { days: None, .. } => "todo.wait",
            Verdict::CannotTell { .. } => "todo.unknown",
            Verdict::Invalid { .. } => "todo.broken",
        };
        let arm = match verdict {
            Verdict::Ship { arm, .. } => self.arm(*arm),
            _ => String::new(),
        };
        let days = match verdict {
            Verdict::KeepRunning { days, .. } => u64::from(days.unwrap_or(0)),
            _ => 0,
        };
        let says = self.words.say(key, 0, &[("arm", Piece::name(&arm))]);
        VerdictBox {
            tone,
            because: without_echo(self.sentence(verdict.says()), &crate::render::rich::plain(&says)),
            says,
            worth: self.worth(),
            todo: self.words.count(todo, days, &[("arm", &arm)]),
            sure: self.sure(),
            doubts: self.doubts(),
        }
    }

    /// Returns what shipping is worth a month, no finer than the range is wide.
    fn worth(&self) -> Option<Rich> {
        let shipped = self.report.if_shipped.as_ref()?;
        let [low, likely, high] = shipped.money?;
        let (low, likely, high) = (low?, likely?, high?);
        let step = libm::pow(10.0, libm::floor(libm::log10((high - low).abs().max(10.0))) - 1.0);
        let currency = shipped.currency.as_deref().unwrap_or("");
        let amount = |x: f64| self.words.amount((x / step).round() * step, 0, currency);
        let values = [
            ("money", Piece::figure(amount(likely))),
            ("low", Piece::text(amount(low))),
            ("high", Piece::text(amount(high))),
        ];
        Some(self.words.say("verdict.worth", 0, &values))
    }

    /// Returns how sure the numbers are: the interval of each primary in plain words.
    fn sure(&self) -> Vec<Rich> {
        let groups = self.effects();
        let rows = groups.iter().flat_map(|g| &g.rows).filter(|r| r.role == "star" && r.mark.is_some());
        let sentence = |r: &super::view::EffectRow| {
            let name = if r.arm.is_empty() { r.metric.clone() } else { format!("{} ({})", r.metric, r.arm) };
            let values = [
                ("metric", Piece::name(name)),
                ("effect", Piece::figure(&r.effect)),
                ("interval", Piece::text(&r.interval)),
            ];
            self.words.say("sure.effect", 0, &values)
        };
        let mut out: Vec<Rich> = rows.take(4).map(sentence).collect();
        out.extend(self.guarded());
        out
    }

    /// Returns whether anything that is protected got worse.
    fn guarded(&self) -> Option<Rich> {
        use crate::analysis::Decision;
        let guards = self.report.metrics.iter().filter(|m| m.role == Role::Guardrail);
        let decisions: Vec<Decision> = guards
            .flat_map(|m| &m.comparisons)
            .filter_map(|c| match &c.outcome {
                Outcome::Estimate(e) => Some(e.decision),
                Outcome::Inconclusive(_) => None,
            })
            .collect();
        let key = match decisions.as_slice() {
            [] => return None,
            list if list.iter().any(|d| matches!(d, Decision::BeyondMargin | Decision::Worse)) => "sure.guard_broken",
            list if list.iter().all(|d| matches!(d, Decision::WithinMargin | Decision::Better)) => "sure.guard_kept",
            _ => "sure.guard_open",
        };
        Some(vec![Piece::text(self.words.t(key))])
    }

    /// Returns what could be wrong: what the checks fail or warn of.
    fn doubts(&self) -> Vec<String> {
        let bad = |finding| self.report.checks.iter().filter(move |c| c.finding == finding);
        bad(Finding::Fail).chain(bad(Finding::Warn)).map(|c| self.sentence(&c.says)).collect()
    }

    /// Returns every check, the worst first, passed ones behind.
    pub(super) fn checks(&self) -> Vec<CheckRow> {
        let mut rows: Vec<(Finding, CheckRow)> =
            self.report.checks.iter().map(|c| (c.finding, self.check(c))).collect();
        rows.sort_by_key(|(finding, _)| match finding {
            Finding::Fail => 0,
            Finding::Warn => 1,
            Finding::Pass => 2,
            Finding::Skipped => 3,
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn check(&self, check: &crate::analysis::Check) -> CheckRow {
        let (icon, class, key) = match check.finding {
            Finding::Pass => ("yes", "pass", "finding.pass"),
            Finding::Skipped => ("empty", "skipped", "finding.skipped"),
            Finding::Warn => ("warn", "warned", "finding.warn"),
            Finding::Fail => ("no", "failed", "finding.fail"),
        };
        CheckRow {
            icon,
            class,
            finding: self.words.t(key).to_owned(),
            name: self.words.t(check_key(check.id)).to_owned(),
            says: self.sentence(&check.says),
        }
    }

    /// Returns what shipping would bring.
    pub(super) fn shipped(&self) -> Option<Shipped> {
        let shipped: &IfShipped = self.report.if_shipped.as_ref()?;
        let metric = self.report.metrics.iter().find(|m| m.metric == shipped.metric)?;
        let decimals = |x: f64| usize::from(x.abs() < 10.0);
        let more = |x: Option<f64>| x.map_or("–".to_owned(), |x| self.words.signed(x, decimals(x)));
        let money = |i: usize| {
            let amount = shipped.money.as_ref().and_then(|m| m.get(i).copied().flatten());
            amount.map_or(String::new(), |x| self.words.amount(x, 0, shipped.currency.as_deref().unwrap_or("")))
        };
        let [low, likely, high] = shipped.more;
        let cells = [("shipped.low", low), ("shipped.likely", likely), ("shipped.high", high)];
        let cells =
            cells.into_iter().enumerate().map(|(i, (key, x))| (self.words.t(key).to_owned(), more(x), money(i)));
        Some(Shipped {
            metric: metric.title.clone(),
            people: self.words.fill("shipped.people", &[("n", &self.words.number(shipped.units_a_month, 0))]),
            cells: cells.collect(),
        })
    }
}

/// Returns a sentence without a beginning that only repeats the headline above it.
fn without_echo(sentence: String, headline: &str) -> String {
    let headline = headline.trim_end_matches(['.', '。']);
    let rest = sentence.strip_prefix(headline).and_then(|r| r.strip_prefix(": ").or_else(|| r.strip_prefix('：')));
    let mut letters = rest.unwrap_or(&sentence).chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => sentence,
    }
}

/// Returns the words of a verdict, which are fixed, and its tone.
pub(in crate::render) fn verdict_key(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::NotStarted { .. } => ("verdict.not_started", "draft"),
        Verdict::Ship { .. } => ("verdict.ship", "ship"),
        Verdict::KeepControl { .. } => ("verdict.keep", "keep"),
        Verdict::NoDifference { .. } => ("verdict.same", "same"),
        Verdict::KeepRunning { .. } => ("verdict.wait", "wait"),
        Verdict::CannotTell { .. } => ("verdict.unknown", "unknown"),
        Verdict::Invalid { .. } => ("verdict.broken", "broken"),
    }
}

/// Returns the label of a check.
fn check_key(id: CheckId) -> &'static str {
    match id {
        CheckId::SrmTotal => "check.srm_total",
        CheckId::SrmDay => "check.srm_day",
        CheckId::SrmSegment => "check.srm_segment",
        CheckId::TwoVariants => "check.two_variants",
        CheckId::UnknownVariant => "check.unknown_variant",
        CheckId::Recomputed => "check.recomputed",
        CheckId::ExposureGaps => "check.exposure_gaps",
        CheckId::RowsRead => "check.rows_read",
        CheckId::EventsBefore => "check.events_before",
        CheckId::Duplicates => "check.duplicates",
        CheckId::ClockSkew => "check.clock_skew",
        CheckId::Bots => "check.bots",
        CheckId::Outliers => "check.outliers",
        CheckId::TooFew => "check.too_few",
        CheckId::Skewness => "check.skewness",
        CheckId::WholeWeeks => "check.whole_weeks",
        CheckId::Underpowered => "check.underpowered",
        CheckId::Novelty => "check.novelty",
        CheckId::PrePeriod => "check.pre_period",
        CheckId::Twyman => "check.twyman",
        CheckId::SegmentsExploratory => "check.segments",
        CheckId::Interaction => "check.interaction",
        CheckId::PlanChanged => "check.plan_changed",
        CheckId::StoppedEarly => "check.stopped_early",
        CheckId::Consent => "check.consent",
    }
}
