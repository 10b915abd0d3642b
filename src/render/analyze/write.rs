//! Parts as text for a terminal, as Markdown, as HTML and as CSV.
use super::{Part, Table};
use crate::render::escape;

/// Returns the parts for a terminal: columns in line, numbers to the right.
pub fn text(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(&format!("{}\n", part.title));
        part.rules.iter().for_each(|r| out.push_str(&format!("  {r}\n")));
        for table in &part.tables {
            out.push('\n');
            if !table.title.is_empty() {
                out.push_str(&format!("  {}\n", table.title));
            }
            lines(table, &mut out);
            table.notes.iter().for_each(|n| out.push_str(&format!("  {n}\n")));
        }
        out.push('\n');
    }
    out
}

fn lines(table: &Table, out: &mut String) {
    let all = || std::iter::once(&table.head).chain(&table.rows);
    let columns = all().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &[String], at: usize| row.get(at).map_or(String::new(), |c| c.replace('\n', " "));
    let widths: Vec<usize> = (0..columns).map(|c| all().map(|r| width(&cell(r, c))).max().unwrap_or(0)).collect();
    let to_the_right: Vec<bool> =
        (0..columns).map(|c| c > 0 && table.rows.iter().all(|r| is_number(&cell(r, c), &table.hushed))).collect();
    for row in all() {
        let mut line = String::from("  ");
        for (at, (wide, right)) in widths.iter().zip(&to_the_right).enumerate() {
            let text = cell(row, at);
            let pad = " ".repeat(wide.saturating_sub(width(&text)));
            if at > 0 {
                line.push_str("  ");
            }
            if *right {
                line.push_str(&pad);
                line.push_str(&text);
            } else {
                line.push_str(&text);
                line.push_str(&pad);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn is_number(text: &str, hushed: &[String]) -> bool {
    text.is_empty()
        || hushed.iter().any(|word| word == text)
        || text.starts_with(|c: char| c.is_ascii_digit() || "–−-+€$£¥".contains(c))
}

/// Returns how many columns of a terminal a text takes: two for wide letters, none for marks.
fn width(text: &str) -> usize {
    let wide = |c: char| match u32::from(c) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 => 2,
        0x1_f300..=0x1_faff | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    };
    text.chars().map(wide).sum()
}

/// Returns the parts as Markdown.
pub fn markdown(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(&format!("## {}\n\n", escape::markdown(&part.title)));
        part.rules.iter().for_each(|r| out.push_str(&format!("- {}\n", escape::markdown(r))));
        for table in &part.tables {
            if !table.title.is_empty() {
                out.push_str(&format!("\n### {}\n", escape::markdown(&table.title)));
            }
            out.push('\n');
            let row = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|c| escape::markdown(c).replace('|', "\\|")).collect();
                format!("| {} |\n", cells.join(" | "))
            };
            out.push_str(&row(&table.head));
            out.push_str(&format!("|{}\n", "---|".repeat(table.head.len())));
            table.rows.iter().for_each(|r| out.push_str(&row(r)));
            table.notes.iter().for_each(|n| out.push_str(&format!("\n{}\n", escape::markdown(n))));
        }
        out.push('\n');
    }
    out
}

/// Returns the parts as sections of HTML, to stand in a page: plain tables with their heads, nothing that runs.
pub fn html(parts: &[Part]) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let title = escape::html(&part.title);
        out.push_str(&format!("<section id=\"{}-{at}\" class=\"analysis\">\n<h2>{title}</h2>\n", part.id));
        if !part.rules.is_empty() {
            let rules: Vec<String> = part.rules.iter().map(|r| format!("<li>{}</li>", escape::html(r))).collect();
            out.push_str(&format!("<ul class=\"rule\">{}</ul>\n", rules.join("")));
        }
        for table in &part.tables {
            let cells = |row: &[String], tag: &str, first: &str| -> String {
                let cell = |(i, c): (usize, &String)| match i {
                    0 => format!("<{first}>{}</{}>", escape::html(c), &first[..2]),
                    _ => format!("<{tag}>{}</{}>", escape::html(c), &tag[..2]),
                };
                row.iter().enumerate().map(cell).collect()
            };
            let caption = match table.title.as_str() {
                "" => String::new(),
                title => format!("<caption>{}</caption>", escape::html(title)),
            };
            let head = cells(&table.head, "th scope=\"col\"", "th scope=\"col\"");
            out.push_str(&format!("<div class=\"scroll\"><table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n"));
            for row in &table.rows {
                out.push_str(&format!("<tr>{}</tr>\n", cells(row, "td", "th scope=\"row\"")));
            }
            out.push_str("</tbody></table></div>\n");
            table.notes.iter().for_each(|n| out.push_str(&format!("<p>{}</p>\n", escape::html(n))));
        }
        out.push_str("</section>\n");
    }
    out
}

/// Returns the parts as CSV, one cell a row: `part,title,table,row,column,value`. The rows of a table are named by their
/// first cell and numbered, since names may repeat.
pub fn csv(parts: &[Part]) -> String {
    let mut out = String::from("part,title,table,line,row,column,value\n");
    for part in parts {
        for table in &part.tables {
            for (line, row) in table.rows.iter().enumerate() {
                let name = row.first().map_or("", String::as_str);
                for (column, value) in table.head.iter().zip(row).skip(1) {
                    let line = (line + 1).to_string();
                    let cells = [part.id, &part.title, &table.title, &line, name, column, value].map(quoted);
                    out.push_str(&cells.join(","));
                    out.push('\n');
                }
            }
        }
    }
    out
}

/// Quotes a cell where it must be; one that a spreadsheet would run as a formula gets an apostrophe before it.
fn quoted(text: &str) -> String {
    let signed = text.starts_with(['+', '-', '＋', '－']) && text.parse::<f64>().is_err();
    let formula = signed || text.starts_with(['=', '@', '＝', '＠', '\t', '\r', '\n', '\0']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part() -> Part {
        let head = ["where", "people"].map(str::to_owned).to_vec();
        let mut table = Table { title: "by \"who\"".to_owned(), head, ..Table::default() };
        table.row(["结账 | <b>".to_owned(), "12".to_owned()]);
        table.row(["=1+1".to_owned(), "3,450".to_owned()]);
        table.notes.push("all & none".to_owned());
        Part { id: "map", title: "A <map>".to_owned(), rules: vec!["once".to_owned()], tables: vec![table] }
    }

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for text in ["=1+1", "+A1", "-A1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "－A1", "-2+3", "+1+1"] {
            assert!(quoted(text).trim_start_matches('"').starts_with('\''), "{text:?}");
        }
        for text in ["-3.2", "+12", "1,5", "–", "−3", "0"] {
            assert!(!quoted(text).contains('\''), "{text:?}");
        }
    }

    #[test]
    fn four_forms_of_one_table() {
        let parts = [part()];
        let text = text(&parts);
        assert!(text.contains("  结账 | <b>      12\n  =1+1         3,450\n"), "{text}");
        let html = html(&parts);
        assert!(html.contains("<h2>A &lt;map&gt;</h2>") && html.contains("<th scope=\"row\">结账 | &lt;b&gt;</th>"));
        assert!(!html.contains("<b>"));
        let markdown = markdown(&parts);
        assert!(markdown.contains("| 3,450 |") && !markdown.contains("<b>"), "{markdown}");
        let csv = csv(&parts);
        assert!(csv.contains("map,A <map>,\"by \"\"who\"\"\",2,'=1+1,people,\"3,450\"\n"), "{csv}");
    }
}
