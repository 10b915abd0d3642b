//! The methods against expected values that were computed with 50 digits or exact rationals, or published.
use serde_json::Value;
use waypost::stats::run_json;

/// Compares every expected number within its tolerance; returns what differs.
fn differs(want: &Value, got: &Value, rel: f64, abs: f64, path: &str) -> Option<String> {
    let complain = || Some(format!("{path}: want {want}, got {got}"));
    match (want, got) {
        (Value::Object(want), _) => want
            .iter()
            .find_map(|(key, w)| differs(w, got.get(key).unwrap_or(&Value::Null), rel, abs, &format!("{path}.{key}"))),
        (Value::Array(w), Value::Array(g)) if w.len() == g.len() => {
            w.iter().zip(g).enumerate().find_map(|(i, (w, g))| differs(w, g, rel, abs, &format!("{path}.{i}")))
        }
        (Value::Number(w), Value::Number(g)) => {
            let (w, g) = (w.as_f64()?, g.as_f64()?);
            if (w - g).abs() <= abs.max(rel * w.abs()) { None } else { complain() }
        }
        _ if want == got => None,
        _ => complain(),
    }
}

fn check(cases: &Value, tolerance: impl Fn(&Value) -> (f64, f64)) -> usize {
    let cases = cases.as_array().unwrap();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let (rel, abs) = tolerance(case);
            let name = case.get("id").or(case.get("name")).unwrap();
            match run_json(case["method"].as_str().unwrap(), &case["inputs"]) {
                Ok(got) => differs(&case["expected"], &got, rel, abs, name.as_str().unwrap()),
                Err(error) => Some(format!("{name}: {error}")),
            }
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    cases.len()
}

#[test]
fn facts_hold() {
    let facts: Value = serde_json::from_str(include_str!("facts.json")).unwrap();
    let held = check(&facts, |case| (case["rel"].as_f64().unwrap(), case["abs"].as_f64().unwrap()));
    assert!(held > 400);
}

#[test]
fn the_comparison_itself_can_fail() {
    let case = serde_json::json!({"diff": 0.2, "status": "ok"});
    assert!(differs(&case, &serde_json::json!({"diff": 0.2 + 1e-8, "status": "ok"}), 1e-9, 1e-12, "x").is_some());
    assert!(differs(&case, &serde_json::json!({"diff": null, "status": "ok"}), 1e-9, 1e-12, "x").is_some());
    assert!(differs(&case, &serde_json::json!({"diff": 0.2, "status": "no_data"}), 1e-9, 1e-12, "x").is_some());
    assert!(differs(&case, &serde_json::json!({"diff": 0.2, "status": "ok", "more": 1}), 1e-9, 1e-12, "x").is_none());
}

/// The whole tables, where they are at hand.
#[test]
fn whole_tables_hold_where_present() {
    let beside = || format!("{}/../shared", env!("CARGO_MANIFEST_DIR"));
    #[allow(clippy::disallowed_methods, reason = "a test may be told where the data is")]
    let shared = std::env::var("WAYPOST_SHARED").unwrap_or_else(|_| beside());
    for table in ["public", "named_examples", "dist_cases"] {
        let Ok(text) = std::fs::read_to_string(format!("{shared}/oracle/{table}.json")) else {
            println!("skipped: no {table}.json beside the repository");
            continue;
        };
        let cases: Value = serde_json::from_str(&text).unwrap();
        check(cases.get("cases").unwrap_or(&cases), |case| match case.get("tolerance") {
            Some(t) => (t["rel"].as_f64().unwrap(), t["abs"].as_f64().unwrap()),
            None => (1e-9, 1e-12),
        });
    }
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence() {
    let error = |method: &str, inputs: Value| run_json(method, &inputs).unwrap_err();
    assert!(error("no_such", Value::Null).contains("`no_such`"));
    assert!(error("prop_z_test", serde_json::json!({"x_a": 5, "n_a": 4, "x_b": 1, "n_b": 2})).contains("`5` of `4`"));
    assert!(error("prop_z_test", serde_json::json!({"x_a": 5})).contains("missing field"));
    assert!(
        error("welch_t", serde_json::json!({"a": {"mean": 1, "var": -1, "n": 3}, "b": {"mean": 1, "var": 1, "n": 3}}))
            .contains("below zero")
    );
    assert!(error("p_adjust", serde_json::json!({"p": [0.2, 1.2]})).contains("`1.2`"));
    assert!(error("dist", serde_json::json!({"function": "t_cdf", "params": [-1], "x": 0})).contains("not defined"));
    assert!(
        error("group_sequential", serde_json::json!({"t": [0.5, 0.5], "alpha": 0.05, "spending": "obf"}))
            .contains("rise")
    );
}

#[test]
fn methods_are_listed_in_order_and_each_has_a_fact() {
    let names: Vec<&str> = waypost::stats::method::METHODS.iter().map(|m| m.name).collect();
    assert!(names.is_sorted());
    let facts = include_str!("facts.json");
    for name in names {
        assert!(facts.contains(&format!("\"method\":\"{name}\"")), "{name} has no fact");
    }
}

/// No method may answer with a NaN, an infinity as a number, or a panic, whatever small or silly counts it is given.
#[test]
fn no_answer_holds_a_stand_in() {
    let counts = [0.0, 1.0, 2.0, 7.0, 1e9];
    for method in ["prop_z_test", "prop_diff_newcombe", "prop_diff_agresti_caffo", "prop_diff_miettinen_nurminen"] {
        for (x_a, n_a, x_b, n_b) in tables(&counts) {
            let inputs = serde_json::json!({"x_a": x_a, "n_a": n_a, "x_b": x_b, "n_b": n_b});
            let answer = run_json(method, &inputs).unwrap();
            let p = answer.get("p_value").and_then(Value::as_f64).unwrap_or(1.0);
            assert!((0.0..=1.0).contains(&p), "{method} {inputs} {answer}");
            let status = answer["status"].as_str().unwrap();
            let limits = answer["ci_low"].as_f64().zip(answer["ci_high"].as_f64());
            assert_eq!(limits.is_some(), status != "no_data", "{method} {inputs} {answer}");
            assert!(limits.is_none_or(|(l, h)| l <= h), "{method} {inputs} {answer}");
        }
    }
}

fn tables(counts: &[f64]) -> impl Iterator<Item = (f64, f64, f64, f64)> + '_ {
    let arms = move || counts.iter().flat_map(move |n| counts.iter().filter(move |x| *x <= n).map(move |x| (*x, *n)));
    arms().flat_map(move |(x_a, n_a)| arms().map(move |(x_b, n_b)| (x_a, n_a, x_b, n_b)))
}
