use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::Metric;
use std::collections::HashMap;

rule! {
    /// Two metrics measure the same.
    ///
    /// A number has one definition. Two names for it drift apart: one is mended and the other forgotten.
    ///
    /// ```journey
    /// metric conversion "Conversion" { share of order-paid within 7 days; higher is better }
    /// experiment guest-checkout "Guest checkout" { secondary conversion }
    /// ```
    ///
    /// Better: use the one that is there.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { primary order-rate expects +5% }
    /// ```
    "same-metric", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut by_events: HashMap<_, Vec<&Metric>> = HashMap::new();
    for metric in ctx.model.metrics.values() {
        let alike = by_events.entry(metric.events(ctx.model)).or_default();
        let same = |m: &&&Metric| m.kind == metric.kind && m.cap == metric.cap && m.adjust == metric.adjust;
        match alike.iter().find(same) {
            Some(first) => {
                let message = format!("`{}` measures the same as `{}`", metric.meta.id, first.meta.id);
                let finding = RULE.at(metric.meta.span, message).also(first.meta.span, "the other");
                out.push(finding.help("keep one, and name it where the other is named"));
            }
            None if alike.len() < MOST => alike.push(metric),
            None => {}
        }
    }
}

/// How many metrics over the same events are compared with each other.
const MOST: usize = 64;
