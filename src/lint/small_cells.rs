use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// The smallest cell that is shown is very small.
    ///
    /// A number over four people is nearly a name: whoever knows one of them learns something about the others. Ten is
    /// customary.
    ///
    /// ```yaml
    /// privacy: { smallest_cell: 3, consent: required }
    /// ```
    ///
    /// Better: five at least.
    ///
    /// ```yaml
    /// privacy: { smallest_cell: 10, consent: required }
    /// ```
    "small-cells", Privacy, Warning; check
}

/// The smallest cell that is not asked about.
const LEAST: u64 = 5;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let smallest = ctx.manifest().privacy.smallest_cell;
    if let (true, Some(span)) = (smallest < LEAST, ctx.manifest_key("privacy", "smallest_cell")) {
        out.push(RULE.at(span, format!("cells of {smallest} people are shown")).help("write `smallest_cell: 10`"));
    }
}
