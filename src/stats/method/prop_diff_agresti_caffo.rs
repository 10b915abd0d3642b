//! Agresti and Caffo's interval for a difference of shares: one success and one failure more in each arm (2000).
use super::prop_diff_newcombe::Output;
use super::prop_z_test::Input;
use crate::stats::special::normal_upper;

/// Returns the interval; it may leave -1 to 1 and is not cut.
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    if input.n_a == 0.0 || input.n_b == 0.0 {
        return Ok(Output::no_data());
    }
    let (n_a, n_b) = (input.n_a + 2.0, input.n_b + 2.0);
    let (p_a, p_b) = ((input.x_a + 1.0) / n_a, (input.x_b + 1.0) / n_b);
    let half = normal_upper(input.alpha / 2.0) * (p_a * (1.0 - p_a) / n_a + p_b * (1.0 - p_b) / n_b).sqrt();
    Ok(Output::ok(input.difference(), p_b - p_a - half, p_b - p_a + half))
}
