use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::MethodKind;

rule! {
    /// A Bayesian test has several variants beside the control.
    ///
    /// Chances are worked out for each variant against the control, one at a time, and nothing corrects for the number of
    /// comparisons. With several, one of them looks good by luck.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 40% { set layout to "list" }
    ///   variant quiz "Three questions" 30% { set layout to "quiz" }
    ///   variant chat "A chat" 30% { set layout to "chat" }
    ///   method bayesian with level 5% and power 80%
    /// }
    /// ```
    ///
    /// Better: one variant, or a method that shares the level among them.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 40% { set layout to "list" }
    ///   variant quiz "Three questions" 30% { set layout to "quiz" }
    ///   variant chat "A chat" 30% { set layout to "chat" }
    ///   method fixed with level 5% and power 80%
    /// }
    /// ```
    "bayesian-many-variants", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let bayesian = ctx.model.experiments.values().filter(|e| e.method.kind == MethodKind::Bayesian);
    for experiment in bayesian.filter(|e| e.variants.len() > 2) {
        let message =
            format!("`{}` has {} variants, and its method is bayesian", experiment.meta.id, experiment.variants.len());
        let help = "keep one variant beside the control, or take a method that shares the level among them";
        out.push(RULE.at(experiment.method.span, message).help(help));
    }
}
