//! Rows that a warehouse gave become tallies: [`Cell`]s, counted as the engine counts its units.
use super::Row;
use super::rows::UNKNOWN;
use crate::model::manifest::PropertyType;
use crate::model::metric::Cap;
use crate::plan::{ExperimentPlan, MeasurePlan, Plan, SegmentPlan, TermPlan};
use crate::tally::{
    Cut, DataFile, DataTally, Key, Ledger, Mean, Nps, Pair, Shape, Share, Tallies, Tally, Times, Values, quantile7,
};
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
        Self { plan, x, all, sizes: BTreeMap::new(), held: Vec::new(), lists: BTreeMap::new() }
    }

    /// Takes a row.
    ///
    /// # Errors
    /// When it is not such as the query gives.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), String> {
        let (what, cell) = Cell::new(row)?;
        match what {
            "sample" | "before" => return self.sample(what == "before", &cell),
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

/// Returns what is known before any row came; `names` says what the sources are called.
pub(super) fn nothing(names: &[String]) -> DataTally {
    let files = names.iter().map(|name| DataFile { name: name.clone(), ..DataFile::default() });
    DataTally { files: files.collect(), ..DataTally::default() }
}

/// Takes a row of what became of the rows.
///
/// # Errors
/// When it is not such as the query gives.
pub(super) fn data(plan: &Plan, data: &mut DataTally, row: &Row) -> Result<(), String> {
    let (what, cell) = Cell::new(row)?;
    match what {
        "repeated" => data.duplicates += cell.units,
        "people" => data.units = cell.units,
        "span" => {
            data.times = cell.y.zip(cell.x).map(|(a, b)| (a as i64, b as i64));
            let told = |at: i64| jiff::Timestamp::from_microsecond(at).is_ok();
            if !data.times.is_none_or(|(a, b)| told(a) && told(b)) {
                return Err("its times are beyond the year 9999; where they are numbers, say `epoch:` in the manifest"
                    .to_owned());
            }
        }
        _ => {
            data.rows += cell.units;
            if let Some(file) = data.files.get_mut(cell.measure) {
                file.rows += cell.units;
            }
            let asks = plan.sources.get(cell.measure).is_some_and(|s| s.consent.is_some());
            if asks && matches!(what, "asked" | "unmet" | "refused") {
                let (agreed, asked) = data.consented.unwrap_or_default();
                let here = if what == "refused" { 0 } else { cell.units };
                data.consented = Some((agreed + here, asked + cell.units));
            }
            match what {
                "asked" => data.used += cell.units,
                "other" | "unmet" => data.other += cell.units,
                "filtered" | "refused" => data.filtered += cell.units,
                "rejected" => data.rejects.entry("no id, time or name".to_owned()).or_default().0 += cell.units,
                unknown => return Err(format!("a row of `{unknown}` is not known")),
            }
        }
    }
    Ok(())
}

/// Tells what is known once all rows came, and each experiment how many there were.
pub(super) fn tell(data: &DataTally, ledger: &mut Ledger) {
    ledger.rows += data.rows;
    ledger.duplicates += data.duplicates;
    ledger.rejects.extend(data.rejects.iter().map(|(kind, (count, _))| (kind.clone(), *count)));
    ledger.used += data.rows - data.duplicates - data.rejected();
}

fn ledger(ledger: &mut Ledger, what: &str, cell: &Cell<'_>) -> Result<(), String> {
    match what {
        "looked" => ledger.events += cell.units,
        "early" => ledger.before_exposure += cell.units,
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

/// What one unit gives a measure, once for many units.
struct Sample {
    y: f64,
    x: f64,
    list: Vec<f64>,
    /// There is an answer.
    known: bool,
}

/// Returns how many minor units make one of what a term gives.
fn unit(plan: &Plan, term: Option<&TermPlan>) -> f64 {
    let property = term.and_then(|t| t.make.property()).and_then(|p| plan.properties.get(p));
    match property {
        Some(p) if p.kind == PropertyType::Money => 10_f64.powi(i32::from(plan.decimals)),
        _ => 1.0,
    }
}

fn sample(plan: &Plan, measure: &MeasurePlan, cell: &Cell<'_>) -> Result<Sample, String> {
    let terms = measure.reads.terms();
    let first = unit(plan, terms.first());
    let second = if measure.before.is_some() { first } else { unit(plan, terms.get(1)) };
    let parts = cell.list.map_or_else(Vec::new, |l| l.split(',').collect());
    let list: Result<Vec<f64>, String> = parts.into_iter().map(|v| number(v).map(|v| v / first)).collect();
    Ok(Sample {
        y: cell.y.unwrap_or(0.0) / first,
        x: cell.x.unwrap_or(0.0) / second,
        list: list?,
        known: cell.y.is_some(),
    })
}

/// Returns the values that a percentile is taken of.
fn outcomes(shape: Shape, sample: &Sample) -> &[f64] {
    match shape {
        Shape::Mean | Shape::Pair => std::slice::from_ref(&sample.y),
        Shape::Values => &sample.list,
        Shape::Share | Shape::Nps | Shape::Times => &[],
    }
}

/// Cuts what lies above the cap: the outcome and its covariate, or the numerator of a ratio.
fn cut(sample: &mut Sample, cap: f64, ratio: bool) {
    sample.y = sample.y.min(cap);
    if !ratio {
        sample.x = sample.x.min(cap);
    }
    sample.list.iter_mut().for_each(|v| *v = v.min(cap));
}

/// Returns the tally of one unit; nothing where it gave no answer that counts.
fn one(shape: Shape, s: &Sample) -> Option<Tally> {
    Some(match shape {
        Shape::Share => Tally::Share(Share { n: 1, x: u64::from(s.y != 0.0) }),
        Shape::Mean => {
            let mut mean = Mean::default();
            mean.push(s.y).ok()?;
            Tally::Mean(mean)
        }
        Shape::Pair => {
            let mut pair = Pair::default();
            pair.push(s.y, s.x).ok()?;
            Tally::Pair(pair)
        }
        Shape::Values => {
            let mut values = Values::default();
            values.push_unit(&s.list).ok()?;
            Tally::Values(values)
        }
        Shape::Nps => {
            let mut nps = Nps::default();
            if s.known {
                nps.push(s.y);
            }
            Tally::Nps(nps)
        }
        Shape::Times => {
            let mut times = Times::default();
            times.push(s.y as u64, s.x != 0.0);
            Tally::Times(times)
        }
    })
}

/// Returns the tally of so many units that are all alike, by doubling: merging keeps the law of sums.
fn many(one: &Tally, units: u64) -> Tally {
    let (mut all, mut power, mut left) = (Tally::empty(one.shape()), one.clone(), units);
    while left > 0 {
        if left & 1 == 1 {
            // Both are of one shape, so this cannot fail.
            let _ = all.merge(&power);
        }
        left >>= 1;
        if left > 0 {
            let twin = power.clone();
            let _ = power.merge(&twin);
        }
    }
    all
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
