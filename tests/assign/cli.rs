//! `waypost assign`, `export` and `import` as people meet them.

use std::fs;
use std::path::Path;

use snapbox::cmd::Command;
use snapbox::str;

fn waypost(dir: &Path) -> Command {
    Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear().env("SOURCE_DATE_EPOCH", "1796083200").current_dir(dir)
}

const SHOP: &str = r#"
journey shop "Shop" {
  for anna
  stage buying "Buying" {
    phase sale
    touchpoint checkout "Checkout" { channel web; owner growth 100%; seen by checkout-viewed }
  }
}
persona anna "Anna" { behavioural "Buys" }
team growth "Growth"
channel web "Web" { kind online }
event checkout-viewed { named "viewed" }
event paid { named "paid" }
metric paid-rate "Paid" { share of paid within 7 days; higher is better }
audience iberia "Iberia" { where country in ("PT", "ES") and age >= 18 }
layer page "The page"
holdout global "Never" { takes 5% }
experiment cta "The button" {
  at shop.checkout
  because "Short words sell"
  owner growth
  runs from 2026-11-02 to 2026-11-29
  status running
  unit user
  audience iberia
  traffic 80%
  layer page takes 50%
  variant control "Old" 50% { set cta to "Continue" }
  variant short "Short" 50% { set cta to "Buy" }
  primary paid-rate expects +5%
  method fixed with level 5% and power 80%
}
experiment later "Later" {
  at shop.checkout
  because "To be seen"
  owner growth
  runs from 2026-12-07 to 2027-01-03
  status draft
  unit user
  variant control "Old" 50%
  variant new "New" 50%
  primary paid-rate expects +5%
  method fixed with level 5% and power 80%
}
"#;

/// Returns a folder that holds a project.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "name: shop\nunits: { user: user_id }\nattributes: { country: text, age: number }\n";
    fs::write(folder.path().join("waypost.yaml"), manifest).unwrap();
    fs::write(folder.path().join("shop.journey"), SHOP).unwrap();
    folder
}

#[test]
fn units_of_a_table_are_assigned_from_the_project() {
    let shop = shop();
    let units =
        "user_id,country,age\nu1,PT,30\nu2,PT,30\n\"u,3\",ES,17\nu4,PL,30\nżu,PT,30\n,PT,30\nu7,ES,40\nu12,ES,40\n";
    fs::write(shop.path().join("units.csv"), units).unwrap();
    waypost(shop.path())
        .args(["assign", "cta", "--units", "units.csv"])
        .assert()
        .code(1)
        .stdout_eq(str![[r#"
unit,experiment,variant,bucket,reason
u1,cta,,9366,outside-traffic
u2,cta,,9332,outside-layer
"u,3",cta,,1224,outside-layer
u4,cta,,102,outside-layer
u7,cta,short,7417,assigned
u12,cta,,7217,outside-layer

"#]])
        .stderr_eq(str![[r#"
error: 2 ids were refused
  line 6, column `user_id`: an id must be ASCII, since SDKs hash other characters differently; percent-encode ids here and in the product
  line 7, column `user_id`: an empty id belongs to nobody; leave the row out or give the unit an id

"#]]);
    waypost(shop.path())
        .args(["assign", "--unit", "u1", "--with", "country=PT", "--with", "age=30"])
        .assert()
        .success()
        .stdout_eq(str![[r#"
unit,experiment,variant,bucket,reason
u1,cta,,9366,outside-traffic
u1,later,,,not-running

"#]]);
    waypost(shop.path())
        .args(["assign", "later", "--as-running", "--unit", "u1", "--format", "ndjson"])
        .assert()
        .success()
        .stdout_eq(str![[r#"
{"unit":"u1","experiment":"later","variant":"new","bucket":7767,"reason":"assigned"}

"#]]);
    waypost(shop.path())
        .args(["assign", "cta", "--units", "-", "--no-header", "--encode"])
        .stdin("jos\u{e9}\nu1\n")
        .assert()
        .success()
        .stdout_eq(str![[r#"
unit,experiment,variant,bucket,reason
jos%C3%A9,cta,,7176,outside-layer
u1,cta,,9366,outside-audience

"#]]);
}

#[test]
fn the_exported_payload_assigns_as_the_project() {
    let shop = shop();
    waypost(shop.path()).args(["export", "growthbook", "-o", "payload.json"]).assert().success();
    let ids: String = (0..500).map(|n| format!("{{\"user_id\":\"u{n}\",\"country\":\"PT\",\"age\":20}}\n")).collect();
    fs::write(shop.path().join("units.ndjson"), ids).unwrap();
    let rows = |more: &[&str]| {
        let out = waypost(shop.path()).args(["assign", "--units", "units.ndjson"]).args(more).output().unwrap();
        assert!(out.status.success());
        String::from_utf8(out.stdout).unwrap()
    };
    let of_project = rows(&[]);
    assert_eq!(of_project, rows(&["--payload", "payload.json"]));
    assert_eq!(of_project.lines().count(), 1_001);
    assert!(of_project.contains(",short,") && of_project.contains(",control,"));
}

#[test]
fn what_is_exported_can_be_imported() {
    let shop = shop();
    waypost(shop.path()).args(["export", "growthbook", "-o", "payload.json"]).assert().success();
    waypost(shop.path()).args(["import", "growthbook", "payload.json"]).assert().code(1).stderr_eq(str![[r#"
the manifest needs:
units: { user: user_id }
attributes: { age: number, country: text }
note: feature `later` runs no experiment; it is left out

"#]]);
    waypost(shop.path()).args(["export", "flagd"]).assert().success();
}

#[test]
fn wrong_use_is_told() {
    let shop = shop();
    fs::write(shop.path().join("a.csv"), "a,b\n1,2\n").unwrap();
    fs::write(shop.path().join("p.json"), "[]").unwrap();
    waypost(shop.path()).args(["assign", "nope", "--unit", "u1"]).assert().code(2).stderr_eq(str![[r#"
error: there is no experiment `nope`
help: the payload has `cta`, `later`

"#]]);
    waypost(shop.path()).args(["assign", "--units", "a.csv"]).assert().code(2).stderr_eq(str![[r#"
error: the units have no column `user_id`, which `cta` assigns by
help: name the column of the ids with --column NAME, or the experiments to assign

"#]]);
    waypost(shop.path()).args(["assign", "--units", "no.csv"]).assert().code(2).stderr_eq(str![[r#"
error: cannot read `no.csv`: no such file or directory

"#]]);
    waypost(shop.path()).args(["assign", "--payload", "p.json", "--unit", "u"]).assert().code(2).stderr_eq(str![[r#"
error: cannot read `p.json`: a payload is a JSON object with `features`

"#]]);
    waypost(shop.path()).args(["assign", "--unit", "jos\u{e9}", ""]).assert().code(1).stderr_eq(str![[r#"
error: 2 ids were refused
  `josé`: an id must be ASCII, since SDKs hash other characters differently; percent-encode ids here and in the product
  ``: an empty id belongs to nobody; leave the row out or give the unit an id

"#]]);
}
