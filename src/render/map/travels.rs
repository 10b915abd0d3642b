//! What the data says of ways and of credit, below the map: paths into and out of a place, and what leads to an outcome.

use super::Ctx;
use super::curve::short;
use super::view::{CreditPart, CreditRow, PathNode, PathPart};
use crate::analysis::journey::{self, Attribution, Credit, Paths, People};
use crate::render::rich::{Piece, Rich};
use crate::render::words::Unit;

impl Ctx<'_> {
    /// Returns the paths of the data, column by column.
    pub(super) fn path_parts(&self) -> Vec<PathPart> {
        self.data.map_or(Vec::new(), |d| d.paths.iter().map(|p| self.path(p)).collect())
    }

    fn path(&self, paths: &Paths) -> PathPart {
        let key = if paths.forward { "path.from" } else { "path.into" };
        let step = if paths.forward { "path.after" } else { "path.before" };
        let head = |at: usize| match at {
            0 => self.words.t("path.start").to_owned(),
            n => self.words.count(step, n as u64, &[]),
        };
        // a few people say nothing of a way; the rule below the map says that they are not shown
        let shown = |n: &&journey::PathNode| n.units.0 != Some(0) && n.units.0.is_some();
        let columns: Vec<Vec<&journey::PathNode>> = paths
            .columns
            .iter()
            .map(|c| c.iter().filter(shown).collect())
            .take_while(|c: &Vec<_>| !c.is_empty())
            .collect();
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let row =
            |at: usize| columns.iter().map(|c| c.get(at).map(|n| self.path_node(n, paths.forward))).collect::<Vec<_>>();
        PathPart {
            title: self.words.fill(key, &[("place", &paths.title)]),
            finding: self.path_finding(paths).unwrap_or_default(),
            heads: (0..columns.len()).map(head).collect(),
            rows: (0..rows).map(row).collect(),
        }
    }

    fn path_node(&self, node: &journey::PathNode, forward: bool) -> PathNode {
        let title = match node.id.as_str() {
            "left" if forward => self.words.t("path.left"),
            "left" => self.words.t("path.began"),
            "off" => self.words.t("path.off"),
            "other" => self.words.t("path.other"),
            _ => node.title.as_str(),
        };
        let share = node.share.filter(|_| node.units.0.is_some());
        PathNode {
            title: title.to_owned(),
            place: !matches!(node.id.as_str(), "left" | "off" | "other"),
            share: share.map_or_else(|| self.people(node.units), |s| self.words.percent(s, 0)),
            width: short(share.unwrap_or(0.0) * 100.0),
        }
    }

    fn people(&self, people: People) -> String {
        self.count(people.0.map_or(super::data::Count::Masked, super::data::Count::Exactly))
    }

    /// Says how many go nowhere from here, and where most of the others go.
    fn path_finding(&self, paths: &Paths) -> Option<Rich> {
        let next = paths.columns.get(1)?;
        let share = |id: &str| next.iter().find(|n| n.id == id).and_then(|n| n.share);
        let most = next
            .iter()
            .filter(|n| !matches!(n.id.as_str(), "left" | "off" | "other"))
            .filter_map(|n| Some((n, n.share?)))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        let figure = |s: f64| Piece::figure(self.words.percent(s, 0));
        let values = [
            ("left", figure(share("left").unwrap_or(0.0))),
            ("next", Piece::name(&most.0.title)),
            ("share", figure(most.1)),
        ];
        Some(self.words.say(if paths.forward { "path.most_from" } else { "path.most_into" }, 0, &values))
    }

    /// Returns what leads to the outcomes, with the range over the models.
    pub(super) fn credit_parts(&self) -> Vec<CreditPart> {
        self.data.map_or(Vec::new(), |d| d.credit.iter().map(|a| self.credit_part(a, d.decimals)).collect())
    }

    fn credit_part(&self, a: &Attribution, decimals: u8) -> CreditPart {
        let seen = |c: &&Credit| c.outcomes.iter().any(|o| *o > 0.0) || c.spend.is_some();
        let spent = a.stages.iter().filter(|c| c.spend.is_some());
        let all: Vec<&Credit> = a.channels.iter().filter(seen).chain(spent).collect();
        let widest = all.iter().flat_map(|c| &c.outcomes).copied().fold(0.0, f64::max);
        let rows = all.iter().map(|c| self.credit_row(a, c, widest, decimals));
        CreditPart {
            title: self.words.fill("credit.to", &[("place", &a.title)]),
            finding: self.credit_finding(a).unwrap_or_default(),
            has_spend: all.iter().any(|c| c.spend.is_some()),
            rows: rows.collect(),
            rule: self.credit_rule(a),
        }
    }

    fn credit_row(&self, a: &Attribution, c: &Credit, widest: f64, decimals: u8) -> CreditRow {
        let at = |x: f64| short(if widest > 0.0 { x / widest * 100.0 } else { 0.0 });
        let (low, high) = range(&c.outcomes);
        let marks = a.models.iter().zip(&c.outcomes);
        let name = |m: &str| self.words.t(&format!("credit.{m}")).to_owned();
        let cost = c.cost_each.iter().flatten().copied().collect::<Vec<_>>();
        let (cheap, dear) = range(&cost);
        CreditRow {
            title: c.title.clone(),
            low: at(low),
            high: at(high),
            dots: marks.map(|(m, o)| (at(*o), format!("{}: {}", name(m), self.whole(*o)))).collect(),
            range: self.words.fill("credit.range", &[("low", &self.whole(low)), ("high", &self.whole(high))]),
            spend: c.spend.map_or_else(String::new, |s| self.minor(s as f64, decimals, 0)),
            cost: match cost.is_empty() {
                true => String::new(),
                false => {
                    let (low, high) = (self.minor(cheap, decimals, 2), self.minor(dear, decimals, 2));
                    self.words.fill("credit.range", &[("low", &low), ("high", &high)])
                }
            },
        }
    }

    fn whole(&self, outcomes: f64) -> String {
        self.words.number(outcomes, 0)
    }

    /// Returns an amount of minor units with so many digits, where the currency has any.
    fn minor(&self, amount: f64, decimals: u8, digits: usize) -> String {
        let unit = libm::pow(10.0, f64::from(decimals));
        self.words.value(amount / unit, Unit::Money, digits.min(usize::from(decimals)))
    }

    /// Says which channel the choice of a model moves most.
    fn credit_finding(&self, a: &Attribution) -> Option<Rich> {
        let spread = |c: &Credit| {
            let (low, high) = range(&c.outcomes);
            high - low
        };
        let most = a.channels.iter().max_by(|x, y| spread(x).total_cmp(&spread(y))).filter(|c| spread(c) > 0.0)?;
        let (low, high) = range(&most.outcomes);
        let figure = |x: f64| Piece::figure(self.whole(x));
        let values = [
            ("title", Piece::name(&most.title)),
            ("low", figure(low)),
            ("high", figure(high)),
            ("n", Piece::figure(self.words.integer(a.outcomes))),
        ];
        Some(self.words.say("credit.finding", a.outcomes, &values))
    }

    fn credit_rule(&self, a: &Attribution) -> Vec<Rich> {
        let models: Vec<&str> = a.models.iter().map(|m| self.words.t(&format!("credit.{m}"))).collect();
        let models = Piece::text(models.join(self.words.t("list.comma")));
        let no_cause = vec![Piece::text(self.words.t("credit.no_cause"))];
        let mut out = vec![self.words.say("credit.rules", 0, &[("models", models)]), no_cause];
        let experiments: Vec<Piece> = self
            .model
            .experiments
            .values()
            .filter(|e| a.experiments.contains(&e.meta.id))
            .map(|e| Piece::go(&e.meta.title, format!("{}.html", crate::render::report_file(e))))
            .collect();
        if !experiments.is_empty() {
            let mut said = vec![Piece::text(self.words.t("credit.cause"))];
            for (at, go) in experiments.into_iter().enumerate() {
                said.push(Piece::text(if at == 0 { " " } else { self.words.t("list.comma") }));
                said.push(go);
            }
            out.push(said);
        }
        out
    }
}

/// Returns the least and the most; 0 of nothing.
fn range(all: &[f64]) -> (f64, f64) {
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if all.is_empty() { (0.0, 0.0) } else { (least, most) }
}
