use super::frame::{Context, rule};
use crate::diagnostic::{Diagnostic, Safety};
use crate::model::metric::Better;

rule! {
    /// A primary metric is expected to get worse.
    ///
    /// A test is planned for the effect it hopes for. With the sign turned round the plan is right in size, and the report
    /// would call the hoped-for effect a loss.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects -4% }
    /// ```
    ///
    /// Better: the direction that is hoped for. For a change that only must not hurt, write a `guardrail`.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +4% }
    /// ```
    "expects-the-bad-way", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for primary in ctx.model.experiments.values().flat_map(|e| &e.primaries) {
        let (metric, Some(change)) = (&ctx.model.metrics[primary.metric], primary.expects) else { continue };
        let shown = change.to_string();
        let zero = !shown.bytes().any(|b| matches!(b, b'1'..=b'9'));
        let bad = change.is_negative() == (metric.better == Better::Higher);
        if zero || !bad {
            continue;
        }
        let (way, sign) = if metric.better == Better::Higher { ("higher", "+") } else { ("lower", "-") };
        let turned = format!("{sign}{}", shown.trim_start_matches(['+', '-']));
        let message = format!("{way} `{}` is better, and `{shown}` is expected", metric.meta.id);
        let text = ctx.text(primary.span);
        let place = ctx.within(primary.span, text.split_once("expects").map_or(text, |(_, t)| t.trim()));
        let finding =
            RULE.at(primary.span, message).help(format!("write `expects {turned}`, or make it a `guardrail`"));
        out.push(finding.fix(Safety::Unsafe, format!("write `expects {turned}`"), place, turned));
    }
}
