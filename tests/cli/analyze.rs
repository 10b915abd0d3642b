//! `waypost analyze`: a project small enough to count by hand.

use super::{project, waypost};
use serde_json::Value;
use tempfile::TempDir;

const SPEC: &str = r#"
journey shop "Buying" {
  for young, old
  starts "A wish"
  ends "A parcel"
  sale at pay
  stage look "Look" {
    phase pre-sale
    target 50% move on within 5 days
    touchpoint ad "Ad" { channel social; seen by seen-ad; spend 310 EUR a month }
    touchpoint blog "Blog" { channel blog; seen by read }
    touchpoint page "Page" { channel web; seen by viewed }
  }
  stage buy "Buy" {
    phase sale
    touchpoint pay "Pay" { channel web; seen by paid; measured by value }
  }
  stage get "Get" {
    phase post-sale
    touchpoint parcel "Parcel" { channel post; seen by delivered; promise within 3 days of pay }
  }
  funnel all "All" {
    steps page > pay > parcel
    within 9 days
    for each persona
  }
  attribution of pay by paid.amount {
    look back 10 days
    models first, last, last-non-direct, linear, position, j, inverse-j, time-decay, markov, shapley
  }
  paths from page
  paths into pay
  handover from "phone" to "laptop" by device at page
  handover from "web" to "post" at pay
  require at least 60% from page to pay
  require at least 40% from page to pay for young
}
channel social "Social" { kind online }
channel blog "Blog" { kind online }
channel web "Web" { kind self-service }
channel post "Post" { kind offline }
persona young "Young" { share 50%; where age < 30 }
persona old "Old" { share 50%; where age >= 30 }
event seen-ad { named "Ad" }
event read { named "Read" }
event viewed { named "View" }
event paid { named "Pay" }
event delivered { named "Deliver" }
metric value "Order value" { ratio of sum paid.amount to count paid within 30 days; higher is better }
"#;

const MANIFEST: &str = "
name: t
time_zone: UTC
currency: EUR
units: { user: uid }
attributes: { age: number, device: text }
properties: { amount: money }
data:
  - events: ev.csv
    time: ts
    event: name
privacy: { smallest_cell: 1 }
";

const DATA: &str = "\
ts,uid,name,age,device,amount
2026-01-01T10:00:00Z,a,Ad,25,phone,
2026-01-02T10:00:00Z,a,Read,25,phone,
2026-01-03T10:00:00Z,a,View,25,phone,
2026-01-03T10:10:00Z,a,Pay,25,laptop,10.01
2026-01-05T10:00:00Z,a,Deliver,25,,
2026-01-20T10:00:00Z,a,Pay,25,laptop,20.00
2026-01-01T12:00:00Z,b,Ad,40,phone,
2026-01-04T12:00:00Z,b,View,40,phone,
2026-01-04T12:05:00Z,b,View,40,phone,
2026-01-02T12:00:00Z,c,View,20,laptop,
2026-01-31T12:00:00Z,d,Ad,50,laptop,
";

fn shop() -> TempDir {
    project(&[("waypost.yaml", MANIFEST), ("a.journey", SPEC), ("ev.csv", DATA)])
}

fn json(dir: &TempDir) -> Value {
    let out = waypost(dir).args(["analyze", "--format", "json"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice::<Value>(&out.stdout).unwrap()[0].clone()
}

fn by<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|v| v[key] == value).unwrap_or_else(|| panic!("no {value} in {list}"))
}

#[test]
fn stages_funnels_and_requirements() {
    let report = json(&shop());
    assert_eq!((report["people"].clone(), report["decimals"].clone()), (4.into(), 2.into()));
    let look = &report["stages"][0];
    // a moved on in time; b and c did not; d is still on the way
    assert_eq!(
        (&look["reached"], &look["moved_on"]["hits"], &look["moved_on"]["of"]),
        (&4.into(), &1.into(), &3.into())
    );
    assert_eq!((&look["open"], &look["below_target"]), (&1.into(), &true.into()));
    let funnel = by(&report["funnels"], "who", "everybody");
    let reached: Vec<_> = funnel["steps"].as_array().unwrap().iter().map(|s| s["reached"].clone()).collect();
    assert_eq!(reached, [Value::from(3), 1.into(), 1.into()]);
    assert_eq!(funnel["ledger"]["entrants"], 3);
    assert_eq!(funnel["ledger"]["dropped"], serde_json::json!([2, 0, 0]));
    assert_eq!(funnel["ledger"]["balances"], true);
    let requirements = &report["requirements"];
    assert_eq!((&requirements[0]["who"], &requirements[0]["met"]), (&"everybody".into(), &false.into()));
    assert_eq!((&requirements[1]["who"], &requirements[1]["met"]), (&"young".into(), &true.into()));
    let parcel = by(&report["touchpoints"], "touchpoint", "parcel");
    // the second purchase is not followed by a parcel, but the promise counts from the first
    assert_eq!((&parcel["promise"]["kept"]["hits"], &parcel["promise"]["kept"]["of"]), (&1.into(), &1.into()));
}

#[test]
fn credit_adds_up_under_every_model() {
    let report = json(&shop());
    let credit = &report["attributions"][0];
    assert_eq!((&credit["outcomes"], &credit["money"]), (&2.into(), &3001.into()));
    // b's, c's and d's paths had none, nor had a's parcel, too old for the second purchase; only d's may still
    assert_eq!(credit["without"], serde_json::json!([4, 1]));
    assert_eq!(credit["models"].as_array().unwrap().len(), 10);
    for model in 0..10 {
        let column = |list: &str, key: &str| -> Vec<f64> {
            credit[list].as_array().unwrap().iter().map(|r| r[key][model].as_f64().unwrap()).collect()
        };
        let outcomes: f64 = column("touchpoints", "outcomes").iter().sum();
        assert!((outcomes - 2.0).abs() < 1e-9, "model {model}: {outcomes}");
        let money: f64 = column("touchpoints", "money").iter().sum();
        assert!(money == 3001.0, "model {model}: {money}");
    }
    let of = |id: &str, model: usize| by(&credit["touchpoints"], "id", id)["outcomes"][model].as_f64().unwrap();
    // first, last, last non-direct (the page is the shop's own)
    assert_eq!((of("ad", 0), of("page", 1), of("blog", 2)), (1.0, 1.0, 1.0));
    // the second purchase is more than ten days after the parcel: nothing before it counts
    assert_eq!(of("unattributed", 0), 1.0);
    for (id, share) in [("ad", 0.2), ("blog", 0.2), ("page", 0.6)] {
        assert!((of(id, 5) - share).abs() < 1e-12, "{id}");
    }
    // ages of 2 days 10 min, 1 day 10 min, 10 min
    let raw = [-(2.0 + 10.0 / 1440.0), -(1.0 + 10.0 / 1440.0), -10.0 / 1440.0].map(|d: f64| (d / 7.0).exp2());
    assert!((of("ad", 7) - raw[0] / raw.iter().sum::<f64>()).abs() < 1e-12);
    assert!((of("ad", 9) - 1.0 / 3.0).abs() < 1e-12);
    let ad = by(&credit["channels"], "id", "social");
    assert_eq!(ad["spend"], 31_000, "310 EUR a month, all of January");
    assert_eq!(ad["cost_each"][0], 31_000.0);
}

#[test]
fn paths_handovers_and_conformance() {
    let report = json(&shop());
    let from = &report["paths"][0];
    assert_eq!((&from["anchor"], &from["units"]), (&"page".into(), &3.into()));
    let second = &from["columns"][1];
    assert_eq!((&by(second, "id", "pay")["units"], &by(second, "id", "left")["units"]), (&1.into(), &2.into()));
    assert_eq!(from["columns"][0][0]["loops"], 1, "b looked twice");
    for column in from["columns"].as_array().unwrap() {
        let sum: u64 = column.as_array().unwrap().iter().map(|n| n["units"].as_u64().unwrap()).sum();
        assert_eq!(sum, 3);
    }
    let into = &report["paths"][1];
    assert_eq!(into["forward"], false);
    assert_eq!(into["columns"][1][0]["id"], "page");
    let handover = &report["handovers"][0];
    assert_eq!((&handover["changed"]["hits"], &handover["changed"]["of"]), (&1.into(), &2.into()));
    assert_eq!((&handover["changed_on"]["hits"], &handover["stayed_on"]["hits"]), (&1.into(), &0.into()));
    let channel = &report["handovers"][1];
    assert_eq!((&channel["changed"]["hits"], &channel["changed_on"]["hits"]), (&1.into(), &1.into()));
    let fit = &report["conformance"];
    // a: five and a purchase more, 1 - 1/11; b: ad, page, page, 1 - 4/8; c: 1 - 4/6; d: 1 - 4/6
    let mean = (10.0 / 11.0 + 0.5 + 1.0 / 3.0 + 1.0 / 3.0) / 4.0;
    assert!((fit["fitness"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert_eq!(by(&fit["places"], "touchpoint", "pay")["repeated"]["hits"], 1);
    assert_eq!(fit["variants"], 4);
}

#[test]
fn visits_purchases_and_measured_places() {
    let report = json(&shop());
    // a's view and payment are one visit, and so are b's two looks
    assert_eq!((&report["sessions"]["sessions"], &report["sessions"]["alone"]["hits"]), (&9.into(), &7.into()));
    let sales = &report["sales"];
    assert_eq!((&sales["buyers"], &sales["purchases"], &sales["again"]["hits"]), (&1.into(), &2.into(), &1.into()));
    let all = sales["worth"].as_array().unwrap().last().unwrap();
    assert_eq!((&all["days"], &all["mean"]), (&Value::Null, &30.01.into()));
    let value = &report["measured"][0];
    assert_eq!((&value["at"], &value["people"]), (&"pay".into(), &1.into()));
}

#[test]
fn what_nobody_consented_to_never_enters_and_its_share_is_told() {
    let manifest = MANIFEST.replace("    event: name\n", "    event: name\n    consent: ok == \"yes\"\n");
    let data: String = (0..)
        .zip(DATA.lines())
        .map(|(at, line)| match at {
            0 => format!("{line},ok\n"),
            // b never agrees, and a not to the last purchase
            _ if line.contains(",b,") || line.contains("20.00") => format!("{line},no\n"),
            _ => format!("{line},yes\n"),
        })
        .collect();
    let dir = project(&[("waypost.yaml", &manifest), ("a.journey", &SPEC.to_owned()), ("ev.csv", &data)]);
    let report = json(&dir);
    let rows = &report["rows"];
    assert_eq!(
        (&rows["read"], &rows["used"], &rows["filtered"], &rows["without_consent"]),
        (&11.into(), &7.into(), &4.into(), &4.into())
    );
    assert!((rows["unseen"].as_f64().unwrap() - 4.0 / 11.0).abs() < 1e-12);
    assert_eq!((&report["people"], &report["attributions"][0]["money"]), (&3.into(), &1001.into()));
    let text = waypost(&dir).args(["analyze"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("these numbers cannot see 36.4% of the events asked for"), "{text}");
    // where the data says nothing of consent, nothing is told of it
    let rows = &json(&shop())["rows"];
    assert_eq!((&rows["without_consent"], &rows["unseen"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_score_stands_beside_the_share_that_answered() {
    let spec = SPEC.replace("seen by viewed }", "seen by viewed; measured by nps }");
    let spec = format!(
        "{spec}event answered {{ named \"Answer\" }}\nmetric nps \"Score\" {{ nps of answered.score within 30 days; higher is better }}\n"
    );
    let manifest = MANIFEST.replace("amount: money }", "amount: money, score: number }");
    let mut data: String =
        (0..).zip(DATA.lines()).map(|(at, l)| format!("{l},{}\n", if at == 0 { "score" } else { "" })).collect();
    // of a, b and c, who saw the page, a and b answer: 10 and 4
    data += "2026-01-06T10:00:00Z,a,Answer,25,,,10\n2026-01-06T10:00:00Z,b,Answer,40,,,4\n";
    let dir = project(&[("waypost.yaml", &manifest), ("a.journey", &spec), ("ev.csv", &data)]);
    let report = json(&dir);
    let all = report["measured"].as_array().unwrap();
    let at = |who: &str| {
        all.iter().find(|m| m["metric"] == "nps" && m["who"] == who).unwrap_or_else(|| panic!("{who}: {all:?}"))
    };
    for (who, score, answered, came) in [("everybody", 0.0, 2, 3), ("young", 100.0, 1, 2), ("old", -100.0, 1, 1)] {
        let (m, response) = (at(who), &at(who)["response"]);
        let told = (m["value"].as_f64(), &response["hits"], &response["of"]);
        assert_eq!(told, (Some(score), &answered.into(), &came.into()), "{who}");
    }
    let value = all.iter().find(|m| m["metric"] == "value").unwrap();
    assert_eq!(value["response"], Value::Null, "money is not asked for");
}

#[test]
fn gaps_are_told_by_persona_and_by_the_audience_of_an_experiment() {
    let more = r#"
team us "Us"
metric pays "Pays" { share of paid within 7 days; higher is better }
audience phones "On a phone" { where device == "phone" }
audience others "Nobody tests these" { where device == "tablet" }
experiment button "Button" {
  at page
  because "It is seen"
  owner us
  runs from 2026-03-02 to 2026-03-29
  status draft
  unit user
  audience phones
  variant control "Blue" 50% { set colour to "blue" }
  variant red "Red" 50% { set colour to "red" }
  primary pays expects +20%
  method fixed with level 5% and power 80%
}
"#;
    let dir = project(&[("waypost.yaml", MANIFEST), ("a.journey", &format!("{SPEC}{more}")), ("ev.csv", DATA)]);
    let report = json(&dir);
    let gaps: Vec<_> = report["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| (&g["what"], &g["who"], &g["measured"], &g["short"]))
        .collect();
    let of = |what: &str, who: &str| {
        let found: Vec<_> = gaps.iter().filter(|g| g.0 == what && g.1 == who).collect();
        assert!(found.len() == 1, "{what} {who}: {gaps:?}");
        (found[0].2.as_f64().unwrap(), found[0].3.as_bool().unwrap())
    };
    // of a, b and c whose five days are over only a moved on; of those on a phone a did and b did not
    assert_eq!(of("target", "everybody"), (1.0 / 3.0, true));
    assert_eq!(of("target", "young"), (0.5, false));
    assert_eq!(of("target", "old"), (0.0, true));
    assert_eq!(of("target", "audience phones"), (0.5, false));
    // a's parcel came after 47 hours and 50 minutes, in three days
    for who in ["everybody", "young", "audience phones"] {
        assert_eq!(of("promise", who), (172_200.0, false), "{who}");
    }
    assert!(gaps.iter().all(|g| g.1 != "audience others" && (g.0 != "promise" || g.1 != "old")), "{gaps:?}");
    // what is told of everybody does not change by it
    let alone = json(&shop());
    for part in ["touchpoints", "funnels", "requirements", "conformance", "paths", "sales"] {
        assert_eq!(report[part], alone[part], "{part}");
    }
}

#[test]
fn a_gap_fails_where_asked() {
    let dir = shop();
    let calm = waypost(&dir).args(["analyze", "--format", "csv"]).output().unwrap();
    assert_eq!(calm.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&calm.stdout).contains("require,Required,,1,page,at least,60%"));
    let strict = waypost(&dir).args(["analyze", "--fail-on-gap"]).output().unwrap();
    assert_eq!(strict.status.code(), Some(1));
    let said = String::from_utf8(strict.stderr).unwrap();
    assert_eq!(said, "gap: `shop` requires at least 60.0 % from `page` to `pay` for everybody; it is 33.3 %\n");
}

#[test]
fn every_form_is_written_and_the_same_at_any_number_of_threads() {
    let dir = shop();
    for form in ["text", "markdown", "html", "csv", "json"] {
        let run = |threads: &str| {
            let out = waypost(&dir).env("RAYON_NUM_THREADS", threads).args(["analyze", "--format", form]).output();
            let out = out.unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            String::from_utf8(out.stdout).unwrap()
        };
        let one = run("1");
        assert_eq!(one, run("4"), "{form}");
        assert!(one.contains("Blog"), "{form}");
    }
}

#[test]
fn without_data_it_says_what_to_do() {
    let manifest = MANIFEST.split("data:").next().unwrap();
    let dir = project(&[("waypost.yaml", manifest), ("a.journey", SPEC)]);
    let out = waypost(&dir).arg("analyze").output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("names no data"));
    let wrong = waypost(&shop()).args(["analyze", "--journey", "nowhere"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

/// Two hundred people look, sixty pay 50 EUR each, all long ago.
fn crowd() -> TempDir {
    let mut data = "ts,uid,name,age,device,amount\n".to_owned();
    for person in 0..200 {
        data.push_str(&format!(
            "2026-01-{:02}T10:00:00Z,u{person},View,{},phone,\n",
            1 + person % 20,
            20 + person % 40
        ));
        if person % 10 < 3 {
            data.push_str(&format!("2026-01-{:02}T11:00:00Z,u{person},Pay,30,phone,50.00\n", 1 + person % 20));
        }
    }
    data.push_str("2026-02-01T00:00:00Z,late,Ad,30,phone,\n");
    project(&[("waypost.yaml", MANIFEST), ("a.journey", SPEC), ("ev.csv", &data)])
}

#[test]
fn insights_rank_losses_and_suggest_pains_as_a_patch() {
    let dir = crowd();
    let out = waypost(&dir).args(["analyze", "--insights", "--format", "json"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let insights = serde_json::from_slice::<Value>(&out.stdout).unwrap()[0].clone();
    let loss = insights["losses"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["who"] == "everybody" && l["stage"] == "look")
        .unwrap();
    assert_eq!(
        (&loss["lost"]["hits"], &loss["lost"]["of"], &loss["above_target"]),
        (&140.into(), &200.into(), &40.into())
    );
    // 140 who did not, at 50 EUR for each who reached the next stage
    assert_eq!(loss["money"][0], 7000.0);
    assert_eq!((&loss["rank_by_people"], &loss["worst"]), (&1.into(), &"page".into()));
    let pain = &insights["pains"][0];
    assert_eq!((&pain["at"], &pain["id"], &pain["kind"]), (&"page".into(), &"look-left".into(), &"leaving".into()));
    let test = &insights["experiments"][0];
    // 30 % against the target of 50 %: Fleiss's 93 an arm, at 200 people in 32 days
    assert_eq!((&test["at"], &test["units_each"], &test["days"]), (&"page".into(), &93.into(), &35.into()));

    let shown = waypost(&dir).args(["analyze", "--insights"]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("+      pain look-left \"70 % of those in Look do not reach Buy\" {"), "{shown}");
    let before = std::fs::read_to_string(dir.path().join("a.journey")).unwrap();
    assert_eq!(before, SPEC, "never silently");
    let written = waypost(&dir).args(["analyze", "--insights", "--write"]).output().unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let after = std::fs::read_to_string(dir.path().join("a.journey")).unwrap();
    assert!(after.contains("pain look-left") && after.contains("found in data on 2026-02-01"), "{after}");
    let again = waypost(&dir).args(["analyze", "--insights", "--format", "json"]).output().unwrap();
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again[0]["pains"].as_array().unwrap().iter().filter(|p| p["at"] == "page").count(), 0);
}

/// The golden vectors of ordered funnels: windows of 60 seconds, one person a row, steps A, B, C.
fn golden() -> TempDir {
    let people = [
        ("newest", "A0 A30 B45 C75"),
        ("inclusive", "A0 B60"),
        ("late", "A0 B61"),
        ("gap", "A0 B10 A50 C100"),
        ("last", "A0 A10 A20 B25"),
        ("double", "A0 B5 B20 C30"),
        ("again", "D0"),
        ("open", "A990 B995"),
    ];
    let mut data = "uid,ts,name\n".to_owned();
    for (who, events) in people {
        for event in events.split_whitespace() {
            let at: u32 = event[1..].parse().unwrap();
            data.push_str(&format!("{who},2026-01-01T00:{:02}:{:02}Z,{}\n", at / 60, at % 60, &event[..1]));
        }
    }
    data.push_str("nobody,2026-01-01T00:16:40Z,X\n");
    let spec = r#"
journey j "J" {
  for p
  starts "a"
  ends "b"
  stage s "S" {
    phase sale
    touchpoint a "A" { channel c; seen by ea }
    touchpoint b "B" { channel c; seen by eb }
    touchpoint c "C" { channel c; seen by ec }
    touchpoint d "D" { channel c; seen by ed }
    touchpoint d-again "D again" { channel c; seen by ed }
    touchpoint x "X" { channel c; seen by ex }
  }
  funnel abc "A to C" { steps a > b > c; within 60 seconds }
  funnel dd "D and D" { steps d > d-again; within 60 seconds }
}
persona p "P"
channel c "C" { kind online }
event ea { named "A" }
event eb { named "B" }
event ec { named "C" }
event ed { named "D" }
event ex { named "X" }
"#;
    let manifest = "name: t\ntime_zone: UTC\nunits: { user: uid }\nprivacy: { smallest_cell: 1 }\ndata:\n  - events: ev.csv\n    time: ts\n    event: name\n";
    project(&[("waypost.yaml", manifest), ("a.journey", spec), ("ev.csv", data.as_str())])
}

fn like(dir: &TempDir, tool: &str) -> Value {
    let args = ["analyze", "--like", tool, "--explain-difference", "--format", "json"];
    let out = waypost(dir).args(args).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn other_tools_rules_are_told_beside_ours() {
    let dir = golden();
    let steps = |told: &Value, funnel: &str| -> Vec<(u64, u64)> {
        let funnel = by(&told["funnels"], "funnel", funnel);
        let pair = |s: &Value| (s[1].as_u64().unwrap(), s[2].as_u64().unwrap());
        funnel["steps"].as_array().unwrap().iter().map(pair).collect()
    };
    let named = |told: &Value, funnel: &str| -> Vec<(String, String)> {
        let rules = by(&told["funnels"], "funnel", funnel)["differences"].as_array().unwrap().clone();
        let units = |r: &Value| {
            let rule = r["rule"].as_str().unwrap().to_owned();
            r["examples"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |e| (e["unit"].as_str().unwrap().to_owned(), rule.clone()))
                .collect::<Vec<_>>()
        };
        rules.iter().flat_map(units).collect()
    };
    let open = "people whose time is not over count as if it were".to_owned();
    let posthog = like(&dir, "posthog");
    assert_eq!(steps(&posthog, "abc"), [(6, 7), (5, 6), (2, 2)]);
    assert_eq!(named(&posthog, "abc"), [("open".to_owned(), open.clone())]);
    let mixpanel = like(&dir, "mixpanel");
    assert_eq!(steps(&mixpanel, "abc"), [(6, 7), (5, 6), (2, 1)], "the clock starts at the first A");
    let first = "the clock starts at the first of the first steps, and no later attempt counts".to_owned();
    assert_eq!(named(&mixpanel, "abc"), [("open".to_owned(), open.clone()), ("newest".to_owned(), first)]);
    let clickhouse = like(&dir, "clickhouse");
    assert_eq!(steps(&clickhouse, "abc"), [(6, 7), (5, 6), (2, 2)]);
    assert_eq!(steps(&clickhouse, "dd"), [(1, 1), (0, 1)], "one D fills both steps");
    assert_eq!(
        named(&clickhouse, "dd"),
        [("again".to_owned(), "one event may fill several steps in a row".to_owned())]
    );
    let schema = waypost::cli::schema::SCHEMAS.iter().find(|s| s.name == "like").unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(schema.json).unwrap()).unwrap();
    for told in [&posthog, &mixpanel, &clickhouse] {
        let wrong: Vec<String> = schema.iter_errors(told).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let text = waypost(&dir).args(["analyze", "--like", "growthbook"]).output().unwrap();
    assert!(String::from_utf8(text.stdout).unwrap().contains("A to C as GrowthBook counts"));
}
