//! Rows that a warehouse gave become tallies: [`Cell`]s, counted as the engine counts its units.
mod fates;
mod sample;

use super::Row;
use super::rows::UNKNOWN;
use crate::model::manifest::PropertyType;
use crate::model::metric::Cap;
use crate::plan::{ExperimentPlan, Plan, SegmentPlan};
use crate::tally::{Ages, Cut, Key, Ledger, Tallies, quantile7};
pub(super) use fates::{data, nothing, tell};
use sample::{Sample, cut, many, one, outcomes, sample};
use std::collections::BTreeMap;

/// One row of what comes out of an experiment's query.
struct Cell<'r> {
    measure: usize,
    variant: u32,
    by: i64,
    cut: Option<&'r str>,
    y: Option<f64>,
    x: Option<f64>,
    list: Option<&'r str>,
    units: u64,
}

impl<'r> Cell<'r> {
    fn new(row: &'r Row) -> Result<(&'r str, Self), String> {
        let [what, measure, variant, by, cut, y, x, list, units] = row.as_slice() else {
            return Err(format!("a row has {} columns, not 9", row.len()));
        };
        let whole = |cell: &Option<String>| number(cell.as_deref().unwrap_or("-1")).map(|n| n as i64);
        let double = |cell: &Option<String>| cell.as_deref().map(number).transpose();
        let cell = Self {
            measure: usize::try_from(whole(measure)?).unwrap_or(usize::MAX),
            variant: u32::try_from(whole(variant)?).unwrap_or(u32::MAX),
            by: whole(by)?,
            cut: cut.as_deref(),
            y: double(y)?,
            x: double(x)?,
            list: list.as_deref(),
            units: u64::try_from(whole(units)?).map_err(|_| "a negative number of units".to_owned())?,
        };
        Ok((what.as_deref().unwrap_or(""), cell))
    }
}

/// Returns a number as engines write it.
pub(super) fn number(text: &str) -> Result<f64, String> {
    let value = text.trim().parse::<f64>().ok().filter(|v| v.is_finite());
    value.ok_or_else(|| format!("`{text}` is no number"))
}

/// The tallies of an experiment, from the rows of its query one by one.
pub(super) struct Counting<'p> {
    plan: &'p Plan,
    x: &'p ExperimentPlan,
    all: Tallies,
    /// How many units have how many events.
    sizes: BTreeMap<u64, u64>,
    /// Samples of measures that are cut at a percentile of all of them.
    held: Vec<Held>,
    /// Measures by age since exposure, by their place.
    ages: BTreeMap<u32, Ages>,
    /// The lists of cuts that those are in, each once: there are few, and samples may be millions.
    lists: BTreeMap<Vec<Cut>, usize>,
}

/// What units that are alike give a measure, until it is known at what that is cut.
struct Held {
    measure: u32,
    variant: u32,
    cuts: usize,
    sample: Sample,
    units: u64,
}

impl<'p> Counting<'p> {
    pub(super) fn new(plan: &'p Plan, x: &'p ExperimentPlan) -> Self {
        let mut all = Tallies::default();
        all.ledger.clocks_unseen = true;
        let aged = (0..).zip(&x.measures).filter(|(_, m)| m.ages > 0);
        let ages = aged.map(|(at, m)| (at, Ages::new(m.ages, m.bare_shape()))).collect();
        Self { plan, x, all, sizes: BTreeMap::new(), held: Vec::new(), ages, lists: BTreeMap::new() }
    }

    /// Takes a row.
    ///
    /// # Errors
    /// When it is not such as the query gives.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), String> {
        let (what, cell) = Cell::new(row)?;
        match what {
            "sample" | "before" => return self.sample(what == "before", &cell),
            "age" => return self.age(&cell),
            "whole" => {
                let days = cell.y.unwrap_or(0.0) as u64;
                self.ages.values_mut().for_each(|ages| _ = ages.watched(cell.variant, days, cell.units));
            }
            "walk" => {
                let walk = u32::try_from(cell.measure).map_err(|_| "a row of a funnel that is not known")?;
                if let Some(depth) = cell.y {
                    self.all.steps.push_many(walk, cell.variant, depth as usize, cell.units);
                }
            }
            "size" => *self.sizes.entry(cell.y.unwrap_or(0.0) as u64).or_default() += cell.units,
            "unit" => {
                let cuts = cuts(self.plan, self.x, &cell);
                cuts.into_iter().for_each(|cut| self.all.expose(cell.variant, cut, cell.units));
            }
            _ => ledger(&mut self.all.ledger, what, &cell)?,
        }
        Ok(())
    }

    fn sample(&mut self, before: bool, cell: &Cell<'_>) -> Result<(), String> {
        let measure = self.x.measures.get(cell.measure).ok_or("a row of a measure that is not known")?;
        let sample = sample(self.plan, measure, cell)?;
        let cuts = if before { vec![Cut::Before] } else { cuts(self.plan, self.x, cell) };
        let number = u32::try_from(cell.measure).map_err(|_| "too many measures")?;
        match measure.cap {
            Some(Cap::Percentile(_)) => {
                let next = self.lists.len();
                let cuts = *self.lists.entry(cuts).or_insert(next);
                self.held.push(Held { measure: number, variant: cell.variant, cuts, sample, units: cell.units });
            }
            Some(Cap::Value(v)) => self.add((number, cell.variant), &cuts, sample, cell.units, Some(v.to_f64()))?,
            None => self.add((number, cell.variant), &cuts, sample, cell.units, None)?,
        }
        Ok(())
    }

    /// Takes units that did the same on a day of one age; what nobody did is not looked at.
    fn age(&mut self, cell: &Cell<'_>) -> Result<(), String> {
        let measure = self.x.measures.get(cell.measure).ok_or("a row of a measure that is not known")?;
        let sample = sample(self.plan, measure, cell)?;
        let number = u32::try_from(cell.measure).map_err(|_| "too many measures")?;
        let age = u32::try_from(cell.by).map_err(|_| "a row of no age")?;
        if let Some(ages) = self.ages.get_mut(&number).filter(|_| sample.y != 0.0 || sample.x != 0.0)
            && let Some(one) = one(ages.shape(), &sample)
        {
            let all = many(&one, cell.units);
            ages.active(cell.variant, age).merge(&all).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        (measure, variant): (u32, u32),
        cuts: &[Cut],
        mut sample: Sample,
        units: u64,
        cap: Option<f64>,
    ) -> Result<(), String> {
        let Some(plan) = self.x.measures.get(measure as usize) else { return Ok(()) };
        let shape = if cuts.contains(&Cut::Before) { plan.bare_shape() } else { plan.shape };
        if let Some(cap) = cap {
            cut(&mut sample, cap, plan.reads.terms().len() > 1);
        }
        let Some(one) = one(shape, &sample) else { return Ok(()) };
        let tally = many(&one, units);
        for cut in cuts {
            self.all.add(Key { measure, variant, cut: cut.clone() }, &tally).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    /// Returns the tallies.
    ///
    /// # Errors
    /// When a sum is not such as a measure has.
    pub(super) fn finish(mut self) -> Result<Tallies, String> {
        let held = std::mem::take(&mut self.held);
        let mut lists: Vec<(Vec<Cut>, usize)> = std::mem::take(&mut self.lists).into_iter().collect();
        lists.sort_by_key(|(_, place)| *place);
        let lists: Vec<Vec<Cut>> = lists.into_iter().map(|(list, _)| list).collect();
        let whole: Vec<bool> = lists.iter().map(|list| list.contains(&Cut::Total)).collect();
        let caps: Vec<Option<f64>> = (0..self.x.measures.len()).map(|m| self.cap(m, &held, &whole)).collect();
        for h in held {
            let cap = caps.get(h.measure as usize).copied().flatten();
            let cuts = lists.get(h.cuts).map_or(&[][..], Vec::as_slice);
            self.add((h.measure, h.variant), cuts, h.sample, h.units, cap)?;
        }
        std::mem::take(&mut self.ages).into_iter().for_each(|(m, ages)| ages.finish(m, &mut self.all));
        self.all.ledger.bots = Ledger::bots_of(&self.sizes);
        Ok(self.all)
    }

    /// Returns the percentile at which a measure is cut; `whole` says which lists of cuts hold the total.
    fn cap(&self, m: usize, held: &[Held], whole: &[bool]) -> Option<f64> {
        let measure = self.x.measures.get(m)?;
        let Some(Cap::Percentile(p)) = measure.cap else { return None };
        // Every unit once: the total is a cut that all units are in.
        let once = held.iter().filter(|h| h.measure as usize == m && whole.get(h.cuts) == Some(&true));
        let mut values: Vec<(f64, u64)> =
            once.flat_map(|h| outcomes(measure.shape, &h.sample).iter().map(|v| (*v, h.units))).collect();
        values.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Some(quantile_of(&values, p.share()).unwrap_or(f64::INFINITY))
    }
}

/// Returns the quantile of type 7 of ascending values, each with how often it stands there.
fn quantile_of(sorted: &[(f64, u64)], level: f64) -> Option<f64> {
    let count: u64 = sorted.iter().map(|(_, times)| times).sum();
    let at = level.clamp(0.0, 1.0) * count.checked_sub(1)? as f64;
    let below = at.floor();
    let value = |rank: u64| {
        let mut seen = 0;
        let holds = |(_, times): &&(f64, u64)| {
            seen += times;
            seen > rank
        };
        sorted.iter().find(holds).map(|(value, _)| *value)
    };
    let low = value(below as u64)?;
    quantile7(&[low, value(below as u64 + 1).unwrap_or(low)], at - below)
}

fn ledger(ledger: &mut Ledger, what: &str, cell: &Cell<'_>) -> Result<(), String> {
    match what {
        "looked" => ledger.events += cell.units,
        "early" => ledger.before_exposure += cell.units,
        "lacking" => *ledger.without_consent.entry(cell.variant).or_default() += cell.units,
        "unknown" => *ledger.unknown_variants.entry(cell.cut.unwrap_or("").to_owned()).or_default() += cell.units,
        "crossed" => {
            let place = |v: Option<f64>| match v.unwrap_or(0.0) as i64 {
                UNKNOWN => u32::MAX,
                v => u32::try_from(v).unwrap_or(u32::MAX),
            };
            let (a, b) = (place(cell.y), place(cell.x));
            *ledger.crossed.entry((a.min(b), a.max(b))).or_default() += cell.units;
        }
        other => return Err(format!("a row of `{other}` is not known")),
    }
    Ok(())
}

/// Returns the cuts a row counts in: the days add up to the total.
fn cuts(plan: &Plan, x: &ExperimentPlan, cell: &Cell<'_>) -> Vec<Cut> {
    let Ok(by) = u32::try_from(cell.by) else {
        let day = cell.cut.and_then(|d| d.parse().ok()).map(Cut::Day);
        return day.into_iter().chain([Cut::Total]).collect();
    };
    if let Some(with) = u32::try_from(x.segments.len()).ok().and_then(|segments| by.checked_sub(segments)) {
        let arm = cell.cut.and_then(|arm| arm.parse().ok());
        return arm.map(|variant| Cut::Beside { with, variant }).into_iter().collect();
    }
    let segment = usize::try_from(by).ok().and_then(|by| x.segments.get(by));
    let value = cell.cut.map_or_else(|| "unknown".to_owned(), |text| words(plan, segment, text));
    vec![Cut::Segment { by, value }]
}

/// Returns a segment's value as the engine says it: numbers are written in one way.
fn words(plan: &Plan, segment: Option<&SegmentPlan>, text: &str) -> String {
    let kind = match segment {
        Some(SegmentPlan::Field(at)) => plan.fields.get(*at).map(|(_, kind)| *kind),
        Some(SegmentPlan::Persona) | None => None,
    };
    word(plan, kind, text)
}

/// Returns a value of a field as the engine says it: numbers are written in one way.
pub(super) fn word(plan: &Plan, kind: Option<PropertyType>, text: &str) -> String {
    let Ok(value) = number(text) else { return text.to_owned() };
    match kind {
        Some(PropertyType::Number) => value.to_string(),
        Some(PropertyType::Money) => (value / 10_f64.powi(i32::from(plan.decimals))).to_string(),
        Some(PropertyType::Boolean) => (value != 0.0).to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{quantile_of, quantile7};

    #[test]
    fn a_quantile_of_counted_values_is_that_of_them_all() {
        let counted = [(-1.5, 3), (0.0, 7), (2.25, 1), (9.0, 4)];
        let all: Vec<f64> = counted.iter().flat_map(|(v, n)| vec![*v; *n as usize]).collect();
        for level in (0..=1000).map(|l| f64::from(l) / 1000.0) {
            assert_eq!(quantile_of(&counted, level).map(f64::to_bits), quantile7(&all, level).map(f64::to_bits));
        }
        assert_eq!(quantile_of(&[], 0.5), None);
        // nobody writes them out one by one
        assert_eq!(quantile_of(&[(0.0, 1 << 52), (7.0, 1 << 40)], 1.0), Some(7.0));
    }
}
