//! Colours of a theme: [`Colour`], and whether it can be read on the paper of the documents.

/// A colour written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// Returns the colour of `#rrggbb`, or nothing where the text is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let part = |range| u8::from_str_radix(hex.get(range)?, 16).ok();
        Some(Self { red: part(0..2)?, green: part(2..4)?, blue: part(4..6)? })
    }

    /// Returns the contrast ratio to another colour, 1 to 21, by WCAG 2.2 ("contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |c: u8| match f64::from(c) / 255.0 {
            c if c <= 0.040_45 => c / 12.92,
            c => libm::pow((c + 0.055) / 1.055, 2.4),
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The paper of the light and of the dark theme of the documents.
pub const PAPER: [Colour; 2] = [Colour { red: 255, green: 255, blue: 255 }, Colour { red: 15, green: 19, blue: 24 }];

/// The least contrast of text that is read (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let [white, dark] = PAPER;
        let of = |text: &str| Colour::parse(text).unwrap();
        assert!((of("#000000").contrast(white) - 21.0).abs() < 1e-9);
        assert!(of("#f0e442").contrast(white) < 1.4 && of("#f0e442").contrast(dark) > 10.0);
        assert!(Colour::parse("red;background:url(x)").is_none() && Colour::parse("#12345").is_none());
    }
}
