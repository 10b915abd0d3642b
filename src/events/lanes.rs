//! Many bytes looked at in one step: [`Lanes`] of 64, [`first_of`] two, [`are_plain`], and a [`Prefix`].
//!
//! ```text
//! bytes   u , " a " ,        the bytes of a text, side by side in a register
//! is ,    0 1 0 0 0 1        one instruction compares them all
//! bits    0b100010           and one more brings a bit of each together, lowest first
//! ```
use wide::u8x16;

/// Bytes of one register.
const WIDTH: usize = 16;

/// 64 bytes.
pub(super) struct Lanes([u8x16; 4]);

impl Lanes {
    /// Returns the bytes, side by side.
    #[inline]
    pub(super) fn new(bytes: &[u8; 64]) -> Self {
        let mut lanes = [u8x16::default(); 4];
        for (lane, part) in lanes.iter_mut().zip(bytes.as_chunks::<WIDTH>().0) {
            *lane = u8x16::new(*part);
        }
        Self(lanes)
    }

    /// Returns a bit for each byte that is `byte`.
    #[inline]
    pub(super) fn are(&self, byte: u8) -> u64 {
        self.bits(|lane| lane.simd_eq(u8x16::splat(byte)))
    }

    /// Returns a bit for each byte that is one or the other.
    #[inline]
    pub(super) fn are_either(&self, one: u8, other: u8) -> u64 {
        self.bits(|lane| lane.simd_eq(u8x16::splat(one)) | lane.simd_eq(u8x16::splat(other)))
    }

    #[inline]
    fn bits(&self, test: impl Fn(u8x16) -> u8x16) -> u64 {
        let of = |(nth, lane): (usize, &u8x16)| u64::from(test(*lane).to_bitmask()) << (WIDTH * nth);
        self.0.iter().enumerate().map(of).fold(0, |all, bits| all | bits)
    }
}

/// Returns where the first byte is that is one or the other.
///
/// The first bytes are looked at in place, for most texts are short; what is longer is left to `memchr`.
#[inline]
pub(super) fn first_of(one: u8, other: u8, bytes: &[u8]) -> Option<usize> {
    const IN_PLACE: usize = 4;
    let (lanes, rest) = bytes.as_chunks::<WIDTH>();
    for (nth, lane) in lanes.iter().take(IN_PLACE).enumerate() {
        let lane = u8x16::new(*lane);
        let bits = (lane.simd_eq(u8x16::splat(one)) | lane.simd_eq(u8x16::splat(other))).to_bitmask();
        if bits != 0 {
            return Some(WIDTH * nth + bits.trailing_zeros() as usize);
        }
    }
    if lanes.len() > IN_PLACE {
        let from = IN_PLACE * WIDTH;
        return memchr::memchr2(one, other, bytes.get(from..)?).map(|at| from + at);
    }
    rest.iter().position(|b| *b == one || *b == other).map(|at| lanes.len() * WIDTH + at)
}

/// Returns whether all bytes are ASCII and none is zero.
pub(super) fn are_plain(bytes: &[u8]) -> bool {
    // the highest bit of a byte, or of the byte before it, tells of both
    let odd = |part: &[u8]| part.iter().fold(0, |all, b| all | b | b.wrapping_sub(1)) >> 7 == 1;
    let (chunks, rest) = bytes.as_chunks::<256>();
    !chunks.iter().any(|chunk| odd(chunk)) && !odd(rest)
}

/// A text that others may begin with.
#[derive(Debug, Default)]
pub(super) struct Prefix {
    text: Vec<u8>,
    /// Its first bytes, and a bit for each that is beyond its end.
    head: [u8; WIDTH],
    beyond: u32,
}

impl Prefix {
    /// Returns a text as a prefix.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut head = [0; WIDTH];
        head.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        let beyond = if text.len() < WIDTH { 0xFFFF << text.len() & 0xFFFF } else { 0 };
        Self { text: text.to_vec(), head, beyond }
    }

    /// Returns how many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Returns whether the bytes begin with it.
    #[inline]
    pub(super) fn begins(&self, bytes: &[u8]) -> bool {
        match bytes.first_chunk::<WIDTH>() {
            Some(first) if self.text.len() <= WIDTH => {
                let same = u8x16::new(*first).simd_eq(u8x16::new(self.head));
                same.to_bitmask() | self.beyond == 0xFFFF
            }
            _ => bytes.starts_with(&self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_are_ascii_without_zero() {
        for length in [1, 255, 256, 257, 600] {
            for value in 0..=255 {
                let mut bytes = vec![b'a'; length];
                bytes[length - 1] = value;
                assert_eq!(are_plain(&bytes), value != 0 && value.is_ascii(), "{value} at the end of {length}");
            }
        }
        assert!(are_plain(b""));
    }

    #[test]
    fn prefixes_are_those_of_a_loop() {
        let text: Vec<u8> = (0..40_u8).map(|n| n.wrapping_mul(7)).collect();
        for length in 0..40 {
            let prefix = Prefix::new(&text[..length]);
            for given in 0..40 {
                assert_eq!(prefix.begins(&text[..given]), given >= length, "{length} of {given}");
                for wrong in 0..given {
                    let mut other = text[..given].to_vec();
                    other[wrong] ^= 0x80;
                    assert_eq!(
                        prefix.begins(&other),
                        given >= length && wrong >= length,
                        "{wrong}: {length} of {given}"
                    );
                }
            }
        }
    }

    /// Every byte value, at places that go round.
    fn bytes(turn: usize) -> [u8; 64] {
        std::array::from_fn(|at| (at * 37 + turn * 11) as u8)
    }

    #[test]
    fn bits_are_those_of_a_loop() {
        for turn in 0..256 {
            let chunk = bytes(turn);
            let (one, other) = (chunk[turn % 64], chunk[(turn + 9) % 64]);
            let slow = |test: &dyn Fn(u8) -> bool| (0..64).map(|at| u64::from(test(chunk[at])) << at).sum::<u64>();
            let lanes = Lanes::new(&chunk);
            assert_eq!(lanes.are(one), slow(&|b| b == one));
            assert_eq!(lanes.are_either(one, other), slow(&|b| b == one || b == other));
        }
    }

    #[test]
    fn the_first_is_found_wherever_it_is() {
        for length in 0..140 {
            let mut bytes = vec![b'!'; length];
            assert_eq!(first_of(b'"', b'\\', &bytes), None);
            for at in (0..length).rev() {
                bytes[at] = if at % 2 == 0 { b'"' } else { b'\\' };
                assert_eq!(first_of(b'"', b'\\', &bytes), Some(at), "{at} of {length}");
            }
            // the neighbours in value of what is looked for
            let near: Vec<u8> =
                [b'!', b'#', b'[', b']', 0, 0xA2, 0xDC, 0xFF].into_iter().cycle().take(length).collect();
            assert_eq!(first_of(b'"', b'\\', &near), None);
        }
    }
}
