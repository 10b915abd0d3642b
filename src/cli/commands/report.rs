//! `waypost report`: what the data says of one experiment.

use crate::analysis::Report as Numbers;
use crate::cli::on::On;
use crate::cli::pages::{One, Press, revision};
use crate::cli::{Exit, Failure, World};
use crate::model::Model;
use crate::plan::Wanted;
use crate::render;

/// Write the report of one experiment: a page, Markdown, JSON, CSV, or its effects as SVG
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Report {
    /// Which experiment
    experiment: String,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    to: Form,
    #[command(flatten)]
    one: One,
    #[command(flatten)]
    on: On,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Markdown
    #[default]
    Md,
    /// One page that asks nothing of the network
    Html,
    /// Everything, one JSON object
    Json,
    /// One row a metric and variant
    Csv,
    /// The effects with their intervals alone, for slides
    Svg,
}

impl Report {
    /// Counts, judges and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((project, model, today)) = self.one.open(world)? else { return Ok(Exit::Findings) };
        let id = model.experiment(&self.experiment).ok_or_else(|| self.unknown(&model))?;
        let wanted = Wanted::Experiment(&self.experiment);
        if self.on.shown(world, &project, &model, wanted)? {
            return Ok(Exit::Clean);
        }
        let mut measured = self.on.place.measured(world, &project, &model, today, wanted)?;
        measured.provenance_mut().spec = Some(revision(&project));
        let press = Press::new(&project, &model, today, Some(measured.provenance_mut()))?;
        let reports = measured.reports();
        let Some((_, numbers)) = reports.iter().find(|(other, _)| *other == id) else {
            let why = format!("nothing counts units into `{}`", self.experiment);
            return Err(Failure::new(why).help("say `exposed by EVENT` in it, or `seen by EVENT` where it runs"));
        };
        let text = match self.to {
            Form::Json => {
                let json = serde_json::to_value(numbers).map_err(|e| Failure::new(e.to_string()))?;
                format!("{json:#}\n")
            }
            Form::Csv => csv(numbers),
            Form::Svg => render::forest_svg(&model, id, numbers, &press.options)
                .ok_or_else(|| Failure::new(format!("`{}` has no effect to draw yet", self.experiment)))?,
            form => {
                let document = press.report(id, numbers)?;
                if form == Form::Md { document.markdown } else { document.html }
            }
        };
        self.one.put(world, &text)?;
        Ok(Exit::Clean)
    }

    fn unknown(&self, model: &Model) -> Failure {
        let known: Vec<String> = model.experiments.values().map(|e| format!("`{}`", e.meta.id)).collect();
        let failure = Failure::new(format!("there is no experiment `{}`", self.experiment));
        if known.is_empty() { failure } else { failure.help(format!("the experiments are {}", known.join(", "))) }
    }
}

const HEAD: &str = "metric,variant,control_units,variant_units,control_value,variant_value,effect,effect_low,effect_high,\
                    lift,lift_low,lift_high,p,decision,reason";

/// Returns one row a metric and treatment; what cannot be said is empty, with the reason in the last column.
fn csv(report: &Numbers) -> String {
    use crate::analysis::Outcome;
    let number = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let mut out = format!("{HEAD}\n");
    for metric in &report.metrics {
        for comparison in &metric.comparisons {
            let (base, new) = (metric.values.first(), metric.values.get(comparison.arm));
            let variant = report.arms.get(comparison.arm).map_or("", |a| a.key.as_str());
            let mut row = vec![cell(&metric.metric), cell(variant)];
            row.extend([base, new].map(|v| v.map(|v| v.n.to_string()).unwrap_or_default()));
            row.extend([base, new].map(|v| number(v.and_then(|v| v.value))));
            match &comparison.outcome {
                Outcome::Estimate(e) => {
                    let lift = e.lift_interval;
                    let numbers = [Some(e.effect), e.interval.low, e.interval.high, e.lift];
                    row.extend(numbers.map(number));
                    row.extend([lift.and_then(|l| l.low), lift.and_then(|l| l.high), e.p].map(number));
                    row.extend([word(serde_json::to_value(e.decision)), String::new()]);
                }
                Outcome::Inconclusive(why) => {
                    row.extend(std::iter::repeat_n(String::new(), 8));
                    row.push(word(serde_json::to_value(why)));
                }
            }
            out.push_str(&row.join(","));
            out.push('\n');
        }
    }
    out
}

/// Returns a text as a cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "@x", "-a", "a,b", "say \"x\"", "plain"].map(cell);
        assert_eq!(cells, ["'=1+1", "'@x", "'-a", "\"a,b\"", "\"say \"\"x\"\"\"", "plain"]);
    }
}
