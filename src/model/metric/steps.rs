//! `steps FUNNEL`: reaching each step of a funnel, all over everybody exposed.

use crate::model::measure::Measure;
use crate::model::{Funnel, Id, Model};

/// Reaching each step of a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Which funnel.
    pub funnel: Id<Funnel>,
}

impl Steps {
    /// Returns: the deepest step of each unit; a share for each step, decided on the last.
    pub fn measure(&self, model: &Model) -> Measure {
        let funnel = &model.funnels[self.funnel];
        Measure::steps(self.funnel, funnel.steps.len(), funnel.within)
    }
}
