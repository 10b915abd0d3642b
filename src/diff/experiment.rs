//! One experiment in two revisions.

use super::{Category, Change, Impact, meaning, rules};
use crate::model::experiment::{Experiment, MethodKind, Status, Variant};
use crate::model::value::Percent;
use crate::model::{Id, Metric, Model};
use crate::source::Span;

/// An experiment before and after, each in its model.
pub(super) struct Both<'a> {
    pub base: &'a Model,
    pub head: &'a Model,
    pub old: &'a Experiment,
    pub new: &'a Experiment,
}

/// Returns the finding that an experiment which ran was deleted.
pub(super) fn gone(old: &Experiment) -> Option<Change> {
    if old.status == Status::Draft {
        return None;
    }
    Some(Change {
        rule: "deleted",
        path: path(old),
        says: format!("the experiment is gone, and it was {}", old.status.name()),
        impact: Impact::Breaking,
        category: Some(Category::Record),
        head: None,
        base: Some(old.meta.span),
    })
}

fn path(experiment: &Experiment) -> String {
    format!("experiment {}", experiment.meta.id)
}

/// Returns the former id of a variant, else its id.
fn former(variant: &Variant) -> &str {
    variant.meta.was.as_deref().unwrap_or(&variant.meta.id)
}

impl Both<'_> {
    /// Returns the changes of meaning; what only reads differently is told by the outline.
    pub(super) fn changes(&self) -> Vec<Change> {
        match &self.old.status {
            Status::Draft => self.status(),
            Status::Running | Status::Paused => {
                let mut all = self.status();
                all.extend(self.assignment());
                all.extend(self.analysis());
                all.extend(self.hypothesis());
                all
            }
            Status::Stopped(..) | Status::Shipped(..) => self.record(),
        }
    }

    /// Returns whether the head restarts the experiment: the legal way out.
    pub(super) fn restarts(&self) -> bool {
        self.new.round() > self.old.round()
    }

    fn change(&self, rule: &'static str, span: Span, says: impl Into<String>) -> Change {
        let category = rules::category(rule);
        let legal = self.restarts() && category.is_some_and(|c| c >= Category::Analysis);
        let impact = if legal { Impact::Notable } else { Impact::Breaking };
        let says = says.into();
        let says = if legal { format!("{says} (restarted: what came before is not comparable)") } else { says };
        Change { rule, path: path(self.new), says, impact, category, head: Some(span), base: Some(self.old.meta.span) }
    }

    fn note(&self, rule: &'static str, says: impl Into<String>) -> Change {
        let span = self.new.meta.span;
        Change {
            rule,
            path: path(self.new),
            says: says.into(),
            impact: Impact::Notable,
            category: None,
            head: Some(span),
            base: Some(self.old.meta.span),
        }
    }

    fn differs<T: PartialEq>(
        &self,
        rule: &'static str,
        old: T,
        new: T,
        says: impl FnOnce(T, T) -> String,
    ) -> Option<Change> {
        (old != new).then(|| self.change(rule, self.new.meta.span, says(old, new)))
    }

    fn status(&self) -> Vec<Change> {
        let (old, new) = (&self.old.status, &self.new.status);
        if old == new {
            return Vec::new();
        }
        let legal = match old {
            Status::Draft => matches!(new, Status::Running),
            Status::Running | Status::Paused => !matches!(new, Status::Draft),
            Status::Stopped(..) => matches!(new, Status::Shipped(..)),
            Status::Shipped(..) => false,
        };
        let says = format!("status goes from {} to {}", old.name(), new.name());
        match legal {
            true => vec![self.note("status-step", says)],
            false => vec![self.change("status-step", self.new.meta.span, says)],
        }
    }

    fn record(&self) -> Vec<Change> {
        let mut all = Vec::new();
        let step = !matches!((&self.old.status, &self.new.status), (Status::Stopped(..), Status::Shipped(..)));
        if self.old.status.name() != self.new.status.name() {
            all.extend(self.status());
        } else if self.old.status != self.new.status && step {
            all.push(self.change("concluded", self.new.meta.span, "the recorded result was edited"));
        }
        for change in self.assignment().into_iter().chain(self.analysis()).chain(self.hypothesis()) {
            let says = format!("{} after the test had ended", change.says);
            all.push(Change {
                rule: "concluded",
                category: Some(Category::Record),
                impact: Impact::Breaking,
                says,
                ..change
            });
        }
        if self.restarts() {
            all.push(self.change(
                "concluded",
                self.new.meta.span,
                "a test that ended was restarted; write a new experiment",
            ));
        }
        all
    }

    fn hypothesis(&self) -> Option<Change> {
        self.differs("hypothesis", &self.old.because, &self.new.because, |_, _| {
            "the hypothesis was rewritten".to_owned()
        })
    }

    /// Returns what changes who gets which variant.
    fn assignment(&self) -> Vec<Change> {
        let (old, new) = (self.old, self.new);
        let mut all = Vec::new();
        if old.meta.id != new.meta.id {
            all.push(self.change(
                "seed",
                new.meta.span,
                format!("the id, and with it the seed, goes from `{}` to `{}`", old.meta.id, new.meta.id),
            ));
        } else if self.restarts() {
            all.push(self.note("restart", format!("restarted with seed `{}`", new.seed())));
        } else if new.round() < old.round() {
            all.push(self.change(
                "seed",
                new.meta.span,
                format!("the seed goes from `{}` back to `{}`", old.seed(), new.seed()),
            ));
        }
        all.extend(self.differs("unit", &old.unit, &new.unit, |a, b| format!("the unit goes from `{a}` to `{b}`")));
        all.extend(self.traffic());
        all.extend(self.arms());
        let who = |m: &Model, e: &Experiment| meaning::audience(m, e.audience);
        all.extend(self.differs("audience", who(self.base, old), who(self.head, new), |_, _| {
            "another audience may enter".to_owned()
        }));
        all.extend(self.slices());
        all.extend(self.holdouts());
        all.extend(self.anchor());
        all
    }

    fn traffic(&self) -> Option<Change> {
        let (old, new) = (self.old.traffic, self.new.traffic);
        match new.cmp(&old) {
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Less => {
                Some(self.change("traffic-lowered", self.new.meta.span, format!("traffic goes from {old} to {new}")))
            }
            std::cmp::Ordering::Greater => Some(
                self.note("traffic-raised", format!("traffic goes from {old} to {new}; nobody moves between arms")),
            ),
        }
    }

    fn arms(&self) -> Vec<Change> {
        let mut all = Vec::new();
        let find = |id: &str| self.new.variants.iter().find(|v| former(v) == id);
        for variant in &self.old.variants {
            match find(&variant.meta.id) {
                Some(now) => all.extend(self.arm(variant, now)),
                None => all.extend(self.lost(variant)),
            }
        }
        let known = |v: &Variant| self.old.variants.iter().any(|o| o.meta.id == former(v));
        for variant in self.new.variants.iter().filter(|v| !known(v)) {
            all.push(self.change("variant-added", variant.meta.span, format!("variant `{}` is new", variant.meta.id)));
        }
        let kept = |list: &[Variant], name: fn(&Variant) -> &str, other: &dyn Fn(&str) -> bool| -> Vec<String> {
            list.iter().map(name).filter(|n| other(n)).map(str::to_owned).collect()
        };
        let before = kept(&self.old.variants, |v| &v.meta.id, &|id| find(id).is_some());
        let after = kept(&self.new.variants, former, &|id| self.old.variants.iter().any(|o| o.meta.id == id));
        if before != after {
            all.push(self.change(
                "variant-reordered",
                self.new.meta.span,
                format!("the variants stand as {} and stood as {}", after.join(", "), before.join(", ")),
            ));
        }
        all
    }

    /// A variant that is gone is renamed where another stands in its place with the same parts, else removed.
    fn lost(&self, variant: &Variant) -> Option<Change> {
        let stranger = |v: &&Variant| !self.old.variants.iter().any(|o| o.meta.id == former(v));
        let twin =
            self.new.variants.iter().filter(stranger).find(|v| v.sets == variant.sets && v.weight == variant.weight);
        Some(match twin {
            Some(twin) => self.change(
                "variant-renamed",
                twin.meta.span,
                format!(
                    "variant `{}` is now `{}` and does not say `was {}`",
                    variant.meta.id, twin.meta.id, variant.meta.id
                ),
            ),
            None => {
                self.change("variant-removed", self.new.meta.span, format!("variant `{}` is gone", variant.meta.id))
            }
        })
    }

    fn arm(&self, old: &Variant, new: &Variant) -> Vec<Change> {
        let mut all = Vec::new();
        let id = &new.meta.id;
        if old.weight != new.weight {
            let says = format!("the weight of `{id}` goes from {} to {}", old.weight, new.weight);
            all.push(self.change("weights", new.meta.span, says));
        }
        let kept = new.changes.get(..old.changes.len()) == Some(old.changes.as_slice());
        let later = new.changes.get(old.changes.len()..).unwrap_or_default();
        if kept && !later.is_empty() {
            let said: Vec<String> = later.iter().map(|(from, weight)| format!("{weight} from {from}")).collect();
            let said = said.join(", ");
            all.push(self.note("weights-later", format!("the weight of `{id}` becomes {said}; nobody changes arms")));
        } else if !kept {
            all.push(self.change("weights", new.meta.span, format!("the later weights of `{id}` are rewritten")));
        }
        let sorted = |v: &Variant| {
            let mut sets: Vec<String> = v.sets.iter().map(|(n, value)| format!("{n} {value:?}")).collect();
            sets.sort();
            sets
        };
        if sorted(old) != sorted(new) {
            all.push(self.change("variant-sets", new.meta.span, format!("`{id}` sets other things")));
        }
        all
    }

    fn slices(&self) -> Vec<Change> {
        let named = |m: &Model, e: &Experiment| -> Vec<(String, String, Percent)> {
            let one = |s: &crate::model::experiment::Slice| {
                (m.layers[s.layer].meta.id.clone(), m.layers[s.layer].unit.clone(), s.takes)
            };
            let mut all: Vec<_> = e.layers.iter().map(one).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        let (old, new) = (named(self.base, self.old), named(self.head, self.new));
        if old == new && self.same_slices() {
            return Vec::new();
        }
        let text = |list: &[(String, String, Percent)]| match list {
            [] => "no layer".to_owned(),
            list => list.iter().map(|(id, _, takes)| format!("{takes} of `{id}`")).collect::<Vec<_>>().join(", "),
        };
        let says = match old == new {
            true => {
                format!("its buckets of {} are others now, since another experiment of the layer changed", text(&new))
            }
            false => format!("it takes {}, and took {}", text(&new), text(&old)),
        };
        vec![self.change("layer-slice", self.new.meta.span, says)]
    }

    /// Returns whether the slices hold the same buckets.
    fn same_slices(&self) -> bool {
        self.old.layers.iter().zip(&self.new.layers).all(|(a, b)| {
            super::blast::slice_of(self.base, self.old, a.layer) == super::blast::slice_of(self.head, self.new, b.layer)
        })
    }

    fn holdouts(&self) -> Option<Change> {
        let all = |m: &Model| -> Vec<(String, String, Percent)> {
            m.holdouts.values().map(|h| (h.meta.id.clone(), h.unit.clone(), h.takes)).collect()
        };
        self.differs("holdout", all(self.base), all(self.head), |_, _| "the holdouts keep out other units".to_owned())
    }

    fn anchor(&self) -> Option<Change> {
        let place = |m: &Model, e: &Experiment| {
            let touchpoint = &m.touchpoints[m.place(e)];
            let journey = &m.journeys[touchpoint.journey];
            (journey.meta.id.clone(), m.stages[touchpoint.stage].meta.id.clone(), touchpoint.meta.id.clone())
        };
        let (old, new) = (place(self.base, self.old), place(self.head, self.new));
        let touchpoint = &self.head.touchpoints[self.head.place(self.new)];
        let renamed = touchpoint.meta.was.as_deref() == Some(old.2.as_str()) && old.0 == new.0 && old.1 == new.1;
        if old == new || renamed {
            return None;
        }
        let says = format!("it stands at {}.{}.{}, and stood at {}.{}.{}", new.0, new.1, new.2, old.0, old.1, old.2);
        Some(self.change("anchor", self.new.meta.span, says))
    }

    /// Returns what changes how the numbers are made and judged.
    fn analysis(&self) -> Vec<Change> {
        let mut all = Vec::new();
        let (old, new) = (&self.old.method, &self.new.method);
        all.extend(self.differs("level", old.level, new.level, |a, b| format!("the level goes from {a} to {b}")));
        all.extend(self.differs("power", old.power, new.power, |a, b| format!("the power goes from {a} to {b}")));
        all.extend(
            self.differs("method", old.kind.name(), new.kind.name(), |a, b| format!("the method goes from {a} to {b}")),
        );
        if let (MethodKind::GroupSequential { .. }, MethodKind::GroupSequential { .. }) = (&old.kind, &new.kind) {
            all.extend(self.differs("looks", &old.kind, &new.kind, |_, _| "the planned looks changed".to_owned()));
        }
        let days = |e: &Experiment| e.runs;
        all.extend(self.differs("planned-dates", days(self.old), days(self.new), |a, b| {
            format!("it runs from {} to {}, and was planned from {} to {}", b.0, b.1, a.0, a.1)
        }));
        let seen = (meaning::exposure(self.base, self.old), meaning::exposure(self.head, self.new));
        all.extend(self.differs("exposure", seen.0, seen.1, |_, _| "another event counts units in".to_owned()));
        let control = |e: &Experiment, name: fn(&Variant) -> &str| e.control().map(|v| name(v).to_owned());
        let (before, after) = (control(self.old, |v| &v.meta.id), control(self.new, former));
        all.extend(self.differs("control", before, after, |_, _| "another variant is the control".to_owned()));
        all.extend(self.metrics());
        all
    }

    fn metrics(&self) -> Vec<Change> {
        let mut all = Vec::new();
        let before = roles(self.old);
        let after = roles(self.new);
        let name = |m: &Model, id: Id<Metric>| m.metrics[id].meta.id.clone();
        let was = |id: Id<Metric>| self.head.metrics[id].meta.was.clone();
        let now =
            |old: &str| after.iter().find(|(id, ..)| name(self.head, *id) == old || was(*id).as_deref() == Some(old));
        for (id, role, planned) in &before {
            let old = name(self.base, *id);
            let Some((new, new_role, new_planned)) = now(&old) else {
                all.push(self.change("metric-removed", self.new.meta.span, format!("{role} metric `{old}` is gone")));
                continue;
            };
            all.extend(
                self.differs("metric-role", *role, *new_role, |a, b| format!("metric `{old}` was {a} and is {b}")),
            );
            let rule = if *role == "guardrail" { "margin" } else { "expected-effect" };
            all.extend(self.differs(rule, planned, new_planned, |a, b| {
                format!("`{old}` is planned with {} and was with {}", shown(b), shown(a))
            }));
            let definitions = (
                meaning::metric(self.base, &self.base.metrics[*id]),
                meaning::metric(self.head, &self.head.metrics[*new]),
            );
            if definitions.0 != definitions.1 {
                let span = self.head.metrics[*new].meta.span;
                all.push(self.change(
                    "metric-definition",
                    span,
                    format!("{role} metric `{old}` is defined differently"),
                ));
            }
        }
        let known = |id: Id<Metric>| {
            let names = [Some(name(self.head, id)), was(id)];
            before.iter().any(|(old, ..)| names.contains(&Some(name(self.base, *old))))
        };
        for (id, role, _) in after.iter().filter(|(id, ..)| !known(*id)) {
            all.push(self.change(
                "metric-added",
                self.new.meta.span,
                format!("{role} metric `{}` is new", name(self.head, *id)),
            ));
        }
        all
    }
}

fn shown(change: &Option<String>) -> String {
    change.clone().unwrap_or_else(|| "no effect".to_owned())
}

/// Returns each metric with its role and the change planned or tolerated.
fn roles(experiment: &Experiment) -> Vec<(Id<Metric>, &'static str, Option<String>)> {
    let primaries = experiment.primaries.iter().map(|p| (p.metric, "primary", p.expects.map(|c| c.to_string())));
    let secondaries = experiment.secondaries.iter().map(|m| (*m, "secondary", None));
    let guardrails = experiment.guardrails.iter().map(|g| (g.metric, "guardrail", Some(g.tolerates.to_string())));
    primaries.chain(secondaries).chain(guardrails).collect()
}
