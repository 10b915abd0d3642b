//! Sums of doubles without rounding.
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number that is infinite or not a number cannot be summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite;

impl std::fmt::Display for NotFinite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a finite number")
    }
}

impl std::error::Error for NotFinite {}

/// An exact sum of doubles, of products of two and of cubes.
///
/// Addition is associative and commutative because nothing is rounded: the value is a two's-complement integer of 64-bit
/// limbs, scaled by 2^(64 * `low`), that grows at either end as needed (a small superaccumulator, after Kulisch 2013).
/// Equality compares values. Sums of everyday numbers take three to six limbs.
#[derive(Clone, Debug, Default)]
pub struct Exact {
    low: i32,
    limbs: Vec<u64>,
    negative: bool,
}

/// The sign, the mantissa and the binary exponent of a double.
struct Parts {
    negative: bool,
    mantissa: u64,
    exponent: i32,
}

/// Takes a double apart; the value is mantissa * 2^exponent.
fn parts(value: f64) -> Result<Parts, NotFinite> {
    if !value.is_finite() {
        return Err(NotFinite);
    }
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = ((bits >> 52) & 0x7ff) as i32;
    let mantissa = if biased == 0 { fraction } else { fraction | (1 << 52) };
    Ok(Parts { negative: value.is_sign_negative(), mantissa, exponent: biased.max(1) - 1075 })
}

/// The low and the high half.
fn halves(wide: u128) -> [u64; 2] {
    [wide as u64, (wide >> 64) as u64]
}

impl Exact {
    /// Returns this whole number.
    pub fn from_u64(value: u64) -> Self {
        Self { low: 0, limbs: vec![value], negative: false }
    }

    /// Returns this whole number, for money in minor units and for counts.
    pub fn from_i128(value: i128) -> Self {
        Self { low: 0, limbs: halves(value as u128).to_vec(), negative: value < 0 }
    }

    /// Returns this double.
    ///
    /// # Errors
    /// When it is not finite.
    pub fn from_f64(value: f64) -> Result<Self, NotFinite> {
        let mut sum = Self::default();
        sum.add_f64(value)?;
        Ok(sum)
    }

    /// Adds a double.
    ///
    /// # Errors
    /// When it is not finite; nothing is added then.
    pub fn add_f64(&mut self, value: f64) -> Result<(), NotFinite> {
        let p = parts(value)?;
        self.add_scaled(&[p.mantissa], p.exponent, p.negative);
        Ok(())
    }

    /// Adds the product of two doubles.
    ///
    /// # Errors
    /// When one is not finite; nothing is added then.
    pub fn add_product(&mut self, a: f64, b: f64) -> Result<(), NotFinite> {
        let (a, b) = (parts(a)?, parts(b)?);
        let product = u128::from(a.mantissa) * u128::from(b.mantissa);
        self.add_scaled(&halves(product), a.exponent + b.exponent, a.negative != b.negative);
        Ok(())
    }

    /// Adds the third power of a double.
    ///
    /// # Errors
    /// When it is not finite; nothing is added then.
    pub fn add_cube(&mut self, a: f64) -> Result<(), NotFinite> {
        let p = parts(a)?;
        let [low, high] = halves(u128::from(p.mantissa) * u128::from(p.mantissa));
        let below = u128::from(low) * u128::from(p.mantissa);
        let above = u128::from(high) * u128::from(p.mantissa) + (below >> 64);
        let [middle, top] = halves(above);
        self.add_scaled(&[below as u64, middle, top], 3 * p.exponent, p.negative);
        Ok(())
    }

    /// Adds another sum.
    pub fn add(&mut self, other: &Self) {
        self.add_limbs(other.low, other.limbs.iter().copied(), other.limbs.len(), other.negative);
    }

    /// Subtracts another sum.
    pub fn subtract(&mut self, other: &Self) {
        self.add(&other.negated());
    }

    /// Returns the product, exactly.
    pub fn times(&self, other: &Self) -> Self {
        let (a, b) = (self.magnitude(), other.magnitude());
        let mut product = Self::default();
        for (place, &x) in (0..).zip(&a) {
            for (offset, &y) in (0..).zip(&b) {
                let both = halves(u128::from(x) * u128::from(y));
                product.add_limbs(self.low + other.low + place + offset, both.into_iter(), 2, false);
            }
        }
        if self.negative == other.negative { product } else { product.negated() }
    }

    /// Returns whether the sum is exactly zero.
    pub fn is_zero(&self) -> bool {
        !self.negative && self.limbs.iter().all(|l| *l == 0)
    }

    /// Returns whether the sum is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Returns the nearest double, ties to even; beyond the largest double, the largest.
    pub fn to_f64(&self) -> f64 {
        let limbs = self.magnitude();
        let Some(top) = limbs.iter().rposition(|l| *l != 0) else { return 0.0 };
        let limb = |at: Option<usize>| at.and_then(|i| limbs.get(i)).copied().unwrap_or(0);
        let (first, second) = (limb(Some(top)), limb(top.checked_sub(1)));
        let shift = first.leading_zeros();
        let leading = ((u128::from(first) << 64 | u128::from(second)) << shift) >> 64;
        let lost_in_second = shift < 64 && second << shift != 0;
        let lost_below = limbs.iter().take(top.saturating_sub(1)).any(|l| *l != 0);
        // 64 leading bits, the last one "sticky": rounding to 53 bits then rounds the whole number rightly
        let rounded = (leading as u64 | u64::from(lost_in_second || lost_below)) as f64;
        let exponent = 64 * (self.low + top as i32) - shift as i32;
        let value = libm::scalbn(rounded, exponent).min(f64::MAX);
        if self.negative { -value } else { value }
    }

    /// Adds mantissa * 2^exponent.
    fn add_scaled(&mut self, mantissa: &[u64], exponent: i32, negative: bool) {
        let (limb, shift) = (exponent.div_euclid(64), exponent.rem_euclid(64) as u32);
        let mut shifted = [0_u64; 4];
        let mut carry = 0_u64;
        for (out, part) in shifted.iter_mut().zip(mantissa.iter().copied().chain([0])) {
            let [low, high] = halves(u128::from(part) << shift);
            *out = low | carry;
            carry = high;
        }
        let used = mantissa.len() + 1;
        if !negative && self.add_within(limb, shifted.get(..used).unwrap_or(&shifted)) {
            return;
        }
        let limbs = shifted.into_iter().take(used);
        if !negative {
            return self.add_limbs(limb, limbs, used, false);
        }
        let zero = shifted.iter().all(|l| *l == 0);
        let mut carry = true;
        let inverted = limbs.map(|l| {
            let (sum, over) = (!l).overflowing_add(u64::from(carry));
            carry = over;
            sum
        });
        self.add_limbs(limb, inverted, used, !zero);
    }

    /// Adds limbs from place `low` up to a sum that is not negative and has all their places, as nearly always; where it is
    /// not so, nothing is added and the answer is false.
    fn add_within(&mut self, low: i32, limbs: &[u64]) -> bool {
        let used = limbs.iter().rposition(|l| *l != 0).map_or(0, |top| top + 1);
        let Ok(skip) = usize::try_from(low - self.low) else { return false };
        if self.negative || skip + used > self.limbs.len() {
            return false;
        }
        let mut theirs = limbs.iter().take(used);
        let mut carry = false;
        for mine in self.limbs.iter_mut().skip(skip) {
            let next = theirs.next();
            if next.is_none() && !carry {
                return true;
            }
            let (sum, over) = mine.overflowing_add(next.copied().unwrap_or(0));
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            *mine = sum;
            carry = over || again;
        }
        if carry {
            self.limbs.push(1);
        }
        true
    }

    /// Adds `count` limbs from place `low` up; above them stand zeros, or ones when `negative`.
    fn add_limbs(&mut self, low: i32, limbs: impl Iterator<Item = u64>, count: usize, negative: bool) {
        self.reach(low, low + count as i32);
        let ones = if negative { u64::MAX } else { 0 };
        let skip = (low - self.low) as usize;
        let mut carry = false;
        for (mine, theirs) in self.limbs.iter_mut().skip(skip).zip(limbs.chain(std::iter::repeat(ones))) {
            let (sum, over) = mine.overflowing_add(theirs);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            *mine = sum;
            carry = over || again;
        }
        self.negative = self.limbs.last().is_some_and(|top| top >> 63 == 1);
        self.shrink();
    }

    /// Makes room from place `low` to one beyond place `high`.
    fn reach(&mut self, low: i32, high: i32) {
        if self.limbs.is_empty() && !self.negative {
            self.low = low;
        }
        if low < self.low {
            let missing = (self.low - low) as usize;
            self.limbs.splice(0..0, std::iter::repeat_n(0, missing));
            self.low = low;
        }
        let room = (high - self.low).max(self.limbs.len() as i32) as usize + 1;
        self.limbs.resize(room, self.ones());
    }

    /// Drops leading limbs that only repeat the sign.
    fn shrink(&mut self) {
        let ones = self.ones();
        while self.limbs.last() == Some(&ones) {
            self.limbs.pop();
        }
    }

    /// The limb that stands above all others.
    fn ones(&self) -> u64 {
        if self.negative { u64::MAX } else { 0 }
    }

    /// Returns the number with its sign turned.
    fn negated(&self) -> Self {
        let mut turned =
            Self { low: self.low, limbs: self.limbs.iter().map(|l| !l).collect(), negative: !self.negative };
        turned.add_limbs(self.low, [1].into_iter(), 1, false);
        turned
    }

    /// Returns the limbs of the absolute value.
    fn magnitude(&self) -> Vec<u64> {
        if self.negative { self.negated().limbs } else { self.limbs.clone() }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        let mut difference = self.clone();
        difference.subtract(other);
        difference.is_zero()
    }
}

impl Eq for Exact {}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_f64())
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        match (number.as_i128(), number.as_f64()) {
            (Some(whole), _) => Ok(Self::from_i128(whole)),
            (None, Some(double)) => Self::from_f64(double).map_err(de::Error::custom),
            (None, None) => Err(de::Error::custom(NotFinite)),
        }
    }
}
