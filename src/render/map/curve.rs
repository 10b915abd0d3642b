//! The emotion curve, cut into the cells of the map.
//!
//! Each touchpoint is one unit wide. The curve through a persona's feelings is a monotone cubic (Fritsch and Carlson
//! 1980), so it never swings beyond what was said; each cell draws its own part of it, cut exactly at its borders, so
//! that hidden columns, page breaks and narrow screens keep it whole.

use super::Ctx;
use super::data::{Measured, Spot as At};
use super::grid::{Column, Spot, When};
use super::rows::column_when;
use super::view::{Cell, Curve, Item, Line, Point, Row, Step};
use crate::model::lane::Feeling;
use crate::model::metric::MetricKind;
use crate::model::{Id, Persona};
use crate::render::rich::Piece;

/// Height of a curve cell in pixels.
pub(in crate::render) const HEIGHT: f64 = 132.0;
/// From the middle to a feeling of +3.
const REACH: f64 = 51.0;
/// Curves of several personas run this far beside each other where they feel the same.
const BESIDE: f64 = 3.0;

/// A feeling on the line: where, in units from the left end of the map, and how it feels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Knot {
    x: f64,
    value: f64,
    /// Whether the ideal says it.
    wished: bool,
    /// Whether it is said today.
    felt: bool,
}

/// One persona's feelings, today and ideally.
#[derive(Debug, Default)]
struct Series {
    persona: Option<usize>,
    felt: Vec<Knot>,
    wish: Vec<Knot>,
}

impl Ctx<'_> {
    /// Returns the row of the emotion curve.
    pub(super) fn curve_row(&self) -> Option<Row> {
        let series = self.series();
        let mut left = 0.0;
        let mut cells = Vec::new();
        for column in &self.grid.columns {
            let slots = column.touches.len().max(1);
            let items = self.feelings(column);
            let curve = self.cell(&series, column, left, slots, &items);
            cells.push(Cell { when: column_when(column), items, curve: Some(curve), bar: None });
            left += slots as f64;
        }
        let any = series.iter().any(|s| !s.felt.is_empty() || !s.wish.is_empty());
        let measured = self.data.is_some_and(|d| d.measured.iter().any(|m| self.feeling_of(m).is_some()));
        (any || measured).then(|| self.finish("feels", cells)).flatten()
    }

    fn feelings(&self, column: &Column) -> Vec<Item> {
        let places = self.grid.places(column);
        let items = places.iter().flat_map(|spot| {
            self.entries(spot, |p| p.feelings.iter().collect(), |feeling, item| self.feeling(feeling, item))
        });
        items.collect()
    }

    /// Returns one series a persona, or one for everybody where no feeling is one persona's alone.
    fn series(&self) -> Vec<Series> {
        let personal = |f: &Feeling| !f.personas.is_empty();
        let spots: Vec<Spot> = self.grid.columns.iter().flat_map(|c| self.grid.places(c)).collect();
        let places = spots.iter().flat_map(|s| s.today.into_iter().chain(s.ideal));
        let split = places.flat_map(|p| &p.feelings).any(personal) && self.grid.personas().len() > 1;
        match split {
            true => self.grid.personas().iter().enumerate().map(|(i, &p)| self.one(Some(i), Some(p))).collect(),
            false => vec![self.one(None, None)],
        }
    }

    fn one(&self, index: Option<usize>, persona: Option<Id<Persona>>) -> Series {
        let mut series = Series { persona: index, ..Series::default() };
        let mut left = 0.0;
        for column in &self.grid.columns {
            let slots = column.touches.len().max(1) as f64;
            let places = self.grid.places(column);
            let said = |spot: &Spot| !own(spot.today, persona).is_empty() || !own(spot.ideal, persona).is_empty();
            let by_touch = places.iter().any(|s| s.touch.is_some() && said(s));
            let mut slot = 0.0;
            for spot in &places {
                let (start, width) = if spot.touch.is_some() { (left + slot, 1.0) } else { (left, slots) };
                slot += f64::from(u8::from(spot.touch.is_some()));
                if spot.touch.is_some() || !by_touch {
                    series.add(spot, persona, start, width);
                }
            }
            left += slots;
        }
        series
    }

    fn cell(&self, series: &[Series], column: &Column, left: f64, slots: usize, items: &[Item]) -> Curve {
        let mut curve = Curve { slots, desc: self.desc(column, items), ..Curve::default() };
        let lanes = series.len();
        for (lane, one) in series.iter().enumerate() {
            let shift = (lane as f64 - (lanes as f64 - 1.0) / 2.0) * BESIDE;
            one.draw(&mut curve, left, slots as f64, shift);
        }
        self.measured_points(&mut curve, column);
        curve
    }

    fn measured_points(&self, curve: &mut Curve, column: &Column) {
        let slots = curve.slots as f64;
        for measured in self.data.map_or(&[][..], |d| &d.measured) {
            let place = match measured.at {
                At::Stage(s) if column.is.today == Some(s) => Some(0.5),
                At::Stage(_) => None,
                At::Touchpoint(t) => {
                    let at = column.touches.iter().position(|touch| touch.is.today == Some(t));
                    at.map(|i| (i as f64 + 0.5) / slots)
                }
            };
            let Some((x, (value, interval))) = place.zip(self.feeling_of(measured)) else { continue };
            let y = |v: f64| short(height(v, 0.0));
            let (low, high) = interval.map_or((None, None), |(a, b)| (Some(y(a)), Some(y(b))));
            curve.points.push(Point { x: short(x * 100.0), y: y(value), class: "measured", persona: None, low, high });
        }
    }

    /// Returns a measured score on the scale of feelings: a net promoter score from -100 to 100 becomes -3 to 3.
    fn feeling_of(&self, measured: &Measured) -> Option<(f64, Option<(f64, f64)>)> {
        let scale = |score: f64| (score * 3.0 / 100.0).clamp(-3.0, 3.0);
        let nps = matches!(self.model.metrics[measured.metric].kind, MetricKind::Nps(_));
        nps.then(|| (scale(measured.value), measured.interval.map(|(a, b)| (scale(a), scale(b)))))
    }

    /// Returns the cell's part of the curve as a sentence.
    fn desc(&self, column: &Column, items: &[Item]) -> String {
        let stage = self.grid.stage(column).map_or("", |s| &s.meta.title);
        let one = |item: &Item| {
            let value = item.icon.as_ref().map_or("", |i| &i.label);
            let mut words = vec![value.to_owned()];
            words.extend(item.text.first().map(|p| p.text.clone()));
            words.extend((!item.of.is_empty()).then(|| self.names(&item.of)));
            words.extend((item.when == Some(When::Ideal)).then(|| self.words.t("view.ideal").to_owned()));
            words.join(" ")
        };
        let list: Vec<String> = items.iter().map(one).collect();
        let said = if list.is_empty() { self.words.t("curve.nothing").to_owned() } else { list.join("; ") };
        self.words.fill("curve.desc", &[("stage", stage), ("said", &said)])
    }

    /// Returns measured scores of a column in words, for the rows of numbers.
    pub(super) fn measured_items(&self, column: &Column) -> Vec<Item> {
        let here = |m: &&Measured| match m.at {
            At::Stage(s) => column.is.today == Some(s),
            At::Touchpoint(t) => column.touches.iter().any(|touch| touch.is.today == Some(t)),
        };
        let item = |m: &Measured| {
            let touch = match m.at {
                At::Touchpoint(t) => column.touches.iter().find(|touch| touch.is.today == Some(t)),
                At::Stage(_) => None,
            };
            let metric = &self.model.metrics[m.metric];
            let unit = crate::render::units::unit(self.model, metric);
            let decimals = m.interval.map_or(1, |(a, b)| crate::render::Words::decimals(b - a, unit));
            let value = self.words.value(m.value, unit, decimals);
            let text = vec![Piece::name(&metric.meta.title), Piece::text(" "), Piece::figure(value)];
            let range = m.interval.map(|(a, b)| {
                let (a, b) = (self.words.value(a, unit, decimals), self.words.value(b, unit, decimals));
                vec![Piece::text(self.words.fill("number.range", &[("low", &a), ("high", &b)]))]
            });
            Item { notes: range.into_iter().collect(), ..self.at(touch, text) }
        };
        self.data.map_or(&[][..], |d| &d.measured).iter().filter(here).map(item).collect()
    }
}

fn own(place: Option<&crate::model::lane::Place>, persona: Option<Id<Persona>>) -> Vec<&Feeling> {
    let theirs = |f: &&Feeling| persona.is_none_or(|p| f.personas.is_empty() || f.personas.contains(&p));
    place.map(|p| p.feelings.iter().filter(theirs).collect()).unwrap_or_default()
}

impl Series {
    fn add(&mut self, spot: &Spot, persona: Option<Id<Persona>>, start: f64, width: f64) {
        let today = own(spot.today, persona);
        let ideal = own(spot.ideal, persona);
        if spot.when != When::Ideal {
            spread(&mut self.felt, &today, start, width, ideal.is_empty() && spot.when == When::Always, true);
        }
        match (ideal.is_empty(), spot.when) {
            (_, When::Today) => {}
            (true, _) => spread(&mut self.wish, &today, start, width, false, true),
            (false, _) => spread(&mut self.wish, &ideal, start, width, true, false),
        }
    }

    fn draw(&self, curve: &mut Curve, left: f64, slots: f64, shift: f64) {
        let wishes = self.wish.iter().any(|k| k.wished);
        let mut line = |d: String, class| {
            if !d.is_empty() {
                curve.lines.push(Line { d, class, persona: self.persona });
            }
        };
        line(path(&self.felt, left, slots, shift, |_, _| true), "felt");
        if wishes {
            line(path(&self.wish, left, slots, shift, |_, _| true), "ideal");
            line(path(&self.wish, left, slots, shift, |a, b| a.wished || b.wished), "wish");
        }
        let inside = |k: &&Knot| k.x >= left && k.x < left + slots;
        let x = |k: &Knot| short((k.x - left) / slots * 100.0);
        let point = |k: &Knot, class| Point {
            x: x(k),
            y: short(height(k.value, shift)),
            class,
            persona: self.persona,
            low: None,
            high: None,
        };
        curve.points.extend(self.felt.iter().filter(inside).map(|k| point(k, "felt")));
        curve.points.extend(self.wish.iter().filter(inside).filter(|k| k.wished).map(|k| point(k, "wish")));
        for wish in self.wish.iter().filter(inside).filter(|k| k.wished) {
            if let Some(felt) = self.felt.iter().find(|k| (k.x - wish.x).abs() < 1e-9) {
                let (from, to) = (short(height(felt.value, shift)), short(height(wish.value, shift)));
                curve.steps.push(Step { x: x(wish), from, to, persona: self.persona });
            }
        }
    }
}

/// Adds feelings to a line, evenly over a width.
fn spread(line: &mut Vec<Knot>, feelings: &[&Feeling], start: f64, width: f64, wished: bool, felt: bool) {
    let parts = feelings.len() as f64 + 1.0;
    for (i, feeling) in feelings.iter().enumerate() {
        let x = start + width * (i as f64 + 1.0) / parts;
        line.push(Knot { x, value: f64::from(feeling.value.clamp(-3, 3)), wished, felt });
    }
}

/// Returns the height of a feeling in pixels from the top.
fn height(value: f64, shift: f64) -> f64 {
    HEIGHT / 2.0 - value / 3.0 * REACH + shift
}

/// Returns a number with at most one decimal.
pub(in crate::render) fn short(x: f64) -> String {
    let text = format!("{x:.1}");
    let tidy = text.strip_suffix(".0").unwrap_or(&text);
    if tidy == "-0" { "0".to_owned() } else { tidy.to_owned() }
}

/// Returns the part of the curve through the knots that lies in a cell, as a path in a box 100 wide.
fn path(knots: &[Knot], left: f64, slots: f64, shift: f64, keep: impl Fn(&Knot, &Knot) -> bool) -> String {
    let at = |(x, y): (f64, f64)| format!("{} {}", short((x - left) / slots * 100.0), short(height(y, shift)));
    trace(knots, left, left + slots, at, keep)
}

/// Returns the part of the curve between two places, each point written by `at`.
fn trace(
    knots: &[Knot],
    left: f64,
    right: f64,
    at: impl Fn((f64, f64)) -> String,
    keep: impl Fn(&Knot, &Knot) -> bool,
) -> String {
    let slopes = slopes(knots);
    let mut out = String::new();
    let mut end = None;
    for ((pair, slope), next) in knots.windows(2).zip(&slopes).zip(slopes.iter().skip(1)) {
        let [a, b] = pair else { continue };
        if b.x <= left || a.x >= right || !keep(a, b) {
            continue;
        }
        let from = ((left - a.x) / (b.x - a.x)).max(0.0);
        let to = ((right - a.x) / (b.x - a.x)).min(1.0);
        let [p0, p1, p2, p3] = Piece3::new(a, *slope, b, *next).cut(from, to).0;
        if end != Some(at(p0)) {
            out.push_str(&format!("M{}", at(p0)));
        }
        out.push_str(&format!("C{} {} {}", at(p1), at(p2), at(p3)));
        end = Some(at(p3));
    }
    out
}

/// A curve for a picture by itself.
pub(in crate::render) struct Drawn {
    /// Whose, by place; everybody's without one.
    pub persona: Option<usize>,
    /// The path of what is felt, and of the ideal where it differs.
    pub felt: String,
    pub wish: String,
    /// Every feeling: place, value, whether it is wished.
    pub points: Vec<(f64, f64, bool)>,
}

impl Ctx<'_> {
    /// Returns the curves of the whole map, each point placed by `at` from units and feeling.
    pub(super) fn drawn(&self, at: &dyn Fn(f64, f64) -> String) -> Vec<Drawn> {
        let end = self.grid.columns.iter().map(|c| c.touches.len().max(1)).sum::<usize>() as f64;
        let draw = |one: Series| {
            let place = |(x, y): (f64, f64)| at(x, y);
            let wished = one.wish.iter().filter(|k| k.wished).map(|k| (k.x, k.value, true));
            let felt = one.felt.iter().map(|k| (k.x, k.value, false));
            Drawn {
                persona: one.persona,
                felt: trace(&one.felt, 0.0, end, place, |_, _| true),
                wish: trace(&one.wish, 0.0, end, place, |a, b| a.wished || b.wished),
                points: felt.chain(wished).collect(),
            }
        };
        self.series().into_iter().map(draw).collect()
    }
}

/// Returns the slope at each knot such that the curve is monotone between knots (Fritsch and Carlson 1980).
fn slopes(knots: &[Knot]) -> Vec<f64> {
    let secants: Vec<f64> = knots
        .windows(2)
        .map(|w| match w {
            [a, b] if b.x > a.x => (b.value - a.value) / (b.x - a.x),
            _ => 0.0,
        })
        .collect();
    let inner = secants.windows(2).map(|w| match w {
        [a, b] if a * b > 0.0 => 2.0 * a * b / (a + b),
        _ => 0.0,
    });
    let ends = (secants.first().copied().unwrap_or(0.0), secants.last().copied().unwrap_or(0.0));
    let mut out = vec![ends.0];
    out.extend(inner);
    out.push(ends.1);
    out
}

/// One cubic Bézier piece: four points.
struct Piece3([(f64, f64); 4]);

impl Piece3 {
    fn new(a: &Knot, slope_a: f64, b: &Knot, slope_b: f64) -> Self {
        let third = (b.x - a.x) / 3.0;
        let control = |x, y| (x, y);
        Self([
            control(a.x, a.value),
            control(a.x + third, a.value + slope_a * third),
            control(b.x - third, b.value - slope_b * third),
            control(b.x, b.value),
        ])
    }

    /// Returns the piece between two of its parameters, by de Casteljau's construction.
    fn cut(self, from: f64, to: f64) -> Self {
        let (_, right) = self.split(from);
        let rest = if from < 1.0 { (to - from) / (1.0 - from) } else { 1.0 };
        right.split(rest).0
    }

    fn split(self, t: f64) -> (Self, Self) {
        let mix = |a: (f64, f64), b: (f64, f64)| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let [a, b, c, d] = self.0;
        let (ab, bc, cd) = (mix(a, b), mix(b, c), mix(c, d));
        let (abc, bcd) = (mix(ab, bc), mix(bc, cd));
        let mid = mix(abc, bcd);
        (Self([a, ab, abc, mid]), Self([mid, bcd, cd, d]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knots(values: &[f64]) -> Vec<Knot> {
        let knot = |(i, &value): (usize, &f64)| Knot { x: i as f64 + 0.5, value, wished: false, felt: true };
        values.iter().enumerate().map(knot).collect()
    }

    #[test]
    fn cells_meet_at_their_border() {
        let line = knots(&[1.0, -2.0, 2.0, 3.0]);
        let first = path(&line, 0.0, 2.0, 0.0, |_, _| true);
        let second = path(&line, 2.0, 2.0, 0.0, |_, _| true);
        let end = first.rsplit(' ').next().map(str::to_owned);
        let start = second.trim_start_matches('M').split(['C', ' ']).nth(1).map(str::to_owned);
        assert_eq!(end, start, "{first} | {second}");
    }

    #[test]
    fn the_curve_never_swings_beyond_what_was_said() {
        let line = knots(&[0.0, 3.0, 3.0, -3.0, -2.0, -2.0]);
        let slopes = slopes(&line);
        for i in 0..line.len() - 1 {
            let piece = Piece3::new(&line[i], slopes[i], &line[i + 1], slopes[i + 1]);
            for point in piece.0 {
                let (low, high) = (line[i].value.min(line[i + 1].value), line[i].value.max(line[i + 1].value));
                assert!(point.1 >= low - 1e-9 && point.1 <= high + 1e-9);
            }
        }
    }

    #[test]
    fn one_feeling_is_a_point_without_a_line() {
        assert_eq!(path(&knots(&[2.0]), 0.0, 1.0, 0.0, |_, _| true), "");
    }
}
