use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::Experiment;
use crate::model::space::{BUCKETS, arms};

rule! {
    /// Weights that change while the test runs, and nobody is left to give to the arm that grows.
    ///
    /// Nobody changes arms. An arm that grows takes people who are not in the test, and an arm that shrinks keeps its
    /// people. With `traffic 100%` everybody is in an arm from the first day, so later weights come to nothing, and the
    /// report, which believes them, finds a broken split.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   variant control "Ten guitars" 50% { set layout to "list"; weight 20% from 2026-12-07 }
    ///   variant quiz "Three questions" 50% { set layout to "quiz"; weight 80% from 2026-12-07 }
    /// }
    /// ```
    ///
    /// Better: leave room for what may grow.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   traffic 50%
    ///   variant control "Ten guitars" 50% { set layout to "list"; weight 20% from 2026-12-07 }
    ///   variant quiz "Three questions" 50% { set layout to "quiz"; weight 80% from 2026-12-07 }
    /// }
    /// ```
    "weights-without-room", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let Some(changed) = experiment.variants.iter().find(|v| !v.changes.is_empty()) else { continue };
        let needed: u32 = most(experiment).into_iter().map(u32::from).sum();
        if needed > u32::from(BUCKETS) {
            let share = f64::from(needed) / f64::from(BUCKETS) * 100.0;
            let message = format!(
                "the weights of `{}` take {share:.0}% of the people, and nobody changes arms",
                experiment.meta.id
            );
            out.push(
                RULE.at(changed.meta.span, message)
                    .help("lower `traffic`, so that there are people to give to the arm that grows"),
            );
        }
    }
}

/// Returns the most buckets that each arm has at any time.
fn most(experiment: &Experiment) -> Vec<u16> {
    let on = |day| arms(&experiment.on(day)).into_iter().map(|buckets| buckets.count()).collect::<Vec<u16>>();
    let later = experiment.reweighted().into_iter();
    later.fold(on(experiment.counts_from()), |most, day| most.into_iter().zip(on(day)).map(|(a, b)| a.max(b)).collect())
}
