//! One page: the template environment, the style sheet and the policy that lets nothing else in.

use super::{Options, escape};
use crate::model::colour::{Mode, Palette};
use crate::model::manifest::families;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What a template may spend; a page of 200 stages needs a tenth of it.
const FUEL: u64 = 20_000_000;

/// The longest page, in bytes.
const LONGEST: usize = 32 << 20;

/// The templates, by name; a project may replace each of them.
pub const TEMPLATES: [(&str, &str); 5] = [
    ("index.html", include_str!("templates/index.html")),
    ("map.html", include_str!("templates/map.html")),
    ("page.html", include_str!("templates/page.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("report.html", include_str!("templates/report.html")),
];

/// The style sheet of every page.
const STYLE: &str = include_str!("templates/style.css");

/// Colours and fonts of a team; every value is typed, so none can leave its place in the style sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The colours on light paper, and in print.
    pub light: Palette,
    /// The colours on dark paper.
    pub dark: Palette,
    /// The families of letters, the first that the reader's machine has; ours follow.
    pub font: Vec<String>,
    /// A picture as [`picture`] makes it, at the head of every page.
    pub logo: Option<String>,
}

impl Look {
    /// Returns the look a manifest asks for, but for its logo, which is a file; a mode in which anything could not be read
    /// keeps our colours, and a family whose name is no name is left out.
    pub fn of(theme: &crate::model::manifest::Theme) -> Self {
        let fit = |mode| {
            let palette = theme.palette(mode);
            if palette.faults(mode).is_empty() { palette } else { Palette::default() }
        };
        let font = theme.font.as_deref().and_then(families).unwrap_or_default();
        Self { light: fit(Mode::Light), dark: fit(Mode::Dark), font, logo: None }
    }

    fn rules(&self) -> String {
        let colours = |palette: &Palette, mode, media: &str| {
            let set = palette.declarations(mode);
            if set.is_empty() { set } else { format!("@media {media}{{:root{{{set}}}}}") }
        };
        let light = colours(&self.light, Mode::Light, "print,(prefers-color-scheme:light)");
        let dark = colours(&self.dark, Mode::Dark, "screen and (prefers-color-scheme:dark)");
        let families: String = self.font.iter().map(|f| format!("\"{f}\",")).collect();
        let font = if families.is_empty() { families } else { format!("html{{font-family:{families}{FONTS}}}") };
        light + &dark + &font
    }
}

/// The families of letters that follow a team's own; the style sheet has the same.
const FONTS: &str = "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Noto Sans CJK SC\",\"PingFang SC\",\
    \"Microsoft YaHei\",sans-serif";

/// What of the style sheet depends on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// How many personas can be shown alone.
    pub personas: usize,
    /// How wide the map must be to be read, in rem.
    pub width: usize,
    /// How many stages can be seen one at a time on a phone; none where they are too many to choose from.
    pub stages: usize,
}

/// What of a window's width is no map, at most, in rem: the body's two margins and a scroll bar.
const MARGINS: usize = 7;

/// Returns the style sheet: ours, the look of the team, the map's width, one rule a persona for showing that one alone.
fn style(look: &Look, fit: Fit) -> String {
    let mut out = STYLE.replace("\r\n", "\n");
    out.push_str(&look.rules());
    let Fit { personas, width, stages } = fit;
    if width > 0 {
        out.push_str(&format!(".journey{{min-width:{width}rem}}"));
        // where the whole width is seen, the page scrolls and the frame does not: its head stays at the window's top
        let whole = width + MARGINS;
        out.push_str(&format!(
            "@media screen and (min-width:{whole}rem){{.frame{{overflow:visible;max-height:none}}}}"
        ));
    }
    out.push_str(&one_stage(stages));
    for i in 0..personas {
        out.push_str(&format!("body:has(#who-{i}:checked) .of:not(.p{i}){{display:none}}"));
    }
    out
}

/// Returns the rules that show one stage on a phone: the one that is the address's target, or holds it. A link to any place
/// of the map opens the stage of that place, and rows in which the stage has nothing are closed.
fn one_stage(stages: usize) -> String {
    if stages == 0 {
        return String::new();
    }
    let mut out = String::from(
        "@media screen and (max-width:40rem){.by-stage{display:flex}.journey:has(:target){min-width:0;& .phases{display:none}\
         & col:not(.lane){width:auto}}",
    );
    for n in (0..stages).map(|i| i + 2) {
        out.push_str(&format!(
            ".journey:has(tr>:nth-child({n}):target,tr>:nth-child({n}) :target){{& :is(tr:not(.phases)>*,col):nth-child(n+2):not(\
             :nth-child({n})),& tbody tr:not(:has(>:nth-child({n})>*)){{display:none}}}}"
        ));
    }
    out.push('}');
    out
}

/// Returns the page of a template filled with a view, as one file that asks nothing of the network.
///
/// # Errors
/// When a template is wrong, or spends more than its fuel or its length; ours are tested not to.
pub fn page(template: &str, view: &impl Serialize, options: &Options, fit: Fit) -> Result<String, RenderError> {
    let style = style(&options.look, fit);
    let hash = base64(&Sha256::digest(style.as_bytes()));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'");
    let environment = environment(options)?;
    let context = minijinja::context! {
        page => Value::from(Serde(view)),
        lang => options.words.tag.as_str(),
        policy => policy,
        style => Value::from_safe_string(style),
        logo => options.look.logo.as_deref(),
        generator => concat!("waypost ", env!("CARGO_PKG_VERSION")),
    };
    let mut out = Bounded(Vec::new());
    environment.get_template(template)?.render_captured_to(context, &mut out)?;
    String::from_utf8(out.0).map_err(|_| RenderError::Text)
}

/// A page being written, no longer than [`LONGEST`].
struct Bounded(Vec<u8>);

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(std::io::Error::other("the page is longer than 32 MB"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns our templates with those of the project over them.
///
/// There is no filter that turns escaping off, no loader and no filter beside `length`: a template of a project can
/// change how a page looks and cannot change what text is.
fn environment(options: &Options) -> Result<Environment<'static>, RenderError> {
    let mut environment = Environment::empty();
    environment.set_formatter(escape::html_formatter);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    let t = Arc::clone(&options.words);
    environment.add_function("t", move |key: &str| t.t(key).to_owned());
    environment.add_filter("length", |list: Value| list.len().unwrap_or(0));
    environment.add_test("none", |value: Value| value.is_none());
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    for (name, source) in &options.templates {
        if !TEMPLATES.iter().any(|(known, _)| known == name) {
            return Err(RenderError::Unknown(name.clone()));
        }
        environment.add_template_owned(name.clone(), source.clone())?;
    }
    Ok(environment)
}

/// A document that could not be made.
#[derive(Debug)]
pub enum RenderError {
    /// A template is wrong or spends too much.
    Template(minijinja::Error),
    /// A project brings a template of this name, which no document uses.
    Unknown(String),
    /// A template wrote what is no text.
    Text,
}

impl From<minijinja::Error> for RenderError {
    fn from(error: minijinja::Error) -> Self {
        Self::Template(error)
    }
}

impl std::fmt::Display for RenderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Template(error) => write!(f, "the document cannot be made: {error:#}"),
            Self::Unknown(name) => {
                let known = TEMPLATES.map(|(name, _)| name).join(", ");
                write!(f, "no document uses the template `{name}`; the templates are {known}")
            }
            Self::Text => f.write_str("the document cannot be made: a template wrote what is no text"),
        }
    }
}

impl std::error::Error for RenderError {}

/// Returns a picture as an address that holds it whole; nothing where it is no PNG, JPEG, WebP or SVG by its first bytes.
///
/// A page shows it as an image, in which nothing runs and nothing is asked for, whatever an SVG says.
pub fn picture(bytes: &[u8]) -> Option<String> {
    let drawn = || {
        let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
        text.starts_with("<svg").then_some(())
    };
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        _ => drawn().map(|()| "svg+xml")?,
    };
    Some(format!("data:image/{kind};base64,{}", base64(bytes)))
}

/// Returns bytes in base 64 (RFC 4648), padded.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |n: u32| char::from(*SIGNS.get(n as usize & 63).unwrap_or(&b'='));
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |w, i| w << 8 | u32::from(*chunk.get(i).unwrap_or(&0)));
        for i in 0..4 {
            out.push(if i <= chunk.len() { sign(word >> (18 - 6 * i)) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        assert_eq!(picture(b"<svg/>").as_deref(), Some("data:image/svg+xml;base64,PHN2Zy8+"));
        assert!(picture(b"\x89PNG\r\n").is_some_and(|p| p.starts_with("data:image/png;")));
        assert!(picture(b"<html><svg/>").is_none() && picture(b"").is_none());
    }

    #[test]
    fn base64_pads() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|t| base64(t.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }

    #[test]
    fn colours_are_typed_and_readable() {
        let theme = |accent: &str| crate::model::manifest::Theme { accent: Some(accent.into()), ..Default::default() };
        assert!(Look::of(&theme("#7a0033")).rules().contains("{:root{--accent:#7a0033}}"));
        assert_eq!(Look::of(&theme("#F0E442")).rules(), "", "yellow on white cannot be read");
    }

    #[test]
    fn the_style_sheet_has_the_colours_that_contrast_is_checked_with() {
        let dark = STYLE.find("prefers-color-scheme:dark").unwrap();
        let (light, dark) = STYLE.split_at(dark);
        for (sheet, mode) in [(light, Mode::Light), (dark, Mode::Dark)] {
            for (property, colour) in Palette::ours(mode) {
                let full = format!("{property}:{colour};");
                let white = colour.to_string() == "#ffffff" && sheet.contains(&format!("{property}:#fff;"));
                assert!(white || sheet.contains(&full), "{mode:?} {full}");
            }
        }
    }

    #[test]
    fn our_families_follow_a_teams_own() {
        assert!(STYLE.contains(FONTS));
        let theme = crate::model::manifest::Theme { font: Some("Inter, Source Sans 3".into()), ..Default::default() };
        let rules = Look::of(&theme).rules();
        assert!(rules.starts_with("html{font-family:\"Inter\",\"Source Sans 3\",system-ui,"), "{rules}");
    }
}
