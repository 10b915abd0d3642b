use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// No variant of an experiment sets anything.
    ///
    /// The program that shows the page gets a variant's name and its parts. Without parts the difference lives in code that
    /// nobody can read from the plan, and the report cannot show the arms side by side.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 50%
    ///   variant quiz "Three questions" 50%
    /// }
    /// ```
    ///
    /// Better: name what differs.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 50% { set layout to "list" }
    ///   variant quiz "Three questions" 50% { set layout to "quiz" }
    /// }
    /// ```
    "variants-set-nothing", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if experiment.variants.iter().all(|v| v.sets.is_empty()) {
            let message = format!("no variant of `{}` sets anything", experiment.meta.id);
            out.push(
                RULE.at(experiment.meta.span, message)
                    .help("write `set NAME to VALUE` in each variant for what differs"),
            );
        }
    }
}
