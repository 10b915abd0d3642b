//! The Markdown twin of a map: tables, a sparkline a persona, and a Mermaid block, for a pull request on GitHub.

use super::grid::When;
use super::view::{Cell, Curve, Item, MapPage, PathNode, PersonaKey, Row};
use crate::model::lane::in_five;
use crate::render::escape::{markdown as esc, mermaid};
use crate::render::rich::{self, Rich};
use crate::render::words::Words;
use std::fmt::Write;

/// Signs from lowest to highest.
const SPARK: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];

/// Returns the page in Markdown.
pub(super) fn write(page: &MapPage, words: &Words) -> String {
    let mut out = Out { text: String::new(), words };
    out.head(page);
    out.sparks(page);
    out.mermaid(page);
    out.table(page);
    out.gaps(page);
    out.personas(page);
    out.funnels(page);
    out.paths(page);
    out.handovers(page);
    out.credit(page);
    out.experiments(page);
    out.voice(page);
    out.rest(page);
    out.text
}

struct Out<'a> {
    text: String,
    words: &'a Words,
}

impl Out<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn title(&mut self, key: &str) {
        let title = format!("\n## {}\n", esc(self.words.t(key)));
        self.line(&title);
    }

    fn row<'s>(&mut self, cells: impl IntoIterator<Item = &'s str>) {
        let cells: Vec<&str> = cells.into_iter().collect();
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    fn head_row(&mut self, cells: &[&str]) {
        self.row(cells.iter().copied());
        self.row(cells.iter().map(|_| "---"));
    }

    fn head(&mut self, page: &MapPage) {
        self.line(&format!("# {}\n", esc(&page.title)));
        let lines = page.about.iter().chain(&page.from_to).map(|r| rich::markdown(r));
        let facts = page.facts.iter().map(|r| rich::markdown(r)).collect::<Vec<_>>().join(" · ");
        for line in lines.chain(std::iter::once(facts)) {
            self.line(&format!("{line}\n"));
        }
        if page.simulated {
            let warning = format!("**{}**\n", esc(self.words.t("map.simulated")));
            self.line(&warning);
        }
        if !page.minute.is_empty() {
            self.title("map.minute");
            self.bullets(&page.minute);
        }
    }

    fn bullets(&mut self, list: &[Rich]) {
        for item in list {
            self.line(&format!("- {}", rich::markdown(item)));
        }
    }

    /// One line a persona: how the journey feels, as a row of blocks.
    fn sparks(&mut self, page: &MapPage) {
        let curves: Vec<&Curve> =
            rows(page).filter(|r| r.key == "feels").flat_map(|r| &r.cells).filter_map(|c| c.curve.as_ref()).collect();
        let lanes: Vec<Option<usize>> = match page.personas.len() {
            0 | 1 => vec![None],
            n if curves.iter().any(|c| c.points.iter().any(|p| p.persona.is_some())) => (0..n).map(Some).collect(),
            _ => vec![None],
        };
        let mut lines = Vec::new();
        for lane in lanes {
            let spark: String = curves
                .iter()
                .flat_map(|c| c.points.iter())
                .filter(|p| p.class == "felt" && p.persona == lane)
                .map(|p| level(&p.y))
                .collect();
            let name =
                lane.and_then(|i| page.personas.get(i)).map_or_else(String::new, |p| format!("{} ", esc(&p.name)));
            if !spark.is_empty() {
                lines.push(format!("{name}`{spark}`"));
            }
        }
        if !lines.is_empty() {
            let label = esc(self.words.t("row.feels"));
            self.line(&format!("\n{label} (−3 … +3): {}\n", lines.join(" · ")));
        }
    }

    /// Mermaid's own journey drawing: sections are stages, tasks are touchpoints, scores are feelings, from 1 to 5 as Mermaid draws them.
    fn mermaid(&mut self, page: &MapPage) {
        let Some(feels) = rows(page).find(|r| r.key == "feels") else { return };
        let touchpoints = rows(page).find(|r| r.key == "touchpoints");
        let mut body = String::new();
        for ((stage, cell), touches) in
            page.stages.iter().zip(&feels.cells).zip(touchpoints.map_or(&[][..], |r| &r.cells))
        {
            let tasks: Vec<String> = touches
                .items
                .iter()
                .filter(|t| t.when != Some(When::Ideal))
                .filter_map(|t| self.task(t, cell, page))
                .collect();
            if !tasks.is_empty() {
                let _ = write!(body, "    section {}\n{}", mermaid(&stage.title), tasks.concat());
            }
        }
        if !body.is_empty() {
            self.line(&format!("\n```mermaid\njourney\n    title {}\n{body}```\n", mermaid(&page.title)));
        }
    }

    fn task(&self, touch: &Item, cell: &Cell, page: &MapPage) -> Option<String> {
        let felt: Vec<&Item> =
            cell.items.iter().filter(|i| i.number == touch.number && i.when != Some(When::Ideal)).collect();
        let values: Vec<i32> = felt.iter().filter_map(|i| value(i)).collect();
        let sum: i32 = values.iter().sum();
        let count = i32::try_from(values.len()).ok().filter(|n| *n > 0)?;
        let score = in_five((f64::from(sum) / f64::from(count)).round() as i8);
        let passes = |p: &&PersonaKey| touch.of.is_empty() || touch.of.contains(&p.index);
        let who: Vec<String> =
            page.personas.iter().filter(passes).map(|p| mermaid(&p.name).replace(',', " ")).collect();
        Some(format!("      {}: {}: {}\n", mermaid(&rich::plain(&touch.text)), score, who.join(", ")))
    }

    fn table(&mut self, page: &MapPage) {
        self.title("map.title");
        let titles: Vec<String> = page.stages.iter().map(|s| esc(&s.title)).collect();
        let mut head = vec![""];
        head.extend(titles.iter().map(String::as_str));
        self.head_row(&head);
        for row in rows(page) {
            let label = format!("**{}**", esc(&row.label));
            let cells: Vec<String> = row.cells.iter().map(|c| self.cell(row, c, page)).collect();
            self.row(std::iter::once(label.as_str()).chain(cells.iter().map(String::as_str)));
        }
    }

    fn cell(&self, row: &Row, cell: &Cell, page: &MapPage) -> String {
        let bar = cell.bar.as_ref().map(|b| {
            let note = b.note.as_ref().map(|n| format!(" · {}", rich::markdown(n))).unwrap_or_default();
            rich::markdown(&b.text) + &note
        });
        let plain = row.key == "who" || row.key == "owners";
        let items = cell.items.iter().map(|i| self.item(i, page, plain));
        bar.into_iter().chain(items).collect::<Vec<_>>().join("<br>")
    }

    fn item(&self, item: &Item, page: &MapPage, spaced: bool) -> String {
        let mut out = String::new();
        if let Some(n) = item.number {
            let _ = write!(out, "<sup>{n}</sup> ");
        }
        let icon = item.icon.as_ref().map(|i| sign(i.name)).unwrap_or_default();
        if !icon.is_empty() {
            let _ = write!(out, "{icon} ");
        }
        if let Some(label) = item.icon.as_ref().filter(|i| i.shown).map(|i| &i.label) {
            let _ = write!(out, "{} ", esc(label));
        }
        let text = rich::markdown(&item.text);
        match (item.href.is_empty(), item.quoted) {
            (false, _) => {
                let _ = write!(out, "[{text}](<{}>)", item.href.replace(".html", ".md"));
            }
            (true, true) => {
                let _ = write!(out, "“{text}”");
            }
            (true, false) => out.push_str(&text),
        }
        self.behind(&mut out, item, page, spaced);
        out
    }

    fn behind(&self, out: &mut String, item: &Item, page: &MapPage, spaced: bool) {
        let names = item.of.iter().filter_map(|&i| page.personas.get(i)).map(|p| esc(&p.name));
        let names: Vec<String> = if spaced { Vec::new() } else { names.collect() };
        let ideal = (item.when == Some(When::Ideal)).then(|| esc(self.words.t("view.ideal")));
        let whose: Vec<String> = names.into_iter().chain(ideal).collect();
        if !whose.is_empty() {
            let _ = write!(out, " *({})*", whose.join(", "));
        }
        for mark in item.marks.iter().filter(|m| m.shown) {
            let _ = write!(out, " **{}**", esc(&mark.label));
        }
        let notes: Vec<String> = item.notes.iter().map(|n| rich::markdown(n)).collect();
        if !notes.is_empty() {
            let list = notes.join(if spaced { " " } else { " · " });
            let _ = write!(out, " <sub>{list}</sub>");
        }
    }

    fn items(&self, list: &[Item], page: &MapPage) -> String {
        list.iter().map(|i| self.item(i, page, false)).collect::<Vec<_>>().join("<br>")
    }

    fn gaps(&mut self, page: &MapPage) {
        if page.gaps.is_empty() {
            return;
        }
        self.title("map.gaps");
        let head = ["gap.place", "view.today", "view.ideal", "gap.answer"].map(|k| esc(self.words.t(k)));
        self.head_row(&head.each_ref().map(String::as_str));
        for gap in &page.gaps {
            let place = format!("{} <sub>{}</sub>", esc(&gap.place), esc(&gap.what));
            let side = |items: &[Item]| {
                self.items(items, page).replace(&format!(" *({})*", esc(self.words.t("view.ideal"))), "")
            };
            let cells = [place, side(&gap.today), side(&gap.ideal), side(&gap.answers)];
            self.row(cells.iter().map(String::as_str));
        }
    }

    fn personas(&mut self, page: &MapPage) {
        if page.cards.is_empty() {
            return;
        }
        self.title("map.cards");
        for card in &page.cards {
            let share = card.share.as_ref().map(|s| format!(" · {}", esc(s))).unwrap_or_default();
            self.line(&format!("### {}{share}\n", esc(&card.title)));
            if card.assumption {
                let warning = format!("⚠ {}\n", esc(self.words.t("persona.assumption")));
                self.line(&warning);
            }
            if let Some(quote) = &card.quote {
                self.line(&format!("> {}\n", rich::markdown(quote)));
            }
            for lane in card.segments.iter().chain(&card.lanes) {
                self.line(&format!("- **{}** {}", esc(&lane.label), self.items(&lane.lines, page)));
            }
            for e in &card.evidence {
                self.line(&format!(
                    "- {} {} <sub>{} · {}</sub>",
                    sign(if e.research { "full" } else { "empty" }),
                    esc(&e.title),
                    esc(&e.kind),
                    esc(&e.facts)
                ));
            }
            self.line("");
        }
    }

    fn funnels(&mut self, page: &MapPage) {
        if page.funnels.is_empty() || !page.has_data {
            return;
        }
        self.title("map.funnels");
        let head =
            ["funnel.step", "funnel.reached", "funnel.of_first", "funnel.of_before", "funnel.lost_here", "funnel.time"];
        let head = head.map(|k| esc(self.words.t(k)));
        for funnel in &page.funnels {
            let persona = funnel.persona.as_ref().map(|p| format!(" · {}", esc(p))).unwrap_or_default();
            self.line(&format!("\n### {}{persona}\n\n{}\n", esc(&funnel.title), rich::markdown(&funnel.finding)));
            self.head_row(&head.each_ref().map(String::as_str));
            for s in &funnel.steps {
                let cells = [&s.title, &s.reached, &s.of_first, &s.of_before, &s.lost, &s.time].map(|c| esc(c));
                self.row(cells.iter().map(String::as_str));
            }
            let ledger: Vec<String> = funnel.ledger.iter().map(|(k, v)| format!("{} **{}**", esc(k), esc(v))).collect();
            self.line(&format!("\n{}", ledger.join(" · ")));
        }
    }

    fn paths(&mut self, page: &MapPage) {
        if !page.paths.is_empty() {
            self.title("map.paths");
        }
        for part in &page.paths {
            self.line(&format!("\n### {}\n\n{}\n", esc(&part.title), rich::markdown(&part.finding)));
            let heads: Vec<String> = part.heads.iter().map(|h| esc(h)).collect();
            self.head_row(&heads.iter().map(String::as_str).collect::<Vec<_>>());
            for row in &part.rows {
                let cell = |n: &Option<PathNode>| {
                    n.as_ref().map_or_else(String::new, |n| format!("{} **{}**", esc(&n.title), esc(&n.share)))
                };
                let cells: Vec<String> = row.iter().map(cell).collect();
                self.row(cells.iter().map(String::as_str));
            }
        }
    }

    fn handovers(&mut self, page: &MapPage) {
        if page.handovers.is_empty() {
            return;
        }
        self.title("map.handovers");
        let heads =
            ["handover.who", "handover.share", "effect.interval", "effect.people"].map(|k| esc(self.words.t(k)));
        for part in &page.handovers {
            let (at, finding) = (rich::markdown(&part.at), rich::markdown(&part.finding));
            self.line(&format!("\n### {} {at}\n\n{finding}\n", esc(&part.title)));
            self.head_row(&heads.each_ref().map(String::as_str));
            for row in &part.rows {
                let cells = [&row.what, &row.share, &row.range, &row.people].map(|c| esc(c));
                self.row(cells.iter().map(String::as_str));
            }
        }
        let rule = format!("\n<sub>{}</sub>\n", esc(self.words.t("handover.rule")));
        self.line(&rule);
    }

    fn credit(&mut self, page: &MapPage) {
        if !page.credit.is_empty() {
            self.title("map.credit");
        }
        for part in &page.credit {
            self.line(&format!("\n### {}\n\n{}\n", esc(&part.title), rich::markdown(&part.finding)));
            let heads = ["credit.channel", "credit.over", "credit.spend", "credit.cost"].map(|k| esc(self.words.t(k)));
            let shown = if part.has_spend { 4 } else { 2 };
            self.head_row(&heads.iter().map(String::as_str).take(shown).collect::<Vec<_>>());
            for row in &part.rows {
                let cells = [&row.title, &row.range, &row.spend, &row.cost].map(|c| esc(c));
                self.row(cells.iter().map(String::as_str).take(shown));
            }
            self.line("");
            for rule in &part.rule {
                self.line(&rich::markdown(rule));
            }
        }
    }

    fn experiments(&mut self, page: &MapPage) {
        if page.experiments.is_empty() {
            return;
        }
        self.title("map.experiments");
        let head = [
            "experiment",
            "experiment.state",
            "gap.place",
            "experiment.because",
            "experiment.dates",
            "experiment.owner",
        ];
        let head = head.map(|k| esc(self.words.t(k)));
        self.head_row(&head.each_ref().map(String::as_str));
        for e in &page.experiments {
            let link = format!("[{}](<{}>)", esc(&e.title), e.href.replace(".html", ".md"));
            let cells =
                [link, esc(&e.state_label), esc(&e.place), rich::markdown(&e.because), esc(&e.dates), esc(&e.owner)];
            self.row(cells.iter().map(String::as_str));
        }
    }

    fn voice(&mut self, page: &MapPage) {
        if page.voice.is_empty() {
            return;
        }
        self.title("map.voice");
        let head = ["gap.place", "voice.says", "voice.feels", "voice.asked"].map(|k| esc(self.words.t(k)));
        self.head_row(&head.each_ref().map(String::as_str));
        for row in &page.voice {
            let number = row.number.map(|n| format!("<sup>{n}</sup> ")).unwrap_or_default();
            let place = format!("{number}{}", esc(&row.place));
            let cells = [&row.says, &row.feels, &row.asked].map(|items| self.items(items, page));
            self.row(std::iter::once(place.as_str()).chain(cells.iter().map(String::as_str)));
        }
    }

    fn rest(&mut self, page: &MapPage) {
        if !page.questions.is_empty() {
            self.title("map.questions");
            for q in &page.questions {
                let line = format!("- {}", self.item(q, page, false));
                self.line(&line);
            }
        }
        if !page.claims.is_empty() {
            self.title("map.claims");
        }
        for claim in &page.claims {
            let numbers = claim.numbers.as_ref().map(|n| format!(" ({})", esc(n))).unwrap_or_default();
            let evidence: Vec<String> = claim
                .evidence
                .iter()
                .map(|e| format!("{} ({}, {})", esc(&e.title), esc(&e.kind), esc(&e.facts)))
                .collect();
            let evidence = if evidence.is_empty() { esc(self.words.t("evidence.none")) } else { evidence.join("; ") };
            self.line(&format!("- {}{numbers} <sub>{evidence}</sub>", rich::markdown(&claim.text)));
        }
        if !page.watched.is_empty() {
            self.title("map.watched");
            self.bullets(&page.watched);
        }
        if !page.changes.is_empty() {
            self.title("index.changed");
            self.bullets(&page.changes);
        }
        self.title("map.made");
        self.bullets(&page.made);
        self.line(&format!("\n<sub>{}</sub>", page.footer.iter().map(|f| esc(f)).collect::<Vec<_>>().join(" · ")));
    }
}

fn rows(page: &MapPage) -> impl Iterator<Item = &Row> {
    page.bands.iter().flat_map(|b| &b.rows)
}

fn value(item: &Item) -> Option<i32> {
    item.icon.as_ref()?.label.replace('−', "-").replace('+', "").parse().ok()
}

/// Returns the block for a height in pixels from the top.
fn level(y: &str) -> char {
    let y: f64 = y.parse().unwrap_or(super::curve::HEIGHT / 2.0);
    let value = ((super::curve::HEIGHT / 2.0 - y) / 17.0).round().clamp(-3.0, 3.0);
    let index = (value + 3.0) as usize;
    SPARK.get(index).copied().unwrap_or('▄')
}

/// Returns a sign for an icon: emoji and letters are Markdown's only drawings.
fn sign(name: &str) -> &'static str {
    match name {
        "full" => "●",
        "half" => "◐",
        "empty" => "○",
        "high" => "▮▮▮",
        "medium" => "▮▮",
        "low" => "▮",
        "face-3" => "😡",
        "face-2" => "😠",
        "face-1" => "🙁",
        "face0" => "😐",
        "face1" => "🙂",
        "face2" => "😊",
        "face3" => "🤩",
        "up" => "↑",
        "test" => "⑂",
        "question" => "?",
        "heat1" | "heat2" => "░",
        "heat3" => "▒",
        "heat4" => "▓",
        "heat5" => "█",
        _ => "",
    }
}
