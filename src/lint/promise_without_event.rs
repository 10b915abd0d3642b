use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Id, Touchpoint};

rule! {
    /// A promise cannot be checked, since nothing shows when it is kept.
    ///
    /// `promise within 7 days of order-placed` is measured from the event of the one touchpoint to the event of the other.
    /// Where one of them has no `seen by`, the promise is a wish.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint thank-you "A thank-you card" {
    ///     channel parcel
    ///     owner support
    ///     promise within 3 days of order-placed
    ///   }
    /// }
    /// ```
    ///
    /// Better: name the event that shows it.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint thank-you "A thank-you card" {
    ///     channel parcel
    ///     owner support
    ///     seen by delivered
    ///     promise within 3 days of order-placed
    ///   }
    /// }
    /// ```
    "promise-without-event", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, touchpoint) in ctx.model.touchpoints.iter() {
        let Some(promise) = &touchpoint.promise else { continue };
        for unseen in [id, promise.of].into_iter().filter(|t| !seen(ctx, *t)) {
            let unseen = &ctx.model.touchpoints[unseen].meta;
            let message = format!("nothing shows when `{}` happens, so the promise cannot be checked", unseen.id);
            let finding = RULE.at(promise.span, message).also(unseen.span, "it has no `seen by`");
            out.push(finding.help(format!("add `seen by EVENT` to `{}`", unseen.id)));
        }
    }
}

fn seen(ctx: &Context<'_>, id: Id<Touchpoint>) -> bool {
    let touchpoint = &ctx.model.touchpoints[id];
    touchpoint.seen_by.is_some() || touchpoint.pair.is_some_and(|p| ctx.model.touchpoints[p].seen_by.is_some())
}
