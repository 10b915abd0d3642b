//! The report of an experiment.

use super::fixture;
use super::reports::{KINDS, Kind, invented};
use std::sync::Arc;
use waypost::render::{Change, Document, Entry, Options, Words, index, report};

pub fn drawn(kind: Kind) -> Document {
    let mut model = fixture::guitar();
    let (id, numbers) = invented(&mut model, kind);
    report(&model, id, &numbers, &Options::of(&model.manifest)).unwrap()
}

pub fn said_in(language: &str) -> Document {
    let mut model = fixture::guitar();
    let (id, numbers) = invented(&mut model, Kind::Ship);
    let words = Arc::new(Words::of(language).money_in(Some("EUR")));
    report(&model, id, &numbers, &Options { words, ..Options::of(&model.manifest) }).unwrap()
}

fn changes() -> Vec<Change> {
    let (title, href) = ("Guest checkout".to_owned(), "test-guest-checkout.html".to_owned());
    let verdict = |name: &str, arm: &str| (name.to_owned(), arm.to_owned());
    let map = ("Buying a first guitar online".to_owned(), "map-guitar.html".to_owned());
    vec![
        Change::Touchpoints { title: map.0.clone(), href: map.1.clone(), was: 6, is: 7 },
        Change::Pains { title: map.0, href: map.1, was: 3, is: 2 },
        Change::Status { title: title.clone(), href: href.clone(), was: "running".into(), is: "stopped".into() },
        Change::Verdict { title, href, was: verdict("keep-running", ""), is: verdict("ship", "Guest checkout") },
        Change::Gone { title: "Free returns".into() },
    ]
}

pub fn indexed() -> Document {
    let mut model = fixture::guitar();
    let (experiment, numbers) = invented(&mut model, Kind::Ship);
    index(&model, &[Entry { experiment, report: Some(&numbers) }], &changes(), &Options::of(&model.manifest)).unwrap()
}

#[test]
fn the_index_leads_to_every_page() {
    let model = fixture::guitar();
    let page = indexed();
    for journey in model.journeys.values() {
        assert!(page.html.contains(&format!("href=\"{}.html\"", waypost::render::map_file(journey))));
    }
    for experiment in model.experiments.values() {
        assert!(page.html.contains(&format!("href=\"{}.html\"", waypost::render::report_file(experiment))));
        assert!(page.markdown.contains(&format!("{}.md", waypost::render::report_file(experiment))));
    }
    assert!(page.html.contains("has a winner that is not shipped"));
    assert!(
        page.markdown.contains("running → stopped.") && page.markdown.contains("Keep running → Ship Guest checkout.")
    );
}

#[test]
fn the_verdict_stands_before_every_number() {
    for kind in KINDS {
        let page = drawn(kind);
        let verdict = page.html.find("class=\"verdict").unwrap();
        assert!(page.html.find("class=\"forest\"").is_none_or(|at| at > verdict), "{kind:?}");
        assert!(!page.html.contains("NaN") && !page.markdown.contains("NaN"), "{kind:?}");
    }
}

#[test]
fn verdict_words_are_fixed() {
    let words = |kind| {
        let html = drawn(kind).html;
        let start = html.split("<h2 id=\"verdict\">").nth(1).unwrap().to_owned();
        let text = start.split("</h2>").next().unwrap().to_owned();
        let mut out = String::new();
        let mut tag = false;
        for c in text.chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => out.push(c),
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let all: Vec<String> = KINDS.iter().map(|k| words(*k)).collect();
    assert_eq!(
        all,
        [
            "Ship Guest checkout.",
            "Keep running.",
            "Stop: broken.",
            "Not started yet.",
            "Not started yet.",
            "Cannot tell."
        ]
    );
}

#[test]
fn a_broken_split_shows_no_effect() {
    let html = drawn(Kind::Broken).html;
    assert!(!html.contains("class=\"whisker\""));
    assert!(html.contains("Not shown, since the data cannot be trusted"));
}

#[test]
fn a_draft_does_not_say_that_its_checks_passed() {
    let words = Words::of("en");
    let mut model = fixture::guitar();
    let (id, mut numbers) = invented(&mut model, Kind::Draft);
    // a plan of whole weeks passes its check before anything is measured
    let (_, shipped) = invented(&mut fixture::guitar(), Kind::Ship);
    numbers.checks = shipped.checks.into_iter().filter(|c| c.finding == waypost::analysis::Finding::Pass).collect();
    assert!(!numbers.checks.is_empty());
    let draft = report(&model, id, &numbers, &Options::of(&model.manifest)).unwrap().html;
    assert!(draft.contains(words.t("report.no_checks")) && !draft.contains(words.t("report.no_doubts")));
}

#[test]
fn a_report_says_what_was_found_and_what_it_is_worth() {
    let ship = drawn(Kind::Ship);
    assert!(ship.html.contains("Worth about <b class=\"fig\">€31,000</b> a month (€17,000 to €45,000)"));
    assert!(ship.markdown.contains("Worth about €31,000 a month"), "{:.900}", ship.markdown);
    assert!(ship.html.contains("Better: Order rate.") && ship.markdown.contains("Better&#58; Order rate."));
    assert!(ship.html.contains("id=\"ages\"") && ship.markdown.contains("| day 7 |"), "{}", ship.markdown);
    assert!(!drawn(Kind::Running).html.contains("Worth about"));
    let five = drawn(Kind::FiveArms).html;
    assert!(five.contains("Chance to be better: 95.0%. Expected loss if chosen: 0.12"), "no chance is told");
    assert!(five.contains("Order rate (B), Order rate (C), Order rate (D)"), "the arms are not told apart");
}
