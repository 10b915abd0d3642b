use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::funnel::Order;

rule! {
    /// The steps of a funnel stand in another order than on the map.
    ///
    /// Both say in which order people pass. If the funnel is right the map is wrong, or the other way round.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   funnel to-payment "From the guide to the parcel" { steps checkout > comparison-guide > order-placed > delivery }
    /// }
    /// ```
    ///
    /// Better: one order for both, or `order any`.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   funnel to-payment "From the guide to the parcel" { steps comparison-guide > checkout > order-placed > delivery }
    /// }
    /// ```
    "funnel-against-the-map", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for funnel in ctx.model.funnels.values().filter(|f| f.order != Order::Any) {
        let pairs = funnel.steps.iter().zip(funnel.steps.iter().skip(1));
        let name = |t: &_| &ctx.model.touchpoints[*t];
        let mut wrong = pairs.filter(|(a, b)| {
            let (x, y) = (name(&a.touchpoint), name(&b.touchpoint));
            x.journey == y.journey && ctx.place(a.touchpoint) > ctx.place(b.touchpoint)
        });
        if let Some((a, b)) = wrong.next() {
            let (later, earlier) = (&name(&a.touchpoint).meta.id, &name(&b.touchpoint).meta.id);
            let message = format!("in this funnel `{later}` comes before `{earlier}`, on the map behind it");
            out.push(RULE.at(ctx.part(funnel.meta.span, "steps"), message).help("mend the one that is wrong"));
        }
    }
}
