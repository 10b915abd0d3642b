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
/// The largest answer that is read.
const LARGEST: usize = 1 << 30;

/// A warehouse.
pub(super) trait Warehouse {
    /// Returns the name of its dialect.
    fn dialect(&self) -> &str;

    /// Returns the answer to a query.
    ///
    /// # Errors
    /// In words for the user: what failed, and what to do.
    fn run(&mut self, query: &crate::sql::Query, zone: &str) -> Result<Vec<Row>, Failure>;
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

fn unknown(url: &str) -> Failure {
    let scheme = url.split(':').next().unwrap_or_default();
    Failure::new(format!("nothing is known of `{scheme}:`")).help(
        "write `spark://host:port`, `clickhouse://host:port/database`, or `answers:DIALECT:FOLDER` for answers that \
         another client got with `waypost export sql`",
    )
}

/// Runs the queries of a script one after the other.
///
/// # Errors
/// When one of them has no answer.
pub(super) fn run(warehouse: &mut dyn Warehouse, script: &Script) -> Result<Vec<Vec<Row>>, Failure> {
    script.queries.iter().map(|query| warehouse.run(query, &script.zone)).collect()
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

fn lost(name: &str, cause: &std::io::Error) -> Failure {
    let why = match cause.kind() {
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => "it is silent for too long".to_owned(),
        std::io::ErrorKind::UnexpectedEof => "the connection ended in the middle of an answer".to_owned(),
        _ => super::failure::plain(cause),
    };
    Failure::new(format!("the warehouse at `{name}` is lost: {why}")).help("nothing was written; run it again")
}

fn too_large(query: &crate::sql::Query) -> Failure {
    Failure::new(format!("the answer for `{}` is larger than 1 GB", query.id))
        .help("ask for fewer segments, or cut amounts with `cap at`")
}
