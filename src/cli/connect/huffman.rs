//! Texts in the headers of HTTP/2, which are packed by a fixed Huffman code (RFC 7541, appendix B).

/// The bits of each byte's code, and of the end's. The code is canonical: by length, then by byte, each is one more than the
/// one before; so the lengths say it all.
const BITS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
    28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12,
    10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6,
    5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22,
    22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20,
    22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28,
    27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28,
    27, 27, 27, 27, 27, 26, 30,
];

/// Returns the text; nothing where the bytes are none.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut order: Vec<u16> = (0..257).collect();
    let bits = |symbol: u16| BITS.get(usize::from(symbol)).copied().unwrap_or(30);
    order.sort_by_key(|s| (bits(*s), *s));
    // For each length: the first code, and where its symbols start in the order.
    let mut first: Vec<(u32, usize, usize)> = vec![(0, 0, 0); 31];
    let (mut code, mut at) = (0_u32, 0);
    for length in 1..=30_u8 {
        code <<= 1;
        let count = order.iter().filter(|s| bits(**s) == length).count();
        *first.get_mut(usize::from(length))? = (code, at, count);
        code += u32::try_from(count).ok()?;
        at += count;
    }
    let (mut text, mut now, mut length) = (Vec::new(), 0_u32, 0_usize);
    for bit in bytes.iter().flat_map(|b| (0..8).rev().map(move |n| u32::from(b >> n & 1))) {
        now = now << 1 | bit;
        length += 1;
        let (start, place, count) = *first.get(length)?;
        let nth = usize::try_from(now.checked_sub(start).unwrap_or(u32::MAX)).ok()?;
        if nth < count {
            text.push(u8::try_from(*order.get(place + nth)?).ok()?);
            (now, length) = (0, 0);
        }
    }
    // What is left is padding: fewer than eight bits, all ones.
    (length < 8 && now == (1 << length) - 1).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn the_examples_of_the_standard() {
        let packed = [0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff];
        assert_eq!(unpack(&packed).as_deref(), Some(&b"www.example.com"[..]));
        assert_eq!(unpack(&[0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf]).as_deref(), Some(&b"no-cache"[..]));
        assert_eq!(unpack(&[]).as_deref(), Some(&b""[..]));
        assert_eq!(unpack(&[0x00]), None, "padding is ones");
    }
}
