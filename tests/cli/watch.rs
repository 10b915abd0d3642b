//! `build --watch`: the program is really started, a file changes, and the page that is served loads again.

use super::project;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const SPEC: &str = r#"journey buy "Buying" {
  for anybody
  sale at order
  stage purchase "Buying" {
    phase sale
    touchpoint order "Order" { channel web }
  }
}
persona anybody "Anybody"
channel web "Web"
"#;

/// A program that is ended with the test.
struct Watcher {
    child: Child,
    address: String,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn watch(dir: &std::path::Path) -> Watcher {
    let mut child = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .env_clear()
        .env("SOURCE_DATE_EPOCH", "1796083200")
        .current_dir(dir)
        .args(["build", "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|l| Some(l.split_once("pages at http://")?.1.trim_end_matches('/').to_owned()))
        .unwrap();
    // What it says later is read, so that it never waits for us.
    std::thread::spawn(move || lines.for_each(drop));
    Watcher { child, address }
}

impl Watcher {
    fn ask(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn get_as(&self, path: &str, host: &str) -> String {
        let mut text = String::new();
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).read_to_string(&mut text).unwrap();
        text
    }

    fn get(&self, path: &str) -> String {
        self.get_as(path, &self.address)
    }
}

/// Returns the next number of a build in a stream of events.
fn next(events: &mut impl BufRead) -> String {
    let mut line = String::new();
    while events.read_line(&mut line).unwrap() > 0 {
        if let Some(number) = line.strip_prefix("data: ") {
            return number.trim().to_owned();
        }
        line.clear();
    }
    panic!("the stream ended")
}

#[test]
fn a_change_of_a_file_builds_and_tells_the_browser() {
    let dir = project(&[("waypost.yaml", "name: shop\n"), ("shop.journey", SPEC)]);
    let watcher = watch(dir.path());
    let mut events =
        BufReader::new(watcher.ask(&format!("GET /.waypost/events HTTP/1.1\r\nHost: {}\r\n\r\n", watcher.address)));
    assert_eq!(next(&mut events), "1");
    let page = watcher.get("/map-buy.html");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains(">Order<") && page.contains("script.js"), "{page:.600}");
    assert!(watcher.get("/.waypost/script.js").contains("new EventSource"));

    let file = dir.path().join("shop.journey");
    std::fs::write(&file, SPEC.replace("\"Order\"", "\"Order here\"")).unwrap();
    assert_eq!(next(&mut events), "2");
    assert!(watcher.get("/map-buy.html").contains(">Order here<"));

    // a mistake keeps the last good build, and mending it builds again
    std::fs::write(&file, "journey {").unwrap();
    std::thread::sleep(Duration::from_millis(800));
    assert!(watcher.get("/map-buy.html").contains(">Order here<"));
    std::fs::write(&file, SPEC).unwrap();
    assert_eq!(next(&mut events), "3");

    // the files of the build have no script, and hold
    let written = std::fs::read_to_string(dir.path().join("out/map-buy.html")).unwrap();
    assert!(!written.contains("<script") && !written.contains("script-src"));
}

#[test]
fn only_this_machine_and_only_the_build_are_served() {
    let dir = project(&[("waypost.yaml", "name: shop\n"), ("shop.journey", SPEC)]);
    let watcher = watch(dir.path());
    assert!(watcher.address.starts_with("127.0.0.1:"));
    assert!(watcher.get("/").starts_with("HTTP/1.1 200"));
    assert!(watcher.get_as("/", "evil.example").starts_with("HTTP/1.1 400"));
    for path in ["/../waypost.yaml", "/%2e%2e/waypost.yaml", "/shop.journey", "/.waypost-build.json", "//etc/passwd"] {
        let told = watcher.get(path);
        assert!(told.starts_with("HTTP/1.1 404"), "{path}: {told}");
    }
    let mut text = String::new();
    let post = format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n", watcher.address);
    watcher.ask(&post).read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
}
