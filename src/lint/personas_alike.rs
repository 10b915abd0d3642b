use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::logic;
use std::collections::BTreeSet;

rule! {
    /// Two personas of a journey are the same people in the data.
    ///
    /// Their conditions hold for the same units, so every number is drawn twice and nothing tells the two apart.
    ///
    /// ```journey
    /// persona tom "Tom, who plays already" { where age >= 30 }
    /// ```
    ///
    /// Better: conditions that part them.
    ///
    /// ```journey
    /// persona tom "Tom, who plays already" { where age < 30 }
    /// ```
    "personas-alike", Journeys, Warning; check
}

/// How many personas of a journey are compared with each other.
const MOST: usize = 32;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut pairs = BTreeSet::new();
    for journey in ctx.model.journeys.values() {
        let personas: Vec<_> = journey.personas.iter().take(MOST).collect();
        for (i, first) in personas.iter().enumerate() {
            let others = personas.iter().skip(i + 1).filter(|p| *p != first);
            pairs.extend(others.map(|second| (*first.min(second), *first.max(second))));
        }
    }
    for (first, second) in pairs {
        let (a, b) = (&ctx.model.personas[*first], &ctx.model.personas[*second]);
        let (Some(x), Some(y)) = (&a.condition, &b.condition) else { continue };
        if logic::implies(x, y) && logic::implies(y, x) {
            let message = format!("personas `{}` and `{}` are the same people in the data", a.meta.id, b.meta.id);
            let finding = RULE.at(ctx.part(b.meta.span, "where"), message);
            out.push(finding.also(ctx.part(a.meta.span, "where"), "the same as this").help("part them by `where`"));
        }
    }
}
