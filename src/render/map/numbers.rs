//! What the data adds to the map: reach, moving on, times, losses, promises kept.

use super::Ctx;
use super::data::{Count, MapData, Rate, RowKind, Spread, StageData};
use super::grid::Column;
use super::rows::column_when;
use super::view::{Bar, Cell, Icon, Item, Row};
use crate::render::rich::{Piece, Rich};

impl Ctx<'_> {
    /// Returns a count, or that it is too small to show.
    pub(super) fn count(&self, count: Count) -> String {
        match count {
            Count::Exactly(n) => self.words.integer(n),
            Count::Masked => {
                self.words.fill("number.masked", &[("n", &self.model.manifest.privacy.smallest_cell.to_string())])
            }
        }
    }

    /// Returns the share of a rate, with as many digits as its base supports; a dash where it is masked or empty.
    pub(super) fn share(&self, rate: Rate) -> String {
        match (rate.share(), rate.base) {
            (Some(share), Count::Exactly(base)) => self.words.rate(share, base),
            _ => "–".to_owned(),
        }
    }

    /// Returns a time in words: the median, and the range of the middle 80 %.
    pub(super) fn spread(&self, spread: Spread) -> Rich {
        self.spread_as("time.spread", spread)
    }

    /// Returns a time by a label of its own.
    fn spread_as(&self, key: &str, spread: Spread) -> Rich {
        let time = |s| Piece::text(self.words.seconds(s));
        let median = Piece::figure(self.words.seconds(spread.median));
        self.words.say(key, 0, &[("median", median), ("low", time(spread.low)), ("high", time(spread.high))])
    }

    /// Returns the rows of numbers: what the targets ask for without data, what happened with it.
    pub(super) fn number_rows(&self) -> Vec<Option<Row>> {
        let cells = |part: &dyn Fn(&Column) -> Cell| self.grid.columns.iter().map(part).collect::<Vec<_>>();
        vec![
            self.finish("reach", cells(&|c| self.reach_cell(c))),
            self.finish("target", cells(&|c| self.target_cell(c))),
            self.finish("time", cells(&|c| self.time_cell(c))),
            self.finish(
                "measured",
                cells(&|c| Cell { when: column_when(c), items: self.measured_items(c), ..Cell::default() }),
            ),
        ]
    }

    fn stage_data(&self, column: &Column) -> Option<&StageData> {
        self.data.zip(column.is.today).and_then(|(d, s)| d.stages.get(&s))
    }

    fn reach_cell(&self, column: &Column) -> Cell {
        let bar = self.stage_data(column).map(|data| {
            let last = self.grid.columns.last().is_some_and(|c| std::ptr::eq(c, column));
            let note = data.moved_on.filter(|_| !last).and_then(|rate| {
                rate.share()?;
                Some(self.words.say("reach.moved_on", 0, &[("share", Piece::figure(self.share(rate)))]))
            });
            let text = self.words.say(
                "reach.people",
                super::plural_of(data.reach),
                &[("n", Piece::figure(self.count(data.reach)))],
            );
            Bar { width: self.width(data.reach), text, note, met: None }
        });
        Cell { when: column_when(column), bar, ..Cell::default() }
    }

    /// Returns the length of a bar in percent of the widest.
    fn width(&self, count: Count) -> String {
        let widest = self.data.map_or(0, |d| d.stages.values().map(|s| exactly(s.reach)).max().unwrap_or(0));
        super::curve::short(if widest == 0 { 0.0 } else { exactly(count) as f64 / widest as f64 * 100.0 })
    }

    fn target_cell(&self, column: &Column) -> Cell {
        let target = column.is.today.and_then(|s| self.model.stages[s].target.as_ref());
        let items = target.map(|target| {
            let share = Piece::figure(self.words.fill("number.percent", &[("n", &target.share.0.to_string())]));
            let within = Piece::text(self.words.duration(target.within));
            let text = self.words.say("target.says", 0, &[("share", share), ("time", within)]);
            let rate = self.stage_data(column).and_then(|d| d.target);
            let mark = rate.and_then(|r| Some(self.kept(r, r.share()? >= target.share.share())));
            Item { text, marks: mark.into_iter().collect(), ..Item::default() }
        });
        Cell { when: column_when(column), items: items.into_iter().collect(), ..Cell::default() }
    }

    /// Returns the mark of something kept or missed, with the share it was.
    fn kept(&self, rate: Rate, kept: bool) -> Icon {
        let key = if kept { "kept.yes" } else { "kept.no" };
        let label = self.words.fill(key, &[("share", &self.share(rate))]);
        Icon { name: if kept { "yes" } else { "no" }, label, shown: true }
    }

    fn time_cell(&self, column: &Column) -> Cell {
        let item =
            self.stage_data(column).and_then(|d| d.to_next).map(|s| Item { text: self.spread(s), ..Item::default() });
        Cell { when: column_when(column), items: item.into_iter().collect(), ..Cell::default() }
    }

    /// Returns where people are lost: of those at each touchpoint, who reached no later stage.
    pub(super) fn heat(&self) -> Option<Row> {
        let data = self.data?;
        let cell = |column: &Column| {
            let item = |touch: &super::grid::Touch| {
                let rate = data.touchpoints.get(&touch.is.today?)?.lost?;
                let share = rate.share()?;
                let icon = Icon { name: heat_class(share), label: String::new(), shown: false };
                let text = self.words.say("heat.lost", 0, &[("share", Piece::figure(self.share(rate)))]);
                Some(Item { icon: Some(icon), ..self.at(Some(touch), text) })
            };
            Cell {
                when: column_when(column),
                items: column.touches.iter().filter_map(item).collect(),
                ..Cell::default()
            }
        };
        self.finish("heat", self.grid.columns.iter().map(cell).collect())
    }

    /// Returns a cell of promises with what became of each.
    pub(super) fn promise_kept(&self, cell: Cell) -> Cell {
        let kept = |item: Item| {
            let touch = self.grid.touches_all().find(|t| Some(t.number) == item.number);
            let data = self.data.zip(touch.and_then(|t| t.is.today)).and_then(|(d, t)| d.touchpoints.get(&t));
            let found = data.and_then(|d| d.promise).filter(|_| item.when != Some(super::grid::When::Ideal));
            let Some((rate, spread)) = found else { return item };
            let mark = rate.share().map(|share| self.kept(rate, share >= 0.9));
            Item {
                marks: mark.into_iter().collect(),
                notes: spread.map(|s| self.spread_as("time.spread_came", s)).into_iter().collect(),
                ..item
            }
        };
        Cell { items: cell.items.into_iter().map(kept).collect(), ..cell }
    }

    /// Returns how the numbers were made, in words.
    pub(super) fn made(&self) -> Vec<Rich> {
        let say = |key: &str| vec![Piece::text(self.words.t(key))];
        let mut out = vec![say("made.curve"), say("made.evidence")];
        let Some(data) = self.data else {
            out.insert(0, say("made.no_data"));
            return out;
        };
        out.splice(0..0, self.made_rows(data));
        out.extend([say("made.reach"), say("made.time"), say("made.lost")]);
        let smallest = self.model.manifest.privacy.smallest_cell.to_string();
        out.push(self.words.say("made.masked", 0, &[("n", Piece::figure(smallest))]));
        out
    }

    fn made_rows(&self, data: &MapData) -> Vec<Rich> {
        let mut out = Vec::new();
        if data.simulated {
            out.push(vec![Piece::text(self.words.t("made.simulated"))]);
        }
        let rows = |kind: RowKind| data.rows.iter().filter(|(k, _)| *k == kind).map(|(_, n)| n).sum::<u64>();
        let figure = |kind| Piece::figure(self.words.integer(rows(kind)));
        if !data.rows.is_empty() {
            let values = [
                ("n", figure(RowKind::Read)),
                ("used", figure(RowKind::Used)),
                ("duplicates", figure(RowKind::Duplicate)),
                ("rejected", figure(RowKind::Rejected)),
            ];
            out.push(self.words.say("made.rows", rows(RowKind::Read), &values));
        }
        out
    }
}

/// Returns the number, 0 where it is masked.
fn exactly(count: Count) -> u64 {
    match count {
        Count::Exactly(n) => n,
        Count::Masked => 0,
    }
}

fn heat_class(share: f64) -> &'static str {
    match share {
        s if s < 0.05 => "heat1",
        s if s < 0.15 => "heat2",
        s if s < 0.30 => "heat3",
        s if s < 0.50 => "heat4",
        _ => "heat5",
    }
}
