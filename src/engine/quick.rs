//! Hashing of small keys that the engine makes itself: [`Quick`].
use std::hash::{BuildHasher, Hasher};

/// A hasher for keys of our own making, which nobody can choose to collide: multiply and turn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quick;

impl BuildHasher for Quick {
    type Hasher = Turned;

    fn build_hasher(&self) -> Turned {
        Turned(0)
    }
}

pub(super) struct Turned(u64);

impl Hasher for Turned {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        rest.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }

    fn write_u16(&mut self, n: u16) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(23) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
