//! Units, and the moments of one number a unit.
use super::{Exact, NotFinite};

/// How many of the largest values a [`Mean`] remembers, for the check on outliers.
pub const TOP: usize = 1024;

/// Exact moments of one number a unit.
///
/// Sums, sums of squares and of cubes are exact, so mean, variance and skewness lose nothing to cancellation however far
/// the values lie from zero. Where a summary was made elsewhere, what it lacks is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    n: u64,
    sum: Exact,
    squares: Option<Exact>,
    cubes: Option<Exact>,
    top: Option<Top>,
    non_zero: Option<u64>,
}

impl Default for Mean {
    fn default() -> Self {
        let zero = || Some(Exact::default());
        Self {
            n: 0,
            sum: Exact::default(),
            squares: zero(),
            cubes: zero(),
            top: Some(Top::default()),
            non_zero: Some(0),
        }
    }
}

impl Mean {
    /// Returns the moments somebody else counted: `n` units, their sum, and the sum of squares where it is known.
    ///
    /// # Errors
    /// When a sum is not finite.
    pub fn from_sums(n: u64, sum: f64, squares: Option<f64>) -> Result<Self, NotFinite> {
        let squares = squares.map(Exact::from_f64).transpose()?;
        Ok(Self { n, sum: Exact::from_f64(sum)?, squares, cubes: None, top: None, non_zero: None })
    }

    /// Returns the moments of these exact sums.
    pub fn from_exact(n: u64, sum: Exact, squares: Exact) -> Self {
        Self { n, sum, squares: Some(squares), cubes: None, top: None, non_zero: None }
    }

    /// Counts one unit.
    ///
    /// # Errors
    /// When the value is not finite; nothing is counted then.
    pub fn push(&mut self, value: f64) -> Result<(), NotFinite> {
        let value = value + 0.0; // -0 becomes 0, so that equal values look equal
        if !value.is_finite() {
            return Err(NotFinite);
        }
        self.n += 1;
        if value == 0.0 {
            // Most units did nothing, and nothing changes no sum.
            return Ok(());
        }
        self.non_zero = self.non_zero.map(|k| k + 1);
        if let Some(top) = &mut self.top {
            top.push(value);
        }
        self.sum.add_f64(value)?;
        if let Some(squares) = &mut self.squares {
            squares.add_product(value, value)?;
        }
        if let Some(cubes) = &mut self.cubes {
            cubes.add_cube(value)?;
        }
        Ok(())
    }

    /// Counts `times` units that all have this value; the way to count the units for which nothing happened.
    ///
    /// # Errors
    /// When the value is not finite; nothing is counted then.
    pub fn push_many(&mut self, value: f64, times: u64) -> Result<(), NotFinite> {
        let (one, many) = (Exact::from_f64(value + 0.0)?, Exact::from_u64(times));
        let add = |to: &mut Exact, power: &Exact| to.add(&power.times(&many));
        self.n += times;
        add(&mut self.sum, &one);
        let square = one.times(&one);
        self.squares.iter_mut().for_each(|s| add(s, &square));
        self.cubes.iter_mut().for_each(|c| add(c, &square.times(&one)));
        if let Some(top) = self.top.as_mut().filter(|_| value != 0.0) {
            (0..times.min(TOP as u64)).for_each(|_| top.push(value));
        }
        self.non_zero = self.non_zero.map(|k| k + if value == 0.0 { 0 } else { times });
        Ok(())
    }

    /// Counts `units` more units with the value 0.
    pub fn push_nothing(&mut self, units: u64) {
        self.n += units;
    }

    /// Adds the units of `other`; what either lacks, the sum lacks.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum.add(&other.sum);
        self.squares = both(self.squares.take(), other.squares.as_ref());
        self.cubes = both(self.cubes.take(), other.cubes.as_ref());
        self.top = match (self.top.take(), &other.top) {
            (Some(mut mine), Some(theirs)) => {
                theirs.held.iter().for_each(|v| mine.push(*v));
                Some(mine)
            }
            _ => None,
        };
        self.non_zero = self.non_zero.zip(other.non_zero).map(|(a, b)| a + b);
    }

    /// Returns how many units it counts.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Returns the exact sum.
    pub fn sum(&self) -> &Exact {
        &self.sum
    }

    /// Returns the exact sum of squares, where it is known.
    pub fn squares(&self) -> Option<&Exact> {
        self.squares.as_ref()
    }

    /// Returns how many units have a value other than zero, where it is known.
    pub fn non_zero(&self) -> Option<u64> {
        self.non_zero
    }

    /// Returns the mean; nothing without units.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum.to_f64() / self.n as f64)
    }

    /// Returns the mean of `other` less this mean, rounded once; nothing where either has no units.
    pub fn to(&self, other: &Self) -> Option<f64> {
        if self.n == 0 || other.n == 0 {
            return None;
        }
        let mut top = other.sum.times(&Exact::from_u64(self.n));
        top.subtract(&self.sum.times(&Exact::from_u64(other.n)));
        Some(top.to_f64() / (self.n as f64 * other.n as f64))
    }

    /// Returns the variance per unit (divisor n - 1); nothing below two units or without squares. Never negative.
    pub fn variance(&self) -> Option<f64> {
        if self.n < 2 {
            return None;
        }
        let spread = self.spread()?;
        Some(spread.max(0.0) / (self.n as f64 * (self.n - 1) as f64))
    }

    /// Returns n * sum of squares - (sum)^2, rounded once.
    fn spread(&self) -> Option<f64> {
        let mut top = Exact::from_u64(self.n).times(self.squares.as_ref()?);
        top.subtract(&self.sum.times(&self.sum));
        Some(top.to_f64())
    }

    /// Returns the skewness m3 / m2^(3/2) (moments with divisor n); nothing where it is not known or all values are equal.
    pub fn skewness(&self) -> Option<f64> {
        let (squares, cubes) = (self.squares.as_ref()?, self.cubes.as_ref()?);
        let spread = self.spread().filter(|s| *s > 0.0)?;
        let n = Exact::from_u64(self.n);
        let mut third = n.times(&n).times(cubes);
        third.subtract(&Exact::from_u64(3).times(&n).times(&self.sum).times(squares));
        third.add(&Exact::from_u64(2).times(&self.sum).times(&self.sum).times(&self.sum));
        Some(third.to_f64() / (spread * spread.sqrt()))
    }

    /// Returns the largest values, the largest first, at most [`TOP`]; nothing where they are not known.
    pub fn top(&self) -> Option<Vec<f64>> {
        let (top, zeros) = (self.top.as_ref()?, self.n.saturating_sub(self.non_zero?));
        let mut all = top.largest();
        let place = all.partition_point(|v| *v > 0.0);
        all.splice(place..place, std::iter::repeat_n(0.0, usize::try_from(zeros).unwrap_or(TOP).min(TOP)));
        all.truncate(TOP);
        Some(all)
    }
}

/// Returns the sum of both, or nothing when one is unknown.
fn both(mine: Option<Exact>, theirs: Option<&Exact>) -> Option<Exact> {
    mine.zip(theirs).map(|(mut a, b)| {
        a.add(b);
        a
    })
}

/// The largest values other than zero so far, and some that are not; cut down to [`TOP`] when twice as many are held.
#[derive(Clone, Default)]
struct Top {
    held: Vec<f64>,
    /// No value up to this one can be among the largest.
    floor: Option<f64>,
}

impl Top {
    fn push(&mut self, value: f64) {
        if self.floor.is_some_and(|floor| value <= floor) {
            return;
        }
        self.held.push(value);
        if self.held.len() >= 2 * TOP {
            self.held = self.largest();
            self.floor = self.held.last().copied();
        }
    }

    /// Returns the largest values, the largest first.
    fn largest(&self) -> Vec<f64> {
        let mut all = self.held.clone();
        all.sort_unstable_by(|a, b| b.total_cmp(a));
        all.truncate(TOP);
        all
    }
}

impl std::fmt::Debug for Top {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.largest()).finish()
    }
}

impl PartialEq for Top {
    fn eq(&self, other: &Self) -> bool {
        self.largest() == other.largest()
    }
}
