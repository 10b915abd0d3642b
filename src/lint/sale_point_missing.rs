use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::journey::Phase;

rule! {
    /// A journey has a sale stage and does not say where the sale is.
    ///
    /// `sale at TOUCHPOINT` marks the purchase point on the map; costs, funnels and the line between before and after use it.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid }
    ///   }
    /// }
    /// ```
    ///
    /// Better: name the point.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid }
    ///   }
    /// }
    /// ```
    "sale-point-missing", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_none() && j.sale_at.is_none()) {
        let mut stages = journey.stages.iter().map(|s| &ctx.model.stages[*s]);
        if let Some(stage) = stages.find(|s| s.phase == Some(Phase::Sale) && !s.touchpoints.is_empty()) {
            let message = format!("journey `{}` does not say where the sale is", journey.meta.id);
            let finding = RULE.at(journey.meta.span, message).also(stage.meta.span, "its sale stage");
            out.push(finding.help("add `sale at TOUCHPOINT`"));
        }
    }
}
