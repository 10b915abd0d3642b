//! Hostile names and texts in real engines: each means itself, and nothing is run.
use super::peer::Peer;
use std::path::Path;
use waypost::sql::{Dialect, Place, dialect};

/// What somebody may write in a spec or a manifest, hoping that `canary` goes.
const TRICKS: [&str; 16] = [
    "'; DROP TABLE canary; --",
    "\\'; DROP TABLE canary; --",
    "') ; DROP TABLE canary; --",
    "\"; DROP TABLE canary; --",
    "\\\"; DROP TABLE canary; --",
    "`; DROP TABLE canary; --",
    "\\`; DROP TABLE canary; --",
    "*/; DROP TABLE canary; --",
    "\\",
    "''\\''",
    "{u:String} {0} %s %(x)s",
    "?1 $1 :x @x",
    "$$; DROP TABLE canary; $$",
    "\\u0027; DROP TABLE canary; --",
    "two\nlines\t-- and a tab",
    "a\u{2019}; \u{ff07}\u{e9}\u{1f600}",
];

fn place(d: &dyn Dialect, place: Place) -> String {
    d.place(&place).unwrap()
}

fn tried(name: &str) {
    let Some(mut peer) = Peer::start(name) else { return };
    let d = dialect(name).unwrap();
    let make = |table: &str| match name {
        "clickhouse" => format!("CREATE TABLE {table} ENGINE = Memory AS"),
        "spark" => format!("CREATE OR REPLACE TEMPORARY VIEW {table} AS"),
        _ => format!("CREATE TABLE {table} AS"),
    };
    for sql in d.session("Europe/Lisbon") {
        peer.run(&sql).unwrap();
    }
    peer.run(&format!("{} SELECT 1 AS one", make("canary"))).unwrap();
    for trick in TRICKS {
        let said = peer.run(&format!("SELECT {}", d.text(trick))).unwrap();
        assert_eq!(said, [[Some(trick.to_owned())]], "{name} {trick}");
        let table = place(d, Place::Table(vec![trick.to_owned()]));
        let column = d.column(trick);
        peer.run(&format!("{} SELECT {} AS {column}", make(&table), d.text(trick))).unwrap_or_else(|why| {
            panic!("{name}: `{trick}` as a name: {why}");
        });
        let said = peer.run(&format!("SELECT {column} FROM {table}")).unwrap();
        assert_eq!(said, [[Some(trick.to_owned())]], "{name} {trick}");
    }
    assert_eq!(peer.run("SELECT one FROM canary").unwrap(), [[Some("1".to_owned())]], "{name}");
    files(&mut peer, d);
}

/// Paths of files are texts too; the manifest may name any.
fn files(peer: &mut Peer, d: &dyn Dialect) {
    if d.name() == "postgres" {
        return;
    }
    let Some(mut writer) = Peer::start("duckdb") else { return };
    let dir = tempfile::tempdir().unwrap();
    for (at, folder) in ["it's", "a\"b", "c`d", "'; DROP TABLE canary; --"].iter().enumerate() {
        let path = dir.path().join(folder);
        std::fs::create_dir(&path).unwrap();
        let file = path.join("events.parquet").display().to_string();
        let quoted = dialect("duckdb").unwrap().text(&file);
        writer.run(&format!("COPY (SELECT {at} AS a) TO {quoted} (FORMAT parquet)")).unwrap();
        assert!(Path::new(&file).exists());
        let sql = format!("SELECT a FROM {}", place(d, Place::Parquet(vec![file])));
        let said = peer.run(&sql).unwrap_or_else(|why| panic!("{}: {why}\n{sql}", d.name()));
        assert_eq!(said, [[Some(at.to_string())]], "{sql}");
    }
    assert_eq!(peer.run("SELECT one FROM canary").unwrap(), [[Some("1".to_owned())]]);
}

#[test]
fn duckdb_takes_every_text_for_itself() {
    tried("duckdb");
}

#[test]
fn postgres_takes_every_text_for_itself() {
    tried("postgres");
}

#[test]
fn clickhouse_takes_every_text_for_itself() {
    tried("clickhouse");
}

#[test]
fn spark_takes_every_text_for_itself() {
    tried("spark");
}
