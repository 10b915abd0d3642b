//! One test per metric, and every interval shown is its inversion: p is below the level exactly when the interval excludes
//! zero, whatever unit is shown.
use super::laboratory::{Lab, estimate};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rayon::prelude::*;
use waypost::analysis::Settings;
use waypost::stats::Interval;
use waypost::stats::method::fisher_exact;
use waypost::stats::method::prop_diff_miettinen_nurminen::Table;
use waypost::stats::method::rel_lift::Relative;
use waypost::stats::method::seq_shares;
use waypost::stats::special::{normal_sf, normal_upper};

/// A random table: small and large arms, shares from 0 to 1, effects around the edge of significance.
fn table(rng: &mut ChaCha8Rng) -> Table {
    let size = |rng: &mut ChaCha8Rng| libm::pow(10.0, rng.random_range(0.0..5.5)).ceil();
    let (n_a, n_b) = (size(rng), size(rng));
    let p: f64 = match rng.random_range(0..5) {
        0 => 0.0,
        1 => 1.0,
        2 => rng.random_range(0.0..0.02),
        _ => rng.random_range(0.0..1.0),
    };
    let se = (p * (1.0 - p) * (1.0 / n_a + 1.0 / n_b)).sqrt();
    let q = (p + se * rng.random_range(-4.0..4.0)).clamp(0.0, 1.0);
    let noise = |rng: &mut ChaCha8Rng| if rng.random_bool(0.1) { f64::from(rng.random_range(0..3)) } else { 0.0 };
    let x = |share: f64, n: f64, more: f64| ((share * n).round() + more).clamp(0.0, n);
    let (more_a, more_b) = (noise(rng), noise(rng));
    Table { x_a: x(p, n_a, more_a), n_a, x_b: x(q, n_b, more_b), n_b }
}

fn tables(count: u64) -> impl IndexedParallelIterator<Item = Table> {
    (0..count / 1000)
        .into_par_iter()
        .flat_map_iter(|block| {
            let mut rng = ChaCha8Rng::seed_from_u64(block);
            (0..1000).map(move |_| table(&mut rng))
        })
        .collect::<Vec<_>>()
        .into_par_iter()
}

#[test]
fn score_tests_and_intervals_agree_on_100_000_tables() {
    tables(100_000).for_each(|t| {
        let p = t.score_test().1;
        let (low, high) = t.difference_interval(0.05);
        let (least, most) = t.ratio_interval(0.05);
        let (difference, ratio) = (Interval::new(low, high), Interval::new(least, most));
        assert_eq!(p < 0.05, difference.excludes(0.0), "{t:?} p {p} {difference:?}");
        assert_eq!(p < 0.05, ratio.map(|r| r - 1.0).excludes(0.0), "{t:?} p {p} {ratio:?}");
        let d = t.difference();
        assert!(low <= d + 1e-12 && d <= high + 1e-12 && -1.0 <= low && high <= 1.0, "{t:?} {difference:?}");
    });
}

#[test]
fn exact_tests_and_intervals_agree_on_small_tables() {
    let small = tables(60_000).filter(Table::is_small).filter(|t| t.n_a.min(t.n_b) < 300.0);
    let checked = small.map(|t| {
        let (x_a, n_a, x_b, n_b) = (t.x_a as u64, t.n_a as u64, t.x_b as u64, t.n_b as u64);
        let exact = fisher_exact::central(fisher_exact::Input { x_a, n_a, x_b, n_b }, 0.05);
        let difference = Interval::new(exact.difference.0, exact.difference.1);
        assert_eq!(exact.p < 0.05, difference.excludes(0.0), "{t:?} {exact:?}");
        if t.x_a > 0.0 {
            let ratio = Interval::new(exact.ratio.0, exact.ratio.1).map(|r| r - 1.0);
            assert_eq!(exact.p < 0.05, ratio.excludes(0.0), "{t:?} {exact:?}");
        }
        assert!(
            exact.difference.0 <= t.difference() + 1e-9 && t.difference() <= exact.difference.1 + 1e-9,
            "{t:?} {exact:?}"
        );
    });
    assert!(checked.count() > 2000);
}

#[test]
fn always_valid_tests_and_intervals_agree() {
    tables(1000).filter(|t| t.n_a > 20.0 && t.n_b > 20.0).take_any(120).for_each(|t| {
        let Table { x_a, n_a, x_b, n_b } = t;
        let input = seq_shares::Input { x_a, n_a, x_b, n_b, weight_b: n_b / (n_a + n_b), alpha: 0.05 };
        let p = seq_shares::p_value(&input);
        let (low, high) = seq_shares::difference_interval(&input, 0.05);
        let (least, most) = seq_shares::ratio_interval(&input, 0.05);
        assert_eq!(p < 0.05, Interval::new(low, high).excludes(0.0), "{t:?} p {p} {low} {high}");
        if x_a > 0.0 {
            assert_eq!(p < 0.05, Interval::new(least, most).map(|r| r - 1.0).excludes(0.0), "{t:?} {p} {least} {most}");
        }
    });
}

#[test]
fn fieller_and_the_absolute_test_agree() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut bounded = 0;
    for _ in 0..100_000 {
        let base: f64 = rng.random_range(-5.0..5.0);
        let (var_a, var_b): (f64, f64) = (rng.random_range(0.001..1.0), rng.random_range(0.001..1.0));
        let diff = (var_a + var_b).sqrt() * rng.random_range(-4.0..4.0);
        let relative = Relative::of_means(diff, base, var_a, var_b);
        let p = 2.0 * normal_sf((diff / relative.var_diff.sqrt()).abs());
        if let Some(interval) = relative.fieller(normal_upper(0.025)) {
            bounded += 1;
            assert_eq!(p < 0.05, interval.excludes(0.0), "{relative:?} {interval:?}");
        }
    }
    assert!(bounded > 50_000);
}

/// The same through the whole report, with every method.
#[test]
fn reports_agree_with_themselves() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let settings = Settings { despite_mismatch: true, ..Settings::default() };
    for method in ["fixed", "sequential", "group-sequential 3 looks", "bayesian"] {
        for _ in 0..12 {
            let (n, x) = (rng.random_range(500..20_000u64), rng.random_range(50..450u64));
            let more = rng.random_range(0..(4.0 * (x as f64).sqrt()) as u64);
            let lab = Lab { method, settings, ..Lab::default() };
            let report = lab.report(|f| f.share("rate", &[(x, n), ((x + more).min(n), n)]));
            let e = estimate(&report, "rate");
            let excludes = e.interval.excludes(0.0);
            assert_eq!(excludes, e.lift_interval.unwrap().excludes(0.0), "{method} {e:?}");
            match (e.p, e.chance_better) {
                (Some(p), None) => assert_eq!(p < 0.05, excludes, "{method} {e:?}"),
                (None, Some(chance)) => assert_eq!(!(0.025..=0.975).contains(&chance), excludes, "{e:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
