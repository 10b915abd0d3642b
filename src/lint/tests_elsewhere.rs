use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::touchpoint::Anchor;

rule! {
    /// An experiment runs at another place than the opportunity it tests.
    ///
    /// The opportunity stands at one touchpoint or stage and the test at another. One of the two is in the wrong place, or the
    /// wrong opportunity is named.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { tests guest }
    /// ```
    ///
    /// Better: the opportunity of the place.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { tests quiz }
    /// ```
    "tests-elsewhere", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let Some(opportunity) = experiment.tests.map(|o| &ctx.model.opportunities[o]) else { continue };
        let place = ctx.model.place(experiment);
        let there = match opportunity.at {
            Anchor::Stage(stage) => ctx.model.touchpoints[place].stage == stage,
            Anchor::Touchpoint(touchpoint) => touchpoint == place,
        };
        if !there {
            let (id, at) = (&opportunity.meta.id, &ctx.model.touchpoints[place].meta.id);
            let message = format!("opportunity `{id}` stands elsewhere, and this test runs at `{at}`");
            let finding = RULE.at(ctx.part(experiment.meta.span, "tests"), message);
            out.push(
                finding
                    .also(opportunity.meta.span, "it stands here")
                    .help("name the opportunity of the place, or move one of them"),
            );
        }
    }
}
