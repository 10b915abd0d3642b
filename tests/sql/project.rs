//! Projects and events drawn by a seed: [`Drawn`].
use std::fmt::Write;
use std::path::Path;
use waypost::model::Model;
use waypost::source::Sources;

/// A small generator of numbers; the same seed draws the same on every machine.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    pub(super) fn roll(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u64) as usize]
    }
}

/// A project and its events.
pub(super) struct Drawn {
    pub(super) manifest: String,
    pub(super) spec: String,
    pub(super) csv: String,
    /// The types of the columns that are no texts.
    pub(super) types: Vec<(&'static str, &'static str)>,
}

/// What a metric may be; every shape of tally and every way to make a number of a unit's events.
const METRICS: [&str; 16] = [
    "share of paid WINDOW",
    "share without paid WINDOW",
    "average of sum paid.amount per unit WINDOW",
    "average of sum paid.amount per unit WINDOW\n  cap at percentile 90%",
    "average of sum paid.amount per unit WINDOW\n  cap at 40",
    "average of sum paid.amount per unit WINDOW\n  adjust with 5 days before",
    "average of sum paid.amount per unit WINDOW\n  adjust with 5 days before\n  cap at percentile 95%",
    "average of count paid per unit WINDOW",
    "average of max paid.amount per unit WINDOW",
    "average of sum viewed.load per unit WINDOW",
    "average of last viewed.load per unit WINDOW",
    "ratio of sum paid.amount to count paid WINDOW",
    "time to paid WINDOW",
    "quantile 50% of paid.amount WINDOW",
    "quantile 90% of viewed.load WINDOW",
    "nps of asked.score WINDOW",
];

/// What an event may have to meet besides its name.
const CONDITIONS: [&str; 9] = [
    "status == \"ok\"",
    "status != \"failed\"",
    "not (status == \"failed\" or status == \"void\")",
    "status in (\"ok\", \"held\")",
    "status matches \"^(ok|he)\"",
    "status exists",
    "amount > 12.5 and member == true",
    "status >= \"held\"",
    "amount < 60 or member != true",
];

impl Drawn {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let local = dice.roll(4) == 0;
        let zone = dice.pick(&["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kolkata"]);
        let id = dice.roll(2) == 0;
        let manifest = manifest(zone, if local { "UTC" } else { zone }, id, seed % 2 == 1);
        let types = vec![
            ("ts", if local { "local" } else { "time" }),
            ("amount", "number"),
            ("load", "number"),
            ("score", "number"),
            ("age", "number"),
            ("member", "truth"),
        ];
        Self { manifest, spec: spec(&mut dice), csv: log(&mut dice, local), types }
    }

    pub(super) fn model(&self) -> Model {
        model(&self.manifest, &self.spec)
    }

    pub(super) fn write(&self, folder: &Path) -> std::path::PathBuf {
        let path = folder.join("ev.csv");
        std::fs::write(&path, &self.csv).unwrap();
        path
    }
}

/// Returns the model of a manifest and a spec; panics with the findings.
pub(super) fn model(manifest: &str, spec: &str) -> Model {
    let mut sources = Sources::default();
    let (read, findings) = waypost::resolve::manifest(sources.add("waypost.yaml", manifest), manifest);
    let read = read.unwrap_or_else(|| panic!("{findings:?}\n{manifest}"));
    let parsed = waypost::syntax::parse(sources.add("a.journey", spec), spec);
    let resolution = waypost::resolve::resolve(&read, &[parsed.tree]);
    let said: Vec<_> = parsed.diagnostics.iter().chain(&resolution.diagnostics).map(|d| d.message.clone()).collect();
    resolution.model.unwrap_or_else(|| panic!("{said:?}\n{spec}"))
}

fn manifest(zone: &str, of_data: &str, id: bool, asks: bool) -> String {
    let consent = if asks { "\n    consent: \"agreed==yes\"" } else { "" };
    let id = if id { "\n    id: id" } else { "" };
    format!(
        "name: t
time_zone: {zone}
currency: EUR
units: {{ user: uid }}
attributes: {{ age: number, country: text, member: boolean }}
properties: {{ amount: money, status: text, load: number, score: number }}
data:
  - events: ev.csv
    table: ev
    time: ts
    event: name{id}
    time_zone: {of_data}
    variant: arm
    experiment_by: test
    variants: {{ blue: control }}
    where: country != \"XX\"{consent}
"
    )
}

fn spec(dice: &mut Dice) -> String {
    let window = |dice: &mut Dice| match dice.roll(4) {
        0 => "within 60 days".to_owned(),
        n => format!("within {} days", 1 + n * dice.roll(4)),
    };
    let (mut metrics, mut names) = (String::new(), Vec::new());
    for (at, metric) in METRICS.iter().enumerate() {
        if dice.roll(3) == 0 && at > 0 {
            continue;
        }
        let window = window(dice);
        let better = if metric.starts_with("time") { "lower" } else { "higher" };
        let text = metric.replace("WINDOW", &window);
        let _ = writeln!(metrics, "metric m{at} \"M {at}\" {{\n  {text}\n  {better} is better\n}}");
        names.push(format!("m{at}"));
    }
    metrics.push_str("metric deep \"Deep\" { steps all; higher is better }\n");
    names.push("deep".to_owned());
    // Any of them decides, so that each is counted beside the other experiment, and those that can be by age.
    let decides = dice.roll(names.len() as u64) as usize;
    names.rotate_left(decides);
    let (primary, secondary) = names.split_first().unwrap();
    let paid = dice.pick(&CONDITIONS);
    let second = dice.pick(&["", "\n  named \"Pay Late\"", "\n  named \"View\" where amount exists"]);
    let segments = dice.pick(&["country", "country, persona", "persona, age, member", "member"]);
    let target = dice.pick(&["", "target 50% move on within 2 days"]);
    format!(
        r#"
journey shop "Buying" {{
  for young, old
  sale at pay
  stage look "Look" {{
    phase pre-sale
    {target}
    touchpoint page "Page" {{ channel web; seen by viewed }}
    touchpoint poll "Poll" {{ channel web; seen by asked; measured by m0 }}
  }}
  stage buy "Buy" {{
    phase sale
    touchpoint pay "Pay" {{ channel web; seen by paid }}
  }}
  stage get "Get" {{
    phase post-sale
    touchpoint parcel "Parcel" {{ channel web; seen by delivered; promise within 3 days of pay }}
  }}
{funnels}}}
channel web "Web" {{ kind online }}
team us "Us"
persona young "Young" {{ share 50%; where age < 30 }}
persona old "Old" {{ share 50%; where age >= 30 and country != "FR" }}
event viewed {{ named "View" }}
event paid {{
  named "Pay" where {paid}{second}
}}
event delivered {{ named "Deliver" }}
event asked {{ named "Ask" }}
{metrics}
experiment button "Button" {{
  at page
  because "It is seen"
  owner us
  runs from 2026-03-20 to 2026-04-05
  status running
  unit user
  variant red "Red" 50% {{ set colour to "red" }}
  variant control "Blue" 50% {{ set colour to "blue" }}
  primary {primary}
  secondary {secondary}
  segments {segments}
  method fixed with level 5% and power 80%
}}
experiment other "Other" {{
  at page
  because "It is seen too"
  owner us
  runs from 2026-03-17 to 2026-04-01
  status running
  unit user
  variant red "Red" 50% {{ set size to "large" }}
  variant control "Blue" 50% {{ set size to "small" }}
  primary {primary}
  method fixed with level 5% and power 80%
}}
"#,
        secondary = secondary.join(", "),
        funnels = funnels(dice),
    )
}

/// Rules of funnels that no query knows: the engine walks what the warehouse gives.
const RULES: [&str; 7] = [
    "order any\n    within 8 days",
    "order directly ignoring asked\n    within 20 days\n    attempt first",
    "within 6 days\n    fail people who asked between page and pay\n    attempt every",
    "within 12 days\n    drop people who asked between page and pay\n    by country last known",
    "may start anywhere\n    within 10 days\n    count sessions",
    "within 15 days\n    count status\n    by age, member first known",
    "within 9 days\n    clock tolerance 2 hours\n    for each persona",
];

/// What else a map may be asked.
const ASKED: &str = r#"
  attribution of pay by paid.amount { look back 9 days; models first, linear }
  handover from "PT" to "FR" by country at page
  paths from page
  paths into pay
  require at least 5% from page to pay
"#;

/// Draws a funnel that the metric `deep` measures, and others.
fn funnels(dice: &mut Dice) -> String {
    let steps =
        dice.pick(&["page > pay", "page > pay > parcel", "page > optional poll > pay > parcel", "page > poll > pay"]);
    let within = dice.pick(&["", "within 3 days", "within 8 days", "within 20 days"]);
    let each = dice.pick(&["", "within 2 days of previous step"]);
    let attempt = dice.pick(&["", "attempt first"]);
    let first = format!("  funnel all \"All\" {{\n    steps {steps}\n    {within}\n    {each}\n    {attempt}\n  }}\n");
    let at = dice.roll(RULES.len() as u64) as usize;
    let others = [at, at + 1, at + 2].map(|at| {
        let rule = RULES[at % RULES.len()];
        format!("  funnel f{0} \"F {0}\" {{\n    steps page > pay > parcel\n    {rule}\n  }}\n", at % RULES.len())
    });
    first + &others.concat() + ASKED
}

/// Draws a log of 500 rows of 40 people over 24 days around a change of the clocks.
///
/// No two rows of a person share an instant unless they are the same row twice: what comes first then is the file's
/// business, which a table has not.
fn log(dice: &mut Dice, local: bool) -> String {
    let mut text = "id,ts,uid,name,arm,test,age,country,member,amount,status,load,score,agreed\n".to_owned();
    let mut taken = std::collections::BTreeSet::new();
    let mut rows: Vec<String> = Vec::new();
    for i in 0..500 {
        let unit = dice.roll(40);
        let minute = loop {
            let minute = (dice.roll(24 * 48) * 30) as i64;
            if taken.insert((unit, minute)) {
                break minute;
            }
        };
        let stamp = jiff::Timestamp::from_second(1_773_532_800 + minute * 60).unwrap().to_string();
        let stamp = if local { stamp.trim_end_matches('Z').replace('T', " ") } else { stamp };
        let name = dice.pick(&["View", "View", "Pay", "Pay", "Pay Late", "Deliver", "Ask", "Else"]);
        let arm = match (name, dice.roll(24)) {
            ("View", 0) => "green",
            ("View", 1) => "red",
            ("View", 2) => "control",
            ("View", 3) => "",
            ("View", n) => [["red", "red"], ["control", "blue"]][(unit % 2) as usize][(n % 2) as usize],
            _ => "",
        };
        let test = if arm.is_empty() { "" } else { dice.pick(&["button", "button", "button", "other"]) };
        let age = if dice.roll(2) == 0 { (20 + unit % 20).to_string() } else { String::new() };
        let country = dice.pick(&["PT", "ES", "FR", "", "XX"]);
        let member = dice.pick(&["true", "false", ""]);
        let cents = dice.roll(9_000) as i64 - 500;
        let sign = if cents < 0 { "-" } else { "" };
        let money = format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100);
        let amount = if name.starts_with("Pay") && dice.roll(8) > 0 { money } else { String::new() };
        let status = if name.starts_with("Pay") { dice.pick(&["ok", "ok", "failed", "void", "held", ""]) } else { "" };
        let load = if name == "View" { format!("{}.{}", dice.roll(900), dice.roll(1000)) } else { String::new() };
        let score = if name == "Ask" { dice.roll(12).to_string() } else { String::new() };
        let agreed = dice.pick(&["yes", "yes", "yes", "no", ""]);
        let row = format!(
            "r{i},{stamp},u{unit},{name},{arm},{test},{age},{country},{member},{amount},{status},{load},{score},{agreed}"
        );
        rows.push(row);
    }
    // Some rows come twice.
    let again: Vec<String> = rows.iter().step_by(9).cloned().collect();
    rows.iter().chain(&again).for_each(|row| {
        text.push_str(row);
        text.push('\n');
    });
    text
}
