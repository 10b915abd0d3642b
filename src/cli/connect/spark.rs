//! Spark Connect: queries as messages of our own over gRPC, answers as Arrow.
//!
//! Only five messages are needed, and of them a few fields each; they are written by hand, so that neither a compiler of
//! protocol files nor a second Arrow is asked for. Their numbers are those of `spark/connect/base.proto` (Apache Spark).
use super::http2::Connection;
use super::{Address, Ended, LARGEST, Take, Warehouse, lost, password, refused, too_large};
use crate::cli::{Failure, World};
use crate::sql::{Query, Row};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use std::io;

/// A server of Spark Connect, and a session there.
pub(super) struct Spark {
    address: Address,
    headers: Vec<(String, String)>,
    session: String,
    user: String,
    connection: Option<Connection>,
}

/// Returns a field of bytes.
fn field(number: u32, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    varint(&mut out, u64::from(number << 3 | 2));
    varint(&mut out, bytes.len() as u64);
    out.extend_from_slice(bytes);
    out
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        out.push((value % 128) as u8 | 128);
        value /= 128;
    }
    out.push(value as u8);
}

fn read_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (mut value, mut rest) = (0, bytes);
    for shift in (0..64).step_by(7) {
        let (byte, later) = rest.split_first()?;
        rest = later;
        value |= u64::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Some((value, rest));
        }
    }
    None
}

/// Returns the fields of bytes of a message, by number; nothing where it is no message.
fn fields(mut rest: &[u8]) -> Option<Vec<(u64, &[u8])>> {
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (key, after) = read_varint(rest)?;
        rest = match key & 7 {
            0 => read_varint(after)?.1,
            1 => after.get(8..)?,
            5 => after.get(4..)?,
            2 => {
                let (size, after) = read_varint(after)?;
                let (bytes, later) = after.split_at_checked(usize::try_from(size).ok()?)?;
                all.push((key >> 3, bytes));
                later
            }
            _ => return None,
        };
    }
    Some(all)
}

impl Spark {
    pub(super) fn new(address: &Address, world: &World<'_>) -> Result<Self, Failure> {
        let token = password(world)?.filter(|t| t.bytes().all(|b| b.is_ascii_graphic()));
        let headers = token.map(|t| ("authorization".to_owned(), format!("Bearer {t}"))).into_iter().collect();
        let user = address.user.clone().unwrap_or_else(|| "waypost".to_owned());
        // A session is ours alone: its name comes from the clock and the process, in the form of a UUID.
        let (now, process) = (world.now.as_nanosecond() as u128, u128::from(std::process::id()));
        let bits = (now << 32 | process) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let text = format!("{bits:032x}");
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let session = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
        Ok(Self { address: address.clone(), headers, session, user, connection: None })
    }

    /// Returns what every request begins with.
    fn head(&self) -> Vec<u8> {
        let mut message = field(1, self.session.as_bytes());
        message.extend(field(2, &field(1, self.user.as_bytes())));
        message.extend(field(4, b"waypost"));
        message
    }

    /// Calls a method, and gives the messages of its answer as they come.
    fn call(
        &mut self,
        method: &str,
        message: &[u8],
        query: &Query,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Ended> {
        let name = self.address.name();
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::new(self.address.connect()?, &name).map_err(|e| lost(&name, &e))?,
        };
        let path = format!("/spark.connect.SparkConnectService/{method}");
        let mut failed = None;
        let mut each = |message: &[u8]| {
            take(message).map_err(|failure| {
                failed = Some(failure);
                io::ErrorKind::Other.into()
            })
        };
        let called = connection.call(&path, &self.headers, message, LARGEST, &mut each);
        if let Some(failure) = failed {
            return Err(failure.into());
        }
        let answer = called.map_err(|cause| match cause.kind() {
            io::ErrorKind::OutOfMemory => too_large(query).into(),
            io::ErrorKind::InvalidData => {
                let why = format!("what answers at `{name}` is no Spark Connect: {cause}");
                let help =
                    "see that the port is that of Spark Connect, mostly 15002, and that it asks for no encryption";
                Failure::new(why).help(help).into()
            }
            _ => lost(&name, &cause),
        })?;
        // Only a connection that is whole is used again.
        self.connection = Some(connection);
        match answer.header("grpc-status") {
            Some("0") => Ok(()),
            Some("16" | "7") => Err(Failure::new(format!("`{name}` does not let us in"))
                .help("set the token in the environment as WAYPOST_PASSWORD")
                .into()),
            Some(_) => Err(refused(query, &plain(answer.header("grpc-message").unwrap_or("no reason"))).into()),
            None => Err(lost(&name, &io::ErrorKind::UnexpectedEof.into())),
        }
    }

    /// Tells the session the zone of local times.
    fn zone(&mut self, zone: &str, query: &Query) -> Result<(), Ended> {
        let mut pair = field(1, b"spark.sql.session.timeZone");
        pair.extend(field(2, zone.as_bytes()));
        let mut message = self.head();
        message.extend(field(3, &field(1, &field(1, &pair))));
        self.call("Config", &message, query, &mut |_| Ok(()))
    }
}

impl Warehouse for Spark {
    fn dialect(&self) -> &str {
        "spark"
    }

    fn run(&mut self, query: &Query, zone: &str, take: Take<'_>) -> Result<(), Ended> {
        if self.connection.is_none() {
            self.zone(zone, query)?;
        }
        let relation = field(10, &field(1, query.sql.as_bytes()));
        let mut message = self.head();
        message.extend(field(3, &field(1, &relation)));
        self.call("ExecutePlan", &message, query, &mut |message| {
            let batches = batches(message).ok_or_else(|| refused(query, "an answer that is no message"))?;
            batches.into_iter().try_for_each(|bytes| {
                read(bytes, take).map_err(|e| refused(query, &format!("an answer that is no Arrow: {e}")))?
            })
        })
    }
}

/// Returns the Arrow streams of a response.
fn batches(message: &[u8]) -> Option<Vec<&[u8]>> {
    let mut all = Vec::new();
    for (_, batch) in fields(message)?.into_iter().filter(|(number, _)| *number == 2) {
        all.extend(fields(batch)?.into_iter().filter(|(number, _)| *number == 2).map(|(_, bytes)| bytes));
    }
    Some(all)
}

/// Gives the rows of an Arrow stream, cell by cell as text; what `take` says of them is within.
fn read(bytes: &[u8], take: Take<'_>) -> Result<Result<(), Failure>, arrow_schema::ArrowError> {
    let options = FormatOptions::default();
    for batch in arrow_ipc::reader::StreamReader::try_new(bytes, None)? {
        let batch = batch?;
        let columns = batch.columns();
        let shown: Result<Vec<_>, _> = columns.iter().map(|c| ArrayFormatter::try_new(c, &options)).collect();
        let shown = shown?;
        for row in 0..batch.num_rows() {
            let cell = |(array, text): (&arrow_array::ArrayRef, &ArrayFormatter<'_>)| {
                array.is_valid(row).then(|| text.value(row).to_string())
            };
            let row: Row = columns.iter().zip(&shown).map(cell).collect();
            if let Err(failure) = take(&row) {
                return Ok(Err(failure));
            }
        }
    }
    Ok(Ok(()))
}

/// Returns a message of gRPC without its percent signs.
fn plain(message: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = message.as_bytes();
    while let Some((first, later)) = rest.split_first() {
        let code = later.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = later.get(2..).unwrap_or(&[]);
            }
            None => {
                bytes.push(*first);
                rest = later;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_there_and_back() {
        let inner = field(2, &[7; 300]);
        let message = [field(1, b"s"), field(2, &inner)].concat();
        assert_eq!(fields(&message).unwrap(), [(1, &b"s"[..]), (2, &inner[..])]);
        assert_eq!(batches(&message).unwrap(), [&[7; 300][..]]);
        assert_eq!(fields(&[0x0a, 0x05, 1]), None, "it ends too early");
        assert_eq!(plain("table%20or view%"), "table or view%");
    }
}
