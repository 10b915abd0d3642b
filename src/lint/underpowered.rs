use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::{days, later};
use crate::model::Experiment;
use crate::model::experiment::{MethodKind, Primary};
use crate::model::manifest::Baseline;
use crate::model::value::Change;
use crate::stats::method::power_mean;
use crate::stats::method::power_prop::Design;

rule! {
    /// An experiment ends before it has seen enough people.
    ///
    /// With the traffic of its exposure event, the present value of its primary metric (both from `waypost.yaml`), its
    /// expected effect, level and power, the number of people needed is known before the start (for shares: Fleiss, 1981).
    /// If they take longer to come than the test runs, it will most likely end with "cannot tell". The level is shared among
    /// primaries and variants; the audience is not known here and can only make it longer.
    ///
    /// ```yaml
    /// traffic: { guide-read: 900 a day }
    /// baseline: { checkout-rate: 12% }
    /// ```
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +4% }
    /// ```
    ///
    /// Better: a larger effect, more people, a metric that moves more, or more weeks.
    ///
    /// ```yaml
    /// traffic: { guide-read: 900 a day }
    /// baseline: { checkout-rate: 12% }
    /// ```
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +8% }
    /// ```
    "underpowered", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if ctx.manifest().traffic.is_empty() || ctx.manifest().baseline.is_empty() {
        return;
    }
    for experiment in ctx.model.experiments.values().filter(|e| !e.status.is_concluded()) {
        let Some(a_day) = entering(ctx, experiment) else { continue };
        for primary in &experiment.primaries {
            out.extend(short(ctx, experiment, primary, a_day));
        }
    }
}

/// Returns how many units enter a day: those of the exposure event, less by traffic, layers and holdouts.
fn entering(ctx: &Context<'_>, experiment: &Experiment) -> Option<f64> {
    let event = &ctx.model.events[ctx.model.exposure_event(experiment)?].meta.id;
    let seen = ctx.manifest().traffic.get(event)?.per_day;
    let slices: f64 = experiment.layers.iter().map(|s| s.takes.share()).product();
    let held: f64 = ctx.model.holdouts.values().map(|h| h.takes.share()).sum();
    Some(seen * experiment.traffic.share() * slices * (1.0 - held).max(0.0)).filter(|n| *n > 0.0)
}

fn short(ctx: &Context<'_>, experiment: &Experiment, primary: &Primary, a_day: f64) -> Option<Diagnostic> {
    let metric = &ctx.model.metrics[primary.metric];
    let (expects, baseline) = (primary.expects?, ctx.manifest().baseline.get(&metric.meta.id)?);
    let people = people(experiment, expects, *baseline)?;
    let (length, needed) = (days(experiment.runs.0, experiment.runs.1), libm::ceil(people / a_day));
    if !needed.is_finite() || needed <= length as f64 {
        return None;
    }
    let id = &experiment.meta.id;
    let message =
        format!("`{id}` needs {needed} days to see {expects} of `{}`, and ends after {length}", metric.meta.id);
    let finding = RULE.at(primary.span, message).also(ctx.part(experiment.meta.span, "runs"), "the plan");
    let finding = finding.help(format!("{} people are needed, and {} enter a day", people.ceil(), libm::round(a_day)));
    let finding = match experiment.method.kind {
        MethodKind::Fixed => finding,
        _ => finding.help(format!("this is counted for one look; `{}` needs more", experiment.method.kind.name())),
    };
    let weeks = libm::ceil(needed / 7.0);
    Some(match weeks <= 8.0 {
        true => {
            finding.help(format!("run it for {weeks} weeks, to {}", later(experiment.runs.0, weeks as i64 * 7 - 1)))
        }
        false => finding.help("plan for a larger effect, let more people in, or decide by a metric that moves more"),
    })
}

/// Returns how many units are needed in all arms together; nothing where the change and the baseline do not go together.
fn people(experiment: &Experiment, expects: Change, baseline: Baseline) -> Option<f64> {
    let control = experiment.control()?.weight.share();
    let others = experiment.variants.iter().filter(|v| !v.is_control());
    let smallest = others.clone().map(|v| v.weight.share()).fold(f64::INFINITY, f64::min);
    let comparisons = (others.count() * experiment.primaries.len()) as f64;
    let alpha = experiment.method.level.share() / comparisons.max(1.0);
    let (power, ratio) = (experiment.method.power.share(), smallest / control);
    let units = match baseline {
        Baseline::Share(p1) => {
            let p2 = match expects {
                Change::Relative(change) => p1 * (1.0 + change.share()),
                Change::Points(points) => p1 + points.to_f64() / 100.0,
                Change::Absolute(..) | Change::Money(_) => return None,
            };
            if p2 <= 0.0 || p2 >= 1.0 {
                return None;
            }
            Design { alpha, power, ratio, sides: 2.0 }.units(p1, p2)
        }
        Baseline::Mean { mean, deviation } => {
            let delta = match expects {
                Change::Relative(change) => mean * change.share(),
                Change::Absolute(by, _) => by.to_f64(),
                Change::Money(by) => by.to_f64(),
                Change::Points(_) => return None,
            };
            power_mean::units(&power_mean::Input { delta, sd: deviation, alpha, power, ratio, sides: 2.0, mde_n: None })
        }
    };
    Some(units / control).filter(|n| n.is_finite() && ratio.is_finite() && ratio > 0.0)
}
