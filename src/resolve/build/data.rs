//! Events and metrics.

use super::Builder;
use crate::model::event::{Event, EventName, PropertyRef};
use crate::model::manifest::PropertyType;
use crate::model::metric::{
    Aggregate, Average, Better, Cap, Metric, MetricKind, Nps, Quantile, Ratio, Share, ShareWithout, Steps, TimeTo,
};
use crate::model::value::{Decimal, Duration, Percent, TimeUnit};
use crate::model::vocabulary::{Block, Slot};
use crate::model::{Id, Meta};
use crate::resolve::args::AggregateWord;
use crate::resolve::node::Node;
use crate::resolve::scope::Here;
use crate::source::Span;

impl Builder<'_> {
    pub(super) fn event(&mut self, node: &Node<'_>) {
        let name = |n: &Node<'_>, condition| EventName { name: n.args.text().unwrap_or_default(), condition };
        let names = node.many("named").map(|n| name(n, self.condition(n))).collect();
        let event = Event { meta: self.meta(node), names };
        self.model.events.push(event);
    }

    pub(super) fn metric(&mut self, node: &Node<'_>) {
        let words = ["share", "average", "ratio", "quantile", "nps", "time", "steps"];
        let kind = node.children.iter().find(|c| words.contains(&c.keyword)).and_then(|n| self.metric_kind(n));
        let higher = !node.children.iter().any(|c| c.keyword == "lower");
        let metric = Metric {
            meta: Meta { ..self.meta(node) },
            kind: kind.unwrap_or(MetricKind::Steps(Steps { funnel: Id::at(0) })),
            cap: node.one("cap").and_then(cap),
            adjust: node.one("adjust").and_then(|n| n.args.duration()),
            better: if higher { Better::Higher } else { Better::Lower },
            worth: node.one("worth").and_then(|n| n.args.money()),
        };
        self.model.metrics.push(metric);
    }

    fn metric_kind(&mut self, node: &Node<'_>) -> Option<MetricKind> {
        let here = Here::default();
        let window = node.args.duration().unwrap_or(Duration { count: 7, unit: TimeUnit::Day });
        match node.keyword {
            "share" => {
                let event = self.reference(node, Slot::Event, here)?;
                Some(match node.args.has("without") {
                    true => MetricKind::ShareWithout(ShareWithout { event, window }),
                    false => MetricKind::Share(Share { event, window }),
                })
            }
            "time" => Some(MetricKind::TimeTo(TimeTo { event: self.reference(node, Slot::Event, here)?, window })),
            "steps" => Some(MetricKind::Steps(Steps { funnel: self.reference(node, Slot::Funnel, here)? })),
            "average" => Some(MetricKind::Average(Average { aggregate: self.aggregates(node).pop()?, window })),
            "ratio" => {
                let mut both = self.aggregates(node);
                let (denominator, numerator) = (both.pop()?, both.pop()?);
                Some(MetricKind::Ratio(Ratio { numerator, denominator, window }))
            }
            "quantile" => {
                let level = node.args.percent()?;
                if level.0.is_zero() || level >= Percent::WHOLE {
                    self.error("out-of-range", node.span(), "a quantile lies above 0% and below 100%");
                }
                Some(MetricKind::Quantile(Quantile { level, property: self.number_property(node)?, window }))
            }
            "nps" => Some(MetricKind::Nps(Nps { property: self.number_property(node)?, window })),
            _ => None,
        }
    }

    fn number_property(&mut self, node: &Node<'_>) -> Option<PropertyRef> {
        let (path, span) = node.args.reference(Slot::EventProperty)?;
        let property = self.property_ref(path, span);
        self.must_be_number(&property, span);
        Some(property)
    }

    fn must_be_number(&mut self, property: &PropertyRef, span: Span) {
        let declared = self.manifest.field_type(&property.property);
        let Some(wrong) = declared.filter(|t| !matches!(t, PropertyType::Number | PropertyType::Money)) else { return };
        self.error(
            "wrong-type",
            span,
            format!("`{}` is {}, and a number is needed here", property.property, wrong.name()),
        )
        .help
        .push("name another property, or mend its type in `waypost.yaml`".to_owned());
    }

    fn aggregates(&mut self, node: &Node<'_>) -> Vec<Aggregate> {
        let all: Vec<(AggregateWord, Vec<String>, Span)> =
            node.args.aggregates().map(|(w, p, s)| (w, p.to_vec(), s)).collect();
        all.into_iter().map(|(word, path, span)| self.aggregate(word, &path, span)).collect()
    }

    fn aggregate(&mut self, word: AggregateWord, path: &[String], span: Span) -> Aggregate {
        if word == AggregateWord::Count {
            return Aggregate::Count(self.id(Block::Event, path, span, Here::default()));
        }
        let property = self.property_ref(path, span);
        self.must_be_number(&property, span);
        word.of(property)
    }
}

fn cap(node: &Node<'_>) -> Option<Cap> {
    match node.args.percent() {
        Some(level) => Some(Cap::Percentile(level)),
        None => node.args.number().map(|n: Decimal| Cap::Value(n)),
    }
}
