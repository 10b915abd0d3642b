//! The hash that decides a unit's bucket.

use std::borrow::Cow;

/// The FNV-1a hash in 32 bits (Fowler, Noll and Vo, 1991) over UTF-16 code
/// units, part way through a text.
///
/// For ASCII this is FNV-1a over the bytes. As a running value, the seed's
/// part can be computed once and continued with each id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fnv(u32);

impl Fnv {
    const PRIME: u32 = 0x0100_0193;

    /// Returns the hash of the empty text.
    pub const fn new() -> Self {
        Self(0x811c_9dc5)
    }

    /// Returns the hash of the text so far with `text` after it.
    pub fn then(self, text: &str) -> Self {
        if text.is_ascii() {
            self.then_ascii(text.as_bytes())
        } else {
            text.encode_utf16().fold(self, |hash, unit| hash.mix(u32::from(unit)))
        }
    }

    fn then_ascii(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |hash, &byte| hash.mix(u32::from(byte)))
    }

    fn mix(self, unit: u32) -> Self {
        Self((self.0 ^ unit).wrapping_mul(Self::PRIME))
    }

    /// Returns the hash.
    pub const fn value(self) -> u32 {
        self.0
    }
}

impl Default for Fnv {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the FNV-1a hash in 32 bits of the text's UTF-16 code units.
pub fn fnv1a32(text: &str) -> u32 {
    Fnv::new().then(text).value()
}

/// Which way seed and id are hashed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashVersion {
    /// 1,000 buckets of `id + seed`. Biased between experiments; only read.
    V1,
    /// 10,000 buckets, hashed twice. All that we write.
    V2,
}

impl HashVersion {
    /// Returns the version of that number, or nothing: unknown versions never match.
    pub fn of(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::V1),
            2 => Some(Self::V2),
            _ => None,
        }
    }

    /// Returns how many buckets there are.
    pub const fn buckets(self) -> u16 {
        match self {
            Self::V1 => 1_000,
            Self::V2 => 10_000,
        }
    }

    /// Returns bucket `n` as the SDKs' number in `[0, 1)`.
    pub fn fraction(self, n: u16) -> f64 {
        f64::from(n) / f64::from(self.buckets())
    }
}

/// A seed, ready to hash ids with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hasher {
    seed: String,
    prefix: Fnv,
    version: HashVersion,
}

impl Hasher {
    /// Returns the hasher of that seed.
    pub fn new(seed: &str, version: HashVersion) -> Self {
        Self { seed: seed.to_owned(), prefix: Fnv::new().then(seed), version }
    }

    /// Returns the id's bucket, less than [`HashVersion::buckets`].
    pub fn bucket(&self, id: &str) -> u16 {
        let hash = match self.version {
            HashVersion::V1 => Fnv::new().then(id).then(&self.seed).value() % 1_000,
            HashVersion::V2 => twice(self.prefix.then(id).value()) % 10_000,
        };
        // Less than 10,000, so it fits.
        hash as u16
    }

    /// Returns the hasher's version.
    pub const fn version(&self) -> HashVersion {
        self.version
    }
}

/// Returns the hash of the number's decimal digits.
fn twice(number: u32) -> u32 {
    let mut digits = [0_u8; 10];
    let mut rest = number;
    let mut used = 0;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    let start = digits.len() - used;
    Fnv::new().then_ascii(digits.get(start..).unwrap_or_default()).value()
}

/// Returns the bucket, 0 to 9,999, of a unit: `fnv1a32(decimal(fnv1a32(seed + unit))) mod 10000`.
///
/// ```
/// use waypost::assign::bucket;
/// assert_eq!(bucket("exp@1", "user-1"), 5761);
/// assert_eq!(bucket("exp@1", "user-7984"), 3000);
/// ```
pub fn bucket(seed: &str, unit: &str) -> u16 {
    Hasher::new(seed, HashVersion::V2).bucket(unit)
}

/// Returns the SDKs' `hash`: the bucket as a number in `[0, 1)`, or nothing for
/// an unknown version.
pub fn hash(seed: &str, id: &str, version: i64) -> Option<f64> {
    let version = HashVersion::of(version)?;
    Some(version.fraction(Hasher::new(seed, version).bucket(id)))
}

/// Returns the number as JavaScript writes it: the shortest digits that read
/// back as the same number, plain from 1e-7 up to 1e21 (ECMA-262, Number::toString).
pub(super) fn number_text(number: f64) -> Cow<'static, str> {
    if number == 0.0 {
        return Cow::Borrowed("0");
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    Cow::Owned(format!("{sign}{}", place_point(&digits, exponent)))
}

/// Returns the digits with the point after the first `exponent + 1` of them.
fn place_point(digits: &str, exponent: i32) -> String {
    let count = digits.len() as i32;
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    let (head, tail) = digits.split_at_checked(1).unwrap_or((digits, ""));
    match exponent {
        -6..=-1 => format!("0.{}{digits}", zeros(-exponent - 1)),
        0..21 if count <= exponent + 1 => format!("{digits}{}", zeros(exponent + 1 - count)),
        0..21 => {
            let (whole, part) = digits.split_at_checked(exponent as usize + 1).unwrap_or((digits, ""));
            format!("{whole}.{part}")
        }
        _ => {
            let part = if tail.is_empty() { String::new() } else { format!(".{tail}") };
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{head}{part}e{sign}{}", exponent.abs())
        }
    }
}
