//! A project of many stages: what the benchmark of the documents draws, and what the test of their size weighs.

use std::fmt::Write;

/// The manifest of the project.
pub const MANIFEST: &str = "name: long\nunits: { user: user_id }\n";

/// Returns the spec of a journey of so many stages, each with a touchpoint, a pain and an answer, and so many experiments on it.
pub fn spec(stages: usize, experiments: usize) -> String {
    let mut text = String::from(
        "channel web \"Web\" { kind self-service }\nteam web-team \"Web\"\npersona anna \"Anna\" { goal \"Gets through\" }\nevent pays { named \"Pays\" }\nmetric paid \"Paid\" { share of \
         pays within 7 days; higher is better }\njourney long \"A long way\" {\n  for anna\n",
    );
    for n in 0..stages {
        let _ = write!(
            text,
            "  stage s{n} \"Stage {n}\" {{\n    phase pre-sale\n    touchpoint t{n} \"Place {n}\" {{\n      channel web\n      seen by pays\n      does \"Does what is to be done\"\n      \
             feels {} \"so so\"\n      pain p{n} \"It hurts {n} times\" {{ kind leaving; severity high }}\n      opportunity o{n} \"Better in \
             {n} ways\" {{ solves p{n}; value 3; cost 2 }}\n    }}\n  }}\n",
            n % 3
        );
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
    text
}
