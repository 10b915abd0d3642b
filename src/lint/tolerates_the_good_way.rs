use super::frame::{Context, rule};
use crate::diagnostic::{Diagnostic, Safety};
use crate::model::metric::Better;

rule! {
    /// A guardrail tolerates a change for the better.
    ///
    /// `tolerates` says how much worse a metric may get. With the sign turned round the guardrail lets nothing through that
    /// is not an improvement, or says nothing at all.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates +2% }
    /// ```
    ///
    /// Better: the direction that hurts; for order value, down.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates -2% }
    /// ```
    "tolerates-the-good-way", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for guardrail in ctx.model.experiments.values().flat_map(|e| &e.guardrails) {
        let metric = &ctx.model.metrics[guardrail.metric];
        let change = guardrail.tolerates.to_string();
        let good = match metric.better {
            Better::Higher => !guardrail.tolerates.is_negative(),
            Better::Lower => guardrail.tolerates.is_negative(),
        };
        if !good || change.trim_start_matches(['+', '-', '0', '.']).starts_with(|c: char| !c.is_ascii_digit()) {
            continue;
        }
        let (way, sign) = if metric.better == Better::Higher { ("higher", "-") } else { ("lower", "+") };
        let turned = format!("tolerates {sign}{}", change.trim_start_matches(['+', '-']));
        let message = format!("{way} `{}` is better, so `tolerates {change}` is no harm to tolerate", metric.meta.id);
        let finding = RULE.at(guardrail.span, message).help(format!("write how much worse it may get: `{turned}`"));
        let text = ctx.text(guardrail.span);
        let place = ctx.within(guardrail.span, text.split_once("tolerates").map_or(text, |(_, t)| t.trim()));
        let value = turned.trim_start_matches("tolerates ").to_owned();
        out.push(finding.fix(Safety::Unsafe, format!("write `{turned}`"), place, value));
    }
}
