use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::logic;

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

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut said = Vec::new();
    for journey in ctx.model.journeys.values() {
        for (i, first) in journey.personas.iter().enumerate() {
            for second in journey.personas.iter().skip(i + 1).filter(|p| *p != first) {
                let (a, b) = (&ctx.model.personas[*first], &ctx.model.personas[*second]);
                let (Some(x), Some(y)) = (&a.condition, &b.condition) else { continue };
                if said.contains(&(*first, *second)) || !(logic::implies(x, y) && logic::implies(y, x)) {
                    continue;
                }
                said.push((*first, *second));
                let message = format!("personas `{}` and `{}` are the same people in the data", a.meta.id, b.meta.id);
                let finding = RULE.at(ctx.part(b.meta.span, "where"), message);
                out.push(finding.also(ctx.part(a.meta.span, "where"), "the same as this").help("part them by `where`"));
            }
        }
    }
}
