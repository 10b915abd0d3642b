//! Insights as parts.
use super::parts::Writer;
use super::{Part, Table};
use crate::analysis::journey::insight::Insights;
use crate::render::words::{Unit, Words};

/// Returns the parts of what the data suggests.
pub fn insights(insights: &Insights, words: &Words) -> Vec<Part> {
    let w = Writer { words, decimals: 2 };
    let whole = |x: f64| words.value(x, Unit::Money, 0);
    let heads = ["stage", "who", "lost", "allowed", "above target", "by people", "worth", "95 % interval", "mostly at"];
    let mut losses = Table::new("", &heads);
    for l in &insights.losses {
        losses.row([
            l.title.clone(),
            l.who.clone(),
            match l.lost.hits.0 {
                Some(n) => format!("{} · {}", words.integer(n), w.rate(&l.lost)),
                None => "masked".to_owned(),
            },
            l.allowed.map_or("–".to_owned(), |a| words.percent(a, 0)),
            l.above_target.map_or("–".to_owned(), |n| w.people(n)),
            format!("{}.", l.rank_by_people),
            l.money.map_or("–".to_owned(), |(m, ..)| whole(m)),
            l.money.map_or("–".to_owned(), |(_, low, high)| format!("{} to {}", whole(low), whole(high))),
            l.worst.clone().unwrap_or_default(),
        ]);
    }
    let mut all = vec![Part {
        id: "losses",
        title: format!("Where people are lost: {}", insights.title),
        rules: vec![
            "of those whose time is over, who did not reach the next stage; most money first, with the rank by people beside \
             it"
            .to_owned(),
            "worth is what the lost would have brought had they gone on like those who did: bookkeeping, no forecast; an \
             experiment tells what of it can be had"
                .to_owned(),
        ],
        tables: vec![losses],
    }];
    if !insights.pains.is_empty() {
        let mut table = Table::new("", &["at", "pain", "kind", "severity", "people"]);
        for p in &insights.pains {
            let people = p.people.map_or(String::new(), |n| words.integer(n));
            table.row([p.at.clone(), p.title.clone(), p.kind.to_owned(), p.severity.to_owned(), people]);
        }
        let rules = vec!["the specs have no such pain here yet; `--write` adds them, as the patch shows".to_owned()];
        all.push(Part { id: "pains", title: "Pains the data suggests".to_owned(), rules, tables: vec![table] });
    }
    if !insights.experiments.is_empty() {
        let heads =
            ["at", "moves on now", "to tell from", "people each arm", "people a day", "days", "tries", "there already"];
        let mut table = Table::new("", &heads);
        for x in &insights.experiments {
            table.row([
                x.at.clone(),
                words.percent(x.now, 1),
                words.percent(x.hoped, 1),
                words.integer(x.units_each),
                words.number(x.units_a_day, 1),
                words.integer(x.days),
                x.tries.clone().unwrap_or_default(),
                x.has.join(", "),
            ]);
        }
        let rules = vec![
            "two arms, a level of 5 % and a power of 80 %; the effect is the way to the target, else a tenth of what is; whole \
             weeks, with the traffic of the data"
                .to_owned(),
        ];
        all.push(Part { id: "tests", title: "Experiments worth running".to_owned(), rules, tables: vec![table] });
    }
    all
}
