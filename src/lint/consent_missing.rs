use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::manifest::ConsentRule;

rule! {
    /// An experiment names no consent, and the project asks for one.
    ///
    /// The manifest says `consent: required`. Without a named consent nobody can tell whom the test may count, and a report
    /// would count people who said no.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   # no consent
    ///   status draft
    /// }
    /// ```
    ///
    /// Better: name it.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { consent analytics }
    /// ```
    "consent-missing", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if ctx.manifest().privacy.consent != ConsentRule::Required {
        return;
    }
    for experiment in ctx.model.experiments.values().filter(|e| e.consents.is_empty()) {
        let message = format!("`{}` names no consent, and `waypost.yaml` requires one", experiment.meta.id);
        out.push(RULE.at(experiment.meta.span, message).help("add `consent CONSENT`"));
    }
}
