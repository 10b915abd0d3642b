//! A journey's report as parts.
use super::{Part, Table};
use crate::analysis::journey::{
    Attribution, Conformance, Credit, Funnel, Handover, JourneyReport, Paths, People, Rate, Sales, Sessions, Spread,
};
use crate::render::words::{Unit, Words};

/// Returns the parts of a report, in the order to read them.
pub fn parts(report: &JourneyReport, words: &Words) -> Vec<Part> {
    let w = Writer { words, decimals: report.decimals };
    let mut all = vec![w.map(report)];
    all.extend(w.funnels(&report.funnels));
    all.extend(w.requirements(report));
    all.extend(report.attributions.iter().map(|a| w.attribution(a)));
    all.extend(report.paths.iter().map(|p| w.paths(p)));
    all.extend(w.handovers(&report.handovers));
    all.extend(report.conformance.as_ref().map(|c| w.conformance(c)));
    all.extend(report.sessions.as_ref().map(|s| w.sessions(s)));
    all.extend(report.sales.as_ref().map(|s| w.sales(s)));
    all.extend(w.measured(report));
    all.extend(w.gaps(report));
    all.push(w.rows(report));
    all
}

pub(super) struct Writer<'w> {
    pub(super) words: &'w Words,
    pub(super) decimals: u8,
}

impl Writer<'_> {
    pub(super) fn people(&self, n: People) -> String {
        n.0.map_or("few".to_owned(), |n| self.words.integer(n))
    }

    /// A share with its interval: `38.0 % (35.9 to 40.2)`.
    pub(super) fn rate(&self, rate: &Rate) -> String {
        match (rate.share, rate.of.0, rate.low, rate.high) {
            (Some(share), Some(of), Some(low), Some(high)) => {
                let decimals = if of < 100 { 0 } else { 1 };
                let number = |x: f64| self.words.number(x * 100.0, decimals);
                format!("{} ({} to {})", self.words.percent(share, decimals), number(low), number(high))
            }
            _ if rate.of.0 == Some(0) => "–".to_owned(),
            _ => "masked".to_owned(),
        }
    }

    fn optional(&self, rate: Option<&Rate>) -> String {
        rate.map_or("–".to_owned(), |r| self.rate(r))
    }

    fn spread(&self, time: Option<Spread>) -> String {
        time.map_or("–".to_owned(), |t| {
            let s = |x| self.words.seconds(x);
            format!("{} ({} to {})", s(t.median), s(t.low), s(t.high))
        })
    }

    fn money(&self, minor: i64) -> String {
        let unit = 10_f64.powi(i32::from(self.decimals));
        self.words.value(minor as f64 / unit, Unit::Money, usize::from(self.decimals))
    }

    fn map(&self, report: &JourneyReport) -> Part {
        let mut stages = Table::new(
            "Stages",
            &["stage", "who", "reached", "moved on", "target", "", "time to move on", "still open"],
        );
        for s in &report.stages {
            stages.row([
                s.title.clone(),
                s.who.clone(),
                self.people(s.reached),
                self.optional(s.moved_on.as_ref()),
                s.target.map_or(String::new(), |t| self.words.percent(t, 0)),
                s.below_target.map_or("", |b| if b { "below" } else { "met" }).to_owned(),
                self.spread(s.time),
                self.people(s.open),
            ]);
        }
        let mut places = Table::new("Touchpoints", &["touchpoint", "people", "events each", "seen nowhere later"]);
        let mut promises = Table::new("Promises", &["touchpoint", "promised", "kept", "took", "not due yet"]);
        for t in &report.touchpoints {
            let each = t.events_each.map_or("–".to_owned(), |e| self.words.number(e, 2));
            places.row([t.title.clone(), self.people(t.reached), each, self.optional(t.lost.as_ref())]);
            if let Some(p) = &t.promise {
                let within = self.words.seconds(p.within);
                promises.row([t.title.clone(), within, self.rate(&p.kept), self.spread(p.time), self.people(p.open)]);
            }
        }
        let mut tables = vec![stages, places];
        if !promises.rows.is_empty() {
            tables.push(promises);
        }
        Part {
            id: "map",
            title: report.title.clone(),
            rules: vec![
                "each person is counted once a stage; moving on is reaching the next stage afterwards, within the target's \
                 time where there is one; whose time is not over when the data ends is in no rate"
                    .to_owned(),
                "shares stand with their 95 % interval, times as the median with the range of the middle 80 %".to_owned(),
            ],
            tables,
        }
    }

    fn funnels(&self, funnels: &[Funnel]) -> Vec<Part> {
        let mut all: Vec<Part> = Vec::new();
        let mut last = "";
        for f in funnels {
            if f.funnel != last {
                all.push(Part { id: "funnel", title: f.title.clone(), rules: f.rules.clone(), tables: Vec::new() });
                last = &f.funnel;
            }
            if let Some(part) = all.last_mut() {
                part.tables.push(self.funnel(f));
            }
        }
        all
    }

    fn funnel(&self, f: &Funnel) -> Table {
        let heads = ["step", "people", "came in", "of those who entered", "of the step before", "of everyone", "time"];
        let mut table = Table::new(&f.who, &heads);
        for s in &f.steps {
            table.row([
                s.title.clone(),
                self.people(s.reached),
                self.people(s.came_in),
                self.optional(s.of_entered.as_ref()),
                self.optional(s.of_before.as_ref()),
                self.optional(s.of_everyone.as_ref()),
                self.spread(s.time),
            ]);
        }
        let l = &f.ledger;
        let dropped: Vec<String> = l.dropped.iter().map(|n| self.people(*n)).collect();
        table.notes.push(format!(
            "{} entered = {} converted + {} lost after each step + {} failed + {} still open; {} left the base",
            self.people(l.entrants),
            self.people(l.converted),
            dropped.join(" + "),
            self.people(l.failed),
            self.people(l.immature),
            self.people(l.excluded),
        ));
        if l.tied.0 != Some(0) {
            let tied = self.people(l.tied);
            table.notes.push(format!("{tied} conversions hang on the order of events at one instant"));
        }
        if let Some(whole) = f.whole {
            let point =
                |(t, share): &(f64, f64)| format!("{} after {}", self.words.percent(*share, 1), self.words.seconds(*t));
            let curve: Vec<String> = f.over_time.iter().map(point).collect();
            table.notes.push(format!("the whole took {}; finished: {}", self.spread(Some(whole)), curve.join(", ")));
        }
        table
    }

    fn requirements(&self, report: &JourneyReport) -> Option<Part> {
        let mut table = Table::new("", &["from", "to", "who", "at least", "is", ""]);
        for r in &report.requirements {
            table.row([
                r.from.clone(),
                r.to.clone(),
                r.who.clone(),
                self.words.percent(r.at_least, 0),
                self.optional(r.rate.as_ref()),
                match (r.met, &r.rate) {
                    (Some(true), _) => "met",
                    (Some(false), _) => "below",
                    (None, _) => "not seen in the data",
                }
                .to_owned(),
            ]);
        }
        let rules = vec!["of those who were at the first, the share seen at the second afterwards".to_owned()];
        let title = "Required".to_owned();
        (!table.rows.is_empty()).then(|| Part { id: "require", title, rules, tables: vec![table] })
    }

    fn attribution(&self, a: &Attribution) -> Part {
        let mut tables = vec![self.credits("Touchpoints", a, &a.touchpoints)];
        tables.push(self.credits("Channels", a, &a.channels));
        tables.push(self.credits("Stages", a, &a.stages));
        if a.money.is_some() {
            tables.push(self.amounts("Money by touchpoint", a, &a.touchpoints));
            tables.push(self.amounts("Money by channel", a, &a.channels));
        }
        let spent: Vec<&Credit> = a.channels.iter().chain(&a.stages).filter(|c| c.spend.is_some()).collect();
        if !spent.is_empty() {
            tables.push(self.returns(a, &spent));
        }
        let cause = match a.experiments.as_slice() {
            [] => "credit is bookkeeping and shows no cause; only an experiment does".to_owned(),
            all => format!("credit is bookkeeping; cause is shown by an experiment: {}", all.join(", ")),
        };
        Part {
            id: "attribution",
            title: format!("What leads to {}", a.title),
            rules: vec![
                cause,
                format!(
                    "a touch counts up to {} before the outcome, that included; touches begin anew after an outcome",
                    self.words.seconds(a.look_back)
                ),
                format!(
                    "{} outcomes; {} paths without one, of which {} may still end in one",
                    self.words.integer(a.outcomes),
                    self.words.integer(a.without.0),
                    self.words.integer(a.without.1)
                ),
            ],
            tables,
        }
    }

    fn credits(&self, title: &str, a: &Attribution, rows: &[Credit]) -> Table {
        let mut table = Table::new(title, &[""]);
        table.head.extend(a.models.iter().map(|m| (*m).to_owned()));
        table.head.push("range".to_owned());
        let with_removal = rows.iter().any(|r| r.removal.is_some());
        if with_removal {
            table.head.push("lost without it".to_owned());
        }
        for r in rows {
            let mut cells = vec![r.title.clone()];
            cells.extend(r.outcomes.iter().map(|o| self.words.number(*o, 1)));
            let least = r.outcomes.iter().copied().fold(f64::INFINITY, f64::min);
            let most = r.outcomes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            cells.push(format!("{} to {}", self.words.number(least, 1), self.words.number(most, 1)));
            if with_removal {
                cells.push(r.removal.map_or("–".to_owned(), |x| self.words.percent(x, 1)));
            }
            table.row(cells);
        }
        table
    }

    fn amounts(&self, title: &str, a: &Attribution, rows: &[Credit]) -> Table {
        let mut table = Table::new(title, &[""]);
        table.head.extend(a.models.iter().map(|m| (*m).to_owned()));
        for r in rows {
            table.row(std::iter::once(r.title.clone()).chain(r.money.iter().map(|m| self.money(*m))));
        }
        let total = a.money.unwrap_or(0);
        table.row(std::iter::once("all".to_owned()).chain(a.models.iter().map(|_| self.money(total))));
        table
    }

    fn returns(&self, a: &Attribution, rows: &[&Credit]) -> Table {
        let mut table = Table::new("What spend brought back", &["", "spend"]);
        for model in &a.models {
            table.head.push(format!("{model}: cost of one"));
            if a.money.is_some() {
                table.head.push(format!("{model}: return"));
            }
        }
        for r in rows {
            let mut cells = vec![r.title.clone(), self.money(r.spend.unwrap_or(0))];
            for at in 0..a.models.len() {
                let cost = r.cost_each.get(at).copied().flatten();
                cells.push(cost.map_or("–".to_owned(), |c| self.money(c.round() as i64)));
                if a.money.is_some() {
                    let back = r.return_on_spend.get(at).copied().flatten();
                    cells.push(back.map_or("–".to_owned(), |b| self.words.percent(b, 0)));
                }
            }
            table.row(cells);
        }
        table
    }

    fn paths(&self, p: &Paths) -> Part {
        let mut table = Table::new("", &["column", "where", "people", "share", "several times in a row"]);
        for (at, column) in p.columns.iter().enumerate() {
            for node in column {
                table.row([
                    if at == 0 { "start".to_owned() } else { format!("{}{at}", if p.forward { "+" } else { "−" }) },
                    node.title.clone(),
                    self.people(node.units),
                    node.share.map_or("few".to_owned(), |s| self.words.percent(s, 1)),
                    self.people(node.loops),
                ]);
            }
        }
        let mut links = Table::new("From column to column", &["column", "from", "to", "people"]);
        for l in &p.links {
            links.row([l.column.to_string(), l.from.clone(), l.to.clone(), self.people(l.units)]);
        }
        let title = match p.forward {
            true => format!("Where people go from {}", p.title),
            false => format!("Where people come from to {}", p.title),
        };
        let rules = vec![
            "each person once, from the first time there; repeats in a row are one; each column adds to everybody, with \
             `left` for those of whom no more is seen and `other` for the smaller ones"
                .to_owned(),
        ];
        Part { id: "paths", title, rules, tables: vec![table, links] }
    }

    fn handovers(&self, all: &[Handover]) -> Option<Part> {
        let heads =
            ["at", "from", "to", "changed", "of these went on", "of those who stayed", "changed and lost", "took"];
        let mut table = Table::new("", &heads);
        for h in all {
            table.row([
                h.title.clone(),
                h.from.clone(),
                h.to.clone(),
                self.rate(&h.changed),
                self.rate(&h.changed_on),
                self.rate(&h.stayed_on),
                self.people(h.lost),
                self.spread(h.time),
            ]);
        }
        let rules = vec![
            "of those at the touchpoint on the first device or channel, whose next event is on the second; going on is \
             being seen at a later touchpoint"
                .to_owned(),
            "people whose ids the data does not join look as if they had left, so the number who change is a lower bound"
                .to_owned(),
        ];
        let title = "Handover".to_owned();
        (!table.rows.is_empty()).then(|| Part { id: "handover", title, rules, tables: vec![table] })
    }

    fn conformance(&self, c: &Conformance) -> Part {
        let mut table = Table::new("Deviations", &["touchpoint", "left out", "out of order", "repeated"]);
        for d in &c.places {
            table.row([d.title.clone(), self.rate(&d.skipped), self.rate(&d.out_of_order), self.rate(&d.repeated)]);
        }
        let mut variants = Table::new("The ways most people take", &["way", "people"]);
        for (way, n) in &c.common {
            variants.row([way.join(" > "), self.people(*n)]);
        }
        Part {
            id: "conformance",
            title: "Keeping to the map".to_owned(),
            rules: vec![
                format!(
                    "fitness {} on average (1 is exactly as drawn), over {} people; {} do exactly what is drawn; {} do \
                     something that is not on the map; {} different ways",
                    self.words.number(c.fitness, 4),
                    self.people(c.units),
                    self.rate(&c.perfect),
                    self.rate(&c.unplanned),
                    self.words.integer(c.variants)
                ),
                "by alignment: a touchpoint left out costs 1, an event that is not planned costs 1, and fitness is 1 less \
                 the cost over events and plan together"
                    .to_owned(),
            ],
            tables: vec![table, variants],
        }
    }

    fn sessions(&self, s: &Sessions) -> Part {
        let mut table = Table::new("", &["touchpoint", "visits begin", "visits end", "and see nothing else"]);
        for p in &s.places {
            table.row([p.title.clone(), self.people(p.began), self.people(p.ended), self.rate(&p.alone)]);
        }
        Part {
            id: "sessions",
            title: "Visits".to_owned(),
            rules: vec![
                format!(
                    "{} visits of {} people: {} each, {} events a visit; {} see one thing only; the others take {}",
                    self.words.integer(s.sessions),
                    self.people(s.units),
                    self.words.number(s.each, 2),
                    self.words.number(s.events_each, 2),
                    self.rate(&s.alone),
                    self.spread(s.time)
                ),
                "a visit ends after more than 30 minutes without an event; midnight ends none".to_owned(),
            ],
            tables: vec![table],
        }
    }

    fn sales(&self, s: &Sales) -> Part {
        let mut table = Table::new("What a buyer is worth", &["up to", "buyers", "mean", "95 % interval"]);
        let money = |x: f64| self.words.value(x, Unit::Money, 2);
        for w in &s.worth {
            table.row([
                w.days.map_or("the end of the data".to_owned(), |d| format!("{d} days")),
                self.people(w.buyers),
                w.mean.map_or("–".to_owned(), money),
                w.interval.map_or("–".to_owned(), |(a, b)| format!("{} to {}", money(a), money(b))),
            ]);
        }
        let again: Vec<String> = s
            .again_after
            .iter()
            .map(|(days, share)| format!("{} after {days} days", self.words.percent(*share, 1)))
            .collect();
        let mut rules = vec![format!(
            "{} buyers at {}, {} purchases; {} bought again, after {}",
            self.people(s.buyers),
            s.title,
            self.words.integer(s.purchases),
            self.rate(&s.again),
            self.spread(s.time)
        )];
        if !again.is_empty() {
            rules.push(format!(
                "bought again, with those who are watched for less counted as such: {}",
                again.join(", ")
            ));
        }
        rules.push("worth up to so many days counts only buyers who were watched so long".to_owned());
        let tables = if s.worth.is_empty() { Vec::new() } else { vec![table] };
        Part { id: "sales", title: "Buyers and what they are worth".to_owned(), rules, tables }
    }

    fn measured(&self, report: &JourneyReport) -> Option<Part> {
        let mut table = Table::new("", &["where", "metric", "who", "people", "value", "95 % interval"]);
        for m in &report.measured {
            let number = |x: f64| self.words.number(x, if x.abs() < 10.0 { 3 } else { 1 });
            table.row([
                m.title.clone(),
                m.metric_title.clone(),
                m.who.clone(),
                self.people(m.people),
                m.value.map_or("–".to_owned(), number),
                m.interval.map_or("–".to_owned(), |(a, b)| format!("{} to {}", number(a), number(b))),
            ]);
        }
        let rules = vec!["each metric counts from a person's first event at the place".to_owned()];
        let title = "Measured".to_owned();
        (!table.rows.is_empty()).then(|| Part { id: "measured", title, rules, tables: vec![table] })
    }

    fn gaps(&self, report: &JourneyReport) -> Option<Part> {
        let mut table = Table::new("", &["where", "what", "who", "should be", "said", "is", "95 % interval", ""]);
        for g in &report.gaps {
            let value = |x: f64| match g.what {
                "promise" => self.words.seconds(x),
                "feeling" => self.words.number(x, 1),
                _ => self.words.percent(x, 1),
            };
            let text = |x: Option<f64>| x.map_or("–".to_owned(), value);
            table.row([
                g.title.clone(),
                g.what.to_owned(),
                g.who.clone(),
                text(g.ideal),
                text(g.felt),
                text(g.measured),
                g.interval.map_or("–".to_owned(), |(a, b)| format!("{} to {}", value(a), value(b))),
                g.short.map_or("", |s| if s { "short" } else { "reached" }).to_owned(),
            ]);
        }
        let rules = vec![
            "ideal, said and measured side by side: targets and requirements as shares, promises as times (the ideal \
             journey's where it makes one), feelings from -3 to +3 beside the score measured there; a promise's interval \
             is the range of the middle 80 %"
                .to_owned(),
        ];
        let title = "Gaps".to_owned();
        (!table.rows.is_empty()).then(|| Part { id: "gaps", title, rules, tables: vec![table] })
    }

    fn rows(&self, report: &JourneyReport) -> Part {
        let r = &report.rows;
        let mut table = Table::new("", &["rows", ""]);
        for (what, n) in [
            ("read", r.read),
            ("used", r.used),
            ("of events the specs do not ask for", r.other),
            ("left out by `where` or consent", r.filtered),
            ("repeats of another", r.duplicates),
            ("rejected", r.rejected),
        ] {
            table.row([what.to_owned(), self.words.integer(n)]);
        }
        let mut rules = Vec::new();
        if let Some((first, last)) = &report.days {
            rules.push(format!("from {first} to {last}"));
        }
        if report.simulated {
            rules.push("the data is made by `waypost simulate`".to_owned());
        }
        Part { id: "rows", title: "The data".to_owned(), rules, tables: vec![table] }
    }
}
