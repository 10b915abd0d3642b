use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// The weights of an experiment are very unequal.
    ///
    /// The smallest arm decides how much a test can see: 90 to 10 needs about three times as many people as 50 to 50. To
    /// let few people see something new, lower `traffic` and keep the arms equal.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 95% { set layout to "list" }
    ///   variant quiz "Three questions" 5% { set layout to "quiz" }
    /// }
    /// ```
    ///
    /// Better: equal arms, less traffic.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   traffic 10%
    ///   variant control "Ten guitars" 50% { set layout to "list" }
    ///   variant quiz "Three questions" 50% { set layout to "quiz" }
    /// }
    /// ```
    "lopsided-weights", Experiments, Warning; check
}

/// From this many times the smallest weight on, the largest is asked about.
const TIMES: f64 = 4.0;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let largest = experiment.variants.iter().map(|v| v.weight).max();
        let smallest = experiment.variants.iter().min_by_key(|v| v.weight);
        let (Some(largest), Some(smallest)) = (largest, smallest) else { continue };
        if largest.share() >= TIMES * smallest.weight.share() {
            let message = format!("variant `{}` gets {}, and the largest {largest}", smallest.meta.id, smallest.weight);
            let help = "make the arms equal; to let few people in, lower `traffic` instead";
            out.push(RULE.at(ctx.within(smallest.meta.span, &smallest.weight.to_string()), message).help(help));
        }
    }
}
