use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::journey::Phase;

rule! {
    /// The sale point lies outside the sale phase.
    ///
    /// `sale at` marks where people buy; `phase` says which stages lie before, at and after it. If they disagree, funnels and
    /// costs before and after the sale are cut at two places.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { sale at delivery }
    /// ```
    ///
    /// Better: a touchpoint of a stage with `phase sale`.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { sale at checkout }
    /// ```
    "sale-outside-sale-phase", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        let Some(sale) = journey.sale_at else { continue };
        let stage = &ctx.model.stages[ctx.model.touchpoints[sale].stage];
        let Some(phase) = stage.phase.filter(|p| *p != Phase::Sale) else { continue };
        let message =
            format!("the sale is at `{}`, whose stage is {}", ctx.model.touchpoints[sale].meta.id, phase.name());
        let finding = RULE.at(ctx.part(journey.meta.span, "sale"), message);
        let place = ctx.part(stage.meta.span, "phase");
        out.push(finding.also(place, "this stage").help("mend `sale at`, or the stage's `phase`"));
    }
}
