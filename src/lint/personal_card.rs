use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// The number of a payment card stands in a text.
    ///
    /// Thirteen to nineteen digits whose check digit is right are a card's. Not even a persona may have one.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "My card is 4111 1111 1111 1111" }
    /// ```
    ///
    /// Better: what she said, without who she is.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "My card was refused" }
    /// ```
    "personal-card", Privacy, Warning; check
}

use super::frame::digits;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for text in ctx.suspicious() {
        let card = |run: &digits::Run<'_>| {
            (13..=19).contains(&run.digits.len()) && !run.glued && run.passes_luhn() && run.starts_like_card()
        };
        if let Some(found) = digits::runs(text.text).find(card) {
            let span = ctx.within(text.span, found.text);
            out.push(
                RULE.at(span, "this is the number of a payment card").help("take it out, and have the card blocked"),
            );
        }
    }
}
