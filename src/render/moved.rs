//! What moved on a map between two revisions, as one picture: the curve before and after, and what came, went or changed.

use super::Options;
use super::map::{Outline, outline};
use super::svg::{self, Moved, MovedPicture};
use super::words::Words;
use crate::model::{Id, Journey, Model};

/// Returns one picture of every map that moved, and says so where none did. Maps and touchpoints are known by their ids.
pub fn moved_svg(before: &Model, after: &Model, options: &Options) -> String {
    let words: &Words = &options.words;
    let ids = |model: &Model| model.journeys.values().map(|j| j.meta.id.clone()).collect::<Vec<_>>();
    let mut all = ids(after);
    let gone: Vec<String> = ids(before).into_iter().filter(|id| !all.contains(id)).collect();
    all.extend(gone);
    let mut pictures: Vec<MovedPicture> = Vec::new();
    for id in &all {
        let (was, is) = (places(before, before.journey(id)), places(after, after.journey(id)));
        let side = after.journey(id).map(|j| &after.journeys[j]);
        let Some(journey) = side.or_else(|| before.journey(id).map(|j| &before.journeys[j])) else { continue };
        let Some(new) = picture(&journey.meta.title, &was, &is, words) else { continue };
        // an ideal lies over the map it is the ideal of, and moves along: what is told there is not told again
        let told = |line: &String| pictures.iter().any(|p| p.says.contains(line));
        if journey.ideal_of.is_none() || !new.says.iter().all(told) {
            pictures.push(new);
        }
    }
    svg::moved(&pictures, words)
}

/// A touchpoint with what the picture compares.
#[derive(Clone, PartialEq)]
struct Place {
    id: String,
    title: String,
    stage: String,
    felt: Option<f64>,
    pains: usize,
    opportunities: usize,
}

fn places(model: &Model, journey: Option<Id<Journey>>) -> Vec<Place> {
    let Some(journey) = journey else { return Vec::new() };
    let base = model.journeys[journey].ideal_of.unwrap_or(journey);
    let stages = &model.journeys[base].stages;
    let place = |o: Outline| {
        let touchpoint = &model.touchpoints[o.touchpoint];
        let open = touchpoint.place.pains.iter().filter(|&&p| model.pains[p].solved.is_none()).count();
        Place {
            id: touchpoint.meta.id.clone(),
            title: touchpoint.meta.title.clone(),
            stage: stages.get(o.stage).map(|&s| model.stages[s].meta.title.clone()).unwrap_or_default(),
            felt: o.felt,
            pains: open,
            opportunities: touchpoint.place.opportunities.len(),
        }
    };
    outline(model, journey).into_iter().map(place).collect()
}

/// Returns the order to draw in: that of today, with what went after what it followed.
fn merged<'p>(was: &'p [Place], is: &'p [Place]) -> Vec<(Option<&'p Place>, Option<&'p Place>)> {
    let old = |id: &str| was.iter().find(|p| p.id == id);
    let mut out: Vec<(Option<&Place>, Option<&Place>)> = is.iter().map(|p| (old(&p.id), Some(p))).collect();
    let mut last: Option<&str> = None;
    for place in was {
        if !is.iter().any(|p| p.id == place.id) {
            let after = last.and_then(|id| out.iter().position(|(a, b)| a.or(*b).is_some_and(|p| p.id == id)));
            out.insert(after.map_or(0, |at| at + 1), (Some(place), None));
        }
        last = Some(&place.id);
    }
    out
}

fn picture(title: &str, was: &[Place], is: &[Place], words: &Words) -> Option<MovedPicture> {
    let all = merged(was, is);
    let mut says = Vec::new();
    let mut slots = Vec::new();
    for (before, after) in &all {
        let said = told(*before, *after, words);
        let shown = after.or(*before)?;
        slots.push(Moved {
            stage: shown.stage.clone(),
            was: before.and_then(|p| p.felt),
            is: after.and_then(|p| p.felt),
            came: before.is_none(),
            went: after.is_none(),
            number: (!said.is_empty()).then(|| says.len() + 1),
        });
        if !said.is_empty() {
            says.push(said.join("; "));
        }
    }
    let moved = order(was, is).then(|| words.t("moved.order").to_owned());
    if says.is_empty() && moved.is_none() {
        return None;
    }
    Some(MovedPicture { title: title.to_owned(), slots, says, order: moved })
}

/// Whether those that stayed stand in another order.
fn order(was: &[Place], is: &[Place]) -> bool {
    let kept = |of: &[Place], other: &[Place]| {
        of.iter().map(|p| p.id.clone()).filter(|id| other.iter().any(|o| o.id == *id)).collect::<Vec<_>>()
    };
    kept(was, is) != kept(is, was)
}

/// Says what became of one touchpoint, a clause each.
fn told(before: Option<&Place>, after: Option<&Place>, words: &Words) -> Vec<String> {
    let feeling =
        |f: Option<f64>| f.map_or("–".to_owned(), |f| words.signed(f, if f.fract() == 0.0 { 0 } else { 1 }));
    let (was, is) = match (before, after) {
        (None, Some(p)) => return vec![words.fill("moved.came", &[("place", &p.title), ("stage", &p.stage)])],
        (Some(p), None) => return vec![words.fill("moved.went", &[("place", &p.title), ("stage", &p.stage)])],
        (Some(was), Some(is)) => (was, is),
        (None, None) => return Vec::new(),
    };
    let mut out = Vec::new();
    let mut say = |key: &str, from: String, to: String| {
        if from != to {
            out.push(words.fill(key, &[("place", &is.title), ("was", &from), ("is", &to)]));
        }
    };
    say("moved.feels", feeling(was.felt), feeling(is.felt));
    say("moved.pains", words.integer(was.pains as u64), words.integer(is.pains as u64));
    say("moved.answers", words.integer(was.opportunities as u64), words.integer(is.opportunities as u64));
    say("moved.stage", was.stage.clone(), is.stage.clone());
    say("moved.named", was.title.clone(), is.title.clone());
    out
}
