use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::days;
use crate::model::experiment::MethodKind;

rule! {
    /// A group-sequential test plans more looks than it has weeks.
    ///
    /// A look in the middle of a week sees some weekdays more often than others. One look a week is as often as the data
    /// says something new.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   method group-sequential 20 looks with level 5% and power 80%
    /// }
    /// ```
    ///
    /// Better: a look a week, or fewer.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   method group-sequential 4 looks with level 5% and power 80%
    /// }
    /// ```
    "more-looks-than-weeks", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let MethodKind::GroupSequential { looks, .. } = experiment.method.kind else { continue };
        let weeks = days(experiment.runs.0, experiment.runs.1) / 7;
        if i64::from(looks) > weeks {
            let message = format!("`{}` plans {looks} looks in {weeks} weeks", experiment.meta.id);
            let finding =
                RULE.at(experiment.method.span, message).also(ctx.part(experiment.meta.span, "runs"), "the plan");
            out.push(finding.help("plan one look a week, or fewer; for looks at any time write `method sequential`"));
        }
    }
}
