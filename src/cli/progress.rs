//! How far long work is, on the terminal of whoever waits: [`during`].

use super::World;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Work that takes longer says how far it is.
const PATIENCE: Duration = Duration::from_millis(800);
/// How often it says so.
const PACE: Duration = Duration::from_millis(120);

/// Does work; where it takes long and somebody watches, `say` is shown on the error output meanwhile, and is gone afterwards.
pub fn during<T>(world: &World<'_>, say: impl Fn() -> String + Sync, work: impl FnOnce() -> T) -> T {
    if !world.watched {
        return work();
    }
    let (done, ended) = channel::<()>();
    std::thread::scope(|scope| {
        let say = &say;
        scope.spawn(move || {
            let waits = |time| matches!(ended.recv_timeout(time), Err(RecvTimeoutError::Timeout));
            if !waits(PATIENCE) {
                return;
            }
            let bar = line();
            loop {
                bar.set_message(say());
                bar.tick();
                if !waits(PACE) {
                    return bar.finish_and_clear();
                }
            }
        });
        let value = work();
        drop(done);
        value
    })
}

fn line() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

/// Returns how far the engine is, in words.
#[cfg(feature = "engine")]
pub fn counting(far: &crate::engine::Progress) -> String {
    let rows = far.rows();
    match far.counted() {
        None => format!("reading the data: {} rows", apart(rows)),
        Some(share) => format!("counting {} rows: {:.0} %", apart(rows), share * 100.0),
    }
}

/// Returns a number with its digits in groups of three.
#[cfg(feature = "engine")]
fn apart(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    #[test]
    fn numbers_are_read_in_groups() {
        assert_eq!(
            ["7", "1 234", "12 345 678"],
            [7, 1234, 12_345_678].map(super::apart).each_ref().map(String::as_str)
        );
    }
}
