//! Funnels as another tool counts them, as parts.
use super::parts::Writer;
use super::{Part, Table};
use crate::analysis::journey::like::Like;
use crate::render::words::Words;
use crate::tally::Told;

/// Returns the parts of funnels as a tool counts them.
pub fn like(like: &Like, words: &Words) -> Vec<Part> {
    let w = Writer { words, decimals: 2 };
    let told = |t: Told| t.map_or("in no rate".to_owned(), |n| format!("{n} steps"));
    let mut all = Vec::new();
    for f in &like.funnels {
        let mut steps = Table::new(&f.who, &["step", "Waypost", like.tool]);
        for (title, ours, theirs) in &f.steps {
            steps.row([title.clone(), w.people(*ours), w.people(*theirs)]);
        }
        let mut tables = vec![steps];
        let mut why = Table::new("Told differently, by rule", &["rule", "people"]);
        let mut named = Table::new("Some of them", &["unit", "Waypost", like.tool, "rule"]);
        for d in &f.differences {
            why.row([d.rule.to_owned(), w.people(d.units)]);
            for e in &d.examples {
                named.row([e.unit.clone(), told(e.ours), told(e.theirs), d.rule.to_owned()]);
            }
        }
        tables.extend([why, named].into_iter().filter(|t| !t.rows.is_empty()));
        let rules = like.rules.iter().map(|r| format!("{}: {r}", like.tool)).collect();
        all.push(Part { id: "like", title: format!("{} as {} counts", f.title, like.tool), rules, tables });
    }
    all
}
