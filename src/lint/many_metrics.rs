use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An experiment reads very many metrics.
    ///
    /// With twenty numbers one of them is "significant" by luck, and somebody will tell its story.
    ///
    /// ```journey
    /// metric a1 "A" { share of guide-read within 1 day; higher is better }
    /// metric a2 "B" { share of guide-read within 2 days; higher is better }
    /// metric a3 "C" { share of guide-read within 3 days; higher is better }
    /// metric a4 "D" { share of guide-read within 4 days; higher is better }
    /// metric a5 "E" { share of guide-read within 5 days; higher is better }
    /// metric a6 "F" { share of guide-read within 6 days; higher is better }
    /// metric a7 "G" { share of guide-read within 7 days; higher is better }
    /// metric a8 "H" { share of guide-read within 8 days; higher is better }
    /// metric a9 "I" { share of guide-read within 9 days; higher is better }
    /// experiment guest-checkout "Guest checkout" {
    ///   secondary a1, a2, a3, a4, a5, a6, a7, a8, a9, nps, order-value, revenue-per-visitor, checkout-rate
    /// }
    /// ```
    ///
    /// Better: those that somebody will act on.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { secondary order-value, revenue-per-visitor }
    /// ```
    "many-metrics", Experiments, Note; check
}

/// The most metrics a test may read without being asked about.
const MOST: usize = 12;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let count = experiment.metrics().len();
        if count > MOST {
            let message = format!("`{}` reads {count} metrics, and one in twenty moves by luck", experiment.meta.id);
            out.push(RULE.at(experiment.meta.span, message).help("keep those that somebody will act on"));
        }
    }
}
