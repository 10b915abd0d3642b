//! The laws of tallies: any split of the units, merged in any order, gives the same tally.
use proptest::prelude::*;
use waypost::tally::{Cut, Exact, Key, Mean, Nps, Pair, Shape, Share, Tallies, Tally, Times, Values, quantile7};

const SHAPES: [Shape; 6] = [Shape::Share, Shape::Mean, Shape::Pair, Shape::Values, Shape::Nps, Shape::Times];

/// A number from a wild range, zeros and huge cancellations included.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-0.0),
        -1e3..1e3,
        (-300..300i32, -1.0..1.0f64).prop_map(|(e, m)| m * 10f64.powi(e)),
        (0u32..100_000).prop_map(|cents| f64::from(cents) / 100.0),
        Just(1e17),
        Just(-1e17),
        any::<f64>().prop_filter("finite", |v| v.is_finite()),
    ]
}

fn tally(shape: Shape, units: &[(f64, f64)]) -> Tally {
    let mut tally = Tally::empty(shape);
    for &(y, x) in units {
        match &mut tally {
            Tally::Share(t) => t.push(y > 0.0),
            Tally::Mean(t) => t.push(y).unwrap(),
            Tally::Pair(t) => t.push(y, x).unwrap(),
            Tally::Values(t) => t.push_unit(&[y, x][..(y as i64).rem_euclid(3).min(2) as usize]).unwrap(),
            Tally::Nps(t) => {
                t.push((y as i64).rem_euclid(11) as f64);
            }
            Tally::Times(t) => t.push((y as i64).unsigned_abs(), x > 0.0),
        }
    }
    tally
}

fn merged(a: &Tally, b: &Tally) -> Tally {
    let mut sum = a.clone();
    sum.merge(b).unwrap();
    sum
}

/// What a reader sees, so that equality is not only by the type's own word.
fn seen(tally: &Tally) -> String {
    match tally {
        Tally::Mean(t) => format!("{:?}", (t.n(), t.mean(), t.variance(), t.skewness(), t.top(), t.non_zero())),
        Tally::Pair(t) => format!("{:?}", (t.n(), t.y().variance(), t.x().mean(), t.covariance())),
        Tally::Values(t) => format!("{:?}", (t.sorted(), t.units(), t.up_to(1.0).covariance())),
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merge_is_associative_commutative_and_has_an_empty(
        units in prop::collection::vec((number(), number()), 0..60), cut_a in 0.0..1.0f64, cut_b in 0.0..1.0f64
    ) {
        let (i, j) = ((cut_a * units.len() as f64) as usize, (cut_b * units.len() as f64) as usize);
        let (i, j) = (i.min(j), i.max(j));
        for shape in SHAPES {
            let [a, b, c] = [&units[..i], &units[i..j], &units[j..]].map(|part| tally(shape, part));
            let whole = tally(shape, &units);
            let left = merged(&merged(&a, &b), &c);
            prop_assert_eq!(&left, &merged(&a, &merged(&b, &c)));
            prop_assert_eq!(&left, &merged(&merged(&c, &a), &b));
            prop_assert_eq!(&left, &whole);
            prop_assert_eq!(seen(&left), seen(&whole));
            prop_assert_eq!(seen(&merged(&c, &merged(&b, &a))), seen(&whole));
            prop_assert_eq!(&merged(&Tally::empty(shape), &whole), &whole);
            prop_assert_eq!(&merged(&whole, &Tally::empty(shape)), &whole);
            prop_assert_eq!(whole.units(), units.len() as u64);
        }
    }

    #[test]
    fn an_exact_sum_of_whole_numbers_is_the_integer(
        numbers in prop::collection::vec(any::<i64>(), 0..40), pair in any::<(i32, i32)>()
    ) {
        let mut sum = Exact::default();
        for n in &numbers { sum.add(&Exact::from_i128(i128::from(*n))); }
        let want: i128 = numbers.iter().map(|n| i128::from(*n)).sum();
        prop_assert_eq!(&sum, &Exact::from_i128(want));
        prop_assert_eq!(sum.to_f64(), want as f64);
        prop_assert_eq!(sum.is_negative(), want < 0);
        let mut square = sum.times(&sum);
        prop_assert!(!square.is_negative());
        let (a, b) = (i128::from(pair.0), i128::from(pair.1));
        square.add(&Exact::from_i128(a).times(&Exact::from_i128(b)));
        square.subtract(&sum.times(&sum));
        prop_assert_eq!(square.to_f64(), (a * b) as f64);
    }

    #[test]
    fn a_double_survives_the_sum(value in number(), other in number()) {
        let mut sum = Exact::from_f64(value).unwrap();
        prop_assert_eq!(sum.to_f64(), value + 0.0);
        sum.add_f64(other).unwrap();
        let rounded = value + other;
        if rounded.is_finite() { prop_assert_eq!(sum.to_f64(), rounded + 0.0); }
        sum.add_f64(-value).unwrap();
        prop_assert_eq!(sum.to_f64(), other + 0.0);
        let mut product = Exact::default();
        product.add_product(value, other).unwrap();
        prop_assert_eq!(&product, &Exact::from_f64(value).unwrap().times(&Exact::from_f64(other).unwrap()));
        let mut cube = Exact::default();
        cube.add_cube(other).unwrap();
        let one = Exact::from_f64(other).unwrap();
        prop_assert_eq!(cube, one.times(&one).times(&one));
    }

    #[test]
    fn counting_many_is_counting_each(value in number(), times in 0u64..40, first in number()) {
        let (mut each, mut many) = (Mean::default(), Mean::default());
        each.push(first).unwrap();
        many.push(first).unwrap();
        many.push_many(value, times).unwrap();
        (0..times).for_each(|_| each.push(value).unwrap());
        prop_assert_eq!(each, many);
    }
}

#[test]
fn a_power_of_two_below_zero_keeps_its_place() {
    let mut sum = Exact::from_f64(-1.0).unwrap();
    sum.add_f64(2f64.powi(-200)).unwrap();
    sum.add_f64(1.0).unwrap();
    assert_eq!(sum.to_f64(), 2f64.powi(-200));
    assert_eq!(Exact::from_i128(-(1 << 64)).to_f64(), -(2f64.powi(64)));
}

#[test]
fn variance_keeps_its_digits_far_from_zero() {
    let mut mean = Mean::default();
    for value in [1e15, 1e15 + 1.0, 1e15 + 2.0, 1e15 + 3.0] {
        mean.push(value).unwrap();
    }
    assert_eq!(mean.variance(), Some(5.0 / 3.0));
    assert_eq!(mean.skewness(), Some(0.0));
    let mut skewed = Mean::default();
    [0.0, 0.0, 0.0, 4.0].into_iter().for_each(|v| skewed.push(v).unwrap());
    assert!((skewed.skewness().unwrap() - 2.0 / 3.0f64.sqrt()).abs() < 1e-15);
}

#[test]
fn what_is_not_finite_is_refused_and_changes_nothing() {
    let mut mean = Mean::default();
    mean.push(2.0).unwrap();
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(mean.push(bad).is_err());
        assert!(Pair::default().push(1.0, bad).is_err());
        assert!(Values::default().push_unit(&[1.0, bad]).is_err());
        assert!(!Nps::default().push(bad));
    }
    assert_eq!((mean.n(), mean.mean()), (1, Some(2.0)));
}

#[test]
fn what_a_summary_lacks_the_sum_lacks() {
    let mut counted = Mean::from_sums(10, 30.0, Some(200.0)).unwrap();
    assert_eq!((counted.mean(), counted.skewness(), counted.top()), (Some(3.0), None, None));
    assert!((counted.variance().unwrap() - 110.0 / 9.0).abs() < 1e-14);
    counted.merge(&Mean::default());
    assert!(counted.variance().is_some());
    counted.merge(&Mean::from_sums(2, 1.0, None).unwrap());
    assert_eq!((counted.n(), counted.variance()), (12, None));
}

#[test]
fn different_shapes_do_not_merge() {
    let mut share = Tally::Share(Share::new(1, 2));
    assert!(share.merge(&Tally::Times(Times::default())).is_err());
    assert_eq!(share, Tally::Share(Share { n: 2, x: 1 }));
}

#[test]
fn tallies_keep_cuts_apart() {
    let key = |cut| Key { measure: 0, variant: 1, cut };
    let mut all = Tallies::default();
    all.add(key(Cut::Total), &Tally::Share(Share::new(3, 10))).unwrap();
    all.add(key(Cut::Day(3)), &Tally::Share(Share::new(1, 4))).unwrap();
    all.expose(1, Cut::Total, 10);
    let mut twice = all.clone();
    twice.merge(&all).unwrap();
    assert_eq!(twice.get(0, 1, &Cut::Total), Some(&Tally::Share(Share::new(6, 20))));
    assert_eq!(twice.get(0, 1, &Cut::Day(3)), Some(&Tally::Share(Share::new(2, 8))));
    assert_eq!((twice.exposed(1, &Cut::Total), twice.exposed(0, &Cut::Total)), (20, 0));
    assert_eq!(twice.cuts(), vec![Cut::Total]);
}

#[test]
fn quantiles_are_of_type_seven() {
    assert!((quantile7(&[0.0, 0.0, 46.0], 0.9).unwrap() - 36.8).abs() < 1e-12);
    assert_eq!(quantile7(&[1.0, 2.0, 3.0, 4.0], 0.5), Some(2.5));
    assert_eq!(quantile7(&[7.0], 0.99), Some(7.0));
    assert_eq!(quantile7(&[], 0.5), None);
}
