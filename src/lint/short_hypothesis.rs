use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A hypothesis says next to nothing.
    ///
    /// `because` is why the change should work: what people do now, what stops them, what the variant changes about it. In a
    /// year it is all that is left of the thought.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { because "Better" }
    /// ```
    ///
    /// Better: a sentence that can turn out false.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { because "Advice for my budget beats a longer list" }
    /// ```
    "short-hypothesis", Experiments, Warning; check
}

/// Fewer characters than this are no sentence, unless the script needs few.
const LEAST: usize = 20;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        // a character of Chinese, Japanese or Korean carries about as much as three letters
        let size: usize = experiment.because.chars().map(|c| if c >= '\u{2E80}' { 3 } else { 1 }).sum();
        if size < LEAST {
            let message = format!("the hypothesis of `{}` says next to nothing", experiment.meta.id);
            let help = "write what people do now, what stops them, and what the variant changes about it";
            out.push(RULE.at(ctx.part(experiment.meta.span, "because"), message).help(help));
        }
    }
}
