//! How an experiment decides: one test per contrast, and intervals that invert it. See [`Judge`].
use super::contrast::{Contrast, Normal};
use super::report::{Phase, Sentence};
use super::request::{Request, Shift};
use super::words::say;
use crate::model::experiment::{MethodKind, Spending as Named};
use crate::stats::Interval;
use crate::stats::method::bayes_beta_binomial::{self, Scale};
use crate::stats::method::bayes_normal;
use crate::stats::method::fisher_exact;
use crate::stats::method::group_sequential::{Spending, bounds};
use crate::stats::method::prop_diff_miettinen_nurminen::Table;
use crate::stats::method::seq_asymptotic_cs::{TIGHTEST_AT, Tuned};
use crate::stats::method::seq_shares::{self, Null};
use crate::stats::special::{normal_cdf, normal_sf, normal_upper, t_sf, t_upper};

/// The family of methods, with what it knows.
#[derive(Clone, Debug)]
pub(super) enum Family {
    /// Read once.
    Fixed,
    /// Valid at any time.
    Sequential,
    /// At a look: the information at each look so far.
    Group { times: Vec<f64>, spending: Spending, parameter: Option<f64> },
    /// Posterior chances.
    Bayesian,
}

/// The family and the level: makes p-values and intervals that agree.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    /// The family.
    pub family: Family,
    /// The two-sided level.
    pub level: f64,
    /// Whether anything may be concluded now. A posterior chance that is looked at all the time is shown and decides
    /// nothing: it crosses 95 % in 38 % of tests without an effect that are looked at 14 times.
    pub decides: bool,
    /// For a group-sequential look: the level of a fixed test with the look's bound.
    nominal: f64,
}

/// An effect with its intervals and its p-value, before it is read.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub interval: Interval,
    pub inner: Interval,
    pub lift_interval: Option<Interval>,
    pub p: Option<f64>,
    pub chance_better: Option<f64>,
    pub expected_loss: Option<f64>,
    pub method: &'static str,
    pub notes: Vec<Sentence>,
}

/// Returns the looks whose time has come: all of them in the end.
pub(super) fn looks_so_far(request: &Request, looks: u32) -> u32 {
    (request.progress() * f64::from(looks) + 1e-9).floor() as u32
}

impl Judge {
    /// Returns the judge of an experiment; nothing when it may not be read yet (a fixed test before its end, a
    /// group-sequential one before its first look).
    pub(super) fn of(request: &Request) -> Option<Self> {
        let method = &request.spec().method;
        let phase = request.phase();
        let family = match &method.kind {
            MethodKind::Fixed | MethodKind::Bayesian if request.cut_short() => Family::Sequential,
            MethodKind::Fixed if phase == Phase::Running => return None,
            MethodKind::Fixed => Family::Fixed,
            MethodKind::Sequential => Family::Sequential,
            MethodKind::Bayesian => Family::Bayesian,
            MethodKind::GroupSequential { looks, spending } => {
                let times = look_times(request, *looks)?;
                let (spending, parameter) = match spending {
                    Named::ObrienFleming => (Spending::Obf, None),
                    Named::Pocock => (Spending::Pocock, None),
                    Named::Power => (Spending::Power, Some(3.0)),
                    Named::Hsd => (Spending::Hsd, Some(-4.0)),
                };
                Family::Group { times, spending, parameter }
            }
        };
        let decides = !(matches!(family, Family::Bayesian) && phase == Phase::Running);
        Some(Self { decides, ..Self::new(family, method.level.share()) })
    }

    /// Returns the judge of a family at a level.
    pub(super) fn new(family: Family, level: f64) -> Self {
        let mut judge = Self { family, level, decides: true, nominal: level };
        judge.nominal = judge.nominal(level);
        judge
    }

    /// The level of a fixed test that is as strict as this one at `level`, now.
    fn nominal(&self, level: f64) -> f64 {
        let Family::Group { times, spending, parameter } = &self.family else { return level };
        let bound = bounds(times, level, *spending, *parameter, 2).last().copied();
        bound.map_or(level, |bound| 2.0 * normal_sf(bound)).clamp(1e-300, 0.999_999)
    }

    /// The smallest level at which a group-sequential design up to now rejects a fixed p-value: a p-value that may be
    /// read at every look. For other families, the p-value itself.
    fn repeated(&self, p: f64) -> f64 {
        if !matches!(self.family, Family::Group { .. }) {
            return p;
        }
        let (mut low, mut high) = (-700.0_f64, 0.0_f64);
        for _ in 0..30 {
            let middle = (low + high) / 2.0;
            if self.nominal(libm::exp(middle)) > p { high = middle } else { low = middle }
        }
        let repeated = libm::exp((low + high) / 2.0);
        // the search ends near the truth; the side of the level is known exactly
        if p < self.nominal { repeated.min(self.level * (1.0 - 1e-12)) } else { repeated.clamp(self.level, 1.0) }
    }

    /// Returns p-value and intervals of a contrast.
    pub(super) fn judge(&self, contrast: &Contrast) -> Judged {
        match contrast {
            Contrast::Shares { table, weight_b } => self.shares(table, *weight_b),
            Contrast::Normal(normal) => self.normal(normal),
        }
    }

    /// Returns the intervals of difference and lift at another level, by the same test.
    pub(super) fn interval_at(&self, contrast: &Contrast, level: f64) -> Interval {
        match contrast {
            Contrast::Shares { table, weight_b } => self.share_interval(table, *weight_b, level),
            Contrast::Normal(normal) => {
                let critical = self.critical(normal, self.strictness(level));
                Interval::around(normal.relative.diff, critical * normal.relative.var_diff.sqrt())
            }
        }
    }

    /// The level of a fixed test for an interval at `level`.
    fn strictness(&self, level: f64) -> f64 {
        if level == self.level { self.nominal } else { self.nominal(level) }
    }

    fn share_interval(&self, table: &Table, weight_b: f64, level: f64) -> Interval {
        let (low, high) = match &self.family {
            Family::Sequential => seq_shares::difference_interval(&counts(table, weight_b), level),
            Family::Bayesian => bayes_beta_binomial::interval(&beta(table, level), Scale::Difference, 1.0 - level),
            _ if table.is_small() => fisher_exact::central(whole(table), self.strictness(level)).difference,
            _ => table.difference_interval(self.strictness(level)),
        };
        Interval::new(low, high)
    }

    fn ratio_interval(&self, table: &Table, weight_b: f64) -> Interval {
        let (low, high) = match &self.family {
            Family::Sequential => seq_shares::ratio_interval(&counts(table, weight_b), self.level),
            Family::Bayesian => bayes_beta_binomial::interval(&beta(table, self.level), Scale::Ratio, 1.0 - self.level),
            _ if table.is_small() => fisher_exact::central(whole(table), self.nominal).ratio,
            _ => table.ratio_interval(self.nominal),
        };
        Interval::new(low, high)
    }

    fn shares(&self, table: &Table, weight_b: f64) -> Judged {
        let (p, method) = match &self.family {
            Family::Sequential => (Some(seq_shares::p_value(&counts(table, weight_b))), "seq_shares"),
            Family::Bayesian => (None, "bayes_beta_binomial"),
            _ if table.is_small() => (Some(fisher_exact::central(whole(table), self.nominal).p), "fisher_exact"),
            _ => (Some(table.score_test().1), "prop_diff_miettinen_nurminen"),
        };
        let posterior = matches!(self.family, Family::Bayesian)
            .then(|| bayes_beta_binomial::run(beta(table, self.level)).ok())
            .flatten();
        let notes = if method == "fisher_exact" { vec![say("if-exact", Vec::new())] } else { Vec::new() };
        Judged {
            interval: self.share_interval(table, weight_b, self.level),
            inner: self.inner().share_interval(table, weight_b, 0.5),
            lift_interval: (table.x_a > 0.0).then(|| self.ratio_interval(table, weight_b).map(|r| r - 1.0)),
            p: p.map(|p| self.repeated(p)),
            chance_better: posterior.as_ref().map(|o| o.chance_b_beats_a),
            expected_loss: posterior.as_ref().map(|o| o.expected_loss_choose_b),
            method,
            notes,
        }
    }

    /// The inner interval of a group-sequential look is that of a fixed test: it decides nothing.
    fn inner(&self) -> Self {
        match self.family {
            Family::Group { .. } => Self::new(Family::Fixed, 0.5),
            _ => self.clone(),
        }
    }

    /// How many standard errors an interval reaches at the level of a fixed test.
    fn critical(&self, normal: &Normal, level: f64) -> f64 {
        match (&self.family, normal.df) {
            (Family::Sequential, _) => self.tuned().critical(normal.n, level),
            (Family::Bayesian, _) | (_, None) => normal_upper(level / 2.0),
            (_, Some(df)) => t_upper(level / 2.0, df),
        }
    }

    fn tuned(&self) -> Tuned {
        Tuned { level: self.level, units: TIGHTEST_AT }
    }

    /// The two-sided p-value of a statistic, of a fixed or sequential test.
    fn p_of(&self, normal: &Normal, z: f64) -> f64 {
        match (&self.family, normal.df) {
            (Family::Sequential, _) => self.tuned().p(normal.n, z),
            (_, Some(df)) => (2.0 * t_sf(z.abs(), df)).min(1.0),
            (_, None) => (2.0 * normal_sf(z.abs())).min(1.0),
        }
    }

    fn normal(&self, normal: &Normal) -> Judged {
        let (relative, se) = (&normal.relative, normal.relative.var_diff.sqrt());
        let critical = self.critical(normal, self.nominal);
        let inner = self.inner();
        let flat = bayes_normal::Input { diff: relative.diff, se, credible: 0.95, prior_mean: None, prior_sd: None };
        let posterior = matches!(self.family, Family::Bayesian).then(|| bayes_normal::run(flat).ok()).flatten();
        let p = posterior.is_none().then(|| self.repeated(self.p_of(normal, relative.diff / se)));
        let mut notes = normal.notes.clone();
        if matches!(self.family, Family::Sequential) && normal.n < 1000.0 {
            notes.push(say("note-sequential-few", Vec::new()));
        }
        let method = match (&self.family, normal.method) {
            (Family::Sequential, "welch_t") => "seq_asymptotic_cs",
            (Family::Bayesian, "welch_t") => "bayes_normal",
            (_, method) => method,
        };
        Judged {
            interval: Interval::around(relative.diff, critical * se),
            inner: Interval::around(relative.diff, inner.critical(normal, inner.strictness(0.5)) * se),
            lift_interval: if normal.has_lift { relative.fieller(critical) } else { None },
            p,
            chance_better: posterior.as_ref().and_then(|o| o.chance_to_win),
            expected_loss: posterior.as_ref().and_then(|o| o.loss_choose_b),
            method,
            notes,
        }
    }

    /// Returns the one-sided p-value of "the effect is at the margin or beyond it", where `upward` says that beyond lies
    /// above; to be read at half the level. Nothing where the margin is relative and the control's value is 0.
    pub(super) fn p_within(&self, contrast: &Contrast, margin: Shift, upward: bool) -> Option<f64> {
        // z > 0 says "on the good side"
        let sign = if upward { -1.0 } else { 1.0 };
        match contrast {
            Contrast::Shares { table, weight_b } => self.share_within(table, *weight_b, margin, sign),
            Contrast::Normal(normal) => {
                let r = &normal.relative;
                let (value, var) = match margin {
                    Shift::Absolute(margin) => (r.diff - margin, r.var_diff),
                    Shift::Relative(share) => {
                        let share = share * if r.base < 0.0 { -1.0 } else { 1.0 };
                        let var = r.var_diff - 2.0 * share * r.covariance + share * share * r.var_base;
                        (r.diff - share * r.base, var)
                    }
                };
                let sound = var > 0.0 && (normal.has_lift && r.base != 0.0 || matches!(margin, Shift::Absolute(_)));
                sound.then(|| self.one_sided(sign * value / var.sqrt(), |z| self.p_of(normal, z)))
            }
        }
    }

    fn share_within(&self, table: &Table, weight_b: f64, margin: Shift, sign: f64) -> Option<f64> {
        let null = match margin {
            Shift::Relative(share) if table.x_a > 0.0 && share > -1.0 => Null::Ratio(1.0 + share),
            Shift::Absolute(margin) if margin.abs() < 1.0 => Null::Difference(margin),
            _ => return None,
        };
        let z = match null {
            Null::Difference(margin) => table.z_difference(margin, true),
            Null::Ratio(ratio) => table.z_ratio(ratio),
        };
        let input = counts(table, weight_b);
        let two_sided = |z: f64| match self.family {
            Family::Sequential => libm::exp(-seq_shares::log_e(&input, null)).min(1.0),
            _ => 2.0 * normal_sf(z.abs()),
        };
        Some(self.one_sided(sign * z, two_sided))
    }

    /// Half of a two-sided p-value on the good side, the rest on the other.
    fn one_sided(&self, z: f64, two_sided: impl Fn(f64) -> f64) -> f64 {
        if matches!(self.family, Family::Bayesian) {
            return normal_cdf(-z);
        }
        let half = self.repeated(two_sided(z)) / 2.0;
        if z > 0.0 { half } else { 1.0 - half }
    }

    /// Returns the smallest effect that this test sees with a chance of `power`, by the standard error it reached.
    pub(super) fn smallest(&self, contrast: &Contrast, power: f64) -> f64 {
        let critical = match contrast {
            Contrast::Normal(normal) => self.critical(normal, self.nominal),
            Contrast::Shares { table, .. } if matches!(self.family, Family::Sequential) => {
                self.tuned().critical(table.n_a + table.n_b, self.level)
            }
            Contrast::Shares { .. } => normal_upper(self.nominal / 2.0),
        };
        (critical + normal_upper(1.0 - power)) * contrast.se()
    }
}

/// The information at each look so far; the last at what the data covers. Nothing before the first.
fn look_times(request: &Request, looks: u32) -> Option<Vec<f64>> {
    let now = looks_so_far(request, looks);
    let last = request.progress().min(1.0);
    let planned = (1..now).map(|look| f64::from(look) / f64::from(looks));
    (now > 0).then(|| planned.chain([last]).collect())
}

/// The counts as the always-valid test takes them.
fn counts(table: &Table, weight_b: f64) -> seq_shares::Input {
    let Table { x_a, n_a, x_b, n_b } = *table;
    seq_shares::Input { x_a, n_a, x_b, n_b, weight_b, alpha: 0.05 }
}

/// The counts with flat priors.
fn beta(table: &Table, level: f64) -> bayes_beta_binomial::Input {
    let Table { x_a, n_a, x_b, n_b } = *table;
    bayes_beta_binomial::Input { x_a, n_a, x_b, n_b, prior_a: [1.0, 1.0], prior_b: [1.0, 1.0], credible: 1.0 - level }
}

/// The counts as whole numbers.
fn whole(table: &Table) -> fisher_exact::Input {
    let Table { x_a, n_a, x_b, n_b } = *table;
    fisher_exact::Input { x_a: x_a as u64, n_a: n_a as u64, x_b: x_b as u64, n_b: n_b as u64 }
}
