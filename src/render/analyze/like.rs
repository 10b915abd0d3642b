//! Funnels as another tool counts them, as parts.
use super::parts::Writer;
use super::{Part, Table};
use crate::analysis::journey::like::Like;
use crate::render::words::Words;
use crate::tally::Told;

/// Returns the parts of funnels as a tool counts them.
pub fn like(like: &Like, words: &Words) -> Vec<Part> {
    let w = Writer { words, decimals: 2 };
    let told = |t: Told| t.map_or_else(|| w.t("analyze.no_rate"), |n| words.count("analyze.steps", n as u64, &[]));
    let mut all = Vec::new();
    for f in &like.funnels {
        let mut steps = Table { title: w.who(&f.who), ..w.table("", &["step"]) };
        steps.head.extend(["Waypost", like.tool].map(str::to_owned));
        for (title, ours, theirs) in &f.steps {
            steps.row([title.clone(), w.people(*ours), w.people(*theirs)]);
        }
        let mut tables = vec![steps];
        let mut why = w.table("analyze.like_rules", &["rule", "people"]);
        let mut named = w.table("analyze.like_some", &["unit", "rule"]);
        named.head.splice(1..1, ["Waypost", like.tool].map(str::to_owned));
        for d in &f.differences {
            let rule = w.t(&format!("like.{}", d.id));
            why.row([rule.clone(), w.people(d.units)]);
            for e in &d.examples {
                named.row([e.unit.clone(), told(e.ours), told(e.theirs), rule.clone()]);
            }
        }
        tables.extend([why, named].into_iter().filter(|t| !t.rows.is_empty()));
        let mut rules: Vec<String> =
            f.rules.iter().map(|r| format!("{}: {}", like.tool, w.t(&format!("like.{r}")))).collect();
        if f.who == "everybody" && f.differences.is_empty() {
            rules.push(w.t("like.nobody"));
        }
        all.push(Part {
            id: "like",
            title: w.fill("analyze.like", &[("funnel", &f.title), ("tool", like.tool)]),
            rules,
            tables,
        });
    }
    all
}
