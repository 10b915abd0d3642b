//! One call at a time over HTTP/2 without encryption, as far as gRPC needs it (RFC 9113, RFC 7541): [`Connection`].
//!
//! No crate of gRPC is needed for this, nor a compiler of protocol files: a call is one request and a stream of messages.
use super::huffman::unpack;
use super::hung_up;
use std::io::{self, Read, Write};
use std::net::TcpStream;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GO_AWAY: u8 = 7;
const WINDOW: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const PRIORITY: u8 = 32;

/// The largest frame that may be sent unless the server says more.
const FRAME: usize = 16_384;
const OUR_WINDOW: u32 = (1 << 31) - 1;

/// What a call ended with.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Headers and trailers in the order they came.
    pub(super) headers: Vec<(String, String)>,
}

impl Answer {
    /// Returns the last header of a name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A connection to a server of gRPC.
pub(super) struct Connection {
    stream: TcpStream,
    authority: String,
    next: u32,
    /// How much may be sent: over all, to a new stream, to the stream at hand.
    window: [i64; 3],
    table: Vec<(String, String)>,
    /// The server reads no more. What it said before is still to be read.
    deaf: bool,
}

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    body: Vec<u8>,
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl Connection {
    /// Greets a server.
    pub(super) fn new(mut stream: TcpStream, authority: &str) -> io::Result<Self> {
        let deaf = hung_up(stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))?;
        let mut connection =
            Self { stream, authority: authority.to_owned(), next: 1, window: [65_535; 3], table: Vec::new(), deaf };
        let mut settings = Vec::new();
        // No table of headers, no pushes, and a window as wide as there is.
        for (name, value) in [(1_u16, 0_u32), (2, 0), (4, OUR_WINDOW)] {
            settings.extend_from_slice(&name.to_be_bytes());
            settings.extend_from_slice(&value.to_be_bytes());
        }
        connection.send(SETTINGS, 0, 0, &settings)?;
        connection.send(WINDOW, 0, 0, &(OUR_WINDOW - 65_535).to_be_bytes())?;
        Ok(connection)
    }

    /// Calls a method with one message, and gives the messages of the answer as they come; `limit` is the most that one of
    /// them may hold.
    ///
    /// # Errors
    /// When the connection is lost, or what comes is no HTTP/2, or a message is too large (`OutOfMemory`), or `take` fails.
    pub(super) fn call(
        &mut self,
        method: &str,
        headers: &[(String, String)],
        message: &[u8],
        limit: usize,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<Answer> {
        let stream = self.next;
        self.next += 2;
        self.window[2] = self.window[1];
        self.send(HEADERS, END_HEADERS, stream, &self.head(method, headers))?;
        let mut body = vec![0];
        body.extend_from_slice(
            &u32::try_from(message.len()).map_err(|_| broken("the query is too long"))?.to_be_bytes(),
        );
        body.extend_from_slice(message);
        let mut call = Call { stream, ..Call::default() };
        self.body(&mut call, &body)?;
        while !call.ended {
            let frame = self.frame()?;
            self.take(&mut call, frame)?;
            call.messages(take)?;
            if call.data.len() + call.block.len() > limit {
                return Err(io::ErrorKind::OutOfMemory.into());
            }
        }
        Ok(call.answer)
    }

    fn head(&self, method: &str, headers: &[(String, String)]) -> Vec<u8> {
        let mut block = Vec::new();
        let own = [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", method),
            (":authority", self.authority.as_str()),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
            ("user-agent", concat!("waypost/", env!("CARGO_PKG_VERSION"))),
        ];
        let theirs = headers.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        for (name, value) in own.into_iter().chain(theirs) {
            // Literals that nobody is to remember, with names as texts.
            block.push(0x10);
            for text in [name, value] {
                length(&mut block, text.len());
                block.extend_from_slice(text.as_bytes());
            }
        }
        block
    }

    /// Sends a body in frames, as far as the server's windows let it.
    fn body(&mut self, call: &mut Call, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() && !call.ended {
            let room = self.window[0].min(self.window[2]).max(0);
            let size = rest.len().min(FRAME).min(usize::try_from(room).unwrap_or(FRAME));
            if size == 0 {
                let frame = self.frame()?;
                self.take(call, frame)?;
                continue;
            }
            let (part, later) = rest.split_at(size);
            let end = if later.is_empty() { END_STREAM } else { 0 };
            self.send(DATA, end, call.stream, part)?;
            let sent = i64::try_from(size).unwrap_or(0);
            self.window[0] -= sent;
            self.window[2] -= sent;
            rest = later;
        }
        Ok(())
    }

    fn send(&mut self, kind: u8, flags: u8, stream: u32, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len()).map_err(|_| broken("a frame is too long"))?.to_be_bytes();
        let mut frame = length.get(1..).unwrap_or(&[]).to_vec();
        frame.extend_from_slice(&[kind, flags]);
        frame.extend_from_slice(&stream.to_be_bytes());
        frame.extend_from_slice(body);
        if self.deaf {
            return Ok(());
        }
        self.deaf = hung_up(self.stream.write_all(&frame))?;
        Ok(())
    }

    fn frame(&mut self) -> io::Result<Frame> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head)?;
        let [a, b, c, kind, flags, s0, s1, s2, s3] = head;
        let length = u32::from_be_bytes([0, a, b, c]) as usize;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Frame { kind, flags, stream: u32::from_be_bytes([s0 & 0x7f, s1, s2, s3]), body })
    }

    fn take(&mut self, call: &mut Call, frame: Frame) -> io::Result<()> {
        let mine = frame.stream == call.stream;
        let ends = frame.flags & END_STREAM != 0;
        match frame.kind {
            DATA => {
                let read = u32::try_from(frame.body.len()).unwrap_or(0);
                if read > 0 {
                    self.send(WINDOW, 0, 0, &read.to_be_bytes())?;
                    if !ends && mine {
                        self.send(WINDOW, 0, frame.stream, &read.to_be_bytes())?;
                    }
                }
                if mine {
                    call.data.extend_from_slice(unpadded(&frame, 0)?);
                    call.ended |= ends;
                }
            }
            HEADERS | CONTINUATION => {
                let skip = if frame.flags & PRIORITY != 0 { 5 } else { 0 };
                let body = if frame.kind == HEADERS { unpadded(&frame, skip)? } else { &frame.body };
                call.block.extend_from_slice(body);
                call.ends_with_block |= frame.kind == HEADERS && ends;
                if frame.flags & END_HEADERS != 0 {
                    let block = std::mem::take(&mut call.block);
                    let headers = headers(&block, &mut self.table).ok_or_else(|| broken("headers that are none"))?;
                    call.answer.headers.extend(headers);
                    call.ended |= call.ends_with_block;
                }
            }
            SETTINGS if frame.flags & 1 == 0 => {
                for setting in frame.body.as_chunks::<6>().0 {
                    let [n0, n1, v0, v1, v2, v3] = *setting;
                    if u16::from_be_bytes([n0, n1]) == 4 {
                        let size = i64::from(u32::from_be_bytes([v0, v1, v2, v3]));
                        self.window[2] += size - self.window[1];
                        self.window[1] = size;
                    }
                }
                self.send(SETTINGS, 1, 0, &[])?;
            }
            PING if frame.flags & 1 == 0 => self.send(PING, 1, 0, &frame.body)?,
            WINDOW => {
                if let Ok(by) = <[u8; 4]>::try_from(frame.body.as_slice()) {
                    let by = i64::from(u32::from_be_bytes(by) & OUR_WINDOW);
                    match frame.stream {
                        0 => self.window[0] += by,
                        _ if mine => self.window[2] += by,
                        _ => (),
                    }
                }
            }
            RESET if mine => return Err(broken("the server ended the call")),
            GO_AWAY => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => (),
        }
        Ok(())
    }
}

/// A call under way.
#[derive(Default)]
struct Call {
    stream: u32,
    /// The messages that are not whole yet.
    data: Vec<u8>,
    block: Vec<u8>,
    ends_with_block: bool,
    ended: bool,
    answer: Answer,
}

impl Call {
    /// Gives the messages that are whole.
    fn messages(&mut self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut from = 0;
        while let Some(([packed, a, b, c, d], rest)) =
            self.data.get(from..).and_then(|rest| rest.split_first_chunk::<5>())
        {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let Some(message) = rest.get(..length) else { break };
            if *packed != 0 {
                return Err(broken("a packed message, which nobody asked for"));
            }
            take(message)?;
            from += 5 + length;
        }
        self.data.drain(..from);
        Ok(())
    }
}

/// Returns the body of a frame without its padding and the first `skip` bytes.
fn unpadded(frame: &Frame, skip: usize) -> io::Result<&[u8]> {
    let (from, pad) = match frame.body.first() {
        Some(pad) if frame.flags & PADDED != 0 => (1, usize::from(*pad)),
        _ => (0, 0),
    };
    let end = frame.body.len().checked_sub(pad).ok_or_else(|| broken("padding that is longer than its frame"))?;
    frame.body.get(from + skip..end).ok_or_else(|| broken("a frame that is too short"))
}

/// Writes the length of a text that is not packed.
fn length(block: &mut Vec<u8>, size: usize) {
    if size < 127 {
        return block.push(size as u8);
    }
    block.push(127);
    let mut rest = size - 127;
    while rest >= 128 {
        block.push((rest % 128) as u8 | 128);
        rest /= 128;
    }
    block.push(rest as u8);
}

/// Returns a number with a prefix of so many bits, and what follows.
fn whole(block: &[u8], bits: u32) -> Option<(usize, &[u8])> {
    let (first, mut rest) = block.split_first()?;
    let most = (1_usize << bits) - 1;
    let mut value = usize::from(*first) & most;
    if value < most {
        return Some((value, rest));
    }
    for shift in (0..28).step_by(7) {
        let (byte, later) = rest.split_first()?;
        rest = later;
        value += usize::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Some((value, rest));
        }
    }
    None
}

fn text(block: &[u8]) -> Option<(String, &[u8])> {
    let packed = block.first()? & 128 != 0;
    let (size, rest) = whole(block, 7)?;
    let (bytes, rest) = rest.split_at_checked(size)?;
    let bytes = if packed { unpack(bytes)? } else { bytes.to_vec() };
    Some((String::from_utf8_lossy(&bytes).into_owned(), rest))
}

/// Returns the headers of a block. Of the static table only the names and values that gRPC answers with are spelt out.
fn headers(mut block: &[u8], table: &mut Vec<(String, String)>) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    while let Some(first) = block.first() {
        if first & 0x80 != 0 {
            let (at, rest) = whole(block, 7)?;
            found.push(known(at, table)?);
            block = rest;
            continue;
        }
        if first & 0xe0 == 0x20 {
            block = whole(block, 5)?.1;
            table.clear();
            continue;
        }
        let remember = first & 0x40 != 0;
        let (at, rest) = whole(block, if remember { 6 } else { 4 })?;
        let (name, rest) = if at == 0 { text(rest)? } else { (known(at, table)?.0, rest) };
        let (value, rest) = text(rest)?;
        if remember {
            table.insert(0, (name.clone(), value.clone()));
            table.truncate(128);
        }
        found.push((name, value));
        block = rest;
    }
    Some(found)
}

fn known(at: usize, table: &[(String, String)]) -> Option<(String, String)> {
    let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
    match at {
        0 => None,
        8 => pair(":status", "200"),
        9 => pair(":status", "204"),
        10 => pair(":status", "206"),
        11 => pair(":status", "304"),
        12 => pair(":status", "400"),
        13 => pair(":status", "404"),
        14 => pair(":status", "500"),
        31 => pair("content-type", ""),
        1..=61 => pair("other", ""),
        at => table.get(at - 62).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_the_standard_has_them() {
        // RFC 7541, C.6.1 with a response of our own: status by the table, a literal, a packed literal to remember.
        let mut block = vec![0x88, 0x00];
        length(&mut block, 11);
        block.extend_from_slice(b"grpc-status");
        length(&mut block, 2);
        block.extend_from_slice(b"13");
        block.extend_from_slice(&[0x40, 0x01, b'a', 0x86, 0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf, 0xbe]);
        let mut table = Vec::new();
        let found = headers(&block, &mut table).unwrap();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let expected =
            [pair(":status", "200"), pair("grpc-status", "13"), pair("a", "no-cache"), pair("a", "no-cache")];
        assert_eq!(found, expected);
        assert_eq!(headers(&[0x00, 0x05, b'x'], &mut table), None);
    }

    #[test]
    fn lengths_go_there_and_back() {
        for size in [0, 1, 126, 127, 128, 254, 255, 300, 16_384, 2_000_000] {
            let mut block = Vec::new();
            length(&mut block, size);
            assert_eq!(whole(&block, 7), Some((size, &[][..])));
        }
    }
}
