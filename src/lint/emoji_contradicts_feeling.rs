use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::Feeling;

rule! {
    /// A happy emoji stands on a bad feeling, or an unhappy one on a good feeling.
    ///
    /// On the curve the number gives the height and the emoji the face. When they contradict each other the reader believes
    /// the face, and the number was what somebody measured.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { feels -2 "irritated" 😀 }
    /// }
    /// ```
    ///
    /// Better: a face that goes with the number.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { feels -2 "irritated" 😠 }
    /// }
    /// ```
    "emoji-contradicts-feeling", Journeys, Warning; check
}

const HAPPY: &[&str] = &[
    "☺", "😀", "😁", "😂", "😃", "😄", "😅", "😆", "😇", "😉", "😊", "😋", "😌", "😍", "😎", "😘", "😙", "😚", "😗",
    "😛", "😜", "😝", "😸", "😹", "😺", "😻", "😽", "🙂", "🙌", "🤗", "🤣", "🤩", "🤪", "🥰", "🥳", "👍", "👏", "🎉",
    "❤", "💖", "💚", "💙", "🏆", "✨", "🫶",
];
const UNHAPPY: &[&str] = &[
    "☹", "😞", "😟", "😠", "😡", "😢", "😣", "😤", "😥", "😦", "😧", "😨", "😩", "😫", "😭", "😰", "😱", "😒", "😓",
    "😔", "😕", "😖", "😬", "😾", "😿", "🙀", "🙁", "🙄", "🤬", "🤢", "🤮", "🤯", "🥵", "🥶", "🥺", "👎", "💔", "👿",
    "😵",
];

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for feeling in ctx.spots().flat_map(|p| &p.feelings) {
        out.extend(contradiction(ctx, feeling));
    }
}

fn contradiction(ctx: &Context<'_>, feeling: &Feeling) -> Option<Diagnostic> {
    let emoji = feeling.emoji.as_deref()?;
    let face = emoji.trim_end_matches(['\u{FE0F}', '\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}']);
    let (mood, other) = match feeling.value.signum() {
        -1 if HAPPY.contains(&face) => ("happy", "bad"),
        1 if UNHAPPY.contains(&face) => ("unhappy", "good"),
        _ => return None,
    };
    let message = format!("{emoji} is {mood}, and a feeling of {:+} is {other}", feeling.value);
    Some(RULE.at(ctx.within(feeling.span, emoji), message).help("mend the number or the emoji"))
}
