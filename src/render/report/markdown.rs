//! The Markdown twin of a report.

use super::numbers::{BesideRow, NumberRow};
use super::view::{EffectRow, Group, ReportPage};
use super::walks::{WalkCell, WalkRow};
use crate::render::escape::markdown as esc;
use crate::render::rich;
use crate::render::words::Words;

/// Returns the page in Markdown.
pub(super) fn write(page: &ReportPage, words: &Words) -> String {
    let mut out = Out { text: String::new(), words };
    out.head(page);
    out.why(page);
    out.variants(page);
    if page.plan.is_empty() {
        out.effects("report.effects", &page.effects);
        out.numbers(page);
    }
    out.plan(page);
    out.ages(page);
    out.walks(page);
    out.effects("report.segments", &page.segments);
    out.finding(&page.segments_finding);
    out.beside(page);
    out.shipped(page);
    out.checks(page);
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

    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        self.line(&format!("| {} |", head.join(" | ")));
        self.line(&format!("|{}", " --- |".repeat(head.len())));
        for row in rows {
            self.line(&format!("| {} |", row.join(" | ")));
        }
    }

    fn head(&mut self, page: &ReportPage) {
        self.line(&format!("# {}\n", esc(&page.title)));
        let facts = page.facts.iter().map(|f| rich::markdown(f));
        let facts: Vec<String> = std::iter::once(esc(&page.state_label)).chain(facts).collect();
        self.line(&format!("{}\n", facts.join(" · ")));
        if page.simulated {
            let warning = format!("**{}**\n", esc(self.words.t("map.simulated")));
            self.line(&warning);
        }
        let v = &page.verdict;
        let worth = v.worth.as_ref().map(|w| format!(" {}", rich::markdown(w))).unwrap_or_default();
        let because = esc(&v.because);
        self.line(&format!("> **{}** {because}{worth}\n>\n> {}\n", rich::markdown(&v.says), esc(&v.todo)));
        for sure in &v.sure {
            self.line(&format!("- {}", rich::markdown(sure)));
        }
        for doubt in &v.doubts {
            self.line(&format!("- ⚠ {}", esc(doubt)));
        }
    }

    fn why(&mut self, page: &ReportPage) {
        self.title("report.why");
        self.line(&format!("{}\n", rich::markdown(&page.why.because)));
        let links = [
            ("report.pain", page.why.pain.as_ref()),
            ("report.opportunity", page.why.opportunity.as_ref()),
            ("report.place", Some(&page.why.place)),
        ];
        for (key, link) in links {
            if let Some(link) = link {
                let line = format!("- {}: {}", esc(self.words.t(key)), rich::markdown(link));
                self.line(&line);
            }
        }
        for who in &page.why.who {
            self.line(&format!("- {}", rich::markdown(who)));
        }
    }

    fn variants(&mut self, page: &ReportPage) {
        self.title("report.variants");
        let heads: Vec<String> = page.arms.iter().map(|a| format!("{} {}", a.letter, esc(&a.title))).collect();
        let mut head = vec![""];
        head.extend(heads.iter().map(String::as_str));
        let mut rows = vec![
            std::iter::once(String::new())
                .chain(page.arms.iter().map(|a| esc(a.units.as_ref().unwrap_or(&a.weight))))
                .collect::<Vec<_>>(),
        ];
        for part in &page.parts {
            let mark =
                |(text, changed): &(String, bool)| if *changed { format!("**{}**", esc(text)) } else { esc(text) };
            rows.push(std::iter::once(esc(&part.name)).chain(part.values.iter().map(mark)).collect());
        }
        self.table(&head, &rows);
    }

    fn effects(&mut self, key: &str, groups: &[Group]) {
        if groups.is_empty() {
            return;
        }
        self.title(key);
        let head =
            ["effect.metric", "effect.effect", "effect.interval", "effect.values", "effect.people", "effect.says"]
                .map(|k| esc(self.words.t(k)));
        let row = |r: &EffectRow| {
            let arm = if r.arm.is_empty() { String::new() } else { format!(" · {}", esc(&r.arm)) };
            let role =
                if r.role_label.is_empty() { String::new() } else { format!(" <sub>{}</sub>", esc(&r.role_label)) };
            let lift = if r.lift.is_empty() { String::new() } else { format!(" ({})", esc(&r.lift)) };
            vec![
                format!("{}{arm}{role}", esc(&r.metric)),
                format!("**{}**{lift}", esc(&r.effect)).replace("****", "–"),
                esc(&r.interval),
                esc(&r.values),
                esc(&r.people),
                esc(&r.decision_label),
            ]
        };
        for group in groups {
            let unit = if group.unit.is_empty() { String::new() } else { format!(" <sub>{}</sub>", esc(&group.unit)) };
            self.line(&format!("\n**{}**{unit}\n", esc(&group.title)));
            let rows: Vec<Vec<String>> = group.rows.iter().map(row).collect();
            self.table(&head.each_ref().map(String::as_str), &rows);
        }
    }

    fn finding(&mut self, said: &str) {
        if !said.is_empty() {
            self.line(&format!("\n{}", esc(said)));
        }
    }

    fn plan(&mut self, page: &ReportPage) {
        if page.plan.is_empty() {
            return;
        }
        if page.plan_hint.is_empty() {
            self.title("report.plan");
        } else {
            self.title("report.effects");
            self.line(&format!("{}\n", esc(&page.plan_hint)));
        }
        for row in &page.plan {
            self.line(&format!("- **{}** {} <sub>{}</sub>", esc(&row.metric), esc(&row.planned), esc(&row.role_label)));
        }
    }

    /// The effect by time since exposure, a row a day.
    fn ages(&mut self, page: &ReportPage) {
        if page.ages.is_empty() {
            return;
        }
        self.title("report.ages");
        let hint = format!("{}\n", esc(self.words.t("age.hint")));
        self.line(&hint);
        let heads = ["age.head", "effect.effect", "effect.interval"].map(|k| esc(self.words.t(k)));
        for series in &page.ages {
            self.line(&format!("\n**{}** {}\n", esc(&series.title), esc(&series.finding)));
            let row = |(day, effect, interval): &(String, String, String)| vec![esc(day), esc(effect), esc(interval)];
            let rows: Vec<Vec<String>> = series.rows.iter().map(row).collect();
            self.table(&heads.each_ref().map(String::as_str), &rows);
        }
    }

    /// Each step over all exposed, an arm a column.
    fn walks(&mut self, page: &ReportPage) {
        if page.walks.is_empty() {
            return;
        }
        self.title("report.walks");
        let hint = format!("{}\n", esc(self.words.t("walk.hint")));
        self.line(&hint);
        let mut head = vec![esc(self.words.t("funnel.step"))];
        head.extend(page.arms.iter().map(|a| format!("{} {}", a.letter, esc(&a.title))));
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        for walk in &page.walks {
            self.line(&format!("\n**{}** {} {}\n", esc(&walk.title), esc(&walk.finding), esc(&walk.within)));
            let cell = |c: &WalkCell| {
                let change =
                    if c.change.is_empty() { String::new() } else { format!(" {} ({})", c.change, c.interval) };
                let change = if c.off { format!(" **{}**", esc(change.trim())) } else { esc(&change) };
                format!("{} ({}){change}", esc(&c.share), esc(&c.units)).trim_start().to_owned()
            };
            let row =
                |r: &WalkRow| std::iter::once(esc(&r.title)).chain(r.cells.iter().map(cell)).collect::<Vec<String>>();
            let rows: Vec<Vec<String>> = walk.rows.iter().map(row).collect();
            self.table(&head, &rows);
        }
    }

    /// The numbers behind the effects, folded as on the page.
    fn numbers(&mut self, page: &ReportPage) {
        if page.numbers.is_empty() {
            return;
        }
        let keys = ["counts", "se", "p", "p_adjusted", "least", "method"].map(|k| format!("numbers.{k}"));
        let heads: Vec<String> = std::iter::once("effect.metric")
            .chain(keys.iter().map(String::as_str))
            .map(|k| esc(self.words.t(k)))
            .collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let row = |r: &NumberRow| {
            let name = format!("{} · {}", esc(&r.metric), esc(&r.arm));
            let cells = [&r.counts, &r.se, &r.p, &r.p_adjusted, &r.least].map(|c| esc(c));
            let method = format!("<code>{}</code>", esc(r.method));
            std::iter::once(name).chain(cells).chain([method]).collect::<Vec<_>>()
        };
        let (title, hint) = (esc(self.words.t("numbers.title")), esc(self.words.t("numbers.hint")));
        self.line(&format!("\n<details><summary>{title}</summary>\n\n{hint}\n"));
        let rows: Vec<Vec<String>> = page.numbers.iter().map(row).collect();
        self.table(&heads, &rows);
        self.line("\n</details>");
    }

    fn beside(&mut self, page: &ReportPage) {
        if page.beside.is_empty() {
            return;
        }
        self.title("report.interactions");
        let hint = format!("{}\n", esc(self.words.t("beside.hint")));
        self.line(&hint);
        let keys =
            ["beside.test", "effect.metric", "beside.control", "beside.variant", "beside.difference", "numbers.p"];
        let heads = keys.map(|k| esc(self.words.t(k)));
        let effect = |(effect, interval): &(String, String)| format!("**{}** ({})", esc(effect), esc(interval));
        let row = |r: &BesideRow| {
            let arm = if r.arm.is_empty() { String::new() } else { format!(" · {}", esc(&r.arm)) };
            vec![
                format!("{} <sub>{}</sub>", esc(&r.test), esc(&r.variant)),
                format!("{}{arm}", esc(&r.metric)),
                effect(&r.control),
                effect(&r.there),
                effect(&r.difference),
                esc(&r.p),
            ]
        };
        let rows: Vec<Vec<String>> = page.beside.iter().map(row).collect();
        self.table(&heads.each_ref().map(String::as_str), &rows);
    }

    fn shipped(&mut self, page: &ReportPage) {
        let Some(shipped) = &page.shipped else { return };
        self.title("report.shipped");
        self.line(&format!("{} · {}\n", esc(&shipped.metric), esc(&shipped.people)));
        for (label, more, money) in &shipped.cells {
            self.line(&format!("- {}: **{}** {}", esc(label), esc(more), esc(money)));
        }
    }

    fn checks(&mut self, page: &ReportPage) {
        if page.checks.is_empty() {
            return;
        }
        self.title("report.checks");
        for check in &page.checks {
            let sign = match check.class {
                "pass" => "✓",
                "skipped" => "–",
                "warned" => "⚠",
                _ => "✗",
            };
            self.line(&format!("- {sign} **{}** {}", esc(&check.name), esc(&check.says)));
        }
    }

    fn rest(&mut self, page: &ReportPage) {
        self.title("report.decision");
        for line in &page.decision {
            self.line(&format!("- {}", rich::markdown(line)));
        }
        if !page.method.is_empty() {
            self.title("report.method");
            self.line(&page.method.iter().map(|m| esc(m)).collect::<Vec<_>>().join(" "));
        }
        self.title("report.provenance");
        for (key, value) in &page.provenance {
            self.line(&format!("- {}: <code>{}</code>", esc(key), esc(value)));
        }
    }
}
