//! All values, grouped by unit.
use super::{Mean, NotFinite, Pair};

/// Every value of a measure, and which of them belong to one unit; what quantiles need.
///
/// Values are kept exactly, eight bytes each, so a quantile of merged parts is the quantile of the whole. Every statistic
/// read from it depends on the units as a set, never on their order.
#[derive(Clone, Debug, Default)]
pub struct Values {
    values: Vec<f64>,
    /// Where each unit's values end in `values`; a unit may have none.
    ends: Vec<usize>,
}

impl Values {
    /// Counts one unit with all its values, which may be none.
    ///
    /// # Errors
    /// When a value is not finite; nothing is counted then.
    pub fn push_unit(&mut self, values: &[f64]) -> Result<(), NotFinite> {
        if !values.iter().all(|v| v.is_finite()) {
            return Err(NotFinite);
        }
        self.values.extend(values.iter().map(|v| v + 0.0));
        self.ends.push(self.values.len());
        Ok(())
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        let shift = self.values.len();
        self.values.extend_from_slice(&other.values);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }

    /// Returns how many units it counts.
    pub fn units(&self) -> u64 {
        self.ends.len() as u64
    }

    /// Returns how many values it holds.
    pub fn len(&self) -> u64 {
        self.values.len() as u64
    }

    /// Returns whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns all values in ascending order.
    pub fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// Returns each unit's values.
    pub fn by_unit(&self) -> impl Iterator<Item = &[f64]> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, &end)| self.values.get(start..end))
    }

    /// Returns, over the units that have a value, the pair (values up to `limit`, values): what the variance of a quantile
    /// of clustered values is made of.
    pub fn up_to(&self, limit: f64) -> Pair {
        let mut pair = Pair::default();
        for unit in self.by_unit().filter(|u| !u.is_empty()) {
            let below = unit.iter().filter(|v| **v <= limit).count();
            // counts are finite, so this cannot fail
            let _ = pair.push(below as f64, unit.len() as f64);
        }
        pair
    }

    /// Returns the moments of all values cut at `cap`, one value a unit or more.
    pub fn capped(&self, cap: f64) -> Mean {
        let mut mean = Mean::default();
        for value in &self.values {
            // values and caps are finite, so this cannot fail
            let _ = mean.push(value.min(cap));
        }
        mean
    }

    /// Returns the units in one order, whatever the order they came in.
    fn canonical(&self) -> Vec<Vec<u64>> {
        let key = |unit: &[f64]| {
            let mut bits: Vec<u64> = unit.iter().map(|v| v.to_bits()).collect();
            bits.sort_unstable();
            bits
        };
        let mut units: Vec<_> = self.by_unit().map(key).collect();
        units.sort_unstable();
        units
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

/// Returns the quantile of type 7 (Hyndman and Fan 1996; the default of R and numpy) at `level` in 0 to 1 of ascending
/// values: linear between the two values around `level * (n - 1)`. Nothing without values.
pub fn quantile7(sorted: &[f64], level: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = level.clamp(0.0, 1.0) * last as f64;
    let below = at.floor();
    let value = *sorted.get(below as usize)?;
    let next = sorted.get(below as usize + 1).copied().unwrap_or(value);
    Some(value + (at - below) * (next - value))
}
