//! Every rule of what breaks, each as an edit of one base; restarts, renames, drafts; the moves against brute force.

use std::path::Path;
use waypost::diff::{Category, Diff, Impact, RULES, Side, diff};
use waypost::model::Model;
use waypost::source::Sources;
use waypost::syntax::tree::Tree;

/// A rule, and what is written instead of what in the base to break it.
pub const EDITS: &[(&str, &[(&str, &str)])] = &[
    ("anchor", &[("  at till\n", "  at paid\n")]),
    ("audience", &[("age >= 18 and", "age >= 21 and")]),
    ("audience", &[("  audience adults\n", "  audience others\n")]),
    ("audience", &[("  audience adults\n", "")]),
    ("holdout", &[("takes 5%", "takes 6%")]),
    ("layer-slice", &[("takes 50%", "takes 40%")]),
    ("layer-slice", &[("  layer page takes 50%\n", "")]),
    ("seed", &[("experiment faster \"Faster\" {", "experiment quicker \"Faster\" { was faster")]),
    ("traffic-lowered", &[("traffic 80%", "traffic 70%")]),
    (
        "unit",
        &[("unit user\n  audience", "unit session\n  audience"), ("\"The page\"", "\"The page\" { unit session }")],
    ),
    (
        "variant-added",
        &[("20% { set speed to 3 }", "10% { set speed to 3 }\n  variant last \"Last\" 10% { set speed to 4 }")],
    ),
    (
        "variant-removed",
        &[("  variant faster \"Faster\" 20% { set speed to 3 }\n", ""), ("\"Fast\" 30%", "\"Fast\" 50%")],
    ),
    ("variant-renamed", &[("variant fast ", "variant quick ")]),
    (
        "variant-reordered",
        &[
            ("  variant fast \"Fast\" 30% { set speed to 2 }\n", ""),
            ("  primary", "  variant fast \"Fast\" 30% { set speed to 2 }\n  primary"),
        ],
    ),
    ("variant-sets", &[("set speed to 2", "set speed to 4")]),
    ("weights", &[("30%", "25%"), ("20%", "25%")]),
    ("control", &[("variant control ", "variant old { was control } "), ("variant fast ", "variant control ")]),
    ("expected-effect", &[("expects +5%", "expects +4%")]),
    ("exposure", &[("  unit user\n  audience", "  exposed by seen-advert\n  unit user\n  audience")]),
    ("level", &[("level 5%", "level 10%")]),
    ("looks", &[("4 looks", "5 looks")]),
    ("margin", &[("tolerates +5%", "tolerates +9%")]),
    ("method", &[("group-sequential 4 looks", "sequential")]),
    (
        "metric-added",
        &[
            ("  secondary spend\n", "  secondary spend, third\n"),
            (
                "audience others",
                "metric third \"Third\" {\n  share without pays within 7 days\n  lower is better\n}\naudience others",
            ),
        ],
    ),
    ("metric-definition", &[("share of pays within 7 days", "share of pays within 8 days")]),
    ("metric-definition", &[("where status == \"ok\"", "where status == \"done\"")]),
    ("metric-removed", &[("  secondary spend\n", "")]),
    ("metric-role", &[("  secondary spend\n", "  primary spend\n")]),
    ("planned-dates", &[("to 2026-11-01", "to 2026-11-08")]),
    ("power", &[("power 80%", "power 90%")]),
    ("deleted", &[("experiment faster \"Faster\" {", "experiment other \"Other\" {")]),
    ("hypothesis", &[("Waiting loses buyers", "Waiting loses everybody")]),
    ("status-step", &[("status running", "status draft")]),
];

struct Read {
    model: Model,
    trees: Vec<Tree>,
}

fn read(text: &str) -> Read {
    let mut sources = Sources::default();
    let source = sources.add("base.journey", text);
    let yaml = "name: x\ncurrency: EUR\nunits: { user: user_id, session: session_id }\nattributes: { age: number, country: text }\n\
                properties: { revenue: money, load_ms: number, status: text }\n";
    let (manifest, _) = waypost::resolve::manifest(sources.add("waypost.yaml", yaml), yaml);
    let parsed = waypost::syntax::parse(source, text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let trees = vec![parsed.tree];
    let resolution = waypost::resolve::resolve(&manifest.unwrap(), &trees);
    assert!(resolution.model.is_some(), "{:?}\n{text}", resolution.diagnostics);
    Read { model: resolution.model.unwrap(), trees }
}

pub fn base() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/base.journey")).unwrap()
}

pub fn edited(base: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(base.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "nothing to edit: {from}");
        text.replacen(from, to, 1)
    })
}

fn between(old: &str, new: &str) -> Diff {
    let (old, new) = (read(old), read(new));
    diff(Side { model: &old.model, trees: &old.trees }, Side { model: &new.model, trees: &new.trees })
}

fn breaking(diff: &Diff) -> Vec<&'static str> {
    let mut rules: Vec<_> = diff.changes.iter().filter(|c| c.impact == Impact::Breaking).map(|c| c.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn every_rule_has_a_fixture_that_breaks_it() {
    let base = base();
    for rule in RULES.iter().filter(|r| r.id != "concluded") {
        assert!(EDITS.iter().any(|(id, _)| *id == rule.id), "no fixture for {}", rule.id);
    }
    for (rule, edits) in EDITS {
        if *rule == "control" {
            continue;
        }
        let found = between(&base, &edited(&base, edits));
        assert!(breaking(&found).contains(rule), "{rule}: {:#?}", found.changes);
    }
}

#[test]
fn nothing_breaks_in_a_draft() {
    let draft = edited(&base(), &[("status running", "status draft")]);
    for (rule, edits) in EDITS.iter().filter(|(rule, _)| !matches!(*rule, "status-step" | "control")) {
        let found = between(&draft, &edited(&draft, edits));
        assert_eq!(breaking(&found), [] as [&str; 0], "{rule}");
    }
}

#[test]
fn layout_comments_and_the_order_of_a_condition_mean_nothing() {
    let base = base();
    let same = edited(
        &base,
        &[
            ("age >= 18 and country in (\"PT\", \"ES\")", "country in (\"ES\", \"PT\") and age >= 18"),
            ("  unit user\n  audience adults", "  # a comment\n\n  audience adults\n  unit   user"),
        ],
    );
    assert_eq!(breaking(&between(&base, &same)), [] as [&str; 0]);
    assert!(between(&base, &base).changes.is_empty());
}

#[test]
fn a_restart_is_the_legal_way_out_of_assignment_and_analysis() {
    let base = base();
    let restart = ("  owner crew\n", "  owner crew\n  restart 2 from 2026-10-20 because \"A bug\"\n");
    for (rule, edits) in EDITS {
        let category = RULES.iter().find(|r| r.id == *rule).unwrap().category;
        if category == Category::Record || matches!(*rule, "seed" | "control" | "unit" | "exposure") {
            continue;
        }
        let head = edited(&edited(&base, edits), &[restart]);
        let found = between(&base, &head);
        assert_eq!(breaking(&found), [] as [&str; 0], "{rule}");
        assert!(found.changes.iter().any(|c| c.rule == *rule && c.impact == Impact::Notable), "{rule}");
    }
}

#[test]
fn later_weights_are_told_and_break_nothing_until_they_are_rewritten() {
    let later = |fast: &str, faster: &str| {
        let now = ("set speed to 2 }", format!("set speed to 2; weight {fast} from 2026-10-19 }}"));
        let then = ("set speed to 3 }", format!("set speed to 3; weight {faster} from 2026-10-19 }}"));
        edited(&base(), &[(now.0, &now.1), (then.0, &then.1)])
    };
    let told = between(&base(), &later("40%", "10%"));
    assert_eq!(breaking(&told), Vec::<&str>::new());
    let says: Vec<&str> = told.changes.iter().filter(|c| c.rule == "weights-later").map(|c| c.says.as_str()).collect();
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(says[0].contains("`fast` becomes 40% from 2026-10-19"), "{says:?}");
    assert!(says[1].contains("`faster` becomes 10% from 2026-10-19"), "{says:?}");
    // what was said of a day is the record of it
    assert_eq!(breaking(&between(&later("40%", "10%"), &later("35%", "15%"))), ["weights"]);
    assert_eq!(breaking(&between(&later("40%", "10%"), &base())), ["weights"]);
}

#[test]
fn what_was_concluded_is_a_record() {
    let done = edited(&base(), &[("status running", "status stopped on 2026-11-02 because \"Planned end\"")]);
    let edits: &[&[(&str, &str)]] = &[
        &[("Planned end", "We liked it")],
        &[("expects +5%", "expects +1%")],
        &[("30%", "25%"), ("20%", "25%")],
        &[("Waiting loses buyers", "Speed wins")],
    ];
    for edit in edits {
        assert!(breaking(&between(&done, &edited(&done, edit))).contains(&"concluded"), "{edit:?}");
    }
    let on = edited(&done, &[("status stopped on 2026-11-02 because \"Planned end\"", "status running")]);
    assert_eq!(breaking(&between(&done, &on)), ["status-step"]);
    let shipped = edited(&done, &[("status stopped on 2026-11-02", "status shipped fast on 2026-11-03")]);
    assert_eq!(breaking(&between(&done, &shipped)), [] as [&str; 0]);
}

#[test]
fn a_variant_that_says_what_it_was_is_the_same() {
    let base = base();
    let renamed = edited(
        &base,
        &[(
            "variant fast \"Fast\" 30% { set speed to 2 }",
            "variant quick \"Fast\" 30% {\n    was fast\n    set speed to 2\n  }",
        )],
    );
    let found = between(&base, &renamed);
    assert_eq!(breaking(&found), [] as [&str; 0], "{:#?}", found.changes);
    assert!(found.blasts.is_empty());
}

/// A small generator of our own: xorshift, so that the edits are the same everywhere.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn moves_equal_brute_force_over_all_buckets() {
    let base = base();
    let mut state = 0x9E37_79B9_7F4A_7C15;
    for _ in 0..500 {
        let mut pick = |n: u64| next(&mut state) % n;
        let (a, b) = (1 + pick(98), pick(100));
        let first = 1 + (99 - a) * b / 100;
        let first = first.min(99 - a).max(1);
        let rest = 100 - a - first;
        let (traffic, layer) = (1 + pick(100), 1 + pick(100));
        let mut edits = vec![
            ("traffic 80%".to_owned(), format!("traffic {traffic}%")),
            ("takes 50%".to_owned(), format!("takes {layer}%")),
            ("\"As it is\" 50%".to_owned(), format!("\"As it is\" {a}%")),
            ("\"Fast\" 30%".to_owned(), format!("\"Fast\" {first}%")),
            ("\"Faster\" 20%".to_owned(), format!("\"Faster\" {rest}%")),
        ];
        edits.retain(|_| pick(3) > 0);
        let weights = edits.iter().filter(|(from, _)| from.starts_with('"')).count();
        if rest == 0 || (weights != 0 && weights != 3) {
            edits.retain(|(from, _)| !from.starts_with('"'));
        }
        let pairs: Vec<(&str, &str)> = edits.iter().map(|(f, t)| (f.as_str(), t.as_str())).collect();
        let head = edited(&base, &pairs);
        let (old, new) = (read(&base), read(&head));
        let found = diff(Side { model: &old.model, trees: &old.trees }, Side { model: &new.model, trees: &new.trees });
        assert_eq!(
            found.blasts.first().map(|b| moved(&b.moves)).unwrap_or_default(),
            brute_force(&old.model, &new.model)
        );
    }
}

type Moved = Vec<(Option<String>, Option<String>, String)>;

fn moved(moves: &[waypost::diff::Move]) -> Moved {
    let mut all: Moved = moves.iter().map(|m| (m.from.clone(), m.to.clone(), format!("{:.12}", m.of_all))).collect();
    all.sort();
    all
}

/// Counts every pair of a layer's bucket and an experiment's bucket; the holdout keeps out 5 % on both sides.
fn brute_force(old: &Model, new: &Model) -> Moved {
    use waypost::model::space::{BUCKETS, arms, slices};
    let place = |m: &Model, layer: u16| -> Vec<Option<String>> {
        let experiment = m.experiments.values().next().unwrap();
        let (id, _) = m.layers.iter().next().unwrap();
        let open = slices(m, id).iter().any(|s| s.buckets.iter().any(|b| b.holds(layer)));
        let arms = arms(experiment);
        let arm = |b| arms.iter().position(|a| a.holds(b)).map(|i| experiment.variants[i].meta.id.clone());
        (0..BUCKETS).map(|b| arm(b).filter(|_| open)).collect()
    };
    // buckets of the layer differ only in whether each side holds them: count one of each kind and weigh it
    let mut kinds: std::collections::BTreeMap<(bool, bool), (u16, u128)> = Default::default();
    let held = |m: &Model, b: u16| {
        let (id, _) = m.layers.iter().next().unwrap();
        slices(m, id).iter().any(|s| s.buckets.iter().any(|r| r.holds(b)))
    };
    let (before, after): (Vec<bool>, Vec<bool>) = {
        let all = |m: &Model| {
            let (id, _) = m.layers.iter().next().unwrap();
            let mut open = vec![false; usize::from(BUCKETS)];
            for slice in slices(m, id) {
                for range in slice.buckets {
                    for b in range.start..range.end {
                        open[usize::from(b)] = true;
                    }
                }
            }
            open
        };
        (all(old), all(new))
    };
    assert_eq!(held(old, 0), before[0]);
    for b in 0..BUCKETS {
        let kind = (before[usize::from(b)], after[usize::from(b)]);
        kinds.entry(kind).or_insert((b, 0)).1 += 1;
    }
    let mut counts: std::collections::BTreeMap<(Option<String>, Option<String>), u128> = Default::default();
    for (layer, weight) in kinds.into_values() {
        for pair in place(old, layer).into_iter().zip(place(new, layer)) {
            if pair.0 != pair.1 {
                *counts.entry(pair).or_default() += weight;
            }
        }
    }
    let whole = f64::from(BUCKETS) * f64::from(BUCKETS);
    let share = |w: u128| format!("{:.12}", w as f64 * 0.95 / whole);
    let mut all: Moved = counts.into_iter().map(|((from, to), w)| (from, to, share(w))).collect();
    all.sort();
    all
}

/// A repository in a folder of its own.
struct Repository(tempfile::TempDir);

impl Repository {
    fn with(text: &str) -> Self {
        let repository = Repository(tempfile::tempdir().unwrap());
        let yaml = "name: x\ncurrency: EUR\nunits: { user: user_id, session: session_id }\nattributes: { age: number, country: text }\n\
                    properties: { revenue: money, load_ms: number, status: text }\n";
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("waypost.yaml", yaml);
        repository.write("shop.journey", text);
        repository.commit();
        repository.git(&["tag", "base"]);
        repository
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn git(&self, args: &[&str]) -> String {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(self.0.path()).args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
        ]);
        let done = command.args(args).output().unwrap();
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "change"]);
    }

    fn diff(&self, folder: &Path, args: &[&str]) -> (i32, String, String) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_waypost"));
        let done = command.current_dir(folder).arg("diff").args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
    }
}

#[test]
fn every_rule_is_told_between_two_commits() {
    let base = base();
    for (rule, edits) in EDITS.iter().filter(|(rule, _)| *rule != "control") {
        let repository = Repository::with(&base);
        repository.write("shop.journey", &edited(&base, edits));
        repository.commit();
        let (code, out, err) = repository.diff(repository.0.path(), &["base", "--breaking", "--format", "json"]);
        assert_eq!(code, 1, "{rule}: {out}{err}");
        let told: serde_json::Value = serde_json::from_str(&out).unwrap();
        let rules: Vec<&str> =
            told["changes"].as_array().unwrap().iter().map(|c| c["rule"].as_str().unwrap()).collect();
        assert!(rules.contains(rule), "{rule}: {rules:?}");
    }
}

#[test]
fn a_worktree_a_folder_and_a_shallow_clone_are_understood() {
    let base = base();
    let repository = Repository::with(&base);
    let edit = edited(&base, &[("traffic 80%", "traffic 70%")]);
    let tree = repository.0.path().join("tree");
    repository.git(&["worktree", "add", "-q", tree.to_str().unwrap()]);
    std::fs::write(tree.join("shop.journey"), &edit).unwrap();
    let (code, out, _) = repository.diff(&tree, &["HEAD", "--breaking"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("traffic goes from 80% to 70%"), "{out}");
    assert!(out.contains("of enrolled units move from control to outside"), "{out}");
    let (code, out, _) = repository.diff(repository.0.path(), &["HEAD", "--breaking"]);
    assert_eq!((code, out.contains("0 breaking")), (0, true), "{out}");

    let former = tempfile::tempdir().unwrap();
    for name in ["waypost.yaml", "shop.journey"] {
        std::fs::copy(repository.0.path().join(name), former.path().join(name)).unwrap();
    }
    let (code, out, _) =
        repository.diff(&tree, &[former.path().to_str().unwrap(), "--breaking", "--format", "markdown"]);
    assert_eq!(code, 1);
    assert!(out.contains("| **breaking** | experiment faster | traffic goes from 80% to 70%"), "{out}");

    repository.write("shop.journey", &edit);
    repository.commit();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repository.0.path().display());
    repository.git(&["clone", "-q", "--depth", "1", &url, clone.path().join("c").to_str().unwrap()]);
    let (code, _, err) = repository.diff(&clone.path().join("c"), &["base"]);
    assert_eq!(code, 2);
    assert!(err.contains("git fetch --unshallow"), "{err}");
}
