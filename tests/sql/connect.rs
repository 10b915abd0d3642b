//! `--on`: the same report from files and from a warehouse, and a clear word where there is none.
use super::peer::Peer;
use serde_json::Value;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

pub(super) fn waypost(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
    command.current_dir(dir).args(args).env("WAYPOST_PASSWORD", "secret").env("SOURCE_DATE_EPOCH", "1780000000");
    command.output().unwrap()
}

pub(super) const TYPES: [(&str, &str); 5] =
    [("ts", "time"), ("revenue", "number"), ("load_ms", "number"), ("score", "number"), ("age", "number")];

/// Writes the shop with events of its own; its data is in `ev.csv` and in the table `ev`.
pub(super) fn project(seed: u64) -> tempfile::TempDir {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/guitar-shop");
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(&shop).unwrap().map(|f| f.unwrap().path()) {
        if file.extension().is_some_and(|e| e == "journey") {
            std::fs::copy(&file, dir.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let manifest = std::fs::read_to_string(shop.join("waypost.yaml")).unwrap();
    let here = manifest.replace("- events: \"data/events*.csv.gz\"", "- events: ev.csv\n    table: ev");
    assert_ne!(manifest, here);
    std::fs::write(dir.path().join("waypost.yaml"), here).unwrap();
    let made = waypost(dir.path(), &["simulate", "-o", "ev.csv", "--people", "30000", "--seed", &seed.to_string()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    dir
}

/// Returns the reports, without what names files and what only files can tell.
fn reports(dir: &Path, out: &str) -> Value {
    let text = std::fs::read_to_string(dir.join(out).join("report.json")).unwrap();
    let mut all: Value = serde_json::from_str(&text).unwrap();
    let strip = |report: &mut Value| {
        report["provenance"]["files"] = Value::Null;
        report["provenance"].as_object_mut().unwrap().shift_remove("warehouse");
        let checks = report["checks"].as_array_mut().unwrap();
        // Assignments and clocks are looked at where files are read.
        checks.retain(|c| !["recomputed-", "clock-skew-"].iter().any(|rule| c.to_string().contains(rule)));
    };
    all["reports"].as_array_mut().unwrap().iter_mut().for_each(strip);
    assert!(text.contains("\"lift_interval\""), "no effect is shown: {text}");
    all
}

/// Checks that two builds say the same, and shows the lines in which they do not.
fn compare(dir: &Path) {
    let [local, there] = ["local", "there"].map(|out| format!("{:#}", reports(dir, out)));
    equal(&local, &there);
    // The last line seals the page: it names the files and their digests, which a table has not.
    let [local, there] = ["local", "there"].map(|out| {
        let map = std::fs::read_to_string(dir.join(out).join("map-guitar.md")).unwrap();
        map.lines().filter(|l| !l.starts_with("<!-- waypost-seal ")).map(|l| format!("{l}\n")).collect::<String>()
    });
    assert!(local.contains("Entered **"), "the map has numbers: {local}");
    equal(&local, &there);
}

/// Checks that what a run writes to the output is the same with `--on`.
fn compare_output(dir: &Path, args: &[&str], url: &str) {
    let [local, there] = [args.to_vec(), [args, &["--on", url]].concat()].map(|args| {
        let run = waypost(dir, &args);
        assert!(run.status.success(), "{args:?} {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    });
    assert!(local.lines().count() > 3, "{args:?} {local}");
    equal(&local, &there);
}

fn equal(local: &str, there: &str) {
    let lines = local.lines().zip(there.lines()).filter(|(a, b)| a != b).take(12);
    let said: Vec<String> = lines.map(|(a, b)| format!("local {a}\nthere {b}")).collect();
    assert!(local == there, "{}", said.join("\n"));
}

fn same_report(name: &str, url: impl Fn(&str) -> String, requests: u64) {
    let Some(mut peer) = Peer::start(name) else { return };
    let dir = project(4);
    let csv = dir.path().join("ev.csv");
    peer.load("ev", &csv, &TYPES).unwrap();
    if name == "spark" {
        // A view is its session's alone, so another client is told the file.
        let path = dir.path().join("waypost.yaml");
        let manifest = std::fs::read_to_string(&path).unwrap();
        let manifest = manifest.replace("table: ev", &format!("parquet: {}.parquet", csv.display()));
        std::fs::write(path, manifest).unwrap();
    }
    let local = waypost(dir.path(), &["build", "-o", "local"]);
    assert!(local.status.success(), "{}", String::from_utf8_lossy(&local.stderr));
    let port = peer.serve(requests);
    let there = waypost(dir.path(), &["build", "-o", "there", "--on", &url(&port)]);
    assert!(there.status.success(), "{}", String::from_utf8_lossy(&there.stderr));
    let page = std::fs::read_to_string(dir.path().join("there/test-guest-checkout.html")).unwrap();
    assert!(page.contains(&format!("://127.0.0.1:{port}")) && !page.contains("me@"), "who asks is on no page");
    compare(dir.path());
    compare_output(dir.path(), &["report", "guest-checkout", "--to", "csv"], &url(&port));
    compare_output(dir.path(), &["analyze", "--format", "json"], &url(&port));
    compare_output(dir.path(), &["analyze", "--insights"], &url(&port));
}

#[test]
fn the_report_is_the_same_from_clickhouse_over_http() {
    // The rows, the journeys and two experiments; the rows and one; twice the rows and the journeys.
    same_report("clickhouse", |port| format!("clickhouse://me@127.0.0.1:{port}"), 10);
}

#[test]
fn the_report_is_the_same_from_spark_connect() {
    same_report("spark", |port| format!("spark://127.0.0.1:{port}"), 0);
}

/// Runs the queries of a project in DuckDB, and keeps the answers in files as a stranger would.
fn answered(peer: &mut Peer, dir: &Path) {
    let exported = waypost(dir, &["export", "sql", "--dialect", "duckdb"]);
    let text = String::from_utf8(exported.stdout).unwrap();
    let mut statements = text.split(";\n").map(str::trim).filter(|s| !s.is_empty());
    peer.run(statements.next().unwrap()).unwrap();
    std::fs::create_dir(dir.join("got")).unwrap();
    for statement in statements {
        // `-- experiment button` says whose query it is.
        let id = statement.lines().next().unwrap().split(' ').nth(2).unwrap();
        let mut text = "what,measure,variant,cut_by,cut,y,x,list,units\n".to_owned();
        for row in peer.run(statement).unwrap() {
            let cell = |c: &Option<String>| c.as_ref().map_or_else(String::new, |c| format!("\"{c}\""));
            text += &(row.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
        }
        std::fs::write(dir.join("got").join(format!("{id}.csv")), text).unwrap();
    }
}

#[test]
fn the_report_is_the_same_from_answers_in_files() {
    let Some(mut peer) = Peer::start("duckdb") else { return };
    let dir = project(1);
    peer.load("ev", &dir.path().join("ev.csv"), &TYPES).unwrap();
    answered(&mut peer, dir.path());
    assert!(waypost(dir.path(), &["build", "-o", "local"]).status.success());
    let there = waypost(dir.path(), &["build", "-o", "there", "--on", "answers:duckdb:got"]);
    assert!(there.status.success(), "{}", String::from_utf8_lossy(&there.stderr));
    compare(dir.path());
    verified(dir.path());
    std::fs::remove_file(dir.path().join("got/guest-checkout.csv")).unwrap();
    fails(dir.path(), "answers:duckdb:got", "cannot read");
}

#[test]
fn rows_without_consent_are_told_by_a_warehouse_too() {
    let Some(mut peer) = Peer::start("duckdb") else { return };
    let dir = tempfile::tempdir().unwrap();
    let manifest = "name: shop\nunits: { user: user_id }\ndata:\n  - events: ev.csv\n    table: ev\n    time: ts\n    event: event\n    \
                    consent: \"agreed==yes\"\n    where: 'country == \"PT\"'\n";
    let spec = "persona ana \"Ana\" { goal \"Buys\" }\nchannel web \"Web\" { kind self-service }\nevent seen { named \"Seen\" }\n\
                event paid { named \"Pay\" where agreed == \"sure\" }\n\
                journey way \"Way\" {\n  for ana\n  stage first \"First\" {\n    phase sale\n    touchpoint door \"Door\" { channel web; seen by seen }\n  }\n}\n";
    let mut rows = "ts,user_id,event,agreed,country\n".to_owned();
    for n in 0..80 {
        let (agreed, country) = (["no", "yes", "yes", "", "yes"][n % 5], if n < 40 { "PT" } else { "ES" });
        let event = ["Seen", "Seen", "Pay", "Other"][n % 4];
        rows += &format!("2026-01-05T10:00:{:02}Z,u{n},{event},{agreed},{country}\n", n % 60);
    }
    let attributes = "attributes: { agreed: text, country: text }\n";
    for (name, text) in
        [("waypost.yaml", manifest.to_owned() + attributes), ("way.journey", spec.to_owned()), ("ev.csv", rows)]
    {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    peer.load("ev", &dir.path().join("ev.csv"), &TYPES).unwrap();
    answered(&mut peer, dir.path());
    let [local, there] = [&[][..], &["--on", "answers:duckdb:got"]].map(|on| {
        let run = waypost(dir.path(), &[&["build", "-o", "out"], on].concat());
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let map = std::fs::read_to_string(dir.path().join("out/map-way.md")).unwrap();
        map.lines().filter(|l| !l.starts_with("<!-- waypost-seal ")).map(|l| format!("{l}\n")).collect::<String>()
    });
    assert!(local.contains("of events with consent"), "{local}");
    equal(&local, &there);
}

/// Checks that a page says which warehouse counted, and that its numbers are counted there again where one asks.
fn verified(dir: &Path) {
    let verify = |page: &str, on: &[&str]| {
        let run = waypost(dir, &[&["verify", page, "--format", "json"], on].concat());
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        let answer: Value = serde_json::from_slice(&run.stdout).unwrap_or(Value::Null);
        (run.status.code().unwrap(), answer, said)
    };
    let on = ["--on", "answers:duckdb:got"];
    for page in ["there/map-guitar.html", "there/map-guitar.md", "there/test-guest-checkout.html"] {
        let (code, alone, _) = verify(page, &[]);
        assert_eq!((code, &alone["warehouse"], &alone["made_again"]), (0, &"answers:duckdb".into(), &Value::Null));
        assert!(alone["not_made_again"].as_str().unwrap().contains("--on URL"), "{alone:#}");
        let (code, again, said) = verify(page, &on);
        assert_eq!((code, &again["made_again"]), (0, &true.into()), "{page} {again:#} {said}");
    }
    let said = waypost(dir, &["verify", "there/map-guitar.html"]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("come from the warehouse answers:duckdb") && said.ends_with("it holds, its numbers aside\n"));
    let (code, _, said) = verify("local/map-guitar.html", &on);
    assert!(code == 2 && said.contains("was counted from files"), "{said}");
    // the data there changes: one unit more in an arm
    let file = dir.join("got/guest-checkout.csv");
    let was = std::fs::read_to_string(&file).unwrap();
    let line = was.lines().find(|l| l.starts_with("\"unit\"")).unwrap();
    std::fs::write(&file, format!("{was}{line}\n")).unwrap();
    let (code, changed, _) = verify("there/test-guest-checkout.html", &on);
    assert_eq!((code, &changed["holds"], &changed["made_again"]), (1, &false.into(), &false.into()), "{changed:#}");
    std::fs::write(&file, was).unwrap();
    let (code, _, said) = verify("there/test-guest-checkout.html", &["--on", "answers:duckdb:nowhere"]);
    assert!(code == 2 && said.contains("cannot read"), "{said}");
}

/// Checks that a run ends with code 2 and these words, writes nothing, and shows no secret.
pub(super) fn fails(dir: &Path, url: &str, words: &str) {
    let run = waypost(dir, &["build", "-o", "nothing", "--on", url]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains(words), "{url}: {said}");
    assert!(!said.contains("secret"), "{said}");
    assert!(!dir.join("nothing").exists());
}

/// A server that says this whatever it is asked; returns its port. A rude one hangs up without listening.
fn server(says: &'static [u8], rude: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.write_all(says);
            if !rude {
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            }
        }
    });
    port
}

#[test]
fn what_goes_wrong_is_said() {
    let dir = project(1);
    let dir = dir.path();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    fails(dir, &format!("clickhouse://127.0.0.1:{free}"), "cannot reach `127.0.0.1");
    fails(dir, &format!("spark://127.0.0.1:{free}"), "cannot reach `127.0.0.1");
    fails(dir, "mysql://somewhere", "nothing is known of `mysql:`");
    fails(dir, "clickhouse://me:secret@somewhere", "a password does not belong in a URL");
    fails(dir, "spark://somewhere:port", "`port` is no port");
    fails(dir, "answers:klingon:here", "`klingon` is no dialect");
    let cut = server(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[\"asked\"", false);
    fails(dir, &format!("clickhouse://127.0.0.1:{cut}"), "the connection ended in the middle of an answer");
    let closed = server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", false);
    fails(dir, &format!("clickhouse://127.0.0.1:{closed}"), "does not let us in");
    let rude = server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", true);
    fails(dir, &format!("clickhouse://127.0.0.1:{rude}"), "does not let us in");
    let missing = server(b"HTTP/1.1 404 Not Found\r\nContent-Length: 28\r\n\r\nCode: 60. No such table `ev`\n", false);
    fails(dir, &format!("clickhouse://127.0.0.1:{missing}"), "Code: 60. No such table `ev`");
    let strange = server(b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n[\"asked\",\"0\"]\n", false);
    fails(dir, &format!("clickhouse://127.0.0.1:{strange}"), "a row has 2 columns");
    let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n46\r\n[\"asked\",\"0\",\"-1\",\"-1\",null,null,null,null,\"500\"]\n[\"peo";
    let killed = server(chunks, false);
    fails(dir, &format!("clickhouse://127.0.0.1:{killed}"), "the connection ended in the middle of an answer");
    // Settings, a status of 200, and a message that says it has 1000 bytes and has three.
    let frames = b"\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x04\0\0\0\x01\x88\0\0\x08\0\0\0\0\0\x01\0\0\0\x03\xe8abc";
    let killed = server(frames, false);
    fails(dir, &format!("spark://127.0.0.1:{killed}"), "is lost: ");
    let denied = b"\0\0\0\x04\0\0\0\0\0\0\0\x10\x01\x05\0\0\0\x01\0\x0bgrpc-status\x0216";
    let polite = server(denied, false);
    fails(dir, &format!("spark://127.0.0.1:{polite}"), "does not let us in");
    let rude = server(denied, true);
    fails(dir, &format!("spark://127.0.0.1:{rude}"), "does not let us in");
    let no_http2 = server(b"SSH-2.0-OpenSSH_9.2 and then some more of it\r\n", false);
    fails(dir, &format!("spark://127.0.0.1:{no_http2}"), "error: ");
}

#[test]
fn a_dry_run_writes_the_queries_and_asks_nobody() {
    let dir = project(1);
    let run = waypost(dir.path(), &["build", "--on", "clickhouse://nobody.invalid", "--dry-run"]);
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("-- experiment guest-checkout\nWITH raw_0 AS (") && said.contains("FROM \"ev\""), "{said}");
    assert!(!dir.path().join("out").exists());
    let exported = waypost(dir.path(), &["export", "sql", "--dialect", "clickhouse"]);
    let exported = String::from_utf8_lossy(&exported.stdout);
    assert!(said.ends_with(&*exported), "a dry run shows what `export sql` writes");
}

#[test]
fn an_experiment_may_be_called_like_another_query() {
    let dir = project(1);
    for file in std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().path()) {
        if file.extension().is_some_and(|e| e == "journey") {
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.replace("guest-checkout", "journeys").replace("quiz-on-guide", "experiment-journeys");
            std::fs::write(&file, text).unwrap();
        }
    }
    let exported = |only: &[&str]| {
        let run = waypost(dir.path(), &[&["export", "sql", "--dialect", "duckdb"], only].concat());
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let said = String::from_utf8(run.stdout).unwrap();
        said.lines().filter_map(|l| l.strip_prefix("-- ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let apart = ["experiment experiment-journeys", "experiment experiment-experiment-journeys"];
    assert_eq!(exported(&[]), [&["data data", "journeys journeys"], &apart[..]].concat());
    assert_eq!(exported(&["--only", "journeys"]), ["journeys journeys"]);
    assert_eq!(exported(&["--only", "experiment-journeys"]), [apart[0]]);
    let wrong = waypost(dir.path(), &["export", "sql", "--dialect", "duckdb", "--only", "quiz"]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("`data`, `journeys`, `experiment-journeys`"), "{said}");
}

#[test]
fn only_what_is_asked_is_queried() {
    let dir = project(1);
    let asked = |args: &[&str]| {
        let run = waypost(dir.path(), args);
        assert!(run.status.success(), "{args:?} {}", String::from_utf8_lossy(&run.stderr));
        let said = String::from_utf8(run.stdout).unwrap();
        said.lines().filter_map(|l| l.strip_prefix("-- ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let on = ["--on", "spark://nobody.invalid", "--dry-run"];
    let all = asked(&[&["build"], &on[..]].concat());
    assert_eq!(all, ["data data", "journeys journeys", "experiment guest-checkout", "experiment quiz-on-guide"]);
    assert_eq!(asked(&[&["report", "guest-checkout"], &on[..]].concat()), ["data data", "experiment guest-checkout"]);
    assert_eq!(asked(&[&["analyze"], &on[..]].concat()), ["data data", "journeys journeys"]);
    assert_eq!(asked(&["plan", "guest-checkout", "--explain=sql"]), ["experiment guest-checkout"]);
    assert_eq!(asked(&["export", "sql", "--dialect", "trino", "--only", "journeys"]), ["journeys journeys"]);
    let like = waypost(dir.path(), &["analyze", "--like", "posthog", "--on", "spark://nobody.invalid"]);
    assert_eq!(like.status.code(), Some(2));
    let path = dir.path().join("waypost.yaml");
    let manifest = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, manifest.replace("    table: ev", "    table: ev\n    anonymous: device_id")).unwrap();
    fails(dir.path(), "spark://nobody.invalid", "joins people under several ids");
}
