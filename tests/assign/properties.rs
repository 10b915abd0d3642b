//! What must hold of every assignment.

use waypost::assign::{Assigner, Reason, UnitId, bucket, hash};
use waypost::model::condition::Comparison;
use waypost::model::experiment::{Restart, Status};
use waypost::model::space::{BUCKETS, Buckets, Impact, arm_of_bucket, arms, impact, slices};
use waypost::model::value::Literal;
use waypost::payload::{self, Payload, Stage, buckets_of, build, endpoint, keep_ranges};

use super::spec::*;

fn id(text: &str) -> UnitId<'_> {
    UnitId::new(text).unwrap()
}

#[test]
fn buckets_are_those_of_the_contract() {
    assert_eq!(bucket("exp@1", "user-1"), 5761);
    assert_eq!(bucket("exp@1", "user-7984"), 3000);
    assert_eq!(bucket("", ""), 2305);
    assert_eq!(hash("exp@1", "user-1", 2), Some(0.5761));
    assert_eq!(hash("exp@1", "user-1", 3), None);
}

/// The largest endpoint below and the smallest above must be half a bucket
/// away from every boundary that an SDK compares with, in `f32` too.
#[test]
fn endpoints_stay_clear_of_every_bucket() {
    for k in 1..BUCKETS {
        let end = endpoint(k);
        let (below, at) = (f64::from(k - 1) / 1e4, f64::from(k) / 1e4);
        assert!(below < end && end < at, "{k}");
        assert!((below as f32) < end as f32 && (end as f32) < at as f32, "{k} in f32");
        assert_eq!(buckets_of([0.0, end]).end, k);
    }
    assert_eq!((endpoint(0), endpoint(BUCKETS)), (0.0, 1.0));
}

#[test]
fn the_payload_of_the_contract() {
    let mut model = project();
    holdout(&mut model, "global", "5");
    let checkout = layer(&mut model, "checkout", "user");
    let mut cta = experiment(
        "checkout-cta",
        vec![variant("control", "50", &[]), variant("short", "25", &[]), variant("bold", "25", &[])],
    );
    cta.meta.title = "Checkout CTA".to_owned();
    cta.audience = Some(audience(&mut model, "iberia", among("country", &[text("PT"), text("ES")])));
    cta.traffic = percent("80");
    cta.layers = vec![takes(checkout, "40")];
    model.experiments.push(cta);
    insta::assert_snapshot!(build(&model, Stage::Published).write());
}

#[test]
fn what_is_written_reads_back_the_same() {
    let mut model = project();
    holdout(&mut model, "global", "2.5");
    let mut one = halves("one");
    one.variants[0].sets = vec![("cta".to_owned(), text("Continue")), ("guest".to_owned(), Literal::Bool(false))];
    one.variants[1].sets = vec![("cta".to_owned(), text("Buy")), ("guest".to_owned(), Literal::Bool(true))];
    model.experiments.push(one);
    let payload = build(&model, Stage::Published);
    assert_eq!(Payload::read(&payload.write()).unwrap().write(), payload.write());
}

fn reasons(model: &waypost::model::Model, feature: &str) -> Vec<(Reason, usize)> {
    let payload = build(model, Stage::Published);
    let assigner = Assigner::new(&payload, feature);
    let mut counts = std::collections::BTreeMap::new();
    for n in 0..10_000 {
        let unit = format!("u{n}");
        *counts.entry(assigner.assign(id(&unit), &()).reason).or_default() += 1;
    }
    counts.into_iter().collect()
}

#[test]
fn each_status_enrols_as_it_says() {
    let mut model = project();
    let ended = (day("2026-10-20"), "so".to_owned());
    let statuses = [
        Status::Draft,
        Status::Paused,
        Status::Stopped(ended.0, ended.1.clone()),
        Status::Shipped(1, ended.0, ended.1),
    ];
    for status in statuses {
        let mut e = halves(status.name());
        e.status = status;
        model.experiments.push(e);
    }
    for name in ["draft", "paused", "stopped"] {
        assert_eq!(reasons(&model, name), [(Reason::NotRunning, 10_000)], "{name}");
    }
    assert_eq!(reasons(&model, "shipped"), [(Reason::Forced, 10_000)]);
    let payload = build(&model, Stage::Published);
    let shipped = Assigner::new(&payload, "shipped");
    assert_eq!(shipped.assign(id("anybody"), &()).variant, Some("new"));
    let as_it_ran = build(&model, Stage::Running);
    let assigner = Assigner::new(&as_it_ran, "stopped");
    assert_eq!(assigner.assign(id("user-1"), &()).reason, Reason::Assigned);
    assert_eq!(reasons(&model, "nowhere"), [(Reason::Unknown, 10_000)]);
}

#[test]
fn a_restart_draws_anew() {
    let mut model = project();
    let mut e = halves("e");
    let because = "mended".to_owned();
    e.restarts = vec![Restart { number: 2, from: day("2026-10-12"), because, span: Default::default() }];
    model.experiments.push(e);
    let payload = build(&model, Stage::Published);
    let rule = &payload.features.get("e").unwrap().rules[0];
    assert_eq!((rule.seed.as_deref(), rule.phase.as_deref()), (Some("e@2"), Some("2")));
    assert_eq!(Assigner::new(&payload, "e").assign(id("user-1"), &()).bucket, Some(bucket("e@2", "user-1")));
}

#[test]
fn a_seed_is_ascii_whatever_the_id_is() {
    let mut model = project();
    model.experiments.push(halves("阶段"));
    let payload = build(&model, Stage::Published);
    let rule = &payload.features.get("阶段").unwrap().rules[0];
    assert_eq!(rule.seed.as_deref(), Some("%E9%98%B6%E6%AE%B5@1"));
}

#[test]
fn conditions_say_what_the_model_says() {
    use waypost::model::Condition;
    let not = |c| Condition::Not(Box::new(c));
    let condition = Condition::And(vec![
        among("country", &[text("PT"), text("ES")]),
        compare("device", Comparison::NotEqual, text("bot")),
        compare("age", Comparison::GreaterEqual, number("30")),
        not(Condition::Exists { field: "blocked".to_owned() }),
        Condition::Matches { field: "zip".to_owned(), regex: "^\\d{4}$".to_owned() },
    ]);
    let json = payload::condition_json(&condition);
    let expected = serde_json::json!({
        "country": { "$in": ["PT", "ES"] },
        "device": { "$ne": "bot" },
        "age": { "$type": "number", "$gte": 30 },
        "blocked": { "$exists": false },
        "zip": { "$type": "string", "$regex": "^[0-9]{4}$" },
    });
    assert_eq!(json, expected);
    let twice = Condition::And(vec![
        compare("age", Comparison::Greater, number("1.5")),
        compare("age", Comparison::Less, number("9")),
    ]);
    assert_eq!(payload::condition_json(&twice)["$and"].as_array().unwrap().len(), 2);
    let nobody = payload::condition_json(&Condition::Or(vec![]));
    assert!(!waypost::assign::meets(&nobody, &(), &serde_json::Map::new()));
}

/// Pearson's chi-square over a 10 x 10 table, and whether its p-value lies
/// below each tenth: 99 degrees of freedom where the margins are fixed.
fn chi_square(a: &str, b: &str) -> f64 {
    let mut cells = [[0_u32; 10]; 10];
    for n in 0..10_000 {
        let unit = format!("user-{n}");
        let tenth = |seed| usize::from(bucket(seed, &unit) / 1_000);
        cells[tenth(a)][tenth(b)] += 1;
    }
    cells.iter().flatten().map(|&seen| (f64::from(seen) - 100.0).powi(2) / 100.0).sum()
}

#[test]
fn hashes_are_independent() {
    use statrs::distribution::{ChiSquared, ContinuousCDF};
    let distribution = ChiSquared::new(99.0).unwrap();
    let mut p_values: Vec<f64> = (0..1_000)
        .map(|n| {
            let seeds = match n % 3 {
                0 => (format!("exp-{n}@1"), format!("layer:l{n}")),
                1 => (format!("exp-{n}@1"), format!("exp-{n}@2")),
                _ => (format!("exp-{n}@1"), format!("holdout:h{n}")),
            };
            1.0 - distribution.cdf(chi_square(&seeds.0, &seeds.1))
        })
        .collect();
    p_values.sort_by(f64::total_cmp);
    // Kolmogorov-Smirnov against uniform: the 0.1 % point of D is 1.95 / sqrt(n).
    let n = p_values.len() as f64;
    let d = p_values.iter().enumerate().map(|(i, p)| (p - i as f64 / n).abs().max((p - (i + 1) as f64 / n).abs()));
    let d = d.fold(0.0, f64::max);
    assert!(d < 1.95 / n.sqrt(), "D = {d}");
}

#[test]
fn growing_traffic_moves_nobody() {
    let mut e =
        experiment("e", vec![variant("control", "33.4", &[]), variant("a", "33.3", &[]), variant("b", "33.3", &[])]);
    let mut before: Vec<Option<usize>> = vec![None; usize::from(BUCKETS)];
    for traffic in 0..=1_000 {
        e.traffic = percent(&format!("{}.{}", traffic / 10, traffic % 10));
        let arms = arms(&e);
        for b in 0..BUCKETS {
            let now = arm_of_bucket(&arms, b);
            let was = before[usize::from(b)];
            assert!(was.is_none() || was == now, "bucket {b} at {}", e.traffic);
            before[usize::from(b)] = now;
        }
    }
    assert!(before.iter().all(Option::is_some), "all traffic uses all buckets");
}

#[test]
fn weights_add_up_exactly() {
    for weights in [["33.33", "33.33", "33.34"], ["0.01", "0.01", "99.98"], ["33.333", "33.333", "33.334"]] {
        let e = experiment("e", weights.iter().map(|w| variant("v", w, &[])).collect());
        let arms = arms(&e);
        assert_eq!(arms.iter().map(|a| a.count()).sum::<u16>(), BUCKETS);
        assert!(arms.windows(2).all(|w| w[0].end == w[1].start));
    }
}

#[test]
fn slices_of_a_layer_never_overlap() {
    let mut model = project();
    let l = layer(&mut model, "l", "user");
    for (name, share) in [("a", "33.33"), ("b", "25"), ("c", "41.67")] {
        let mut e = halves(name);
        e.layers = vec![takes(l, share)];
        model.experiments.push(e);
    }
    let given = slices(&model, l);
    assert!(given.iter().all(|s| s.missing == 0));
    for b in 0..BUCKETS {
        let owners = given.iter().filter(|s| s.buckets.iter().any(|r| r.holds(b))).count();
        assert_eq!(owners, 1, "bucket {b}");
    }
    let mut late = halves("late");
    late.layers = vec![takes(l, "0.01")];
    model.experiments.push(late.clone());
    assert_eq!(slices(&model, l).last().unwrap().missing, 1, "the layer is full");
    let at = model.experiments.len() - 1;
    let ended = model.experiments.id(0).unwrap();
    let last = model.experiments.id(at).unwrap();
    edit(&mut model, ended, |e| e.status = Status::Stopped(day("2026-10-31"), String::new()));
    edit(&mut model, last, |e| {
        e.runs = (day("2026-11-02"), day("2026-11-30"));
        e.status = Status::Draft;
    });
    let given = slices(&model, l);
    let late = given.iter().find(|s| s.experiment == last).unwrap();
    assert_eq!((late.missing, late.buckets[0]), (0, Buckets { start: 0, end: 1 }), "space is used again");
}

#[test]
fn a_draft_never_moves_what_runs() {
    let mut model = project();
    let l = layer(&mut model, "l", "user");
    let mut running = halves("running");
    running.layers = vec![takes(l, "50")];
    let id = model.experiments.push(running);
    let before = slices(&model, l)[0].clone();
    let mut draft = halves("a-draft");
    draft.status = Status::Draft;
    draft.runs = (day("2026-09-01"), day("2026-12-01"));
    draft.layers = vec![takes(l, "50")];
    model.experiments.push(draft);
    assert_eq!(slices(&model, l).into_iter().find(|s| s.experiment == id), Some(before));
}

fn keyed<'a>(arms: &[Buckets], keys: &[&'a str]) -> Vec<(&'a str, Buckets)> {
    keys.iter().copied().zip(arms.iter().copied()).collect()
}

#[test]
fn impact_is_what_counting_says() {
    let before = keyed(&arms(&halves("e")), &["control", "new"]);
    let mut e = experiment(
        "e",
        vec![variant("control", "20.01", &[]), variant("new", "49.98", &[]), variant("third", "30.01", &[])],
    );
    e.traffic = percent("77.7");
    let after = keyed(&arms(&e), &["control", "new", "third"]);
    let mut counted = Impact::default();
    let find = |list: &[(&str, Buckets)], b| list.iter().find(|(_, r)| r.holds(b)).map(|(k, _)| k.to_string());
    for b in 0..BUCKETS {
        match (find(&before, b), find(&after, b)) {
            (None, None) => {}
            (None, Some(_)) => counted.enter += 1,
            (Some(_), None) => counted.leave += 1,
            (Some(x), Some(y)) if x == y => counted.stay += 1,
            _ => counted.switch += 1,
        }
    }
    assert_eq!(impact(&before, &after), counted);
    assert!(counted.switch > 0 && counted.leave > 0);
}

#[test]
fn weights_of_a_later_day_keep_everybody_in_place() {
    let mut model = project();
    let mut e = experiment("e", vec![variant("control", "50", &[]), variant("new", "50", &[])]);
    e.traffic = percent("60");
    let at = model.experiments.push(e);
    let before = build(&model, Stage::Published);
    edit(&mut model, at, |e| {
        e.variants[0].changes = vec![(day("2026-10-12"), percent("20"))];
        e.variants[1].changes = vec![(day("2026-10-12"), percent("80"))];
    });
    let after = build(&model, Stage::Published);
    let (old, new) = (Assigner::new(&before, "e"), Assigner::new(&after, "e"));
    for n in 0..20_000 {
        let unit = format!("u{n}");
        let (was, is) = (old.assign(id(&unit), &()).variant, new.assign(id(&unit), &()).variant);
        assert!(was.is_none() || was == is, "{unit} moved from {was:?} to {is:?}");
    }
    // The control keeps its 3,000 buckets, and the other arm has grown from 3,000 to 4,800.
    let rule = &after.features.get("e").unwrap().rules[0];
    let of = |key: &str| -> u16 {
        let metas = rule.meta.iter().flatten().zip(rule.ranges.iter().flatten());
        metas.filter(|(m, _)| m.key.as_deref() == Some(key)).map(|(_, r)| buckets_of(*r).count()).sum()
    };
    assert_eq!((of("control"), of("new")), (3_000, 4_800));
    // A restart deals anew, with the weights of its day.
    edit(&mut model, at, |e| {
        let span = waypost::source::Span::default();
        let because = String::new();
        e.restarts = vec![waypost::model::experiment::Restart { number: 2, from: day("2026-10-13"), because, span }];
    });
    let anew = build(&model, Stage::Published);
    let ranges = anew.features.get("e").unwrap().rules[0].ranges.clone().unwrap();
    assert_eq!(ranges.iter().map(|r| buckets_of(*r).count()).collect::<Vec<_>>(), [1_200, 4_800]);
}

#[test]
fn new_weights_keep_everybody_in_place() {
    let mut model = project();
    let mut e = experiment("e", vec![variant("control", "50", &[]), variant("new", "50", &[])]);
    e.traffic = percent("20");
    let at = model.experiments.push(e);
    let published = build(&model, Stage::Published);
    edit(&mut model, at, |e| {
        e.variants = vec![variant("control", "20", &[]), variant("new", "50", &[]), variant("third", "30", &[])];
        e.traffic = percent("60");
    });
    let kept = keep_ranges(build(&model, Stage::Published), &published);
    let (old, new) = (Assigner::new(&published, "e"), Assigner::new(&kept, "e"));
    let mut counts = std::collections::BTreeMap::new();
    for n in 0..20_000 {
        let unit = format!("u{n}");
        let (was, is) = (old.assign(id(&unit), &()).variant, new.assign(id(&unit), &()).variant);
        assert!(was.is_none() || was == is, "{unit} moved from {was:?} to {is:?}");
        *counts.entry(is).or_insert(0) += 1;
    }
    // 12 % each for control and ... as planned: 1,200, 3,000 and 1,800 of 10,000 buckets.
    let rule = &kept.features.get("e").unwrap().rules[0];
    let of = |key: &str| -> u16 {
        let metas = rule.meta.iter().flatten().zip(rule.ranges.iter().flatten());
        metas.filter(|(m, _)| m.key.as_deref() == Some(key)).map(|(_, r)| buckets_of(*r).count()).sum()
    };
    assert_eq!((of("control"), of("new"), of("third")), (1_200, 3_000, 1_800));
    assert!(rule.variations.as_ref().unwrap().len() > 3, "an arm has several ranges");
    assert_eq!(counts.len(), 4);
}
