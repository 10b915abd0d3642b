//! ClickHouse by its HTTP interface: a request a query, on a connection of its own.
use super::{Address, Ended, LARGEST, Take, Warehouse, hung_up, lost, password, refused, too_large};
use crate::cli::{Failure, World};
use crate::sql::{Query, Row};
use std::io::{self, BufRead, BufReader, Read, Write};

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
}

impl Warehouse for ClickHouse {
    fn dialect(&self) -> &str {
        "clickhouse"
    }

    fn run(&mut self, query: &Query, zone: &str, take: Take<'_>) -> Result<(), Ended> {
        let name = self.address.name();
        let lost = |e: io::Error| lost(&name, &e);
        let mut stream = self.address.connect()?;
        hung_up(stream.write_all(self.request(query, zone).as_bytes())).map_err(lost)?;
        let (status, body) = answer(BufReader::new(stream)).map_err(lost)?;
        if status == 200 {
            return rows(BufReader::new(body), query, &lost, take);
        }
        let mut said = Vec::new();
        body.take(1 << 16).read_to_end(&mut said).map_err(lost)?;
        let said = String::from_utf8_lossy(&said);
        if matches!(status, 401 | 403 | 516) || said.contains("AUTHENTICATION_FAILED") {
            let help = "name the user in the URL and set WAYPOST_PASSWORD";
            return Err(Failure::new(format!("`{name}` does not let us in")).help(help).into());
        }
        Err(refused(query, &said).into())
    }
}

/// The body of an answer. It ends early only with an error.
struct Body<R> {
    from: R,
    /// Bytes to come, of the body or of the chunk at hand; none where the end of the connection is that of the body.
    left: Option<u64>,
    chunked: bool,
    ended: bool,
}

/// Returns the status and the body of an answer.
fn answer<R: BufRead>(mut from: R) -> io::Result<(u16, Body<R>)> {
    let no_http = || io::Error::new(io::ErrorKind::InvalidData, "what answers is no HTTP");
    let status = line(&mut from)?.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(no_http)?;
    let (mut left, mut chunked) = (None, false);
    for _ in 0..1000 {
        let header = line(&mut from)?.to_ascii_lowercase();
        match header.split_once(':').map(|(name, value)| (name, value.trim())) {
            Some(("content-length", length)) => left = Some(length.parse().map_err(|_| no_http())?),
            Some(("transfer-encoding", how)) => chunked = how.contains("chunked"),
            None if header.is_empty() => {
                let left = if chunked { Some(0) } else { left };
                return Ok((status, Body { from, left, chunked, ended: false }));
            }
            _ => (),
        }
    }
    Err(no_http())
}

/// Returns a line without its end.
fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(1 << 16).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\r').to_owned())
}

impl<R: BufRead> Read for Body<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.chunked && self.left == Some(0) && !self.ended {
            let size = line(&mut self.from)?;
            let size = u64::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16);
            let size = size.map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            (self.left, self.ended) = (Some(size), size == 0);
        }
        let room = self.left.map_or(into.len(), |l| usize::try_from(l).unwrap_or(usize::MAX).min(into.len()));
        if room == 0 {
            // What follows the body is nobody's, and may be the end of the connection.
            return Ok(0);
        }
        let read = self.from.read(into.get_mut(..room).unwrap_or_default())?;
        if let Some(left) = &mut self.left {
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            *left -= read as u64;
            if self.chunked && *left == 0 {
                line(&mut self.from)?;
            }
        }
        Ok(read)
    }
}

/// Gives the rows of an answer, a line of JSON each; a line that is none is what the server says of a failure.
fn rows(mut body: impl BufRead, query: &Query, lost: &dyn Fn(io::Error) -> Ended, take: Take<'_>) -> Result<(), Ended> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        body.by_ref().take(LARGEST as u64).read_until(b'\n', &mut bytes).map_err(lost)?;
        if bytes.len() >= LARGEST {
            return Err(too_large(query).into());
        }
        if bytes.is_empty() {
            return Ok(());
        }
        if bytes != b"\n" {
            let row = row(&bytes).ok_or_else(|| refused(query, &String::from_utf8_lossy(&bytes)))?;
            take(&row)?;
        }
    }
}

/// Returns the cells of a row.
fn row(bytes: &[u8]) -> Option<Row> {
    let cells: Vec<serde_json::Value> = serde_json::from_slice(bytes).ok()?;
    let cell = |value: serde_json::Value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    Some(cells.into_iter().map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<(u16, String)> {
        let (status, mut body) = answer(bytes)?;
        let mut text = String::new();
        body.read_to_string(&mut text)?;
        Ok((status, text))
    }

    #[test]
    fn answers_in_one_piece_and_in_chunks_are_read() {
        let whole = read(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd").unwrap();
        assert_eq!(whole, (200, "abc".to_owned()));
        let chunked = b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n";
        assert_eq!(read(chunked).unwrap(), (500, "abc".to_owned()));
        for cut in [
            &b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"[..],
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab",
            b"HTTP/1.1 200 OK\r\nContent-Le",
            b"",
        ] {
            assert_eq!(read(cut).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        }
        assert_eq!(read(b"SSH-2.0\r\n").unwrap_err().kind(), io::ErrorKind::InvalidData);
        let cells = row(b"[\"sample\",\"-1\",null,2.5]\n").unwrap();
        assert_eq!(cells, [Some("sample".to_owned()), Some("-1".to_owned()), None, Some("2.5".to_owned())]);
        assert_eq!(row(b"Code: 60. Table is missing"), None);
    }
}
