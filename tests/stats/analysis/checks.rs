//! Each named check: a case that fires it, and one that does not.
use super::laboratory::{FIRST, Filler, Lab, check, estimate, finding};
use waypost::analysis::{CheckId, Finding, Provenance, Report, Settings};
use waypost::tally::{Cut, Mean, Share, Tally};

/// A healthy experiment: 10,000 units an arm, a small effect, nothing odd.
fn healthy(f: &mut Filler) {
    f.share("rate", &[(1000, 10_000), (1040, 10_000)]);
    f.exposed(&[10_000, 10_000]);
    f.tallies.ledger.rows = 100_000;
    f.tallies.ledger.used = 100_000;
    f.tallies.ledger.events = 50_000;
}

fn lab() -> Lab {
    Lab::default()
}

/// The finding of a check on the healthy experiment with something changed, after making sure that it passes unchanged.
fn fires(id: CheckId, healthy_finding: Finding, lab: &Lab, change: impl Fn(&mut Filler)) -> Finding {
    assert_eq!(finding(&lab.report(healthy), id), healthy_finding, "{:?}", check(&lab.report(healthy), id).says);
    let odd: Report = lab.report(|f| {
        healthy(f);
        change(f);
    });
    finding(&odd, id)
}

#[test]
fn every_check_stands_in_every_report_in_order() {
    let ids: Vec<CheckId> = lab().report(healthy).checks.iter().map(|c| c.id).collect();
    assert!(ids.is_sorted());
    assert_eq!(ids.len(), 25);
    assert!(!lab().report(healthy).checks.iter().any(|c| c.finding == Finding::Fail));
}

#[test]
fn srm_total() {
    let id = CheckId::SrmTotal;
    let more = |units: u64| move |f: &mut Filler| f.tallies.expose(1, Cut::Total, units);
    assert_eq!(fires(id, Finding::Pass, &lab(), more(600)), Finding::Fail);
    assert_eq!(fires(id, Finding::Pass, &lab(), more(400)), Finding::Warn);
    assert_eq!(fires(id, Finding::Pass, &lab(), more(100)), Finding::Pass);
    assert_eq!(finding(&lab().report(|_| ()), id), Finding::Skipped);
}

#[test]
fn srm_is_read_by_a_sequential_test_while_it_is_looked_at() {
    let running = Lab { status: "running", today: "2026-01-20", ..lab() };
    let report = |units| {
        running.report(move |f| {
            healthy(f);
            f.tallies.expose(1, Cut::Total, units);
        })
    };
    assert_eq!(finding(&report(600), CheckId::SrmTotal), Finding::Warn, "looking often takes more evidence");
    assert_eq!(finding(&report(1000), CheckId::SrmTotal), Finding::Fail);
}

#[test]
fn srm_day() {
    let fired = fires(CheckId::SrmDay, Finding::Pass, &lab(), |f| f.tallies.expose(1, Cut::Day(FIRST + 3), 300));
    assert_eq!(fired, Finding::Fail);
    let untimed = lab().report(|f| f.share("rate", &[(1000, 10_000), (1040, 10_000)]));
    assert_eq!(finding(&untimed, CheckId::SrmDay), Finding::Skipped);
}

fn segment(value: &str) -> Cut {
    Cut::Segment { by: 0, value: value.to_owned() }
}

/// Two countries with these rates of the treatment; the control has 500 of 5000.
fn countries(f: &mut Filler, treated: [u64; 2], exposed: [u64; 2]) {
    healthy(f);
    for (value, (x, n)) in ["PT", "ES"].into_iter().zip(treated.into_iter().zip(exposed)) {
        f.put("rate", 0, segment(value), Tally::Share(Share::new(500, 5000)));
        f.put("rate", 1, segment(value), Tally::Share(Share::new(x, n)));
        f.tallies.expose(0, segment(value), 5000);
        f.tallies.expose(1, segment(value), n);
    }
}

#[test]
fn srm_segment_and_segments_exploratory() {
    let lab = Lab { roles: "primary rate expects +10%; segments country", ..lab() };
    let report = |treated, exposed| lab.report(|f| countries(f, treated, exposed));
    let same = report([505, 495], [5000, 5000]);
    assert_eq!(finding(&same, CheckId::SrmSegment), Finding::Pass);
    assert_eq!(finding(&same, CheckId::SegmentsExploratory), Finding::Pass);
    assert_eq!(same.segments.len(), 2);
    assert_eq!((same.segments[0].by.as_str(), same.segments[0].value.as_str()), ("country", "ES"));
    assert_eq!(finding(&report([505, 600], [5000, 5600]), CheckId::SrmSegment), Finding::Fail);
    let apart = report([505, 750], [5000, 5000]);
    assert_eq!(finding(&apart, CheckId::SegmentsExploratory), Finding::Warn);
    assert!(check(&apart, CheckId::SegmentsExploratory).says.text.contains("ES"));
    let none = lab.report(healthy);
    assert_eq!(finding(&none, CheckId::SrmSegment), Finding::Skipped);
    assert_eq!(finding(&none, CheckId::SegmentsExploratory), Finding::Skipped);
}

#[test]
fn small_cells_are_masked_with_the_one_that_gives_them_away() {
    let lab = Lab { roles: "primary rate expects +10%; segments country", smallest_cell: 50, ..lab() };
    let report = lab.report(|f| {
        healthy(f);
        for (value, n) in [("PT", 5000), ("ES", 4000), ("FR", 20)] {
            for arm in 0..2 {
                f.put("rate", arm, segment(value), Tally::Share(Share::new(n / 10, n)));
                f.tallies.expose(arm, segment(value), n);
            }
        }
    });
    let shown: Vec<(&str, bool)> = report.segments.iter().map(|s| (s.value.as_str(), s.units.is_some())).collect();
    assert_eq!(shown, [("ES", false), ("FR", false), ("PT", true)]);
}

#[test]
fn two_variants() {
    let crossed = |units: u64| {
        move |f: &mut Filler| {
            f.tallies.ledger.crossed.insert((0, 1), units);
        }
    };
    let id = CheckId::TwoVariants;
    assert_eq!(fires(id, Finding::Pass, &lab(), crossed(2000)), Finding::Fail);
    assert_eq!(fires(id, Finding::Pass, &lab(), crossed(300)), Finding::Warn);
    assert_eq!(fires(id, Finding::Pass, &lab(), crossed(100)), Finding::Pass);
}

#[test]
fn unknown_variant() {
    let unknown = |f: &mut Filler| {
        f.tallies.ledger.unknown_variants.insert("blue".to_owned(), 12);
    };
    assert_eq!(fires(CheckId::UnknownVariant, Finding::Pass, &lab(), unknown), Finding::Warn);
}

#[test]
fn recomputed() {
    let disagreed = |units: u64| {
        move |f: &mut Filler| {
            f.tallies.ledger.compared = 20_000;
            f.tallies.ledger.disagreed = units;
        }
    };
    let id = CheckId::Recomputed;
    assert_eq!(fires(id, Finding::Skipped, &lab(), disagreed(2000)), Finding::Fail);
    assert_eq!(fires(id, Finding::Skipped, &lab(), disagreed(100)), Finding::Warn);
    assert_eq!(fires(id, Finding::Skipped, &lab(), disagreed(0)), Finding::Pass);
}

#[test]
fn exposure_gaps() {
    let gap = |f: &mut Filler| {
        let mut sparse = waypost::tally::Tallies::default();
        for arm in 0..2 {
            sparse.expose(arm, Cut::Total, 10_000);
            (0..28).filter(|day| *day != 9).for_each(|day| sparse.expose(arm, Cut::Day(FIRST + day), 357));
        }
        f.tallies = sparse;
        f.share("rate", &[(1000, 10_000), (1040, 10_000)]);
    };
    assert_eq!(fires(CheckId::ExposureGaps, Finding::Pass, &lab(), gap), Finding::Warn);
    let report = lab().report(|f| {
        healthy(f);
        gap(f);
    });
    assert!(check(&report, CheckId::ExposureGaps).says.text.contains("2026-01-14"));
    let untimed = lab().report(|f| f.share("rate", &[(1000, 10_000), (1040, 10_000)]));
    assert_eq!(finding(&untimed, CheckId::ExposureGaps), Finding::Skipped);
}

#[test]
fn rows_that_are_odd() {
    let warns =
        |id, change: fn(&mut Filler)| assert_eq!(fires(id, Finding::Pass, &lab(), change), Finding::Warn, "{id:?}");
    warns(CheckId::EventsBefore, |f| f.tallies.ledger.before_exposure = 5000);
    warns(CheckId::Duplicates, |f| f.tallies.ledger.duplicates = 5000);
    warns(CheckId::ClockSkew, |f| f.tallies.ledger.clock_skew = 500);
    warns(CheckId::Bots, |f| f.tallies.ledger.bots = 1);
    let passes =
        |id, change: fn(&mut Filler)| assert_eq!(fires(id, Finding::Pass, &lab(), change), Finding::Pass, "{id:?}");
    passes(CheckId::EventsBefore, |f| f.tallies.ledger.before_exposure = 100);
    passes(CheckId::Duplicates, |f| f.tallies.ledger.duplicates = 100);
    passes(CheckId::ClockSkew, |f| f.tallies.ledger.clock_skew = 10);
}

#[test]
fn rows_read() {
    let read = |rejects: Vec<(String, u64, Vec<String>)>, notes: Vec<String>| {
        let provenance = Provenance { rows: Some([100, 100, 0, 0]), rejects, notes, ..Provenance::default() };
        Lab { provenance, ..lab() }.report(healthy)
    };
    assert_eq!(finding(&read(Vec::new(), Vec::new()), CheckId::RowsRead), Finding::Pass);
    let short = vec![("fewer cells than the header".to_owned(), 3, vec!["a.csv:7".to_owned()])];
    let left_out = read(short, Vec::new());
    assert_eq!(finding(&left_out, CheckId::RowsRead), Finding::Warn);
    let said = &check(&left_out, CheckId::RowsRead).says.text;
    assert!(said.contains("3 of 100 rows were left out: fewer cells than the header (3, first a.csv:7)"), "{said}");
    let mended = read(Vec::new(), vec!["a.csv: each line is one quoted cell".to_owned()]);
    assert_eq!(finding(&mended, CheckId::RowsRead), Finding::Warn);
    assert_eq!(finding(&lab().report(healthy), CheckId::RowsRead), Finding::Skipped);
}

/// A report on averages of these values, each that many times, in both arms.
fn averages(values: &[f64], times: u64) -> Report {
    Lab { roles: "primary spend expects +10%", ..lab() }.report(|f| {
        (0..2).for_each(|arm| f.mean("spend", arm, values, times));
        let n = values.len() as u64 * times;
        f.exposed(&[n, n]);
    })
}

#[test]
fn outliers_and_skewness() {
    let calm = averages(&[1.0, 2.0, 3.0, 4.0], 2500);
    assert_eq!(finding(&calm, CheckId::Outliers), Finding::Pass);
    assert_eq!(finding(&calm, CheckId::Skewness), Finding::Pass);
    let wild = Lab { roles: "primary spend expects +10%", ..lab() }.report(|f| {
        for arm in 0..2 {
            let mut mean = Mean::default();
            mean.push_many(1.0, 9_000).unwrap();
            mean.push_many(2.0, 999).unwrap();
            mean.push(5000.0).unwrap();
            f.put("spend", arm, Cut::Total, Tally::Mean(mean));
        }
        f.exposed(&[10_000, 10_000]);
    });
    assert_eq!(finding(&wild, CheckId::Outliers), Finding::Warn);
    // raw and cut stand side by side
    let note = |report: &Report| estimate(report, "spend").notes.iter().find(|n| n.rule == "note-capped").cloned();
    assert!(note(&wild).unwrap().text.starts_with("With the top 0.1% of the values cut at 2, the effect is +0"));
    assert!(note(&calm).is_none());
    assert_eq!(finding(&wild, CheckId::Skewness), Finding::Warn);
    assert_eq!(finding(&lab().report(healthy), CheckId::Outliers), Finding::Skipped);
    assert_eq!(finding(&lab().report(healthy), CheckId::Skewness), Finding::Skipped);
}

#[test]
fn too_few() {
    assert_eq!(finding(&lab().report(healthy), CheckId::TooFew), Finding::Pass);
    assert_eq!(finding(&lab().shares(&[(3, 10_000), (5, 10_000)]), CheckId::TooFew), Finding::Warn);
    assert_eq!(finding(&lab().shares(&[(30, 90), (30, 90)]), CheckId::TooFew), Finding::Warn);
}

#[test]
fn whole_weeks() {
    assert_eq!(finding(&lab().report(healthy), CheckId::WholeWeeks), Finding::Pass);
    let odd = Lab { runs: "runs from 2026-01-05 to 2026-01-31", ..lab() };
    assert_eq!(finding(&odd.report(healthy), CheckId::WholeWeeks), Finding::Warn);
}

#[test]
fn underpowered() {
    let id = CheckId::Underpowered;
    assert_eq!(finding(&lab().shares(&[(20_000, 200_000), (20_050, 200_000)]), id), Finding::Pass);
    assert_eq!(finding(&lab().shares(&[(200, 2000), (205, 2000)]), id), Finding::Warn);
    let unplanned = Lab { roles: "primary rate", ..lab() };
    assert_eq!(finding(&unplanned.report(healthy), id), Finding::Skipped);
}

#[test]
fn novelty() {
    // the treatment's rate falls from 20 % to 11 % over the days, or stays at 15 %
    let days = |falling: bool| {
        lab().report(move |f| {
            healthy(f);
            for day in 0..28_u64 {
                let x = if falling { 200 - day * 90 / 27 } else { 150 + day % 3 };
                f.put("rate", 0, Cut::Day(FIRST + day as i32), Tally::Share(Share::new(100, 1000)));
                f.put("rate", 1, Cut::Day(FIRST + day as i32), Tally::Share(Share::new(x, 1000)));
            }
        })
    };
    assert_eq!(finding(&days(true), CheckId::Novelty), Finding::Warn);
    assert!(check(&days(true), CheckId::Novelty).says.text.contains("falls"));
    assert_eq!(finding(&days(false), CheckId::Novelty), Finding::Pass);
    assert_eq!(finding(&lab().report(healthy), CheckId::Novelty), Finding::Skipped);
}

/// Shares by age: what happens gets rarer, and the treatment's lift goes from 20 % to `last` percent.
fn aging(f: &mut Filler, last: f64) {
    healthy(f);
    for age in 0..14_u32 {
        let base = 2000.0 * 0.8_f64.powi(age as i32);
        let lift = 1.2 + (last - 20.0) / 100.0 * f64::from(age) / 13.0;
        for (arm, x) in [(0, base), (1, base * lift)] {
            f.put("rate", arm, Cut::Age(age), Tally::Share(Share::new(x.round() as u64, 100_000)));
        }
        // by day of exposure nothing moves: age goes first
        f.put("rate", 0, Cut::Day(FIRST + age as i32), Tally::Share(Share::new(1000, 10_000)));
        f.put("rate", 1, Cut::Day(FIRST + age as i32), Tally::Share(Share::new(1200, 10_000)));
    }
}

#[test]
fn novelty_by_age() {
    let lab = Lab { roles: "primary rate expects +20%", ..lab() };
    let fading = lab.report(|f| aging(f, -20.0));
    assert_eq!(finding(&fading, CheckId::Novelty), Finding::Warn);
    assert!(check(&fading, CheckId::Novelty).says.text.contains("falls"));
    // the difference falls from 400 to 22 units here, and the lift stays: that is no novelty
    let lasting = lab.report(|f| aging(f, 20.0));
    assert_eq!(finding(&lasting, CheckId::Novelty), Finding::Pass, "{:?}", check(&lasting, CheckId::Novelty).says);
    let growing = lab.report(|f| aging(f, 70.0));
    assert!(check(&growing, CheckId::Novelty).says.text.contains("rises"));
}

#[test]
fn the_report_holds_the_effects_by_age() {
    let lab = Lab { roles: "primary rate expects +20%", ..lab() };
    let fading = lab.report(|f| aging(f, -20.0));
    let [series] = fading.by_age.as_slice() else { panic!("{:?}", fading.by_age) };
    assert_eq!((series.arm, series.metric.as_str()), (1, "rate"));
    let (first, last) = (series.days.first().unwrap(), series.days.last().unwrap());
    assert!((first.lift - 0.2).abs() < 0.01 && (last.lift + 0.2).abs() < 0.03, "{series:?}");
    for day in &series.days {
        let (low, high) = (day.interval.low.unwrap(), day.interval.high.unwrap());
        assert!(low < day.lift && day.lift < high && low > -1.0, "{day:?}");
    }
    assert!(series.days.windows(2).all(|w| w[0].day < w[1].day));
    let running = Lab { status: "running", today: "2026-01-20", method: "sequential", ..lab.clone() };
    assert!(running.report(|f| aging(f, -20.0)).by_age.is_empty(), "ages are not read while it runs");
    let broken = lab.report(|f| {
        aging(f, -20.0);
        f.tallies.expose(1, Cut::Total, 2000);
    });
    assert!(broken.by_age.is_empty(), "a closed gate shows no effect");
}

/// Ten and fifteen in a hundred beside the other test's control; this many of 10,000 with the treatment beside its variant.
fn beside(f: &mut Filler, both: u64) {
    healthy(f);
    for (variant, arm, x) in [(0, 0, 1000), (0, 1, 1500), (1, 0, 1200), (1, 1, both)] {
        f.put("rate", arm, Cut::Beside { with: 0, variant }, Tally::Share(Share::new(x, 10_000)));
    }
}

#[test]
fn interaction() {
    let id = CheckId::Interaction;
    let same = lab().report(|f| beside(f, 1730));
    assert_eq!(finding(&same, id), Finding::Pass);
    let apart = lab().report(|f| beside(f, 1400));
    assert_eq!(finding(&apart, id), Finding::Warn);
    assert!(check(&apart, id).says.text.contains("each arm of The other test"), "{:?}", check(&apart, id).says);
    assert_eq!(finding(&lab().report(healthy), id), Finding::Skipped);
    // nothing is told before the test may be read
    let running = Lab { status: "running", today: "2026-01-20", ..lab() }.report(|f| beside(f, 1400));
    assert_eq!(finding(&running, id), Finding::Skipped);
    assert!(running.interactions.is_empty());
    // the numbers are those of the method
    let arm = |x: f64| waypost::stats::Arm { mean: x / 1e4, var: x / 1e4 * (1.0 - x / 1e4), n: 1e4 };
    let input = waypost::stats::method::interaction::Input {
        neither: arm(1000.0),
        first: arm(1500.0),
        second: arm(1200.0),
        both: arm(1400.0),
        alpha: 0.05,
    };
    let truth = waypost::stats::method::interaction::run(input).unwrap();
    let [found] = apart.interactions.as_slice() else { panic!("{:?}", apart.interactions) };
    assert_eq!((found.with.as_str(), found.variant.as_str(), found.arm), ("other", "large", 1));
    assert!((found.difference - truth.interaction.unwrap()).abs() < 1e-12);
    assert!((found.p / truth.p_value.unwrap() - 1.0).abs() < 0.02, "{found:?} {truth:?}");
    assert!((found.interval.low.unwrap() - truth.ci_low.unwrap()).abs() < 1e-5);
}

/// 50 to 50 for two weeks at a rate of 10 %, then `late` an arm at 20 %: no effect, but pooled the arms differ.
fn split(f: &mut Filler, late: [u64; 2]) {
    for day in 0..28 {
        let (units, of) = if day < 14 { ([500, 500], 10) } else { (late, 5) };
        for (arm, n) in (0..).zip(units) {
            f.tallies.expose(arm, Cut::Day(FIRST + day), n);
            f.tallies.expose(arm, Cut::Total, n);
            for cut in [Cut::Day(FIRST + day), Cut::Total] {
                f.put("rate", arm, cut, Tally::Share(Share::new(n / of, n)));
            }
        }
    }
}

#[test]
fn changed_weights_are_compared_within_times_of_equal_weights() {
    let plan = Lab { reweighted: Some(("2026-01-19", [10.0, 90.0])), ..lab() };
    let report = plan.report(|f| split(f, [100, 900]));
    assert_eq!(finding(&report, CheckId::SrmTotal), Finding::Pass);
    assert_eq!(finding(&report, CheckId::SrmDay), Finding::Pass);
    let found = estimate(&report, "rate");
    assert_eq!(found.method, "stratified");
    assert!(found.effect.abs() < 1e-12 && !found.interval.excludes(0.0), "{found:?}");
    assert_eq!(found.notes.iter().map(|n| n.rule).collect::<Vec<_>>(), ["note-stratified"]);
    assert!(report.method.iter().any(|s| s.rule == "method-stratified"));
    let values: Vec<f64> = super::laboratory::result(&report, "rate").values.iter().map(|v| v.value.unwrap()).collect();
    assert!(values.iter().all(|v| (v - 0.15).abs() < 1e-12), "values differ by the effect: {values:?}");
    assert!(report.over_time[0].days.iter().all(|d| d.effect.abs() < 1e-12));
    // it is the method's own number
    let arm = |x: f64, n: f64| waypost::stats::Arm { mean: x, var: x * (1.0 - x) * n / (n - 1.0), n };
    let strata = [(0.1, 7000.0, 7000.0), (0.2, 1400.0, 12_600.0)]
        .map(|(p, a, b)| waypost::stats::method::stratified::Stratum { a: arm(p, a), b: arm(p, b) });
    let input = waypost::stats::method::stratified::Input { strata: strata.to_vec(), alpha: 0.05 };
    let truth = waypost::stats::method::stratified::run(input).unwrap();
    assert!((found.interval.low.unwrap() - truth.ci_low.unwrap()).abs() < 1e-9, "{found:?} {truth:?}");
    // without the plan's word the split is broken, and nothing is shown
    let silent = lab().report(|f| split(f, [100, 900]));
    assert_eq!(finding(&silent, CheckId::SrmTotal), Finding::Fail);
    assert_eq!(super::laboratory::rule(&silent), "invalid-check");
    // and so it is where the later weights are not what the plan says
    assert_eq!(finding(&plan.report(|f| split(f, [500, 500])), CheckId::SrmTotal), Finding::Fail);
    // without days nothing can be compared
    let undated = plan.report(|f| f.share("rate", &[(1000, 10_000), (1040, 10_000)]));
    let outcome = &super::laboratory::result(&undated, "rate").comparisons[0].outcome;
    assert_eq!(*outcome, waypost::analysis::Outcome::Inconclusive(waypost::analysis::Inconclusive::Unknown));
}

#[test]
fn pre_period() {
    let before = |x: u64| {
        move |f: &mut Filler| {
            f.put("rate", 0, Cut::Before, Tally::Share(Share::new(500, 10_000)));
            f.put("rate", 1, Cut::Before, Tally::Share(Share::new(x, 10_000)));
        }
    };
    assert_eq!(fires(CheckId::PrePeriod, Finding::Skipped, &lab(), before(640)), Finding::Fail);
    assert_eq!(fires(CheckId::PrePeriod, Finding::Skipped, &lab(), before(520)), Finding::Pass);
}

#[test]
fn twyman() {
    let id = CheckId::Twyman;
    assert_eq!(finding(&lab().report(healthy), id), Finding::Pass);
    assert_eq!(finding(&lab().shares(&[(1000, 10_000), (1600, 10_000)]), id), Finding::Warn);
    let modest = Lab { roles: "primary rate expects +2%", ..lab() };
    assert_eq!(
        finding(&modest.shares(&[(1000, 10_000), (1200, 10_000)]), id),
        Finding::Warn,
        "ten times what was planned"
    );
    let running = Lab { status: "running", today: "2026-01-20", ..lab() };
    assert_eq!(finding(&running.report(healthy), id), Finding::Skipped);
}

#[test]
fn plan_changed() {
    let changed = |plan_changed| Lab { settings: Settings { plan_changed, ..Settings::default() }, ..lab() };
    let found = |plan_changed| finding(&changed(plan_changed).report(healthy), CheckId::PlanChanged);
    assert_eq!(found(Some(true)), Finding::Warn);
    assert_eq!(found(Some(false)), Finding::Pass);
    assert_eq!(found(None), Finding::Skipped);
}

#[test]
fn stopped_early() {
    let stopped = Lab { status: "stopped on 2026-01-20 because \"Enough\"", ..lab() };
    assert_eq!(finding(&stopped.report(healthy), CheckId::StoppedEarly), Finding::Warn);
    assert_eq!(finding(&lab().report(healthy), CheckId::StoppedEarly), Finding::Pass);
    let running = Lab { status: "running", today: "2026-01-20", ..lab() };
    assert_eq!(finding(&running.report(healthy), CheckId::StoppedEarly), Finding::Skipped);
}

#[test]
fn consent() {
    let without = |units: [u64; 2]| {
        move |f: &mut Filler| {
            f.tallies.ledger.without_consent.extend([(0, units[0]), (1, units[1])]);
        }
    };
    assert_eq!(fires(CheckId::Consent, Finding::Skipped, &lab(), without([1000, 1400])), Finding::Warn);
    assert_eq!(fires(CheckId::Consent, Finding::Skipped, &lab(), without([1000, 1030])), Finding::Pass);
}

#[test]
fn rules_are_sorted_and_stand_once() {
    let ids: Vec<&str> = waypost::analysis::RULES.iter().map(|(id, _)| *id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn where_nobody_is_counted_nothing_is_said_to_be_well() {
    let of_data = [
        CheckId::TwoVariants,
        CheckId::UnknownVariant,
        CheckId::EventsBefore,
        CheckId::Duplicates,
        CheckId::ClockSkew,
        CheckId::Bots,
        CheckId::TooFew,
    ];
    for status in ["draft", "running"] {
        let report = Lab { status, ..lab() }.report(|_| ());
        for id in of_data {
            let check = check(&report, id);
            assert_eq!((check.finding, check.says.rule), (Finding::Skipped, "nobody-counted"), "{status} {id:?}");
        }
        assert_eq!(finding(&report, CheckId::WholeWeeks), Finding::Pass, "the plan is there to be looked at");
    }
    let rows_without_units = lab().report(|f| f.tallies.ledger.rows = 100);
    assert_eq!(finding(&rows_without_units, CheckId::Duplicates), Finding::Pass, "rows were read");
    assert_eq!(finding(&rows_without_units, CheckId::Bots), Finding::Skipped);
}

#[test]
fn before_anything_is_counted_the_method_speaks_of_no_end_and_no_look() {
    let rules = |method: &'static str, status: &'static str| -> Vec<&'static str> {
        Lab { method, status, ..lab() }.report(|_| ()).method.iter().map(|s| s.rule).collect()
    };
    for status in ["draft", "running"] {
        assert_eq!(rules("bayesian", status), ["method-bayesian"], "{status}");
        assert!(rules("group-sequential 4 looks", status).contains(&"method-group-planned"), "{status}");
    }
}
