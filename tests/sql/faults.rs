//! What goes wrong while a real server answers: its columns are of other types, it is killed, the user has had enough.
use super::connect::{TYPES, fails, project, waypost};
use super::peer::{Peer, python};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use waypost::sql::Row;

/// Returns the statements of the project's queries with the id each is for.
fn statements(dir: &Path, dialect: &str) -> Vec<String> {
    let exported = waypost(dir, &["export", "sql", "--dialect", dialect]);
    let text = String::from_utf8(exported.stdout).unwrap();
    text.split(";\n").map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

/// Returns the answers of all of them, in an order of their own, or what the server says against the first.
fn answers(peer: &mut Peer, statements: &[String]) -> Result<Vec<Vec<Row>>, String> {
    let sorted = |sql: &String| {
        let mut rows = peer.run(sql)?;
        // the events of a line come in any order, and so do rows
        for list in rows.iter_mut().filter_map(|row| row.get_mut(7)?.as_mut()) {
            let mut events: Vec<&str> = list.split(';').collect();
            events.sort_unstable();
            *list = events.join(";");
        }
        rows.sort();
        Ok(rows)
    };
    statements.iter().map(sorted).collect()
}

fn other_types(name: &str) {
    let Some(mut peer) = Peer::start(name) else { return };
    let dir = project(2);
    let statements = statements(dir.path(), name);
    let csv = dir.path().join("ev.csv");
    peer.load("ev", &csv, &TYPES).unwrap();
    let right = answers(&mut peer, &statements).unwrap();
    assert!(right.len() > 3);
    for column in ["ts", "revenue", "load_ms", "age"] {
        let types: Vec<_> = TYPES.into_iter().filter(|(name, _)| *name != column).collect();
        peer.load("ev", &csv, &types).unwrap();
        match answers(&mut peer, &statements) {
            Ok(found) => {
                let (found, right) = (found.iter().flatten(), right.iter().flatten());
                let other: Vec<_> = found.zip(right).filter(|(a, b)| a != b).take(3).collect();
                assert!(other.is_empty(), "{name} counts texts in `{column}` otherwise: {other:?}");
            }
            Err(why) => assert!(why.len() > 20, "{name} `{column}`: {why}"),
        }
    }
    // what is no amount is told, and not counted as nothing
    let text = std::fs::read_to_string(&csv).unwrap();
    let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = head.iter().position(|h| *h == "revenue").unwrap();
    let paid = text.lines().skip(1).find(|l| l.split(',').nth(at).is_some_and(|cell| !cell.is_empty())).unwrap();
    let amount = paid.split(',').nth(at).unwrap();
    std::fs::write(&csv, text.replacen(paid, &paid.replace(amount, "abc"), 1)).unwrap();
    let types: Vec<_> = TYPES.into_iter().filter(|(name, _)| *name != "revenue").collect();
    peer.load("ev", &csv, &types).unwrap();
    let why = answers(&mut peer, &statements).unwrap_err();
    println!("{name}: {why}");
}

#[test]
fn columns_of_other_types_in_duckdb_are_told_or_count_the_same() {
    other_types("duckdb");
}

#[test]
fn columns_of_other_types_in_postgres_are_told_or_count_the_same() {
    other_types("postgres");
}

/// A way to a server that is cut after so many bytes of an answer; it says when that is.
fn cut_after(bytes: usize, server: String) -> (u16, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (say, cut) = channel();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(there) = TcpStream::connect(("127.0.0.1", server.parse().unwrap())) else { continue };
            let (mut from, mut to) = (client.try_clone().unwrap(), there.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            let mut back = there.try_clone().unwrap().take(bytes as u64);
            let _ = std::io::copy(&mut back, &mut &client);
            let _ = say.send(());
            let _ = client.shutdown(Shutdown::Both);
            let _ = there.shutdown(Shutdown::Both);
        }
    });
    (port, cut)
}

/// Names the events as Parquet files, which another client of Spark sees.
fn as_parquet(dir: &Path) {
    let path = dir.join("waypost.yaml");
    let manifest = std::fs::read_to_string(&path).unwrap();
    let file = dir.join("ev.csv.parquet");
    std::fs::write(path, manifest.replace("table: ev", &format!("parquet: {}", file.display()))).unwrap();
}

#[test]
fn a_server_that_fails_in_the_middle_leaves_nothing_behind() {
    let Some(mut peer) = Peer::start("spark") else { return };
    let dir = project(2);
    let csv = dir.path().join("ev.csv");
    let types: Vec<_> = TYPES.into_iter().filter(|(name, _)| *name != "revenue").collect();
    let text = std::fs::read_to_string(&csv).unwrap();
    as_parquet(dir.path());

    // amounts that are none
    std::fs::write(&csv, text.replace("Order Completed,", "Order Completed,abc")).unwrap();
    peer.load("ev", &csv, &types).unwrap();
    let port = peer.serve(0);
    fails(dir.path(), &format!("spark://127.0.0.1:{port}"), "the warehouse refuses the query for `");

    // times that are numbers, and nobody said of what
    let path = dir.path().join("ev.csv.parquet");
    let numbers = "import sys, pyarrow.parquet as p; t = p.read_table(sys.argv[1]); \
        at = t.column_names.index('ts'); p.write_table(t.set_column(at, 'ts', t['ts'].cast('int64')), sys.argv[1])";
    std::fs::write(&csv, &text).unwrap();
    peer.load("ev", &csv, &TYPES).unwrap();
    let done = std::process::Command::new(python()).args(["-c", numbers]).arg(&path).status().unwrap();
    assert!(done.success());
    fails(dir.path(), &format!("spark://127.0.0.1:{port}"), "say `epoch:` in the manifest");

    // cut off at the first bytes, in the rows, and late
    peer.load("ev", &csv, &TYPES).unwrap();
    for bytes in [100, 2_000, 20_000] {
        let (way, _cut) = cut_after(bytes, port.clone());
        fails(dir.path(), &format!("spark://127.0.0.1:{way}"), " is lost: ");
    }

    // and killed
    let (way, cut) = cut_after(20_000, port);
    let killer = std::thread::spawn(move || {
        cut.recv().unwrap();
        drop(peer);
    });
    fails(dir.path(), &format!("spark://127.0.0.1:{way}"), "error: ");
    killer.join().unwrap();
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_it_and_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;
    let dir = project(2);
    let before = names(dir.path());
    for args in
        [&["report", "guest-checkout", "--to", "html", "-o", "page.html"][..], &["build", "-o", "pages"], &["analyze"]]
    {
        for scheme in ["spark", "clickhouse"] {
            // who is asked takes the question, and answers never
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("{scheme}://127.0.0.1:{}", listener.local_addr().unwrap().port());
            let mut command = crate::cli::interruptible();
            command.current_dir(dir.path()).args(args).args(["--on", &url]).stdout(std::process::Stdio::piped());
            let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
            let (mut asked, _) = listener.accept().unwrap();
            assert!(asked.read(&mut [0; 64]).unwrap() > 0);
            let pid = child.id().to_string();
            assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
            let ended = child.wait().unwrap();
            assert!(ended.code() == Some(130) || ended.signal() == Some(2), "{args:?} {ended:?}");
            let mut said = String::new();
            child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(said, "", "{args:?}");
            // the connection is closed, on which the server ends the query
            asked.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
            let mut rest = Vec::new();
            let _ = asked.read_to_end(&mut rest);
            assert!(asked.write_all(&[0; 1 << 20]).and_then(|()| asked.write_all(&[0; 1 << 20])).is_err());
            assert_eq!(names(dir.path()), before, "{args:?}");
        }
    }
}

/// Returns the names of all that lies in a folder, hidden files too.
#[cfg(unix)]
fn names(dir: &Path) -> Vec<std::ffi::OsString> {
    let mut all: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    all.sort();
    all
}
