//! What became of the rows of the sources.
use super::Cell;
use crate::plan::Plan;
use crate::sql::Row;
use crate::tally::{DataFile, DataTally, Ledger};

/// Returns what is known before any row came; `names` says what the sources are called.
pub(in crate::sql) fn nothing(names: &[String]) -> DataTally {
    let files = names.iter().map(|name| DataFile { name: name.clone(), ..DataFile::default() });
    DataTally { files: files.collect(), ..DataTally::default() }
}

/// Takes a row of what became of the rows.
///
/// # Errors
/// When it is not such as the query gives.
pub(in crate::sql) fn data(plan: &Plan, data: &mut DataTally, row: &Row) -> Result<(), String> {
    let (what, cell) = Cell::new(row)?;
    match what {
        "repeated" => data.duplicates += cell.units,
        "people" => data.units = cell.units,
        "span" => {
            data.times = cell.y.zip(cell.x).map(|(a, b)| (a as i64, b as i64));
            let told = |at: i64| jiff::Timestamp::from_microsecond(at).is_ok();
            if !data.times.is_none_or(|(a, b)| told(a) && told(b)) {
                return Err("its times are beyond the year 9999; where they are numbers, say `epoch:` in the manifest"
                    .to_owned());
            }
        }
        _ => {
            data.rows += cell.units;
            if let Some(file) = data.files.get_mut(cell.measure) {
                file.rows += cell.units;
            }
            let asks = plan.sources.get(cell.measure).is_some_and(|s| s.consent.is_some());
            if asks && matches!(what, "asked" | "unmet" | "refused") {
                let (agreed, asked) = data.consented.unwrap_or_default();
                let here = if what == "refused" { 0 } else { cell.units };
                data.consented = Some((agreed + here, asked + cell.units));
            }
            match what {
                "asked" => data.used += cell.units,
                "other" | "unmet" => data.other += cell.units,
                "filtered" | "refused" => data.filtered += cell.units,
                "rejected" => data.rejects.entry("no id, time or name".to_owned()).or_default().0 += cell.units,
                unknown => return Err(format!("a row of `{unknown}` is not known")),
            }
        }
    }
    Ok(())
}

/// Tells what is known once all rows came, and each experiment how many there were.
pub(in crate::sql) fn tell(data: &DataTally, ledger: &mut Ledger) {
    ledger.rows += data.rows;
    ledger.duplicates += data.duplicates;
    ledger.rejects.extend(data.rejects.iter().map(|(kind, (count, _))| (kind.clone(), *count)));
    ledger.used += data.rows - data.duplicates - data.rejected();
}
