use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Percent;

rule! {
    /// The personas of a journey are more than all customers.
    ///
    /// `share` is a persona's part of all customers. Parts that add to more than 100 % mean that people are counted twice.
    ///
    /// ```journey
    /// persona tom "Tom, who plays already" { share 75% }
    /// ```
    ///
    /// Better: parts of one whole.
    ///
    /// ```journey
    /// persona tom "Tom, who plays already" { share 60% }
    /// ```
    "persona-shares-above-whole", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut said = Vec::new();
    for journey in ctx.model.journeys.values() {
        let personas: Vec<_> = journey.personas.iter().filter(|p| ctx.model.personas[**p].share.is_some()).collect();
        let shares = personas.iter().filter_map(|p| ctx.model.personas[**p].share);
        let total = Percent(shares.map(|s| s.0).sum());
        let (true, Some(last)) = (total > Percent::WHOLE, personas.last()) else { continue };
        if !said.contains(&personas) {
            let span = ctx.part(ctx.model.personas[**last].meta.span, "share");
            let message = format!("the personas of `{}` are {total} of all customers", journey.meta.id);
            out.push(RULE.at(span, message).also(journey.meta.span, "this journey").help("mend the shares"));
            said.push(personas);
        }
    }
}
