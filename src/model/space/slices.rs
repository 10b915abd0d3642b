//! Who gets which part of a layer.

use super::super::experiment::Status;
use super::super::value::Date;
use super::super::{Experiment, Id, Layer, Model};
use super::{Buckets, lowest_free, part_of_buckets};

/// The part of a layer that one experiment has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Whose it is.
    pub experiment: Id<Experiment>,
    /// Its buckets, in order, neighbours joined.
    pub buckets: Vec<Buckets>,
    /// How many buckets it takes but did not get: the layer is over-full.
    pub missing: u16,
}

/// Returns the slices of a layer, in the order they are handed out.
///
/// Each experiment takes the lowest buckets that are free for it. Free are
/// those of no experiment that it could meet: two meet when both are enrolling
/// (running or paused), or when their days overlap - the planned ones, and for
/// a concluded experiment those up to its end. So slices of experiments that
/// meet never overlap, and the space of a concluded one is used again.
///
/// Those that have started come first, by their first day and then by id;
/// drafts after them, so that a draft never moves what runs. The same spec
/// gives the same slices.
pub fn slices(model: &Model, layer: Id<Layer>) -> Vec<Slice> {
    let mut claims: Vec<Claim<'_>> = model.experiments.iter().filter_map(|(id, e)| Claim::of(id, e, layer)).collect();
    claims.sort_by_key(|claim| (claim.draft(), claim.experiment.runs.0, claim.experiment.meta.id.as_str()));
    let mut given: Vec<(&Claim<'_>, Vec<Buckets>)> = Vec::new();
    let mut slices = Vec::new();
    for claim in &claims {
        let met = given.iter().filter(|(other, _)| claim.meets(other));
        let taken: Vec<Buckets> = met.flat_map(|(_, buckets)| buckets.iter().copied()).collect();
        let buckets = lowest_free(claim.takes, taken);
        let got: u16 = buckets.iter().map(|b| b.count()).sum();
        slices.push(Slice { experiment: claim.id, buckets: buckets.clone(), missing: claim.takes - got });
        given.push((claim, buckets));
    }
    slices
}

/// What one experiment asks of a layer.
struct Claim<'a> {
    id: Id<Experiment>,
    experiment: &'a Experiment,
    takes: u16,
}

impl<'a> Claim<'a> {
    fn of(id: Id<Experiment>, experiment: &'a Experiment, layer: Id<Layer>) -> Option<Self> {
        let slice = experiment.layers.iter().find(|slice| slice.layer == layer)?;
        Some(Self { id, experiment, takes: part_of_buckets(slice.takes) })
    }

    fn draft(&self) -> bool {
        self.experiment.status == Status::Draft
    }

    fn enrolling(&self) -> bool {
        matches!(self.experiment.status, Status::Running | Status::Paused)
    }

    /// Returns the last day on which the experiment can enrol.
    fn last_day(&self) -> Date {
        match &self.experiment.status {
            Status::Stopped(day, _) | Status::Shipped(_, day, _) => *day,
            Status::Draft | Status::Running | Status::Paused => self.experiment.runs.1,
        }
    }

    fn meets(&self, other: &Claim<'_>) -> bool {
        let overlap = self.experiment.runs.0 <= other.last_day() && other.experiment.runs.0 <= self.last_day();
        overlap || (self.enrolling() && other.enrolling())
    }
}
