//! Where the cells of a block of CSV end, 64 bytes at a time: [`Marks`].
//!
//! ```text
//! bytes    a , " b , c " , d \n          one bit a byte, lowest first
//! quotes   0 0 1 0 0 0 1 0 0 0
//! inside   0 0 1 1 1 1 0 0 0 0           running exclusive or of the quotes: from an opening quote up to its closing one
//! ends     0 1 0 0 1 0 0 1 0 1           separators and line ends
//! marks    0 1 0 0 0 0 0 1 0 1           ends that are not inside
//! ```
//!
//! That holds only where every quote opens or closes a cell, which the same bits tell: a block with a quote in a wrong place
//! is left to the slow reader.

use super::lanes::Lanes;

/// The places of the separators and line ends of a block that are not inside quotes.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) places: Vec<u32>,
    /// Some quote is doubled, so that a cell may have to be mended.
    pub(super) doubled: bool,
}

/// What one chunk of the block leaves to the next.
struct Carry {
    /// All ones inside quotes.
    inside: u64,
    /// 1 where a quote may open at the next byte.
    edge: u64,
    /// A quote has closed with the last byte.
    closed: bool,
}

impl Marks {
    /// Finds the marks of a block that starts with a row; returns false where a quote is in a wrong place or never closed.
    pub(super) fn find(&mut self, block: &[u8], separator: u8) -> bool {
        self.places.clear();
        self.doubled = false;
        if u32::try_from(block.len()).is_err() {
            return false;
        }
        let mut carry = Carry { inside: 0, edge: 1, closed: false };
        let (chunks, rest) = block.as_chunks::<64>();
        let mut last = [b' '; 64];
        if let Some(part) = last.get_mut(..rest.len()) {
            part.copy_from_slice(rest);
        }
        for (at, chunk) in (0..).step_by(64).zip(chunks) {
            if !self.chunk(block, (chunk, at), separator, &mut carry) {
                return false;
            }
        }
        let at = chunks.len() * 64;
        let whole = rest.is_empty() || self.chunk(block, (&last, at), separator, &mut carry);
        whole && carry.inside == 0
    }

    fn chunk(&mut self, block: &[u8], (chunk, at): (&[u8; 64], usize), separator: u8, carry: &mut Carry) -> bool {
        let lanes = Lanes::new(chunk);
        let (quotes, ends) = (lanes.are(b'"'), lanes.are_either(separator, b'\n'));
        let mut marks = ends;
        if quotes != 0 || carry.inside != 0 || carry.closed {
            let inside = running(quotes) ^ carry.inside;
            marks &= !inside;
            let (opens, closes) = (quotes & inside, quotes & !inside);
            let before = (ends | quotes) << 1 | carry.edge;
            let behind = (ends | quotes) >> 1 | 1 << 63;
            let first_is_good = !carry.closed || (ends | quotes) & 1 == 1 || ends_row(block, at);
            if opens & !before != 0 || !first_is_good || !all(closes & !behind, |bit| ends_row(block, at + bit + 1)) {
                return false;
            }
            self.doubled |= closes & quotes >> 1 != 0 || carry.closed && quotes & 1 == 1;
            carry.closed = closes >> 63 == 1;
            carry.inside = if inside >> 63 == 1 { u64::MAX } else { 0 };
        }
        carry.edge = (ends | quotes) >> 63;
        while marks != 0 {
            self.places.push(at as u32 + marks.trailing_zeros());
            marks &= marks - 1;
        }
        true
    }
}

/// Returns whether a row ends at a place: the block does, or the line, with a carriage return or without.
fn ends_row(block: &[u8], at: usize) -> bool {
    matches!(block.get(at..).unwrap_or(&[]), [] | [b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..])
}

/// Returns whether all places of set bits are good.
fn all(mut bits: u64, good: impl Fn(usize) -> bool) -> bool {
    while bits != 0 {
        if !good(bits.trailing_zeros() as usize) {
            return false;
        }
        bits &= bits - 1;
    }
    true
}

/// Returns, at each bit, the exclusive or of all bits up to it.
#[inline]
fn running(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, byte by byte.
    fn plain(block: &[u8]) -> Option<(Vec<u32>, bool)> {
        let (mut places, mut doubled, mut at, mut start) = (Vec::new(), false, 0, true);
        while at < block.len() {
            if start && block[at] == b'"' {
                at += 1;
                loop {
                    match (block.get(at), block.get(at + 1)) {
                        (Some(b'"'), Some(b'"')) => {
                            doubled = true;
                            at += 2;
                        }
                        (Some(b'"'), _) => break,
                        (Some(_), _) => at += 1,
                        (None, _) => return None,
                    }
                }
                at += 1;
                if !(at == block.len() || block[at] == b',' || ends_row(block, at)) {
                    return None;
                }
                start = false;
                continue;
            }
            match block[at] {
                b'"' => return None,
                b',' | b'\n' => {
                    places.push(at as u32);
                    start = true;
                }
                _ => start = false,
            }
            at += 1;
        }
        Some((places, doubled))
    }

    #[test]
    fn the_marks_are_those_of_reading_byte_by_byte() {
        let mut seed = 5_u64;
        let mut roll = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        let (mut good, mut marks) = (0, Marks::default());
        for case in 0..20_000 {
            let cell = |roll: &mut dyn FnMut(u64) -> u64| match roll(if case % 2 == 0 { 7 } else { 60 }) {
                0 => "\"\"".to_owned(),
                1 => "\"a\"\"b,\nc\"".to_owned(),
                2 => "\"x,y\"".to_owned(),
                3 => "\"long text without anything to stop at\"".to_owned(),
                4 if case % 3 == 0 => "u\"1".to_owned(),
                5 if case % 3 == 0 => "\"b\"x".to_owned(),
                n => "v".repeat(n as usize % 30),
            };
            let mut block = Vec::new();
            for _ in 0..roll(12) {
                let row: Vec<String> = (0..1 + roll(5)).map(|_| cell(&mut roll)).collect();
                block.extend(row.join(",").into_bytes());
                block.extend(if roll(2) == 0 { &b"\r\n"[..] } else { b"\n" });
            }
            block.truncate(block.len() - (roll(3) as usize).min(block.len()));
            let found = marks.find(&block, b',').then(|| (marks.places.clone(), marks.doubled));
            assert_eq!(found, plain(&block), "{}", String::from_utf8_lossy(&block));
            good += u32::from(found.is_some());
        }
        assert!(good > 5_000 && good < 19_000, "{good}");
    }
}
