//! A plan as sentences.

use crate::cli::output::{counted, text};
use crate::model::experiment::MethodKind;
use crate::model::manifest::Baseline;
use crate::model::{Experiment, Model};
use crate::sizing::{Missing, Needs, PrimarySize, Sees, Sizing};
use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt::Write;

/// Returns the plan of one experiment.
pub(super) fn text(model: &Model, experiment: &Experiment, size: &Sizing) -> String {
    let mut out = String::new();
    let (id, title) = (&experiment.meta.id, text::shown(&experiment.meta.title));
    line(&mut out, 0, format!("{id}: {title}"));
    let (from, to) = (experiment.counts_from(), experiment.runs.1);
    line(&mut out, 2, format!("{from} to {to}, {}", counted(size.days.max(0) as usize, "day")));
    line(&mut out, 2, method(experiment, size));
    line(&mut out, 2, traffic(model, size));
    for primary in &size.primaries {
        of_primary(&mut out, model, experiment, size, primary);
    }
    if size.primaries.is_empty() {
        line(&mut out, 2, "it has no primary metric, so nothing decides".to_owned());
    }
    out
}

fn line(out: &mut String, indent: usize, text: String) {
    let _ = writeln!(out, "{:indent$}{text}", "");
}

fn method(experiment: &Experiment, size: &Sizing) -> String {
    let name = match &experiment.method.kind {
        MethodKind::GroupSequential { looks, spending } => {
            format!("group-sequential with {looks} looks, spending by {}", spending.name())
        }
        kind => kind.name().to_owned(),
    };
    let level = experiment.method.level;
    let shared = match size.comparisons {
        1 => String::new(),
        n => format!(", shared by {n} comparisons"),
    };
    format!("{name} at {level}{shared}, power {}", experiment.method.power)
}

fn traffic(model: &Model, size: &Sizing) -> String {
    let Some(event) = size.traffic.exposure.map(|e| &model.events[e].meta.id) else {
        return "nothing exposes anybody: say `exposed by` an event".to_owned();
    };
    let (Some(seen), Some(entering)) = (size.traffic.seen, size.traffic.entering()) else {
        return format!("how many come is not declared; add `traffic: {{ {event}: 900 a day }}` to waypost.yaml");
    };
    let traffic = &size.traffic;
    let parts = [
        (traffic.traffic < 1.0, format!("traffic {}", percent(traffic.traffic))),
        (traffic.layers < 1.0, format!("its layers {}", percent(traffic.layers))),
        (traffic.held > 0.0, format!("{} held out", percent(traffic.held))),
    ];
    let less: Vec<String> = parts.into_iter().filter(|(said, _)| *said).map(|(_, part)| part).collect();
    let less = if less.is_empty() { String::new() } else { format!(" ({})", less.join(", ")) };
    format!("{} units a day meet `{event}`, {} enter{less}", whole(seen), whole(entering))
}

fn of_primary(out: &mut String, model: &Model, experiment: &Experiment, size: &Sizing, primary: &PrimarySize) {
    let metric = &model.metrics[primary.metric].meta;
    let now = primary.baseline.map_or_else(String::new, |b| format!(", now {}", baseline(b)));
    let expects = primary.expects.map_or_else(String::new, |e| format!(", expects {e}"));
    line(out, 2, format!("{}{now}{expects}", metric.id));
    match &primary.needs {
        Ok(needs) => needed(out, experiment, size, needs),
        Err(missing) => line(out, 4, format!("how many it takes cannot be told: {}", why(*missing, &metric.id))),
    }
    if let Some(sees) = &primary.sees {
        line(out, 4, seen(size, primary, sees));
    }
}

fn needed(out: &mut String, experiment: &Experiment, size: &Sizing, needs: &Needs) {
    let arms: Vec<String> = needs.arms.iter().map(|n| format!("{n:.0}")).collect();
    let total: f64 = needs.arms.iter().sum();
    line(out, 4, format!("takes {total:.0} units ({})", arms.join(" + ")));
    if experiment.method.kind != MethodKind::Fixed && needs.units > needs.one_look {
        let more = needs.units / needs.one_look;
        line(out, 4, format!("that is {more:.2} times the {:.0} of a test of one look", needs.one_look.ceil()));
    }
    let Some(days) = needs.days else { return };
    let weeks = (days / 7.0).ceil();
    let fits = match days <= size.days as f64 {
        true => "within the plan".to_owned(),
        false => later(experiment.counts_from(), weeks).map_or_else(
            || "longer than anybody can wait".to_owned(),
            |end| format!("beyond the plan; run it to {end}"),
        ),
    };
    line(out, 4, format!("takes {} ({} whole weeks): {fits}", counted(days as usize, "day"), weeks));
}

/// The last day of so many weeks, if there is such a day.
fn later(from: Date, weeks: f64) -> Option<Date> {
    let days = 7 * (weeks as i64) - 1;
    from.checked_add(days.clamp(0, 7_304_484).days()).ok().filter(|_| weeks <= 520.0)
}

fn seen(size: &Sizing, primary: &PrimarySize, sees: &Sees) -> String {
    let units = format!("in {} {:.0} units enter", counted(size.days.max(0) as usize, "day"), sees.units.floor());
    let smallest = match (sees.smallest, primary.baseline) {
        (Some(change), Some(now)) => {
            format!("the smallest effect they see is {}", effect(change, now))
        }
        _ => "no effect is large enough for them to see".to_owned(),
    };
    let power = sees
        .power
        .zip(primary.expects)
        .map(|(power, expects)| format!("; the chance to see {expects} is {}", percent(power)));
    format!("{units}: {smallest}{}", power.unwrap_or_default())
}

fn why(missing: Missing, metric: &str) -> String {
    match missing {
        Missing::Baseline => {
            format!("add `baseline: {{ {metric}: 12% }}` or `{{ mean: 82, deviation: 40 }}` to waypost.yaml")
        }
        Missing::Expectation => "the primary does not say what it `expects`".to_owned(),
        Missing::Mismatch => "the expected change is not in the unit of the baseline".to_owned(),
        Missing::Impossible => "the expected change ends in no possible value".to_owned(),
    }
}

fn baseline(baseline: Baseline) -> String {
    match baseline {
        Baseline::Share(share) => percent(share),
        Baseline::Mean { mean, deviation } => format!("{mean} with a deviation of {deviation}"),
    }
}

/// A change with its sign, relative to the baseline where that is not zero.
fn effect(change: f64, now: Baseline) -> String {
    let base = match now {
        Baseline::Share(share) => share,
        Baseline::Mean { mean, .. } => mean.abs(),
    };
    let sign = if change < 0.0 { "" } else { "+" };
    let relative = if base > 0.0 { format!(" ({sign}{})", percent(change / base)) } else { String::new() };
    match now {
        Baseline::Share(_) => format!("{sign}{:.2} points{relative}", 100.0 * change),
        Baseline::Mean { .. } => format!("{sign}{change:.2}{relative}"),
    }
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

fn whole(number: f64) -> String {
    format!("{:.0}", libm::round(number))
}
