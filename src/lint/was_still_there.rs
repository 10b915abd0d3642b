use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Meta, Table};
use std::collections::HashSet;

rule! {
    /// `was` names a thing that is still declared.
    ///
    /// A thing that was renamed is gone under its old id. If the old one is still there this is a copy, and `diff` would take
    /// one for the other.
    ///
    /// ```journey
    /// metric order-rate-14 "Order rate, 14 days" { was order-rate; share of order-paid within 14 days; higher is better }
    /// experiment guest-checkout "Guest checkout" { secondary order-rate-14 }
    /// ```
    ///
    /// Better: a copy is a new thing.
    ///
    /// ```journey
    /// metric order-rate-14 "Order rate, 14 days" { share of order-paid within 14 days; higher is better }
    /// experiment guest-checkout "Guest checkout" { secondary order-rate-14 }
    /// ```
    "was-still-there", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = ctx.model;
    table(ctx, &model.journeys, |x| &x.meta, out);
    table(ctx, &model.personas, |x| &x.meta, out);
    table(ctx, &model.events, |x| &x.meta, out);
    table(ctx, &model.metrics, |x| &x.meta, out);
    table(ctx, &model.audiences, |x| &x.meta, out);
    table(ctx, &model.layers, |x| &x.meta, out);
    table(ctx, &model.experiments, |x| &x.meta, out);
}

fn table<T>(ctx: &Context<'_>, all: &Table<T>, meta: fn(&T) -> &Meta, out: &mut Vec<Diagnostic>) {
    if !all.values().any(|x| meta(x).was.is_some()) {
        return;
    }
    let ids: HashSet<&str> = all.values().map(|x| meta(x).id.as_str()).collect();
    for thing in all.values().map(meta) {
        let Some(was) = thing.was.as_deref().filter(|w| *w != thing.id && ids.contains(w)) else { continue };
        let message = format!("`{was}` is still declared, so `{}` cannot have been it", thing.id);
        out.push(RULE.at(ctx.part(thing.span, "was"), message).help("take `was` out, or the old declaration"));
    }
}
