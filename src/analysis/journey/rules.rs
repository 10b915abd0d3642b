//! The rules of a funnel, in words.
use crate::model::Model;
use crate::model::funnel::{Attempt, BreakdownAt, CountUnit, ExclusionVerb, Funnel, Order};

/// Returns the rules by which a funnel was counted, one sentence each.
pub(super) fn rules(model: &Model, funnel: &Funnel) -> Vec<String> {
    let place = |t| model.touchpoints[t].meta.id.as_str();
    let event = |e| model.events[e].meta.id.as_str();
    let mut out = vec![match &funnel.count {
        CountUnit::People => "people are counted, each once".to_owned(),
        CountUnit::Sessions => {
            format!("visits are counted; one ends after more than {} without an event", model.manifest.session_gap.0)
        }
        CountUnit::Property(name) => format!("each person is counted once for each `{name}`"),
    }];
    out.push(match &funnel.order {
        Order::Listed => "the steps come in this order, and other events may come between".to_owned(),
        Order::Directly(ignored) if ignored.is_empty() => {
            "the steps follow each other with no other event of the specs between".to_owned()
        }
        Order::Directly(ignored) => {
            let names: Vec<_> = ignored.iter().map(|e| format!("`{}`", event(*e))).collect();
            format!("the steps follow each other with no other event between but {}", names.join(", "))
        }
        Order::Any => "the steps may come in any order".to_owned(),
    });
    if let Some(within) = funnel.within {
        out.push(format!(
            "the whole takes {within} at most, that included; whose time is not over when the data ends is in no rate"
        ));
    }
    if let Some(within) = funnel.within_step {
        out.push(format!("each step comes within {within} of the one before, that included"));
    }
    out.push(
        match funnel.attempt {
            Attempt::Best => "of several attempts the one that comes furthest counts",
            Attempt::First => "only the first attempt counts",
            Attempt::Every => "every attempt counts",
        }
        .to_owned(),
    );
    if funnel.may_start_anywhere {
        out.push("people may come in at any step".to_owned());
    }
    if let Some(tolerance) = funnel.clock_tolerance {
        out.push(format!("events within {tolerance} of each other are taken to be of one instant"));
    }
    for x in &funnel.exclusions {
        let verb = match x.verb {
            ExclusionVerb::Fail => "is lost at the first of the two",
            ExclusionVerb::Drop => "leaves the base",
        };
        out.push(format!("who does `{}` between `{}` and `{}` {verb}", event(x.event), place(x.from), place(x.to)));
    }
    if let Some(by) = &funnel.by {
        let when = match &by.at {
            BreakdownAt::Entry => "at entry".to_owned(),
            BreakdownAt::FirstKnown => "as first known".to_owned(),
            BreakdownAt::LastKnown => "as last known".to_owned(),
            BreakdownAt::Touchpoint(t) => format!("at `{}`", place(*t)),
            BreakdownAt::Person => "of the person".to_owned(),
        };
        out.push(format!("broken down by {} {when}; each is in one row", by.properties.join(", ")));
    }
    out
}
