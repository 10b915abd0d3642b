use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// Two variants set the same.
    ///
    /// What is tested must differ. Two arms with the same parts are an A/A test: good for checking the tool, if it is meant.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 50% { set layout to "list" }
    ///   variant quiz "Three questions" 50% { set layout to "list" }
    /// }
    /// ```
    ///
    /// Better: set what differs. If an A/A test is meant, say so with `# waypost: allow variant-like-another REASON`.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 50% { set layout to "list" }
    ///   variant quiz "Three questions" 50% { set layout to "quiz" }
    /// }
    /// ```
    "variant-like-another", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        for (i, second) in experiment.variants.iter().enumerate().filter(|(_, v)| !v.sets.is_empty()) {
            let same = |v: &&crate::model::experiment::Variant| {
                v.sets.len() == second.sets.len() && v.sets.iter().all(|part| second.sets.contains(part))
            };
            if let Some(first) = experiment.variants.iter().take(i.min(MOST)).find(same) {
                let message = format!("variant `{}` sets the same as `{}`", second.meta.id, first.meta.id);
                let finding = RULE.at(second.meta.span, message).also(first.meta.span, "the other");
                out.push(finding.help("set what differs"));
            }
        }
    }
}

/// How many of the first ones each is compared with.
const MOST: usize = 64;
