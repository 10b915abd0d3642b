use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A comment silences a finding and does not say why.
    ///
    /// `# waypost: allow CODE reason` is for the case where the rule is right in general and wrong here. Why it is wrong here
    /// is what the next reader needs; without a reason the comment silences nothing.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint till "The till" { channel website; seen by checkout-viewed } # waypost: allow unowned-touchpoint
    /// }
    /// ```
    ///
    /// Better: the reason.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint till "The till" { channel website; seen by checkout-viewed } # waypost: allow unowned-touchpoint the team starts in May
    /// }
    /// ```
    "allow-without-reason", Findings, Warning; check
}

/// Found while comments are read, in `frame::allow`.
fn check(_: &Context<'_>, _: &mut Vec<Diagnostic>) {}
