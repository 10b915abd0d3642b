//! Every check of the reports in one table: what makes it ring, and how loud. What comes close and does not ring stands in
//! [`super::checks`], check by check; here no line may be missing.
use super::laboratory::{FIRST, Filler, Lab, check};
use waypost::analysis::{CheckId, Finding, Provenance, Report, Settings};
use waypost::tally::{Cut, Share, Tally};

type Change = fn(&mut Filler);

fn nothing(_: &mut Filler) {}

/// 10,000 units an arm, a small effect, nothing odd; with every part of the data that a check can look at.
fn healthy(f: &mut Filler) {
    f.share("rate", &[(1000, 10_000), (1040, 10_000)]);
    f.exposed(&[10_000, 10_000]);
    for arm in 0..2 {
        f.mean("spend", arm, &[1.0, 2.0, 3.0, 4.0], 2500);
        f.put("rate", arm, Cut::Before, Tally::Share(Share::new(500, 10_000)));
        for value in ["PT", "ES"] {
            let cut = Cut::Segment { by: 0, value: value.to_owned() };
            f.put("rate", arm, cut.clone(), Tally::Share(Share::new(505, 5000)));
            f.tallies.expose(arm, cut, 5000);
        }
        for day in 0..28 {
            let x = 36 + u64::from(day % 3 == 0);
            f.put("rate", arm, Cut::Day(FIRST + day), Tally::Share(Share::new(x, 357)));
        }
    }
    for variant in 0..2 {
        for arm in 0..2 {
            f.put("rate", arm, Cut::Beside { with: 0, variant }, Tally::Share(Share::new(500, 5000)));
        }
    }
    let ledger = &mut f.tallies.ledger;
    (ledger.rows, ledger.used, ledger.events, ledger.compared) = (100_000, 100_000, 50_000, 20_000);
    ledger.without_consent.extend([(0, 1000), (1, 1010)]);
}

fn lab() -> Lab {
    Lab {
        roles: "primary rate expects +30%; secondary spend; segments country",
        provenance: Provenance { rows: Some([100_000, 100_000, 0, 0]), ..Provenance::default() },
        settings: Settings { plan_changed: Some(false), ..Settings::default() },
        ..Lab::default()
    }
}

/// Each check, the experiment in which it rings, what is odd about the data, and what it says then.
fn table() -> Vec<(CheckId, Lab, Change, Finding)> {
    use CheckId::*;
    use Finding::{Fail, Warn};
    let rejects = vec![("fewer cells than the header".to_owned(), 3, vec!["a.csv:7".to_owned()])];
    let dirty = Provenance { rejects, ..lab().provenance };
    vec![
        (SrmTotal, lab(), |f| f.tallies.expose(1, Cut::Total, 600), Fail),
        (SrmDay, lab(), |f| f.tallies.expose(1, Cut::Day(FIRST + 3), 300), Fail),
        (SrmSegment, lab(), |f| f.tallies.expose(1, Cut::Segment { by: 0, value: "ES".to_owned() }, 600), Fail),
        (TwoVariants, lab(), |f| f.tallies.ledger.crossed.extend([((0, 1), 2000)]), Fail),
        (UnknownVariant, lab(), |f| f.tallies.ledger.unknown_variants.extend([("blue".to_owned(), 12)]), Warn),
        (Recomputed, lab(), |f| f.tallies.ledger.disagreed = 2000, Fail),
        (ExposureGaps, lab(), |f| f.tallies.expose(0, Cut::Day(FIRST + 40), 400), Warn),
        (RowsRead, Lab { provenance: dirty, ..lab() }, nothing, Warn),
        (EventsBefore, lab(), |f| f.tallies.ledger.before_exposure = 5000, Warn),
        (Duplicates, lab(), |f| f.tallies.ledger.duplicates = 5000, Warn),
        (ClockSkew, lab(), |f| f.tallies.ledger.clock_skew = 500, Warn),
        (Bots, lab(), |f| f.tallies.ledger.bots = 1, Warn),
        (Outliers, lab(), |f| f.mean("spend", 1, &[90_000.0], 1), Warn),
        (
            TooFew,
            Lab { roles: "primary rate expects +30%; secondary spend; secondary churn; segments country", ..lab() },
            few,
            Warn,
        ),
        (Skewness, lab(), |f| f.mean("spend", 1, &[90_000.0], 1), Warn),
        (WholeWeeks, Lab { runs: "runs from 2026-01-05 to 2026-01-31", ..lab() }, nothing, Warn),
        (
            Underpowered,
            Lab { roles: "primary rate expects +2%; secondary spend; segments country", ..lab() },
            nothing,
            Warn,
        ),
        (Novelty, lab(), falling, Warn),
        (PrePeriod, lab(), |f| f.put("rate", 1, Cut::Before, Tally::Share(Share::new(300, 300))), Fail),
        (Twyman, lab(), |f| f.put("rate", 1, Cut::Total, Tally::Share(Share::new(900, 900))), Warn),
        (SegmentsExploratory, lab(), portugal, Warn),
        (Interaction, lab(), beside, Warn),
        (
            PlanChanged,
            Lab { settings: Settings { plan_changed: Some(true), ..Settings::default() }, ..lab() },
            nothing,
            Warn,
        ),
        (StoppedEarly, Lab { status: "stopped on 2026-01-20 because \"Enough\"", ..lab() }, nothing, Warn),
        (Consent, lab(), |f| f.tallies.ledger.without_consent.extend([(1, 1500)]), Warn),
    ]
}

fn few(f: &mut Filler) {
    f.share("churn", &[(2, 10_000), (3, 10_000)]);
}

/// The treatment's rate falls day by day.
fn falling(f: &mut Filler) {
    for day in 0..28_u64 {
        f.put("rate", 1, Cut::Day(FIRST + day as i32), Tally::Share(Share::new((27 - day) * 4, (27 - day) * 4)));
    }
}

/// In one country the treatment does far better.
fn portugal(f: &mut Filler) {
    f.put("rate", 1, Cut::Segment { by: 0, value: "PT".to_owned() }, Tally::Share(Share::new(300, 300)));
}

/// Beside the variant of the other test the treatment does far better.
fn beside(f: &mut Filler) {
    f.put("rate", 1, Cut::Beside { with: 0, variant: 1 }, Tally::Share(Share::new(300, 300)));
}

fn report(lab: &Lab, change: Change) -> Report {
    lab.report(|f| {
        healthy(f);
        change(f);
    })
}

#[test]
fn every_check_rings_in_the_table_and_not_in_health() {
    let well = report(&lab(), nothing);
    for c in &well.checks {
        assert_eq!(c.finding, Finding::Pass, "{:?}: {}", c.id, c.says.text);
    }
    let table = table();
    let ids: Vec<CheckId> = table.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, well.checks.iter().map(|c| c.id).collect::<Vec<_>>(), "each check has its line");
    for (id, lab, change, finding) in table {
        let ill = report(&lab, change);
        assert_eq!(check(&ill, id).finding, finding, "{id:?}: {}", check(&ill, id).says.text);
    }
}
