//! The program as people meet it: whole terminal outputs and exit codes.

#[cfg(feature = "engine")]
mod analyze;
mod build;
#[cfg(feature = "engine")]
mod calibrate;
mod check;
mod ci;
mod corpus;
mod day;
mod documents;
mod formats;
#[cfg(feature = "engine")]
mod funnels;
mod init;
#[cfg(unix)]
mod interrupted;
mod manual;
mod moved;
mod plan;
mod reach;
#[cfg(feature = "engine")]
mod recovered;
mod schemas;
mod selection;
mod simulate;
mod usage;
#[cfg(feature = "engine")]
mod verify;
#[cfg(feature = "engine")]
mod versus;
#[cfg(feature = "engine")]
mod walks;
mod watch;

use snapbox::cmd::Command;
use tempfile::TempDir;

/// Returns the program in a folder, without colour and without what the machine's environment would change.
fn waypost(dir: &TempDir) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Command::new(env!("CARGO_BIN_EXE_waypost"))
        .env_clear()
        .env("PATH", path)
        .env("SOURCE_DATE_EPOCH", "1796083200")
        .current_dir(dir.path())
}

/// Returns the program with the signals of an interruption as a terminal leaves them: who runs the tests in the background may
/// have had some ignored (`nohup`), which children inherit and which the program respects.
#[cfg(unix)]
pub fn interruptible() -> std::process::Command {
    use std::process::Command;
    const OPEN: &str = "--default-signal=INT,TERM,HUP";
    let program = env!("CARGO_BIN_EXE_waypost");
    let known = Command::new("env").args([OPEN, "true"]).output().is_ok_and(|o| o.status.success());
    let mut command = Command::new(if known { "env" } else { program });
    if known {
        command.args([OPEN, program]);
    }
    command
}

/// Returns a folder with these files; a `.git` in it keeps whatever lies above out of sight.
fn project(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = dir.path().join(path.as_ref());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_ref()).unwrap();
    }
    dir
}
