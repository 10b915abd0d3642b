//! `verify`: a page holds until its bytes, its specs or its data change.

use super::{project, waypost};
use serde_json::Value;
use tempfile::TempDir;

const MANIFEST: &str = "name: shop\nunits: { user: user_id }\n\
    data:\n  - { events: \"data/*.csv\", time: ts, event: event, id: row, variant: variant }\n";

const SPEC: &str = r#"
journey buy "Buying" {
  for anybody
  sale at order
  stage purchase "Buying" {
    phase sale
    touchpoint cart "Cart" { channel web; seen by cart-viewed }
    touchpoint order "Order" { channel web; seen by order-paid }
  }
}
persona anybody "Anybody"
team us "Us"
channel web "Web"
event cart-viewed { named "Cart" }
event order-paid { named "Order" }
metric orders "Orders" { share of order-paid within 3 days; higher is better }
experiment wallet "Wallet" {
  at buy.cart
  because "Fewer fields"
  owner us
  runs from 2026-01-05 to 2026-01-18
  status running
  unit user
  variant control "Form" 50% { set pay to "form" }
  variant new "Wallet" 50% { set pay to "wallet" }
  primary orders expects +10%
  method fixed with level 5% and power 80%
}
"#;

const EVENTS: &str = "row,ts,user_id,event,variant\n1,2026-01-05T10:00:00Z,a,Cart,control\n\
    2,2026-01-05T11:00:00Z,a,Order,\n3,2026-01-06T10:00:00Z,b,Cart,new\n";

fn built() -> TempDir {
    let dir = project(&[("waypost.yaml", MANIFEST), ("shop.journey", SPEC), ("data/it's <one>.csv", EVENTS)]);
    waypost(&dir).args(["build", "--today", "2026-01-10"]).assert().code(0);
    dir
}

/// Returns the answer and the exit code.
fn asked(dir: &TempDir, args: &[&str]) -> (Value, i32) {
    let args = [&["verify", "--format", "json"], args].concat();
    let output = waypost(dir).args(args).output().unwrap();
    let answer = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    super::schemas::holds_as("verify", &answer);
    (answer, output.status.code().unwrap())
}

#[test]
fn every_page_of_a_build_holds_and_is_made_again_byte_for_byte() {
    let dir = built();
    for page in ["map-buy.html", "map-buy.md", "test-wallet.html", "test-wallet.md"] {
        let (answer, code) = asked(&dir, &[&format!("out/{page}")]);
        assert_eq!((code, &answer["holds"], &answer["made_again"]), (0, &true.into(), &true.into()), "{answer:#}");
        assert_eq!(answer["data"][0]["file"], "data/it's <one>.csv");
    }
    for page in ["index.html", "index.md"] {
        let (answer, code) = asked(&dir, &[&format!("out/{page}")]);
        assert_eq!((code, &answer["holds"], &answer["made_again"]), (0, &true.into(), &Value::Null), "{answer:#}");
    }
}

#[test]
fn a_single_page_holds_wherever_it_lies() {
    let dir = built();
    let elsewhere = tempfile::tempdir().unwrap();
    let page = elsewhere.path().join("sent on.html");
    let page = page.to_str().unwrap();
    waypost(&dir).args(["report", "wallet", "--to", "html", "--today", "2026-01-10", "-o", page]).assert().code(0);
    let (answer, code) = asked(&dir, &[page, "--project", "."]);
    assert_eq!((code, &answer["made_again"]), (0, &true.into()), "{answer:#}");
    assert_eq!(std::fs::read(page).unwrap(), std::fs::read(dir.path().join("out/test-wallet.html")).unwrap());
}

#[test]
fn what_changed_is_named() {
    let changed = |path: &str, text: &str| {
        let dir = built();
        std::fs::write(dir.path().join(path), text).unwrap();
        let (answer, code) = asked(&dir, &["out/test-wallet.html"]);
        assert_eq!((code, &answer["holds"]), (1, &false.into()), "{answer:#}");
        answer
    };
    let data = changed("data/it's <one>.csv", &format!("{EVENTS}4,2026-01-06T11:00:00Z,b,Order,\n"));
    assert_eq!((&data["data"][0]["state"], &data["specs"]), (&"changed".into(), &true.into()));
    let more = changed("data/two.csv", EVENTS);
    assert_eq!(more["data"][1], serde_json::json!({ "file": "data/two.csv", "state": "new" }));
    let specs = changed("shop.journey", &SPEC.replace("Fewer fields", "Fewer fields, fewer errors"));
    assert_eq!((&specs["specs"], &specs["bytes"]), (&false.into(), &true.into()));
    let dir = built();
    let page = std::fs::read_to_string(dir.path().join("out/test-wallet.html")).unwrap();
    let page = changed("out/test-wallet.html", &page.replace("Fewer fields", "Fewer fees"));
    assert_eq!((&page["bytes"], &page["specs"], &page["made_again"]), (&false.into(), &true.into(), &false.into()));
    std::fs::remove_file(dir.path().join("data/it's <one>.csv")).unwrap();
    let (gone, code) = asked(&dir, &["out/map-buy.html"]);
    assert!(code == 1 && gone["data_unknown"].as_str().unwrap().contains("matches no file"), "{gone:#}");
}

#[test]
fn other_data_is_read_by_the_same_columns() {
    let dir = built();
    std::fs::create_dir(dir.path().join("more")).unwrap();
    let twice = EVENTS.replace(",b,", ",c,") + "4,2026-01-06T11:00:00Z,d,Cart,new\n";
    std::fs::write(dir.path().join("more/x.csv"), twice).unwrap();
    let report = |args: &[&str]| {
        let args = [&["report", "wallet", "--today", "2026-01-10", "--to", "json"], args].concat();
        let output = waypost(&dir).args(args).assert().code(0).get_output().stdout.clone();
        serde_json::from_slice::<Value>(&output).unwrap()["arms"][1]["units"].clone()
    };
    assert_eq!([report(&[]), report(&["--events", "more/x.csv"])], [Value::from(1), Value::from(2)]);
    let page = ["report", "wallet", "--today", "2026-01-10", "--to", "html", "--events", "more/*.csv", "-o", "x.html"];
    waypost(&dir).args(page).assert().code(0);
    let (answer, code) = asked(&dir, &["x.html"]);
    assert_eq!((code, &answer["data"][1]["state"]), (1, &"missing".into()), "{answer:#}");
    assert_eq!(asked(&dir, &["x.html", "--events", "more/*.csv"]).1, 0);
    let refused = waypost(&dir).args(["report", "wallet", "--tallies", "more/x.csv"]).assert().code(2);
    let told = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(told.contains("does not say how tallies are read"), "{told}");
}

#[test]
fn a_page_without_a_seal_cannot_be_told() {
    let dir = built();
    std::fs::write(dir.path().join("x.html"), "<!doctype html>\n<p>x").unwrap();
    let output = waypost(&dir).args(["verify", "x.html"]).assert().code(2).get_output().clone();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("`x.html` does not say what it was made from"), "{told}");
    let said = waypost(&dir).args(["verify", "out/map-buy.html"]).assert().code(0).get_output().stdout.clone();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("the map `buy` of 2026-01-10") && said.ends_with("it holds\n"), "{said}");
}

#[test]
fn a_map_that_tells_what_changed_since_the_build_before_holds() {
    let dir = built();
    let help = "    touchpoint help \"Help\" { channel web; seen by cart-viewed }\n    touchpoint order";
    std::fs::write(dir.path().join("shop.journey"), SPEC.replace("    touchpoint order", help)).unwrap();
    waypost(&dir).args(["build", "--today", "2026-01-10"]).assert().code(0);
    let map = std::fs::read_to_string(dir.path().join("out/map-buy.html")).unwrap();
    assert!(map.contains("id=\"changed\"") && map.contains("touchpoints <b class=\"fig\">2</b>"), "{map}");
    for page in ["out/map-buy.html", "out/map-buy.md"] {
        let (answer, code) = asked(&dir, &[page]);
        assert_eq!((code, &answer["holds"]), (0, &Value::Bool(true)), "{answer:#}");
    }
}
