use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An experiment has many variants.
    ///
    /// Each arm takes people from the others, and each comparison takes its part of the level. Six arms need about five
    /// times the people of two for the same effect.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten" 20% { set layout to "list" }
    ///   variant three "Three" 16% { set layout to "three" }
    ///   variant four "Four" 16% { set layout to "four" }
    ///   variant five "Five" 16% { set layout to "five" }
    ///   variant six "Six" 16% { set layout to "six" }
    ///   variant seven "Seven" 16% { set layout to "seven" }
    /// }
    /// ```
    ///
    /// Better: the two or three that differ most; the next test refines the winner.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten" 34% { set layout to "list" }
    ///   variant three "Three" 33% { set layout to "three" }
    ///   variant seven "Seven" 33% { set layout to "seven" }
    /// }
    /// ```
    "many-variants", Experiments, Warning; check
}

/// The most arms, the control included.
const MOST: usize = 5;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if let Some(extra) = experiment.variants.get(MOST) {
            let message = format!("`{}` has {} variants", experiment.meta.id, experiment.variants.len());
            out.push(
                RULE.at(extra.meta.span, message).help("test those that differ most; the next test refines the winner"),
            );
        }
    }
}
