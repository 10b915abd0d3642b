use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::{Change, Money};
use crate::source::Span;

rule! {
    /// An amount of money is in another currency than the project's.
    ///
    /// The manifest names the currency of the data. Amounts in another one are not converted: spend in dollars beside
    /// revenue in euros gives a return that means nothing.
    ///
    /// ```journey
    /// stage awareness "Awareness" { spend 12000 USD a month }
    /// ```
    ///
    /// Better: the currency of `waypost.yaml`.
    ///
    /// ```journey
    /// stage awareness "Awareness" { spend 11000 EUR a month }
    /// ```
    "currency-differs", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(currency) = ctx.manifest().currency.as_deref() else { return };
    let mut report = |money: Money, span: Span| {
        if money.currency.code != currency {
            let message = format!("this is in {}, and the project counts in {currency}", money.currency.code);
            let help = format!("write the amount in {currency}");
            out.push(RULE.at(ctx.within(span, money.currency.code), message).help(help));
        }
    };
    ctx.spots().flat_map(|p| &p.spends).for_each(|s| report(s.amount, s.span));
    for metric in ctx.model.metrics.values() {
        if let Some(worth) = metric.worth {
            report(worth, ctx.part(metric.meta.span, "worth"));
        }
    }
    for experiment in ctx.model.experiments.values() {
        let expected = experiment.primaries.iter().filter_map(|p| Some((p.expects?, p.span)));
        for (change, span) in expected.chain(experiment.guardrails.iter().map(|g| (g.tolerates, g.span))) {
            if let Change::Money(money) = change {
                report(money, span);
            }
        }
    }
}
