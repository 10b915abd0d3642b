//! Files in every format give the same rows; dirt is counted by kind and place.
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use waypost::events::{Column, EventReader, Kind, Ledger, Part, ReadError, Reject, Request, Step, key};

const NAMES: [&str; 6] = ["id", "ts", "user", "event", "variant", "value"];

/// One row as it is written: id, time, user, event, variant, value; empty where there is none.
type Row = [String; 6];

fn base() -> Vec<Row> {
    let row = |i: usize| {
        let shown = i.is_multiple_of(3);
        let time = format!("2024-03-{:02}T{:02}:{:02}:07Z", 4 + i / 1440, i / 60 % 24, i % 60);
        let variant = if shown { ["control", "treatment"][i / 3 % 2] } else { "" };
        let value = if shown { String::new() } else { format!("{}.{:02}", i % 97, i % 100) };
        let event = if shown { "exposure" } else { "purchase" };
        [format!("e{i}"), time, format!("u{:04}", i * 7 % 500), event.to_owned(), variant.to_owned(), value]
    };
    (0..3000).map(row).collect()
}

fn csv(rows: &[Row], separator: &str, end: &str) -> Vec<u8> {
    let quote =
        |c: &String| if c.contains(['"', ',', '\n']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() };
    let mut out = NAMES.join(separator) + end;
    for row in rows {
        out += &(row.iter().map(quote).collect::<Vec<_>>().join(separator) + end);
    }
    out.into_bytes()
}

fn ndjson(rows: &[Row]) -> Vec<u8> {
    let object = |row: &Row| {
        let pairs = NAMES.iter().zip(row).filter(|(_, c)| !c.is_empty()).map(|(n, c)| match *n {
            "value" => format!("\"{n}\":{c}"),
            _ => format!("\"{n}\": \"{c}\""),
        });
        format!("{{{}}}\n", pairs.collect::<Vec<_>>().join(","))
    };
    rows.iter().map(object).collect::<String>().into_bytes()
}

fn parquet(rows: &[Row], group: usize) -> Vec<u8> {
    let text =
        |i: usize| Arc::new(StringArray::from_iter(rows.iter().map(|r| Some(r[i].as_str()).filter(|t| !t.is_empty()))));
    let micros = rows.iter().map(|r| r[1].parse::<jiff::Timestamp>().unwrap().as_microsecond());
    let times = Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"));
    let values = Arc::new(Float64Array::from_iter(rows.iter().map(|r| r[5].parse::<f64>().ok())));
    let columns: Vec<(&str, Arc<dyn Array>)> = vec![
        ("id", text(0)),
        ("ts", times),
        ("user", text(2)),
        ("event", text(3)),
        ("variant", text(4)),
        ("value", values),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let options =
        parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut out = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), Some(options)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn request(file: &str) -> Request {
    let column = |name: &str, kind, required| Column { name: name.to_owned(), kind, required };
    let columns = vec![
        column("user", Kind::Key, true),
        column("ts", Kind::Time, true),
        column("event", Kind::Event, true),
        column("variant", Kind::Text, false),
        column("value", Kind::Number { thousands: None }, false),
        column("value", Kind::Money { decimals: 2, thousands: None }, false),
    ];
    Request { patterns: vec![file.to_owned()], columns, ..Request::default() }
}

/// Rows as text, in order of part and place, and the ledger.
fn read(root: &Path, request: Request, threads: usize) -> Result<(Vec<String>, Ledger), ReadError> {
    type State = (Vec<String>, BTreeMap<Part, Vec<String>>);
    let reader = EventReader::open(root, request)?;
    let (states, ledger) = reader.read(threads, State::default, |(open, parts), step| match step {
        Step::Batch(batch) => open.extend((0..batch.num_rows()).map(|i| show(batch, i))),
        Step::End(part, _) => drop(parts.insert(part, std::mem::take(open))),
    })?;
    let parts: BTreeMap<Part, Vec<String>> = states.into_iter().flat_map(|(_, parts)| parts).collect();
    assert!(ledger.balances(), "{ledger:?}");
    Ok((parts.into_values().flatten().collect(), ledger))
}

fn show(batch: &RecordBatch, i: usize) -> String {
    let text = |c: usize| {
        let array = batch.column(c).as_dictionary::<Int32Type>();
        if array.is_null(i) {
            "-".to_owned()
        } else {
            array.values().as_string::<i32>().value(array.keys().value(i) as usize).to_owned()
        }
    };
    let key = batch.column(0).as_primitive::<Decimal128Type>().value(i);
    let time = batch.column(1).as_primitive::<Int64Type>().value(i);
    let number = batch.column(4).as_primitive::<Float64Type>();
    let money = batch.column(5).as_primitive::<Int64Type>();
    let or = |null: bool, value: String| if null { "-".to_owned() } else { value };
    let (number, money) =
        (or(number.is_null(i), number.value(i).to_string()), or(money.is_null(i), money.value(i).to_string()));
    format!("{key} {time} {} {} {number} {money}", text(2), text(3))
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn read_bytes(name: &str, bytes: &[u8]) -> Result<(Vec<String>, Ledger), ReadError> {
    let folder = folder(&[(name, bytes)]);
    read(folder.path(), request(name), 2)
}

#[test]
fn every_form_gives_the_same_rows() {
    let rows = base();
    let plain = csv(&rows, ",", "\n");
    let (expected, ledger) = read_bytes("base.csv", &plain).unwrap();
    assert_eq!((expected.len(), ledger.rows, ledger.given), (3000, 3000, 3000));
    assert_eq!(expected[1], format!("{} 1709510467000000 purchase - 1.01 101", key(b"u0007") as i128));
    let (a, b) = plain.split_at(plain.len() / 2);
    let tabs: Vec<Row> = rows.clone();
    let quoted: Vec<u8> =
        String::from_utf8(plain.clone()).unwrap().lines().flat_map(|l| format!("\"{l}\"\r\n").into_bytes()).collect();
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(&plain);
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("crlf.csv", csv(&rows, ",", "\r\n")),
        ("mark.csv", marked),
        ("blank.csv", csv(&rows, ",", "\n\n")),
        ("open_end.csv", plain[..plain.len() - 1].to_vec()),
        ("tabs.tsv", csv(&tabs, "\t", "\n")),
        ("wrapped.csv", quoted),
        ("packed.csv.gz", gzip(&plain)),
        ("members.csv.gz", [gzip(a), gzip(b)].concat()),
        ("named_plain.csv", gzip(&plain)),
        ("packed.csv.zst", zstd::encode_all(&plain[..], 1).unwrap()),
        ("lines.ndjson", ndjson(&rows)),
        ("lines.jsonl.gz", gzip(&ndjson(&rows))),
        ("table.parquet", parquet(&rows, 700)),
    ];
    for (name, bytes) in forms {
        let (got, ledger) = read_bytes(name, &bytes).unwrap_or_else(|e| panic!("{e}"));
        assert!(got == expected, "{name}: {} rows, {:?}", got.len(), ledger.rejects);
        assert_eq!(ledger.times, Some((1_709_510_407_000_000, 1_709_690_347_000_000)), "{name}");
    }
}

#[test]
fn a_path_reaches_into_nested_columns_of_parquet() {
    let text = |values: [&str; 3]| Arc::new(StringArray::from_iter_values(values)) as Arc<dyn Array>;
    let inner = arrow_array::StructArray::try_from(vec![
        ("plan", Arc::new(StringArray::from(vec![Some("pro"), None, Some("free")])) as Arc<dyn Array>),
        ("age", Arc::new(Float64Array::from(vec![1.5, 2.5, 3.5])) as Arc<dyn Array>),
    ]);
    let columns = vec![
        ("user", text(["a", "b", "c"])),
        ("ts", text(["2026-01-01", "2026-01-02", "2026-01-03"])),
        ("event", text(["View", "View", "Pay"])),
        ("traits", Arc::new(inner.unwrap()) as Arc<dyn Array>),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let folder = folder(&[("n.parquet", &bytes)]);
    let column = |name: &str, kind| Column { name: name.to_owned(), kind, required: true };
    let columns = vec![
        column("user", Kind::Key),
        column("ts", Kind::Time),
        column("event", Kind::Event),
        column("traits.plan", Kind::Text),
        column("traits.age", Kind::Number { thousands: None }),
        column("traits.age", Kind::Money { decimals: 2, thousands: None }),
    ];
    let zone = jiff::tz::TimeZone::get("UTC").ok();
    let request = Request { columns, zone, ..request("n.parquet") };
    let (rows, _) = read(folder.path(), request, 1).unwrap();
    let tails: Vec<&str> = rows.iter().map(|r| r.split_once(' ').unwrap().1.split_once(' ').unwrap().1).collect();
    assert_eq!(tails, ["View pro 1.5 150", "View - 2.5 250", "Pay free 3.5 350"]);
}

#[test]
fn text_in_quotes_may_hold_anything() {
    let mut rows = base();
    rows[5][4] = "say \"a,b\"\r\nc".to_owned();
    let (expected, _) = read_bytes("a.csv", &csv(&rows, ",", "\n")).unwrap();
    assert!(expected[5].contains("say \"a,b\"\r\nc"));
    assert_eq!(expected.len(), 3000);
}

#[test]
fn many_files_and_threads_keep_their_order() {
    let rows = base();
    let parts: Vec<Vec<u8>> = rows.chunks(700).map(|c| csv(c, ",", "\n")).collect();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for (i, part) in parts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("data/e{i}.csv")), part).unwrap();
    }
    let (expected, _) = read_bytes("base.csv", &csv(&rows, ",", "\n")).unwrap();
    for threads in 1..=8 {
        let (got, ledger) = read(folder.path(), request("data/*.csv"), threads).unwrap();
        assert!(got == expected, "{threads} threads");
        assert_eq!(ledger.files.len(), 5);
        assert_eq!(ledger.files[0].name, "data/e0.csv");
    }
    let hashed = Request { hash: true, ..request("data/*.csv") };
    let (_, ledger) = read(folder.path(), hashed, 1).unwrap();
    assert!(ledger.files.iter().all(|f| f.sha256.as_ref().is_some_and(|h| h.len() == 64)));
}

#[test]
fn blocks_are_cut_between_rows() {
    let (mut rows, few) = (Vec::new(), base());
    for i in 0..200_000 {
        let mut row = few[i % 3].clone();
        row[0] = format!("e{i}");
        row[4] = if i % 50_000 == 7 { "two\nlines".to_owned() } else { "v".repeat(i % 60) };
        rows.push(row);
        if i > 2 {
            rows[i][2] = format!("u{i}");
        }
    }
    let (got, ledger) = read_bytes("big.csv", &csv(&rows, ",", "\n")).unwrap();
    assert_eq!((got.len(), ledger.rejected()), (200_000, 0));
    let (lines, _) = read_bytes(
        "big.ndjson",
        &ndjson(
            &rows
                .iter()
                .map(|r| {
                    let mut r = r.clone();
                    r[4] = r[4].replace('\n', "\\n");
                    r
                })
                .collect::<Vec<_>>(),
        ),
    )
    .unwrap();
    assert!(lines == got);
}

#[test]
fn other_events_are_counted_and_left_out() {
    let rows = base();
    for (name, bytes) in
        [("a.csv", csv(&rows, ",", "\n")), ("a.ndjson", ndjson(&rows)), ("a.parquet", parquet(&rows, 500))]
    {
        let folder = folder(&[(name, &bytes)]);
        let only = Request { names: Some(["exposure".to_owned()].into()), ..request(name) };
        let (got, ledger) = read(folder.path(), only, 2).unwrap();
        assert_eq!((got.len(), ledger.given, ledger.other), (1000, 1000, 2000), "{name}");
        assert_eq!(ledger.times, Some((1_709_510_407_000_000, 1_709_690_347_000_000)), "{name}");
    }
}

/// Reads the base with one raw line put in as line 40, and returns the only reject.
fn reject_of(line: &[u8]) -> (Reject, u64) {
    let text = csv(&base(), ",", "\n");
    let at = memchr::memchr_iter(b'\n', &text).nth(38).unwrap() + 1;
    let dirty = [&text[..at], line, b"\n", &text[at..]].concat();
    let (got, ledger) = read_bytes("dirty.csv", &dirty).unwrap();
    assert_eq!((got.len(), ledger.rows), (3000, 3001), "{}", String::from_utf8_lossy(line));
    let (kind, rejects) = ledger.rejects.iter().next().unwrap();
    assert_eq!((ledger.rejects.len(), rejects.count), (1, 1));
    (*kind, rejects.first[0].line)
}

#[test]
fn bad_rows_are_named_with_their_line() {
    let cases: [(&[u8], Reject); 14] = [
        (b"e9,2024-03-05T00:00:00Z,u1", Reject::ShortRow),
        (b"e9,2024-03-05T00:00:00Z,u1,purchase,,3,,,", Reject::LongRow),
        (b"e9,2024-03-05T00:00:00Z,u\"1,purchase,,3", Reject::StrayQuote),
        (b"e9,2024-03-05T00:00:00Z,u\x001,purchase,,3", Reject::BadId),
        (b"e9,2024-03-05T00:00:00Z,\xc3\x28,purchase,,3", Reject::NotUtf8),
        (b"e9,2024-03-05T00:00:00Z,,purchase,,3", Reject::NoId),
        (b"e9,,u1,purchase,,3", Reject::NoTime),
        (b"e9,2024-02-30T00:00:00Z,u1,purchase,,3", Reject::BadTime),
        (b"e9,2024-03-05 00:00:00,u1,purchase,,3", Reject::NoZone),
        (b"e9,1709596800,u1,purchase,,3", Reject::NoEpochUnit),
        (b"e9,2024-03-05T00:00:00Z,u1,,,3", Reject::NoEvent),
        (b"e9,2024-03-05T00:00:00Z,u1,purchase,,NaN", Reject::BadNumber),
        (b"e9,2024-03-05T00:00:00Z,u1,purchase,,1.234", Reject::BadMoney),
        (b"id,ts,user,event,variant,value", Reject::BadTime),
    ];
    for (line, kind) in cases {
        assert_eq!(reject_of(line), (kind, 40), "{}", String::from_utf8_lossy(line));
    }
}

#[test]
fn only_the_first_places_of_a_kind_are_kept() {
    let mut text = csv(&base(), ",", "\n");
    text.extend(b"x\n".repeat(9));
    let (_, ledger) = read_bytes("a.csv", &text).unwrap();
    let short = &ledger.rejects[&Reject::ShortRow];
    assert_eq!(short.count, 9);
    assert_eq!(short.first.iter().map(|p| p.line).collect::<Vec<_>>(), [3002, 3003, 3004, 3005, 3006]);
}

#[test]
fn json_lines_that_are_no_events() {
    let mut text = ndjson(&base());
    let more: [(&str, Reject); 6] = [
        ("1", Reject::NotAnObject),
        ("{\"id\":\"e9\",\"ts\":\"2024-0", Reject::NotAnObject),
        ("{\"ts\":\"2024-03-05T00:00:00Z\",\"user\":\"a\",\"user\":\"b\",\"event\":\"purchase\"}", Reject::RepeatedKey),
        ("{\"ts\":\"2024-03-05T00:00:00Z\",\"user\":1.0,\"event\":\"purchase\"}", Reject::BadId),
        ("{\"ts\":\"2024-03-05T00:00:00Z\",\"user\":null,\"event\":\"purchase\"}", Reject::NoId),
        ("{\"ts\":\"2024-03-05T00:00:00Z\",\"user\":\"\\ud800\",\"event\":\"purchase\"}", Reject::NotUtf8),
    ];
    for (line, _) in more {
        text.extend(line.as_bytes());
        text.push(b'\n');
    }
    let (_, ledger) = read_bytes("a.ndjson", &text).unwrap();
    for (i, (line, kind)) in more.iter().enumerate() {
        assert!(ledger.rejects[kind].first.iter().any(|p| p.line == 3001 + i as u64), "{line}: {:?}", ledger.rejects);
    }
    assert_eq!(ledger.rejected(), 6);
}

#[test]
fn large_whole_ids_stay_apart() {
    let line = |id: &str| format!("{{\"ts\":\"2024-03-05T00:00:00Z\",\"user\":{id},\"event\":\"purchase\"}}\n");
    let text = line("9007199254740992") + &line("9007199254740993") + &line("\"9007199254740993\"");
    let (got, _) = read_bytes("a.ndjson", text.as_bytes()).unwrap();
    assert_ne!(got[0], got[1]);
    assert_eq!(got[1], got[2]);
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let good = csv(&base(), ",", "\n");
    let packed = gzip(&good);
    let table = parquet(&base(), 500);
    let mut wrong_sum = packed.clone();
    let end = wrong_sum.len();
    wrong_sum[end - 8..end - 4].fill(0);
    let cr: Vec<u8> = good.iter().map(|b| if *b == b'\n' { b'\r' } else { *b }).collect();
    let open_quote = String::from_utf8(good.clone()).unwrap().replacen("u0007", "\"u0007", 1);
    let twice = String::from_utf8(good.clone()).unwrap().replacen("variant", "user", 1);
    let cased = String::from_utf8(good.clone()).unwrap().replacen("user", "User ", 1);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a.csv", Vec::new(), "is empty"),
        ("a.csv", cr, "carriage returns"),
        ("a.csv", csv(&base(), ";", "\n"), "separator: \";\""),
        ("a.csv", twice.into_bytes(), "two columns named `user`"),
        ("a.csv", cased.into_bytes(), "did you mean `User `"),
        ("a.csv", open_quote.into_bytes(), "a.csv:3: a quote opens in this row and is never closed"),
        ("a.csv", [b"\xff\xfe".to_vec(), good.clone()].concat(), "UTF-16"),
        ("a.csv", vec![7, 0, 255, 3, 0, 9], "not text"),
        ("a.csv.gz", packed[..packed.len() - 200].to_vec(), "cannot be read"),
        ("a.csv.gz", wrong_sum, "cannot be read"),
        ("a.csv.gz", [packed.clone(), b"junk after the end".to_vec()].concat(), "cannot be read"),
        ("a.csv.gz", good.clone(), "is not gzip"),
        ("a.csv.zip", b"PK\x03\x04rest".to_vec(), "zip archive"),
        ("a.ndjson", b"[{\"user\":1}]".to_vec(), "one JSON list"),
        ("a.parquet", table[..table.len() / 2].to_vec(), "no good Parquet"),
        ("a.parquet", table[..table.len() - 4].to_vec(), "no good Parquet"),
        ("a.parquet", b"PAR1PAR1".to_vec(), "too short"),
        ("a.dat", good.clone(), "cannot tell its format"),
    ];
    for (name, bytes, said) in cases {
        let error = read_bytes(name, &bytes).map(|(rows, _)| rows.len()).unwrap_err().to_string();
        assert!(error.contains(said), "`{said}` is not in `{error}`");
    }
}

#[test]
fn data_stays_inside_the_project() {
    let folder = folder(&[("a.csv", b"x")]);
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    for pattern in ["../a.csv", "/etc/passwd", "x/../../a.csv"] {
        let error = EventReader::open(&inner, request(pattern)).unwrap_err();
        assert!(error.to_string().contains("leads out of the project"), "{error}");
    }
    let error = EventReader::open(&inner, request("none*.csv")).unwrap_err();
    assert!(error.to_string().contains("matches no file"), "{error}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("a.csv"), inner.join("link.csv")).unwrap();
        let error = EventReader::open(&inner, request("*.csv")).unwrap_err();
        assert!(error.to_string().contains("through a link"), "{error}");
    }
}

/// A table as CSV.
pub(super) fn csv_of(names: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let line = |cells: &[String]| cells.join(",") + "\n";
    let head: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    (line(&head) + &rows.iter().map(|r| line(r)).collect::<String>()).into_bytes()
}

/// A table as NDJSON, empty cells left out, everything as text.
pub(super) fn ndjson_of(names: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let object = |row: &Vec<String>| {
        let cells = names.iter().zip(row).filter(|(_, c)| !c.is_empty()).map(|(n, c)| format!("\"{n}\":\"{c}\""));
        format!("{{{}}}\n", cells.collect::<Vec<_>>().join(","))
    };
    rows.iter().map(object).collect::<String>().into_bytes()
}

/// A table as Parquet, everything as text.
pub(super) fn parquet_of(names: &[&str], rows: &[Vec<String>], group: usize) -> Vec<u8> {
    let text = |i: usize| -> Arc<dyn Array> {
        Arc::new(StringArray::from_iter(rows.iter().map(|r| Some(r[i].as_str()).filter(|t| !t.is_empty()))))
    };
    let batch = RecordBatch::try_from_iter(names.iter().enumerate().map(|(i, n)| (*n, text(i)))).unwrap();
    let options =
        parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut out = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), Some(options)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}
