//! Pure numbers: distributions and statistical methods. Knows tallies, not experiments.
//!
//! `special` holds the distributions, `method` one file per method. What cannot be said is [`Status`], never a number
//! that stands in for it, and never a NaN.
mod door;
pub mod method;
mod moments;
pub mod special;

pub use door::run_json;
pub use moments::{Alternative, Arm, Interval, Status};
