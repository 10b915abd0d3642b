//! The templates of `waypost init`: projects that check and build at once, with hints as comments.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// The stages a project begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Template {
    /// Three stages, one pain, one experiment
    Minimal,
    /// Awareness, engagement, evaluation, purchase, experience, bond
    SixStages,
    /// Awareness, consideration, purchase, retention, advocacy: the digital customer journey
    Digital,
    /// Awareness, consideration, acquisition, service, loyalty: every department on one map
    Comprehensive,
    /// Research, compare, workshop, quote, sign: questions, feelings, answers
    Simple,
    /// Visit website, sign up, onboarding, retention
    App,
    /// Discover, research, convert, after-sales: several personas on one grid
    Personas,
    /// Awareness, consideration, decision
    Decision,
    /// Before, during and after the purchase
    BeforeAfter,
}

/// One file of a project: its path and its text.
pub type File = (&'static str, String);

macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!($folder, "/", $name)))),+]
    };
}

impl Template {
    /// Every template, in the order of the help.
    pub const ALL: [Template; 9] = [
        Template::Minimal,
        Template::SixStages,
        Template::Digital,
        Template::Comprehensive,
        Template::Simple,
        Template::App,
        Template::Personas,
        Template::Decision,
        Template::BeforeAfter,
    ];

    fn sources(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Template::Minimal => files!("minimal": "waypost.yaml", "map.journey", "people.journey", "tracking.journey"),
            Template::SixStages => files!("six-stages": "waypost.yaml", "map.journey", "people.journey"),
            Template::Digital => files!("digital": "waypost.yaml", "map.journey", "people.journey"),
            Template::Comprehensive => files!("comprehensive": "waypost.yaml", "map.journey", "people.journey"),
            Template::Simple => files!("simple": "waypost.yaml", "map.journey", "people.journey"),
            Template::App => files!("app": "waypost.yaml", "map.journey", "people.journey"),
            Template::Personas => files!("personas": "waypost.yaml", "map.journey", "people.journey"),
            Template::Decision => files!("decision": "waypost.yaml", "map.journey", "people.journey"),
            Template::BeforeAfter => files!("before-after": "waypost.yaml", "map.journey", "people.journey"),
        }
    }

    /// Returns the files of a project of this name begun on a day.
    ///
    /// Its experiment, where it has one, starts on the first Monday at least a week later and runs for eight weeks.
    pub fn files(self, name: &str, today: Date) -> Vec<File> {
        let (start, end) = weeks(today);
        let name = yaml_text(name);
        let fill = |text: &str| {
            let dated = text.replace("{{today}}", &today.to_string());
            dated
                .replace("{{start}}", &start.to_string())
                .replace("{{end}}", &end.to_string())
                .replace("{{name}}", &name)
        };
        self.sources().iter().map(|(path, text)| (*path, fill(text))).collect()
    }
}

/// Returns the first Monday a week from a day, and the Sunday eight weeks on.
fn weeks(today: Date) -> (Date, Date) {
    let later = |from: Date, by: Span| from.checked_add(by).unwrap_or(from);
    let soon = later(today, 7.days());
    let to_monday = i64::from(soon.weekday().until(Weekday::Monday));
    let start = later(soon, to_monday.days());
    (start, later(start, 55.days()))
}

/// Returns a text as YAML reads it: plain where it is a simple word, else in quotes.
fn yaml_text(text: &str) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let simple = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !words.contains(&text.to_ascii_lowercase().as_str());
    if simple { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_experiment_runs_whole_weeks() {
        for day in 1..=14 {
            let (start, end) = weeks(jiff::civil::date(2026, 11, day));
            assert_eq!(start.weekday(), Weekday::Monday);
            assert_eq!(end.weekday(), Weekday::Sunday);
            assert!(start >= jiff::civil::date(2026, 11, day + 7));
        }
        assert_eq!(weeks(Date::MAX), (Date::MAX, Date::MAX));
    }

    #[test]
    fn any_folder_name_is_a_project_name() {
        assert_eq!(yaml_text("my-shop"), "my-shop");
        for name in ["no", "a: b", "春茶", "\"x\"", "# y", "", "1e3", "~"] {
            let back: serde_json::Value = serde_yaml::from_str(&format!("name: {}\n", yaml_text(name))).unwrap();
            assert_eq!(back["name"], name);
        }
    }
}
