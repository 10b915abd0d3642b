//! The plan as text, for `waypost plan --explain`: what is read and counted, in words and names of the specs.
use super::{
    ExperimentPlan, FunnelPlan, Make, MapPlan, MeasurePlan, OrderPlan, Plan, ReadPlan, SegmentPlan, Source,
    SourceShape, TermPlan,
};
use crate::model::funnel::{Attempt, CountUnit, ExclusionVerb};
use crate::model::metric::Cap;
use std::fmt::{self, Display, Formatter};

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "days of {}, money with {} decimals, units: {}", self.zone, self.decimals, self.units.join(", "))?;
        self.sources.iter().try_for_each(|s| source(s, f))?;
        // an event without a name is asked for by nothing
        for event in self.events.iter().filter(|e| !e.names.is_empty()) {
            let name = |n: &crate::model::event::EventName| match &n.condition {
                Some(condition) => format!("\"{}\" where {condition}", n.name),
                None => format!("\"{}\"", n.name),
            };
            let names: Vec<_> = event.names.iter().map(name).collect();
            writeln!(f, "event {}: {}", event.id, names.join(" or "))?;
            let read: Vec<_> =
                event.properties.iter().filter_map(|p| self.properties.get(*p)).map(|p| p.name.as_str()).collect();
            if !read.is_empty() {
                writeln!(f, "  reads {}", read.join(", "))?;
            }
        }
        for persona in &self.personas {
            let what = if persona.persona.is_some() { "persona" } else { "audience" };
            writeln!(f, "{what} {}: {}", persona.id, persona.condition)?;
        }
        self.maps.iter().try_for_each(|m| self.map_text(m, f))?;
        self.funnels.iter().try_for_each(|x| self.funnel_text(x, f))?;
        self.experiments.iter().try_for_each(|x| self.experiment_text(x, f))
    }
}

fn source(s: &Source, f: &mut Formatter<'_>) -> fmt::Result {
    let what = match &s.shape {
        SourceShape::Events { time, event, id } => {
            let id = id.as_ref().map_or_else(String::new, |i| format!(", once for each `{i}`"));
            format!("events at `{time}` named by `{event}`{id}")
        }
        SourceShape::Units { time, outcomes } => {
            let time = time.as_ref().map_or_else(String::new, |t| format!(" at `{t}`"));
            format!("units, exposed{time}, with the outcomes {}", outcomes.join(", "))
        }
        SourceShape::Tallies { wide, long, .. } => {
            let names: Vec<_> = wide.iter().map(|m| m.metric.as_str()).collect();
            long.as_ref().map_or_else(
                || format!("tallies of {}", names.join(", ")),
                |(c, _)| format!("tallies of the metrics in `{c}`"),
            )
        }
    };
    writeln!(f, "read {}: {what}", s.patterns.join(", "))?;
    match &s.only {
        Some(condition) => writeln!(f, "  where {condition}"),
        None => Ok(()),
    }
}

impl Plan {
    fn event_id(&self, at: usize) -> &str {
        self.events.get(at).map_or("?", |e| e.id.as_str())
    }

    fn map_text(&self, map: &MapPlan, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "map {}", map.id)?;
        for (at, stage) in map.stages.iter().enumerate() {
            let next = stage.next.and_then(|n| map.stages.get(n)).map_or("the end", |s| s.id.as_str());
            let within = stage.within.map_or_else(String::new, |w| format!(" within {}", time(w)));
            writeln!(f, "  stage {}: those who reach {next}{within}", stage.id)?;
            for place in map.touchpoints.iter().filter(|p| p.stage == at) {
                let seen = place.event.map_or("nothing in the data", |e| self.event_id(e));
                write!(f, "    {} seen by {seen}", place.id)?;
                match place.promise {
                    Some((of, within)) => writeln!(f, ", promised within {} of {}", time(within), self.event_id(of))?,
                    None => writeln!(f)?,
                }
            }
        }
        Ok(())
    }

    fn funnel_text(&self, x: &FunnelPlan, f: &mut Formatter<'_>) -> fmt::Result {
        let step = |s: &super::StepPlan| {
            format!("{}{} ({})", if s.optional { "optional " } else { "" }, s.id, self.event_id(s.event))
        };
        let steps: Vec<_> = x.steps.iter().map(step).collect();
        writeln!(f, "funnel {}: {}", x.id, steps.join(" > "))?;
        let order = match &x.order {
            OrderPlan::Listed => "in order",
            OrderPlan::Directly(_) => "directly after each other",
            OrderPlan::Any => "in any order",
        };
        let attempt = match x.attempt {
            Attempt::Best => "the best attempt",
            Attempt::First => "the first attempt",
            Attempt::Every => "every attempt",
        };
        let count = match &x.count {
            CountUnit::People => "people",
            CountUnit::Sessions => "sessions",
            CountUnit::Property(p) => p,
        };
        let within = x.within.map_or_else(String::new, |w| format!(", within {} of the first, both included", time(w)));
        let each = x.within_step.map_or_else(String::new, |w| format!(", each within {} of the one before", time(w)));
        writeln!(f, "  {order}, {attempt}, counting {count}{within}{each}")?;
        for out in &x.exclusions {
            let verb = if out.verb == ExclusionVerb::Fail { "fail" } else { "drop" };
            let id = |at: usize| x.steps.get(at).map_or("?", |s| s.id.as_str());
            writeln!(
                f,
                "  {verb} those with {} between {} and {}",
                self.event_id(out.event),
                id(out.from),
                id(out.to)
            )?;
        }
        Ok(())
    }

    fn experiment_text(&self, x: &ExperimentPlan, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "experiment {}: first {} in [{}, {})",
            x.id,
            self.event_id(x.exposure),
            instant(x.from),
            instant(x.until)
        )?;
        writeln!(f, "  variants {}", x.variants.join(", "))?;
        for (at, measure) in x.measures.iter().enumerate() {
            writeln!(f, "  {at} {}: {}", measure.id, self.measure_text(measure))?;
        }
        if !x.beside.is_empty() {
            let known = |id: &_| self.experiments.iter().find(|y| y.experiment == *id).map(|y| y.id.as_str());
            let names: Vec<&str> = x.beside.iter().filter_map(known).collect();
            writeln!(f, "  beside {}", names.join(", "))?;
        }
        for segment in &x.segments {
            let name = match segment {
                SegmentPlan::Field(at) => self.fields.get(*at).map_or("?", |(n, _)| n.as_str()),
                SegmentPlan::Persona => "persona",
            };
            writeln!(f, "  by {name} at exposure")?;
        }
        for walk in &x.walks {
            let id = self.funnels.get(walk.funnel).map_or("?", |w| w.id.as_str());
            writeln!(f, "  steps of {id} within {} over all exposed", time(walk.window))?;
        }
        Ok(())
    }

    fn measure_text(&self, m: &MeasurePlan) -> String {
        let reads = match &m.reads {
            ReadPlan::One(t) => self.term_text(*t),
            ReadPlan::Two(a, b) => format!("{} over {}", self.term_text(*a), self.term_text(*b)),
            ReadPlan::All(t, level) => format!("{}, quantile {level}", self.term_text(*t)),
            ReadPlan::Step(funnel, step) => {
                let f = self.funnels.get(*funnel);
                let step = f.and_then(|f| f.steps.get(*step)).map_or("?", |s| s.id.as_str());
                format!("reaches {step} of {}", f.map_or("?", |f| f.id.as_str()))
            }
        };
        let before = m.before.map_or_else(String::new, |b| format!(", with the {} before", time(b)));
        let cap = match m.cap {
            Some(Cap::Percentile(p)) => format!(", cut at percentile {p}"),
            Some(Cap::Value(v)) => format!(", cut at {v}"),
            None => String::new(),
        };
        let ages = if m.ages > 0 { format!(", by day for {} days", m.ages) } else { String::new() };
        format!("{reads} within {}{before}{cap}{ages} -> {:?}", time(m.window), m.shape)
    }

    fn term_text(&self, t: TermPlan) -> String {
        let property = |at: usize| self.properties.get(at).map_or("?", |p| p.name.as_str());
        let event = self.event_id(t.event);
        match t.make {
            Make::Happened => format!("happened {event}"),
            Make::Absent => format!("absent {event}"),
            Make::Count => format!("count {event}"),
            Make::Sum(p) => format!("sum {event}.{}", property(p)),
            Make::Max(p) => format!("max {event}.{}", property(p)),
            Make::Last(p) => format!("last {event}.{}", property(p)),
            Make::Values(p) => format!("values {event}.{}", property(p)),
            Make::FirstTime => format!("time to {event}"),
        }
    }
}

/// Returns a length in its largest whole unit.
fn time(micros: i64) -> String {
    let units = [(86_400_000_000, "days"), (3_600_000_000, "hours"), (60_000_000, "minutes"), (1_000_000, "seconds")];
    if micros > 36_500 * 86_400_000_000 {
        return "any time".to_owned();
    }
    match units.iter().find(|(size, _)| micros % size == 0 && micros >= *size) {
        Some((size, name)) => format!("{} {name}", micros / size),
        None => format!("{micros} microseconds"),
    }
}

fn instant(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| "the end".to_owned(), |t| t.to_string())
}
