//! An answer of very many rows: it ends, in bounded memory, and leaves a whole page or none.
use super::connect::project;
use std::io::{BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};

/// How many different values a percentile is taken of; WAYPOST_ANSWERS asks for more.
#[allow(clippy::disallowed_methods, reason = "how much a test run does is the caller's choice")]
fn answers() -> u64 {
    std::env::var("WAYPOST_ANSWERS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000)
}

/// Reads a request of HTTP, and returns its query.
fn asked(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let mut part = [0; 65_536];
    loop {
        let size = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        read.extend_from_slice(&part[..size]);
        let text = String::from_utf8_lossy(&read);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.strip_prefix("Content-Length: ")).unwrap().parse().unwrap();
            if body.len() >= length {
                return Some(body.to_owned());
            }
        }
    }
}

/// A server that answers with so many different values of the measure at this place; it ends early where `cut`.
fn server(measure: usize, values: u64, cut: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            while let Some(sql) = asked(&mut stream) {
                let _ = say(&mut stream, &sql, (measure, values), cut);
            }
        }
    });
    port
}

fn say(stream: &mut TcpStream, sql: &str, (measure, values): (usize, u64), cut: bool) -> std::io::Result<()> {
    let mut to = BufWriter::with_capacity(1 << 16, &*stream);
    to.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    let mut chunk = |text: &str| write!(to, "{:x}\r\n{text}\r\n", text.len());
    if sql.contains("cut_by") && sql.contains("'sample'") {
        for variant in 0..2 {
            let units = values.div_ceil(2);
            chunk(&format!("[\"unit\",-1,{variant},-1,\"20000\",null,null,null,\"{units}\"]\n"))?;
        }
        for n in 0..values {
            let cents = 100 + n;
            let variant = n % 2;
            chunk(&format!("[\"sample\",{measure},{variant},-1,\"20000\",{cents},null,null,\"1\"]\n"))?;
        }
        if cut {
            to.flush()?;
            return stream.shutdown(std::net::Shutdown::Both);
        }
    } else {
        let (first, last) = (1_700_000_000_000_000_i64, 1_790_000_000_000_000_i64);
        chunk(&format!("[\"asked\",0,-1,-1,null,null,null,null,\"{values}\"]\n"))?;
        chunk(&format!("[\"people\",-1,-1,-1,null,null,null,null,\"{values}\"]\n"))?;
        chunk(&format!("[\"span\",-1,-1,-1,null,{first},{last},null,\"1\"]\n"))?;
    }
    to.write_all(b"0\r\n\r\n")?;
    to.flush()
}

/// Asks for the report in so much memory (in kB), as the shell bounds it.
fn report(dir: &Path, port: u16, memory: u64) -> Output {
    let ask = format!(
        "ulimit -v {memory}; exec '{}' report guest-checkout --to html -o page.html --on clickhouse://127.0.0.1:{port}",
        env!("CARGO_BIN_EXE_waypost")
    );
    let mut sh = Command::new("sh");
    sh.current_dir(dir).env("SOURCE_DATE_EPOCH", "1796083200").env("RAYON_NUM_THREADS", "2");
    sh.args(["-c", &ask]).output().unwrap()
}

/// The place of the metric that is cut at a percentile among the experiment's measures.
fn capped(dir: &Path) -> usize {
    use waypost::model::metric::Cap;
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    let mut specs: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".journey"))
        .collect();
    specs.sort();
    let spec: String = specs.iter().map(|name| read(name)).collect();
    let plan = waypost::plan::Plan::whole(&super::project::model(&read("waypost.yaml"), &spec));
    let x = plan.experiments.iter().find(|x| x.id == "guest-checkout").unwrap();
    x.measures.iter().position(|m| matches!(m.cap, Some(Cap::Percentile(_)))).unwrap()
}

#[test]
fn very_many_values_end_in_a_page_or_in_none() {
    let dir = project(1);
    let dir = dir.path();
    let (measure, values) = (capped(dir), answers());
    // about 90 bytes a value, and as much again while they are sorted; the program itself takes the rest
    let memory = 600_000 + values / 5;
    let cut = report(dir, server(measure, values, true), memory);
    let said = String::from_utf8_lossy(&cut.stderr);
    assert_eq!(cut.status.code(), Some(2), "{said}");
    assert!(said.contains("the connection ended in the middle of an answer"), "{said}");
    assert!(!dir.join("page.html").exists());
    let whole = report(dir, server(measure, values, false), memory);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let page = std::fs::read_to_string(dir.join("page.html")).unwrap();
    assert!(page.trim_end().ends_with("</html>") && page.contains("waypost-seal"), "{}", page.len());
}
