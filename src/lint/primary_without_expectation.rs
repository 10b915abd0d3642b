use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A primary metric has no expected effect.
    ///
    /// Without the effect it is planned for, nobody can say how long a test must run, and afterwards nobody can say whether
    /// `no difference` means that there is none or that the test was too small.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate }
    /// ```
    ///
    /// Better: the smallest effect worth acting on.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +4% }
    /// ```
    "primary-without-expectation", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let primaries = ctx.model.experiments.values().flat_map(|e| &e.primaries);
    for primary in primaries.filter(|p| p.expects.is_none()) {
        let message = format!("primary metric `{}` has no expected effect", ctx.model.metrics[primary.metric].meta.id);
        out.push(RULE.at(primary.span, message).help("write the smallest effect worth acting on: `expects +5%`"));
    }
}
