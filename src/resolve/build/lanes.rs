//! Lines, feelings, evidence: what stands both at stages and at touchpoints.

use super::Builder;
use crate::model::lane::{
    Claim, Effort, Evidence, EvidenceKind, Feeling, LaneKind, Line, Place, Quality, Question, Spend, SpendEvery,
};
use crate::model::touchpoint::{Anchor, Opportunity, Pain, PainKind, PainSeverity};
use crate::model::value::Date;
use crate::model::vocabulary::Slot;
use crate::resolve::node::Node;
use crate::resolve::scope::Here;

impl Builder<'_> {
    /// Returns the lines of a block in the order written.
    pub(super) fn lines(&mut self, node: &Node<'_>, here: Here) -> Vec<Line> {
        let mut lines = Vec::new();
        for child in &node.children {
            let lane = match child.keyword {
                "note" => self.reference(child, Slot::Lane, here).map(LaneKind::Own),
                "answers" => Some(LaneKind::Answers(quality(child))),
                word => LaneKind::ALL.into_iter().find(|l| l.keyword() == word),
            };
            let Some(lane) = lane else { continue };
            let personas = self.references(child, Slot::Persona, here);
            lines.push(Line { lane, text: child.args.text().unwrap_or_default(), personas, span: child.span() });
        }
        lines
    }

    /// Returns the pieces of evidence of a block.
    pub(super) fn evidence(&mut self, node: &Node<'_>) -> Vec<Evidence> {
        node.many("evidence").map(|n| self.one_evidence(n)).collect()
    }

    fn one_evidence(&mut self, node: &Node<'_>) -> Evidence {
        let word = |k: &EvidenceKind| node.one("kind").is_some_and(|n| n.args.has(k.name()));
        let kind = EvidenceKind::ALL.into_iter().find(word).unwrap_or(EvidenceKind::Guess);
        let people = node.one("people").and_then(|n| {
            let count = n.args.number()?.scaled(0).and_then(|c| u64::try_from(c).ok());
            if count.is_none() {
                self.error("wrong-argument", n.span(), "people are counted in whole numbers");
            }
            count
        });
        let on = node.one("on").and_then(|n| n.args.date()).unwrap_or(Date::ZERO);
        Evidence { title: node.args.text().unwrap_or_default(), kind, people, on, span: node.span() }
    }

    /// Returns the claims of a journey.
    pub(super) fn claims(&mut self, node: &Node<'_>) -> Vec<Claim> {
        let claim = |n: &Node<'_>, evidence| {
            let mut numbers = n.args.numbers().copied();
            let with_without = numbers.next().zip(numbers.next());
            Claim { text: n.args.text().unwrap_or_default(), with_without, evidence, span: n.span() }
        };
        node.many("claim").map(|n| claim(n, self.evidence(n))).collect()
    }

    /// Returns what stands at a stage or touchpoint; pains and opportunities are pushed here.
    pub(super) fn place(&mut self, node: &Node<'_>, anchor: Anchor, here: Here) -> Place {
        let efforts = [Effort::None, Effort::Low, Effort::Medium, Effort::High];
        let effort = node.one("effort").and_then(|n| efforts.into_iter().find(|e| n.args.has(e.name())));
        let spends = node.many("spend").filter_map(|n| self.spend(n)).collect();
        let lines = self.lines(node, here);
        let feelings = node.many("feels").map(|n| self.feeling(n, here)).collect();
        let measured_by = node.one("measured").map(|n| self.references(n, Slot::Metric, here)).unwrap_or_default();
        let pains = node.many("pain").map(|n| self.pain(n, anchor, here)).collect();
        let opportunities = node.many("opportunity").map(|n| self.opportunity(n, anchor, here)).collect();
        let questions = node.many("question").map(|n| self.question(n, here)).collect();
        Place { effort, spends, lines, feelings, measured_by, pains, opportunities, questions }
    }

    fn spend(&mut self, node: &Node<'_>) -> Option<Spend> {
        let every = match (node.args.has("week"), node.args.has("month")) {
            (true, _) => Some(SpendEvery::Week),
            (_, true) => Some(SpendEvery::Month),
            _ => None,
        };
        let mut days = node.args.dates().copied();
        let dates = days.next().zip(days.next());
        if dates.is_some_and(|(from, to)| from > to) {
            self.error("dates-reversed", node.span(), "the last day comes before the first");
        }
        Some(Spend { amount: node.args.money()?, every, dates, span: node.span() })
    }

    fn feeling(&mut self, node: &Node<'_>, here: Here) -> Feeling {
        Feeling {
            value: node.args.feeling().unwrap_or(0),
            word: node.args.text(),
            emoji: node.args.emoji(),
            personas: self.references(node, Slot::Persona, here),
            evidence: self.evidence(node),
            span: node.span(),
        }
    }

    fn question(&mut self, node: &Node<'_>, here: Here) -> Question {
        let answered_by = node.one("answered").and_then(|n| self.reference(n, Slot::Experiment, here));
        Question { text: node.args.text().unwrap_or_default(), answered_by, span: node.span() }
    }

    fn pain(&mut self, node: &Node<'_>, at: Anchor, here: Here) -> crate::model::Id<Pain> {
        let kind = |k: &PainKind| node.one("kind").is_some_and(|n| n.args.has(k.name()));
        let severities = [PainSeverity::Low, PainSeverity::Medium, PainSeverity::High];
        let severity = |s: &PainSeverity| node.one("severity").is_some_and(|n| n.args.has(s.name()));
        let solved =
            node.one("solved").and_then(|n| Some((self.reference(n, Slot::Experiment, here)?, n.args.date()?)));
        let evidence = self.evidence(node);
        self.model.pains.push(Pain {
            meta: self.meta(node),
            at,
            kind: PainKind::ALL.into_iter().find(kind).unwrap_or(PainKind::Leaving),
            severity: severities.into_iter().find(severity).unwrap_or(PainSeverity::Low),
            found_in_data: node.one("found").and_then(|n| n.args.date()),
            solved,
            evidence,
        })
    }

    fn opportunity(&mut self, node: &Node<'_>, at: Anchor, here: Here) -> crate::model::Id<Opportunity> {
        let solves = node.many("solves").collect::<Vec<_>>();
        let solves = solves.into_iter().flat_map(|n| self.references(n, Slot::Pain, here)).collect();
        let (value, cost) = (self.one_to_five(node, "value"), self.one_to_five(node, "cost"));
        self.model.opportunities.push(Opportunity { meta: self.meta(node), at, solves, value, cost })
    }

    fn one_to_five(&mut self, node: &Node<'_>, keyword: &str) -> crate::model::value::Decimal {
        let Some(child) = node.one(keyword) else { return Default::default() };
        let number = child.args.number().unwrap_or_default();
        if !(1.0..=5.0).contains(&number.to_f64()) {
            self.error("out-of-range", child.span(), format!("`{keyword}` runs from 1 to 5, and `{number}` does not"));
        }
        number
    }
}

fn quality(node: &Node<'_>) -> Option<Quality> {
    [Quality::Well, Quality::Partly, Quality::Badly].into_iter().find(|q| node.args.has(q.name()))
}
