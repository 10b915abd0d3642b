//! How often signs of persons are found, and how often something else is taken for one: 200 lines with, 200 without.

use super::project::{Project, TODAY};
use std::collections::BTreeSet;
use waypost::diagnostic::Severity;

/// A small generator of numbers, the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

fn email(n: &mut Numbers) -> String {
    let local =
        n.pick(&["maria.silva", "jan", "t.novak", "o'neill", "zoë", "ana+shop", "j_doe", "x", "info", "żaneta.k"]);
    let host =
        n.pick(&["example.com", "mail.example.pt", "firma.example.co.uk", "uni-köln.example.de", "shop.example.io"]);
    format!("{local}{}@{host}", n.below(90))
}

fn phone(n: &mut Numbers) -> String {
    let d = |n: &mut Numbers, k| n.digits(k);
    match n.below(12) {
        0 => format!("+351 9{} {} {}", d(n, 2), d(n, 3), d(n, 3)),
        1 => format!("+48{}", d(n, 9)),
        2 => format!("+1 ({}) {}-{}", 200 + n.below(700), d(n, 3), d(n, 4)),
        3 => format!("+44 20 {} {}", 7000 + n.below(999), d(n, 4)),
        4 => format!("0{} {} {}", 30 + n.below(60), d(n, 4), d(n, 4)),
        5 => format!("06-{} {} {} {}", 10 + n.below(89), d(n, 2), d(n, 2), d(n, 2)),
        6 => format!("({}) {}-{}", 200 + n.below(700), d(n, 3), d(n, 4)),
        7 => format!("{}-{}-{}", 200 + n.below(700), d(n, 3), d(n, 4)),
        8 => format!("0{}", 1_000_000_000 + n.below(999_999_999)),
        9 => format!("{}.{}.{}", 200 + n.below(700), d(n, 3), d(n, 4)),
        10 => format!("9{} {} {}", d(n, 2), d(n, 3), d(n, 3)),
        _ => format!("+33 6 {} {} {} {}", d(n, 2), d(n, 2), d(n, 2), d(n, 2)),
    }
}

fn iban(n: &mut Numbers) -> String {
    let (country, length) =
        [("DE", 18), ("PT", 21), ("PL", 24), ("ES", 20), ("FR", 23), ("BE", 12)][usize::try_from(n.below(6)).unwrap()];
    let body = n.digits(length);
    let letters = |c: u8| u32::from(c - b'A') + 10;
    let turned = format!("{body}{}{}00", letters(country.as_bytes()[0]), letters(country.as_bytes()[1]));
    let rest = turned.bytes().fold(0_u32, |r, b| (r * 10 + u32::from(b - b'0')) % 97);
    let whole = format!("{country}{:02}{body}", 98 - rest);
    if n.below(2) == 0 {
        return whole;
    }
    whole.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join(" ")
}

fn card(n: &mut Numbers) -> String {
    let body = format!("{}{}", n.pick(&["4", "51", "55", "2221", "6011"]), n.digits(20));
    let body = &body[..15];
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            if i % 2 == 1 { d } else { 2 * d / 10 + 2 * d % 10 }
        })
        .sum();
    let whole = format!("{body}{}", (10 - sum % 10) % 10);
    let mark = n.pick(&["", " ", "-"]);
    whole.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join(mark)
}

fn address(n: &mut Numbers) -> String {
    match n.below(3) {
        0 => format!("2a02:908:{:x}:{:x}::{:x}", n.below(65_535), n.below(65_535), 1 + n.below(255)),
        _ => format!("{}.{}.{}.{}", 20 + n.below(100), n.below(255), n.below(255), 1 + n.below(253)),
    }
}

const AROUND: &[(&str, &str)] = &[
    ("Said to write to ", " in the evening"),
    ("", ""),
    ("Gave us ", "."),
    ("Her details: ", ", as noted"),
    ("(", ")"),
    ("Ask Maria, ", ", about it"),
    ("contact=", ";"),
    ("Called from ", " twice"),
];

fn bad(n: &mut Numbers, line: usize) -> String {
    let found = match line % 5 {
        0 => email(n),
        1 => phone(n),
        2 => iban(n),
        3 => card(n),
        _ => address(n),
    };
    let (before, behind) = AROUND[usize::try_from(n.below(AROUND.len() as u64)).unwrap()];
    format!("{before}{found}{behind}")
}

fn good(n: &mut Numbers, line: usize) -> String {
    let year = 2015 + n.below(12);
    let (month, day) = (1 + n.below(12), 1 + n.below(28));
    match line % 25 {
        0 => format!("Since {year}-{month:02}-{day:02} she reads every day"),
        1 => format!("Earns {},{:03} EUR a year", 20 + n.below(80), n.below(1000)),
        2 => format!("Between {}-{} and {}-{} only", year, month, year + 1, month),
        3 => format!("Open {:02}:00-{:02}:30, 24/7 on {day}.{month}.{year}", n.below(12), 12 + n.below(11)),
        4 => format!("Paid {} {:03} {:03} PLN in {year}", 1 + n.below(99), n.below(1000), n.below(1000)),
        5 => format!("Order {}-{} of {year}", n.pick(&["GS", "AB", "ORD"]), 100_000 + n.below(900_000)),
        6 => format!("Version {}.{}.{}.{}", n.below(20), n.below(30), n.below(99), n.below(9)),
        7 => format!("Rated {}.{} of 5 by {} people", n.below(5), n.below(10), 1000 + n.below(900_000)),
        8 => format!("Lives in {}-{} Porto, 3rd floor", 4000 + n.below(900), n.digits(3)),
        9 => format!(
            "{} of {} finish, {}.{}% do not",
            n.below(10_000),
            10_000 + n.below(9000),
            n.below(100),
            n.below(10)
        ),
        10 => format!("Follows @guitar{} and #{}", n.below(99), n.digits(4)),
        11 => format!("Model {}-{}X, serial AX{}", n.pick(&["FG", "C", "HD"]), 100 + n.below(900), n.digits(8)),
        12 => format!("{}, {}, {} and {} in four years", n.digits(4), n.digits(4), n.digits(4), n.digits(4)),
        13 => format!("ISO 9001:{year}, EN 301 {} {}", n.digits(3), n.below(9)),
        14 => format!("Aged 30-34 (n = {}), 35-39 (n = {})", n.digits(4), n.digits(4)),
        15 => format!("Spends {}.{:02} EUR, then {}.{:02} EUR", n.below(999), n.below(100), n.below(999), n.below(100)),
        16 => format!("Visited {} pages in {:02}:{:02}:{:02}", n.below(99), n.below(24), n.below(60), n.below(60)),
        17 => format!("{:02}/{:02}/{year} to {:02}/{:02}/{}", day, month, day, month, year + 1),
        18 => format!("{},{:03},{:03} views", 1 + n.below(900), n.below(1000), n.below(1000)),
        19 => {
            format!("Size {} x {} x {} mm, {} g", 100 + n.below(900), 100 + n.below(900), 10 + n.below(90), n.digits(4))
        }
        20 => format!("Meets a friend @ the shop at {} o'clock, {} times", n.below(12), n.digits(4)),
        21 => format!("Cohort {year}W{:02}, bucket {}", 1 + n.below(52), n.digits(4)),
        22 => format!("Bought on {day}.{month}.{year}, sent back on {}.{month}.{year}", day + 2),
        23 => format!("From {} to {} EUR in {} months", n.digits(4), n.digits(5), n.below(12)),
        _ => format!("One of {} million, {} {} in all", n.below(99), n.digits(3), n.digits(3)),
    }
}

fn found(lines: &[String]) -> BTreeSet<u32> {
    let persona = |(i, text): (usize, &String)| format!("persona p-{} \"P\" {{ quote \"{text}\" }}\n", letters(i));
    let spec: String = lines.iter().enumerate().map(persona).collect();
    let linted = Project { manifest: "name: personas\n".to_owned(), spec }.lint(TODAY).unwrap();
    assert!(linted.findings.iter().all(|d| d.severity != Severity::Error));
    let codes = ["personal-email", "personal-phone", "personal-iban", "personal-card", "personal-ip"];
    codes.iter().flat_map(|c| linted.lines(c)).map(|(_, line)| line).collect()
}

/// Returns a number in letters, for names.
fn letters(mut number: usize) -> String {
    let mut out = String::new();
    loop {
        out.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
        if number == 0 {
            return out;
        }
    }
}

#[test]
fn persons_are_found_and_numbers_are_let_be() {
    let mut numbers = Numbers(20_261_122);
    let with: Vec<String> = (0..200).map(|i| bad(&mut numbers, i)).collect();
    let without: Vec<String> = (0..200).map(|i| good(&mut numbers, i)).collect();
    let (hits, alarms) = (found(&with), found(&without));
    let missed: Vec<_> = with.iter().zip(1..).filter(|(_, line)| !hits.contains(line)).map(|(t, _)| t).collect();
    let false_alarms: Vec<_> =
        without.iter().zip(1..).filter(|(_, line)| alarms.contains(line)).map(|(t, _)| t).collect();
    println!("recall {} of 200, false alarms {} of 200", hits.len(), alarms.len());
    assert!(hits.len() >= 190, "missed {}: {missed:#?}", missed.len());
    assert!(alarms.len() <= 4, "false alarms {}: {false_alarms:#?}", false_alarms.len());
}
