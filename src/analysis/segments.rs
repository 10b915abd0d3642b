//! The results cut by segment: exploratory, shrunken towards the whole, corrected for how many there are.
use super::contrast::{Contrast, contrast};
use super::judge::Judge;
use super::report::{Comparison, Decision, Estimate, Inconclusive, Outcome, Role, Segment};
use super::request::{Measured, Request};
use crate::model::experiment::Segment as By;
use crate::stats::Interval;
use crate::stats::method::heterogeneity;
use crate::stats::special::{normal_sf, normal_upper};
use crate::tally::{Cut, Tally};

/// One segment of one measure against the control.
struct Cell<'r> {
    measured: Measured<'r>,
    arm: u32,
    by: u32,
    value: String,
    contrast: Result<Contrast, Inconclusive>,
}

/// The cells of every primary, in the order of metric, arm, segmentation and value.
fn cells<'r>(request: &Request<'r>) -> Vec<Cell<'r>> {
    let mut cells = Vec::new();
    if request.reweighted() {
        // A segment is not counted by day, so its arms cannot be compared within times of equal weights.
        return cells;
    }
    for measured in request.measured().into_iter().filter(|m| m.role == Role::Primary) {
        for arm in 1..request.arms() {
            for (key, treatment) in
                request.tallies.iter().filter(|(k, _)| (k.measure, k.variant) == (measured.place, arm))
            {
                let Cut::Segment { by, value } = &key.cut else { continue };
                let control = request.tallies.get(measured.place, 0, &key.cut).ok_or(Inconclusive::NoData);
                let contrast = control.and_then(|c: &Tally| contrast(&measured, c, treatment, request.weight_of(arm)));
                cells.push(Cell { measured, arm, by: *by, value: value.clone(), contrast });
            }
        }
    }
    cells
}

/// Returns the segments; none where results are withheld.
pub(super) fn segments(request: &Request, judge: Option<&Judge>, gate: Option<Inconclusive>) -> Vec<Segment> {
    let (Some(judge), None) = (judge, gate) else { return Vec::new() };
    let cells = cells(request);
    let mut segments: Vec<Segment> = Vec::new();
    for (cell, outcome) in cells.iter().zip(outcomes(&cells, judge)) {
        let (by, metric) = (named(request, cell.by), &cell.measured.metric.meta.id);
        let comparison = Comparison { arm: cell.arm as usize, outcome };
        match segments.iter_mut().find(|s| s.by == by && s.value == cell.value && s.metric == *metric) {
            Some(segment) => segment.comparisons.push(comparison),
            None => segments.push(Segment {
                units: shown_units(request, &cells, cell),
                metric: metric.clone(),
                value: cell.value.clone(),
                by,
                comparisons: vec![comparison],
            }),
        }
    }
    for segment in segments.iter_mut().filter(|s| s.units.is_none()) {
        segment.comparisons.iter_mut().for_each(|c| c.outcome = Outcome::Inconclusive(Inconclusive::TooFew));
    }
    segments
}

/// Returns the values that stand out after correction; nothing without segments, or while nothing may be read.
pub(super) fn standing_out(request: &Request) -> Option<Vec<String>> {
    let judge = Judge::of(request)?;
    let cells = cells(request);
    if cells.is_empty() {
        return None;
    }
    let decided = |outcome: &Outcome| matches!(outcome, Outcome::Estimate(e) if e.decision != Decision::Open);
    let all = cells.iter().zip(outcomes(&cells, &judge));
    Some(all.filter(|(_, outcome)| decided(outcome)).map(|(cell, _)| cell.value.clone()).collect())
}

/// What a segmentation is called.
fn named(request: &Request, by: u32) -> String {
    match request.spec().segments.get(by as usize) {
        Some(By::Property(name)) => name.clone(),
        Some(By::Persona) => "persona".to_owned(),
        None => "segment".to_owned(),
    }
}

/// The units of a cell's segment in each arm; nothing where an arm has fewer than may be shown, nor in the next smallest
/// segment when only one is hidden, for it would give the other away.
fn shown_units(request: &Request, cells: &[Cell], cell: &Cell) -> Option<Vec<u64>> {
    let least = request.model.manifest.privacy.smallest_cell;
    let units = |value: &str| -> Vec<u64> {
        let cut = Cut::Segment { by: cell.by, value: value.to_owned() };
        (0..request.arms()).map(|arm| request.tallies.exposed(arm, &cut)).collect()
    };
    let small = |value: &str| units(value).iter().any(|n| *n < least);
    let mut values: Vec<&str> = cells.iter().filter(|c| c.by == cell.by).map(|c| c.value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    let hidden: Vec<&str> = values.iter().copied().filter(|v| small(v)).collect();
    let rest = values.iter().copied().filter(|v| !small(v));
    let given_away = if hidden.len() == 1 { rest.min_by_key(|v| units(v).iter().sum::<u64>()) } else { None };
    let masked = small(&cell.value) || given_away == Some(cell.value.as_str());
    (!masked).then(|| units(&cell.value))
}

/// What each cell says: effects of one metric, arm and segmentation are shrunken towards their common effect, and intervals
/// hold for all cells together.
fn outcomes(cells: &[Cell], judge: &Judge) -> Vec<Outcome> {
    let count = cells.iter().filter(|c| c.contrast.is_ok()).count().max(1) as f64;
    cells
        .iter()
        .map(|cell| match &cell.contrast {
            Err(reason) => Outcome::Inconclusive(*reason),
            Ok(contrast) => Outcome::Estimate(Box::new(shrunken(cells, cell, contrast, judge, count))),
        })
        .collect()
}

fn shrunken(cells: &[Cell], cell: &Cell, own: &Contrast, judge: &Judge, count: f64) -> Estimate {
    let level = judge.level / count;
    let alike = |c: &&Cell| (c.measured.place, c.arm, c.by) == (cell.measured.place, cell.arm, cell.by);
    let family: Vec<(&Cell, &Contrast)> = cells
        .iter()
        .filter(alike)
        .filter_map(|c| Some((c, c.contrast.as_ref().ok()?)))
        .filter(|(_, c)| c.se() > 0.0)
        .collect();
    let place = family.iter().position(|(c, _)| c.value == cell.value);
    let input = heterogeneity::Input {
        effects: family.iter().map(|(_, c)| c.effect()).collect(),
        ses: family.iter().map(|(_, c)| c.se()).collect(),
    };
    let all = heterogeneity::run(input).ok();
    let found = all.zip(place).and_then(|(all, at)| Some((*all.shrunken.get(at)?, *all.shrunken_ses.get(at)?)));
    let (effect, se) = found.unwrap_or((own.effect(), own.se()));
    let interval = Interval::around(effect, normal_upper(level / 2.0) * se);
    let p = (se > 0.0).then(|| 2.0 * normal_sf((effect / se).abs()));
    let base = own.base().abs();
    let has_lift = own.lift().is_some();
    Estimate {
        effect,
        interval,
        inner: Interval::around(effect, normal_upper(0.25) * se),
        lift: has_lift.then(|| effect / base),
        lift_interval: has_lift.then(|| interval.map(|v| v / base)),
        p,
        p_adjusted: p.map(|p| (p * count).min(1.0)),
        simultaneous: None,
        se,
        smallest_lift: None,
        p_non_inferior: None,
        margin: None,
        chance_better: None,
        expected_loss: None,
        method: "heterogeneity",
        decision: match (judge.decides && interval.excludes(0.0), cell.measured.is_good(effect)) {
            (false, _) => Decision::Open,
            (true, true) => Decision::Better,
            (true, false) => Decision::Worse,
        },
        notes: Vec::new(),
    }
}
