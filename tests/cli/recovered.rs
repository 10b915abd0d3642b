//! What `simulate` makes true, `analyze` finds again: over several seeds each truth lies in the 95 % interval nearly always,
//! and the mean of the estimates lies at the truth.

use super::{project, waypost};
use serde_json::Value;
use std::collections::BTreeMap;

const MANIFEST: &str = "name: shop\ncurrency: EUR\nunits: { user: user_id }\nattributes: { device: text }\n\
    properties: { revenue: money, score: number }\ndata:\n  - { events: events.csv, time: ts, event: event }\n";

const SPEC: &str = r#"
journey shop "Shop" {
  for all
  sale at order
  stage look "Look" {
    phase pre-sale
    touchpoint ad "Ad" { channel web; seen by ad-seen }
    touchpoint blog "Blog" { channel web; seen by blog-read }
    touchpoint page "Page" { channel web; seen by page-seen }
  }
  stage buy "Buy" {
    phase sale
    touchpoint order "Order" { channel web; seen by ordered }
  }
  stage own "Own" {
    phase post-sale
    touchpoint parcel "Parcel" { channel web; seen by delivered; promise within 4 days of order; measured by nps }
    touchpoint ask "Ask" { channel web; seen by answered; survey nps 2 days after parcel }
  }
  funnel way "Way" { steps ad > page > order > parcel }
  attribution of order by ordered.revenue { look back 365 days; models first, last, linear, position, markov }
  handover from "phone" to "laptop" by device at page
}
persona all "All" { share 100% }
channel web "Web" { kind online }
event ad-seen { named "Ad" }
event blog-read { named "Blog" }
event page-seen { named "Page" }
event ordered { named "Order" }
event delivered { named "Parcel" }
event answered { named "Answer" }
metric nps "Score" { nps of answered.score within 60 days; higher is better }
"#;

/// Two years, so that hardly anybody is still on the way when the data ends.
const TRUTH: &str = "
people: 1500
from: 2024-01-01
until: 2026-01-01
returns: 0
attributes: { device: { phone: 60, laptop: 40 } }
enters: { ad: 5, blog: 3, page: 2 }
sees: { blog: 0.6, page: 0.8, order: 1, parcel: 1, ask: 0.5 }
goes_on: { ad: 0.9, blog: 0.85, page: 0.6, order: 1, parcel: 1 }
keeps: { parcel: 0.8 }
scores: { score: { promoters: 50, passives: 30, detractors: 20 } }
hands_over: 0.3
";

const SEEDS: u64 = 12;

/// An estimate, half of its interval's width, and whether the truth is in it.
type Found = (f64, f64, bool);

fn report(spec: &str, truth: &str, seed: u64) -> Value {
    let dir = project(&[("waypost.yaml", MANIFEST), ("a.journey", spec), ("truth.yaml", truth)]);
    let seed = seed.to_string();
    let args = ["simulate", "--truth", "truth.yaml", "--seed", &seed, "-o", "events.csv"];
    waypost(&dir).args(args).assert().code(0);
    let run = waypost(&dir).args(["analyze", "--format", "json"]).assert().code(0);
    serde_json::from_slice::<Value>(&run.get_output().stdout).unwrap()[0].take()
}

fn by<'v>(list: &'v Value, key: &str, is: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|v| v[key] == is).unwrap_or_else(|| panic!("no {is} in {list}"))
}

fn ranged(value: f64, low: f64, high: f64, truth: f64) -> Found {
    (value, (high - low) / 2.0, low <= truth && truth <= high)
}

/// A share with its interval.
fn rate(rate: &Value, truth: f64) -> Found {
    let of = |key: &str| rate[key].as_f64().unwrap_or_else(|| panic!("{rate}"));
    ranged(of("share"), of("low"), of("high"), truth)
}

/// A mean of so many with a standard deviation that is known.
fn mean(value: f64, n: f64, sd: f64, truth: f64) -> Found {
    let half = 1.96 * sd / n.sqrt();
    ranged(value, value - half, value + half, truth)
}

/// Fails where a truth is found too seldom, or the estimates lie beside it.
fn found_again(truths: &[(&str, f64)], find: impl Fn(u64) -> BTreeMap<&'static str, Found>) {
    let mut all: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
    for seed in 1..=SEEDS {
        find(seed).into_iter().for_each(|(what, found)| all.entry(what).or_default().push(found));
    }
    assert_eq!(all.len(), truths.len(), "{:?}", all.keys());
    for (what, truth) in truths {
        let found = &all[what];
        let n = found.len() as f64;
        let inside = found.iter().filter(|f| f.2).count();
        let (middle, half) = (found.iter().map(|f| f.0).sum::<f64>() / n, found.iter().map(|f| f.1).sum::<f64>() / n);
        println!("{what}: truth {truth:.4}, found {middle:.4} ± {half:.4}, inside {inside} of {n}");
        // nine or fewer of twelve happen once in fifty where 95 % is true, eight or fewer once in four hundred
        assert!(inside >= 9, "{what} is {truth} and was found in {inside} of {n}: {found:?}");
        assert!((middle - truth).abs() < 3.5 * half / 1.96 / n.sqrt(), "{what} is {truth}, on average {middle}");
    }
}

/// The ways to an order: how likely, and the touches in turn. From the truth alone.
fn ways() -> Vec<(f64, Vec<&'static str>)> {
    let places = [("ad", 0.5, 1.0, 0.9), ("blog", 0.3, 0.6, 0.85), ("page", 0.2, 0.8, 0.6)];
    let mut all = Vec::new();
    for (entry, (_, enters, ..)) in places.iter().enumerate() {
        let mut here = vec![(*enters, Vec::new())];
        for (at, (name, _, sees, on)) in places.iter().enumerate().skip(entry) {
            let sees = if at == entry { 1.0 } else { *sees };
            here = here
                .into_iter()
                .flat_map(|(p, seen): (f64, Vec<&str>)| {
                    let with = [seen.as_slice(), &[*name]].concat();
                    [(p * sees * on, with), (p * (1.0 - sees) * on, seen)]
                })
                .filter(|(p, _)| *p > 0.0)
                .collect();
        }
        all.extend(here);
    }
    all
}

/// Returns the mean and the standard deviation of what an order gives to a place.
fn credit(share: impl Fn(&[&str]) -> f64) -> (f64, f64) {
    let (ways, total) = (ways(), ways().iter().map(|(p, _)| p).sum::<f64>());
    let mean: f64 = ways.iter().map(|(p, way)| p / total * share(way)).sum();
    let square: f64 = ways.iter().map(|(p, way)| p / total * share(way).powi(2)).sum();
    (mean, (square - mean * mean).sqrt())
}

/// The share of the credit of `place` by a model, of a way.
fn given(model: &str, place: &str, way: &[&str]) -> f64 {
    let at = |i: usize| f64::from(u8::from(way[i] == place));
    let last = way.len() - 1;
    match (model, way.len()) {
        ("first", _) => at(0),
        ("last", _) => at(last),
        ("position", 2) => (at(0) + at(1)) / 2.0,
        ("position", 3) => 0.4 * at(0) + 0.2 * at(1) + 0.4 * at(2),
        _ => (0..=last).map(at).sum::<f64>() / way.len() as f64,
    }
}

#[test]
fn the_way_its_credit_and_its_promises() {
    let order: f64 = ways().iter().map(|(p, _)| p).sum();
    assert!((order - (0.5 * 0.9 * 0.85 * 0.6 + 0.3 * 0.85 * 0.6 + 0.2 * 0.6)).abs() < 1e-12);
    // lost is whoever reaches no later stage
    let lost = 1.0 - 0.9 * 0.85 * 0.6;
    let without = |place: &str| ways().iter().filter(|(_, way)| !way.contains(&place)).map(|(p, _)| p).sum::<f64>();
    let removal = |place: &str| 1.0 - without(place) / order;
    let models = [("first", "ad"), ("last", "page"), ("last", "blog"), ("linear", "blog"), ("position", "ad")];
    let keys = ["first ad", "last page", "last blog", "linear blog", "position ad"];
    let credits: Vec<(f64, f64)> = models.iter().map(|(m, place)| credit(|way| given(m, place, way))).collect();
    let mut truths = vec![
        ("moves on", order),
        ("page of ad", 0.9 * 0.85 * 0.8),
        ("order of page", 0.9 * 0.85 * 0.8 * 0.6),
        ("lost at the ad", lost),
        ("promise kept", 0.8),
        ("handed over", 0.3 * 0.6),
        ("answered", 0.5),
        ("score", 30.0),
        ("without the blog", removal("blog")),
        ("without the page", removal("page")),
    ];
    truths.extend(keys.iter().zip(&credits).map(|(key, (mean, _))| (*key, *mean)));
    found_again(&truths, |seed| {
        let r = report(SPEC, TRUTH, seed);
        let truth = |what: &str| truths.iter().find(|(k, _)| *k == what).unwrap().1;
        let steps = &by(&r["funnels"], "funnel", "way")["steps"];
        let parcel = by(&r["touchpoints"], "touchpoint", "parcel");
        let score = by(&r["measured"], "metric", "nps");
        let paid = &r["attributions"][0];
        let n = paid["outcomes"].as_f64().unwrap();
        let outcomes = |model: &str, place: &str| {
            let at = paid["models"].as_array().unwrap().iter().position(|m| m == model).unwrap();
            by(&paid["touchpoints"], "id", place)["outcomes"][at].as_f64().unwrap() / n
        };
        let mut found = BTreeMap::from([
            ("moves on", rate(&by(&r["stages"], "stage", "look")["moved_on"], truth("moves on"))),
            ("page of ad", rate(&steps[1]["of_entered"], truth("page of ad"))),
            ("order of page", rate(&steps[2]["of_entered"], truth("order of page"))),
            ("lost at the ad", rate(&by(&r["touchpoints"], "touchpoint", "ad")["lost"], lost)),
            ("promise kept", rate(&parcel["promise"]["kept"], 0.8)),
            ("handed over", rate(&r["handovers"][0]["changed"], 0.18)),
            ("answered", rate(&score["response"], 0.5)),
        ]);
        let range = |i: usize| score["interval"][i].as_f64().unwrap();
        found.insert("score", ranged(score["value"].as_f64().unwrap(), range(0), range(1), 30.0));
        for (key, place) in [("without the blog", "blog"), ("without the page", "page")] {
            let told = by(&paid["touchpoints"], "id", place)["removal"].as_f64().unwrap();
            let share = removal(place);
            found.insert(key, mean(told, n, (share * (1.0 - share)).sqrt(), share));
        }
        for ((key, (model, place)), (share, sd)) in keys.iter().zip(models).zip(&credits) {
            found.insert(key, mean(outcomes(model, place), n, *sd, *share));
        }
        found
    });
}

#[test]
fn purchases_that_come_again_and_what_a_buyer_is_worth() {
    let truth = TRUTH.replace(
        "hands_over: 0.3",
        "repeats: { order: { chance: 0.4, days: 20 } }\nproperties: { revenue: { median: 50, spread: 0.4 } }",
    );
    let again = |days: f64| 0.4 * (1.0 - libm::exp(-days / 20.0));
    // each purchase is followed by another with chance 0.4, so their number dies out at the rate 0.6 / 20 a day
    let number = |days: f64| 1.0 + 0.4 / 0.6 * (1.0 - libm::exp(-0.6 * days / 20.0));
    // log-normal: what is paid, and what people have to spend
    let each = 50.0 * libm::exp(0.4 * 0.4 / 2.0) * libm::exp(0.3 * 0.3 / 2.0);
    let truths = [
        ("again in 30 days", again(30.0)),
        ("again in 90 days", again(90.0)),
        ("worth in 30 days", each * number(30.0)),
        ("worth in 90 days", each * number(90.0)),
    ];
    found_again(&truths, |seed| {
        let r = report(SPEC, &truth, seed);
        let sales = &r["sales"];
        let n = sales["buyers"].as_f64().unwrap();
        let after = |days: u64| {
            let all = sales["again_after"].as_array().unwrap();
            all.iter().find(|a| a[0] == days).unwrap()[1].as_f64().unwrap()
        };
        let worth = |days: u64, truth: f64| {
            let w = sales["worth"].as_array().unwrap().iter().find(|w| w["days"] == days).unwrap();
            let range = |i: usize| w["interval"][i].as_f64().unwrap();
            ranged(w["mean"].as_f64().unwrap(), range(0), range(1), truth)
        };
        let share = |days: u64, p: f64| mean(after(days), n, (p * (1.0 - p)).sqrt(), p);
        BTreeMap::from([
            ("again in 30 days", share(30, again(30.0))),
            ("again in 90 days", share(90, again(90.0))),
            ("worth in 30 days", worth(30, each * number(30.0))),
            ("worth in 90 days", worth(90, each * number(90.0))),
        ])
    });
}
