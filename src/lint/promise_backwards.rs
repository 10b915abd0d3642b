use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A promise is counted from a touchpoint that comes later.
    ///
    /// `promise within 7 days of order-placed` says how soon this follows that. Counted from something later on the map it
    /// can never be kept.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { promise within 1 day of delivery }
    /// }
    /// ```
    ///
    /// Better: count from what comes before.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint order-placed "Order placed" { promise within 1 day of checkout }
    /// }
    /// ```
    "promise-backwards", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, touchpoint) in ctx.model.touchpoints.iter() {
        let Some(promise) = &touchpoint.promise else { continue };
        let of = &ctx.model.touchpoints[promise.of];
        let later = of.journey == touchpoint.journey && ctx.place(promise.of) > ctx.place(id);
        if later || promise.of == id {
            let place = if promise.of == id { "is itself" } else { "comes later" };
            let message = format!(
                "`{}` is promised within {} of `{}`, which {place}",
                touchpoint.meta.id, promise.within, of.meta.id
            );
            out.push(
                RULE.at(promise.span, message)
                    .also(of.meta.span, "counted from here")
                    .help("name a touchpoint that comes before"),
            );
        }
    }
}
