//! Promoters, passives and detractors.

/// Answers on the scale 0 to 10, as the net promoter score counts them (Reichheld 2003).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nps {
    /// Answers of 9 and 10.
    pub promoters: u64,
    /// Answers of 7 and 8.
    pub passives: u64,
    /// Answers of 0 to 6.
    pub detractors: u64,
}

impl Nps {
    /// Counts one answer; returns false, and counts nothing, when it is not between 0 and 10.
    pub fn push(&mut self, score: f64) -> bool {
        match score {
            s if !(0.0..=10.0).contains(&s) => return false,
            s if s >= 9.0 => self.promoters += 1,
            s if s >= 7.0 => self.passives += 1,
            _ => self.detractors += 1,
        }
        true
    }

    /// Adds the answers of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.promoters += other.promoters;
        self.passives += other.passives;
        self.detractors += other.detractors;
    }

    /// Returns how many answered.
    pub fn n(&self) -> u64 {
        self.promoters + self.passives + self.detractors
    }
}
