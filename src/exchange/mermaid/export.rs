//! A journey of the model to a diagram.

use super::label::written;
use crate::model::lane::{Feeling, in_five};
use crate::model::{Id, Journey, Model, Persona, Touchpoint};
use std::fmt::Write;

/// Marks of a place besides the general ones.
const NAME_MARKS: &str = ":";
const ACTOR_MARKS: &str = ":,";

/// Returns the Mermaid `journey` diagram of a journey.
///
/// Stages become sections, touchpoints tasks, feelings scores, personas actors. A touchpoint that feels different to
/// different people, or several ways to one, is one task for each feeling. Mermaid needs a score: where no feeling is
/// written, 3 stands, and a comment says so. All the rest of the map has no place in a diagram.
pub fn export(model: &Model, journey: Id<Journey>) -> String {
    let mut out = String::from("journey\n");
    let this = &model.journeys[journey];
    let _ = writeln!(out, "  title {}", written(&this.meta.title, ""));
    for stage in this.stages.iter().map(|s| &model.stages[*s]) {
        let _ = writeln!(out, "  section {}", name(&stage.meta.title, &stage.meta.id));
        for touchpoint in stage.touchpoints.iter().map(|t| &model.touchpoints[*t]) {
            tasks(model, this, touchpoint, &mut out);
        }
    }
    out
}

/// Returns a text that is never empty, since a line of a diagram without one is an error.
fn name(title: &str, id: &str) -> String {
    written(if title.trim().is_empty() { id } else { title }, NAME_MARKS)
}

fn tasks(model: &Model, journey: &Journey, touchpoint: &Touchpoint, out: &mut String) {
    let passers = passers(model, journey, touchpoint);
    let feelings = &touchpoint.place.feelings;
    for feeling in feelings {
        let who = if feeling.personas.is_empty() { &passers } else { &feeling.personas };
        let title = task_title(touchpoint, feeling, feelings.len() > 1);
        task(model, &title, in_five(feeling.value), who, out);
    }
    let felt = |p: &Id<Persona>| feelings.iter().any(|f| f.personas.is_empty() || f.personas.contains(p));
    let rest: Vec<Id<Persona>> = passers.iter().copied().filter(|p| !felt(p)).collect();
    if !rest.is_empty() || feelings.is_empty() {
        let title = name(&touchpoint.meta.title, &touchpoint.meta.id);
        out.push_str("    %% no feeling is written here; 3 stands in\n");
        task(model, &title, 3, &rest, out);
    }
}

/// Returns who passes a touchpoint: its own `for`, the journey's, or that of the journey this is the ideal of.
fn passers(model: &Model, journey: &Journey, touchpoint: &Touchpoint) -> Vec<Id<Persona>> {
    let base = journey.ideal_of.map(|j| model.journeys[j].personas.as_slice()).unwrap_or_default();
    let all = [touchpoint.personas.as_slice(), journey.personas.as_slice(), base];
    all.into_iter().find(|list| !list.is_empty()).unwrap_or_default().to_vec()
}

fn task_title(touchpoint: &Touchpoint, feeling: &Feeling, several: bool) -> String {
    let title = if touchpoint.meta.title.trim().is_empty() { &touchpoint.meta.id } else { &touchpoint.meta.title };
    match feeling.word.as_ref().filter(|_| several) {
        Some(word) => written(&format!("{title} ({word})"), NAME_MARKS),
        None => written(title, NAME_MARKS),
    }
}

fn task(model: &Model, title: &str, score: u8, who: &[Id<Persona>], out: &mut String) {
    let names: Vec<String> = who.iter().map(|p| persona(&model.personas[*p])).collect();
    let actors = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    let _ = writeln!(out, "    {title}: {score}{actors}");
}

fn persona(persona: &Persona) -> String {
    let title = if persona.meta.title.trim().is_empty() { &persona.meta.id } else { &persona.meta.title };
    written(title, ACTOR_MARKS)
}
