//! The program as people meet it: whole terminal outputs and exit codes.

mod usage;

use snapbox::cmd::Command;

/// Returns the program, without colour and without what the machine's environment would change.
fn waypost() -> Command {
    Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear().env("SOURCE_DATE_EPOCH", "1796083200")
}
