use crate::diagnostic::Severity;

/// The manual page of a finding, as `waypost explain CODE` prints it.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The finding's stable name.
    pub code: &'static str,
    /// What it is about: a group of rules, or `language` for what every file must keep.
    pub section: &'static str,
    /// How much it matters where the manifest does not say otherwise.
    pub severity: Severity,
    /// Whether it depends on the day.
    pub dated: bool,
    pub(in crate::lint) doc: &'static str,
}

impl Page {
    /// Returns the body in Markdown: what is found, why it matters, an example, the better way.
    ///
    /// Examples show only the statements that matter; what is left out is as in the guitar shop, `specs/guitar-shop`.
    pub fn body(&self) -> String {
        // a doc comment has a space before each of its lines
        let comment = self.doc.starts_with(' ');
        let plain = |line: &'static str| if comment { line.strip_prefix(' ').unwrap_or(line) } else { line };
        let lines = self.doc.lines().map(|line| plain(line).trim_end());
        lines.collect::<Vec<_>>().join("\n").trim().to_owned() + "\n"
    }

    /// Returns what is found, in one line.
    pub fn summary(&self) -> &'static str {
        self.doc.lines().next().unwrap_or("").trim()
    }

    /// Returns the whole page in Markdown, heading and standing included.
    pub fn markdown(&self) -> String {
        let standing = match (self.section, self.dated) {
            ("language", _) => format!("{} of the language", self.severity.name()),
            (section, true) => {
                format!("{} about {section}; depends on the day, so never an error", self.severity.name())
            }
            (section, false) => format!("{} about {section}", self.severity.name()),
        };
        format!("# {}\n\n*{standing}*\n\n{}", self.code, self.body())
    }
}
