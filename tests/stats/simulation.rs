//! What must come out of simulation: every method does what it promises on data without and with an effect, and the
//! well-known mistake beside it fails the same test.
//!
//! 20,000 runs each, or as many as WAYPOST_RUNS says; bands are exact binomial with a false alarm of 1e-4. Seeds are fixed.
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rayon::prelude::*;
use std::ops::RangeInclusive;
use waypost::stats::method::group_sequential::{Spending, bounds};
use waypost::stats::method::p_adjust::holm;
use waypost::stats::method::power_prop::Design;
use waypost::stats::method::prop_diff_miettinen_nurminen::Table;
use waypost::stats::method::rel_lift::Relative;
use waypost::stats::method::seq_shares::{Mixture, Null};
use waypost::stats::method::{cuped, ratio_delta, srm_chi2, srm_sequential, stratified, welch_t};
use waypost::stats::special::{binomial_tails, normal_sf, normal_upper, t_sf};
use waypost::stats::{Alternative, Arm};
use waypost::tally::{Mean, Pair};

fn runs() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "how many runs is for who runs it")]
    let said = std::env::var("WAYPOST_RUNS").ok().and_then(|v| v.parse().ok());
    said.unwrap_or(20_000)
}

/// How many of the runs say yes; each has its own seed.
fn count(salt: u64, yes: impl Fn(&mut ChaCha8Rng) -> bool + Sync) -> u64 {
    (0..runs()).into_par_iter().filter(|run| yes(&mut rng(salt, *run))).count() as u64
}

fn rng(salt: u64, run: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ run)
}

/// The numbers of yes that a chance of `p` gives but for 1 in 10,000 times.
fn band(p: f64) -> RangeInclusive<u64> {
    let n = runs() as f64;
    let tails = |k: u64| binomial_tails(k as f64, n, p);
    let low = (0..).find(|k| tails(*k).lower >= 5e-5).unwrap();
    let high = (low..).find(|k| tails(*k).upper <= 5e-5).unwrap();
    low..=high
}

#[track_caller]
fn within(what: &str, hits: u64, band: RangeInclusive<u64>) {
    println!("{what}: {hits} of {}, band {band:?}", runs());
    assert!(band.contains(&hits), "{what}: {hits} of {} is outside {band:?}", runs());
}

#[track_caller]
fn outside(what: &str, hits: u64, band: RangeInclusive<u64>) {
    println!("{what} (the mistake): {hits} of {}, band {band:?}", runs());
    assert!(!band.contains(&hits), "{what}: the mistake went unnoticed with {hits} of {}", runs());
}

/// A share of this chance, at most.
fn at_most(p: f64) -> RangeInclusive<u64> {
    0..=*band(p).end()
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random::<f64>().max(1e-300), rng.random());
    (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
}

/// The cumulative table of a binomial, from which draws are fast.
struct Binomial(Vec<f64>, u64);

impl Binomial {
    fn new(n: u64, p: f64) -> Self {
        let (centre, spread) = (n as f64 * p, (n as f64 * p * (1.0 - p)).sqrt().max(1.0));
        let from = (centre - 12.0 * spread - 12.0).max(0.0) as u64;
        let to = ((centre + 12.0 * spread + 12.0) as u64).min(n);
        Self((from..=to).map(|k| binomial_tails(k as f64, n as f64, p).lower).collect(), from)
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> f64 {
        let u: f64 = rng.random();
        (self.1 + self.0.partition_point(|c| *c < u) as u64) as f64
    }
}

/// A table of two arms alike in size.
fn table(rng: &mut ChaCha8Rng, a: &Binomial, b: &Binomial, n: u64) -> Table {
    Table { x_a: a.draw(rng), n_a: n as f64, x_b: b.draw(rng), n_b: n as f64 }
}

#[test]
fn the_bands_are_those_of_the_design() {
    if runs() == 20_000 {
        assert_eq!(band(0.05), 882..=1122);
        assert_eq!(band(0.95), 18_878..=19_118);
        assert_eq!(band(0.8), 15_779..=16_219);
    }
}

#[test]
fn the_score_test_rings_at_its_level_in_each_tail() {
    let arm = Binomial::new(5000, 0.02);
    let tail = |side: f64| {
        count(1, |rng| {
            let (z, p) = table(rng, &arm, &arm, 5000).score_test();
            p < 0.05 && z * side > 0.0
        })
    };
    let (up, down) = (tail(1.0), tail(-1.0));
    within("score test, A/A, both tails", up + down, band(0.05));
    let share = |hits: u64| hits as f64 / runs() as f64;
    assert!((0.02..=0.03).contains(&share(up)) && (0.02..=0.03).contains(&share(down)), "{up} up, {down} down");
    let one = Binomial::new(1000, 0.001);
    let few = count(2, |rng| table(rng, &one, &one, 1000).score_test().1 < 0.05);
    outside("score test, one expected conversion an arm", few, band(0.05));
}

#[test]
fn the_relative_delta_test_is_lopsided() {
    let arm = Binomial::new(200, 0.02);
    let tail = |side: f64| {
        count(3, |rng| {
            let t = table(rng, &arm, &arm, 200);
            let (p, q) = (t.x_a / 200.0, t.x_b / 200.0);
            let se = (q * (1.0 - q) / 200.0 / (p * p) + p * (1.0 - p) / 200.0 * q * q / (p * p * p * p)).sqrt();
            let z = (q / p - 1.0) / se;
            z.is_finite() && z * side > normal_upper(0.025)
        })
    };
    let (up, down) = (tail(1.0) as f64 / runs() as f64, tail(-1.0) as f64 / runs() as f64);
    println!("relative delta test, A/A: {up} up, {down} down");
    assert!(up < 0.005 && down > 0.05, "{up} up, {down} down");
}

#[test]
fn the_score_test_beats_it_at_small_rates() {
    let (control, treatment) = (Binomial::new(2000, 0.03), Binomial::new(2000, 0.042));
    let score = count(4, |rng| table(rng, &control, &treatment, 2000).score_test().1 < 0.05);
    println!("power of the score test at 3 %, +40 %, 2000 an arm: {}", score as f64 / runs() as f64);
    assert!((0.50..0.56).contains(&(score as f64 / runs() as f64)));
}

/// Kolmogorov's distance from the uniform distribution.
fn distance(mut p: Vec<f64>) -> f64 {
    p.sort_by(f64::total_cmp);
    let n = p.len() as f64;
    let off = |(i, p): (usize, &f64)| (p - i as f64 / n).abs().max(((i + 1) as f64 / n - p).abs());
    p.iter().enumerate().map(off).fold(0.0, f64::max)
}

#[test]
fn p_values_are_uniform() {
    // 1.9495 / sqrt(n) is exceeded once in a thousand; the design's 0.0157 is 2.22 / sqrt(20,000): once in 10,000
    let limit = 2.2203 / (runs() as f64).sqrt();
    let arm = |rng: &mut ChaCha8Rng| {
        let mut mean = Mean::default();
        (0..60).for_each(|_| mean.push(normal(rng)).unwrap());
        Arm::of(&mean).unwrap()
    };
    let welch = |run: u64| {
        let rng = &mut rng(5, run);
        let (a, b) = (arm(rng), arm(rng));
        welch_t::compare(&a, &b, b.mean - a.mean, 0.0, 0.05, Alternative::TwoSided).p_value.unwrap()
    };
    let p: Vec<f64> = (0..runs()).into_par_iter().map(welch).collect();
    let off = distance(p);
    println!("Welch, A/A: Kolmogorov distance {off:.4}, limit {limit:.4}");
    assert!(off <= limit);
    let few = Binomial::new(2000, 0.02);
    let raw: Vec<f64> =
        (0..runs()).into_par_iter().map(|run| table(&mut rng(6, run), &few, &few, 2000).score_test().1).collect();
    let off = distance(raw);
    println!("raw discrete p at 2000 an arm (the mistake): {off:.4}");
    assert!(off > limit);
}

#[test]
fn intervals_cover() {
    let (control, treatment) = (Binomial::new(400, 0.10), Binomial::new(400, 0.14));
    let covers = |t: &Table| {
        let (low, high) = t.difference_interval(0.05);
        low <= 0.04 && 0.04 <= high
    };
    within("Miettinen-Nurminen covers", count(7, |rng| covers(&table(rng, &control, &treatment, 400))), band(0.95));
    let (control, treatment) = (Binomial::new(30, 0.05), Binomial::new(30, 0.09));
    let wald = count(8, |rng| {
        let t = table(rng, &control, &treatment, 30);
        (t.difference() - 0.04).abs() <= normal_upper(0.025) * t.se()
    });
    outside("Wald covers, at small counts", wald, band(0.95));
}

/// 200 looks from the first hundred units on; returns whether the sequential and the fixed test ever reject.
fn peeked(mixture: &Mixture, p: f64, rng: &mut ChaCha8Rng) -> (bool, bool) {
    let (mut x, mut n) = ([0.0_f64; 2], [0.0_f64; 2]);
    let (mut always, mut fixed) = (false, false);
    let did = (p * u64::MAX as f64) as u64;
    for look in 0..200_u32 {
        // looks grow: 1, 2, 3, ... units at first, a hundred at the end
        for _ in 0..(look / 2 + 1) {
            // one number says both: its first bit the arm, the other 63 whether the unit did it
            let word: u64 = rng.random();
            let arm = (word >> 63) as usize;
            n[arm] += 1.0;
            x[arm] += f64::from(u8::from((word << 1) < did));
        }
        let t = Table { x_a: x[0], n_a: n[0], x_b: x[1], n_b: n[1] };
        if n[0] > 0.0 && n[1] > 0.0 {
            always = always || mixture.log_e(x[0], n[0], x[1], n[1]) > libm::log(20.0);
            fixed = fixed || t.score_test().1 < 0.05;
        }
    }
    (always, fixed)
}

#[test]
fn always_valid_shares_may_be_looked_at_200_times_from_the_first_unit() {
    let mixture = Mixture::new(Null::Difference(0.0), 0.5);
    for (salt, p) in [(9, 0.005), (10, 0.03), (11, 0.2), (12, 0.5)] {
        // a quarter of the runs for each rate
        let quarter = runs() / 4;
        let hits: Vec<(bool, bool)> =
            (0..quarter).into_par_iter().map(|run| peeked(&mixture, p, &mut rng(salt, run))).collect();
        let always = hits.iter().filter(|h| h.0).count() as f64 / quarter as f64;
        let fixed = hits.iter().filter(|h| h.1).count() as f64 / quarter as f64;
        println!("200 looks at {p}: always-valid {always:.4}, fixed (the mistake) {fixed:.4}");
        assert!(always <= 0.0558, "{p}: {always}");
        assert!(fixed > 0.15, "{p}: {fixed}");
    }
}

#[test]
fn group_sequential_bounds_keep_their_level() {
    let t = [0.2_f64, 0.4, 0.6, 0.8, 1.0];
    let crosses = |bounds: &[f64], rng: &mut ChaCha8Rng| {
        let mut score = 0.0;
        t.iter().zip(bounds).any(|(t, bound)| {
            score += normal(rng) * 0.2_f64.sqrt();
            (score / t.sqrt()).abs() > *bound
        })
    };
    for (salt, spending) in [(13, Spending::Obf), (14, Spending::Pocock)] {
        let bounds = bounds(&t, 0.05, spending, None, 2);
        within(&format!("{spending:?}, 5 looks"), count(salt, |rng| crosses(&bounds, rng)), band(0.05));
    }
    outside("1.96 at each of 5 looks", count(15, |rng| crosses(&[1.96; 5], rng)), band(0.05));
}

/// The p-values of a split at each of 28 days, sequential (running minimum) and by a daily chi-square of the total.
fn splits(day: &Binomial, size: f64, rng: &mut ChaCha8Rng) -> (f64, f64) {
    let (mut counts, mut sequential, mut daily) = ([0.0; 2], 1.0_f64, 1.0_f64);
    for _ in 0..28 {
        let a = day.draw(rng);
        counts[0] += a;
        counts[1] += size - a;
        let (c, w) = (counts.to_vec(), vec![0.5, 0.5]);
        let so_far = srm_sequential::Input { counts: c.clone(), weights: w.clone(), concentration: 10_000.0 };
        sequential = sequential.min(srm_sequential::run(so_far).unwrap().p_value);
        daily = daily.min(srm_chi2::run(srm_chi2::Input { counts: c, weights: w }).unwrap().p_value);
    }
    (sequential, daily)
}

#[test]
fn the_split_alarm_is_quiet_in_health_and_loud_in_sickness() {
    let (well, sick) = (Binomial::new(5000, 0.5), Binomial::new(5000, 0.51));
    within(
        "sequential split alarm over 28 days",
        count(16, |rng| splits(&well, 5000.0, rng).0 < 0.001),
        at_most(0.001),
    );
    outside("daily chi-square", count(16, |rng| splits(&well, 5000.0, rng).1 < 0.001), at_most(0.001));
    let caught = count(17, |rng| splits(&sick, 5000.0, rng).0 < 0.001) as f64 / runs() as f64;
    println!("51/49 of 28 x 5000 caught: {caught}");
    assert!(caught >= 0.99);
}

/// Views and clicks of a user: users differ in how they click.
fn user(rng: &mut ChaCha8Rng) -> (f64, f64) {
    let views = 1 + rng.random_range(0..12_u32);
    let rate = rng.random::<f64>() * rng.random::<f64>();
    let clicks = (0..views).filter(|_| rng.random_bool(rate)).count();
    (clicks as f64, f64::from(views))
}

#[test]
fn ratio_metrics_are_judged_by_the_units_that_were_randomised() {
    let arm = |rng: &mut ChaCha8Rng| {
        let mut pair = Pair::default();
        for _ in 0..200 {
            let (clicks, views) = user(rng);
            pair.push(clicks, views).unwrap();
        }
        pair
    };
    let both: Vec<(bool, bool)> = (0..runs())
        .into_par_iter()
        .map(|run| {
            let rng = &mut rng(18, run);
            let (a, b) = (arm(rng), arm(rng));
            let (of_a, of_b) = (ratio_delta::arm(&a).unwrap(), ratio_delta::arm(&b).unwrap());
            let test = welch_t::compare(&of_a, &of_b, of_b.mean - of_a.mean, 0.0, 0.05, Alternative::TwoSided);
            let sums = |p: &Pair| (p.y().sum().to_f64(), p.x().sum().to_f64());
            let ((x_a, n_a), (x_b, n_b)) = (sums(&a), sums(&b));
            (test.p_value.unwrap() < 0.05, Table { x_a, n_a, x_b, n_b }.score_test().1 < 0.05)
        })
        .collect();
    within("ratio by the delta method", both.iter().filter(|b| b.0).count() as u64, band(0.05));
    outside("ratio by views", both.iter().filter(|b| b.1).count() as u64, band(0.05));
}

#[test]
fn cuped_keeps_its_level_and_halves_the_variance() {
    let arm = |rng: &mut ChaCha8Rng| {
        let mut pair = Pair::default();
        for _ in 0..200 {
            let x = normal(rng);
            pair.push(0.7 * x + 0.51_f64.sqrt() * normal(rng), x).unwrap();
        }
        pair
    };
    let all: Vec<(bool, f64)> = (0..runs())
        .into_par_iter()
        .map(|run| {
            let rng = &mut rng(19, run);
            let x = cuped::adjust(&arm(rng), &arm(rng)).unwrap();
            let test = welch_t::compare(&x.a, &x.b, x.diff, 0.0, 0.05, Alternative::TwoSided);
            let ratio = (x.a.of_mean() + x.b.of_mean()) / (x.raw_a.of_mean() + x.raw_b.of_mean());
            (test.p_value.unwrap() < 0.05, ratio)
        })
        .collect();
    within("CUPED, A/A", all.iter().filter(|a| a.0).count() as u64, band(0.05));
    let ratio = all.iter().map(|a| a.1).sum::<f64>() / all.len() as f64;
    println!("CUPED at a correlation of 0.7: variance x {ratio:.4}");
    assert!((0.505..=0.515).contains(&ratio), "{ratio}");
}

#[test]
fn holm_guards_twenty_correlated_comparisons() {
    let p = |rng: &mut ChaCha8Rng| -> Vec<Option<f64>> {
        let shared = normal(rng);
        let z = |rng: &mut ChaCha8Rng| 0.5_f64.sqrt() * (shared + normal(rng));
        (0..20).map(|_| Some(2.0 * normal_sf(z(rng).abs()))).collect()
    };
    let any = |p: &[Option<f64>]| p.iter().flatten().any(|p| *p < 0.05);
    within("Holm over 20 correlated nulls", count(20, |rng| any(&holm(&p(rng)))), at_most(0.05));
    outside("20 correlated nulls unadjusted", count(20, |rng| any(&p(rng))), at_most(0.05));
}

#[test]
fn planned_power_is_real_power() {
    let design = Design { alpha: 0.05, power: 0.8, ratio: 1.0, sides: 2.0 };
    let n = design.units(0.10, 0.115).ceil() as u64;
    let (control, treatment) = (Binomial::new(n, 0.10), Binomial::new(n, 0.115));
    within("planned 80 % power", count(21, |rng| table(rng, &control, &treatment, n).score_test().1 < 0.05), band(0.8));
    let (control, treatment) = (Binomial::new(n / 2, 0.10), Binomial::new(n / 2, 0.115));
    let half = count(22, |rng| table(rng, &control, &treatment, n / 2).score_test().1 < 0.05);
    outside("half the planned units", half, band(0.8));
}

#[test]
fn a_split_that_changed_half_way_is_judged_period_by_period() {
    // 10 % treated while 10 % convert, then 50 % treated while 14 % convert: no effect in either period
    let share = |x: f64, n: f64| Arm { mean: x / n, var: x / n * (1.0 - x / n) * n / (n - 1.0), n };
    let periods = [[(0.10, 3600_u64), (0.10, 400)], [(0.14, 2000), (0.14, 2000)]];
    let laws = periods.map(|p| p.map(|(rate, n)| Binomial::new(n, rate)));
    let all: Vec<(bool, bool)> = (0..runs())
        .into_par_iter()
        .map(|run| {
            let rng = &mut rng(23, run);
            let x = laws.each_ref().map(|p| p.each_ref().map(|law| law.draw(rng)));
            let arm = |period: usize, arm: usize| share(x[period][arm], periods[period][arm].1 as f64);
            let strata = (0..2).map(|p| stratified::Stratum { a: arm(p, 0), b: arm(p, 1) }).collect();
            let within = stratified::run(stratified::Input { strata, alpha: 0.05 }).unwrap();
            let pooled = Table { x_a: x[0][0] + x[1][0], n_a: 5600.0, x_b: x[0][1] + x[1][1], n_b: 2400.0 };
            (within.p_value.unwrap() < 0.05, pooled.score_test().1 < 0.05)
        })
        .collect();
    within("split changed, stratified", all.iter().filter(|a| a.0).count() as u64, band(0.05));
    outside("split changed, pooled", all.iter().filter(|a| a.1).count() as u64, band(0.05));
}

#[test]
fn relative_intervals_of_averages_cover() {
    let arm = |rng: &mut ChaCha8Rng, centre: f64| {
        let mut mean = Mean::default();
        (0..80).for_each(|_| mean.push(centre + normal(rng)).unwrap());
        Arm::of(&mean).unwrap()
    };
    let hits = count(24, |rng| {
        let (a, b) = (arm(rng, 2.0), arm(rng, 2.2));
        let critical = waypost::stats::special::t_upper(0.025, welch_t::degrees(&a, &b));
        let lift = Relative::of_means(b.mean - a.mean, a.mean, a.of_mean(), b.of_mean()).fieller(critical).unwrap();
        lift.low.unwrap() <= 0.1 && 0.1 <= lift.high.unwrap()
    });
    within("Fieller covers", hits, band(0.95));
    assert!(t_sf(2.0, 10.0) > normal_sf(2.0));
}
