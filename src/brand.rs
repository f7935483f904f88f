//! The consultant's brand file: the sender and the look of a plan.
//!
//! ```toml
//! consultant = "Brightwater Advisory"
//! confidentiality = "Confidential"
//! logo = "logo.svg"
//! logo_panel = true
//! workbook_logo = "logo.png"
//! [contact]
//! email = "hello@brightwater.example"
//! [colors]
//! primary = "#14304F"
//! accent = "#1B7369"
//! [fonts]
//! regular = "Brand-Regular.otf"
//! strong = "Brand-Bold.otf"
//! ```
//!
//! Paths are relative to the file. All entries are optional.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::bounded;
use crate::fingerprint::Fingerprint;
use crate::look::{Palette, Paper, Rgb};
use crate::pdf::{Fonts, Logo, LogoError, Look, NotAFont};
use crate::plan::{Contact, Sender};
use crate::questionnaire::{TomlError, read_toml};
use crate::text::clean_text;

/// Maximum size of the brand file, and of a logo or font file, in bytes.
const MAX_FILE_SIZE: u64 = 64 << 10;
const MAX_PART_SIZE: u64 = 32 << 20;
/// Minimum contrast between small text and its background (WCAG 2.2, 1.4.3, level AA).
const CONTRAST: f64 = 4.5;
/// The darker of the two light backgrounds behind text in brand colors. The other is white.
const PALE: Rgb = [0xEE, 0xF1, 0xF5];

/// The sender of the plans and their look.
pub struct Brand {
    /// The sender.
    pub sender: Sender,
    /// Colors, logo, and paper.
    pub look: Look,
    /// The brand's fonts, followed by the bundled fonts.
    pub fonts: Fonts,
    /// The logo as a PNG, for workbooks: `workbook_logo`, else the logo if it is a PNG. An SVG cannot be placed in a workbook.
    pub logo_png: Option<Png>,
    /// Changes to the brand's colors, as sentences for the consultant.
    pub notes: Vec<String>,
    /// SHA-256 of all files that the brand was read from, in hexadecimal.
    pub fingerprint: String,
}

/// Why a brand cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrandError {
    /// A file cannot be read.
    #[error("{path} cannot be read ({error})")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The brand file is not valid.
    #[error(transparent)]
    Invalid(#[from] TomlError),
    /// A color is not valid.
    #[error("{path}: {name} = \"{value}\" is not a color. Enter a color such as \"#14304F\"")]
    Color {
        /// The brand file.
        path: PathBuf,
        /// Name of the entry.
        name: &'static str,
        /// The value in the file.
        value: String,
    },
    /// A font cannot be used.
    #[error("{path}: {error}")]
    Font {
        /// The font file.
        path: PathBuf,
        /// The reason.
        #[source]
        error: NotAFont,
    },
    /// The logo cannot be used.
    #[error("{path}: {error}")]
    Logo {
        /// The logo.
        path: PathBuf,
        /// The reason.
        #[source]
        error: LogoError,
    },
}

/// The content of the brand file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    consultant: String,
    confidentiality: String,
    logo: Option<PathBuf>,
    logo_text: Option<String>,
    logo_panel: bool,
    workbook_logo: Option<PathBuf>,
    contact: ContactFile,
    colors: Colors,
    fonts: Option<FontFiles>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ContactFile {
    person: String,
    email: String,
    phone: String,
    website: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Colors {
    primary: Option<String>,
    accent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FontFiles {
    regular: PathBuf,
    strong: Option<PathBuf>,
}

impl Brand {
    /// Returns the bundled look, without a sender.
    ///
    /// # Errors
    /// Returns an error if the built-in brand file is not valid. A test rules this out.
    pub fn bundled() -> Result<Self, BrandError> {
        let path = Path::new("brand.toml");
        Self::of(path, include_str!("../templates/brand/brand.toml"), None)
    }

    /// Loads a brand file. Entries that are missing in the file use the bundled look.
    ///
    /// # Errors
    /// Returns an error if the file, the logo, or a font cannot be used. The error names the file.
    pub fn load(path: &Path) -> Result<Self, BrandError> {
        let bytes = read(path, MAX_FILE_SIZE)?;
        let text = String::from_utf8_lossy(&bytes);
        let bundled = Self::bundled()?;
        Self::of(path, &text, Some(bundled.look.palette))
    }

    fn of(path: &Path, text: &str, fallback: Option<Palette>) -> Result<Self, BrandError> {
        let file: File = read_toml(&path.to_string_lossy(), text)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut fingerprint = Fingerprint::default();
        fingerprint.add(text);
        let mut read_part = |path: &Path| {
            read(path, MAX_PART_SIZE).inspect(|bytes| {
                fingerprint.add(bytes);
            })
        };
        let mut notes = Vec::new();
        let mut color = |name, given: Option<String>, fallback: Option<Rgb>| match given {
            Some(value) => readable_color(path, name, value, &mut notes),
            None => Ok(fallback.unwrap_or_default()),
        };
        let palette = Palette {
            primary: color("primary", file.colors.primary, fallback.map(|p| p.primary))?,
            accent: color("accent", file.colors.accent, fallback.map(|p| p.accent))?,
        };
        let fonts = match file.fonts {
            Some(files) => {
                let regular = folder.join(files.regular);
                let strong = files.strong.map(|strong| folder.join(strong));
                let strong_bytes = strong.as_deref().map(&mut read_part).transpose()?;
                Fonts::branded(read_part(&regular)?, strong_bytes).map_err(|error| {
                    BrandError::Font {
                        path: regular,
                        error,
                    }
                })?
            }
            None => Fonts::bundled(),
        };
        let (logo, mut logo_png) = match file.logo {
            Some(logo) => {
                let (logo, png) = read_logo(folder.join(logo), &mut read_part)?;
                (Some(logo.on_panel(file.logo_panel)), png)
            }
            None => (None, None),
        };
        if let Some(logo) = file.workbook_logo {
            // The limits of a logo also apply to workbooks.
            let path = folder.join(logo);
            let (_, png) = read_logo(path.clone(), &mut read_part)?;
            let error = LogoError::NotPng;
            logo_png = Some(png.ok_or(BrandError::Logo { path, error })?);
        }
        let consultant = clean_text(&file.consultant);
        Ok(Self {
            sender: Sender {
                logo_text: file
                    .logo_text
                    .map_or_else(|| consultant.clone(), |text| clean_text(&text)),
                consultant,
                confidentiality: clean_text(&file.confidentiality),
                contact: file.contact.lines(),
            },
            look: Look {
                paper: Paper::A4,
                palette,
                logo,
            },
            logo_png,
            fonts,
            notes,
            fingerprint: fingerprint.finish(),
        })
    }
}

/// Returns a color with enough contrast for small text. Notes one that was changed for it.
fn readable_color(
    path: &Path,
    name: &'static str,
    value: String,
    notes: &mut Vec<String>,
) -> Result<Rgb, BrandError> {
    let Some(rgb) = parse_color(&value) else {
        let path = path.to_owned();
        return Err(BrandError::Color { path, name, value });
    };
    let readable = readable(rgb);
    if readable != rgb {
        notes.push(format!(
            "{name} {value} has too little contrast for small text ({:.1}:1). The plan uses {} instead ({:.1}:1; WCAG 2.2 AA requires {CONTRAST}:1)",
            contrast(rgb, PALE),
            hexadecimal(readable),
            contrast(readable, PALE),
        ));
    }
    Ok(readable)
}

/// The bytes of a PNG file.
type Png = Arc<[u8]>;

/// Reads a logo. Also returns its bytes if it is a PNG file.
fn read_logo(
    path: PathBuf,
    read_part: &mut impl FnMut(&Path) -> Result<Vec<u8>, BrandError>,
) -> Result<(Logo, Option<Png>), BrandError> {
    let bytes = read_part(&path)?;
    let logo = Logo::parse(&bytes).map_err(|error| BrandError::Logo { path, error })?;
    Ok((logo, is_png(&bytes).then(|| bytes.into())))
}

impl ContactFile {
    fn lines(&self) -> Vec<Contact> {
        let line = |text: &str, scheme: Option<&str>| {
            let text = clean_text(text);
            let uri = scheme.map(|scheme| {
                let address: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                if address.starts_with("http") {
                    address
                } else {
                    format!("{scheme}{address}")
                }
            });
            Contact { text, uri }
        };
        let mut lines = vec![
            line(&self.person, None),
            line(&self.email, Some("mailto:")),
            line(&self.phone, Some("tel:")),
            line(&self.website, Some("https://")),
        ];
        lines.retain(|line| !line.text.is_empty());
        lines
    }
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, BrandError> {
    bounded::read(path, most).map_err(|error| BrandError::Unreadable {
        path: path.to_owned(),
        error,
    })
}

fn parse_color(text: &str) -> Option<Rgb> {
    let digits = text.trim().strip_prefix('#')?;
    if digits.len() != 6 || !digits.is_ascii() {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn hexadecimal([r, g, b]: Rgb) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// Returns the color, or its lightest darker shade with enough contrast on [`PALE`].
fn readable(color: Rgb) -> Rgb {
    (0..=100)
        .map(|step| color.map(|part| (f64::from(part) * f64::from(100 - step) / 100.0) as u8))
        .find(|shade| contrast(*shade, PALE) >= CONTRAST)
        .unwrap_or_default()
}

/// Returns the contrast ratio of two colors (WCAG 2.2, definition of "contrast ratio").
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Returns the relative luminance of a color (WCAG 2.2, definition of "relative luminance").
fn luminance(color: Rgb) -> f64 {
    let [r, g, b] = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_as_the_guidelines_give_it() {
        assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
        // The gray that the guidelines give as the limit on white.
        assert!(contrast([0x76, 0x76, 0x76], [255, 255, 255]) >= 4.5);
        assert!(contrast([0x77, 0x77, 0x77], [255, 255, 255]) < 4.5);
    }

    #[test]
    fn a_pale_color_is_darkened_and_a_dark_one_stays() {
        let yellow = readable([0xFF, 0xCC, 0x00]);
        assert!(contrast(yellow, PALE) >= CONTRAST && yellow[0] > yellow[2]);
        assert_eq!(readable([0x14, 0x30, 0x4F]), [0x14, 0x30, 0x4F]);
    }

    #[test]
    fn the_bundled_brand_needs_no_change() {
        let brand = Brand::bundled().unwrap();
        assert!(brand.notes.is_empty());
        assert_eq!(brand.look.palette.primary, [0x14, 0x30, 0x4F]);
    }

    #[test]
    fn a_brand_file_is_read_and_its_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("brand.toml");
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Brand::load(&path)
        };
        let brand = load(
            "consultant = \"B & Co\"\n[contact]\nemail = \"a@b.example\"\n[colors]\naccent = \"#FFCC00\"",
        )
        .unwrap();
        assert_eq!(brand.sender.consultant, "B & Co");
        assert_eq!(
            brand.sender.contact[0].uri.as_deref(),
            Some("mailto:a@b.example")
        );
        assert_eq!(brand.notes.len(), 1, "{:?}", brand.notes);
        let fault = |text: &str| load(text).err().map(|error| error.to_string()).unwrap();
        assert!(fault("[colors]\nprimary = \"navy\"").contains("primary = \"navy\""));
        assert!(fault("logo = \"none.png\"").contains("none.png"));
        std::fs::write(folder.path().join("x.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><path d=\"M0 0h9v9z\"/></svg>").unwrap();
        assert!(
            fault("workbook_logo = \"x.svg\"")
                .contains("x.svg: a logo in a workbook must be a PNG")
        );
        assert!(load("logo = \"x.svg\"").unwrap().logo_png.is_none());
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 2, 1);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[9; 6]).unwrap();
        writer.finish().unwrap();
        std::fs::write(folder.path().join("x.png"), &png).unwrap();
        let brand = load("logo = \"x.svg\"\nworkbook_logo = \"x.png\"").unwrap();
        assert_eq!(brand.logo_png.as_deref(), Some(&png[..]));
        assert!(fault("color = 1").contains("unknown key `color`"));
        std::fs::write(folder.path().join("x.ttf"), "no font").unwrap();
        assert!(fault("[fonts]\nregular = \"x.ttf\"").contains("x.ttf"));
    }
}
