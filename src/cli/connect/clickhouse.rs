//! ClickHouse by its HTTP interface: a request a query, on a connection of its own.
use super::{Address, LARGEST, Warehouse, lost, password, refused, too_large};
use crate::cli::{Failure, World};
use crate::sql::{Query, Row};
use std::io::{self, Read, Write};

/// A server of ClickHouse.
pub(super) struct ClickHouse {
    address: Address,
    password: Option<String>,
}

impl ClickHouse {
    pub(super) fn new(address: &Address, world: &World<'_>) -> Result<Self, Failure> {
        let password = password(world)?;
        if password.as_ref().is_some_and(|p| p.contains(['\r', '\n'])) {
            return Err(Failure::new("the password has a line end in it"));
        }
        Ok(Self { address: address.clone(), password })
    }

    /// Returns the request of a query. What a session would be told is said in the address.
    fn request(&self, query: &Query, zone: &str) -> String {
        let body = format!("{}\nFORMAT JSONCompactEachRow", query.sql);
        let zone = zone.replace('/', "%2F").replace('+', "%2B");
        let settings = "prefer_column_name_to_alias=1&output_format_json_quote_64bit_integers=1&wait_end_of_query=1";
        let mut head = format!(
            "POST /?{settings}&session_timezone={zone} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n",
            self.address.name(),
            body.len()
        );
        for (name, value) in [
            ("User", self.address.user.as_deref()),
            ("Key", self.password.as_deref()),
            ("Database", Some(self.address.path.as_str()).filter(|p| !p.is_empty())),
        ] {
            if let Some(value) = value {
                head += &format!("X-ClickHouse-{name}: {value}\r\n");
            }
        }
        format!("{head}\r\n{body}")
    }

    fn ask(&self, request: &str) -> Result<io::Result<Vec<u8>>, Failure> {
        let mut stream = self.address.connect()?;
        let mut answer = Vec::new();
        let done = stream
            .write_all(request.as_bytes())
            .and_then(|()| stream.take(LARGEST as u64 + 1).read_to_end(&mut answer));
        Ok(done.map(|_| answer))
    }
}

impl Warehouse for ClickHouse {
    fn dialect(&self) -> &str {
        "clickhouse"
    }

    fn run(&mut self, query: &Query, zone: &str) -> Result<Vec<Row>, Failure> {
        let name = self.address.name();
        let bytes = self.ask(&self.request(query, zone))?.map_err(|e| lost(&name, &e))?;
        if bytes.len() > LARGEST {
            return Err(too_large(query));
        }
        let cut = || lost(&name, &io::ErrorKind::UnexpectedEof.into());
        let (status, body) = answer(&bytes).ok_or_else(cut)?;
        let text = String::from_utf8_lossy(&body);
        match status {
            200 => rows(&text).map_err(|why| refused(query, &why)),
            401 | 403 | 516 => Err(Failure::new(format!("`{name}` does not let us in"))
                .help("name the user in the URL and set WAYPOST_PASSWORD")),
            _ if text.contains("AUTHENTICATION_FAILED") => Err(Failure::new(format!("`{name}` does not let us in"))
                .help("name the user in the URL and set WAYPOST_PASSWORD")),
            _ => Err(refused(query, &text)),
        }
    }
}

/// Returns the status and the whole body of an answer; nothing where it ends too early.
fn answer(bytes: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let (head, body) = bytes.split_at_checked(end + 4)?;
    let head = std::str::from_utf8(head).ok()?.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let header = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
    if header("transfer-encoding:").is_some_and(|v| v.contains("chunked")) {
        return Some((status, chunks(body)?));
    }
    let length: Option<usize> = header("content-length:").and_then(|v| v.parse().ok());
    match length {
        Some(length) => Some((status, body.get(..length)?.to_vec())),
        None => Some((status, body.to_vec())),
    }
}

fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|w| w == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..line)?).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = rest.get(line + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// Returns the rows of an answer, a line of JSON each; a line that is none is what the server says of a failure.
fn rows(text: &str) -> Result<Vec<Row>, String> {
    let cell = |value: &serde_json::Value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let row = |line: &str| {
        let cells: Vec<serde_json::Value> = serde_json::from_str(line).map_err(|_| line.to_owned())?;
        Ok(cells.iter().map(cell).collect())
    };
    text.lines().filter(|l| !l.is_empty()).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_one_piece_and_in_chunks_are_read() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(answer(whole), Some((200, b"abc".to_vec())));
        let chunked = b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        assert_eq!(answer(chunked), Some((500, b"abc".to_vec())));
        assert_eq!(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), None, "it ends too early");
        assert_eq!(answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), None);
        let row = rows("[\"sample\",\"-1\",null,2.5]\n").unwrap();
        assert_eq!(row, [vec![Some("sample".to_owned()), Some("-1".to_owned()), None, Some("2.5".to_owned())]]);
        assert!(rows("Code: 60. Table is missing").is_err());
    }
}
