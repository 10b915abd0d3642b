//! Experiments made for a test: a spec with blanks, tallies by hand, and the report that comes of them.
use waypost::analysis::{
    Check, CheckId, Comparison, Estimate, Finding, Input, MetricResult, Outcome, Provenance, Report, Settings, Verdict,
    analyse_with,
};
use waypost::model::Model;
use waypost::plan::Plan;
use waypost::source::Sources;
use waypost::tally::{Cut, Key, Mean, Share, Tallies, Tally};

const MANIFEST: &str = "name: lab
time_zone: UTC
currency: EUR
units: { user: user_id }
attributes: { country: text }
properties: { amount: money, score: number, load: number }
";

const PROJECT: &str = r#"
journey shop "Buying" {
  for anna
  starts "A wish"
  ends "A parcel"
  sale at pay
  stage look "Look" { phase pre-sale; touchpoint page "Page" { channel web; seen by viewed } }
  stage buy "Buy" { phase sale; touchpoint pay "Pay" { channel web; seen by paid } }
  funnel all "All" { steps page > pay; within 7 days }
}
channel web "Web" { kind online }
team us "Us"
persona anna "Anna" { share 100% }
event viewed { named "View" }
event paid { named "Pay" }
event left { named "Leave" }
metric rate "Order rate" { share of paid within 2 days; higher is better; worth 20 EUR }
metric churn "Churn" { share of left within 2 days; lower is better }
metric spend "Spend" { average of sum paid.amount per unit within 2 days; higher is better }
metric past "Spend, adjusted" { average of sum paid.amount per unit within 2 days; adjust with 7 days before; higher is better }
metric value "Order value" { ratio of sum paid.amount to count paid within 2 days; higher is better }
metric load "Load time" { quantile 90% of viewed.load within 2 days; lower is better }
metric wait "Time to order" { time to paid within 2 days; lower is better }
metric score "Score" { nps of paid.score within 2 days; higher is better }
experiment test "The test" {
  at page
  because "It is seen"
  owner us
  runs from 2026-01-05 to 2026-02-01
  status STATUS
  unit user
VARIANTS
ROLES
  method METHOD with level 5% and power 80%
}
experiment other "The other test" {
  at pay
  because "It runs at the same time"
  owner us
  runs from 2026-01-05 to 2026-02-01
  status running
  unit user
  variant control "As it is" 50% { set size to "small" }
  variant large "Large" 50% { set size to "large" }
  primary rate
  method fixed with level 5% and power 80%
}
"#;

/// An experiment with two arms of the default plan; 28 days from 2026-01-05.
#[derive(Clone)]
pub struct Lab {
    pub status: &'static str,
    pub method: &'static str,
    pub roles: &'static str,
    pub treatments: u32,
    pub today: &'static str,
    pub settings: Settings,
    pub runs: &'static str,
    pub smallest_cell: u64,
    pub provenance: Provenance,
    /// The day from which control and treatment have other weights, and these.
    pub reweighted: Option<(&'static str, [f64; 2])>,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            status: "stopped on 2026-02-02 because \"Planned end\"",
            method: "fixed",
            roles: "primary rate expects +10%",
            treatments: 1,
            today: "2026-02-10",
            settings: Settings::default(),
            runs: "runs from 2026-01-05 to 2026-02-01",
            smallest_cell: 10,
            provenance: Provenance::default(),
            reweighted: None,
        }
    }
}

/// Tallies by the names of metrics.
pub struct Filler<'p> {
    plan: &'p Plan,
    pub tallies: Tallies,
}

impl Filler<'_> {
    fn place(&self, metric: &str) -> u32 {
        self.plan.experiments[0].measures.iter().position(|m| m.id == metric).unwrap() as u32
    }

    pub fn put(&mut self, metric: &str, variant: u32, cut: Cut, tally: Tally) {
        let key = Key { measure: self.place(metric), variant, cut };
        self.tallies.add(key, &tally).unwrap();
    }

    /// A share of everybody.
    pub fn share(&mut self, metric: &str, counts: &[(u64, u64)]) {
        for (arm, (x, n)) in counts.iter().enumerate() {
            self.put(metric, arm as u32, Cut::Total, Tally::Share(Share::new(*x, *n)));
        }
    }

    /// A mean of everybody, of these values over and over.
    pub fn mean(&mut self, metric: &str, arm: u32, values: &[f64], times: u64) {
        let mut mean = Mean::default();
        values.iter().for_each(|v| mean.push_many(*v, times).unwrap());
        self.put(metric, arm, Cut::Total, Tally::Mean(mean));
    }

    /// Exposures of each arm, spread evenly over the 28 days.
    pub fn exposed(&mut self, counts: &[u64]) {
        for (arm, n) in counts.iter().enumerate() {
            self.tallies.expose(arm as u32, Cut::Total, *n);
            for day in 0..28 {
                let part = n / 28 + u64::from((day as u64) < n % 28);
                self.tallies.expose(arm as u32, Cut::Day(FIRST + day), part);
            }
        }
    }
}

/// 2026-01-05 in days since 1970.
pub const FIRST: i32 = 20_458;

impl Lab {
    pub fn model(&self) -> Model {
        let later = |id: &str| match self.reweighted {
            Some((day, [control, new])) => {
                format!("; weight {}% from {day}", if id == "control" { control } else { new })
            }
            None => String::new(),
        };
        let variant = |id: &str, weight: f64| {
            let later = later(id);
            format!("  variant {id} \"Variant {id}\" {weight:.1}% {{ set colour to \"{id}\"{later} }}\n")
        };
        let rest = if self.treatments == 1 { 50.0 } else { 33.3 };
        let weights = [100.0 - rest * f64::from(self.treatments), rest, rest, rest];
        let names = ["control", "new", "newer", "newest"];
        let variants: String =
            names[..=self.treatments as usize].iter().zip(weights).map(|(id, weight)| variant(id, weight)).collect();
        let roles: String = self.roles.split(';').map(|line| format!("  {}\n", line.trim())).collect();
        let spec = PROJECT
            .replace("STATUS", self.status)
            .replace("METHOD", self.method)
            .replace("VARIANTS\n", &variants)
            .replace("ROLES\n", &roles)
            .replace("runs from 2026-01-05 to 2026-02-01", self.runs);
        let manifest = format!("{MANIFEST}privacy: {{ smallest_cell: {} }}\n", self.smallest_cell);
        let mut sources = Sources::default();
        let (read, findings) = waypost::resolve::manifest(sources.add("waypost.yaml", manifest.as_str()), &manifest);
        let read = read.unwrap_or_else(|| panic!("{findings:?}"));
        let parsed = waypost::syntax::parse(sources.add("a.journey", spec.as_str()), &spec);
        let resolution = waypost::resolve::resolve(&read, &[parsed.tree]);
        let said: Vec<_> =
            parsed.diagnostics.iter().chain(&resolution.diagnostics).map(|d| d.message.clone()).collect();
        resolution.model.unwrap_or_else(|| panic!("{said:?}"))
    }

    pub fn report(&self, fill: impl Fn(&mut Filler)) -> Report {
        let model = self.model();
        let plan = Plan::new(&model);
        let mut filler = Filler { plan: &plan, tallies: Tallies::default() };
        fill(&mut filler);
        let input = Input {
            model: &model,
            experiment: model.experiment("test").unwrap(),
            plan: &plan.experiments[0],
            tallies: &filler.tallies,
            today: self.today.parse().unwrap(),
            provenance: &self.provenance,
        };
        let report = analyse_with(input, self.settings);
        well_formed(&report);
        report
    }

    /// The report of shares of one metric per arm, exposed as many as there are.
    pub fn shares(&self, counts: &[(u64, u64)]) -> Report {
        self.report(|f| {
            f.share("rate", counts);
            f.exposed(&counts.iter().map(|c| c.1).collect::<Vec<_>>());
        })
    }
}

/// What holds for every report: no blank is left, no number is a stand-in, and the JSON has the schema.
fn well_formed(report: &Report) {
    let json = serde_json::to_string(report).unwrap();
    assert!(json.starts_with("{\"schema\":\"waypost/report/1\""));
    let mut sentences: Vec<&waypost::analysis::Sentence> = report.method.iter().collect();
    sentences.push(report.verdict.says());
    sentences.extend(report.checks.iter().map(|c| &c.says));
    for estimate in estimates(report) {
        sentences.extend(&estimate.notes);
        for number in [estimate.effect, estimate.se] {
            assert!(number.is_finite());
        }
    }
    for sentence in sentences {
        assert!(!sentence.text.contains(['{', '}']), "{sentence:?}");
        assert_ne!(sentence.text, sentence.rule, "{sentence:?} has no English");
    }
    assert_eq!(report.checks.len(), 25);
}

pub fn estimates(report: &Report) -> impl Iterator<Item = &Estimate> {
    report.metrics.iter().flat_map(|m| &m.comparisons).filter_map(|c| found(c))
}

pub fn found(comparison: &Comparison) -> Option<&Estimate> {
    match &comparison.outcome {
        Outcome::Estimate(estimate) => Some(estimate),
        Outcome::Inconclusive(_) => None,
    }
}

/// The estimate of a metric for the first treatment.
pub fn estimate<'r>(report: &'r Report, metric: &str) -> &'r Estimate {
    found(&result(report, metric).comparisons[0]).unwrap()
}

pub fn result<'r>(report: &'r Report, metric: &str) -> &'r MetricResult {
    report.metrics.iter().find(|m| m.metric == metric).unwrap()
}

pub fn rule(report: &Report) -> &'static str {
    report.verdict.says().rule
}

pub fn check(report: &Report, id: CheckId) -> &Check {
    report.checks.iter().find(|c| c.id == id).unwrap()
}

pub fn finding(report: &Report, id: CheckId) -> Finding {
    check(report, id).finding
}

pub fn arm(verdict: &Verdict) -> Option<usize> {
    if let Verdict::Ship { arm, .. } = verdict { Some(*arm) } else { None }
}
