//! The engine on the benchmark's events: `cargo bench --bench engine -- WORK FILE [THREADS]`.
//!
//! Works: `w1` a funnel of five steps within seven days; `w2` one experiment, a share and a mean; `w3` three funnels, five
//! experiments of four metrics, one of them by country; `w4` the bare scan of the columns that w1 and w2 need. The rows go
//! to standard output, tab-separated, the seconds to standard error. `scripts/bench` runs it in turn with other engines.
//! `make FILE [EVENTS]` writes events of its own as CSV, for where the benchmark's generator is not at hand.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a program of its own"
)]
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;
use waypost::engine::{Options, run};
use waypost::events::{Column, EventReader, Kind, Request, Step};
use waypost::model::Model;
use waypost::plan::Plan;
use waypost::source::Sources;
use waypost::tally::{Counts, Cut, Tally, Who};

const FUNNELS: [(&str, &[&str], u32); 3] = [
    ("buying", &["view_item", "add_to_cart", "begin_checkout", "add_payment", "purchase"], 7),
    ("joining", &["app_open", "signup_start", "signup_complete", "login", "purchase"], 14),
    ("promo", &["view_promo", "click_promo", "view_item", "add_to_cart", "begin_checkout"], 1),
];
const EXPERIMENTS: [(&str, &[&str]); 5] = [
    ("exp_checkout", &["control", "treatment"]),
    ("exp_search", &["control", "treatment"]),
    ("exp_pricing", &["control", "low", "high"]),
    ("exp_onboarding", &["control", "treatment"]),
    ("exp_promo", &["control", "a", "b", "c"]),
];
const EVENTS: [&str; 12] = [
    "view_item",
    "add_to_cart",
    "begin_checkout",
    "add_payment",
    "purchase",
    "app_open",
    "signup_start",
    "signup_complete",
    "login",
    "view_promo",
    "click_promo",
    "exposure",
];

fn spec(funnels: usize, experiments: usize, whole: bool) -> String {
    let id = |name: &str| name.replace('_', "-");
    let mut out = String::from("journey shop \"Shop\" {\n  for all\n  stage every \"Every\" {\n    phase sale\n");
    for event in EVENTS {
        writeln!(out, "    touchpoint {0} \"{0}\" {{ channel web; seen by e-{0} }}", id(event)).unwrap();
    }
    out += "  }\n";
    for (name, steps, days) in FUNNELS.iter().take(funnels) {
        let steps: Vec<_> = steps.iter().map(|s| id(s)).collect();
        writeln!(out, "  funnel {name} \"{name}\" {{ steps {}; within {days} days }}", steps.join(" > ")).unwrap();
    }
    out += "}\npersona all \"All\" { quote \"Me\" }\nteam us \"Us\"\nchannel web \"Web\" { kind online }\n";
    for event in EVENTS {
        writeln!(out, "event e-{} {{ named \"{event}\" }}", id(event)).unwrap();
    }
    out += "metric buys \"Buys\" { share of e-purchase within 7 days; higher is better }\n";
    out +=
        "metric revenue \"Revenue\" { average of sum e-purchase.revenue per unit within 7 days; higher is better }\n";
    out +=
        "metric value \"Value\" { ratio of count e-purchase to count e-view-item within 7 days; higher is better }\n";
    out += "metric views \"Views\" { average of count e-view-item per unit within 7 days; adjust with 14 days before; higher is better }\n";
    for (name, arms) in EXPERIMENTS.iter().take(experiments) {
        writeln!(out, "experiment {name} \"{name}\" {{\n at exposure\n because \"Speed\"\n owner us\n runs from 2026-01-01 to 2026-03-31\n status running\n unit user").unwrap();
        let weight = 100.0 / arms.len() as f64;
        for (n, arm) in arms.iter().enumerate() {
            let last = 100.0 - 33.3 * 2.0;
            let weight = if arms.len() == 3 { if n == 2 { last } else { 33.3 } } else { weight };
            writeln!(out, " variant {arm} \"{arm}\" {weight:.1}% {{ set arm to \"{arm}\" }}").unwrap();
        }
        out += " primary buys\n secondary revenue";
        out += if whole { ", value, views\n" } else { "\n" };
        out += if whole && *name == "exp_checkout" { " segments country\n" } else { "" };
        out += " method fixed with level 5% and power 80%\n}\n";
    }
    out
}

fn model(spec: &str, file: &str) -> Model {
    let manifest = format!(
        "name: bench\ntime_zone: UTC\nunits: {{ user: user_id }}\nproperties: {{ revenue: number, country: text }}\n\
         data:\n  - events: \"{file}\"\n    time: ts\n    event: event\n    variant: variant\n    experiment_by: experiment\n"
    );
    let mut sources = Sources::default();
    let (read, findings) = waypost::resolve::manifest(sources.add("waypost.yaml", manifest.as_str()), &manifest);
    let parsed = waypost::syntax::parse(sources.add("bench.journey", spec), spec);
    let resolution = waypost::resolve::resolve(&read.unwrap_or_else(|| panic!("{findings:?}")), &[parsed.tree]);
    resolution.model.unwrap_or_else(|| panic!("{:?} {:?}", parsed.diagnostics, resolution.diagnostics))
}

fn scan(root: &Path, file: &str, threads: usize) {
    let column = |name: &str, kind, required| Column { name: name.to_owned(), kind, required };
    let columns = vec![
        column("user_id", Kind::Key, true),
        column("ts", Kind::Time, true),
        column("event", Kind::Event, true),
        column("revenue", Kind::Number { thousands: None }, true),
        column("experiment", Kind::Text, true),
        column("variant", Kind::Text, true),
    ];
    let zone = jiff::tz::TimeZone::get("UTC").ok();
    let request = Request { patterns: vec![file.to_owned()], zone, columns, ..Request::default() };
    let reader = EventReader::open(root, request).unwrap_or_else(|e| panic!("{e}"));
    let count = |n: &mut usize, step: Step<'_>| {
        if let Step::Batch(batch) = step {
            *n += batch.num_rows();
        }
    };
    let (counts, ledger) = reader.read(threads, || 0, count).unwrap_or_else(|e| panic!("{e}"));
    println!("{}\t{:?}", counts.iter().sum::<usize>(), ledger.times);
}

fn show(plan: &Plan, counts: &Counts) {
    for funnel in &counts.funnels {
        let reached = funnel.of(&Who::Everybody).map_or(&[] as &[u64], |g| &g.reached);
        println!("{}", reached.iter().map(u64::to_string).collect::<Vec<_>>().join("\t"));
    }
    for (x, tallies) in plan.experiments.iter().zip(&counts.experiments) {
        for cut in tallies.cuts().into_iter().filter(|c| matches!(c, Cut::Total | Cut::Segment { .. })) {
            for (variant, name) in (0..).zip(&x.variants) {
                let mut line = format!("{}\t{cut:?}\t{name}\t{}", x.id, tallies.exposed(variant, &cut));
                for measure in 0..x.measures.len() {
                    line += &match tallies.get(measure as u32, variant, &cut) {
                        Some(Tally::Share(t)) => format!("\t{}", t.x),
                        Some(Tally::Mean(t)) => format!("\t{}\t{}", t.sum().to_f64(), t.squares().unwrap().to_f64()),
                        Some(Tally::Pair(t)) => format!(
                            "\t{}\t{}\t{}\t{}",
                            t.y().sum().to_f64(),
                            t.y().squares().unwrap().to_f64(),
                            t.x().sum().to_f64(),
                            t.x().squares().unwrap().to_f64()
                        ),
                        _ => String::new(),
                    };
                }
                println!("{line}");
            }
        }
    }
}

/// Writes events of 1 in 25 units as CSV, the same on every run.
fn make(file: &str, events: u64) {
    let mut state = 42_u64;
    let mut roll = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    writeln!(out, "user_id,ts,event,country,revenue,experiment,variant").unwrap();
    for n in 0..events {
        let user = roll(events / 25 + 1);
        let time = jiff::Timestamp::from_microsecond(1_767_225_600_000_000 + (n * 5_000_000_000_000 / events) as i64);
        let event = roll(30);
        let (name, revenue) = match EVENTS.get(event as usize) {
            Some(name @ &"purchase") => (*name, format!("{}.25", roll(200))),
            Some(name) => (*name, String::new()),
            None => ("page_view", String::new()),
        };
        let (experiment, arms) = EXPERIMENTS[(user % 5) as usize];
        let shown = name == "exposure";
        let (experiment, arm) = if shown { (experiment, arms[(user / 5) as usize % arms.len()]) } else { ("", "") };
        let country = ["de", "jp", "us", "br"][(user % 4) as usize];
        let id = format!("{:016x}-{:016x}", user.wrapping_mul(0x9E37_79B9_7F4A_7C15), user);
        writeln!(out, "{id},{},{name},{country},{revenue},{experiment},{arm}", time.unwrap()).unwrap();
    }
    out.flush().unwrap();
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [work, file, rest @ ..] = args.as_slice() else {
        eprintln!("usage: cargo bench --bench engine -- w1|w2|w3|w4 FILE [THREADS]; or make FILE [EVENTS]");
        return;
    };
    if work == "make" {
        return make(file, rest.first().and_then(|n| n.parse().ok()).unwrap_or(2_000_000));
    }
    let threads = rest
        .first()
        .and_then(|t| t.parse().ok())
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let path = Path::new(file);
    let (root, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
    let start = Instant::now();
    let (funnels, experiments, whole) = match work.as_str() {
        "w1" => (1, 0, false),
        "w2" => (0, 1, false),
        "w3" => (3, 5, true),
        _ => {
            scan(root, name, threads);
            eprintln!("inside\t{:.3}", start.elapsed().as_secs_f64());
            return;
        }
    };
    let model = model(&spec(funnels, experiments, whole), name);
    let mut plan = Plan::new(&model);
    // The rivals draw no map and follow nobody through channels.
    plan.maps.clear();
    plan.travels.clear();
    plan.forget_unasked();
    let counts =
        run(&plan, root, &Options { threads, hash: false, ..Options::default() }).unwrap_or_else(|e| panic!("{e}"));
    show(&plan, &counts);
    eprintln!("inside\t{:.3}", start.elapsed().as_secs_f64());
}
