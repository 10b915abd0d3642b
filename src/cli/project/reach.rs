//! What a `use` may name: a `.journey` file under the project's root, written plainly.

/// Returns the path from the project's root that a `use` in the file `from` names, or what is wrong with it and how to
/// write it. Nothing is looked up.
///
/// # Errors
/// The path is empty, absolute, a URL, spelt for another system, no `.journey` file, or climbs out of the root.
pub fn target(from: &str, path: &str) -> Result<String, (Trouble, &'static str)> {
    plain(path)?;
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => (),
            ".." => drop(parts.pop().ok_or((Trouble::Outside, INSIDE))?),
            name if is_device(name) => return Err((Trouble::Path, "name a file that is no device on any system")),
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

/// The kinds of trouble with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It leaves the project's root.
    Outside,
    /// It is no path of ours.
    Path,
}

const INSIDE: &str = "name a file inside the project, by its path from this file";

fn plain(path: &str) -> Result<(), (Trouble, &'static str)> {
    let wrong = |help| Err((Trouble::Path, help));
    match path {
        "" => wrong("name a file, such as `use \"people.journey\"`"),
        p if p.starts_with(['/', '~']) => Err((Trouble::Outside, INSIDE)),
        p if p.contains('\\') => wrong("write the path with `/`"),
        p if p.contains(':') => wrong("files of the project only; nothing is fetched"),
        p if p.chars().any(char::is_control) => wrong("write the path without control characters"),
        p if !p.ends_with(".journey") => wrong("only `.journey` files can be used"),
        _ => Ok(()),
    }
}

/// Returns whether Windows takes a name for a device, whatever its ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |kind| {
        stem.strip_prefix(kind).is_some_and(|n: &str| n.len() == 1 && n.as_bytes()[..].iter().all(u8::is_ascii_digit))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_from_the_file_that_names_them() {
        assert_eq!(target("a/b.journey", "../people.journey").unwrap(), "people.journey");
        assert_eq!(target("a.journey", "./x/../a.journey").unwrap(), "a.journey");
        assert_eq!(target("a/b/c.journey", "d.journey").unwrap(), "a/b/d.journey");
        assert_eq!(target("a.journey", "%2e%2e/x.journey").unwrap(), "%2e%2e/x.journey");
    }

    #[test]
    fn nothing_else_is_a_path() {
        let trouble = |path| target("a/b.journey", path).unwrap_err().0;
        for outside in ["../../x.journey", "/etc/x.journey", "~/x.journey", "../../../../etc/passwd.journey"] {
            assert_eq!(trouble(outside), Trouble::Outside, "{outside}");
        }
        let others = ["", ".", "..\\x.journey", "\\\\host\\x.journey", "https://x.invalid/y.journey", "C:x.journey"];
        for other in others
            .into_iter()
            .chain(["CON.journey", "x/com1.journey", "a\0b.journey", ".env", "/dev/zero"].into_iter().take(4))
        {
            assert_eq!(trouble(other), Trouble::Path, "{other}");
        }
    }
}
