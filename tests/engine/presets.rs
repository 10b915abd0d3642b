//! Exports of other tools in the shape their vendors document, and people under several ids.
use super::spine::model;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use std::fmt::Write;
use std::sync::Arc;
use waypost::analysis::journey::{Input, JourneyReport, report};
use waypost::engine::{EngineError, Options, run};
use waypost::model::preset::PRESETS;
use waypost::plan::Plan;

const SPEC: &str = r#"
journey j "J" {
  for free, paid
  starts "a"
  ends "b"
  sale at pay
  stage s "S" {
    phase sale
    touchpoint view "View" { channel c; seen by viewed }
    touchpoint pay "Pay" { channel c; seen by paying }
  }
  funnel f "F" { steps view > pay; for each persona }
  attribution of pay by paying.revenue { models last }
}
channel c "C" { kind online }
persona free "Free" { share 50%; where plan == "free" }
persona paid "Paid" { share 50%; where plan == "paid" }
event viewed { named "View" }
event paying { named "Pay" }
"#;

/// Two people. One looks without a name (10:00), tells it (10:05) and pays 10.50 (10:10), each once more than sent; the other
/// pays 2.00 at 11:00, with a name from the start.
const SEGMENT: &str = r#"{"anonymousId":"an-1","channel":"client","context":{"library":{"name":"analytics.js"},"traits":{"plan":"free"}},"event":"View","messageId":"m-1","properties":{"path":"/"},"receivedAt":"2026-01-03T10:00:01.000Z","timestamp":"2026-01-03T10:00:00.000Z","type":"track","userId":null,"version":2}
{"anonymousId":"an-1","channel":"client","context":{},"messageId":"m-2","timestamp":"2026-01-03T10:05:00.000Z","traits":{"plan":"free"},"type":"identify","userId":"u-1","version":2}
{"anonymousId":"an-1","channel":"client","context":{"traits":{"plan":"free"}},"event":"Pay","messageId":"m-3","properties":{"revenue":10.50},"timestamp":"2026-01-03T10:10:00.000Z","type":"track","userId":"u-1","version":2}
{"anonymousId":"an-1","channel":"client","context":{"traits":{"plan":"free"}},"event":"Pay","messageId":"m-3","properties":{"revenue":10.50},"timestamp":"2026-01-03T10:10:00.000Z","type":"track","userId":"u-1","version":2}
{"anonymousId":"an-2","channel":"server","context":{"traits":{"plan":"paid"}},"event":"Pay","messageId":"m-4","properties":{"revenue":2},"timestamp":"2026-01-03T11:00:00.000Z","type":"track","userId":"u-2","version":2}
"#;

const POSTHOG: &str = r#"{"uuid":"01-a","event":"View","distinct_id":"an-1","timestamp":"2026-01-03T10:00:00.000000Z","properties":{"$current_url":"https://x/"},"person_properties":{"plan":"free"}}
{"uuid":"01-b","event":"$identify","distinct_id":"u-1","timestamp":"2026-01-03T10:05:00.000000Z","properties":{"$anon_distinct_id":"an-1"},"person_properties":{"plan":"free"}}
{"uuid":"01-c","event":"Pay","distinct_id":"u-1","timestamp":"2026-01-03T10:10:00.000000Z","properties":{"revenue":10.5},"person_properties":{"plan":"free"}}
{"uuid":"01-c","event":"Pay","distinct_id":"u-1","timestamp":"2026-01-03T10:10:00.000000Z","properties":{"revenue":10.5},"person_properties":{"plan":"free"}}
{"uuid":"01-d","event":"Pay","distinct_id":"u-2","timestamp":"2026-01-03T11:00:00.000000Z","properties":{"revenue":2},"person_properties":{"plan":"paid"}}
"#;

const AMPLITUDE: &str = r#"{"$insert_id":"i-1","amplitude_id":901,"app":1,"device_id":"d-1","event_id":1,"event_properties":{},"event_time":"2026-01-03 10:00:00.000000","event_type":"View","user_id":null,"user_properties":{"plan":"free"},"uuid":"x1"}
{"$insert_id":"i-2","amplitude_id":901,"app":1,"device_id":"d-1","event_id":2,"event_properties":{"revenue":10.5},"event_time":"2026-01-03 10:10:00.000000","event_type":"Pay","user_id":"u-1","user_properties":{"plan":"free"},"uuid":"x2"}
{"$insert_id":"i-2","amplitude_id":901,"app":1,"device_id":"d-1","event_id":2,"event_properties":{"revenue":10.5},"event_time":"2026-01-03 10:10:00.000000","event_type":"Pay","user_id":"u-1","user_properties":{"plan":"free"},"uuid":"x2"}
{"$insert_id":"i-3","amplitude_id":902,"app":1,"device_id":"d-2","event_id":1,"event_properties":{"revenue":2},"event_time":"2026-01-03 11:00:00.000000","event_type":"Pay","user_id":"u-2","user_properties":{"plan":"paid"},"uuid":"x3"}
"#;

const MIXPANEL: &str = r#"{"event":"View","properties":{"time":1767434400,"distinct_id":"$device:d-1","$device_id":"d-1","$insert_id":"k1","plan":"free"}}
{"event":"Pay","properties":{"time":1767435000,"distinct_id":"u-1","$device_id":"d-1","$user_id":"u-1","$insert_id":"k2","plan":"free","revenue":10.5}}
{"event":"Pay","properties":{"time":1767435000,"distinct_id":"u-1","$device_id":"d-1","$user_id":"u-1","$insert_id":"k2","plan":"free","revenue":10.5}}
{"event":"Pay","properties":{"time":1767438000,"distinct_id":"u-2","$user_id":"u-2","$insert_id":"k3","plan":"paid","revenue":2}}
"#;

const GA4: &str = r#"{"event_date":"20260103","event_timestamp":"1767434400000000","event_name":"View","event_params":[{"key":"ga_session_id","value":{"string_value":null,"int_value":"1767434390","float_value":null,"double_value":null}},{"key":"page_location","value":{"string_value":"https://x/","int_value":null,"float_value":null,"double_value":null}}],"event_previous_timestamp":null,"event_bundle_sequence_id":"1","user_id":null,"user_pseudo_id":"p.1","privacy_info":{"analytics_storage":"Yes","ads_storage":"Yes","uses_transient_token":"No"},"user_properties":[{"key":"plan","value":{"string_value":"free","int_value":null,"float_value":null,"double_value":null,"set_timestamp_micros":"1767434400000000"}}],"device":{"category":"mobile","web_info":{"browser":"Chrome"}},"geo":{"country":"Portugal"},"stream_id":"1","platform":"WEB","ecommerce":null,"items":[]}
{"event_date":"20260103","event_timestamp":"1767435000000000","event_name":"Pay","event_params":[{"key":"ga_session_id","value":{"string_value":null,"int_value":"1767434390","float_value":null,"double_value":null}},{"key":"page_location","value":{"string_value":"https://x/","int_value":null,"float_value":null,"double_value":null}},{"key":"revenue","value":{"string_value":null,"int_value":null,"float_value":null,"double_value":10.5}}],"event_previous_timestamp":null,"event_bundle_sequence_id":"1","user_id":"u-1","user_pseudo_id":"p.1","privacy_info":{"analytics_storage":"Yes","ads_storage":"Yes","uses_transient_token":"No"},"user_properties":[{"key":"plan","value":{"string_value":"free","int_value":null,"float_value":null,"double_value":null,"set_timestamp_micros":"1767434400000000"}}],"device":{"category":"mobile","web_info":{"browser":"Chrome"}},"geo":{"country":"Portugal"},"stream_id":"1","platform":"WEB","ecommerce":{"purchase_revenue":10.5},"items":[]}
{"event_date":"20260103","event_timestamp":"1767438000000000","event_name":"Pay","event_params":[{"key":"ga_session_id","value":{"string_value":null,"int_value":"1767434390","float_value":null,"double_value":null}},{"key":"page_location","value":{"string_value":"https://x/","int_value":null,"float_value":null,"double_value":null}},{"key":"revenue","value":{"string_value":null,"int_value":"2","float_value":null,"double_value":null}}],"event_previous_timestamp":null,"event_bundle_sequence_id":"1","user_id":"u-2","user_pseudo_id":"p.2","privacy_info":{"analytics_storage":"Yes","ads_storage":"Yes","uses_transient_token":"No"},"user_properties":[{"key":"plan","value":{"string_value":"paid","int_value":null,"float_value":null,"double_value":null,"set_timestamp_micros":"1767434400000000"}}],"device":{"category":"desktop","web_info":{"browser":"Chrome"}},"geo":{"country":"Portugal"},"stream_id":"1","platform":"WEB","ecommerce":{"purchase_revenue":2},"items":[]}
"#;

const SNOWPLOW: &str = "app_id\tplatform\tcollector_tstamp\tevent\tevent_id\tuser_id\tdomain_userid\tderived_tstamp\tevent_name\tplan\trevenue
web\tweb\t2026-01-03 10:00:01.000\tunstruct\te-1\t\tdu-1\t2026-01-03 10:00:00.000\tView\tfree\t
web\tweb\t2026-01-03 10:10:01.000\tunstruct\te-2\tu-1\tdu-1\t2026-01-03 10:10:00.000\tPay\tfree\t10.50
web\tweb\t2026-01-03 10:10:01.000\tunstruct\te-2\tu-1\tdu-1\t2026-01-03 10:10:00.000\tPay\tfree\t10.50
web\tweb\t2026-01-03 11:00:01.000\tunstruct\te-3\tu-2\tdu-2\t2026-01-03 11:00:00.000\tPay\tpaid\t2.00
";

fn told(files: &[(&str, &str)], entry: &str) -> Result<(JourneyReport, u64), EngineError> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    told_bytes(&files, entry)
}

fn told_bytes(files: &[(&str, &[u8])], entry: &str) -> Result<(JourneyReport, u64), EngineError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut manifest = "name: t\ntime_zone: Asia/Tokyo\ncurrency: EUR\nunits: { user: user_id }\nattributes: { plan: text }\nproperties: { revenue: money }\nprivacy: { smallest_cell: 1 }\ndata:\n".to_owned();
    writeln!(manifest, "  - {entry}").unwrap();
    let model = model(&manifest, SPEC);
    let plan = Plan::whole(&model);
    let counts = run(&plan, folder.path(), &Options { threads: 2, ..Options::default() })?;
    assert!(counts.data.balances(), "{:?}", counts.data);
    let report = report(Input { model: &model, plan: &plan, counts: &counts, simulated: false }).swap_remove(0);
    Ok((report, counts.data.duplicates))
}

#[test]
fn every_preset_reads_the_shape_its_vendor_documents() {
    for preset in PRESETS {
        let (file, text, more, repeated) = match preset.name {
            "amplitude" => ("a.ndjson", AMPLITUDE, "", 1),
            "ga4" => ("a.ndjson", GA4, "", 0),
            "mixpanel" => ("a.ndjson", MIXPANEL, "", 1),
            "posthog" => ("a.ndjson", POSTHOG, "", 1),
            "segment" => ("a.ndjson", SEGMENT, "", 1),
            "snowplow" => ("a.tsv", SNOWPLOW, "", 1),
            other => panic!("no test file for `{other}`"),
        };
        let name = preset.name;
        let (report, duplicates) = told(&[(file, text)], &format!("events: {file}\n    preset: {name}{more}"))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(report.people.0, Some(2), "{name}: the visitor and the buyer are one");
        assert_eq!(duplicates, repeated, "{name}");
        let all = &report.funnels[0];
        let reached: Vec<_> = all.steps.iter().map(|s| s.reached.0.unwrap()).collect();
        assert_eq!(reached, [1, 1], "{name}");
        let free = report.funnels.iter().find(|f| f.who == "free").unwrap();
        assert_eq!(free.steps[0].reached.0, Some(1), "{name}: attributes are found");
        assert_eq!(report.attributions[0].money, Some(1250), "{name}");
        assert_eq!(report.days.as_ref().unwrap().0, "2026-01-03", "{name}: times are UTC, days are the project's");
    }
}

#[test]
fn fields_of_ga4_that_are_no_parameters_are_reached_by_columns() {
    let entry = "events: a.ndjson\n    preset: ga4\n    columns: { revenue: ecommerce.purchase_revenue, plan: device.category }";
    let (report, _) = told(&[("a.ndjson", GA4)], entry).unwrap();
    assert_eq!(report.attributions[0].money, Some(1250));
    // nobody's category is `free`
    let free = report.funnels.iter().find(|f| f.who == "free").unwrap();
    assert_eq!(free.steps[0].reached.0, Some(0));
}

/// A value as BigQuery types it: text, whole number, number with fractions.
#[derive(Clone, Copy)]
enum Typed {
    Text(&'static str),
    Whole(i64),
    Double(f64),
    Nothing,
}

/// Returns a REPEATED STRUCT of `key` and `value` as BigQuery's Parquet export has it, one list a row.
fn repeated(rows: &[&[(&str, Typed)]]) -> ArrayRef {
    let pairs = || rows.iter().flat_map(|r| r.iter());
    let texts = pairs().map(|(_, v)| if let Typed::Text(t) = v { Some(*t) } else { None });
    let wholes = pairs().map(|(_, v)| if let Typed::Whole(n) = v { Some(*n) } else { None });
    let doubles = pairs().map(|(_, v)| if let Typed::Double(x) = v { Some(*x) } else { None });
    let field = |name: &str, of: DataType| Arc::new(Field::new(name, of, true));
    let (float, typed) = (field("float_value", DataType::Float64), field("double_value", DataType::Float64));
    let value = StructArray::from(vec![
        (field("string_value", DataType::Utf8), Arc::new(StringArray::from_iter(texts)) as ArrayRef),
        (field("int_value", DataType::Int64), Arc::new(Int64Array::from_iter(wholes))),
        (float, Arc::new(Float64Array::from_iter(pairs().map(|_| None::<f64>)))),
        (typed, Arc::new(Float64Array::from_iter(doubles))),
    ]);
    let keys = StringArray::from_iter_values(pairs().map(|(k, _)| *k));
    let pair = StructArray::from(vec![
        (field("key", DataType::Utf8), Arc::new(keys) as ArrayRef),
        (field("value", value.data_type().clone()), Arc::new(value)),
    ]);
    let item = Arc::new(Field::new("element", pair.data_type().clone(), true));
    Arc::new(ListArray::new(item, OffsetBuffer::from_lengths(rows.iter().map(|r| r.len())), Arc::new(pair), None))
}

/// Returns the events of [`GA4`] as BigQuery's Parquet export has them: parameters in lists, other fields in structs.
fn ga4_parquet() -> Vec<u8> {
    use Typed::{Double, Nothing, Text, Whole};
    let texts = |all: [Option<&str>; 3]| Arc::new(StringArray::from(all.to_vec())) as ArrayRef;
    let inner = |name: &str, array: ArrayRef| {
        let field = Arc::new(Field::new(name, array.data_type().clone(), true));
        Arc::new(StructArray::try_new(vec![field].into(), vec![array], Some(vec![false, true, true].into())).unwrap())
    };
    let params: [&[(&str, Typed)]; 3] = [
        &[("ga_session_id", Whole(1_767_434_390)), ("page_location", Text("https://x/"))],
        &[
            ("revenue", Nothing),
            ("ga_session_id", Whole(1_767_434_390)),
            ("revenue", Double(10.5)),
            ("revenue", Whole(7)),
        ],
        &[("page_location", Text("https://x/")), ("revenue", Whole(2))],
    ];
    let plans: [&[(&str, Typed)]; 3] =
        [&[("plan", Text("free"))], &[("other", Text("x")), ("plan", Text("free"))], &[("plan", Text("paid"))]];
    let paid: ArrayRef = Arc::new(Float64Array::from(vec![99.0, 10.5, 2.0]));
    let micros = vec![1_767_434_400_000_000_i64, 1_767_435_000_000_000, 1_767_438_000_000_000];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("event_date", texts([Some("20260103"); 3])),
        ("event_timestamp", Arc::new(Int64Array::from(micros))),
        ("event_name", texts([Some("View"), Some("Pay"), Some("Pay")])),
        ("event_params", repeated(&params)),
        ("user_id", texts([None, Some("u-1"), Some("u-2")])),
        ("user_pseudo_id", texts([Some("p.1"), Some("p.1"), Some("p.2")])),
        ("user_properties", repeated(&plans)),
        ("device", inner("category", texts([Some("free"), Some("mobile"), Some("desktop")]))),
        ("ecommerce", inner("purchase_revenue", paid)),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap();
    let mut out = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

#[test]
fn ga4_in_parquet_has_its_parameters_by_key_as_in_json() {
    let file = ga4_parquet();
    let said = |entry: &str, file: &[u8]| told_bytes(&[("a.parquet", file)], entry).unwrap().0;
    let mut report = said("events: a.parquet\n    preset: ga4", &file);
    assert_eq!(report.attributions[0].money, Some(1250), "of a key that comes again the first that has a value");
    assert_eq!(report.funnels.iter().find(|f| f.who == "free").unwrap().steps[0].reached.0, Some(1));
    let (mut json, _) = told(&[("a.ndjson", GA4)], "events: a.ndjson\n    preset: ga4").unwrap();
    for report in [&mut report, &mut json] {
        report.rows = Default::default();
    }
    assert_eq!(report, json, "both forms give the same report");
    // fields inside structs beside them; one whose struct is missing is missing
    let fields = "events: a.parquet\n    preset: ga4\n    columns: { revenue: ecommerce.purchase_revenue, plan: device.category }";
    let report = said(fields, &file);
    assert_eq!(report.attributions[0].money, Some(1250));
    assert_eq!(report.funnels.iter().find(|f| f.who == "free").unwrap().steps[0].reached.0, Some(0));
    // a list beside a field of a struct
    let mixed = said("events: a.parquet\n    preset: ga4\n    columns: { revenue: ecommerce.purchase_revenue }", &file);
    assert_eq!(mixed.attributions[0].money, Some(1250));
}

#[test]
fn an_alias_table_joins_ids() {
    let log = "ts,user_id,anon,event,plan,revenue\n2026-01-03T10:00:00Z,,x,View,,\n2026-01-03T10:10:00Z,u,,Pay,,1.00\n2026-01-03T10:20:00Z,,y,View,,\n";
    let table = "user_id,anon\nu,x\n";
    let entry = "events: a.csv\n    time: ts\n    anonymous: anon";
    let (apart, _) = told(&[("a.csv", log)], entry).unwrap();
    assert_eq!(apart.people.0, Some(3));
    let (joined, _) = told(&[("a.csv", log), ("ids.csv", table)], &format!("{entry}\n    aliases: ids.csv")).unwrap();
    assert_eq!(joined.people.0, Some(2));
    assert_eq!(joined.funnels[0].steps[1].reached.0, Some(1));
}

#[test]
fn a_shared_device_is_the_first_one_s() {
    let log = "ts,user_id,anon,event,plan,revenue
2026-01-03T12:00:00Z,second,x,View,,
2026-01-03T10:00:00Z,,x,View,,
2026-01-03T11:00:00Z,first,x,Pay,,1.00
2026-01-03T13:00:00Z,second,x,Pay,,1.00
";
    let (report, _) = told(&[("a.csv", log)], "events: a.csv\n    time: ts\n    anonymous: anon").unwrap();
    assert_eq!(report.people.0, Some(2));
    assert_eq!(report.touchpoints[0].reached.0, Some(2), "the nameless look is the first one's");
}

#[test]
fn rows_of_nobody_are_refused_by_name() {
    let log = "ts,user_id,anon,event,plan,revenue\n2026-01-03T10:00:00Z,,,View,,\n2026-01-03T10:00:00Z,u,,View,,\n";
    let error = told(&[("a.csv", log)], "events: a.csv\n    time: ts\n    anonymous: anon").unwrap_err().to_string();
    assert!(error.starts_with("1 rows of `a.csv` have neither a known id nor one in `anon`"), "{error}");
}
