//! Ids on which SDKs disagree are refused or encoded, never hashed silently.

use serde_json::{Value, json};
use waypost::assign::{IdProblem, UnitId, encode_id, id_from_json};

/// What is to happen to each id of the corpus.
enum Fate {
    Taken(&'static str),
    Refused(IdProblem),
}

fn corpus() -> Vec<(Value, Fate)> {
    use Fate::{Refused, Taken};
    use IdProblem::*;
    vec![
        (json!("user-1"), Taken("user-1")),
        (json!("a@b.c"), Taken("a@b.c")),
        (json!(" user"), Taken(" user")),
        (json!("0"), Taken("0")),
        (json!("007"), Taken("007")),
        (json!("1.0"), Taken("1.0")),
        (json!("1e21"), Taken("1e21")),
        (json!("true"), Taken("true")),
        (json!("null"), Taken("null")),
        (json!("%C3%A9"), Taken("%C3%A9")),
        (json!("a\tb\n"), Taken("a\tb\n")),
        (json!(1), Taken("1")),
        (json!(-7), Taken("-7")),
        (json!(9_007_199_254_740_991_i64), Taken("9007199254740991")),
        (json!(9_007_199_254_740_993_i64), Refused(Number)),
        (json!(u64::MAX), Refused(Number)),
        (json!(0), Refused(Zero)),
        (json!(1.0), Refused(Number)),
        (json!(0.1), Refused(Number)),
        (json!(1e21), Refused(Number)),
        (json!(-0.0), Refused(Number)),
        (json!(""), Refused(Empty)),
        (json!(null), Refused(Empty)),
        (json!(true), Refused(Boolean)),
        (json!(false), Refused(Boolean)),
        (json!(["user-1"]), Refused(Structure)),
        (json!({ "id": "user-1" }), Refused(Structure)),
        (json!("josé"), Refused(NotAscii)),
        (json!("用户123"), Refused(NotAscii)),
        (json!("😀"), Refused(NotAscii)),
        (json!("user\u{200b}1"), Refused(NotAscii)),
        (json!("Ａ１"), Refused(NotAscii)),
    ]
}

#[test]
fn odd_ids_are_refused_with_a_reason() {
    let corpus = corpus();
    assert!(corpus.len() >= 30);
    for (value, fate) in &corpus {
        match (id_from_json(value), fate) {
            (Ok(id), Fate::Taken(expected)) => assert_eq!(id, *expected, "{value}"),
            (Err(problem), Fate::Refused(expected)) => {
                assert_eq!(problem, *expected, "{value}");
                assert!(problem.to_string().len() > 20);
            }
            (Ok(id), Fate::Refused(_)) => panic!("{value} is taken as `{id}`"),
            (Err(problem), Fate::Taken(_)) => panic!("{value} is refused: {problem}"),
        }
    }
}

/// The ids that are taken, as they would stand in a product's code.
pub fn taken() -> Vec<(Value, &'static str)> {
    let taken = corpus().into_iter().filter_map(|(value, fate)| match fate {
        Fate::Taken(id) => Some((value, id)),
        Fate::Refused(_) => None,
    });
    taken.collect()
}

#[test]
fn encoding_is_that_of_encode_uri_component() {
    for (id, encoded) in [
        ("user-1", "user-1"),
        ("josé", "jos%C3%A9"),
        ("用", "%E7%94%A8"),
        ("😀", "%F0%9F%98%80"),
        ("a b/c?d=e&f%", "a%20b%2Fc%3Fd%3De%26f%25"),
        ("-_.!~*'()", "-_.!~*'()"),
    ] {
        assert_eq!(encode_id(id), encoded);
        assert!(UnitId::new(&encode_id(id)).is_ok());
    }
}

#[test]
fn an_id_is_ascii_and_not_empty() {
    assert_eq!(UnitId::new(""), Err(IdProblem::Empty));
    assert_eq!(UnitId::new("ü"), Err(IdProblem::NotAscii));
    assert_eq!(UnitId::new("u").map(UnitId::as_str), Ok("u"));
}
