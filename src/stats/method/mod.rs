//! Every statistical method, one file each, and the list of them by name.
pub mod attribution;
pub mod bayes_beta_binomial;
pub mod bayes_normal;
pub mod bootstrap_mean_diff;
pub mod chi2_kx2;
pub mod cuped;
pub mod dist;
pub mod fisher_exact;
pub mod group_sequential;
pub mod heterogeneity;
pub mod heuristic_attribution;
pub mod interaction;
pub mod logrank;
pub mod markov_attribution;
pub mod msprt;
pub mod noninferiority_mean;
pub mod noninferiority_prop;
pub mod nps_diff;
pub mod p_adjust;
pub mod power_mean;
pub mod power_prop;
pub mod prop_ci_single;
pub mod prop_diff_agresti_caffo;
pub mod prop_diff_miettinen_nurminen;
pub mod prop_diff_newcombe;
pub mod prop_z_test;
pub mod quantile_metric;
pub mod ratio_delta;
pub mod rel_lift;
pub mod seq_asymptotic_cs;
pub mod seq_shares;
pub mod shapley_attribution;
pub mod srm_chi2;
pub mod srm_sequential;
pub mod stratified;
pub mod trend;
pub mod welch_t;
pub mod winsorize;

use serde_json::Value;

use super::door::through;

/// A method behind the door: its name, what it does, and how to run it on JSON.
pub struct Method {
    /// The name, as `waypost stats NAME` takes it.
    pub name: &'static str,
    /// What it does, in one line.
    pub says: &'static str,
    pub(super) run: fn(&Value) -> Result<Value, String>,
}

/// A row of the list.
macro_rules! method {
    ($module:ident, $says:literal) => {
        Method { name: stringify!($module), says: $says, run: |inputs| through(inputs, $module::run) }
    };
}

/// All methods, by name.
pub const METHODS: &[Method] = &[
    method!(bayes_beta_binomial, "two shares with beta priors: chance to be better, expected loss"),
    method!(bayes_normal, "a normal effect with a normal prior: chance to win, expected loss"),
    method!(bootstrap_mean_diff, "percentile bootstrap of a difference of means"),
    method!(chi2_kx2, "omnibus chi-square of k shares"),
    method!(cuped, "means, adjusted by what is known from before"),
    method!(dist, "a distribution's function at a point"),
    method!(fisher_exact, "exact test of two shares, with mid-p"),
    method!(group_sequential, "boundaries of a group-sequential test, and its size"),
    method!(heterogeneity, "effects over segments: do they differ, and what each is after shrinkage"),
    method!(heuristic_attribution, "first, last, linear and position-based credit"),
    method!(interaction, "whether two experiments at once change each other's effect"),
    method!(logrank, "time to an event: curves, restricted means, log-rank test"),
    method!(markov_attribution, "credit by removal from a Markov chain"),
    method!(msprt, "mixture sequential probability ratio test"),
    method!(noninferiority_mean, "a mean is not worse by more than a margin"),
    method!(noninferiority_prop, "a share is not worse by more than a margin"),
    method!(nps_diff, "difference of net promoter scores"),
    method!(p_adjust, "Bonferroni, Holm, Benjamini-Hochberg, Benjamini-Yekutieli"),
    method!(power_mean, "units, power and smallest effect for means"),
    method!(power_prop, "units, power and smallest effect for shares"),
    method!(prop_ci_single, "one share: Wilson, Agresti-Coull, Clopper-Pearson"),
    method!(prop_diff_agresti_caffo, "difference of shares: Agresti-Caffo interval"),
    method!(prop_diff_miettinen_nurminen, "difference of shares: Miettinen-Nurminen interval"),
    method!(prop_diff_newcombe, "difference of shares: Newcombe interval"),
    method!(prop_z_test, "difference of shares: z test and Wald interval"),
    method!(quantile_metric, "variance of a quantile, clustered"),
    method!(ratio_delta, "ratio metrics by the delta method"),
    method!(rel_lift, "relative lift: delta, logarithm, Fieller"),
    method!(seq_asymptotic_cs, "asymptotic confidence sequence, valid at any time"),
    method!(seq_shares, "two shares, exact and valid at any time from the first unit"),
    method!(shapley_attribution, "credit by Shapley value"),
    method!(srm_chi2, "sample ratio mismatch, looked at once"),
    method!(srm_sequential, "sample ratio mismatch, looked at any time"),
    method!(stratified, "difference of means within strata or periods of allocation"),
    method!(trend, "whether an effect rises or falls with time"),
    method!(welch_t, "difference of means: Welch's t test"),
    method!(winsorize, "values cut at a quantile"),
];

/// Returns the method of this name.
pub fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|m| m.name == name)
}
