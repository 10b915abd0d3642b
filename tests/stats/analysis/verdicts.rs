//! Each rule of a verdict: a case that fires it, and one close by that does not.
use super::laboratory::{Filler, Lab, arm, estimate, found, result, rule};
use waypost::analysis::{Decision, Inconclusive, Outcome, Phase, Settings, Verdict};
use waypost::tally::{Cut, Nps, Pair, Tally, Times, Values};

fn lab() -> Lab {
    Lab::default()
}

#[test]
fn a_draft_has_not_started() {
    let lab = Lab { status: "draft", ..lab() };
    let report = lab.report(|_| ());
    assert_eq!((rule(&report), report.phase), ("draft", Phase::Draft));
    assert_eq!(report.verdict.name(), "not-started");
    assert_ne!(rule(&Lab { status: "running", ..lab.clone() }.report(|_| ())), "draft");
}

#[test]
fn without_units_there_is_nothing_to_say() {
    let report = lab().report(|_| ());
    assert_eq!((rule(&report), report.phase), ("no-data", Phase::NoData));
    assert_ne!(rule(&lab().shares(&[(1000, 10_000), (1000, 10_000)])), "no-data");
}

#[test]
fn a_broken_split_is_invalid_and_hides_every_effect() {
    let fill = |f: &mut Filler| {
        f.share("rate", &[(1000, 10_000), (1500, 11_000)]);
        f.exposed(&[10_000, 11_000]);
    };
    let report = lab().report(fill);
    assert_eq!(rule(&report), "invalid-check");
    assert!(report.verdict.says().text.contains("The split is broken: 10000 : 11000 units"), "{:?}", report.verdict);
    let rate = result(&report, "rate");
    assert_eq!(rate.comparisons[0].outcome, Outcome::Inconclusive(Inconclusive::Withheld));
    assert!(rate.values.iter().all(|v| v.value.is_none() && v.count.is_none()));
    let settings = Settings { despite_mismatch: true, ..Settings::default() };
    let despite = Lab { settings, ..lab() }.report(fill);
    assert_eq!(rule(&despite), "invalid-check");
    assert!(estimate(&despite, "rate").effect > 0.0);
    assert_eq!(rule(&lab().shares(&[(1000, 10_000), (1500, 10_100)])), "ship-unguarded");
}

#[test]
fn a_fixed_test_shows_progress_and_nothing_else_before_its_end() {
    let early = Lab { status: "running", today: "2026-01-20", ..lab() };
    let report = early.shares(&[(1000, 10_000), (1500, 10_000)]);
    assert_eq!(rule(&report), "running-fixed");
    assert!(matches!(report.verdict, Verdict::KeepRunning { days: Some(13), .. }), "{:?}", report.verdict);
    assert_eq!(result(&report, "rate").comparisons[0].outcome, Outcome::Inconclusive(Inconclusive::NotYet));
    assert!(result(&report, "rate").values.iter().all(|v| v.value.is_none() && v.n == 10_000));
    let waiting = Lab { today: "2026-02-03", ..early.clone() }.shares(&[(1000, 10_000), (1500, 10_000)]);
    assert_eq!(rule(&waiting), "running-window");
    let done = Lab { today: "2026-02-04", ..early }.shares(&[(1000, 10_000), (1500, 10_000)]);
    assert_eq!((rule(&done), done.phase), ("ship-unguarded", Phase::Complete));
}

#[test]
fn a_fixed_test_that_stopped_early_is_read_by_a_method_that_allows_it() {
    let early = Lab { status: "stopped on 2026-01-20 because \"Enough\"", ..lab() };
    let report = early.shares(&[(1000, 10_000), (1110, 10_000)]);
    assert_eq!((report.phase, rule(&report)), (Phase::StoppedEarly, "cannot-tell"));
    assert_eq!(estimate(&report, "rate").method, "seq_shares");
    assert!(report.method.iter().any(|s| s.rule == "method-stopped-early"));
    let planned = lab().shares(&[(1000, 10_000), (1110, 10_000)]);
    assert_eq!((rule(&planned), estimate(&planned, "rate").method), ("ship-unguarded", "prop_diff_miettinen_nurminen"));
    assert_eq!(rule(&early.shares(&[(1000, 10_000), (1400, 10_000)])), "ship-unguarded");
}

#[test]
fn a_sequential_test_may_decide_early_or_go_on() {
    let running = Lab { status: "running", today: "2026-01-20", method: "sequential", ..lab() };
    let open = running.shares(&[(1000, 10_000), (1030, 10_000)]);
    assert_eq!(rule(&open), "running-sequential");
    assert!(estimate(&open, "rate").interval.low.unwrap() < 0.0);
    let clear = running.shares(&[(1000, 10_000), (1400, 10_000)]);
    assert_eq!(rule(&clear), "ship-unguarded");
    assert!(clear.method.iter().any(|s| s.rule == "method-sequential-shares"));
}

#[test]
fn a_group_sequential_test_decides_at_its_looks() {
    let group = Lab { status: "running", method: "group-sequential 4 looks", ..lab() };
    let at = |today, seen_days: i32, counts: [(u64, u64); 2]| {
        Lab { today, ..group.clone() }.report(move |f| {
            f.share("rate", &counts);
            for (arm, count) in counts.iter().enumerate() {
                f.tallies.expose(arm as u32, Cut::Total, count.1);
                (0..seen_days)
                    .for_each(|day| f.tallies.expose(arm as u32, Cut::Day(super::laboratory::FIRST + day), 100));
            }
        })
    };
    let before = at("2026-01-09", 4, [(100, 1000), (190, 1000)]);
    assert_eq!(rule(&before), "running-look");
    assert_eq!(before.verdict.says().with.iter().find(|(k, _)| *k == "look").unwrap().1.to_string(), "1");
    let open = at("2026-01-12", 7, [(100, 1000), (140, 1000)]);
    assert_eq!(rule(&open), "running-look", "an early bound is strict: {:?}", estimate(&open, "rate"));
    let early = at("2026-01-12", 7, [(100, 1000), (190, 1000)]);
    assert_eq!(rule(&early), "ship-unguarded");
    let p = estimate(&open, "rate").p.unwrap();
    assert!(p > 0.05 && open.method.iter().any(|s| s.rule == "method-group"));
}

#[test]
fn ship_needs_a_better_primary_and_every_guardrail_within() {
    let guarded = Lab { roles: "primary rate expects +10%; guardrail churn tolerates +10%", ..lab() };
    let report = |rate: u64, churn: u64| {
        guarded.report(move |f| {
            f.share("rate", &[(1000, 10_000), (rate, 10_000)]);
            f.share("churn", &[(2000, 10_000), (churn, 10_000)]);
            f.exposed(&[10_000, 10_000]);
        })
    };
    let ship = report(1300, 2000);
    assert_eq!((rule(&ship), arm(&ship.verdict)), ("ship", Some(1)));
    assert_eq!(estimate(&ship, "churn").decision, Decision::WithinMargin);
    let shipped = ship.if_shipped.as_ref().unwrap();
    let [low, likely, high] = shipped.more.map(Option::unwrap);
    assert!(low < likely && likely < 0.03 * shipped.units_a_month && 0.03 * shipped.units_a_month < high);
    assert_eq!(shipped.currency.as_deref(), Some("EUR"));
    assert!((shipped.money.unwrap()[1].unwrap() - 20.0 * likely).abs() < 1e-6);
    let open = report(1300, 2120);
    assert_eq!(rule(&open), "cannot-guardrail", "{:?}", estimate(&open, "churn"));
    let beyond = report(1300, 2500);
    assert_eq!(rule(&beyond), "keep-guardrail");
    assert_eq!(estimate(&beyond, "churn").decision, Decision::BeyondMargin);
    assert!(beyond.verdict.says().text.contains("+10%"));
    assert_eq!(rule(&report(1000, 2000)), "no-difference");
    assert!(ship.if_shipped.is_some() && open.if_shipped.is_none());
}

#[test]
fn worse_keeps_the_control() {
    assert_eq!(rule(&lab().shares(&[(1000, 10_000), (800, 10_000)])), "keep-worse");
    assert_ne!(rule(&lab().shares(&[(1000, 10_000), (990, 10_000)])), "keep-worse");
    let with_secondary = Lab { roles: "primary rate expects +10%; secondary churn", ..lab() };
    let report = |churn: u64| {
        with_secondary.report(move |f| {
            f.share("rate", &[(1000, 10_000), (1300, 10_000)]);
            f.share("churn", &[(2000, 10_000), (churn, 10_000)]);
            f.exposed(&[10_000, 10_000]);
        })
    };
    assert_eq!(rule(&report(2400)), "keep-deterioration");
    assert_eq!(rule(&report(2010)), "ship-unguarded");
}

#[test]
fn one_good_arm_ships_although_another_harms() {
    let three = Lab { treatments: 2, ..lab() };
    let report = three.shares(&[(1000, 10_000), (700, 10_000), (1300, 10_000)]);
    assert_eq!((rule(&report), arm(&report.verdict)), ("ship-unguarded", Some(2)));
    let both = three.shares(&[(1000, 10_000), (1250, 10_000), (1300, 10_000)]);
    assert_eq!(arm(&both.verdict), Some(2));
    let none = three.shares(&[(1000, 10_000), (700, 10_000), (800, 10_000)]);
    assert_eq!(rule(&none), "keep-worse");
}

#[test]
fn several_comparisons_share_the_level() {
    let two = Lab { treatments: 2, ..lab() };
    let report = two.shares(&[(1000, 10_000), (1089, 10_000), (1010, 10_000)]);
    let estimate = estimate(&report, "rate");
    assert!(estimate.p.unwrap() < 0.05 && estimate.p_adjusted.unwrap() > 0.05);
    assert_eq!(estimate.decision, Decision::Open);
    assert!(estimate.interval.excludes(0.0) && !estimate.simultaneous.unwrap().excludes(0.0));
    assert!(report.method.iter().any(|s| s.rule == "method-holm"));
    assert_eq!(rule(&lab().shares(&[(1000, 10_000), (1089, 10_000)])), "ship-unguarded");
}

#[test]
fn no_practical_difference_is_more_than_no_significance() {
    let same = lab().shares(&[(20_000, 200_000), (20_050, 200_000)]);
    assert_eq!(rule(&same), "no-difference");
    let small = lab().shares(&[(200, 2_000), (201, 2_000)]);
    assert_eq!(rule(&small), "cannot-tell");
    let Verdict::CannotTell { smallest: Some(smallest), .. } = small.verdict else { panic!("{:?}", small.verdict) };
    assert!(smallest > 0.1 && smallest < 0.4, "{smallest}");
}

#[test]
fn too_few_is_said_and_not_estimated() {
    let few = lab().shares(&[(3, 10_000), (5, 10_000)]);
    assert_eq!(rule(&few), "cannot-estimate");
    assert_eq!(result(&few, "rate").comparisons[0].outcome, Outcome::Inconclusive(Inconclusive::TooFew));
    let enough = lab().shares(&[(8, 10_000), (20, 10_000)]);
    assert_ne!(rule(&enough), "cannot-estimate");
}

#[test]
fn small_counts_are_decided_exactly() {
    // fewer than 5 expected in the small arm: 12 of 10,000 against 3 of 300
    let report = Lab { settings: Settings { despite_mismatch: true, ..Settings::default() }, ..lab() }
        .report(|f| f.share("rate", &[(12, 10_000), (3, 300)]));
    let estimate = estimate(&report, "rate");
    assert_eq!(estimate.method, "fisher_exact");
    assert!(estimate.notes.iter().any(|n| n.rule == "if-exact"));
    assert_eq!(estimate.p.unwrap() < 0.05, estimate.interval.excludes(0.0));
}

#[test]
fn bayesian_results_speak_of_chances_and_warn_of_peeking() {
    let bayes = Lab { method: "bayesian", ..lab() };
    let ship = bayes.shares(&[(1000, 10_000), (1300, 10_000)]);
    assert_eq!(rule(&ship), "ship-bayesian");
    let found = estimate(&ship, "rate");
    assert!(found.p.is_none() && found.chance_better.unwrap() > 0.999 && found.expected_loss.unwrap() < 1e-6);
    assert!(ship.method[0].text.contains("looking often"));
    assert_eq!(rule(&bayes.shares(&[(1000, 10_000), (1010, 10_000)])), "no-difference");
    assert_eq!(rule(&bayes.shares(&[(100, 1000), (103, 1000)])), "cannot-tell");
    let lower = Lab { method: "bayesian", roles: "primary churn expects -10%", ..lab() };
    let report = lower.report(|f| {
        f.share("churn", &[(1300, 10_000), (1000, 10_000)]);
        f.exposed(&[10_000, 10_000]);
    });
    assert_eq!(rule(&report), "ship-bayesian");
    assert!(estimate(&report, "churn").chance_better.unwrap() > 0.999);
    assert!(estimate(&report, "churn").expected_loss.unwrap() < 1e-6);
}

#[test]
fn a_posterior_that_is_looked_at_early_decides_nothing() {
    let lab = Lab { method: "bayesian", roles: "primary rate expects +10%; secondary churn", ..lab() };
    let good = |f: &mut Filler| {
        f.share("rate", &[(1000, 10_000), (1300, 10_000)]);
        f.share("churn", &[(1000, 10_000), (1300, 10_000)]);
        f.exposed(&[10_000, 10_000]);
    };
    let running = Lab { status: "running", today: "2026-01-20", ..lab.clone() }.report(good);
    assert_eq!(rule(&running), "running-bayesian");
    let shown = estimate(&running, "rate");
    assert!(shown.chance_better.unwrap() > 0.999 && shown.decision == Decision::Open);
    assert!(running.method.iter().any(|s| s.rule == "method-bayesian-running" && s.text.contains("nothing may be")));
    let early = Lab { status: "stopped on 2026-01-20 because \"Enough\"", ..lab.clone() }.report(good);
    assert_eq!((estimate(&early, "rate").method, early.phase), ("seq_shares", Phase::StoppedEarly));
    assert!(early.method.iter().any(|s| s.rule == "method-bayesian-stopped-early"));
    let ended = Lab { roles: "primary rate expects +10%", ..lab }.report(good_rate);
    assert_eq!(rule(&ended), "ship-bayesian");
    assert!(ended.method.iter().any(|s| s.rule == "method-bayesian-end" && s.text.contains("may conclude now")));
}

fn good_rate(f: &mut Filler) {
    f.share("rate", &[(1000, 10_000), (1300, 10_000)]);
    f.exposed(&[10_000, 10_000]);
}

/// One metric of every kind, with an effect of the treatment that the test must find, and without one.
#[test]
fn every_shape_of_tally_has_its_method() {
    let wave = |i: u64| (i % 97) as f64 / 10.0;
    let fill = |f: &mut Filler, metric: &str, arm: u32, shift: f64| {
        let tally = match metric {
            "spend" => {
                let mut t = waypost::tally::Mean::default();
                (0..2000).for_each(|i| t.push(wave(i) + shift).unwrap());
                Tally::Mean(t)
            }
            "past" => {
                let mut t = Pair::default();
                (0..2000).for_each(|i| t.push(wave(i) + wave(7 * i) + shift, wave(i)).unwrap());
                Tally::Pair(t)
            }
            "value" => {
                let mut t = Pair::default();
                (0..2000).for_each(|i| t.push((wave(i) + shift) * ((i % 3) as f64), (i % 3) as f64).unwrap());
                Tally::Pair(t)
            }
            "load" => {
                let mut t = Values::default();
                (0..2000).for_each(|i| t.push_unit(&[wave(i) + shift, wave(i + 5) + shift]).unwrap());
                Tally::Values(t)
            }
            "wait" => {
                let mut t = Times::default();
                let millis = |i: u64| ((wave(i) + 1.0 + shift) * 1e7) as u64;
                (0..2000).for_each(|i| t.push(millis(i).min(172_800_000), millis(i) < 172_800_000));
                Tally::Times(t)
            }
            _ => {
                let mut t = Nps::default();
                (0..2000).for_each(|i| assert!(t.push((wave(i) + shift).clamp(0.0, 10.0))));
                Tally::Nps(t)
            }
        };
        f.put(metric, arm, Cut::Total, tally);
    };
    let kinds = [
        ("spend", "welch_t", "Better"),
        ("past", "cuped", "Better"),
        ("value", "ratio_delta", "Better"),
        ("load", "quantile_metric", "Worse"),
        ("wait", "logrank", "Worse"),
        ("score", "nps_diff", "Better"),
    ];
    for (metric, method, decision) in kinds {
        let roles: &'static str = Box::leak(format!("primary {metric}").into_boxed_str());
        let report = |shift: f64| {
            Lab { roles, ..lab() }.report(|f| {
                (0..2).for_each(|arm| fill(f, metric, arm, f64::from(arm) * shift));
                f.exposed(&[2000, 2000]);
            })
        };
        let with = report(0.7);
        let estimate = estimate(&with, metric);
        assert_eq!((estimate.method, format!("{:?}", estimate.decision).as_str()), (method, decision), "{estimate:?}");
        assert!(estimate.interval.excludes(0.0) && estimate.p.unwrap() < 0.05, "{metric}");
        if let Some(lift) = estimate.lift_interval {
            assert!(lift.excludes(0.0), "{metric}: {lift:?}");
        }
        let without = report(0.0);
        let same = found(&result(&without, metric).comparisons[0]).unwrap();
        assert!(same.effect == 0.0 && same.decision == Decision::Open && same.p.unwrap() > 0.99, "{metric}: {same:?}");
    }
}

#[test]
fn a_margin_may_be_relative_or_absolute_and_looks_the_right_way() {
    for (roles, good, bad) in [
        ("primary rate; guardrail churn tolerates +2 points", 2000, 2600),
        ("primary rate; guardrail churn tolerates +10%", 2000, 2600),
    ] {
        let lab = Lab { roles, ..lab() };
        let decision = |churn: u64| {
            let report = lab.report(move |f| {
                f.share("rate", &[(1000, 10_000), (1010, 10_000)]);
                f.share("churn", &[(2000, 10_000), (churn, 10_000)]);
                f.exposed(&[10_000, 10_000]);
            });
            let e = estimate(&report, "churn");
            (e.decision, e.margin.unwrap(), e.p_non_inferior.unwrap())
        };
        let (within, margin, p) = decision(good);
        assert!(within == Decision::WithinMargin && (margin - 0.02).abs() < 1e-12 && p < 0.025, "{roles} {p}");
        assert_eq!(decision(bad).0, Decision::BeyondMargin, "{roles}");
        assert_eq!(decision(1500).0, Decision::WithinMargin, "less churn is never beyond: {roles}");
        assert_eq!(decision(2200).0, Decision::Open, "{roles}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let json = || serde_json::to_string(&lab().shares(&[(1000, 10_000), (1100, 10_000)])).unwrap();
    assert_eq!(json(), json());
}
