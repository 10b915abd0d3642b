//! Texts that repeat become small numbers: [`Interner`].
use super::column::key;
use super::ledger::Reject;
use arrow_array::{ArrayRef, StringArray};
use std::sync::Arc;

/// Gives each text a code from 0, in order of first appearance, until they are taken.
#[derive(Debug, Default)]
pub(super) struct Interner {
    texts: Vec<Box<str>>,
    /// Open addressing: code + 1, or 0 where nobody stands; a power of two, at most half full.
    slots: Vec<u32>,
}

impl Interner {
    /// Returns the code of a text.
    ///
    /// # Errors
    /// [`Reject::NotUtf8`].
    pub(super) fn code(&mut self, text: &[u8]) -> Result<i32, Reject> {
        if self.texts.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut at = key(text) as usize & (self.slots.len() - 1);
        loop {
            let code = self.slots.get(at).copied().unwrap_or(0);
            if code == 0 {
                return self.add(text, at);
            }
            if self.texts.get(code as usize - 1).is_some_and(|t| t.as_bytes() == text) {
                return Ok(code as i32 - 1);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Returns the texts in the order of their codes.
    pub(super) fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// Returns the texts as an Arrow array, and forgets them: codes begin anew.
    pub(super) fn take(&mut self) -> ArrayRef {
        let texts = Arc::new(StringArray::from_iter_values(&self.texts));
        self.texts.clear();
        self.slots.fill(0);
        texts
    }

    fn add(&mut self, text: &[u8], at: usize) -> Result<i32, Reject> {
        let text = std::str::from_utf8(text).map_err(|_| Reject::NotUtf8)?;
        self.texts.push(text.into());
        let count = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = count;
        }
        Ok(count as i32 - 1)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        self.slots = vec![0; size];
        for (code, text) in (1_u32..).zip(&self.texts) {
            let mut at = key(text.as_bytes()) as usize & (size - 1);
            while self.slots.get(at).is_some_and(|s| *s != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = code;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_as_the_table_grows() {
        let mut texts = Interner::default();
        for round in 0..2 {
            for n in 0..1_000 {
                assert_eq!(texts.code(format!("text {n}").as_bytes()), Ok(n), "round {round}");
            }
        }
        assert_eq!(texts.code(b"\xc3\x28"), Err(Reject::NotUtf8));
        assert_eq!(texts.texts().len(), 1_000);
    }
}
