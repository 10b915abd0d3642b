//! What a project's theme names, read for the pages: labels, templates and a logo; and the portraits of personas.

use super::Failure;
use super::portraits::portraits;
use super::project::{Disk, LARGEST_FILE, Project, Refusal, Store};
use crate::model::Model;
use crate::model::manifest::Theme;
use crate::render::{Options, TEMPLATES, Words, picture};
use std::sync::Arc;

/// The largest logo, in bytes: every page holds it.
const LARGEST_LOGO: usize = 1 << 16;

/// Returns what the documents of a project are made with.
///
/// # Errors
/// The theme names a file that cannot be used.
pub fn options(project: &Project, model: &Model) -> Result<Options, Failure> {
    let manifest = &model.manifest;
    let files = Files(Disk::new(project.root.clone()));
    let mut options = Options::of(manifest);
    if let Some(path) = &manifest.theme.labels {
        let text = files.text("labels", path)?;
        let words = Words::with_file(&manifest.language, &text);
        let words = words.map_err(|e| Failure::new(format!("`theme.labels`: `{path}`: {e}")))?;
        options.words = Arc::new(words.money_in(manifest.currency.as_deref()));
    }
    options.templates = files.templates(&manifest.theme)?;
    options.look.logo = manifest.theme.logo.as_ref().map(|path| files.logo(path)).transpose()?;
    options.portraits = portraits(project, model);
    Ok(options)
}

struct Files(Disk);

impl Files {
    fn bytes(&self, key: &str, path: &str) -> Result<Vec<u8>, Failure> {
        let found = self.0.find(path).and_then(|found| self.0.read(&found));
        found.map_err(|refusal| {
            let why = match refusal {
                Refusal::Missing => "is not there".to_owned(),
                Refusal::Outside => "lies outside the project".to_owned(),
                Refusal::NoFile => "is no ordinary file".to_owned(),
                Refusal::Case(real) => format!("is spelt `{real}`"),
                Refusal::Unreadable(why) => format!("cannot be read: {why}"),
            };
            let failure = Failure::new(format!("`theme.{key}`: `{path}` {why}"));
            failure.help("name a file of the project, from the folder of `waypost.yaml`")
        })
    }

    fn text(&self, key: &str, path: &str) -> Result<String, Failure> {
        let bytes = self.bytes(key, path)?;
        if bytes.len() > LARGEST_FILE {
            return Err(Failure::new(format!("`theme.{key}`: `{path}` is larger than 1 MiB")));
        }
        String::from_utf8(bytes).map_err(|_| Failure::new(format!("`theme.{key}`: `{path}` is no UTF-8 text")))
    }

    /// Returns the templates of the project's folder, by their names; those that it leaves out are ours.
    fn templates(&self, theme: &Theme) -> Result<Vec<(String, String)>, Failure> {
        let Some(folder) = theme.templates.as_deref().map(|f| f.trim_end_matches('/')) else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for (name, _) in TEMPLATES {
            let path = format!("{folder}/{name}");
            if self.0.find(&path) != Err(Refusal::Missing) {
                out.push((name.to_owned(), self.text("templates", &path)?));
            }
        }
        if out.is_empty() {
            let known = TEMPLATES.map(|(name, _)| format!("`{name}`")).join(", ");
            let failure = Failure::new(format!("`theme.templates`: `{folder}` holds no template"));
            return Err(failure.help(format!("put one of {known} there; the others stay ours")));
        }
        Ok(out)
    }

    fn logo(&self, path: &str) -> Result<String, Failure> {
        let bytes = self.bytes("logo", path)?;
        if bytes.len() > LARGEST_LOGO {
            let failure = Failure::new(format!("`theme.logo`: `{path}` is larger than 64 KiB"));
            return Err(failure.help("every page holds it; write a smaller one, an SVG say"));
        }
        picture(&bytes).ok_or_else(|| {
            Failure::new(format!("`theme.logo`: `{path}` is no PNG, JPEG, WebP or SVG"))
                .help("an SVG starts with `<svg`, without a declaration before it")
        })
    }
}
