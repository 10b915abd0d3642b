use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A comment allows something that is no finding, or that cannot be allowed.
    ///
    /// The code is spelt wrong, or names an error of the language: a name that is not declared stays undeclared, whatever a
    /// comment says.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   # waypost: allow unowned-touchpont the team starts in May
    ///   touchpoint till "The till" { channel website; seen by checkout-viewed }
    /// }
    /// ```
    ///
    /// Better: a code that `waypost rules` lists.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   # waypost: allow unowned-touchpoint the team starts in May
    ///   touchpoint till "The till" { channel website; seen by checkout-viewed }
    /// }
    /// ```
    "allow-unknown", Findings, Warning; check
}

/// Found while comments are read, in `frame::allow`.
fn check(_: &Context<'_>, _: &mut Vec<Diagnostic>) {}
