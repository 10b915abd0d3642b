//! Well-formed files, made from a seed.

/// A small generator of numbers (splitmix64); the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

const NAMES: &[&str] = &[
    "maya",
    "tom",
    "order-paid",
    "guide-read",
    "pre-sale",
    "阶段",
    "świadomość",
    "checkout",
    "load_p95",
    "nps-2",
    "iberia",
];
const TEXTS: &[&str] = &[
    "Learns by doing",
    "Which one won't I outgrow?",
    "34, UX researcher; Porto {flat}",
    "He said \\\"no\\\" # twice",
    "C:\\\\",
    "吉他, 🙂 and a (very) long way home",
    "",
    "x",
];

pub fn name(d: &mut Dice) -> String {
    d.pick(NAMES).to_owned()
}

pub fn text(d: &mut Dice) -> String {
    format!("\"{}\"", d.pick(TEXTS))
}

fn list(d: &mut Dice) -> String {
    let n = 1 + d.below(3);
    (0..n).map(|_| name(d)).collect::<Vec<_>>().join(", ")
}

fn condition(d: &mut Dice) -> String {
    let n = 1 + d.below(3);
    let parts: Vec<String> = (0..n)
        .map(|_| match d.below(5) {
            0 => format!("{} == {}", name(d), text(d)),
            1 => format!("{} >= {}", name(d), d.below(100)),
            2 => format!("{} in ({}, {})", name(d), text(d), text(d)),
            3 => format!("(not {} exists or {} > -1)", name(d), name(d)),
            _ => format!("property \"$browser\" matches {}", text(d)),
        })
        .collect();
    let joint = if d.once_in(3) { " or " } else { " and " };
    parts.join(joint)
}

/// One statement without a block.
pub fn statement(d: &mut Dice) -> String {
    match d.below(20) {
        0 => format!("about {}", text(d)),
        1 => format!("for {}", list(d)),
        2 => format!("spend {} EUR a month", 1 + d.below(90_000)),
        3 => format!("target {}% move on within {} days", d.below(100), 2 + d.below(30)),
        4 => format!(
            "feels {} {} {}",
            d.pick(&["-3", "-1", "0", "+1", "+2"]),
            text(d),
            d.pick(&["🙂", "😠", "🤩", "👍🏽", "👨‍👩‍👧", "🇵🇹", "☺️"])
        ),
        5 => format!("asks {} for {}", text(d), list(d)),
        6 => format!("owner {} {}%, {} 5%", name(d), d.below(90), name(d)),
        7 => format!("seen by {}", name(d)),
        8 => format!("where {}", condition(d)),
        9 => format!("steps {} > optional {} > {}", name(d), name(d), name(d)),
        10 => format!("runs from 2026-{:02}-{:02} to 2026-12-31", 1 + d.below(9), 1 + d.below(28)),
        11 => format!("set {} to {}", name(d), text(d)),
        12 => format!("primary {} expects +{}%", name(d), d.below(9)),
        13 => format!("average of sum {}.revenue per unit within 14 days", name(d)),
        14 => format!("status stopped on 2026-11-{:02} because {}", 1 + d.below(28), text(d)),
        15 => format!("promise within {} days of {}", 2 + d.below(9), name(d)),
        16 => format!("against {}, {}", text(d), text(d)),
        17 => "moment of truth".to_owned(),
        18 => format!("worth {}.{:02} EUR", d.below(90), d.below(100)),
        _ => format!("needs {}", text(d)),
    }
}

/// A line of a file.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    /// For a closing brace, the number of its header's line.
    pub header: Option<usize>,
}

struct Grower {
    d: Dice,
    lines: Vec<Line>,
}

/// A well-formed file, laid out as the formatter would.
pub fn file(seed: u64) -> Vec<Line> {
    let mut grower = Grower { d: Dice::new(seed), lines: Vec::new() };
    for _ in 0..1 + grower.d.below(4) {
        grower.top();
    }
    grower.lines
}

pub fn join(lines: &[Line]) -> String {
    lines.iter().map(|l| format!("{}\n", l.text)).collect()
}

impl Grower {
    fn line(&mut self, depth: usize, text: impl AsRef<str>) -> usize {
        let text = format!("{}{}", "  ".repeat(depth), text.as_ref());
        self.lines.push(Line { text: text.trim_end().to_owned(), header: None });
        self.lines.len() - 1
    }

    fn block(&mut self, depth: usize, header: String, inside: impl FnOnce(&mut Self)) {
        let comment = if self.d.once_in(9) { " # why it is here" } else { "" };
        let at = self.line(depth, format!("{header} {{{comment}"));
        inside(self);
        self.line(depth, "}");
        self.lines.last_mut().unwrap().header = Some(at);
    }

    fn filler(&mut self, depth: usize, most: usize) {
        for _ in 0..1 + self.d.below(most) {
            let mut text = statement(&mut self.d);
            match self.d.below(14) {
                0 => drop(self.line(depth, "# a remark, with \"quotes\" and { braces")),
                1 => drop(self.line(0, "")),
                2 => text.push_str(" # said so"),
                3 => text = format!("{text} {{ kind survey; people 12 }}"),
                4 => text = format!("{text} {{ {} }}", statement(&mut self.d)),
                _ => {}
            }
            self.line(depth, text);
        }
        if self.lines.last().is_some_and(|l| l.text.is_empty()) {
            self.lines.pop();
        }
    }

    fn top(&mut self) {
        if !self.lines.is_empty() {
            self.line(0, "");
        }
        match self.d.below(4) {
            0 => {
                let header = format!("experiment e{} {}", self.d.below(99), text(&mut self.d));
                self.block(0, header, |g| {
                    g.filler(1, 5);
                    for _ in 0..2 {
                        let header = format!("variant {} {} 50%", name(&mut g.d), text(&mut g.d));
                        g.block(1, header, |g| g.filler(2, 3));
                    }
                });
            }
            1 => {
                let line = format!("event {} {{ named {} }}", name(&mut self.d), text(&mut self.d));
                self.line(0, line);
            }
            _ => {
                let header = format!("journey j{} {}", self.d.below(99), text(&mut self.d));
                self.block(0, header, Self::journey);
            }
        }
    }

    fn journey(&mut self) {
        self.filler(1, 4);
        for _ in 0..1 + self.d.below(3) {
            let header = format!("stage {} {}", name(&mut self.d), text(&mut self.d));
            self.block(1, header, |g| {
                g.filler(2, 3);
                for _ in 0..g.d.below(3) {
                    let header = format!("touchpoint {} {}", name(&mut g.d), text(&mut g.d));
                    g.block(2, header, |g| g.filler(3, 5));
                }
            });
        }
    }
}
