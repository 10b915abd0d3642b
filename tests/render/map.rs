//! The journey map.

use super::fixture;
use waypost::model::Model;
use waypost::render::{Document, Options, map};

fn drawn(model: &Model, journey: &str, with_data: bool) -> Document {
    let data = with_data.then(|| fixture::numbers(model));
    map(model, model.journey(journey).unwrap(), data.as_ref(), &Options::of(&model.manifest)).unwrap()
}

#[test]
fn everything_the_authors_wrote_is_on_the_map() {
    let said = std::cell::RefCell::new(Vec::new());
    let count = |text: &str| {
        said.borrow_mut().push(text.to_owned());
        text.to_owned()
    };
    let model = fixture::guitar_saying(&count);
    let html = drawn(&model, "guitar", false).html + &drawn(&model, "guitar-ideal", false).html;
    let unseen = [
        "Order Completed",
        "Checkout Viewed",
        "Complaint Opened",
        "Survey Answered",
        "Click to accept",
        "/privacy",
        "Order rate",
    ];
    let text = |t: &str| t.replace('\'', "&#39;");
    for words in said.into_inner().iter().filter(|w| !w.contains('*')) {
        let elsewhere = unseen.contains(&words.as_str())
            || model.metrics.values().any(|m| m.meta.title == *words)
            || model.experiments.values().any(|e| {
                e.variants.iter().any(|v| format!("{v:?}").contains(words.as_str()))
                    || e.next_question.as_deref() == Some(words)
            })
            || words == "Planned end";
        assert!(html.contains(&text(words)) || elsewhere, "`{words}` is not on the map");
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let model = fixture::guitar();
    assert_eq!(drawn(&model, "guitar", true), drawn(&fixture::guitar(), "guitar", true));
}

/// Writes the pages to look at, where `WAYPOST_PAGES` names a folder.
#[test]
fn pages_to_look_at() {
    #[allow(clippy::disallowed_methods)]
    let Ok(folder) = std::env::var("WAYPOST_PAGES") else { return };
    let model = fixture::guitar();
    for (name, journey, data) in [("plain", "guitar", false), ("data", "guitar", true), ("ideal", "guitar-ideal", true)]
    {
        let page = drawn(&model, journey, data);
        std::fs::write(format!("{folder}/{name}.html"), page.html).unwrap();
        std::fs::write(format!("{folder}/{name}.md"), page.markdown).unwrap();
    }
}
