//! Pages for the browser of this machine: [`Server`]. It listens on the loopback address alone, knows GET and HEAD, serves the
//! files of the last build from memory and nothing else, and answers only who asks for it by its own name, so that no page
//! from elsewhere can read it through a name that points here.

use super::Shelf;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The longest head of a request, in bytes.
const LONGEST: u64 = 8 << 10;
/// More connections than this are closed at once.
const MOST: usize = 64;
/// How long a reader may take over its request.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a stream of events says that it is there.
const BEAT: Duration = Duration::from_secs(10);

/// Loads the page again when the number of the build has changed.
const SCRIPT: &str = "let seen;new EventSource('/.waypost/events').onmessage=e=>{\
    if(seen!==undefined&&seen!==e.data)location.reload();seen=e.data}\n";
const TAG: &str = "<script src=\"/.waypost/script.js\"></script>\n";
const POLICY: &str = "http-equiv=\"Content-Security-Policy\" content=\"";
const NOTHING: &str = "<!doctype html>\n<title>Nothing here</title>\n<p>There is no such page in the last build.\n";

/// Listens; every connection has a thread of its own.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
}

impl Server {
    /// Returns a server on a port of the loopback address; 0 is any free one.
    ///
    /// # Errors
    /// The port is taken.
    pub fn open(port: u16) -> io::Result<Self> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(|listener| Self { listener })
    }

    /// Returns the address it listens on.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves a shelf from now on, in the background.
    pub fn start(self, shelf: Arc<Shelf>) {
        let port = self.address().map_or(0, |a| a.port());
        let open = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            for stream in self.listener.incoming().flatten() {
                if open.load(Ordering::Relaxed) >= MOST {
                    continue;
                }
                open.fetch_add(1, Ordering::Relaxed);
                let (shelf, open) = (Arc::clone(&shelf), Arc::clone(&open));
                std::thread::spawn(move || {
                    // Whoever went away needs no answer.
                    let _ = answer(&stream, &shelf, port);
                    open.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
    }
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    path: String,
    only_head: bool,
}

fn answer(stream: &TcpStream, shelf: &Shelf, port: u16) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut out = stream;
    let Some(request) = read(stream, port)? else {
        return out.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    match request.path.as_str() {
        ".waypost/events" => events(stream, shelf),
        ".waypost/script.js" => send(stream, &request, 200, "text/javascript; charset=utf-8", SCRIPT.as_bytes()),
        path => {
            let path = if path.is_empty() { "index.html" } else { path };
            let html = || path.ends_with(".html") || !path.contains('.');
            match shelf.get(path) {
                Some(bytes) if path.ends_with(".html") => send(stream, &request, 200, kind(path), &live(&bytes)),
                Some(bytes) => send(stream, &request, 200, kind(path), &bytes),
                None if html() => send(stream, &request, 404, kind("x.html"), &live(NOTHING.as_bytes())),
                None => send(stream, &request, 404, "text/plain; charset=utf-8", b"no such file in the last build\n"),
            }
        }
    }
}

/// Returns what is asked for; nothing where it is no request for this server.
fn read(stream: &TcpStream, port: u16) -> io::Result<Option<Request>> {
    let mut lines = BufReader::new(stream.take(LONGEST));
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let mut host = false;
    loop {
        let mut line = String::new();
        // A head that is too long ends here without its empty line.
        if lines.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("host") {
            let value = value.trim();
            host = [format!("127.0.0.1:{port}"), format!("localhost:{port}")].iter().any(|h| h == value);
        }
    }
    let mut words = first.split_ascii_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().and_then(|t| t.strip_prefix('/')).and_then(decoded);
    let known = matches!(method, "GET" | "HEAD") && host;
    Ok(path.filter(|_| known).map(|path| Request { path, only_head: method == "HEAD" }))
}

/// Returns a path without its percent signs.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let digit = |b: Option<u8>| char::from(b?).to_digit(16).and_then(|d| u8::try_from(d).ok());
        bytes.push(if byte == b'%' { digit(rest.next())? * 16 + digit(rest.next())? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// Returns a page that loads again after a build. Only what is served has the script: the file of the build has none.
fn live(page: &[u8]) -> Vec<u8> {
    let Ok(page) = std::str::from_utf8(page) else { return page.to_vec() };
    let page = page.replacen(POLICY, &format!("{POLICY}script-src 'self'; connect-src 'self'; "), 1);
    match page.rfind("</body>") {
        Some(at) => {
            let (before, after) = page.split_at(at);
            format!("{before}{TAG}{after}").into_bytes()
        }
        None => format!("{page}{TAG}").into_bytes(),
    }
}

fn send(mut stream: &TcpStream, request: &Request, code: u16, kind: &str, body: &[u8]) -> io::Result<()> {
    let says = if code == 200 { "OK" } else { "Not Found" };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {code} {says}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )?;
    if request.only_head { Ok(()) } else { stream.write_all(body) }
}

/// Sends the number of the build, and each later one, until the reader goes.
fn events(mut stream: &TcpStream, shelf: &Shelf) -> io::Result<()> {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes())?;
    let mut seen = None;
    loop {
        let now = shelf.after(seen, BEAT);
        if seen == Some(now) {
            stream.write_all(b": still here\n\n")?;
        } else {
            write!(stream, "retry: 500\ndata: {now}\n\n")?;
        }
        stream.flush()?;
        seen = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_whole_or_not_at_all() {
        assert_eq!(decoded("map-%E6%98%A5.html").as_deref(), Some("map-春.html"));
        assert_eq!([decoded("%"), decoded("%g0"), decoded("%ff")], [None, None, None]);
    }

    #[test]
    fn the_script_is_let_in_by_the_policy_of_what_is_served_alone() {
        let page = format!("<meta {POLICY}default-src 'none'\"><body>x</body>\n");
        let served = String::from_utf8(live(page.as_bytes())).unwrap();
        assert_eq!(
            served,
            format!("<meta {POLICY}script-src 'self'; connect-src 'self'; default-src 'none'\"><body>x{TAG}</body>\n")
        );
    }
}
