//! NDJSON: one object a line, read once from left to right, only the asked-for keys looked into.
use super::column::Cell;
use super::lanes::{Prefix, first_of};
use super::ledger::Reject;

/// Objects inside objects are followed this deep where a path asks for it.
const DEEPEST: usize = 16;

/// So many keys of a line are remembered for the next.
const MOST_GUESSES: usize = 256;

/// The keys asked for, as a tree: `properties.revenue` lies below `properties`.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    children: Vec<(Vec<u8>, Node)>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    /// The columns that want this very value.
    columns: Vec<usize>,
    below: Keys,
}

impl Keys {
    /// Returns the tree of these paths; the whole path is also looked for as one key.
    pub(super) fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut keys = Self::default();
        for (column, path) in paths.enumerate() {
            keys.node(path.as_bytes()).columns.push(column);
            if path.contains('.') {
                let mut parts = path.split('.').take(DEEPEST);
                let first = keys.node(parts.next().unwrap_or("").as_bytes());
                parts.fold(first, |node, part| node.below.node(part.as_bytes())).columns.push(column);
            }
        }
        keys
    }

    fn node(&mut self, key: &[u8]) -> &mut Node {
        let at = self.children.iter().position(|(k, _)| k == key).unwrap_or_else(|| {
            self.children.push((key.to_vec(), Node::default()));
            self.children.len() - 1
        });
        #[allow(clippy::indexing_slicing, reason = "the position was found or made just above")]
        &mut self.children[at].1
    }
}

/// A value's place in the line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Found {
    #[default]
    Nothing,
    Text(usize, usize),
    /// The same with escapes, decoded: its place among the decoded.
    Decoded(usize),
    Number(usize, usize),
    Truth(bool),
    Null,
    Nested,
}

/// The values of the line at hand.
#[derive(Debug, Default)]
pub(super) struct Values {
    found: Vec<Found>,
    decoded: Vec<Vec<u8>>,
    /// What the keys of the last line were, in their order: as a rule the next line has the same.
    guesses: Vec<Guess>,
}

/// A key as it is written, from the comma before it to its colon, and which of those asked for it is.
#[derive(Debug, Default)]
struct Guess {
    text: Prefix,
    child: Option<usize>,
}

impl Values {
    /// Takes the values of one line for `columns` columns.
    ///
    /// # Errors
    /// The kind of reject.
    pub(super) fn read(&mut self, line: &[u8], keys: &Keys, columns: usize) -> Result<(), Reject> {
        self.found.clear();
        self.found.resize(columns, Found::Nothing);
        self.decoded.clear();
        let line = line.trim_ascii_end();
        let start = white(line, 0);
        if line.get(start) != Some(&b'{') {
            return Err(Reject::NotAnObject);
        }
        let end = self.object(line, start + 1, keys, true)?;
        if white(line, end) == line.len() { Ok(()) } else { Err(Reject::NotAnObject) }
    }

    /// Returns the value for a column of the line that was read.
    pub(super) fn cell<'a>(&'a self, line: &'a [u8], column: usize) -> Cell<'a> {
        let part = |a, b| line.get(a..b).unwrap_or(&[]);
        match self.found.get(column).copied().unwrap_or_default() {
            Found::Nothing | Found::Null => Cell::Null,
            Found::Text(a, b) => Cell::text(part(a, b)),
            Found::Decoded(i) => Cell::text(self.decoded.get(i).map_or(&[], Vec::as_slice)),
            Found::Number(a, b) => Cell::Number(part(a, b)),
            Found::Truth(yes) => Cell::Truth(yes),
            Found::Nested => Cell::Nested,
        }
    }

    /// Reads an object whose `{` is behind us, the line's own or one inside; returns the place behind its `}`.
    fn object(&mut self, line: &[u8], start: usize, keys: &Keys, own: bool) -> Result<usize, Reject> {
        let mut at = white(line, start);
        if line.get(at) == Some(&b'}') {
            return Ok(at + 1);
        }
        for nth in 0.. {
            let (child, behind) = match self.guessed(line, at, own, nth) {
                Some(found) => found,
                None => {
                    let ended = at;
                    if nth > 0 {
                        at = white(line, at);
                        match line.get(at) {
                            Some(b',') => at = white(line, at + 1),
                            Some(b'}') => return Ok(at + 1),
                            _ => return Err(Reject::NotAnObject),
                        }
                    }
                    self.key(line, (ended, at), keys, own.then_some(nth))?
                }
            };
            at = white(line, behind);
            at = match child.and_then(|child| keys.children.get(child)) {
                Some((_, node)) => self.value(line, at, node)?,
                None => skip(line, at)?,
            };
        }
        Err(Reject::NotAnObject)
    }

    /// Returns what [`Values::key`] would, where the line goes on as the one before did.
    #[inline]
    fn guessed(&self, line: &[u8], at: usize, own: bool, nth: usize) -> Option<(Option<usize>, usize)> {
        let guess = self.guesses.get(nth).filter(|guess| own && guess.text.len() > 0)?;
        guess.text.begins(line.get(at..)?).then(|| (guess.child, at + guess.text.len()))
    }

    /// Reads a key, the `nth` of the line, between the places where the value before it ended and where the key starts;
    /// returns which of those asked for it is, and the place behind its colon.
    fn key(
        &mut self,
        line: &[u8],
        (ended, start): (usize, usize),
        keys: &Keys,
        nth: Option<usize>,
    ) -> Result<(Option<usize>, usize), Reject> {
        let (key, behind) = string(line, start)?;
        let at = white(line, behind);
        if line.get(at) != Some(&b':') {
            return Err(Reject::NotAnObject);
        }
        let child = wanted(line, key, keys)?;
        if let Some(nth) = nth.filter(|nth| *nth < MOST_GUESSES) {
            self.guesses.resize_with(self.guesses.len().max(nth + 1), Guess::default);
            if let (Some(guess), Some(text)) = (self.guesses.get_mut(nth), line.get(ended..=at)) {
                *guess = Guess { text: Prefix::new(text), child };
            }
        }
        Ok((child, at + 1))
    }

    fn value(&mut self, line: &[u8], at: usize, node: &Node) -> Result<usize, Reject> {
        let (found, behind) = match line.get(at) {
            Some(b'"') => {
                let (text, behind) = string(line, at)?;
                (self.text(line, text)?, behind)
            }
            Some(b'{') if !node.below.children.is_empty() => {
                (Found::Nested, self.object(line, at + 1, &node.below, false)?)
            }
            Some(b'[') if !node.below.children.is_empty() => (Found::Nested, self.pairs(line, at + 1, &node.below)?),
            Some(b'{' | b'[') => (Found::Nested, skip(line, at)?),
            _ => plain(line, at)?,
        };
        for &column in &node.columns {
            let place = self.found.get_mut(column).ok_or(Reject::NotAnObject)?;
            if *place != Found::Nothing {
                return Err(Reject::RepeatedKey);
            }
            *place = found;
        }
        Ok(behind)
    }

    /// Reads a list of `{"key": …, "value": …}` whose `[` is behind us, as an object of these keys; of a key that comes twice
    /// the first counts. Other elements are passed over. Returns the place behind the `]`.
    fn pairs(&mut self, line: &[u8], start: usize, keys: &Keys) -> Result<usize, Reject> {
        let mut at = white(line, start);
        while line.get(at) != Some(&b']') {
            at = match line.get(at) {
                Some(b'{') => self.pair(line, at + 1, keys)?,
                _ => skip(line, at)?,
            };
            at = white(line, at);
            match line.get(at) {
                Some(b',') => at = white(line, at + 1),
                Some(b']') => (),
                _ => return Err(Reject::NotAnObject),
            }
        }
        Ok(at + 1)
    }

    /// Reads one pair whose `{` is behind us; returns the place behind its `}`.
    fn pair(&mut self, line: &[u8], start: usize, keys: &Keys) -> Result<usize, Reject> {
        let (mut name, mut value) = (None, None);
        let end = fields(line, start, |line, key, at| {
            match (key, line.get(at)) {
                (b"key", Some(b'"')) => name = Some(string(line, at)?.0),
                (b"value", _) => value = Some(at),
                _ => (),
            }
            Ok(())
        })?;
        let (Some(name), Some(mut at)) = (name, value) else { return Ok(end) };
        let Some((_, node)) = wanted(line, name, keys)?.and_then(|child| keys.children.get(child)) else {
            return Ok(end);
        };
        let mut whole = false;
        if line.get(at) == Some(&b'{') {
            // one of several types, as BigQuery writes them: whole numbers in quotes
            let (mut typed, null) = (None, |at| line.get(at..).is_some_and(|rest| rest.starts_with(b"null")));
            fields(line, at + 1, |_, key, at| {
                if typed.is_none() && key.ends_with(b"_value") && !null(at) {
                    typed = Some((at, key == b"int_value"));
                }
                Ok(())
            })?;
            let Some(found) = typed else { return Ok(end) };
            (at, whole) = found;
        }
        let found = match line.get(at) {
            Some(b'"') => {
                let (text, _) = string(line, at)?;
                if whole { Found::Number(text.start, text.end) } else { self.text(line, text)? }
            }
            Some(b'{' | b'[') => Found::Nested,
            _ => plain(line, at)?.0,
        };
        for &column in &node.columns {
            if let Some(place) = self.found.get_mut(column).filter(|place| **place == Found::Nothing) {
                *place = found;
            }
        }
        Ok(end)
    }

    fn text(&mut self, line: &[u8], text: Text) -> Result<Found, Reject> {
        if !text.escaped {
            return Ok(Found::Text(text.start, text.end));
        }
        let mut out = Vec::new();
        decode(line.get(text.start..text.end).unwrap_or(&[]), &mut out)?;
        self.decoded.push(out);
        Ok(Found::Decoded(self.decoded.len() - 1))
    }
}

/// Returns which of the keys asked for a key is.
fn wanted(line: &[u8], key: Text, keys: &Keys) -> Result<Option<usize>, Reject> {
    let raw = line.get(key.start..key.end).unwrap_or(&[]);
    let mut decoded = Vec::new();
    if key.escaped {
        decode(raw, &mut decoded)?;
    }
    let name = if key.escaped { &decoded } else { raw };
    Ok(keys.children.iter().position(|(k, _)| k == name))
}

/// A string between its quotes.
#[derive(Clone, Copy, Debug)]
struct Text {
    start: usize,
    end: usize,
    escaped: bool,
}

/// Tells `each` the keys of an object whose `{` is behind us, as they are written, and where their values stand; returns the
/// place behind its `}`.
fn fields(
    line: &[u8],
    start: usize,
    mut each: impl FnMut(&[u8], &[u8], usize) -> Result<(), Reject>,
) -> Result<usize, Reject> {
    let mut at = white(line, start);
    while line.get(at) != Some(&b'}') {
        let (key, behind) = string(line, at)?;
        at = white(line, behind);
        if line.get(at) != Some(&b':') {
            return Err(Reject::NotAnObject);
        }
        at = white(line, at + 1);
        each(line, line.get(key.start..key.end).unwrap_or(&[]), at)?;
        at = white(line, skip(line, at)?);
        match line.get(at) {
            Some(b',') => at = white(line, at + 1),
            Some(b'}') => (),
            _ => return Err(Reject::NotAnObject),
        }
    }
    Ok(at + 1)
}

#[inline]
fn white(line: &[u8], mut at: usize) -> usize {
    // most often there is none
    if line.get(at).is_some_and(|b| *b > b' ') {
        return at;
    }
    while matches!(line.get(at), Some(b' ' | b'\t' | b'\r')) {
        at += 1;
    }
    at
}

/// Reads a string whose quote stands at `at`; returns it and the place behind its closing quote.
fn string(line: &[u8], at: usize) -> Result<(Text, usize), Reject> {
    if line.get(at) != Some(&b'"') {
        return Err(Reject::NotAnObject);
    }
    let (start, mut end, mut escaped) = (at + 1, at + 1, false);
    loop {
        end += first_of(b'"', b'\\', line.get(end..).unwrap_or(&[])).ok_or(Reject::NotAnObject)?;
        if line.get(end) == Some(&b'"') {
            return Ok((Text { start, end, escaped }, end + 1));
        }
        escaped = true;
        end += 2;
    }
}

/// Passes over any value; returns the place behind it. Nesting costs no stack.
fn skip(line: &[u8], at: usize) -> Result<usize, Reject> {
    match line.get(at) {
        Some(b'"') => Ok(string(line, at)?.1),
        Some(b'{' | b'[') => nested(line, at),
        _ => Ok(plain(line, at)?.1),
    }
}

fn nested(line: &[u8], mut at: usize) -> Result<usize, Reject> {
    let mut depth = 0_usize;
    loop {
        match line.get(at).ok_or(Reject::NotAnObject)? {
            b'"' => at = string(line, at)?.1,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Ok(at);
                }
            }
            _ => at += 1,
        }
    }
}

/// Reads a number, `true`, `false` or `null`.
fn plain(line: &[u8], at: usize) -> Result<(Found, usize), Reject> {
    let rest = line.get(at..).unwrap_or(&[]);
    let length = rest.iter().position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\r')).unwrap_or(rest.len());
    let end = at + length;
    match rest.get(..length).unwrap_or(&[]) {
        b"true" => Ok((Found::Truth(true), end)),
        b"false" => Ok((Found::Truth(false), end)),
        b"null" => Ok((Found::Null, end)),
        [b'-' | b'0'..=b'9', ..] => Ok((Found::Number(at, end), end)),
        _ => Err(Reject::NotAnObject),
    }
}

/// Appends the text that an escaped string stands for.
fn decode(raw: &[u8], out: &mut Vec<u8>) -> Result<(), Reject> {
    let mut at = 0;
    while let Some(&b) = raw.get(at) {
        at += 1;
        if b != b'\\' {
            out.push(b);
            continue;
        }
        let sign = raw.get(at).copied().ok_or(Reject::NotAnObject)?;
        at += 1;
        match sign {
            b'"' | b'\\' | b'/' => out.push(sign),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => at = unicode(raw, at, out)?,
            _ => return Err(Reject::NotAnObject),
        }
    }
    Ok(())
}

/// Appends the character whose four digits stand at `at`, or the pair of them; a lone half is no text.
fn unicode(raw: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, Reject> {
    let four = |at: usize| -> Option<u32> {
        let digits = raw.get(at..at + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = four(at).ok_or(Reject::NotAnObject)?;
    let (code, behind) = match first {
        0xD800..=0xDBFF if raw.get(at + 4..at + 6) == Some(b"\\u") => {
            let second = four(at + 6).filter(|s| (0xDC00..=0xDFFF).contains(s)).ok_or(Reject::NotUtf8)?;
            (0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00), at + 10)
        }
        code => (code, at + 4),
    };
    let sign = char::from_u32(code).ok_or(Reject::NotUtf8)?;
    out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, paths: &[&str]) -> Result<Vec<String>, Reject> {
        let keys = Keys::new(paths.iter().copied());
        let mut values = Values::default();
        values.read(line.as_bytes(), &keys, paths.len())?;
        let show = |i| match values.cell(line.as_bytes(), i) {
            Cell::Text(t) => String::from_utf8(t.to_vec()).unwrap(),
            Cell::Number(t) => format!("#{}", String::from_utf8(t.to_vec()).unwrap()),
            other => format!("{other:?}"),
        };
        Ok((0..paths.len()).map(show).collect())
    }

    #[test]
    fn values_of_the_keys_asked_for() {
        let line = r#"{"x":[1,{"user":"no"}], "user" : "a\"\u0041\ud83d\ude00", "n":-1.5,"ok":true,"none":null}"#;
        assert_eq!(
            read(line, &["user", "n", "ok", "none", "gone"]).unwrap(),
            ["a\"A😀", "#-1.5", "Truth(true)", "Null", "Null"]
        );
        assert_eq!(read("{}", &["user"]).unwrap(), ["Null"]);
    }

    #[test]
    fn a_line_may_have_other_keys_than_the_one_before() {
        let keys = Keys::new(["user", "n"].into_iter());
        let mut values = Values::default();
        for (line, user, n) in [
            (r#"{"user":"a","n":1}"#, "a", "1"),
            (r#"{"user":"b","n":2}"#, "b", "2"),
            (r#"{"n":3,"user":"c"}"#, "c", "3"),
            (r#"{"user" :"d","x":{"user":"no"},"n": 4}"#, "d", "4"),
            (r#"{"x":0,"user":"e","n":5,"more":[1]}"#, "e", "5"),
        ] {
            let line = line.as_bytes();
            values.read(line, &keys, 2).unwrap();
            assert_eq!(values.cell(line, 0), Cell::Text(user.as_bytes()));
            assert_eq!(values.cell(line, 1), Cell::Number(n.as_bytes()));
        }
        assert_eq!(values.read(br#"{"user":"a","user":"b"}"#, &keys, 2), Err(Reject::RepeatedKey));
    }

    #[test]
    fn paths_reach_into_objects() {
        let line = r#"{"properties":{"revenue":3,"deep":{"k":"v"}},"a.b":"flat"}"#;
        let got = read(line, &["properties.revenue", "properties.deep.k", "a.b", "properties"]).unwrap();
        assert_eq!(got, ["#3", "v", "flat", "Nested"]);
    }

    #[test]
    fn lists_of_keys_and_values_are_objects() {
        let line = r#"{"p":[{"key":"page","value":{"string_value":"a \"b\"","int_value":null}},{"value":{"int_value":"12"},"key":"n"},7,
{"key":"rate","value":{"string_value":null,"double_value":0.5}},{"key":"page","value":{"string_value":"later"}},{"key":"none","value":{}},
{"key":"plain","value":"x"},{"other":1}],"user":"u"}"#;
        let line = line.replace('\n', "");
        let got = read(&line, &["p.page", "p.n", "p.rate", "p.none", "p.plain", "p.gone", "user", "p"]).unwrap();
        assert_eq!(got, ["a \"b\"", "#12", "#0.5", "Null", "x", "Null", "u", "Nested"]);
        assert_eq!(read(r#"{"p":[],"user":"u"}"#, &["p.page", "user"]).unwrap(), ["Null", "u"]);
        for broken in [
            r#"{"p":[{"key":"a","value":1}"#,
            r#"{"p":[{"key" 1}]}"#,
            r#"{"p":[1 2]}"#,
            r#"{"p":[{"key":"a","value":}]}"#,
        ] {
            assert_eq!(read(broken, &["p.a"]), Err(Reject::NotAnObject), "{broken}");
        }
    }

    #[test]
    fn broken_lines() {
        for line in [
            "1",
            "null",
            "\"x\"",
            "[]",
            "{\"user\":",
            "{\"user\" \"a\"}",
            "{\"user\":\"a\"} x",
            "{\"user\":NaN}",
            "{\"user\":\"a",
        ] {
            assert_eq!(read(line, &["user"]), Err(Reject::NotAnObject), "{line}");
        }
        assert_eq!(read(r#"{"user":"a","user":"b"}"#, &["user"]), Err(Reject::RepeatedKey));
        assert_eq!(read(r#"{"user":"\ud800"}"#, &["user"]), Err(Reject::NotUtf8));
        let deep = format!("{{\"x\":{}{},\"user\":\"a\"}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(&deep, &["user"]).unwrap(), ["a"]);
    }
}
