//! The example projects, loaded through the whole pipeline; and numbers invented for the guitar shop.

use std::path::{Path, PathBuf};
use waypost::model::value::Date;
use waypost::model::{Id, Model, Persona, Stage, Touchpoint};
use waypost::source::Sources;

fn day(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

/// Returns the names of the example projects, sorted.
pub fn projects() -> Vec<String> {
    let folders = std::fs::read_dir(specs()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
    let mut names: Vec<String> = folders.map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")
}

/// Returns the model of an example project.
pub fn project(name: &str) -> Model {
    let folder = specs().join(name);
    let mut sources = Sources::default();
    let yaml = std::fs::read_to_string(folder.join("waypost.yaml")).unwrap();
    let (manifest, _) = waypost::resolve::manifest(sources.add("waypost.yaml", yaml.as_str()), &yaml);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "journey"));
    files.sort();
    let tree = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).unwrap();
        waypost::syntax::parse(sources.add(file.display().to_string(), text.as_str()), &text).tree
    };
    let trees: Vec<_> = files.iter().map(tree).collect();
    waypost::resolve::resolve(&manifest.unwrap(), &trees).model.unwrap()
}

/// Returns the guitar shop.
pub fn guitar() -> Model {
    project("guitar-shop")
}

/// Returns data for the guitar shop, invented.
pub fn numbers(model: &Model) -> waypost::render::map::MapData {
    use waypost::analysis::journey::insight::Loss;
    use waypost::render::map::data::{
        Count, FunnelData, FunnelLedger, FunnelStep, MapData, Measured, Rate, RowKind, Spot, Spread, StageData,
        TouchpointData,
    };
    let guitar = model.journey("guitar").unwrap();
    let stages: Vec<Id<Stage>> = model.journeys[guitar].stages.clone();
    let touches: Vec<Id<Touchpoint>> = model.touchpoints_of(guitar).map(|(id, _)| id).collect();
    let personas: Vec<Id<Persona>> = model.journeys[guitar].personas.clone();
    let rate = |hits, base| Rate { hits: Count::Exactly(hits), base: Count::Exactly(base), interval: None };
    let spread = |median: f64, low: f64, high: f64| Spread { median, low, high };
    let reach = [8_412, 5_960, 1_933, 729, 97];
    let times = [172_800.0, 95_000.0, 259_200.0, 3_542_400.0];
    let stage = |i: usize| StageData {
        reach: Count::Exactly(reach[i]),
        moved_on: (i < 4).then(|| rate(reach[i + 1], reach[i])),
        to_next: (i < 4).then(|| spread(times[i], times[i] / 4.0, times[i] * 3.0)),
        target: match i {
            1 => Some(rate(1_933, 5_960)),
            2 => Some(rate(1_200, 1_933)),
            _ => None,
        },
    };
    let at = [8_412, 40, 5_960, 1_933, 729, 710, 97];
    let lost = [2_400, 3, 4_027, 1_204, 19, 613, 0];
    let touch = |i: usize| TouchpointData {
        reach: Count::Exactly(at[i]),
        personas: vec![(personas[0], rate(at[i] * 9 / 10, 8_412)), (personas[1], rate(at[i] / 3, 4_000))],
        lost: (lost[i] > 0).then(|| rate(lost[i], at[i])),
        promise: (i == 5).then(|| (rate(690, 710), Some(spread(259_200.0, 172_800.0, 432_000.0)))),
    };
    let step = |title: &str, n: u64, seconds: Option<f64>| FunnelStep {
        title: title.into(),
        reached: Count::Exactly(n),
        time: seconds.map(|s| spread(s, s / 3.0, s * 2.5)),
    };
    let funnel = |persona, scale: u64| FunnelData {
        funnel: Some(model.journeys[guitar].funnels[0]),
        persona,
        steps: vec![
            step(&model.touchpoints[touches[2]].meta.title, 5_960 / scale, None),
            step(&model.touchpoints[touches[3]].meta.title, 1_933 / scale, Some(90_000.0)),
            step(&model.touchpoints[touches[4]].meta.title, 729 / scale, Some(240.0)),
            step(&model.touchpoints[touches[5]].meta.title, 710 / scale, Some(259_200.0)),
        ],
        ledger: FunnelLedger {
            entrants: 5_960 / scale,
            converted: 710 / scale,
            dropped: 5_960 / scale - 710 / scale - 40,
            failed: 25,
            immature: 15,
            excluded: 0,
            without_consent: 2_310 / scale,
        },
    };
    let metric = |id: &str| model.metrics.iter().find(|(_, m)| m.meta.id == id).map(|(i, _)| i).unwrap();
    MapData {
        days: Some((day(2026, 10, 1), day(2026, 10, 31))),
        people: Count::Exactly(8_412),
        consented: Some(0.71),
        simulated: true,
        stages: stages.iter().enumerate().map(|(i, &s)| (s, stage(i))).collect(),
        touchpoints: touches.iter().enumerate().map(|(i, &t)| (t, touch(i))).collect(),
        funnels: vec![funnel(None, 1), funnel(Some(personas[0]), 3), funnel(Some(personas[1]), 2)],
        measured: vec![
            Measured {
                at: Spot::Touchpoint(touches[6]),
                metric: metric("nps"),
                value: 41.0,
                interval: Some((29.0, 53.0)),
                people: 97,
            },
            Measured {
                at: Spot::Touchpoint(touches[3]),
                metric: metric("load-p95"),
                value: 2_310.0,
                interval: Some((2_240.0, 2_390.0)),
                people: 1_933,
            },
        ],
        handovers: vec![waypost::render::map::data::HandoverData {
            index: 0,
            changed: Rate { interval: Some((0.12, 0.15)), ..rate(261, 1_933) },
            went_on: Rate { interval: Some((0.46, 0.58)), ..rate(136, 261) },
            stayed_went_on: Rate { interval: Some((0.33, 0.38)), ..rate(593, 1_672) },
        }],
        paths: vec![paths()],
        credit: vec![credit()],
        requirements: Vec::new(),
        losses: vec![Loss {
            stage: "purchase".into(),
            title: "Purchase".into(),
            who: "everybody".into(),
            lost: waypost::analysis::journey::Mask(10).rate(1_204, 1_933),
            allowed: None,
            above_target: None,
            money: Some((96_000.0, 91_000.0, 101_000.0)),
            worst: None,
            rank_by_people: 1,
        }],
        decimals: 2,
        rows: vec![
            (RowKind::Read, 61_004),
            (RowKind::Used, 60_870),
            (RowKind::Duplicate, 120),
            (RowKind::Rejected, 14),
        ],
    }
}

/// Returns ways from the checkout, invented.
fn paths() -> waypost::analysis::journey::Paths {
    use waypost::analysis::journey::{PathNode, Paths, People};
    let node = |id: &str, title: &str, units: u64| PathNode {
        id: id.into(),
        title: title.into(),
        units: People(Some(units)),
        share: Some(units as f64 / 1_933.0),
        loops: People(Some(0)),
    };
    Paths {
        differences: Vec::new(),
        anchor: "checkout".into(),
        title: "Checkout".into(),
        forward: true,
        units: People(Some(1_933)),
        columns: vec![
            vec![node("checkout", "Checkout", 1_933)],
            vec![node("order-placed", "Order placed", 729), node("left", "left", 1_204)],
            vec![node("delivery", "The parcel", 710), node("other", "other", 19)],
        ],
        links: Vec::new(),
    }
}

/// Returns credit for the order, invented.
fn credit() -> waypost::analysis::journey::Attribution {
    use waypost::analysis::journey::{Attribution, Credit};
    let row = |title: &str, outcomes: [f64; 2], spend: Option<i64>| Credit {
        id: title.into(),
        title: title.into(),
        outcomes: outcomes.to_vec(),
        money: Vec::new(),
        removal: None,
        spend,
        return_on_spend: Vec::new(),
        cost_each: outcomes.iter().map(|o| spend.map(|s| s as f64 / o)).collect(),
    };
    Attribution {
        outcome: "order-placed".into(),
        title: "Order placed".into(),
        look_back: 2_592_000.0,
        models: vec!["first", "last"],
        outcomes: 729,
        money: None,
        without: (7_683, 40),
        touchpoints: Vec::new(),
        channels: vec![row("Paid social", [500.0, 20.0], None), row("Shop", [29.0, 640.0], None)],
        stages: vec![row("Awareness", [500.0, 20.0], Some(1_200_000))],
        experiments: vec!["guest-checkout".into()],
    }
}
