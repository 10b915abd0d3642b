//! Small whole numbers as Parquet packs them, runs of equal ones and packed bits in turn: [`Runs`].
//!
//! ```text
//! head (varint)  lowest bit 0: a run      count = head / 2       value in whole bytes
//!                lowest bit 1: packed     count = head / 2 * 8   `width` bits each, lowest first
//! ```

/// Where a decoder stands in the bytes of a page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Runs {
    /// The next head.
    at: usize,
    end: usize,
    width: u32,
    /// Numbers left of the run at hand.
    left: usize,
    packed: bool,
    value: u32,
    /// The next packed number, in bits from the start of the page.
    bit: usize,
}

impl Runs {
    /// Returns the decoder of the numbers of `width` bits in `at..end`; wider ones than 32 bits are none.
    pub(super) fn new(at: usize, end: usize, width: u32) -> Option<Self> {
        (width <= 32 && at <= end).then_some(Self { at, end, width, ..Self::default() })
    }

    /// Returns the decoder of single bits from `at` on, without any head.
    pub(super) fn bits(at: usize, end: usize) -> Self {
        Self { at: end, end, width: 1, left: (end - at.min(end)) * 8, packed: true, value: 0, bit: at * 8 }
    }

    /// Returns the next number and how often it follows itself, at most `most` times.
    pub(super) fn equal(&mut self, page: &[u8], most: usize) -> Option<(u32, usize)> {
        self.head(page)?;
        let most = self.left.min(most);
        let (value, count) = if !self.packed {
            (self.value, most)
        } else if self.width == 1 {
            let word = window(page, self.bit) >> (self.bit & 7);
            let first = word & 1;
            let same = if first == 1 { word.trailing_ones() } else { word.trailing_zeros() } as usize;
            (first as u32, same.min(64 - (self.bit & 7)).min(most))
        } else {
            let first = self.packed(page, 0);
            (first, (1..most).find(|i| self.packed(page, *i) != first).unwrap_or(most))
        };
        self.pass(count);
        Some((value, count))
    }

    /// Appends the next `count` numbers.
    pub(super) fn fill(&mut self, page: &[u8], count: usize, out: &mut Vec<u32>) -> Option<()> {
        let wanted = out.len() + count;
        while out.len() < wanted {
            self.head(page)?;
            let count = self.left.min(wanted - out.len());
            if self.packed {
                let (mask, width) = ((1_u64 << self.width) - 1, self.width as usize);
                let mut bit = self.bit;
                out.extend((0..count).map(|_| {
                    let value = (window(page, bit) >> (bit & 7)) & mask;
                    bit += width;
                    value as u32
                }));
            } else {
                out.resize(out.len() + count, self.value);
            }
            self.pass(count);
        }
        Some(())
    }

    fn pass(&mut self, count: usize) {
        self.left -= count;
        self.bit += count * self.width as usize;
    }

    fn packed(&self, page: &[u8], nth: usize) -> u32 {
        let bit = self.bit + nth * self.width as usize;
        ((window(page, bit) >> (bit & 7)) & ((1 << self.width) - 1)) as u32
    }

    /// Goes to the next run when the one at hand is used up; nothing where the bytes end.
    fn head(&mut self, page: &[u8]) -> Option<()> {
        while self.left == 0 {
            let bytes = page.get(self.at..self.end)?;
            let (head, length) = varint(bytes)?;
            let behind = bytes.get(length..)?;
            self.at += length;
            self.packed = head & 1 == 1;
            self.left = head >> 1;
            if self.packed {
                self.left = self.left.checked_mul(8)?;
                self.bit = self.at.checked_mul(8)?;
                // Some writers leave out the padding of the last group.
                let whole = (head >> 1).checked_mul(self.width as usize)?;
                if behind.is_empty() && self.width > 0 {
                    return None;
                }
                self.at += whole.min(behind.len());
            } else {
                let size = self.width.div_ceil(8) as usize;
                let value = behind.get(..size)?.iter().rev().fold(0, |all, b| all << 8 | u32::from(*b));
                self.value = value;
                self.at += size;
            }
        }
        Some(())
    }
}

/// Returns the 64 bits from the byte that holds `bit` on; zeros behind the end.
#[inline]
fn window(page: &[u8], bit: usize) -> u64 {
    let rest = page.get(bit >> 3..).unwrap_or(&[]);
    match rest.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest.iter().rev().fold(0, |all, b| all << 8 | u64::from(*b)),
    }
}

fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (nth, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 127) << (7 * nth);
        if byte & 128 == 0 {
            return Some((value, nth + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs numbers the plain way, bit by bit.
    fn pack(numbers: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = vec![0_u8; (numbers.len() * width as usize).div_ceil(8)];
        for (n, number) in numbers.iter().enumerate() {
            for bit in (0..width as usize).filter(|b| number >> b & 1 == 1) {
                let at = n * width as usize + bit;
                bytes[at / 8] |= 1 << (at % 8);
            }
        }
        bytes
    }

    #[test]
    fn runs_and_packed_bits_come_back() {
        for width in 1..=32_u32 {
            let most = (1_u64 << width) - 1;
            let packed: Vec<u32> =
                (0..24_u64).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20 & most) as u32).collect();
            let run = most as u32;
            let mut page = vec![9, 9];
            page.push(3 << 1 | 1);
            page.extend(pack(&packed, width));
            page.push(100 << 1 & 0x7F | 0x80);
            page.push((100_u32 << 1 >> 7) as u8);
            page.extend(run.to_le_bytes().iter().take(width.div_ceil(8) as usize));
            let expected: Vec<u32> = packed.iter().copied().chain([run; 100]).collect();
            let mut all = Vec::new();
            let mut runs = Runs::new(2, page.len(), width).unwrap();
            for count in [1, 7, 30, 86] {
                runs.fill(&page, count, &mut all).unwrap();
            }
            assert_eq!(all, expected, "width {width}");
            assert!(runs.fill(&page, 1, &mut all).is_none());
            let mut again = Vec::new();
            let mut runs = Runs::new(2, page.len(), width).unwrap();
            while again.len() < expected.len() {
                let (value, count) = runs.equal(&page, 9).unwrap();
                again.extend(std::iter::repeat_n(value, count));
            }
            assert_eq!(again, expected, "width {width}");
        }
    }

    #[test]
    fn single_bits_need_no_head() {
        let mut bits = Runs::bits(1, 3);
        let mut all = Vec::new();
        bits.fill(&[0, 0b1010_0001, 0b1], 9, &mut all).unwrap();
        assert_eq!(all, [1, 0, 0, 0, 0, 1, 0, 1, 1]);
        assert!(Runs::bits(0, 0).fill(&[], 1, &mut all).is_none());
    }

    #[test]
    fn broken_bytes_end_instead_of_looping() {
        for page in [&[0xFF_u8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF][..], &[3], &[200], &[]] {
            let mut runs = Runs::new(0, page.len(), 7).unwrap();
            assert!(runs.fill(page, 10_000, &mut Vec::new()).is_none() || page.len() > 1, "{page:?}");
        }
        assert!(Runs::new(3, 2, 1).is_none() && Runs::new(0, 1, 33).is_none());
    }
}
