//! Insights as parts.
use super::Part;
use super::parts::Writer;
use crate::analysis::journey::insight::Insights;
use crate::render::words::{Unit, Words};

/// Returns the parts of what the data suggests.
pub fn insights(insights: &Insights, words: &Words) -> Vec<Part> {
    let w = Writer { words, decimals: 2 };
    let whole = |x: f64| words.value(x, Unit::Money, 0);
    let heads = ["stage", "who", "lost", "allowed", "above", "by_people", "worth", "interval", "mostly"];
    let mut losses = w.table("", &heads);
    for l in &insights.losses {
        losses.row([
            l.title.clone(),
            w.who(&l.who),
            match l.lost.hits.0 {
                Some(n) => format!("{} · {}", words.integer(n), w.rate(&l.lost)),
                None => w.t("analyze.masked"),
            },
            l.allowed.map_or("–".to_owned(), |a| words.percent(a, 0)),
            l.above_target.map_or("–".to_owned(), |n| w.people(n)),
            w.fill("analyze.rank", &[("n", &l.rank_by_people.to_string())]),
            l.money.map_or("–".to_owned(), |(m, ..)| whole(m)),
            l.money.map_or("–".to_owned(), |(_, low, high)| w.range(&whole(low), &whole(high))),
            l.worst.clone().unwrap_or_default(),
        ]);
    }
    let mut all = vec![Part {
        id: "losses",
        title: w.fill("analyze.losses", &[("title", &insights.title)]),
        rules: vec![w.t("analyze.losses_rule"), w.t("analyze.losses_worth")],
        tables: vec![losses],
    }];
    if !insights.pains.is_empty() {
        let mut table = w.table("", &["at", "pain", "kind", "severity", "people"]);
        for p in &insights.pains {
            let people = p.people.map_or(String::new(), |n| words.integer(n));
            table.row([
                p.at.clone(),
                p.title.clone(),
                w.t(&format!("analyze.word_{}", p.kind)),
                w.t(&format!("analyze.word_{}", p.severity)),
                people,
            ]);
        }
        let rules = vec![w.t("analyze.pains_rule")];
        all.push(Part { id: "pains", title: w.t("analyze.pains"), rules, tables: vec![table] });
    }
    if !insights.experiments.is_empty() {
        let heads = ["at", "now", "hoped", "each", "a_day", "days", "tries", "already"];
        let mut table = w.table("", &heads);
        for x in &insights.experiments {
            table.row([
                x.at.clone(),
                words.percent(x.now, 1),
                words.percent(x.hoped, 1),
                words.integer(x.units_each),
                words.number(x.units_a_day, 1),
                words.integer(x.days),
                x.tries.clone().unwrap_or_default(),
                x.has.join(words.t("list.comma")),
            ]);
        }
        let rules = vec![w.t("analyze.tests_rule")];
        all.push(Part { id: "tests", title: w.t("analyze.tests"), rules, tables: vec![table] });
    }
    all
}
