use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A question is called answered by an experiment that has not ended.
    ///
    /// Open questions are listed on the map. This one is taken off the list before anything is known.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   question "Why don't they finish the guide?" { answered by quiz-on-guide }
    /// }
    /// ```
    ///
    /// Better: leave it open until the test has ended.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   question "Why don't they finish the guide?"
    /// }
    /// ```
    "question-answered-too-early", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for question in ctx.spots().flat_map(|p| &p.questions) {
        let Some(experiment) = question.answered_by.map(|e| &ctx.model.experiments[e]) else { continue };
        if !experiment.status.is_concluded() {
            let (id, status) = (&experiment.meta.id, experiment.status.name());
            let message = format!("this question is answered by `{id}`, which is {status}");
            let finding = RULE.at(ctx.part(question.span, "answered"), message);
            out.push(
                finding.also(experiment.meta.span, "the experiment").help("leave it open until the test has ended"),
            );
        }
    }
}
