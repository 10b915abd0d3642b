//! Warehouses that answer queries: [`open`] finds the client of a URL.
//!
//! | URL | what answers |
//! |---|---|
//! | `clickhouse://[user@]host[:port][/database]` | ClickHouse, by its HTTP interface |
//! | `spark://host:port` | a server of Spark Connect |
//! | `answers:DIALECT:FOLDER` | a folder of CSV files that somebody got with the text of `export sql` |
//!
//! Credentials come from the environment, never from the URL, and are never shown. Only reads are sent, so a request that
//! did not arrive is sent again.
mod answers;
mod clickhouse;
mod http2;
mod huffman;
mod spark;

use super::{Failure, World};
use crate::sql::{Row, Script};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long a connection may take to come up.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a warehouse may be silent.
const SILENCE: Duration = Duration::from_secs(900);
/// How often a connection is tried.
const TRIES: u32 = 3;
/// How often a query is asked whose answer was lost before its first row.
const ASKED: u32 = 3;
/// The largest row or message of an answer that is read.
const LARGEST: usize = 1 << 28;

/// What takes the rows of an answer.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Row) -> Result<(), Failure>;

/// A warehouse.
pub(super) trait Warehouse {
    /// Returns the name of its dialect.
    fn dialect(&self) -> &str;

    /// Gives the rows of the answer to a query, as they come.
    ///
    /// # Errors
    /// In words for the user: what failed, and what to do.
    fn run(&mut self, query: &crate::sql::Query, zone: &str, take: Take<'_>) -> Result<(), Ended>;
}

/// Why there is no answer, or no more of it.
pub(super) enum Ended {
    /// The connection is gone; another may do better.
    Lost(Failure),
    /// It would fail again.
    Failed(Failure),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Returns the client of a URL.
///
/// # Errors
/// When the URL is of no kind that is known, or names a password.
pub(super) fn open(url: &str, world: &World<'_>) -> Result<Box<dyn Warehouse>, Failure> {
    let Some((scheme, rest)) = url.split_once(':') else { return Err(unknown(url)) };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    match scheme {
        "answers" => Ok(Box::new(answers::Answers::new(rest, &world.dir)?)),
        "clickhouse" => Ok(Box::new(clickhouse::ClickHouse::new(&Address::new(rest, 8123)?, world)?)),
        "spark" | "sc" => Ok(Box::new(spark::Spark::new(&Address::new(rest, 15002)?, world)?)),
        _ => Err(unknown(url)),
    }
}

/// Returns what a URL names, without who asks; of answers in files the dialect alone.
pub(super) fn named(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once(':') else { return url.to_owned() };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    if scheme == "answers" {
        return format!("answers:{}", rest.split(':').next().unwrap_or_default());
    }
    let (authority, path) = rest.split_once('/').map_or((rest, String::new()), |(a, path)| (a, format!("/{path}")));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

fn unknown(url: &str) -> Failure {
    let scheme = url.split(':').next().unwrap_or_default();
    Failure::new(format!("nothing is known of `{scheme}:`")).help(
        "write `spark://host:port`, `clickhouse://host:port/database`, or `answers:DIALECT:FOLDER` for answers that \
         another client got with `waypost export sql`",
    )
}

/// Runs the queries of a script one after the other, and gives each row with the place of its query.
///
/// # Errors
/// When one of them has no answer.
pub(super) fn run(
    warehouse: &mut dyn Warehouse,
    script: &Script,
    take: &mut dyn FnMut(usize, &Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for (at, query) in script.queries.iter().enumerate() {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut rows = 0_u64;
            let mut each = |row: &Row| {
                rows += 1;
                take(at, row)
            };
            match warehouse.run(query, &script.zone, &mut each) {
                Ok(()) => break,
                // A read that told nothing yet may be asked again.
                Err(Ended::Lost(_)) if rows == 0 && tries < ASKED => {
                    std::thread::sleep(Duration::from_millis(200 << tries));
                }
                Err(Ended::Lost(failure) | Ended::Failed(failure)) => return Err(failure),
            }
        }
    }
    Ok(())
}

/// Where a warehouse is, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Address {
    user: Option<String>,
    host: String,
    port: u16,
    path: String,
}

impl Address {
    fn new(rest: &str, usual: u16) -> Result<Self, Failure> {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => {
                return Err(Failure::new("a password does not belong in a URL, where others can read it")
                    .help("set it in the environment as WAYPOST_PASSWORD, or name a file in WAYPOST_PASSWORD_FILE"));
            }
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => {
                let port = port.parse().map_err(|_| Failure::new(format!("`{port}` is no port")))?;
                (host, port)
            }
            None => (host, usual),
        };
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '%' | '&'));
        if host.is_empty() || !plain(host) || !plain(path) || !user.as_deref().is_none_or(plain) {
            return Err(Failure::new("the URL names no host, or has signs that none has"));
        }
        Ok(Self { user, host: host.to_owned(), port, path: path.trim_end_matches('/').to_owned() })
    }

    fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Opens a connection; tries again where nobody answers.
    fn connect(&self) -> Result<TcpStream, Failure> {
        let mut last = String::new();
        let addresses: Vec<_> = match (self.host.trim_matches(['[', ']']), self.port).to_socket_addrs() {
            Ok(found) => found.collect(),
            Err(_) => return Err(Failure::new(format!("there is no host `{}`", self.host))),
        };
        for round in 0..TRIES {
            if round > 0 {
                std::thread::sleep(Duration::from_millis(200 << round));
            }
            for address in &addresses {
                match TcpStream::connect_timeout(address, CONNECT) {
                    Ok(stream) => {
                        let set = stream.set_read_timeout(Some(SILENCE));
                        set.and_then(|()| stream.set_write_timeout(Some(SILENCE)))?;
                        let _ = stream.set_nodelay(true);
                        return Ok(stream);
                    }
                    Err(cause) => last = super::failure::plain(&cause),
                }
            }
        }
        Err(Failure::new(format!("cannot reach `{}`: {last}", self.name()))
            .help("see that the server runs and that the port is right"))
    }
}

/// Returns the password for a warehouse: from the environment, or from the file that it names.
fn password(world: &World<'_>) -> Result<Option<String>, Failure> {
    if let Some(password) = world.env.get("WAYPOST_PASSWORD").filter(|p| !p.is_empty()) {
        return Ok(Some(password.clone()));
    }
    let Some(file) = world.env.get("WAYPOST_PASSWORD_FILE").filter(|p| !p.is_empty()) else { return Ok(None) };
    let path = std::path::Path::new(file);
    let text = std::fs::read_to_string(world.dir.join(path)).map_err(|e| Failure::file("read", path, &e))?;
    Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Returns the failure of a query, with the first line of what the warehouse says.
fn refused(query: &crate::sql::Query, said: &str) -> Failure {
    let line = said.lines().find(|l| !l.trim().is_empty()).unwrap_or("nothing").trim();
    let short: String = line.chars().filter(|c| !c.is_control()).take(400).collect();
    Failure::new(format!("the warehouse refuses the query for `{}`: {short}", query.id))
        .help("`waypost export sql` writes the query; see that the tables and columns of the manifest are there")
}

fn lost(name: &str, cause: &std::io::Error) -> Ended {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof, WouldBlock};
    let why = match cause.kind() {
        WouldBlock | TimedOut => "it is silent for too long".to_owned(),
        UnexpectedEof | BrokenPipe | ConnectionAborted | ConnectionReset => {
            "the connection ended in the middle of an answer".to_owned()
        }
        _ => super::failure::plain(cause),
    };
    let failure =
        Failure::new(format!("the warehouse at `{name}` is lost: {why}")).help("nothing was written; run it again");
    // Who was silent for so long is not asked again.
    if matches!(cause.kind(), WouldBlock | TimedOut) { Ended::Failed(failure) } else { Ended::Lost(failure) }
}

/// Returns whether the other end hung up while it was written to. That is no failure yet: a server that turns somebody away
/// says why and closes before it has read the whole question.
///
/// # Errors
/// When writing failed for another reason.
fn hung_up(written: std::io::Result<()>) -> std::io::Result<bool> {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    match written {
        Err(e) if matches!(e.kind(), BrokenPipe | ConnectionAborted | ConnectionReset) => Ok(true),
        other => other.map(|()| false),
    }
}

fn too_large(query: &crate::sql::Query) -> Failure {
    Failure::new(format!("a row of the answer for `{}` is larger than {} MB", query.id, LARGEST >> 20))
        .help("one unit has too many events; leave it out with `where` in the manifest")
}
