//! Near names and lists in words.

/// Returns the candidate that a misspelt word most likely means: at most a third of its letters away.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let scored = candidates.into_iter().map(|c| (strsim::damerau_levenshtein(word, c), c));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, c)| c)
}

/// Returns `a`, `a or b`, `a, b or c`.
pub(super) fn any_of(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}
