//! An average with its largest values cut, beside the raw one: [`note`].
use super::blank::{Blank, Scale};
use super::contrast::{Contrast, from_arms};
use super::judge::Judge;
use super::report::Sentence;
use super::words::say;
use crate::stats::Arm;
use crate::tally::{Mean, Tally};

/// The share of the units that are cut.
const CUT: u64 = 1000;

/// Returns the share of the variance that the top 0.1 % of the units hold, at least one unit.
pub(super) fn top_share(mean: &Mean) -> Option<f64> {
    let (centre, var, n) = (mean.mean()?, mean.variance().filter(|v| *v > 0.0)?, mean.n());
    let count = (n / CUT).max(1) as usize;
    let top: f64 = mean.top()?.iter().take(count).map(|v| (v - centre) * (v - centre)).sum();
    Some(top / (var * (n - 1) as f64))
}

/// Returns what the effect is with the top 0.1 % of both arms' values cut, where they hold too much of the variance.
pub(super) fn note(judge: &Judge, control: &Tally, treatment: &Tally) -> Option<Sentence> {
    let (Tally::Mean(a), Tally::Mean(b)) = (control, treatment) else { return None };
    let odd = |mean: &Mean| top_share(mean).is_some_and(|share| share > 0.2);
    if !(odd(a) || odd(b)) {
        return None;
    }
    let cap = cap(a, b)?;
    let normal = from_arms(cut(a, cap)?, cut(b, cap)?);
    let contrast = (normal.relative.var_diff > 0.0).then_some(Contrast::Normal(normal))?;
    let judged = judge.judge(&contrast);
    let (effect, range) = match (contrast.lift(), judged.lift_interval) {
        (Some(lift), Some(interval)) => (Blank::Effect(Scale::Relative, lift), Blank::Range(Scale::Relative, interval)),
        _ => (Blank::Effect(Scale::Own, contrast.effect()), Blank::Range(Scale::Own, judged.interval)),
    };
    let blanks = vec![("cap", Blank::Written(shown(cap))), ("effect", effect), ("interval", range)];
    Some(say("note-capped", blanks))
}

fn shown(cap: f64) -> String {
    let decimals = if cap.fract() == 0.0 || cap.abs() >= 1000.0 { 0 } else { 2 };
    format!("{cap:.decimals$}")
}

/// The value that 0.1 % of the units of both arms exceed; nothing where the tallies remember too few.
fn cap(a: &Mean, b: &Mean) -> Option<f64> {
    let place = ((a.n() + b.n()) / CUT).max(1) as usize;
    let (top_a, top_b) = (a.top()?, b.top()?);
    let mut both: Vec<f64> = top_a.iter().chain(&top_b).copied().collect();
    both.sort_by(|x, y| y.total_cmp(x));
    let cap = *both.get(place)?;
    // a list that is full may have dropped values below its last one
    let reaches =
        |mean: &Mean, top: &[f64]| mean.n() <= top.len() as u64 || top.last().is_some_and(|last| *last <= cap);
    (reaches(a, &top_a) && reaches(b, &top_b)).then_some(cap)
}

/// The arm with every value above `cap` at `cap`.
fn cut(mean: &Mean, cap: f64) -> Option<Arm> {
    let (centre, var, n) = (mean.mean()?, mean.variance()?, mean.n() as f64);
    let top = mean.top().unwrap_or_default();
    let above = || top.iter().filter(|v| **v > cap);
    let lost: f64 = above().map(|v| v - cap).sum();
    let spread: f64 = above().map(|v| (v - cap) * (v + cap - 2.0 * centre)).sum();
    let shift = lost / n;
    let var = (var * (n - 1.0) - spread - n * shift * shift) / (n - 1.0);
    Some(Arm { mean: centre - shift, var: var.max(0.0), n })
}
