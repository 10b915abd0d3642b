//! A journey's report as parts.
use super::{Part, Table};
use crate::analysis::journey::{
    Attribution, Conformance, Credit, Funnel, Handover, JourneyReport, NodeDifference, Paths, PathsDifference, People,
    Rate, Sales, Sessions, Spread,
};
use crate::model::Model;
use crate::render::rich;
use crate::render::words::{Unit, Words};

/// Returns the parts of a report, in the order to read them.
pub fn parts(report: &JourneyReport, model: &Model, words: &Words) -> Vec<Part> {
    let w = Writer { words, decimals: report.decimals };
    let mut all = vec![w.map(report)];
    all.extend(w.funnels(&report.funnels, model));
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
    /// Returns a word of the analysis.
    pub(super) fn t(&self, key: &str) -> String {
        self.words.t(key).to_owned()
    }

    /// Returns a sentence of the analysis, its places filled.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.fill(key, values)
    }

    /// Returns a table of these heads, named by their keys; an empty one has no head.
    pub(super) fn table(&self, title: &str, heads: &[&str]) -> Table {
        let head = |h: &&str| if h.is_empty() { String::new() } else { self.t(&format!("analyze.h_{h}")) };
        Table {
            title: if title.is_empty() { String::new() } else { self.t(title) },
            head: heads.iter().map(head).collect(),
            hushed: vec![self.t("analyze.few"), self.t("analyze.masked")],
            ..Table::default()
        }
    }

    /// Returns who is counted: everybody and the unknown in words, a persona by its id.
    pub(super) fn who(&self, who: &str) -> String {
        match who {
            "everybody" => self.t("analyze.everybody"),
            "unknown" => self.t("analyze.unknown"),
            persona => persona.to_owned(),
        }
    }

    pub(super) fn range(&self, low: &str, high: &str) -> String {
        self.words.fill("number.range", &[("low", low), ("high", high)])
    }

    fn with_range(&self, value: &str, low: &str, high: &str) -> String {
        self.fill("analyze.with_range", &[("value", value), ("range", &self.range(low, high))])
    }

    pub(super) fn people(&self, n: People) -> String {
        n.0.map_or_else(|| self.t("analyze.few"), |n| self.words.integer(n))
    }

    /// A share with its interval: `38.0 % (35.9 to 40.2)`.
    pub(super) fn rate(&self, rate: &Rate) -> String {
        match (rate.share, rate.of.0, rate.low, rate.high) {
            (Some(share), Some(of), Some(low), Some(high)) => {
                let decimals = if of < 100 { 0 } else { 1 };
                let number = |x: f64| self.words.number(x * 100.0, decimals);
                self.with_range(&self.words.percent(share, decimals), &number(low), &number(high))
            }
            _ if rate.of.0 == Some(0) => "–".to_owned(),
            _ => self.t("analyze.masked"),
        }
    }

    fn optional(&self, rate: Option<&Rate>) -> String {
        rate.map_or("–".to_owned(), |r| self.rate(r))
    }

    fn spread(&self, time: Option<Spread>) -> String {
        time.map_or("–".to_owned(), |t| {
            let s = |x| self.words.seconds(x);
            self.with_range(&s(t.median), &s(t.low), &s(t.high))
        })
    }

    fn money(&self, minor: i64) -> String {
        let unit = 10_f64.powi(i32::from(self.decimals));
        self.words.value(minor as f64 / unit, Unit::Money, usize::from(self.decimals))
    }

    fn map(&self, report: &JourneyReport) -> Part {
        let mut stages =
            self.table("analyze.stages", &["stage", "who", "reached", "moved_on", "target", "", "to_next", "open"]);
        for s in &report.stages {
            stages.row([
                s.title.clone(),
                self.who(&s.who),
                self.people(s.reached),
                self.optional(s.moved_on.as_ref()),
                s.target.map_or(String::new(), |t| self.words.percent(t, 0)),
                s.below_target.map_or(String::new(), |b| self.t(if b { "analyze.below" } else { "analyze.met" })),
                self.spread(s.time),
                self.people(s.open),
            ]);
        }
        let mut places = self.table("analyze.touchpoints", &["touchpoint", "people", "events_each", "nowhere_later"]);
        let mut promises = self.table("analyze.promises", &["touchpoint", "promised", "kept", "took", "not_due"]);
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
            rules: vec![self.t("analyze.map_rule"), self.t("analyze.map_intervals")],
            tables,
        }
    }

    fn funnels(&self, funnels: &[Funnel], model: &Model) -> Vec<Part> {
        let mut all: Vec<Part> = Vec::new();
        let mut last = "";
        for f in funnels {
            if f.funnel != last {
                all.push(Part {
                    id: "funnel",
                    title: f.title.clone(),
                    rules: self.funnel_rules(f, model),
                    tables: Vec::new(),
                });
                last = &f.funnel;
            }
            if let Some(part) = all.last_mut() {
                part.tables.push(self.funnel(f));
            }
        }
        all
    }

    /// Returns the rules of a funnel: the analysis's own, which are English and say each default; in other languages the map's.
    fn funnel_rules(&self, f: &Funnel, model: &Model) -> Vec<String> {
        let of = |(_, known): &(_, &crate::model::Funnel)| known.meta.id == f.funnel;
        match model.funnels.iter().find(of) {
            Some((_, funnel)) if self.words.tag != "en" => {
                crate::render::map::rules(model, funnel, self.words).iter().map(|r| rich::plain(r)).collect()
            }
            _ => f.rules.clone(),
        }
    }

    fn funnel(&self, f: &Funnel) -> Table {
        let heads = ["step", "people", "came_in", "of_entered", "of_before", "of_everyone", "time"];
        let mut table = Table { title: self.who(&f.who), ..self.table("", &heads) };
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
        let ledger = [
            ("entrants", self.people(l.entrants)),
            ("converted", self.people(l.converted)),
            ("dropped", dropped.join(" + ")),
            ("failed", self.people(l.failed)),
            ("open", self.people(l.immature)),
            ("excluded", self.people(l.excluded)),
        ];
        table.notes.push(self.fill("analyze.ledger", &ledger.each_ref().map(|(k, v)| (*k, v.as_str()))));
        if l.tied.0 != Some(0) {
            table.notes.push(self.fill("analyze.tied", &[("n", &self.people(l.tied))]));
        }
        if let Some(whole) = f.whole {
            let point = |(t, share): &(f64, f64)| {
                self.fill(
                    "analyze.after",
                    &[("share", &self.words.percent(*share, 1)), ("time", &self.words.seconds(*t))],
                )
            };
            let curve: Vec<String> = f.over_time.iter().map(point).collect();
            let curve = curve.join(self.words.t("list.comma"));
            table.notes.push(self.fill("analyze.whole", &[("time", &self.spread(Some(whole))), ("curve", &curve)]));
        }
        table
    }

    fn requirements(&self, report: &JourneyReport) -> Option<Part> {
        let mut table = self.table("", &["from", "to", "who", "at_least", "is", ""]);
        for r in &report.requirements {
            table.row([
                r.from.clone(),
                r.to.clone(),
                self.who(&r.who),
                self.words.percent(r.at_least, 0),
                self.optional(r.rate.as_ref()),
                match (r.met, &r.rate) {
                    (Some(true), _) => self.t("analyze.met"),
                    (Some(false), _) => self.t("analyze.below"),
                    (None, _) => self.t("analyze.unseen"),
                },
            ]);
        }
        let rules = vec![self.t("analyze.required_rule")];
        let title = self.t("analyze.required");
        (!table.rows.is_empty()).then(|| Part { id: "require", title, rules, tables: vec![table] })
    }

    fn attribution(&self, a: &Attribution) -> Part {
        let mut tables = vec![self.credits("analyze.touchpoints", a, &a.touchpoints)];
        tables.push(self.credits("analyze.channels", a, &a.channels));
        tables.push(self.credits("analyze.stages", a, &a.stages));
        if a.money.is_some() {
            tables.push(self.amounts("analyze.money_by_touchpoint", a, &a.touchpoints));
            tables.push(self.amounts("analyze.money_by_channel", a, &a.channels));
        }
        let spent: Vec<&Credit> = a.channels.iter().chain(&a.stages).filter(|c| c.spend.is_some()).collect();
        if !spent.is_empty() {
            tables.push(self.returns(a, &spent));
        }
        let cause = match a.experiments.as_slice() {
            [] => self.t("analyze.credit_no_cause"),
            all => self.fill("analyze.credit_cause", &[("experiments", &all.join(self.words.t("list.comma")))]),
        };
        let n = |n: u64| self.words.integer(n);
        let outcomes = [("n", n(a.outcomes)), ("without", n(a.without.0)), ("open", n(a.without.1))];
        Part {
            id: "attribution",
            title: self.fill("analyze.credit_title", &[("place", &a.title)]),
            rules: vec![
                cause,
                self.fill("analyze.credit_back", &[("time", &self.words.seconds(a.look_back))]),
                self.fill("analyze.credit_outcomes", &outcomes.each_ref().map(|(k, v)| (*k, v.as_str()))),
            ],
            tables,
        }
    }

    /// Returns what a model of credit is called; in English by its word in the specs, which says it shorter.
    fn model(&self, model: &str) -> String {
        if self.words.tag == "en" { model.to_owned() } else { self.words.t(&format!("credit.{model}")).to_owned() }
    }

    fn credits(&self, title: &str, a: &Attribution, rows: &[Credit]) -> Table {
        let mut table = self.table(title, &[""]);
        table.head.extend(a.models.iter().map(|m| self.model(m)));
        table.head.push(self.t("analyze.h_range"));
        let with_removal = rows.iter().any(|r| r.removal.is_some());
        if with_removal {
            table.head.push(self.t("analyze.h_without"));
        }
        for r in rows {
            let mut cells = vec![r.title.clone()];
            cells.extend(r.outcomes.iter().map(|o| self.words.number(*o, 1)));
            let least = r.outcomes.iter().copied().fold(f64::INFINITY, f64::min);
            let most = r.outcomes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            cells.push(self.range(&self.words.number(least, 1), &self.words.number(most, 1)));
            if with_removal {
                cells.push(r.removal.map_or("–".to_owned(), |x| self.words.percent(x, 1)));
            }
            table.row(cells);
        }
        table
    }

    fn amounts(&self, title: &str, a: &Attribution, rows: &[Credit]) -> Table {
        let mut table = self.table(title, &[""]);
        table.head.extend(a.models.iter().map(|m| self.model(m)));
        for r in rows {
            table.row(std::iter::once(r.title.clone()).chain(r.money.iter().map(|m| self.money(*m))));
        }
        let total = a.money.unwrap_or(0);
        table.row(std::iter::once(self.t("analyze.all")).chain(a.models.iter().map(|_| self.money(total))));
        table
    }

    fn returns(&self, a: &Attribution, rows: &[&Credit]) -> Table {
        let mut table = self.table("analyze.returns", &["", "spend"]);
        for model in &a.models {
            table.head.push(self.fill("analyze.cost_of_one", &[("model", &self.model(model))]));
            if a.money.is_some() {
                table.head.push(self.fill("analyze.return", &[("model", &self.model(model))]));
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

    /// Returns the title of a node of paths; where nothing more is seen, and the smaller ones, in words.
    fn place(&self, place: &str, title: &str) -> String {
        match (place, title) {
            ("left", "left") => self.t("analyze.left"),
            ("other", "other") => self.t("analyze.other"),
            ("absent", "absent") => self.t("analyze.absent"),
            ("off", "off the map") => self.t("path.off"),
            _ => title.to_owned(),
        }
    }

    fn paths(&self, p: &Paths) -> Part {
        let mut table = self.table("", &["column", "where", "people", "share", "in_a_row"]);
        for (at, column) in p.columns.iter().enumerate() {
            for node in column {
                table.row([
                    self.column(at, p.forward),
                    self.place(&node.id, &node.title),
                    self.people(node.units),
                    node.share.map_or_else(|| self.t("analyze.few"), |s| self.words.percent(s, 1)),
                    self.people(node.loops),
                ]);
            }
        }
        let mut links = self.table("analyze.links", &["column", "from", "to", "people"]);
        for l in &p.links {
            links.row([l.column.to_string(), l.from.clone(), l.to.clone(), self.people(l.units)]);
        }
        let title = match p.forward {
            true => self.fill("analyze.paths_from", &[("place", &p.title)]),
            false => self.fill("analyze.paths_to", &[("place", &p.title)]),
        };
        let mut rules = vec![self.t("analyze.paths_rule")];
        if !p.differences.is_empty() {
            rules.push(self.t("analyze.versus_rule"));
        }
        if p.differences.iter().any(|d| d.experiment.is_some()) {
            rules.push(self.t("analyze.versus_arms"));
        }
        let mut tables = vec![table, links];
        tables.extend(p.differences.iter().map(|d| self.versus(d, p.forward)));
        Part { id: "paths", title, rules, tables }
    }

    /// Returns the column of a path in words: the start, or so many places on or back.
    fn column(&self, at: usize, forward: bool) -> String {
        match (at, forward) {
            (0, _) => self.t("analyze.start"),
            (at, true) => format!("+{at}"),
            (at, false) => format!("−{at}"),
        }
    }

    fn versus(&self, d: &PathsDifference, forward: bool) -> Table {
        let mut table = self.table("", &["column", "where", "", "", "difference"]);
        for (head, (name, units)) in
            table.head.iter_mut().skip(2).zip([(&d.first, d.first_units), (&d.second, d.second_units)])
        {
            *head = format!("{name} (n = {})", self.people(units));
        }
        let values = [("first", d.first.as_str()), ("second", d.second.as_str())];
        table.title = match &d.experiment {
            None => self.fill("analyze.versus", &values),
            Some(x) => self.fill("analyze.versus_in", &[values[0], values[1], ("experiment", x)]),
        };
        // both groups of personas are whole at the anchor
        let from = usize::from(d.experiment.is_none());
        for (at, column) in d.columns.iter().enumerate().skip(from) {
            for node in column {
                table.row([
                    self.column(at, forward),
                    self.place(&node.id, &node.title),
                    self.rate(&node.first),
                    self.rate(&node.second),
                    self.difference(node),
                ]);
            }
        }
        table
    }

    /// A difference of shares in percentage points with its interval: `+3.1 (−0.4 to +6.6)`.
    fn difference(&self, node: &NodeDifference) -> String {
        let signed = |x: f64| self.words.signed(x * 100.0, 1);
        match (node.difference, node.low, node.high) {
            (Some(d), Some(low), Some(high)) => self.with_range(&signed(d), &signed(low), &signed(high)),
            _ => self.t("analyze.masked"),
        }
    }

    fn handovers(&self, all: &[Handover]) -> Option<Part> {
        let heads = ["at", "from", "to", "changed", "of_these_on", "of_stayed", "changed_lost", "took"];
        let mut table = self.table("", &heads);
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
        let rules = vec![self.t("analyze.handover_rule"), self.t("analyze.handover_bound")];
        let title = self.t("analyze.handover");
        (!table.rows.is_empty()).then(|| Part { id: "handover", title, rules, tables: vec![table] })
    }

    fn conformance(&self, c: &Conformance) -> Part {
        let mut table = self.table("analyze.deviations", &["touchpoint", "left_out", "out_of_order", "repeated"]);
        for d in &c.places {
            table.row([d.title.clone(), self.rate(&d.skipped), self.rate(&d.out_of_order), self.rate(&d.repeated)]);
        }
        let mut variants = self.table("analyze.common", &["way", "people"]);
        for (way, n) in &c.common {
            variants.row([way.join(" > "), self.people(*n)]);
        }
        let says = [
            ("fitness", self.words.number(c.fitness, 4)),
            ("people", self.people(c.units)),
            ("perfect", self.rate(&c.perfect)),
            ("unplanned", self.rate(&c.unplanned)),
            ("variants", self.words.integer(c.variants)),
        ];
        let says = self.fill("analyze.conformance_says", &says.each_ref().map(|(k, v)| (*k, v.as_str())));
        Part {
            id: "conformance",
            title: self.t("analyze.conformance"),
            rules: vec![says, self.t("analyze.conformance_rule")],
            tables: vec![table, variants],
        }
    }

    fn sessions(&self, s: &Sessions) -> Part {
        let mut table = self.table("", &["touchpoint", "begin", "end", "alone"]);
        for p in &s.places {
            table.row([p.title.clone(), self.people(p.began), self.people(p.ended), self.rate(&p.alone)]);
        }
        let says = [
            ("n", self.words.integer(s.sessions)),
            ("people", self.people(s.units)),
            ("each", self.words.number(s.each, 2)),
            ("events", self.words.number(s.events_each, 2)),
            ("alone", self.rate(&s.alone)),
            ("time", self.spread(s.time)),
        ];
        let says = self.fill("analyze.visits_says", &says.each_ref().map(|(k, v)| (*k, v.as_str())));
        let gap = self.fill("analyze.visits_rule", &[("time", &self.words.seconds(s.gap_seconds as f64))]);
        Part { id: "sessions", title: self.t("analyze.visits"), rules: vec![says, gap], tables: vec![table] }
    }

    fn sales(&self, s: &Sales) -> Part {
        let mut table = self.table("analyze.sales_worth", &["up_to", "buyers", "mean", "interval"]);
        let money = |x: f64| self.words.value(x, Unit::Money, 2);
        for w in &s.worth {
            table.row([
                w.days.map_or_else(
                    || self.t("analyze.sales_end"),
                    |d| self.words.count("analyze.sales_days", u64::from(d), &[]),
                ),
                self.people(w.buyers),
                w.mean.map_or("–".to_owned(), money),
                w.interval.map_or("–".to_owned(), |(a, b)| self.range(&money(a), &money(b))),
            ]);
        }
        let again = |(days, share): &(u32, f64)| {
            let share = self.words.percent(*share, 1);
            self.words.count("analyze.sales_after", u64::from(*days), &[("share", &share)])
        };
        let again: Vec<String> = s.again_after.iter().map(again).collect();
        let says = [
            ("buyers", self.people(s.buyers)),
            ("place", s.title.clone()),
            ("purchases", self.words.integer(s.purchases)),
            ("again", self.rate(&s.again)),
            ("time", self.spread(s.time)),
        ];
        let mut rules = vec![self.fill("analyze.sales_says", &says.each_ref().map(|(k, v)| (*k, v.as_str())))];
        if !again.is_empty() {
            rules.push(self.fill("analyze.sales_again", &[("again", &again.join(self.words.t("list.comma")))]));
        }
        rules.push(self.t("analyze.sales_rule"));
        let tables = if s.worth.is_empty() { Vec::new() } else { vec![table] };
        Part { id: "sales", title: self.t("analyze.sales"), rules, tables }
    }

    fn measured(&self, report: &JourneyReport) -> Option<Part> {
        let mut table = self.table("", &["where", "metric", "who", "people", "value", "interval", "response"]);
        for m in &report.measured {
            let number = |x: f64| self.words.number(x, if x.abs() < 10.0 { 3 } else { 1 });
            table.row([
                m.title.clone(),
                m.metric_title.clone(),
                self.who(&m.who),
                self.people(m.people),
                m.value.map_or("–".to_owned(), number),
                m.interval.map_or("–".to_owned(), |(a, b)| self.range(&number(a), &number(b))),
                self.optional(m.response.as_ref()),
            ]);
        }
        let rules = vec![self.t("analyze.measured_rule")];
        let title = self.t("analyze.measured");
        (!table.rows.is_empty()).then(|| Part { id: "measured", title, rules, tables: vec![table] })
    }

    fn gaps(&self, report: &JourneyReport) -> Option<Part> {
        let mut table = self.table("", &["where", "what", "who", "should", "said", "is", "interval", ""]);
        for g in &report.gaps {
            let value = |x: f64| match g.what {
                "promise" => self.words.seconds(x),
                "feeling" => self.words.number(x, 1),
                _ => self.words.percent(x, 1),
            };
            let text = |x: Option<f64>| x.map_or("–".to_owned(), value);
            table.row([
                g.title.clone(),
                self.t(&format!("analyze.gap_{}", g.what)),
                self.who(&g.who),
                text(g.ideal),
                text(g.felt),
                text(g.measured),
                g.interval.map_or("–".to_owned(), |(a, b)| self.range(&value(a), &value(b))),
                g.short.map_or(String::new(), |s| self.t(if s { "analyze.gap_short" } else { "analyze.gap_reached" })),
            ]);
        }
        let rules = vec![self.t("analyze.gaps_rule")];
        let title = self.t("analyze.gaps");
        (!table.rows.is_empty()).then(|| Part { id: "gaps", title, rules, tables: vec![table] })
    }

    fn rows(&self, report: &JourneyReport) -> Part {
        let r = &report.rows;
        let mut table = self.table("", &["rows", ""]);
        for (what, n) in [
            ("analyze.rows_read", r.read),
            ("analyze.rows_used", r.used),
            ("analyze.rows_other", r.other),
            ("analyze.rows_filtered", r.filtered),
            ("analyze.rows_duplicates", r.duplicates),
            ("analyze.rows_rejected", r.rejected),
        ] {
            table.row([self.t(what), self.words.integer(n)]);
        }
        if let (Some(n), Some(share)) = (r.without_consent, r.unseen) {
            let share = self.words.percent(share, 1);
            table.row([self.t("analyze.rows_unconsented"), self.words.integer(n)]);
            table.notes.push(self.fill("analyze.rows_unseen", &[("share", &share)]));
        }
        let mut rules = Vec::new();
        if let Some((first, last)) = &report.days {
            rules.push(self.fill("analyze.data_days", &[("first", first), ("last", last)]));
        }
        if report.simulated {
            rules.push(self.t("analyze.data_simulated"));
        }
        Part { id: "rows", title: self.t("analyze.data"), rules, tables: vec![table] }
    }
}
