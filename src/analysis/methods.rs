//! How the numbers were made, in sentences.
use super::blank::Blank;
use super::judge::{Family, Judge, looks_so_far};
use super::report::{MetricResult, Outcome, Phase, Role, Sentence};
use super::request::{Calibration, Request};
use super::words::say;
use crate::model::experiment::{MethodKind, Spending};

/// Returns the method in words: the family, what may be concluded now, and each test that was used.
pub(super) fn methods(request: &Request, judge: Option<&Judge>, metrics: &[MetricResult]) -> Vec<Sentence> {
    let mut sentences = family(request);
    let used = used(metrics);
    let uses = |method: &str| used.contains(&method);
    let sequential = judge.is_some_and(|j| matches!(j.family, Family::Sequential));
    if sequential && uses("seq_shares") {
        sentences.push(say("method-sequential-shares", Vec::new()));
    }
    if sequential && used.iter().any(|m| *m != "seq_shares") {
        sentences.push(say("method-sequential-means", Vec::new()));
    }
    let each = [
        ("prop_diff_miettinen_nurminen", "method-score"),
        ("fisher_exact", "method-exact"),
        ("welch_t", "method-welch"),
        ("ratio_delta", "method-delta"),
        ("cuped", "method-prior"),
        ("quantile_metric", "method-quantile"),
        ("nps_diff", "method-nps"),
        ("logrank", "method-restricted"),
        ("stratified", "method-stratified"),
    ];
    sentences.extend(each.into_iter().filter(|(method, _)| uses(method)).map(|(_, rule)| say(rule, Vec::new())));
    let together = metrics.iter().filter(|m| m.role == Role::Primary).map(|m| m.comparisons.len()).sum::<usize>();
    if together > 1 && judge.is_none_or(|j| !matches!(j.family, Family::Bayesian)) {
        sentences.push(say("method-holm", vec![("comparisons", Blank::Count(together as u64))]));
    }
    if let Some(Calibration { tests, rang }) = request.settings().calibration.filter(|c| c.tests > 0) {
        let blanks = vec![
            ("rang", Blank::Count(rang)),
            ("tests", Blank::Count(tests)),
            ("rate", Blank::Share(rang as f64 / tests as f64)),
            ("level", Blank::Share(request.spec().method.level.share())),
        ];
        sentences.push(say("method-calibrated", blanks));
    }
    sentences
}

/// The names of the methods that made the estimates.
fn used(metrics: &[MetricResult]) -> Vec<&'static str> {
    let outcomes = metrics.iter().flat_map(|m| &m.comparisons).map(|c| &c.outcome);
    outcomes.filter_map(|o| if let Outcome::Estimate(e) = o { Some(e.method) } else { None }).collect()
}

fn family(request: &Request) -> Vec<Sentence> {
    let method = &request.spec().method;
    let level = ("level", Blank::Share(method.level.share()));
    match &method.kind {
        MethodKind::Fixed | MethodKind::Bayesian if request.cut_short() => {
            let rule =
                if method.kind == MethodKind::Fixed { "method-stopped-early" } else { "method-bayesian-stopped-early" };
            vec![say(rule, Vec::new()), say("method-sequential", vec![level])]
        }
        MethodKind::Fixed => vec![say("method-fixed", vec![level])],
        MethodKind::Sequential => vec![say("method-sequential", vec![level])],
        MethodKind::Bayesian if request.phase() == Phase::Running => {
            vec![say("method-bayesian", Vec::new()), say("method-bayesian-running", Vec::new())]
        }
        MethodKind::Bayesian if not_counted(request) => vec![say("method-bayesian", Vec::new())],
        MethodKind::Bayesian => vec![say("method-bayesian", Vec::new()), say("method-bayesian-end", Vec::new())],
        MethodKind::GroupSequential { looks, spending } => {
            let look = looks_so_far(request, *looks);
            let rule = if not_counted(request) { "method-group-planned" } else { "method-group" };
            let blanks = [
                ("looks", Blank::Count(u64::from(*looks))),
                ("spending", Blank::name(named(*spending))),
                ("look", Blank::Count(u64::from(look))),
            ];
            vec![say(rule, [level].into_iter().chain(blanks).collect())]
        }
    }
}

/// Whether nothing is counted yet, so that there is no end and no look to speak of.
fn not_counted(request: &Request) -> bool {
    matches!(request.phase(), Phase::Draft | Phase::NoData)
}

/// What a spending function is called in every language: by who found it.
fn named(spending: Spending) -> &'static str {
    match spending {
        Spending::ObrienFleming => "O’Brien–Fleming",
        Spending::Pocock => "Pocock",
        Spending::Power => "Kim–DeMets (ρ = 3)",
        Spending::Hsd => "Hwang–Shih–DeCani (γ = −4)",
    }
}
