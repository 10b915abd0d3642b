use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A comment allows something that is not found there.
    ///
    /// What it silenced has been mended, or it stands on the wrong statement. Left alone it will silence the next one
    /// unseen.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   # waypost: allow unowned-touchpoint the team starts in May
    ///   touchpoint till "The till" { channel website; owner product; seen by checkout-viewed }
    /// }
    /// ```
    ///
    /// Better: take it out.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint till "The till" { channel website; owner product; seen by checkout-viewed }
    /// }
    /// ```
    "allow-unused", Findings, Note; check
}

/// Found while comments are read, in `frame::allow`.
fn check(_: &Context<'_>, _: &mut Vec<Diagnostic>) {}
