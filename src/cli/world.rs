//! What a run meets outside the program: [`World`].

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

/// Output, input, the working directory, the environment and the clock. Tests make their own.
pub struct World<'w> {
    /// Where findings and results go.
    pub out: Box<dyn Write + 'w>,
    /// Where progress and failures go.
    pub err: Box<dyn Write + 'w>,
    /// Standard input.
    pub input: Box<dyn Read + 'w>,
    /// The working directory.
    pub dir: PathBuf,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// Whether colour is used.
    pub colour: bool,
    /// Whether somebody watches the error output, who may be told how far long work is.
    pub watched: bool,
    /// How many columns the terminal has.
    pub width: usize,
    /// The clock, read once.
    pub now: Timestamp,
}

impl World<'static> {
    /// Returns the world of this process.
    pub fn of_process() -> Self {
        let env: BTreeMap<String, String> =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect();
        let said = |name: &str| env.get(name).is_some_and(|v| !v.is_empty());
        let terminal = io::stdout().is_terminal() && env.get("TERM").is_none_or(|t| t != "dumb");
        let forced = env.get("CLICOLOR_FORCE").is_some_and(|v| !v.is_empty() && v != "0");
        let width = env.get("COLUMNS").and_then(|c| c.parse().ok()).unwrap_or(140);
        Self {
            out: Box::new(Pipe::new(io::BufWriter::with_capacity(1 << 16, io::stdout()))),
            err: Box::new(Pipe::new(io::stderr())),
            input: Box::new(io::stdin()),
            dir: std::env::current_dir().unwrap_or_default(),
            watched: io::stderr().is_terminal() && env.get("TERM").is_none_or(|t| t != "dumb") && !said("CI"),
            colour: !said("NO_COLOR") && (terminal || forced),
            width,
            now: Timestamp::now(),
            env,
        }
    }
}

impl World<'_> {
    /// Returns the clock: it stands at SOURCE_DATE_EPOCH where that is set.
    pub fn clock(&self) -> Clock {
        let epoch = self.env.get("SOURCE_DATE_EPOCH").and_then(|v| v.parse().ok());
        Clock(epoch.and_then(|s| Timestamp::from_second(s).ok()).unwrap_or(self.now))
    }

    /// Returns the day it is in a time zone, by [`World::clock`].
    pub fn today(&self, time_zone: &str) -> Date {
        self.clock().today(time_zone)
    }

    /// Returns whether a variable of the environment is set and not empty.
    pub fn has(&self, variable: &str) -> bool {
        self.env.get(variable).is_some_and(|v| !v.is_empty())
    }
}

/// The instant at which a run takes place, for threads that have no world.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Timestamp);

impl Clock {
    /// Returns the day it is in a time zone.
    pub fn today(self, time_zone: &str) -> Date {
        self.0.to_zoned(TimeZone::get(time_zone).unwrap_or(TimeZone::UTC)).date()
    }
}

/// A writer whose reader may leave: the rest is dropped quietly, so that the exit code still tells the truth.
struct Pipe<W> {
    inner: W,
    gone: bool,
}

impl<W: Write> Pipe<W> {
    fn new(inner: W) -> Self {
        Self { inner, gone: false }
    }

    fn quietly<T>(&mut self, done: io::Result<T>, instead: T) -> io::Result<T> {
        match done {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let done = self.inner.write(bytes);
        self.quietly(done, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let done = self.inner.flush();
        self.quietly(done, ())
    }
}
