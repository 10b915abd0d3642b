use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A pain is called solved by an experiment that has not shipped.
    ///
    /// An experiment heals a pain when its variant goes to everybody. One that is a draft, runs or was stopped has healed
    /// nothing yet.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   touchpoint comparison-guide "Ten guitars for beginners" {
    ///     pain too-many-choices "Ten options and no advice for my budget" { solved by quiz-on-guide on 2026-11-20 }
    ///   }
    /// }
    /// ```
    ///
    /// Better: wait for the result, or ship what was tested.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   touchpoint comparison-guide "Ten guitars for beginners" {
    ///     pain too-many-choices "Ten options and no advice for my budget" { solved by quiz-on-guide on 2026-11-20 }
    ///   }
    /// }
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   runs from 2026-10-05 to 2026-11-15
    ///   status shipped quiz on 2026-11-18 because "The quiz brought 6% more to the checkout"
    /// }
    /// ```
    "pain-solved-too-early", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    use crate::model::experiment::Status;
    for pain in ctx.model.pains.values() {
        let Some((experiment, on)) = pain.solved else { continue };
        let experiment = &ctx.model.experiments[experiment];
        let why = match &experiment.status {
            Status::Shipped(_, day, _) if *day <= on => continue,
            Status::Shipped(_, day, _) => format!("which shipped later, on {day}"),
            Status::Stopped(..) => "which was stopped without a winner".to_owned(),
            Status::Draft => "which is a draft".to_owned(),
            Status::Running | Status::Paused => "which has not ended".to_owned(),
        };
        let message = format!("pain `{}` is solved by `{}`, {why}", pain.meta.id, experiment.meta.id);
        let span = ctx.part(pain.meta.span, "solved");
        let place = ctx.part(experiment.meta.span, "status");
        out.push(
            RULE.at(span, message).also(place, "where it stands").help("write `solved by` when a variant has shipped"),
        );
    }
}
