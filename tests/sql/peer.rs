//! A warehouse as a child process: [`Peer`].
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use waypost::sql::Row;

/// A warehouse that answers queries. WAYPOST_PYTHON names the Python that has its packages.
pub(super) struct Peer {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

/// Returns the Python that has the packages of warehouses.
#[allow(clippy::disallowed_methods, reason = "where Python is stands in the environment")]
pub(super) fn python() -> String {
    std::env::var("WAYPOST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

impl Peer {
    /// Starts a warehouse; says why it skips and returns nothing where it is not there.
    pub(super) fn start(name: &str) -> Option<Self> {
        let python = python();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql/peer.py");
        let child = Command::new(&python)
            .arg(script)
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else {
            println!("skipped: `{python}` is not there to run {name}");
            return None;
        };
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut peer = Self { child, to, from };
        let hello = peer.answer().unwrap_or_else(|| json!({ "error": "no answer" }));
        if let Some(why) = hello.get("error") {
            println!("skipped: {name} is not there ({why}); CONTRIBUTING says how to install it");
            return None;
        }
        Some(peer)
    }

    fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.from.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    fn ask(&mut self, request: &Value) -> Result<Vec<Row>, String> {
        let to = self.to.as_mut().unwrap();
        writeln!(to, "{request}").unwrap();
        to.flush().unwrap();
        let answer = self.answer().ok_or("the warehouse is gone")?;
        match answer.get("error") {
            Some(why) => Err(why.as_str().unwrap_or("").to_owned()),
            None => Ok(serde_json::from_value(answer["rows"].clone()).unwrap()),
        }
    }

    /// Loads a table.
    pub(super) fn load(&mut self, table: &str, csv: &Path, types: &[(&str, &str)]) -> Result<(), String> {
        let types: serde_json::Map<String, Value> =
            types.iter().map(|(name, kind)| ((*name).to_owned(), json!(kind))).collect();
        self.ask(&json!({ "load": table, "csv": csv, "types": types })).map(|_| ())
    }

    /// Serves so many requests of HTTP; returns the port.
    pub(super) fn serve(&mut self, requests: u64) -> String {
        let rows = self.ask(&json!({ "serve": requests })).unwrap();
        rows[0][0].clone().unwrap()
    }

    /// Runs a query.
    pub(super) fn run(&mut self, sql: &str) -> Result<Vec<Row>, String> {
        self.ask(&json!({ "sql": sql }))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Without input it ends by itself, and takes its server with it.
        self.to.take();
        let _ = self.child.wait();
    }
}
