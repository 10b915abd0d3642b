//! Checks of the rows.
use super::Found;
use crate::analysis::blank::Blank;
use crate::analysis::report::{Phase, Sentence};
use crate::analysis::request::{Request, date, days_between};
use crate::analysis::results::Row;
use crate::analysis::words::say;
use crate::tally::Cut;

/// The number of exposures on each planned day the data covers; days without any are there too.
fn by_day(request: &Request) -> Vec<(crate::model::value::Date, u64)> {
    let Some((first, last)) = request.days() else { return Vec::new() };
    let start = first.min(request.spec().counts_from());
    let on = |day: i32| (0..request.arms()).map(|arm| request.tallies.exposed(arm, &Cut::Day(day))).sum();
    let epoch = days_between(jiff::civil::date(1970, 1, 1), start) as i32;
    let count = days_between(start, last).clamp(0, 3650) as i32 + 1;
    (epoch..epoch + count).filter_map(|day| Some((date(day)?, on(day)))).collect()
}

/// Days with less than half of the median; the first and the last day may be parts of days.
pub(super) fn gaps(request: &Request, _: &[Row]) -> Found {
    let days = by_day(request);
    let whole = days.get(1..days.len().saturating_sub(1)).unwrap_or_default();
    if whole.len() < 3 {
        return Found::skipped();
    }
    let mut counts: Vec<u64> = whole.iter().map(|(_, n)| *n).collect();
    counts.sort_unstable();
    let median = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let low: Vec<_> = whole.iter().filter(|(_, n)| n * 2 < median).map(|(day, _)| *day).collect();
    Found::warn_if(!low.is_empty(), vec![("days", Blank::Days(low)), ("median", Blank::Count(median))])
}

/// Rows that were left out, by reason, and what had to be mended to read the rest.
pub(super) fn read(request: &Request, _: &[Row]) -> Found {
    let provenance = request.provenance;
    let Some([rows, ..]) = provenance.rows else { return Found::skipped() };
    let left: u64 = provenance.rejects.iter().map(|(_, count, _)| count).sum();
    let reason = |(why, count, places): &(String, u64, Vec<String>)| {
        let blanks = vec![("why", Blank::said(rejected(why))), ("times", Blank::Count(*count))];
        match places.first() {
            Some(place) => say("rows-reason", [blanks, vec![("place", Blank::name(place))]].concat()),
            None => say("rows-reason-bare", blanks),
        }
    };
    let reasons = Blank::Listed(provenance.rejects.iter().map(reason).collect());
    let blanks = vec![("left", Blank::Count(left)), ("rows", Blank::Count(rows)), ("reasons", reasons)];
    let lost = (left > 0).then(|| say("rows-left-out", blanks));
    let found: Vec<Sentence> = lost.into_iter().chain(provenance.notes.iter().map(|n| mended(n))).collect();
    Found::warn_if(!found.is_empty(), vec![("found", Blank::Listed(found))])
}

/// Why a row was left out, by the engine's words, and the rule that says it in every language.
const REJECTED: &[(&str, &str)] = &[
    ("not a unit id", "reject-bad-id"),
    ("not an amount of money", "reject-bad-money"),
    ("not a number", "reject-bad-number"),
    ("not a text", "reject-bad-text"),
    ("not a time", "reject-bad-time"),
    ("neither true nor false", "reject-bad-truth"),
    ("a local time that the clock change skips or repeats", "reject-clock-change"),
    ("a conflict marker that a merge left in the file", "reject-conflict-marker"),
    ("more cells than the header", "reject-long-row"),
    ("a number as time, and `epoch` does not say of what (s, ms, us, ns)", "reject-no-epoch-unit"),
    ("no event name", "reject-no-event"),
    ("no unit id", "reject-no-id"),
    ("no time", "reject-no-time"),
    ("a local time, and neither `time_zone` of the data nor of the project says whose", "reject-no-zone"),
    ("not a JSON object", "reject-not-an-object"),
    ("not UTF-8", "reject-not-utf8"),
    ("a key twice in one object", "reject-repeated-key"),
    ("fewer cells than the header", "reject-short-row"),
    ("a quote in the wrong place", "reject-stray-quote"),
];

fn rejected(why: &str) -> Sentence {
    let rule = REJECTED.iter().find(|(words, _)| *words == why).map(|(_, rule)| *rule);
    rule.map_or_else(|| as_said(why), |rule| say(rule, Vec::new()))
}

/// What follows the name of a file whose lines are each one quoted cell.
const QUOTED_LINES: &str = "each line is one quoted cell that holds the whole row; the rows inside were read";

/// What was mended in the data, by the door's words, in the rule that says it in every language.
fn mended(note: &str) -> Sentence {
    let quoted = note.strip_suffix(QUOTED_LINES).and_then(|file| file.strip_suffix(": "));
    if let Some(file) = quoted {
        return say("mended-quoted-lines", vec![("file", Blank::name(file))]);
    }
    let counts = note.strip_suffix(" units; each unit counts once, with the sum of its rows");
    let counts = counts.and_then(|c| c.split_once(" rows are of "));
    match counts.and_then(|(rows, units)| Some((rows.parse().ok()?, units.parse().ok()?))) {
        Some((rows, units)) => {
            say("mended-rows-of-units", vec![("rows", Blank::Count(rows)), ("units", Blank::Count(units))])
        }
        None => as_said(note),
    }
}

fn as_said(text: &str) -> Sentence {
    say("as-said", vec![("text", Blank::name(text))])
}

pub(super) fn before(request: &Request, _: &[Row]) -> Found {
    let ledger = &request.tallies.ledger;
    let share = ledger.before_exposure as f64 / ledger.events.max(1) as f64;
    Found::warn_if(share > 0.05, vec![("share", Blank::Share(share))])
}

pub(super) fn duplicates(request: &Request, _: &[Row]) -> Found {
    let ledger = &request.tallies.ledger;
    let share = ledger.duplicates as f64 / ledger.rows.max(1) as f64;
    Found::warn_if(share > 0.01, vec![("share", Blank::Share(share))])
}

pub(super) fn clocks(request: &Request, _: &[Row]) -> Found {
    let ledger = &request.tallies.ledger;
    if ledger.clocks_unseen {
        return Found::skipped();
    }
    let late = request.phase() != Phase::Draft && ledger.clock_skew as f64 > 0.001 * ledger.rows as f64;
    Found::warn_if(late && ledger.clock_skew > 0, vec![("events", Blank::Count(ledger.clock_skew))])
}

pub(super) fn bots(request: &Request, _: &[Row]) -> Found {
    let bots = request.tallies.ledger.bots;
    Found::warn_if(bots > 0, vec![("units", Blank::Count(bots))])
}
