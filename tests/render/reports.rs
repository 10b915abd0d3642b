//! Reports in every state, invented: a clear winner, running, broken, empty, a draft, five arms.

use waypost::analysis::{
    AgeEffect, Arm, Blank, ByAge, Check, CheckId, Comparison, Decision, Estimate, Finding, IfShipped, Inconclusive,
    MetricResult, Moment, Outcome, OverTime, Phase, Planned, Provenance, Report, Role, SCHEMA, Scale, Segment,
    Sentence, StepDifference, Unit, Value, Verdict, Walk, WalkStep,
};
use waypost::model::{Experiment, Id, Model};
use waypost::stats::Interval;

/// Which state to invent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ship,
    Running,
    Broken,
    Empty,
    Draft,
    FiveArms,
}

/// A funnel in which the first treatment parts from the control at the second step.
fn walk(arms: usize) -> Walk {
    let step = |id: &str, title: &str, share: f64, effect: f64| WalkStep {
        touchpoint: id.into(),
        title: title.into(),
        reached: (0..arms).map(|arm| Some(((share + effect * arm.min(1) as f64) * 10_200.0) as u64)).collect(),
        differences: (1..arms)
            .map(|arm| StepDifference {
                arm,
                effect: if arm == 1 { effect } else { 0.002 },
                interval: if arm == 1 {
                    Interval::new(effect - 0.02, effect + 0.02)
                } else {
                    Interval::new(-0.018, 0.022)
                },
            })
            .collect(),
    };
    let mut steps = vec![
        step("address", "Address", 0.81, 0.004),
        step("payment", "Payment", 0.52, 0.047),
        step("order", "Order placed", 0.382, 0.041),
    ];
    if let Some(last) = steps.last_mut().and_then(|s| s.reached.last_mut()).filter(|_| arms > 2) {
        *last = None;
    }
    Walk {
        funnel: "checkout".into(),
        title: "From cart to order".into(),
        days: Some(7.0),
        exposed: vec![10_200; arms],
        steps,
    }
}

pub const KINDS: [Kind; 6] = [Kind::Ship, Kind::Running, Kind::Broken, Kind::Empty, Kind::Draft, Kind::FiveArms];

fn sentence(rule: &'static str, with: Vec<(&'static str, Blank)>) -> Sentence {
    let (_, text) = waypost::analysis::RULES.iter().find(|(id, _)| *id == rule).unwrap();
    Sentence { rule, with, text: (*text).to_owned() }
}

fn name(text: &str) -> Blank {
    Blank::Name(text.into())
}

fn estimate(effect: f64, half: f64, base: f64, decision: Decision, margin: Option<f64>) -> Outcome {
    Outcome::Estimate(Box::new(Estimate {
        effect,
        interval: Interval::new(effect - half, effect + half),
        inner: Interval::new(effect - half * 0.344, effect + half * 0.344),
        lift: Some(effect / base),
        lift_interval: Some(Interval::new((effect - half) / base, (effect + half) / base)),
        p: Some(0.002),
        p_adjusted: Some(0.004),
        simultaneous: None,
        se: half / 1.96,
        smallest_lift: None,
        p_non_inferior: margin.map(|_| 0.01),
        margin,
        chance_better: None,
        expected_loss: None,
        method: "score",
        decision,
        notes: Vec::new(),
    }))
}

struct Row {
    title: &'static str,
    id: &'static str,
    role: Role,
    unit: Unit,
    base: f64,
    effect: f64,
    half: f64,
    decision: Decision,
    margin: Option<f64>,
    planned: Option<&'static str>,
}

fn metric(row: &Row, arms: usize, kind: Kind) -> MetricResult {
    let n = 10_190;
    let value = |i: usize| Value {
        n: n + i as u64 * 32,
        value: Some(row.base + row.effect * i as f64 / (arms - 1).max(1) as f64),
        count: None,
    };
    let outcome = |arm: usize| match kind {
        Kind::Broken => Outcome::Inconclusive(Inconclusive::Withheld),
        Kind::Empty => Outcome::Inconclusive(Inconclusive::NoData),
        _ => {
            let effect = row.effect * arm as f64 / (arms - 1).max(1) as f64;
            let decision = if arm + 1 == arms { row.decision } else { Decision::Open };
            match estimate(effect, row.half, row.base, decision, row.margin) {
                Outcome::Estimate(e) if kind == Kind::FiveArms => Outcome::Estimate(Box::new(Estimate {
                    chance_better: Some(0.93 + 0.02 * arm as f64),
                    expected_loss: Some(0.0012),
                    ..*e
                })),
                other => other,
            }
        }
    };
    MetricResult {
        metric: row.id.into(),
        title: row.title.into(),
        role: row.role,
        higher_is_better: row.role != Role::Guardrail,
        unit: row.unit.clone(),
        planned_change: row.planned.map(str::to_owned),
        values: (0..arms).map(value).collect(),
        comparisons: (1..arms).map(|arm| Comparison { arm, outcome: outcome(arm) }).collect(),
    }
}

fn metrics(arms: usize, kind: Kind) -> Vec<MetricResult> {
    let euros = Unit::Money("EUR".into());
    let row = |title, id, role, unit, base, effect, half, decision, margin, planned| Row {
        title,
        id,
        role,
        unit,
        base,
        effect,
        half,
        decision,
        margin,
        planned,
    };
    let open = kind == Kind::Running;
    let rows = [
        row(
            "Order rate",
            "order-rate",
            Role::Primary,
            Unit::Share,
            0.381,
            if open { 0.012 } else { 0.041 },
            0.021,
            if open { Decision::Open } else { Decision::Better },
            None,
            Some("+5%"),
        ),
        row(
            "Revenue per visitor",
            "revenue-per-visitor",
            Role::Secondary,
            euros.clone(),
            18.4,
            0.9,
            1.2,
            Decision::Open,
            None,
            None,
        ),
        row("Average order value", "order-value", Role::Secondary, euros, 48.3, -1.9, 3.1, Decision::Open, None, None),
        row(
            "Checkout load time, 95th percentile",
            "load-p95",
            Role::Guardrail,
            Unit::Number,
            2_310.0,
            34.0,
            61.0,
            Decision::WithinMargin,
            Some(115.0),
            Some("+5%"),
        ),
    ];
    rows.iter().map(|r| metric(r, arms, kind)).collect()
}

/// An effect that settles over the days of the plan, or over its first half.
fn course(kind: Kind) -> OverTime {
    let (days, end) = if kind == Kind::Ship { (28, 0.041) } else { (14, 0.012) };
    let moment = |i: i32| {
        let half = 0.11 / f64::from(i).sqrt();
        let effect = end + 0.03 * f64::from(i % 3 - 1) / f64::from(i);
        let day = jiff::civil::date(2026, 10, 4).saturating_add(jiff::Span::new().days(i));
        Moment { day: day.to_string(), effect, interval: Interval::new(effect - half, effect + half) }
    };
    OverTime { arm: 1, metric: "order-rate".into(), days: (1..=days).map(moment).collect() }
}

/// An effect that is the same on each of the seven days after exposure, give or take.
fn ages() -> ByAge {
    let age = |day: u32| {
        let (lift, half) = (0.108 + 0.02 * (f64::from(day % 3) - 1.0), 0.06 + 0.02 * f64::from(day));
        AgeEffect { day, lift, interval: Interval::new(lift - half, lift + half) }
    };
    ByAge { arm: 1, metric: "order-rate".into(), days: (0..7).map(age).collect() }
}

fn split(rule: &'static str, counts: [f64; 2], p: f64) -> Sentence {
    let with = vec![
        ("counts", Blank::Ratio(counts.to_vec())),
        ("weights", Blank::Ratio(vec![50.0, 50.0])),
        ("p", Blank::P(p)),
    ];
    sentence(rule, with)
}

fn checks(kind: Kind) -> Vec<Check> {
    let check = |id, finding, says: Sentence| Check { id, finding, says };
    let srm = match kind {
        Kind::Broken => check(CheckId::SrmTotal, Finding::Fail, split("srm-total-fail", [10_190.0, 11_004.0], 2e-8)),
        _ => check(CheckId::SrmTotal, Finding::Pass, split("srm-total-pass", [10_190.0, 10_222.0], 0.82)),
    };
    let revenue = vec![("share", Blank::Share(0.24)), ("metric", name("Revenue per visitor"))];
    vec![
        srm,
        check(CheckId::TwoVariants, Finding::Pass, sentence("two-variants-pass", vec![("units", Blank::Count(12))])),
        check(CheckId::WholeWeeks, Finding::Pass, sentence("whole-weeks-pass", Vec::new())),
        check(CheckId::Outliers, Finding::Warn, sentence("outliers-warn", revenue)),
        match kind {
            Kind::Ship => check(CheckId::Novelty, Finding::Pass, sentence("novelty-pass", vec![("p", Blank::P(0.74))])),
            _ => check(CheckId::Novelty, Finding::Skipped, sentence("novelty-skipped", Vec::new())),
        },
        check(CheckId::Consent, Finding::Pass, sentence("consent-pass", vec![("p", Blank::P(0.41))])),
        check(CheckId::Twyman, Finding::Pass, sentence("twyman-pass", Vec::new())),
    ]
}

fn verdict(kind: Kind) -> Verdict {
    let interval = |low, high| Blank::Range(Scale::Relative, Interval::new(low, high));
    let found = |effect, low, high| {
        vec![
            ("metric", name("Order rate")),
            ("variant", name("Guest checkout")),
            ("effect", Blank::Effect(Scale::Relative, effect)),
            ("interval", interval(low, high)),
        ]
    };
    match kind {
        Kind::Ship => Verdict::Ship { arm: 1, says: sentence("ship", found(0.108, 0.052, 0.163)) },
        Kind::Running => Verdict::KeepRunning {
            days: Some(9),
            says: sentence("running-sequential", vec![("days", Blank::Count(9))]),
        },
        Kind::Broken => Verdict::Invalid {
            says: sentence(
                "invalid-check",
                vec![("check", Blank::Said(Box::new(split("srm-total-fail", [10_190.0, 11_004.0], 2e-8))))],
            ),
        },
        Kind::Empty => Verdict::NotStarted { says: sentence("no-data", Vec::new()) },
        Kind::Draft => Verdict::NotStarted { says: sentence("draft", Vec::new()) },
        Kind::FiveArms => {
            let mut with = found(0.05, -0.01, 0.11);
            with.push(("smallest", Blank::Effect(Scale::Relative, 0.08)));
            Verdict::CannotTell { smallest: Some(0.08), says: sentence("cannot-tell", with) }
        }
    }
}

/// Returns an experiment of the guitar shop and a report about it.
pub fn invented(model: &mut Model, kind: Kind) -> (Id<Experiment>, Report) {
    let id = model.experiment("guest-checkout").unwrap();
    if kind == Kind::FiveArms {
        let e = model.experiments.get_mut(id).unwrap();
        let extra = e.variants[1].clone();
        for i in 0..3 {
            let mut variant = extra.clone();
            variant.meta.id = format!("guest-{i}");
            variant.meta.title = format!("Guest checkout, form {}", i + 2);
            e.variants.push(variant);
        }
    }
    let e = &model.experiments[id];
    let arms = e.variants.len();
    let measured = kind != Kind::Draft;
    let units = |i: u64| match kind {
        Kind::Draft | Kind::Empty => 0,
        Kind::Broken => 10_190 + i * 814,
        _ => 10_190 + i * 32,
    };
    let arm = |(i, v): (usize, &waypost::model::experiment::Variant)| Arm {
        key: v.meta.id.clone(),
        title: v.meta.title.clone(),
        weight: 1.0 / arms as f64,
        units: units(i as u64),
    };
    let segment = |value: &str, effect: f64, half: f64| Segment {
        by: "persona".into(),
        value: value.into(),
        metric: "order-rate".into(),
        units: (value != "unknown").then(|| vec![4_100, 4_090]),
        comparisons: vec![Comparison { arm: 1, outcome: estimate(effect, half, 0.38, Decision::Open, None) }],
    };
    let report = Report {
        schema: SCHEMA,
        experiment: e.meta.id.clone(),
        title: e.meta.title.clone(),
        status: e.status.name(),
        phase: if measured { Phase::Complete } else { Phase::Draft },
        round: 1,
        planned: Planned {
            from: "2026-10-05".into(),
            to: "2026-11-01".into(),
            method: "sequential",
            level: 0.05,
            power: 0.8,
            units: Some(18_400),
        },
        days: (units(0) > 0).then(|| ("2026-10-05".into(), "2026-11-01".into())),
        arms: e.variants.iter().enumerate().map(arm).collect(),
        metrics: if measured { metrics(arms, kind) } else { Vec::new() },
        over_time: if matches!(kind, Kind::Ship | Kind::Running) { vec![course(kind)] } else { Vec::new() },
        by_age: if kind == Kind::Ship { vec![ages()] } else { Vec::new() },
        interactions: if kind == Kind::Ship { vec![beside()] } else { Vec::new() },
        segments: if kind == Kind::Ship {
            vec![
                segment("Maya, the late beginner", 0.052, 0.031),
                segment("Tom, who plays already", 0.033, 0.028),
                segment("unknown", 0.01, 0.09),
            ]
        } else {
            Vec::new()
        },
        funnels: if matches!(kind, Kind::Ship | Kind::FiveArms) { vec![walk(arms)] } else { Vec::new() },
        checks: if units(0) > 0 { checks(kind) } else { Vec::new() },
        verdict: verdict(kind),
        if_shipped: (kind == Kind::Ship).then(|| IfShipped {
            metric: "order-rate".into(),
            units_a_month: 22_480.0,
            more: [Some(420.0), Some(850.0), Some(1_310.0)],
            money: Some([Some(17_200.0), Some(31_400.0), Some(45_100.0)]),
            currency: Some("EUR".into()),
        }),
        method: vec![
            sentence("method-sequential", vec![("level", Blank::Share(0.05))]),
            sentence("method-score", Vec::new()),
            sentence("method-welch", Vec::new()),
        ],
        provenance: Provenance {
            warehouse: None,
            version: "0.1.0".into(),
            spec: Some("4f2c8a".repeat(10)),
            files: vec![("data/events.csv".into(), "9be1".repeat(16), 61_004)],
            rows: Some([61_004, 60_870, 120, 14]),
            rejects: Vec::new(),
            notes: Vec::new(),
            time_zone: "Europe/Lisbon".into(),
            commit: Some("4f2c8a1".into()),
            simulated: true,
        },
    };
    (id, report)
}

/// How the effect stands beside another test.
fn beside() -> waypost::analysis::Interaction {
    let reach = |low, high| waypost::stats::Interval { low: Some(low), high: Some(high) };
    waypost::analysis::Interaction {
        with: "cart-message".into(),
        title: "A message in the cart".into(),
        variant: "shown".into(),
        metric: "order-rate".into(),
        arm: 1,
        beside_control: 0.051,
        beside_control_interval: reach(0.021, 0.081),
        beside_variant: 0.034,
        beside_variant_interval: reach(0.004, 0.064),
        difference: -0.017,
        interval: reach(-0.059, 0.025),
        p: 0.43,
    }
}
