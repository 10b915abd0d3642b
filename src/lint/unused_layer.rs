use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A layer that no experiment takes a slice of.
    ///
    /// It parts nobody from anybody.
    ///
    /// ```journey
    /// layer guides "Everything on the guides"
    /// ```
    ///
    /// Better: a slice of it, or no layer.
    ///
    /// ```journey
    /// layer guides "Everything on the guides"
    /// experiment quiz-on-guide "A quiz instead of ten options" { layer guides takes 50% }
    /// ```
    "unused-layer", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, layer) in ctx.model.layers.iter().filter(|(id, _)| !ctx.usage().layers.has(*id)) {
        let message = format!("nothing uses layer `{}`", layer.meta.id);
        let mut finding = RULE
            .at(layer.meta.span, message)
            .help("write `layer LAYER takes PERCENT` in an experiment, or take it out");
        finding.fix = ctx.removal(layer.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
