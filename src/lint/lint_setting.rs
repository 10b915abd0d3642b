use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::{explain, nearest_code, rule_of};
use crate::model::manifest::LintLevel;

rule! {
    /// The manifest gives a severity to something that takes none.
    ///
    /// Under `lint:` stand codes of findings. A code that does not exist is a slip; what the language asks for stays an error
    /// whatever is written; and a finding that depends on the day is never an error, so that a green commit stays green.
    ///
    /// ```yaml
    /// lint: { evidence-agee: warn }
    /// ```
    ///
    /// Better: a code that `waypost rules` lists.
    ///
    /// ```yaml
    /// lint: { evidence-age: warn }
    /// ```
    "lint-setting", Findings, Warning; check
}

/// Findings of the language that are no errors, and so take a severity.
const WARNINGS: &[&str] = &["mixed-script", "portrait-left-out"];

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (code, level) in ctx.manifest().lint.iter() {
        let problem = match (rule_of(code), level) {
            (Some(rule), LintLevel::Error) if rule.dated => {
                let why = format!("`{code}` depends on the day, and is a warning at most");
                Some((why, "write `warn`".to_owned()))
            }
            (Some(_), _) => None,
            (None, _) if WARNINGS.contains(&code) => None,
            (None, _) if explain(code).is_some() => {
                let why = format!("`{code}` is what the language asks for, and stays an error");
                Some((why, "take the entry out".to_owned()))
            }
            (None, _) => {
                let near = nearest_code(code).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or("`waypost rules` lists the codes".to_owned());
                Some((format!("no finding is called `{code}`"), help))
            }
        };
        if let (Some((message, help)), Some(span)) = (problem, ctx.manifest_key("lint", code)) {
            out.push(RULE.at(span, message).help(help));
        }
    }
}
