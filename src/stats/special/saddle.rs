//! Loader's saddle-point pieces (Loader 2000): products of large powers without cancellation.

/// Returns e - ln(1 + e) for e > -1, with full relative precision near zero.
pub fn deviance(e: f64) -> f64 {
    deviance_of(e, 1.0 + e)
}

/// The same, where `ratio` = 1 + e is known better than by addition: for e near -1.
pub fn deviance_of(e: f64, ratio: f64) -> f64 {
    if e.abs() > 0.1 {
        return e - libm::log(ratio);
    }
    // ln(1 + e) = 2 atanh(r), and e = 2 r / (1 - r)
    let r = e / (2.0 + e);
    let square = r * r;
    let series = (1..=9).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    e * r - 2.0 * r * square * series
}

/// Returns Stirling's error: ln Gamma(x + 1) - (x + 1/2) ln x + x - ln(2 pi) / 2, for x > 0.
pub fn stirling_error(x: f64) -> f64 {
    const HALF_LN_2PI: f64 = 0.918_938_533_204_672_7;
    if x < 16.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * libm::log(x) + x - HALF_LN_2PI;
    }
    let s = 1.0 / (x * x);
    let series = 1.0 / 12.0
        - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s * (1.0 / 1188.0 - s * (691.0 / 360_360.0)))));
    series / x
}
