//! JSON Schemas of what the program reads and writes. A new JSON output adds its file here and its line in [`SCHEMAS`].

/// A JSON Schema with the name it is asked for by.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its name: `waypost schema NAME`.
    pub name: &'static str,
    /// What it describes, in a few words.
    pub says: &'static str,
    /// The schema, as JSON.
    pub json: &'static str,
}

/// Every schema, sorted by name.
pub const SCHEMAS: &[Schema] = &[
    Schema {
        name: "baseline",
        says: "findings a team lives with, as `check --write-baseline` writes them",
        json: include_str!("baseline.json"),
    },
    Schema { name: "build", says: "what a build wrote", json: include_str!("build.json") },
    Schema {
        name: "calibration",
        says: "false alarms of an experiment's own data: `simulate --aa`",
        json: include_str!("calibration.json"),
    },
    Schema { name: "diff", says: "what changed in meaning: `diff --format json`", json: include_str!("diff.json") },
    Schema { name: "finding", says: "a line of `check --format jsonl`", json: include_str!("finding.json") },
    Schema { name: "findings", says: "`check --format json`", json: include_str!("findings.json") },
    Schema { name: "insights", says: "`analyze --insights --format json`", json: include_str!("insights.json") },
    Schema { name: "journey", says: "`analyze --format json`", json: include_str!("journey.json") },
    Schema { name: "like", says: "`analyze --like TOOL --format json`", json: include_str!("like.json") },
    Schema { name: "manifest", says: "waypost.yaml", json: include_str!("manifest.json") },
    Schema { name: "map", says: "what a page of a map shows: `render --to json`", json: include_str!("map.json") },
    Schema { name: "plan", says: "what experiments need: `plan --format json`", json: include_str!("plan.json") },
    Schema { name: "report", says: "what the numbers of one experiment say", json: include_str!("report.json") },
    Schema { name: "reports", says: "every experiment: `report.json` of a build", json: include_str!("reports.json") },
    Schema { name: "rules", says: "every finding there is: `rules --format json`", json: include_str!("rules.json") },
    Schema { name: "seal", says: "what a page was made from, written into it", json: include_str!("seal.json") },
    Schema { name: "spec", says: "a whole spec, as `export json` writes it", json: include_str!("spec.json") },
    Schema {
        name: "summary",
        says: "what a project was at its last build: `summary.json`",
        json: include_str!("summary.json"),
    },
    Schema {
        name: "truth",
        says: "what is true of simulated people: `simulate --truth`",
        json: include_str!("truth.json"),
    },
    Schema {
        name: "verify",
        says: "whether a page still holds: `verify --format json`",
        json: include_str!("verify.json"),
    },
];
