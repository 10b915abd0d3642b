//! Mermaid `journey` diagrams.
//!
//! A diagram has sections of tasks, each with a score from 1 to 5 and the actors who do it. Sections become stages,
//! tasks touchpoints, actors personas, and scores feelings.
//!
//! # Scores and feelings
//!
//! The two scales meet in the middle and at their ends: a score *s* is the feeling 1.5 (*s* - 3), cut towards zero, and a
//! feeling *f* is the score 3 + 2 *f* / 3, rounded. Every score from 1 to 5 comes back as itself.
//!
//! | score | feeling | and back |
//! |---|---|---|
//! | 1 | -3 | 1 |
//! | 2 | -1 | 2 |
//! | 3 | 0 | 3 |
//! | 4 | +1 | 4 |
//! | 5 | +3 | 5 |
//!
//! The feelings -2 and +2 are drawn as 2 and 4.

mod export;
mod id;
mod import;
mod label;
mod read;

pub use export::export;
pub use import::{Imported, import};

/// Returns the feeling of a score, within -3 to +3; none where the score is no number.
fn feeling(score: f64) -> Option<i8> {
    let value = (1.5 * (score - 3.0)).trunc().clamp(-3.0, 3.0);
    [-3_i8, -2, -1, 0, 1, 2, 3].into_iter().find(|f| f64::from(*f) == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lane::in_five;

    #[test]
    fn every_score_comes_back() {
        for s in 1..=5_u8 {
            assert_eq!(feeling(f64::from(s)).map(in_five), Some(s));
        }
        assert_eq!(feeling(1.0), Some(-3));
        assert_eq!(feeling(2.0), Some(-1));
        assert_eq!(feeling(5.0), Some(3));
        assert_eq!(feeling(40.0), Some(3));
        assert_eq!(feeling(f64::NAN), None);
    }

    #[test]
    fn a_feeling_is_the_rounded_score() {
        for f in -3..=3_i8 {
            let exact = 3.0 + 2.0 * f64::from(f) / 3.0;
            assert_eq!(f64::from(in_five(f)), exact.round());
        }
    }
}
