//! `waypost stats`, as a terminal sees it.
use snapbox::cmd::{Command, cargo_bin};

fn stats(arguments: &[&str], input: &str) -> snapbox::cmd::OutputAssert {
    Command::new(cargo_bin("waypost")).arg("stats").args(arguments).stdin(input).assert()
}

#[test]
fn one_method_answers_one_object() {
    stats(&["srm_chi2"], r#"{"counts": [10, 10], "weights": [1, 1]}"#).code(0).stdout_eq(snapbox::str![[r#"
{
  "status": "ok",
  "stat": 0.0,
  "df": 1.0,
  "p_value": 1.0
}

"#]]);
}

#[test]
fn a_batch_answers_every_line_and_says_what_is_wrong() {
    let lines = concat!(
        r#"{"id": "a", "method": "dist", "inputs": {"function": "norm_cdf", "x": 0}}"#,
        "\n\nnot json\n",
        r#"{"id": 7, "method": "welch", "inputs": {}}"#,
        "\n",
    );
    stats(&["--batch"], lines).code(1).stdout_eq(snapbox::str![[r#"
{"id":"a","result":{"value":0.5}}
{"id":null,"error":"the line is not JSON: [..]"}
{"id":7,"error":"no method is called `welch`; `waypost stats --list` names them"}

"#]]);
}

#[test]
fn wrong_inputs_and_no_method_are_2() {
    stats(&["prop_z_test"], r#"{"x_a": 3, "n_a": 2, "x_b": 1, "n_b": 1}"#)
        .code(2)
        .stderr_eq("error: expected 0 <= x <= n, not `3` of `2`\n");
    stats(&[], "").code(2);
}

#[test]
fn the_list_names_every_method() {
    let list = stats(&["--list"], "").code(0).get_output().stdout.clone();
    let list = String::from_utf8(list).unwrap();
    assert_eq!(list.lines().count(), waypost::stats::method::METHODS.len());
    assert!(list.contains("prop_diff_miettinen_nurminen"));
}
