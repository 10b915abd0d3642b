use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::{lives, overlap};
use crate::model::experiment::Status;
use crate::model::value::{Date, Percent};
use crate::model::{Experiment, Id, Layer};
use std::collections::BTreeMap;

rule! {
    /// A layer was taken by more than it holds on some days.
    ///
    /// The open experiments of a layer always fit, the language sees to that. This looks back: an experiment that has ended
    /// and those that started before its end took more than 100 % together, so on those days some people were in both.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   runs from 2026-10-26 to 2026-12-20
    ///   status running
    ///   layer checkout-page takes 60%
    /// }
    /// ```
    ///
    /// Better: start when the other has ended, or take what is left.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   runs from 2026-11-09 to 2026-12-20
    ///   status running
    ///   layer checkout-page takes 60%
    /// }
    /// ```
    "layer-overfull-in-time", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut takers: Vec<Vec<&Experiment>> = vec![Vec::new(); ctx.model.layers.len()];
    for experiment in ctx.model.experiments.values().filter(|e| e.status != Status::Draft) {
        for slice in &experiment.layers {
            takers.get_mut(slice.layer.index()).into_iter().for_each(|t| t.push(experiment));
        }
    }
    for ((id, layer), takers) in ctx.model.layers.iter().zip(takers) {
        let Some((day, total)) = overfull(&takers, id) else { continue };
        let Some(late) = takers.iter().find(|e| lives(e).0 == day) else { continue };
        let message = format!("layer `{}` holds 100%, and {total} were taken on {day}", layer.meta.id);
        let mut finding = RULE
            .at(ctx.part(late.meta.span, "layer"), message)
            .help("start when the other has ended, or take what is left");
        for other in takers.iter().filter(|e| e.meta.span != late.meta.span && overlap(e, late).is_some()) {
            finding = finding.also(ctx.part(other.meta.span, "layer"), "and this");
        }
        out.push(finding);
    }
}

/// Returns the first day on which more was taken than there is, and how much; a day on which none of them has ended since
/// is the language's business. Takes fill up only on the first day of one of them.
fn overfull(takers: &[&Experiment], layer: Id<Layer>) -> Option<(Date, Percent)> {
    let mut starts: BTreeMap<Date, Vec<&Experiment>> = BTreeMap::new();
    takers.iter().for_each(|e| starts.entry(lives(e).0).or_default().push(e));
    let mut there: Vec<&Experiment> = Vec::new();
    for (day, started) in starts {
        there.retain(|e| lives(e).1 >= day);
        there.extend(started);
        let slices = there.iter().flat_map(|e| &e.layers).filter(|s| s.layer == layer);
        let total = Percent(slices.map(|s| s.takes.0).sum());
        if total > Percent::WHOLE && there.iter().any(|e| e.status.is_concluded()) {
            return Some((day, total));
        }
    }
    None
}
