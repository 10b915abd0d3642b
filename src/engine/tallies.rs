//! Counts that somebody else made: rows of variant, units, sum and sum of squares become tallies.
use super::bind::separator;
use super::{EngineError, Options, add_data, emit, error};
use crate::events::{Column, EventReader, Format, Kind, Request, Step};
use crate::plan::{ExperimentPlan, Plan, Source, SourceShape, TallyMetric};
use crate::tally::{Counts, Cut, Key, Mean, Shape, Share, Tallies, Tally};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array, RecordBatch};
use std::sync::Mutex;

/// Reads one source of tallies into the counts.
pub(super) fn read(
    plan: &Plan,
    at: usize,
    root: &std::path::Path,
    options: &Options<'_>,
    counts: &mut Counts,
) -> Result<(), EngineError> {
    let Some(source) = plan.sources.get(at) else { return Ok(()) };
    let (place, experiment) = experiment(plan, source)?;
    let table = Table::new(source);
    let reader = EventReader::open(root, table.request(options.hash))?;
    // Tallies are small: one thread, rows in their order.
    let into = Mutex::new((Tallies::default(), None));
    let (_, ledger) = reader.read(
        1,
        || (),
        |(), step| {
            if let (Step::Batch(batch), Ok(mut into)) = (step, into.lock()) {
                let (tallies, failed) = &mut *into;
                for row in 0..batch.num_rows() {
                    if let Err(message) = table.row(experiment, batch, row, tallies) {
                        failed.get_or_insert(message);
                    }
                }
            }
        },
    )?;
    error::check(&ledger, options)?;
    let (tallies, failed) = into.into_inner().unwrap_or_default();
    if let Some(message) = failed {
        return Err(EngineError::Unfit(format!("{}: {message}", source.patterns.join(", "))));
    }
    add_data(&mut counts.data, &ledger, &emit::Emitted::default());
    if let Some(all) = counts.experiments.get_mut(place) {
        all.merge(&tallies).map_err(|e| EngineError::Unfit(e.to_string()))?;
    }
    Ok(())
}

fn experiment<'p>(plan: &'p Plan, source: &Source) -> Result<(usize, &'p ExperimentPlan), EngineError> {
    let mut all = plan.experiments.iter().enumerate();
    let found = match &source.experiment {
        Some(id) => all.find(|(_, x)| x.id == *id),
        None if plan.experiments.len() == 1 => all.next(),
        None => None,
    };
    let unknown = || {
        let name = source.experiment.as_deref().unwrap_or("");
        let message =
            format!("tallies of `{}` belong to no experiment `{name}`; say `experiment:`", source.patterns.join(", "));
        EngineError::Unfit(message)
    };
    found.ok_or_else(unknown)
}

/// The columns of a source of tallies.
struct Table<'p> {
    source: &'p Source,
    columns: Vec<Column>,
}

impl<'p> Table<'p> {
    fn new(source: &'p Source) -> Self {
        let mut table = Self { source, columns: Vec::new() };
        if let Some(variant) = &source.variant {
            table.column(variant, Kind::Text);
        }
        if let SourceShape::Tallies { randomised, wide, long, day, segment, .. } = &source.shape {
            let number = Kind::Number { thousands: source.thousands };
            for name in randomised.iter() {
                table.column(name, number);
            }
            for metric in wide.iter().chain(long.iter().map(|(_, m)| m)) {
                for name in [Some(&metric.n), Some(&metric.sum), metric.sum_sq.as_ref()].into_iter().flatten() {
                    table.column(name, number);
                }
            }
            for name in [long.as_ref().map(|(c, _)| c), day.as_ref(), segment.as_ref()].into_iter().flatten() {
                table.column(name, Kind::Text);
            }
        }
        table
    }

    fn column(&mut self, name: &str, kind: Kind) {
        if !self.columns.iter().any(|c| c.name == name && c.kind == kind) {
            self.columns.push(Column { name: name.to_owned(), kind, required: true });
        }
    }

    fn request(&self, hash: bool) -> Request {
        let source = self.source;
        Request {
            patterns: source.patterns.clone(),
            format: source.format.as_deref().and_then(Format::parse),
            separator: source.separator.as_deref().and_then(separator),
            ragged: source.ragged,
            columns: self.columns.clone(),
            hash,
            ..Request::default()
        }
    }

    fn text<'b>(&self, batch: &'b RecordBatch, row: usize, name: &str) -> Option<&'b str> {
        let at = self.columns.iter().position(|c| c.name == name && c.kind == Kind::Text)?;
        let array = batch.column(at).as_dictionary_opt::<Int32Type>()?;
        let code = usize::try_from(array.keys().value(row)).ok()?;
        array.is_valid(row).then(|| array.values().as_string_opt::<i32>().map(|t| t.value(code))).flatten()
    }

    fn number(&self, batch: &RecordBatch, row: usize, name: &str) -> Option<f64> {
        let at = self.columns.iter().position(|c| c.name == name && c.kind != Kind::Text)?;
        let array = batch.column(at).as_primitive_opt::<Float64Type>()?;
        array.is_valid(row).then(|| array.value(row))
    }

    /// Adds a row; a metric whose cells are empty in it is passed over.
    fn row(&self, x: &ExperimentPlan, batch: &RecordBatch, row: usize, into: &mut Tallies) -> Result<(), String> {
        let SourceShape::Tallies { variant_is, randomised, wide, long, day, segment } = &self.source.shape else {
            return Ok(());
        };
        let named = self.source.variant.as_ref().and_then(|c| self.text(batch, row, c)).or(variant_is.as_deref());
        let named =
            named.ok_or("a row says no variant; name the column with `variant:` or all of them with `variant_is:`")?;
        let id = self.source.variant_id(named);
        let Some(variant) = x.variants.iter().position(|v| v == id).and_then(|v| u32::try_from(v).ok()) else {
            *into.ledger.unknown_variants.entry(named.to_owned()).or_default() += 1;
            return Ok(());
        };
        let mut cuts = vec![Cut::Total];
        cuts.extend(day.as_ref().and_then(|c| self.text(batch, row, c)).and_then(day_number).map(Cut::Day));
        let value = segment.as_ref().and_then(|c| self.text(batch, row, c));
        cuts.extend(value.map(|value| Cut::Segment { by: 0, value: value.to_owned() }));
        if let Some(units) = randomised.as_ref().and_then(|c| self.number(batch, row, c)) {
            let units = count(units, "the number of units")?;
            cuts.iter().for_each(|cut| into.expose(variant, cut.clone(), units));
        }
        let of_row = long.as_ref().and_then(|(column, m)| Some((self.text(batch, row, column)?, m)));
        for (metric, columns) in wide.iter().map(|m| (m.metric.as_str(), m)).chain(of_row) {
            self.metric(x, metric, columns, batch, row, (variant, &cuts), into)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "one cell of a table has as many coordinates")]
    fn metric(
        &self,
        x: &ExperimentPlan,
        metric: &str,
        columns: &TallyMetric,
        batch: &RecordBatch,
        row: usize,
        (variant, cuts): (u32, &[Cut]),
        into: &mut Tallies,
    ) -> Result<(), String> {
        let cells = (self.number(batch, row, &columns.n), self.number(batch, row, &columns.sum));
        let (Some(n), Some(sum)) = cells else { return Ok(()) };
        let n = count(n, "a number of units")?;
        let sum_sq = columns.sum_sq.as_ref().and_then(|c| self.number(batch, row, c));
        for (measure, plan) in (0_u32..).zip(&x.measures).filter(|(_, m)| m.id == metric) {
            let tally = match plan.shape {
                Shape::Share => Tally::Share(share(sum, n, metric)?),
                Shape::Mean => Tally::Mean(Mean::from_sums(n, sum, sum_sq).map_err(|_| "a sum is too large")?),
                _ => {
                    return Err(format!(
                        "the metric `{metric}` is neither a share nor a plain average; its counts cannot be read"
                    ));
                }
            };
            for cut in cuts {
                let key = Key { measure, variant, cut: cut.clone() };
                into.add(key, &tally).map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    }
}

fn count(value: f64, what: &str) -> Result<u64, String> {
    let whole = value >= 0.0 && value.fract() == 0.0 && value < 9e15;
    if whole { Ok(value as u64) } else { Err(format!("{what} is {value}; it must be whole and not negative")) }
}

fn share(sum: f64, n: u64, metric: &str) -> Result<Share, String> {
    let did = count(sum, &format!("the sum of `{metric}`"))?;
    if did > n {
        return Err(format!("of `{metric}` there are {did} among {n} units; a share cannot be above 100 %"));
    }
    Ok(Share::new(did, n))
}

/// Returns the days since 1970-01-01 of an ISO date; other forms name no day.
fn day_number(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.parse().ok()?;
    date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok().map(|span| span.get_days())
}
