//! How large pages are: an ordinary one at most 200 kB, one of 200 stages and 20 experiments at most 1 MB.

use super::pages;
use std::fmt::Write;
use waypost::model::Model;
use waypost::render::{Options, map};

/// Returns a journey of so many stages with a touchpoint each, and so many experiments on it.
pub fn long(stages: usize, experiments: usize) -> Model {
    let mut text = String::from(
        "channel web \"Web\" { kind self-service }\nteam web-team \"Web\"\npersona anna \"Anna\" { goal \"Gets through\" }\nevent pays { named \"Pays\" }\nmetric paid \"Paid\" { share of \
         pays within 7 days; higher is better }\njourney long \"A long way\" {\n  for anna\n",
    );
    for n in 0..stages {
        let feels = ["-1", "0", "+1", "+2"][n % 4];
        let _ = write!(
            text,
            "  stage s{n} \"Stage {n}\" {{\n    phase pre-sale\n    touchpoint t{n} \"Place {n} where they meet us\" {{\n      channel web\n      seen by pays\n      does \"Does what is \
             to be done here\"\n      thinks \"Is this right?\"\n      feels {feels} \"so so\"\n"
        );
        if n < experiments {
            let _ = write!(
                text,
                "      pain p{n} \"It hurts {n} times\" {{ kind leaving; severity high }}\n      opportunity o{n} \"Better in {n} ways\" {{ \
                 solves p{n}; value 3; cost 2 }}\n"
            );
        }
        text += "    }\n  }\n";
    }
    text += "}\n";
    for n in 0..experiments {
        let _ = write!(
            text,
            "experiment e{n} \"Try {n}\" {{\n  at long.t{n}\n  because \"It is slow\"\n  tests o{n}\n  owner web-team\n  runs from 2026-11-30 to \
             2026-12-27\n  status draft\n  unit user\n  variant control \"As now\" 50% {{ set it to \"old\" }}\n  variant new \
             \"New\" 50% {{ set it to \"new\" }}\n  primary paid expects +8%\n  method fixed with level 5% and power 80%\n}}\n"
        );
    }
    let parsed = waypost::syntax::parse(Default::default(), &text);
    assert_eq!(parsed.diagnostics, []);
    let (manifest, found) = waypost::resolve::manifest(Default::default(), "name: long\nunits: { user: user_id }\n");
    assert_eq!(found, []);
    let resolution = waypost::resolve::resolve(&manifest.unwrap(), std::slice::from_ref(&parsed.tree));
    assert_eq!(resolution.diagnostics, []);
    resolution.model.unwrap()
}

#[test]
fn a_page_of_200_stages_and_20_experiments_is_at_most_1_mb() {
    let model = long(200, 20);
    let page = map(&model, model.journey("long").unwrap(), None, &Options::of(&model.manifest)).unwrap();
    assert_eq!(page.html.matches("scope=\"col\" id=\"s-").count(), 200);
    assert!((0..20).all(|n| page.html.contains(&format!("href=\"test-e{n}.html\""))));
    assert!(page.html.len() <= 1_000_000, "{} bytes", page.html.len());
    println!("200 stages and 20 experiments: {} kB", page.html.len() / 1000);
}

#[test]
fn an_ordinary_page_is_at_most_200_kb() {
    for (name, page) in pages::all() {
        if name != "hostile" {
            assert!(page.html.len() <= 200_000, "{name}: {} bytes", page.html.len());
        }
    }
}
