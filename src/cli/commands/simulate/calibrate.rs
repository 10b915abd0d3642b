//! `waypost simulate --aa`: how often the tests of an experiment ring on its own data where there is no effect.

use crate::analysis::{self, Check, CheckId, Estimate, Finding, Input, Outcome, Provenance, Role, Settings};
use crate::cli::project::Project;
use crate::cli::{Failure, World, progress};
use crate::engine::{self, Options};
use crate::model::Model;
use crate::model::value::Date;
use crate::simulate::Anew;
use crate::stats::special::binomial_tails;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

/// So many draws are counted in one pass over the data, which bounds the memory of a pass.
const PASS: u32 = 50;

/// What is asked.
pub(super) struct Ask<'a> {
    /// Which experiment.
    pub id: &'a str,
    /// How many draws.
    pub times: u32,
    /// Their seed.
    pub seed: Option<u64>,
}

/// How often each comparison rang.
pub(super) struct Calibration {
    experiment: String,
    times: u32,
    seed: u64,
    level: f64,
    units: u64,
    /// Draws whose split looked broken.
    splits: u64,
    rows: Vec<Rang>,
}

/// One primary of one treatment.
struct Rang {
    metric: String,
    variant: String,
    /// Draws with a result.
    tests: u64,
    /// Of those, draws that rang.
    rang: u64,
}

/// Draws, counts and judges.
pub(super) fn run(world: &World<'_>, project: &Project, model: &Model, ask: &Ask<'_>) -> Result<Calibration, Failure> {
    let id = model.experiment(ask.id).ok_or_else(|| {
        let all: Vec<String> = model.experiments.values().map(|e| format!("`{}`", e.meta.id)).collect();
        Failure::new(format!("there is no experiment `{}`", ask.id)).help(format!("the project has {}", all.join(", ")))
    })?;
    let (experiment, seed) = (&model.experiments[id], ask.seed.unwrap_or(1));
    let today = world.today(model.manifest.zone());
    let level = experiment.method.level.share();
    let mut all = Calibration {
        experiment: ask.id.to_owned(),
        times: ask.times,
        seed,
        level,
        units: 0,
        splits: 0,
        rows: Vec::new(),
    };
    let drawn = AtomicU32::new(0);
    let say = || format!("drawing anew: {} of {}", drawn.load(Ordering::Relaxed), ask.times);
    progress::during(world, say, || {
        for first in (0..ask.times).step_by(PASS as usize) {
            let draws = first..(first + PASS).min(ask.times);
            drawn.store(first, Ordering::Relaxed);
            all.pass(&Anew::new(model, id, seed, draws, today), project, today)?;
        }
        Ok::<(), Failure>(())
    })?;
    match all.rows.iter().any(|r| r.tests > 0) {
        true => Ok(all),
        false => Err(Failure::new(format!("the data of `{}` gives its primaries no result", ask.id))
            .help("it needs an exposure event in the data, and 100 units an arm")),
    }
}

impl Calibration {
    fn pass(&mut self, anew: &Anew, project: &Project, today: Date) -> Result<(), Failure> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let options = Options { threads, payload: Some(&anew.payload), hash: false, ..Options::default() };
        let counts = engine::run(&anew.plan, &project.root, &options).map_err(|e| Failure::new(e.to_string()))?;
        let provenance = Provenance::default();
        for (plan, tallies) in anew.plan.experiments.iter().zip(&counts.experiments) {
            let input = Input {
                model: &anew.model,
                experiment: plan.experiment,
                plan,
                tallies,
                today,
                provenance: &provenance,
            };
            // a split that looks broken by chance is counted, and hides nothing
            let settings = Settings { despite_mismatch: true, ..Settings::default() };
            let report = analysis::analyse_with(input, settings);
            let broken = |c: &&Check| c.id == CheckId::SrmTotal && c.finding == Finding::Fail;
            self.splits += report.checks.iter().filter(broken).count() as u64;
            self.units = self.units.max(report.arms.iter().map(|a| a.units).sum());
            let primaries = report.metrics.iter().filter(|m| m.role == Role::Primary);
            for (metric, comparison) in primaries.flat_map(|m| m.comparisons.iter().map(move |c| (m, c))) {
                let variant = report.arms.get(comparison.arm).map_or("", |a| a.key.as_str());
                let found = if let Outcome::Estimate(e) = &comparison.outcome { Some(e.as_ref()) } else { None };
                self.count(&metric.metric, variant, found);
            }
        }
        Ok(())
    }

    fn count(&mut self, metric: &str, variant: &str, found: Option<&Estimate>) {
        let place = self.rows.iter().position(|r| r.metric == metric && r.variant == variant);
        let place = place.unwrap_or_else(|| {
            self.rows.push(Rang { metric: metric.to_owned(), variant: variant.to_owned(), tests: 0, rang: 0 });
            self.rows.len() - 1
        });
        let Some((row, estimate)) = self.rows.get_mut(place).zip(found) else { return };
        row.tests += 1;
        // the comparison alone: the correction for several is not what is calibrated
        row.rang += u64::from(estimate.p.map_or_else(|| estimate.interval.excludes(0.0), |p| p < self.level));
    }

    fn total(&self) -> (u64, u64) {
        self.rows.iter().fold((0, 0), |sum, r| (sum.0 + r.tests, sum.1 + r.rang))
    }

    /// Says what came out.
    pub(super) fn tell(&self, world: &mut World<'_>) -> Result<(), Failure> {
        let level = percent(self.level);
        let (id, times, units) = (&self.experiment, self.times, self.units);
        writeln!(world.out, "{id}: its assignment drawn anew {times} times over {units} units, tests at {level}")?;
        for row in &self.rows {
            let most = most(row.tests, self.level);
            let found = match (row.tests, row.rang) {
                (0, _) => "gives no result".to_owned(),
                (n, rang) if rang <= most => {
                    format!("rang {rang} of {n} times ({}), up to {most} are to be expected", share(rang, n))
                }
                (n, rang) => {
                    let share = share(rang, n);
                    format!(
                        "rang {rang} of {n} times ({share}), beyond the {most} to be expected: do not trust its p-values"
                    )
                }
            };
            writeln!(world.out, "  {}, {} against control: {found}", row.metric, row.variant)?;
        }
        let (tests, rang) = self.total();
        writeln!(world.out, "false alarms: {rang} of {tests} tests ({})", share(rang, tests))?;
        let (splits, times) = (self.splits, u64::from(self.times));
        writeln!(world.out, "splits that looked broken: {splits} of {times} ({})", share(splits, times))?;
        Ok(())
    }

    /// Returns it for `calibration.json`.
    pub(super) fn json(&self) -> Value {
        let row = |r: &Rang| json!({ "metric": r.metric, "variant": r.variant, "tests": r.tests, "rang": r.rang });
        let (tests, rang) = self.total();
        json!({
            "schema": "waypost/calibration/1",
            "experiment": self.experiment,
            "times": self.times,
            "seed": self.seed,
            "level": self.level,
            "units": self.units,
            "tests": tests,
            "rang": rang,
            "broken_splits": self.splits,
            "comparisons": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

fn share(part: u64, whole: u64) -> String {
    percent(part as f64 / whole.max(1) as f64)
}

/// The most alarms that a test at this level gives but for 1 time in 1,000.
fn most(tests: u64, level: f64) -> u64 {
    let tails = |k: u64| binomial_tails(k as f64, tests as f64, level);
    (0..=tests).find(|k| tails(*k).upper <= 1e-3).unwrap_or(tests)
}
