//! Pictures by themselves, for slides: the emotion curve, the forest plot, the funnel. Light, on no background, without
//! style sheets, so that every program that shows SVG shows the same.

use super::escape::html;
use super::map::data::{Count, FunnelData};
use super::map::short;
use super::report::forest::{Axis, Mark};
use super::words::Words;
use std::fmt::Write;

const WIDTH: f64 = 1200.0;
const INK: &str = "#16191d";
const SOFT: &str = "#525a64";
const HAIR: &str = "#cfd5db";
const ACCENT: &str = "#0072b2";
const LOST: &str = "#d55e00";
const WISH: &str = "#9b4d84";
/// One colour and one dash a persona.
const LINES: [(&str, &str); 6] = [
    ("#0072b2", ""),
    ("#c2701a", "9 3"),
    ("#00865f", "9 3 2 3"),
    ("#a9568a", "4 2.5"),
    ("#3a8fc4", "14 3"),
    ("#6b6b1a", "2 2"),
];

/// A picture being drawn.
struct Pen {
    body: String,
}

impl Pen {
    fn line(&mut self, [x1, y1, x2, y2]: [f64; 4], colour: &str, width: f64, dash: &str) {
        let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(short);
        let _ = writeln!(
            self.body,
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{width}\"{dash}/>"
        );
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, colour: &str, weight: u16, text: &str) {
        let (x, y) = (short(x), short(y));
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-weight=\"{weight}\">{}</text>",
            html(text)
        );
    }

    fn rect(&mut self, [x, y, width, height]: [f64; 4], colour: &str, opacity: f64) {
        let [x, y, width, height] = [x, y, width, height].map(short);
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>"
        );
    }

    fn dot(&mut self, x: f64, y: f64, radius: f64, fill: &str, stroke: &str) {
        let [x, y] = [x, y].map(short);
        let _ = writeln!(
            self.body,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"2\"/>"
        );
    }

    fn path(&mut self, d: &str, colour: &str, width: f64, dash: &str) {
        if d.is_empty() {
            return;
        }
        let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        let _ = writeln!(
            self.body,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linecap=\"round\"{dash}/>"
        );
    }

    fn done(self, height: f64, title: &str, desc: &str) -> String {
        let (width, height) = (short(WIDTH), short(height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"15\">\n<title>{}</title>\n<desc>{}</desc>\n{}</svg>\n",
            html(title),
            html(desc),
            self.body
        )
    }
}

/// The emotion curve of a journey.
pub(super) struct CurvePicture {
    pub title: String,
    pub desc: String,
    pub ideal: String,
    /// Titles, and the part of the width each takes.
    pub stages: Vec<(String, f64)>,
    pub lines: Vec<CurveLine>,
}

/// One persona's curve.
pub(super) struct CurveLine {
    pub name: String,
    pub persona: usize,
    pub felt: String,
    pub wish: String,
    /// Place from 0 to 1, feeling, whether it is wished.
    pub points: Vec<(f64, f64, bool)>,
}

const LEFT: f64 = 48.0;
const TOP: f64 = 96.0;
const TALL: f64 = 240.0;

/// Returns where a feeling stands in the picture, as the numbers of a path.
pub(super) fn curve_point(share: f64, value: f64) -> String {
    let (x, y) = curve_place(share, value);
    format!("{} {}", short(x), short(y))
}

fn curve_place(share: f64, value: f64) -> (f64, f64) {
    (LEFT + share * (WIDTH - LEFT - 16.0), TOP + TALL / 2.0 - value / 3.0 * (TALL / 2.0 - 14.0))
}

/// Returns the emotion curve.
pub(super) fn curve(picture: &CurvePicture) -> String {
    let mut pen = Pen { body: String::new() };
    let right = WIDTH - 16.0;
    pen.rect([LEFT, TOP, right - LEFT, TALL / 2.0], ACCENT, 0.05);
    pen.rect([LEFT, TOP + TALL / 2.0, right - LEFT, TALL / 2.0], LOST, 0.06);
    pen.text(LEFT, 30.0, "start", INK, 650, &picture.title);
    for (value, label) in [(3.0, "+3"), (0.0, "0"), (-3.0, "−3")] {
        let (_, y) = curve_place(0.0, value);
        pen.line([LEFT, y, right, y], HAIR, 1.0, "");
        pen.text(LEFT - 10.0, y + 5.0, "end", SOFT, 400, label);
    }
    let mut share = 0.0;
    for (title, part) in &picture.stages {
        let (x, _) = curve_place(share, 0.0);
        pen.line([x, TOP - 26.0, x, TOP + TALL], HAIR, 1.0, "");
        pen.text(x + 8.0, TOP - 10.0, "start", INK, 600, title);
        share += part;
    }
    picture.lines.iter().for_each(|l| curve_line(&mut pen, l));
    curve_legend(&mut pen, picture);
    pen.done(TOP + TALL + 44.0, &picture.title, &picture.desc)
}

fn curve_line(pen: &mut Pen, line: &CurveLine) {
    let (colour, dash) = LINES.get(line.persona % LINES.len()).copied().unwrap_or((INK, ""));
    pen.path(&line.felt, colour, 3.0, dash);
    pen.path(&line.wish, WISH, 3.0, "0.1 7");
    for &(share, value, wished) in &line.points {
        let (x, y) = curve_place(share, value);
        match wished {
            true => pen.dot(x, y, 5.0, "#ffffff", WISH),
            false => pen.dot(x, y, 5.0, colour, "#ffffff"),
        }
    }
}

fn curve_legend(pen: &mut Pen, picture: &CurvePicture) {
    let y = TOP + TALL + 28.0;
    let mut x = LEFT;
    let wishes = picture.lines.iter().any(|l| !l.wish.is_empty() || l.points.iter().any(|p| p.2));
    let ideal = wishes.then_some((picture.ideal.as_str(), WISH, "0.1 7"));
    let personas = picture.lines.iter().filter(|l| !l.name.is_empty()).map(|l| {
        let (colour, dash) = LINES.get(l.persona % LINES.len()).copied().unwrap_or((INK, ""));
        (l.name.as_str(), colour, dash)
    });
    for (name, colour, dash) in personas.chain(ideal) {
        pen.line([x, y - 5.0, x + 30.0, y - 5.0], colour, 3.0, dash);
        pen.text(x + 38.0, y, "start", SOFT, 400, name);
        x += 64.0 + 9.0 * name.chars().count() as f64;
    }
}

/// Effects on one scale.
pub(super) struct ForestGroup {
    pub title: String,
    pub axis: Axis,
    /// What, its mark, and what it says.
    pub rows: Vec<(String, Option<Mark>, String)>,
}

/// Returns the forest plot.
pub(super) fn forest(title: &str, says: &str, groups: &[ForestGroup]) -> String {
    let mut pen = Pen { body: String::new() };
    pen.text(16.0, 30.0, "start", SOFT, 400, title);
    pen.text(16.0, 56.0, "start", INK, 650, says);
    let mut y = 100.0;
    for group in groups {
        pen.text(16.0, y, "start", SOFT, 400, &group.title);
        for (at, label) in &group.axis.ticks {
            pen.text(plot_x(at), y, "middle", SOFT, 400, label);
        }
        let bottom = y + 12.0 + 36.0 * group.rows.len() as f64;
        for (at, _) in &group.axis.ticks {
            pen.line([plot_x(at), y + 12.0, plot_x(at), bottom], HAIR, 1.0, "");
        }
        let zero = plot_x(&group.axis.zero);
        pen.line([zero, y + 12.0, zero, bottom], INK, 1.5, "");
        for (i, (label, mark, says)) in group.rows.iter().enumerate() {
            let middle = y + 30.0 + 36.0 * i as f64;
            pen.text(16.0, middle + 5.0, "start", INK, 600, label);
            pen.text(850.0, middle + 5.0, "start", INK, 400, says);
            mark.iter().for_each(|m| forest_mark(&mut pen, m, middle));
        }
        y = bottom + 44.0;
    }
    pen.done(y - 20.0, title, says)
}

/// Returns the place of a percentage of the plot.
fn plot_x(percent: &str) -> f64 {
    400.0 + percent.parse::<f64>().unwrap_or(0.0) * 4.2
}

fn forest_mark(pen: &mut Pen, mark: &Mark, y: f64) {
    let (low, high) = (plot_x(&mark.low), plot_x(&mark.high));
    if let Some(margin) = &mark.margin {
        let x = plot_x(margin);
        pen.line([x, y - 18.0, x, y + 18.0], LOST, 1.5, "3 2");
    }
    pen.line([low, y, high, y], ACCENT, 1.75, "");
    pen.line([plot_x(&mark.inner_low), y, plot_x(&mark.inner_high), y], ACCENT, 6.0, "");
    pen.dot(plot_x(&mark.dot), y, 5.5, ACCENT, "#ffffff");
}

/// Returns a funnel: a bar a step, the part that is lost after it pale.
pub(super) fn funnel(funnel: &FunnelData, title: &str, words: &Words) -> String {
    let mut pen = Pen { body: String::new() };
    pen.text(16.0, 30.0, "start", INK, 650, title);
    let reached: Vec<u64> =
        funnel.steps.iter().map(|s| if let Count::Exactly(n) = s.reached { n } else { 0 }).collect();
    let first = reached.first().copied().unwrap_or(0).max(1) as f64;
    for (i, step) in funnel.steps.iter().enumerate() {
        let y = 60.0 + 44.0 * i as f64;
        let here = reached.get(i).copied().unwrap_or(0);
        let on = reached.get(i + 1).copied().unwrap_or(here).min(here);
        let bar = |n: u64| n as f64 / first * 560.0;
        pen.text(16.0, y + 20.0, "start", INK, 600, &step.title);
        pen.rect([360.0, y, bar(here), 28.0], ACCENT, 0.28);
        pen.rect([360.0, y, bar(on), 28.0], ACCENT, 1.0);
        let share = words.rate(here as f64 / first, first as u64);
        let says = match step.reached {
            Count::Exactly(n) => format!("{} · {share}", words.integer(n)),
            Count::Masked => "–".to_owned(),
        };
        pen.text(376.0 + bar(here), y + 20.0, "start", SOFT, 400, &says);
    }
    pen.done(80.0 + 44.0 * funnel.steps.len() as f64, title, words.t("map.funnels"))
}

/// What moved on one map.
pub(super) struct MovedPicture {
    pub title: String,
    pub slots: Vec<Moved>,
    /// One line each, in the order of the numbers.
    pub says: Vec<String>,
    /// What to say where the order is another.
    pub order: Option<String>,
}

/// One touchpoint before and after.
pub(super) struct Moved {
    pub stage: String,
    pub was: Option<f64>,
    pub is: Option<f64>,
    pub came: bool,
    pub went: bool,
    /// Which line tells of it.
    pub number: Option<usize>,
}

/// Returns the maps that moved, one under the other: the curve before in grey dashes, after in ink, every change numbered.
pub(super) fn moved(pictures: &[MovedPicture], words: &Words) -> String {
    let mut pen = Pen { body: String::new() };
    let mut top = 0.0;
    if pictures.is_empty() {
        pen.text(16.0, 30.0, "start", SOFT, 400, words.t("moved.none"));
        return pen.done(60.0, words.t("moved.none"), words.t("moved.none"));
    }
    for picture in pictures {
        top = moved_map(&mut pen, picture, top, words) + 36.0;
    }
    let titles: Vec<&str> = pictures.iter().map(|p| p.title.as_str()).collect();
    let says: Vec<&str> = pictures.iter().flat_map(|p| &p.says).map(String::as_str).collect();
    pen.done(top - 12.0, &words.fill("moved.title", &[("title", &titles.join(", "))]), &says.join(". "))
}

fn moved_map(pen: &mut Pen, picture: &MovedPicture, top: f64, words: &Words) -> f64 {
    let right = WIDTH - 16.0;
    let shift = top - TOP + 96.0;
    let slot = (right - LEFT) / picture.slots.len().max(1) as f64;
    let x = |at: usize| LEFT + slot * (at as f64 + 0.5);
    let y = |value: f64| curve_place(0.0, value).1 + shift;
    pen.rect([LEFT, TOP + shift, right - LEFT, TALL / 2.0], ACCENT, 0.05);
    pen.rect([LEFT, TOP + TALL / 2.0 + shift, right - LEFT, TALL / 2.0], LOST, 0.06);
    pen.text(LEFT, 30.0 + shift, "start", INK, 650, &words.fill("moved.title", &[("title", &picture.title)]));
    for (value, label) in [(3.0, "+3"), (0.0, "0"), (-3.0, "−3")] {
        pen.line([LEFT, y(value), right, y(value)], HAIR, 1.0, "");
        pen.text(LEFT - 10.0, y(value) + 5.0, "end", SOFT, 400, label);
    }
    let mut stage = None;
    for (at, s) in picture.slots.iter().enumerate().filter(|(_, s)| !s.went) {
        if stage != Some(&s.stage) {
            let left = LEFT + slot * at as f64;
            pen.line([left, TOP - 26.0 + shift, left, TOP + TALL + shift], HAIR, 1.0, "");
            pen.text(left + 8.0, TOP - 10.0 + shift, "start", INK, 600, &s.stage);
        }
        stage = Some(&s.stage);
    }
    let trace = |value: &dyn Fn(&Moved) -> Option<f64>| {
        let points = picture.slots.iter().enumerate().filter_map(|(at, s)| Some((x(at), y(value(s)?))));
        let all: Vec<String> = points.map(|(x, y)| format!("{} {}", short(x), short(y))).collect();
        if all.len() < 2 { String::new() } else { format!("M{}", all.join("L")) }
    };
    pen.path(&trace(&|s| s.was), SOFT, 2.0, "6 5");
    pen.path(&trace(&|s| s.is), ACCENT, 3.0, "");
    for (at, s) in picture.slots.iter().enumerate() {
        moved_slot(pen, s, x(at), &y, TOP + TALL + shift);
    }
    let mut line = TOP + TALL + 58.0 + shift;
    for (dash, colour, key, from) in [("6 5", SOFT, "moved.before", LEFT), ("", ACCENT, "moved.after", LEFT + 170.0)] {
        pen.line([from, line - 5.0, from + 30.0, line - 5.0], colour, 3.0, dash);
        pen.text(from + 38.0, line, "start", SOFT, 400, words.t(key));
    }
    for (n, says) in picture.says.iter().enumerate() {
        line += 26.0;
        pen.text(LEFT, line, "end", SOFT, 600, &format!("{} ", n + 1));
        pen.text(LEFT + 8.0, line, "start", INK, 400, says);
    }
    if let Some(order) = &picture.order {
        line += 26.0;
        pen.text(LEFT + 8.0, line, "start", INK, 400, order);
    }
    line
}

fn moved_slot(pen: &mut Pen, s: &Moved, x: f64, y: &dyn Fn(f64) -> f64, bottom: f64) {
    if let Some(was) = s.was.filter(|_| s.was != s.is) {
        pen.dot(x, y(was), 5.0, "#ffffff", if s.went { LOST } else { SOFT });
    }
    if let (Some(was), Some(is)) = (s.was, s.is) {
        pen.line([x, y(was), x, y(is)], ACCENT, 1.5, "");
    }
    if let Some(is) = s.is {
        pen.dot(x, y(is), if s.was == s.is && !s.came { 3.5 } else { 6.0 }, ACCENT, "#ffffff");
    }
    let sign = match (s.came, s.went) {
        (true, _) => "+ ",
        (_, true) => "× ",
        _ => "",
    };
    if let Some(n) = s.number {
        pen.text(x, bottom + 20.0, "middle", if s.went { LOST } else { INK }, 600, &format!("{sign}{n}"));
    }
}
