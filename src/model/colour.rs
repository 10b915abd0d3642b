//! Colours of a theme: [`Colour`], and whether a [`Palette`] can be read on the paper of the documents.

/// A colour written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// Returns the colour of `0xrrggbb`.
    const fn of(hex: u32) -> Self {
        let [_, red, green, blue] = hex.to_be_bytes();
        Self { red, green, blue }
    }

    /// Returns the colour of `#rrggbb`, or nothing where the text is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u32::from_str_radix(hex, 16).ok().map(Self::of)
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

    /// Returns so many percent of this colour over another.
    fn over(self, other: Self, percent: u16) -> Self {
        let mix = |a: u8, b: u8| {
            let sum = u16::from(a) * percent + u16::from(b) * (100 - percent);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self { red: mix(self.red, other.red), green: mix(self.green, other.green), blue: mix(self.blue, other.blue) }
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The least contrast of text that is read (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

/// The least contrast of a line or a mark that must be seen (WCAG 2.2, 1.4.11).
pub const SEEN: f64 = 3.0;

/// The light and the dark theme of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On light paper, and in print.
    Light,
    /// On dark paper.
    Dark,
}

/// The colours a team may name, and the properties of the style sheet that each of them sets.
pub const NAMES: [(&str, &[&str]); 6] = [
    ("background", &["--paper"]),
    ("ink", &["--ink"]),
    ("soft", &["--soft"]),
    ("accent", &["--accent"]),
    ("good", &["--goodink", "--good"]),
    ("warn", &["--badink", "--bad"]),
];

/// A colour of ours: its property, in the light and in the dark, and the least contrast to the paper that it needs.
type Ours = (&'static str, Colour, Colour, f64);

/// The paper of ours, in the light and in the dark.
const PAPER: (Colour, Colour) = (Colour::of(0xffffff), Colour::of(0x0f1318));

/// What of ours stands on the paper: what is read, and what is drawn (personas, the ideal, good and bad).
const OURS: [Ours; 14] = [
    ("--ink", Colour::of(0x16191d), Colour::of(0xe8ebee), READABLE),
    ("--soft", Colour::of(0x525a64), Colour::of(0xa3adb8), READABLE),
    ("--accent", Colour::of(0x0072b2), Colour::of(0x6cbcf0), READABLE),
    ("--goodink", Colour::of(0x00704f), Colour::of(0x4fd0aa), READABLE),
    ("--good", Colour::of(0x009e73), Colour::of(0x29b890), SEEN),
    ("--badink", Colour::of(0xa04300), Colour::of(0xf59a5c), READABLE),
    ("--bad", Colour::of(0xd55e00), Colour::of(0xee7a2a), SEEN),
    ("--wish", Colour::of(0x9b4d84), Colour::of(0xdd92bd), SEEN),
    ("--c0", Colour::of(0x0072b2), Colour::of(0x56b4e9), SEEN),
    ("--c1", Colour::of(0xc2701a), Colour::of(0xe69f00), SEEN),
    ("--c2", Colour::of(0x00865f), Colour::of(0x2cc096), SEEN),
    ("--c3", Colour::of(0xa9568a), Colour::of(0xdd92bd), SEEN),
    ("--c4", Colour::of(0x3a8fc4), Colour::of(0xa9d7f5), SEEN),
    ("--c5", Colour::of(0x6b6b1a), Colour::of(0xf0e442), SEEN),
];

/// What is derived from ink and paper: percent of the ink.
const DERIVED: [(&str, u16); 3] = [("--hair", 13), ("--rule", 35), ("--band", 4)];

/// The colours that a team names for one theme; those it leaves out stay ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// In the order of [`NAMES`].
    named: [Option<Colour>; 6],
}

/// A colour that cannot be read, or not be seen, on the paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The name of the colour; nothing where it is one of ours that cannot be named.
    pub name: Option<&'static str>,
    /// Whether the team named it.
    pub chosen: bool,
    /// It.
    pub colour: Colour,
    /// The paper.
    pub paper: Colour,
    /// Their contrast, cut to one digit so that 4.49 never reads as 4.5.
    pub contrast: f64,
    /// What it should be.
    pub least: f64,
}

impl Palette {
    /// Returns a palette of colours by their names; a name that is unknown is left out.
    pub fn of(colours: impl Iterator<Item = (&'static str, Colour)>) -> Self {
        let mut palette = Self::default();
        for (name, colour) in colours {
            let at = NAMES.iter().position(|(known, _)| *known == name);
            if let Some(slot) = at.and_then(|at| palette.named.get_mut(at)) {
                *slot = Some(colour);
            }
        }
        palette
    }

    fn chosen(&self) -> impl Iterator<Item = (&'static str, &'static [&'static str], Colour)> {
        NAMES.iter().zip(self.named).filter_map(|((name, sets), colour)| Some((*name, *sets, colour?)))
    }

    /// Returns the colour that a property of the style sheet has, and whether it was chosen.
    fn property(&self, property: &str, ours: Colour) -> (Colour, bool) {
        let own = self.chosen().find(|(_, sets, _)| sets.contains(&property));
        own.map_or((ours, false), |(_, _, colour)| (colour, true))
    }

    /// Returns what cannot be read or seen on the paper, where anything is chosen at all.
    pub fn faults(&self, mode: Mode) -> Vec<Fault> {
        if self.chosen().next().is_none() {
            return Vec::new();
        }
        let of = |light: Colour, dark: Colour| if mode == Mode::Light { light } else { dark };
        let (paper, _) = self.property("--paper", of(PAPER.0, PAPER.1));
        let fault = |(property, light, dark, least): &Ours| {
            let (colour, chosen) = self.property(property, of(*light, *dark));
            let contrast = colour.contrast(paper);
            let name = NAMES.iter().find(|(_, sets)| sets.contains(property)).map(|(name, _)| *name);
            (contrast < *least).then(|| Fault {
                name,
                chosen,
                colour,
                paper,
                contrast: (contrast * 10.0).floor() / 10.0,
                least: *least,
            })
        };
        let mut faults: Vec<Fault> = OURS.iter().filter_map(fault).collect();
        // one word for each name, and one for all that cannot be named
        faults.dedup_by(|b, a| a.name == b.name);
        faults
    }

    /// Returns the declarations that set the palette in the style sheet.
    pub fn declarations(&self, mode: Mode) -> String {
        let mut out: String =
            self.chosen().flat_map(|(_, sets, c)| sets.iter().map(move |p| format!("{p}:{c};"))).collect();
        let of = |pair: (Colour, Colour)| if mode == Mode::Light { pair.0 } else { pair.1 };
        let (paper, lit) = self.property("--paper", of(PAPER));
        let ours = OURS.first().map_or(PAPER, |(_, light, dark, _)| (*light, *dark));
        let (ink, written) = self.property("--ink", of(ours));
        if lit || written {
            out.extend(DERIVED.iter().map(|(property, percent)| format!("{property}:{};", ink.over(paper, *percent))));
        }
        out.trim_end_matches(';').to_owned()
    }

    /// Returns our colours of a mode by their properties, for the test that the style sheet has the same.
    pub fn ours(mode: Mode) -> Vec<(&'static str, Colour)> {
        let of = |light: Colour, dark: Colour| if mode == Mode::Light { light } else { dark };
        let stand = OURS.iter().map(|(property, light, dark, _)| (*property, of(*light, *dark)));
        std::iter::once(("--paper", of(PAPER.0, PAPER.1))).chain(stand).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let (white, dark) = PAPER;
        assert!((of("#000000").contrast(white) - 21.0).abs() < 1e-9);
        assert!(of("#f0e442").contrast(white) < 1.4 && of("#f0e442").contrast(dark) > 10.0);
        assert!(Colour::parse("red;background:url(x)").is_none() && Colour::parse("#12345").is_none());
    }

    #[test]
    fn ours_can_be_read_and_seen() {
        for mode in [Mode::Light, Mode::Dark] {
            let ours = Palette::of(
                Palette::ours(mode).into_iter().filter(|(p, _)| *p == "--paper").map(|(_, c)| ("background", c)),
            );
            assert_eq!(ours.faults(mode), []);
        }
    }

    #[test]
    fn a_paper_is_checked_against_everything_that_stands_on_it() {
        let grey = Palette::of([("background", of("#808080"))].into_iter());
        let faults = grey.faults(Mode::Light);
        assert!(faults.iter().any(|f| f.name == Some("soft") && !f.chosen));
        assert!(faults.iter().any(|f| f.name.is_none() && f.least == SEEN));
        let cream = Palette::of([("background", of("#fdf6e9")), ("warn", of("#a04300"))].into_iter());
        assert_eq!(cream.faults(Mode::Light), []);
        let set = cream.declarations(Mode::Light);
        assert!(
            set.starts_with("--paper:#fdf6e9;--badink:#a04300;--bad:#a04300;--hair:#") && !set.contains("--ink"),
            "{set}"
        );
        assert_eq!(Palette::default().declarations(Mode::Dark), "");
    }

    #[test]
    fn mixing_keeps_the_ends() {
        let (a, b) = (of("#102030"), of("#f0e0d0"));
        assert_eq!((a.over(b, 100), a.over(b, 0)), (a, b));
        assert_eq!(of("#000000").over(of("#ffffff"), 50), of("#808080"));
    }
}
