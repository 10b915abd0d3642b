//! Variations forced by a page's address.

/// Returns the variation that the address's query forces for that experiment:
/// `?key=1`, a number less than `count`.
///
/// The first of several counts, and what follows the number's digits does not,
/// as in the JavaScript SDK.
pub fn query_override(key: &str, url: &str, count: usize) -> Option<usize> {
    let query = url.split('?').nth(1)?;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == key)?;
    let end = value.bytes().take_while(u8::is_ascii_digit).count();
    value.get(..end)?.parse().ok().filter(|&variation| variation < count)
}
