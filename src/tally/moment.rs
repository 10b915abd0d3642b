//! One event of one unit, as a warehouse tells it: [`Moment`].

/// An event of a unit. What it is and what it says is named by places in the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moment {
    /// Microseconds since 1970.
    pub time: i64,
    /// Which events of the plan it is, ascending.
    pub events: Vec<u16>,
    /// An outcome of zero: it has a value, and did not happen.
    pub quiet: bool,
    /// For each persona of the plan: whether the unit is one, where that is known here.
    pub personas: Vec<Option<bool>>,
    /// The experiments it exposes in, ascending, and the number of the variant in each; nothing for one that is not known.
    pub arms: Vec<(u16, Option<u32>)>,
    /// The properties it has, money in minor units.
    pub numbers: Vec<(usize, f64)>,
    /// The fields it has.
    pub texts: Vec<(usize, String)>,
}
