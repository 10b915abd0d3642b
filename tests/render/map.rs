//! The journey map.

use super::fixture;
use super::rewrite::rewrite;
use waypost::model::Model;
use waypost::render::{Document, Options, map};

fn drawn(model: &Model, journey: &str, with_data: bool) -> Document {
    let data = with_data.then(|| fixture::numbers(model));
    map(model, model.journey(journey).unwrap(), data.as_ref(), &Options::of(&model.manifest)).unwrap()
}

/// Words that stand in reports or in the data's names, and on no map.
fn elsewhere(model: &Model) -> Vec<String> {
    let mut copy = model.clone();
    let mut out = Vec::new();
    copy.journeys = Default::default();
    copy.stages = Default::default();
    copy.touchpoints = Default::default();
    copy.messages = Default::default();
    copy.pains = Default::default();
    copy.opportunities = Default::default();
    copy.personas = Default::default();
    copy.funnels = Default::default();
    copy.teams = Default::default();
    copy.channels = Default::default();
    copy.lanes = Default::default();
    rewrite(&mut copy, &mut |text| out.push(text.clone()));
    out
}

#[test]
fn everything_the_authors_wrote_is_on_a_map() {
    for name in fixture::projects() {
        let model = fixture::project(&name);
        let mut html = String::new();
        for (id, _) in model.journeys.iter() {
            html += &map(&model, id, None, &Options::of(&model.manifest)).unwrap().html;
        }
        let elsewhere = elsewhere(&model);
        let mut missing = Vec::new();
        rewrite(&mut model.clone(), &mut |text| {
            let shown = text.replace('&', "&amp;").replace('\'', "&#39;").replace('"', "&quot;");
            let marked = text.contains(['*', '`', '[']);
            let emoji = text.chars().all(|c| !c.is_alphanumeric());
            if !marked && !emoji && !html.contains(&shown) && !elsewhere.contains(text) {
                missing.push(text.clone());
            }
        });
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let model = fixture::guitar();
    assert_eq!(drawn(&model, "guitar", true), drawn(&fixture::guitar(), "guitar", true));
}

#[test]
fn people_who_change_devices_have_a_section_where_the_data_knows_of_them() {
    let model = fixture::guitar();
    let (with, without) = (drawn(&model, "guitar", true), drawn(&model, "guitar", false));
    assert!(with.html.contains("id=\"handovers\"") && with.html.contains("12.0% to 15.0%"));
    assert!(with.markdown.contains("### phone → laptop") && !with.html.contains("people who go from"));
    assert!(!without.html.contains("id=\"handovers\"") && without.html.contains("people who go from"));
}

#[test]
fn the_largest_loss_leads_to_where_it_is() {
    let page = drawn(&fixture::guitar(), "guitar", true).html;
    let minute = page.split("id=\"minute\"").nth(1).and_then(|p| p.split("</section>").next()).unwrap();
    assert!(minute.contains("who reached <a href=\"#t-"), "{minute:.600}");
}
