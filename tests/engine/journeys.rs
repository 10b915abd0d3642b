//! Journey data that nobody here made: each set counted by the engine and told by the analysis, against numbers computed
//! independently. The data lies beside the repository, never in it; without it these tests say so and pass.
use super::spine::model;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};
use waypost::analysis::journey::{Input, JourneyReport, report};
use waypost::engine::{Options, run};
use waypost::plan::Plan;

/// Returns the folder of the data and what is expected of a set; nothing, and a word, where it is absent.
fn shared(set: &str) -> Option<(PathBuf, Value)> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let data = std::env::var_os("WAYPOST_SHARED").map_or_else(beside, PathBuf::from).join("data");
    let Ok(expected) = std::fs::read_to_string(data.join("expected.json")) else {
        println!("skipped: no data in {}", data.display());
        return None;
    };
    let expected: Value = serde_json::from_str(&expected).unwrap();
    Some((data.join(set), expected["datasets"][set].clone()))
}

/// A journey of one touchpoint for each (id, name in the data), all in one stage, with `more` in the journey.
fn spec(places: &[(String, Vec<String>)], more: &str) -> String {
    let mut text =
        "journey j \"J\" {\n  for p\n  starts \"a\"\n  ends \"b\"\n  stage s \"S\" {\n    phase sale\n".to_owned();
    for (id, _) in places {
        writeln!(text, "    touchpoint {id} \"{id}\" {{ channel c; seen by e-{id} }}").unwrap();
    }
    write!(text, "  }}\n{more}\n}}\npersona p \"P\"\nchannel c \"C\" {{ kind online }}\n").unwrap();
    for (id, names) in places {
        let names: Vec<String> = names.iter().map(|n| format!("named \"{n}\"")).collect();
        writeln!(text, "event e-{id} {{ {} }}", names.join("; ")).unwrap();
    }
    text
}

/// Returns places numbered in this order, by their names in the data.
fn numbered<'n>(names: impl IntoIterator<Item = &'n String>) -> Vec<(String, Vec<String>)> {
    names.into_iter().enumerate().map(|(i, n)| (format!("t{i}"), vec![n.clone()])).collect()
}

fn told(manifest: &str, spec: &str, root: &Path) -> JourneyReport {
    let model = model(manifest, spec);
    let plan = Plan::whole(&model);
    let options = Options { threads: 2, hash: false, ..Options::default() };
    let counts = run(&plan, root, &options).unwrap_or_else(|e| panic!("{e}"));
    assert!(counts.data.balances(), "{:?}", counts.data);
    report(Input { model: &model, plan: &plan, counts: &counts, simulated: false }).swap_remove(0)
}

fn reached(report: &JourneyReport, funnel: &str, who: &str) -> Vec<u64> {
    let funnel = report.funnels.iter().find(|f| f.funnel == funnel && f.who == who).unwrap();
    assert!(funnel.ledger.balances);
    funnel.steps.iter().map(|s| s.reached.0.unwrap()).collect()
}

fn numbers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect()
}

fn table(value: &Value) -> BTreeMap<String, u64> {
    value.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.as_u64().unwrap())).collect()
}

/// Compares who reached each touchpoint, how often, and the ways through, with what was computed elsewhere.
fn check_log(
    report: &JourneyReport,
    names: &[(String, Vec<String>)],
    want: &Value,
    units: &str,
    reach: &str,
    events: &str,
) {
    let key = if units == "users" { "event_counts" } else { events };
    let (reach, events) = (table(&want[reach]), table(&want[key]));
    assert_eq!(report.people.0, want[units].as_u64());
    for (id, names) in names {
        let t = report.touchpoints.iter().find(|t| t.touchpoint == *id).unwrap();
        assert_eq!(t.reached.0, reach.get(&names[0]).copied(), "{names:?}");
        let count = t.events_each.unwrap() * t.reached.0.unwrap() as f64;
        assert_eq!(count.round() as u64, events[&names[0]], "{names:?}");
    }
}

#[test]
fn a_visit_ends_as_the_manifest_says() {
    let folder = tempfile::tempdir().unwrap();
    let log = "user_id,ts,event\nu,2026-01-01T10:00:00Z,a\nu,2026-01-01T10:40:00Z,b\n";
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let places = numbered(&["a".to_owned(), "b".to_owned()]);
    let spec = spec(&places, "funnel f \"F\" { steps t0 > t1; count sessions }");
    let manifest = |gap: &str| {
        format!(
            "name: t\ntime_zone: UTC\n{gap}units: {{ user: user_id }}\nprivacy: {{ smallest_cell: 1 }}\ndata:\n  - events: log.csv\n    time: ts\n    event: event\n"
        )
    };
    let in_words = |report: &JourneyReport| report.funnels[0].rules[0].clone();
    for (gap, sessions, both, words) in [
        ("", 2, 0, "30 minutes"),
        ("session_gap: 39 minutes\n", 2, 0, "39 minutes"),
        ("session_gap: 40 minutes\n", 1, 1, "40 minutes"),
        ("session_gap: 1 hour\n", 1, 1, "1 hour"),
    ] {
        let report = told(&manifest(gap), &spec, folder.path());
        let visits = report.sessions.as_ref().unwrap();
        assert_eq!((visits.sessions, reached(&report, "f", "everybody")[1]), (sessions, both), "{gap}");
        assert!(in_words(&report).contains(words), "{}", in_words(&report));
    }
    for gap in ["0 minutes", "2 days", "soon", "minutes", "30"] {
        let text = manifest(&format!("session_gap: {gap}\n"));
        let mut sources = waypost::source::Sources::default();
        let (read, findings) = waypost::resolve::manifest(sources.add("waypost.yaml", text.as_str()), &text);
        assert!(read.is_none() && findings[0].message.contains("30 minutes"), "{gap}: {findings:?}");
    }
}

#[test]
fn simple_shop() {
    let Some((root, want)) = shared("simple_shop") else { return };
    let names: Vec<String> = table(&want["event_counts"]).into_keys().collect();
    let mut places = numbered(&names);
    let id = |name: &str| places.iter().find(|(_, n)| n[0] == name).unwrap().0.clone();
    let (catalog, cart, paid) = (id("catalog"), id("cart"), id("payment_done"));
    let more = format!(
        "funnel three \"3\" {{ steps {catalog} > {cart} > {paid} }}
         funnel four \"4\" {{ steps {catalog} > product > {cart} > {paid} }}
         paths from {catalog}"
    );
    let products: Vec<String> = ["product1", "product2"].map(str::to_owned).to_vec();
    let plain = places.clone();
    places.push(("product".to_owned(), products));
    let manifest = "name: t\ntime_zone: UTC\nunits: { user: user_id }\nprivacy: { smallest_cell: 1 }\ndata:\n  - events: simple-onlineshop.csv\n    time: timestamp\n    event: event\n";
    let report = told(manifest, &spec(&places, &more), &root);
    check_log(&report, &plain, &want, "users", "users_per_event", "");
    assert_eq!(reached(&report, "three", "everybody"), numbers(&want["closed_funnel_3"]));
    assert_eq!(reached(&report, "four", "everybody"), numbers(&want["closed_funnel_4"]));
    let first = &report.paths[0].columns[0];
    assert_eq!((first.len(), first[0].units.0), (1, Some(reached(&report, "three", "everybody")[0])));
}

#[test]
fn ecommerce_funnel() {
    let Some((root, want)) = shared("ecommerce_funnel") else { return };
    // The tables have no times: the day of the visit is in the table of users, and the stages are a minute apart.
    let mut users = String::new();
    GzDecoder::new(std::fs::File::open(root.join("user_table.csv.gz")).unwrap()).read_to_string(&mut users).unwrap();
    let cells = |line: &str| line.split(',').map(|c| c.trim_matches('"').to_owned()).collect::<Vec<_>>();
    let users: BTreeMap<String, Vec<String>> = users.lines().skip(1).map(cells).map(|c| (c[0].clone(), c)).collect();
    let stages = ["home_page", "search_page", "payment_page", "payment_confirmation"];
    let mut log = "user_id,ts,event,device,sex,month\n".to_owned();
    for (minute, stage) in stages.iter().enumerate() {
        let text = std::fs::read_to_string(root.join(format!("{stage}_table.csv"))).unwrap();
        for line in text.lines().skip(1) {
            let id = cells(line)[0].clone();
            let user = &users[&id];
            let (day, device, sex) = (&user[1], &user[2], &user[3]);
            writeln!(log, "{id},{day}T00:0{minute}:00Z,{stage},{device},{sex},{}", &day[..7]).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let names: Vec<String> = stages.iter().map(|s| (*s).to_owned()).collect();
    let places = numbered(&names);
    let funnel =
        |id: &str, by: &str| format!("funnel {id} \"{id}\" {{ steps t0 > t1 > t2 > t3; within 1 day\n{by} }}\n");
    let more = [("all", ""), ("device", "by device"), ("sex", "by sex"), ("month", "by month")]
        .map(|(i, b)| funnel(i, b))
        .concat();
    let manifest = "name: t\ntime_zone: UTC\nunits: { user: user_id }\nproperties: { device: text, sex: text, month: text }\ndata:\n  - events: log.csv\n    time: ts\n    event: event\n";
    let report = told(manifest, &spec(&places, &more), folder.path());
    let of = |want: &Value| stages.map(|s| want[s].as_u64().unwrap()).to_vec();
    let reached_all = |funnel: &str, who: &str| {
        let funnel = report.funnels.iter().find(|f| f.funnel == funnel && f.who == who).unwrap();
        // the last day's window is not over, so that day is in no rate: everybody is entrants
        (funnel.ledger.entrants.0.unwrap(), funnel.ledger.balances)
    };
    assert_eq!(reached_all("all", "everybody"), (want["users"].as_u64().unwrap(), true));
    for (funnel, key) in [("device", "by_device"), ("sex", "by_sex"), ("month", "by_month")] {
        for (value, counts) in want[key].as_object().unwrap() {
            assert_eq!(reached_all(funnel, value), (of(counts)[0], true), "{value}");
        }
    }
    // Without a window everybody is mature, and each step is as published.
    let spec = spec(&places, &more.replace("within 1 day", ""));
    let report = told(manifest, &spec, folder.path());
    assert_eq!(reached(&report, "all", "everybody"), of(&want["funnel"]));
    for (funnel, key) in [("device", "by_device"), ("sex", "by_sex"), ("month", "by_month")] {
        for (value, counts) in want[key].as_object().unwrap() {
            assert_eq!(reached(&report, funnel, value), of(counts), "{value}");
        }
    }
}

#[test]
fn process_logs() {
    for (set, files) in [
        ("running_example", vec![("running-example.csv", ":"), ("running-example.parquet", "AAA")]),
        ("receipt", vec![("receipt.csv.gz", ":"), ("receipt.parquet", "AAA")]),
    ] {
        let Some((root, want)) = shared(set) else { return };
        let names: Vec<String> = table(&want["activity_counts"]).into_keys().collect();
        let places = numbered(&names);
        for (file, colon) in files {
            // the writer of the Parquet files put letters where colons were
            let manifest = format!(
                "name: t\ntime_zone: UTC\nunits: {{ case: \"case:concept:name\" }}\nprivacy: {{ smallest_cell: 1 }}\ndata:\n  - events: {file}\n    time: \"time:timestamp\"\n    event: \"concept:name\"\n"
            );
            let columns = |m: String| {
                ["case:concept:name", "time:timestamp", "concept:name"]
                    .iter()
                    .fold(m, |m, c| m.replace(c, &c.replace(':', colon)))
            };
            let manifest = columns(manifest);
            let report = told(&manifest, &spec(&places, ""), &root);
            check_log(&report, &places, &want, "cases", "cases_per_activity", "activity_counts");
            let fit = report.conformance.unwrap();
            assert_eq!(Some(fit.variants), want["variants"].as_u64(), "{file}");
            let name = |id: &String| names[id[1..].parse::<usize>().unwrap()].clone();
            let (way, n) = &fit.common[0];
            let way: Vec<String> = way.iter().map(name).collect();
            let top = want["top_variants"].as_array().unwrap();
            let top: BTreeMap<&str, u64> =
                top.iter().map(|v| (v[0].as_str().unwrap(), v[1].as_u64().unwrap())).collect();
            if set == "receipt" {
                assert_eq!(top.get(way.join(" > ").as_str()).copied(), n.0, "{file}");
            }
        }
    }
}

#[test]
fn channel_paths() {
    let Some((root, want)) = shared("channel_paths") else { return };
    let text = std::fs::read_to_string(root.join("PathData.csv")).unwrap();
    // Every conversion and every path without one is a person, with a touch a minute.
    let (mut log, mut person) = ("uid,ts,event,amount\n".to_owned(), 0);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let touches: Vec<&str> = cells[0].split('>').map(str::trim).collect();
        let (conversions, value) = (cells[1].parse::<u64>().unwrap(), cells[2]);
        for at in 0..conversions + cells[3].parse::<u64>().unwrap() {
            person += 1;
            for (minute, touch) in touches.iter().enumerate() {
                writeln!(log, "{person},2026-01-01T{:02}:{:02}:00Z,{touch},", minute / 60, minute % 60).unwrap();
            }
            if at < conversions {
                let value = if at == 0 { value } else { "0" };
                writeln!(log, "{person},2026-01-02T00:00:00Z,buy,{value}").unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let channels: Vec<String> =
        want["channels"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect();
    let mut places = numbered(&channels);
    places.push(("buy".to_owned(), vec!["buy".to_owned()]));
    let more = "attribution of buy by e-buy.amount { models first, last, linear, position, markov, shapley }";
    let manifest = "name: t\ntime_zone: UTC\nunits: { user: uid }\nproperties: { amount: number }\ndata:\n  - events: log.csv\n    time: ts\n    event: event\n";
    let report = told(manifest, &spec(&places, more), folder.path());
    let credit = &report.attributions[0];
    assert_eq!(Some(credit.outcomes), want["conversions"].as_u64());
    assert_eq!(Some(credit.without.0), want["nulls"].as_u64());
    assert_eq!(credit.money, Some((want["value"].as_f64().unwrap() * 100.0).round() as i64));
    let near = |got: f64, want: &Value, tolerance: f64, what: &str| {
        let want = want.as_f64().unwrap();
        assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}: {got} is not {want}");
    };
    for (at, channel) in channels.iter().enumerate() {
        let row = &credit.touchpoints[at];
        let own = &want["heuristics_own"];
        for (model, key) in ["first", "last", "linear", "position_40_20_40"].iter().enumerate() {
            near(row.outcomes[model], &own[*key][channel], 1e-6, key);
        }
        // exact against exact; the package's simulation is no standard
        let exact = &want["markov1_exact_loops_collapsed"];
        near(row.removal.unwrap(), &exact["removal_effect"][channel], 1e-9, "removal");
        near(row.outcomes[4], &exact["conversions"][channel], 1e-9, "markov");
        // Shapley shares a path among its channels, order and repeats ignored
        near(row.outcomes[5], &own["linear_unique"][channel], 1e-6, "shapley");
    }
}
