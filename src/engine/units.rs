//! Unit keys become small numbers: [`Units`].

/// Gives each key a number from 0, in order of first appearance.
///
/// Open addressing over the key's own bits, which are random already; at most half full.
#[derive(Debug, Default)]
pub(super) struct Units {
    keys: Vec<u128>,
    /// Number + 1, or 0 where nobody stands.
    slots: Vec<u32>,
}

impl Units {
    /// Returns the number of a key.
    #[inline]
    pub(super) fn number(&mut self, key: u128) -> u32 {
        if self.keys.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        // The partition is chosen by the lowest bits, so the place within it by others.
        let mut at = (key >> 64) as usize & mask;
        loop {
            match self.slots.get(at).copied().unwrap_or(0) {
                0 => return self.add(key, at),
                n if self.keys.get(n as usize - 1) == Some(&key) => return n - 1,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn add(&mut self, key: u128, at: usize) -> u32 {
        self.keys.push(key);
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = number;
        }
        number - 1
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, key) in (1_u32..).zip(&self.keys) {
            let mut at = (key >> 64) as usize & (size - 1);
            while self.slots.get(at).is_some_and(|s| *s != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number;
            }
        }
    }

    /// Returns how many keys there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns all keys in the order of their numbers.
    pub(super) fn keys(&self) -> &[u128] {
        &self.keys
    }

    /// Forgets all keys. Room is kept for as many, so that after a crowd small numbers of keys do not sweep a large table.
    pub(super) fn clear(&mut self) {
        self.slots.truncate((self.keys.len() * 2 + 2).next_power_of_two().max(1024));
        self.slots.fill(0);
        self.keys.clear();
    }
}
