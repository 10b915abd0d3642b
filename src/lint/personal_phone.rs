use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A telephone number stands in a text.
    ///
    /// It is somebody's. Nine digits or more in a row, with or without a country's code, spaces, points, hyphens or brackets,
    /// are taken for one; dates, amounts and ranges of years are not.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "Ring me at +351 912 345 678" }
    /// ```
    ///
    /// Better: what she said, without who she is.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "Ring me in the evening" }
    /// ```
    "personal-phone", Privacy, Warning; check
}

use super::frame::digits;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for text in ctx.suspicious() {
        if let Some(found) = digits::runs(text.text).find(|run| is_phone(text.text, run)) {
            let span = ctx.within(text.span, found.text);
            out.push(RULE.at(span, "this looks like a telephone number").help("say what was learnt, not from whom"));
        }
    }
}

fn is_phone(text: &str, run: &digits::Run<'_>) -> bool {
    let count = run.digits.len();
    if !(9..=15).contains(&count) || run.glued || run.is_amount() || run.has_dates() || run.passes_luhn() && count >= 13
    {
        return false;
    }
    let lead = run.text.starts_with('+') || run.digits.starts_with('0') || run.text.starts_with('(');
    let told =
        digits::told_before(text, run, &["tel", "phone", "call", "ring", "mobile", "cell", "whatsapp", "fax", "sms"]);
    // without a lead, digits in groups are a number to ring, digits in one piece may be an order's
    lead || told || (count <= 12 && run.groups() >= 2 && !run.in_thousands())
}
