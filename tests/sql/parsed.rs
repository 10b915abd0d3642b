//! The text of every dialect is SQL, and no spec can put a statement into it.
use super::project::Drawn;
use proptest::prelude::*;
use sqlparser::ast::{self, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, SetExpr, Statement, Value};
use sqlparser::dialect as grammar;
use sqlparser::parser::Parser;
use waypost::model::condition::{Comparison, Condition};
use waypost::model::value::Literal;
use waypost::plan::{Plan, SourceShape};
use waypost::sql::{DIALECTS, Dialect, Place, script};

fn grammar_of(name: &str) -> Box<dyn grammar::Dialect> {
    match name {
        "bigquery" => Box::new(grammar::BigQueryDialect {}),
        "clickhouse" => Box::new(grammar::ClickHouseDialect {}),
        "duckdb" => Box::new(grammar::DuckDbDialect {}),
        "postgres" => Box::new(grammar::PostgreSqlDialect {}),
        "redshift" => Box::new(grammar::RedshiftSqlDialect {}),
        "snowflake" => Box::new(grammar::SnowflakeDialect {}),
        "spark" => Box::new(grammar::SparkSqlDialect {}),
        _ => Box::new(grammar::GenericDialect {}),
    }
}

fn parse(dialect: &dyn Dialect, sql: &str) -> Vec<Statement> {
    let parsed = Parser::parse_sql(&*grammar_of(dialect.name()), sql);
    parsed.unwrap_or_else(|why| panic!("{}: {why}\n{sql}", dialect.name()))
}

fn table(_: &waypost::plan::Source) -> Result<Place, String> {
    Ok(Place::Table(vec!["lake".to_owned(), "events".to_owned()]))
}

#[test]
fn every_query_is_one_select_in_every_dialect() {
    for seed in 0..12 {
        let plan = Plan::whole(&Drawn::new(seed).model());
        for dialect in DIALECTS {
            let script = script(&plan, dialect, &table).unwrap();
            assert!(!script.queries.is_empty());
            for query in &script.queries {
                let statements = parse(dialect, &query.sql);
                assert!(matches!(statements.as_slice(), [Statement::Query(_)]), "{}\n{}", dialect.name(), query.sql);
            }
        }
    }
}

/// Returns the text that an expression of literals stands for; nothing where anything else is in it.
fn value(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(v) => match &v.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        Expr::Nested(inner) => value(inner),
        Expr::BinaryOp { left, op: ast::BinaryOperator::StringConcat, right } => Some(value(left)? + &value(right)?),
        Expr::Function(function) => {
            let FunctionArguments::List(list) = &function.args else { return None };
            let [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(v)))] = list.args.as_slice() else {
                return None;
            };
            let (Value::Number(number, _), true) = (
                &v.value,
                function.name.to_string().eq_ignore_ascii_case("chr") || function.name.to_string() == "char",
            ) else {
                return None;
            };
            char::from_u32(number.to_string().parse().ok()?).map(String::from)
        }
        _ => None,
    }
}

/// Returns the one expression of `SELECT …`.
fn selected(dialect: &dyn Dialect, what: &str) -> Expr {
    let statements = parse(dialect, &format!("SELECT {what}"));
    let [Statement::Query(query)] = statements.as_slice() else { panic!("{statements:?}") };
    let SetExpr::Select(select) = &*query.body else { panic!("{query:?}") };
    assert!(select.from.is_empty() && select.projection.len() == 1 && query.order_by.is_none());
    match &select.projection[0] {
        ast::SelectItem::UnnamedExpr(expr) => expr.clone(),
        other => panic!("{other:?}"),
    }
}

/// Puts a text wherever a spec or a manifest can put one.
fn hostile(plan: &mut Plan, text: &str) {
    let put = |place: &mut String| text.clone_into(place);
    for event in &mut plan.events {
        for name in &mut event.names {
            put(&mut name.name);
            name.condition = Some(Condition::And(vec![
                Condition::Compare { field: "status".into(), how: Comparison::Less, value: Literal::Text(text.into()) },
                Condition::Matches { field: "country".into(), regex: text.into() },
            ]));
        }
    }
    for source in &mut plan.sources {
        source.renamed.push(("status".into(), text.into()));
        source.units.iter_mut().for_each(|(_, column)| put(column));
        source.variants.push((text.into(), "red".into()));
        source.variant = Some(text.into());
        source.experiment_by = Some(text.into());
        source.consent = Some((text.into(), text.into()));
        if let SourceShape::Events { time, event, id } = &mut source.shape {
            put(time);
            put(event);
            id.iter_mut().for_each(put);
        }
    }
    for x in &mut plan.experiments {
        put(&mut x.id);
        put(&mut x.logged_as);
    }
    plan.personas.iter_mut().for_each(|p| put(&mut p.id));
}

const MARK: &str = "zzq0";

fn tried(seed: u64, text: &str) {
    let plan = Plan::whole(&Drawn::new(seed).model());
    for dialect in DIALECTS {
        // A text is one expression that stands for exactly this text, and a name is one name.
        assert_eq!(value(&selected(dialect, &dialect.text(text))).as_deref(), Some(text), "{}", dialect.name());
        let name = selected(dialect, &dialect.quoted(text));
        assert!(matches!(&name, Expr::Identifier(_)), "{}: {name:?}", dialect.name());
        // Whatever is put in stands there as such a text or name, and nothing else of the query changes.
        let (mut mild, mut wild) = (plan.clone(), plan.clone());
        hostile(&mut mild, MARK);
        hostile(&mut wild, text);
        let (mild, wild) = (script(&mild, dialect, &table).unwrap(), script(&wild, dialect, &table).unwrap());
        for (mild, wild) in mild.queries.iter().zip(&wild.queries) {
            let expected = mild.sql.replace(&dialect.text(MARK), &dialect.text(text));
            let expected = expected.replace(&dialect.quoted(MARK), &dialect.column(text));
            assert_eq!(expected, wild.sql, "{}", dialect.name());
            assert_eq!(parse(dialect, &wild.sql).len(), 1);
        }
    }
}

#[test]
fn known_tricks_stay_texts() {
    for text in [
        "'; DROP TABLE events; --",
        "\\'; DROP TABLE events; --",
        "\\",
        "'",
        "''",
        "\"; DELETE FROM x; --",
        "` OR 1=1 --",
        "\\\" OR 1=1 --",
        "/* */ --\n;",
        "$$; SELECT 1; $$",
        "a\u{2019}; b\u{ff07}",
    ] {
        tried(3, text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_text_becomes_a_statement(text in "[a-z'\"`\\\\;$/*() \\-\n|%_{}\u{e9}\u{2019}]{1,24}") {
        tried(5, &text);
    }
}
