use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use std::net::{Ipv4Addr, Ipv6Addr};

rule! {
    /// An address of a computer stands in a text.
    ///
    /// An IP address leads to a household. Addresses that belong to nobody (local, documentation) are let be.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { behavioural "Comes from 81.84.12.7 every evening" }
    /// ```
    ///
    /// Better: where people are, roughly.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { behavioural "Comes from Porto every evening" }
    /// ```
    "personal-ip", Privacy, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for text in ctx.suspicious() {
        if let Some(found) = address(text.text) {
            let span = ctx.within(text.span, found);
            out.push(RULE.at(span, "this is the address of a computer").help("say roughly where people are"));
        }
    }
}

fn address(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':')).map(|w| w.trim_matches('.'));
    let near = |word: &str| {
        let lower = text.to_lowercase();
        lower
            .find(word)
            .and_then(|i| lower.get(..i))
            .is_some_and(|b| b.trim_end().ends_with(['v']) || b.ends_with("version "))
    };
    words.filter(|w| w.len() >= 7).find(|word| {
        match (word.parse::<Ipv4Addr>(), word.trim_end_matches(':').parse::<Ipv6Addr>()) {
            (Ok(four), _) => is_somebodys(four) && !near(word),
            (_, Ok(six)) => {
                !six.is_loopback() && !six.is_unspecified() && word.matches(':').count() >= 2 && is_public(six)
            }
            _ => false,
        }
    })
}

/// Whether an address can be a household's: no local, documentation or broadcast one. The first number is not 0.
fn is_somebodys(four: Ipv4Addr) -> bool {
    let first = four.octets().first().copied().unwrap_or(0);
    !(first == 0 || four.is_loopback() || four.is_documentation() || four.is_broadcast() || four.is_unspecified())
}

fn is_public(six: Ipv6Addr) -> bool {
    let documentation = six.segments().starts_with(&[0x2001, 0xdb8]);
    !documentation && six.segments().first().is_some_and(|s| *s != 0)
}
