//! Wrong use, help, version, completions.

fn waypost() -> snapbox::cmd::Command {
    snapbox::cmd::Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear()
}

#[test]
fn wrong_use_is_2_and_says_what_is_right() {
    waypost().arg("chek").assert().code(2).stdout_eq("").stderr_eq(snapbox::str![[r#"
error: unrecognized subcommand 'chek'
...
"#]]);
}

#[test]
fn version_is_asked_for_and_clean() {
    waypost().arg("--version").assert().code(0).stdout_eq("waypost [..]\n").stderr_eq("");
}

#[test]
fn completions_name_every_verb() {
    let script = waypost().args(["completions", "bash"]).assert().code(0).get_output().stdout.clone();
    assert!(String::from_utf8(script).unwrap().contains("completions"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_2() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["completions", "bash"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "error: no space left on device\n");
}

#[test]
#[cfg(unix)]
fn a_reader_that_leaves_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["completions", "bash"])
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}
