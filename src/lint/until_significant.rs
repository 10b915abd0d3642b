use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::{MethodKind, Status};

rule! {
    /// A plan says that the test ends when it is significant, and its method does not allow that.
    ///
    /// Looking until it is significant finds something in every test, given time. A sequential method is made for looking;
    /// a fixed or Bayesian one is not.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   about "We look every morning and stop as soon as it is significant"
    /// }
    /// ```
    ///
    /// Better: say what the method is, and mean it.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   about "We look every morning and stop as soon as it is significant"
    ///   method sequential with level 5% and power 80%
    /// }
    /// ```
    "until-significant", Experiments, Warning; check
}

/// Ways of saying it; compared in lower case.
const PHRASES: &[&str] = &[
    "until significant",
    "until it is significant",
    "until we see significance",
    "until it reaches significance",
    "once significant",
    "once it is significant",
    "when significant",
    "when it is significant",
    "as soon as it is significant",
    "as soon as significant",
    "reached significance early",
    "significant already",
    "already significant",
];

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if !matches!(experiment.method.kind, MethodKind::Fixed | MethodKind::Bayesian) {
            continue;
        }
        let reason = match &experiment.status {
            Status::Stopped(_, because) | Status::Shipped(_, _, because) => Some(("status", because)),
            _ => None,
        };
        let texts = [("because", &experiment.because)].into_iter().chain(reason);
        let texts = texts.chain(experiment.meta.about.as_ref().map(|t| ("about", t)));
        for (keyword, text) in texts {
            let lower = text.to_lowercase();
            if !lower.contains("significan") {
                continue;
            }
            if let Some(phrase) = PHRASES.iter().find(|p| lower.contains(**p)) {
                let method = experiment.method.kind.name();
                let message = format!("this says \"{phrase}\", and the method is {method}, which allows one look");
                let finding = RULE.at(ctx.part(experiment.meta.span, keyword), message);
                out.push(
                    finding
                        .also(experiment.method.span, "the method")
                        .help("plan `method sequential …` before the start"),
                );
            }
        }
    }
}
