//! The brand's logo: a PNG or an SVG that is read once and added to each document.

use std::io::Cursor;
use std::sync::Arc;

use lopdf::{Document, Object, ObjectId, Stream, dictionary};
use svg2pdf::usvg;

/// Maximum number of pixels of a PNG.
const MAX_PIXELS: u64 = 16_000_000;

/// The brand's logo.
#[derive(Debug, Clone)]
pub struct Logo {
    /// Width divided by height.
    pub aspect: f32,
    /// Whether the logo is on a white panel, for a dark logo.
    pub panel: bool,
    picture: Picture,
}

#[derive(Debug, Clone)]
enum Picture {
    /// Colors, and transparency if the image is not opaque.
    Image(Arc<(Stream, Option<Stream>)>),
    /// A one-page document that shows the drawing.
    Drawing(Arc<Document>),
}

/// Reason why a logo cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    /// Neither a PNG nor an SVG.
    #[error("it is neither a PNG nor an SVG")]
    Unknown,
    /// A PNG with too many pixels, or with a width or height of 0.
    #[error("it has more than {MAX_PIXELS} pixels; save it smaller")]
    TooLarge,
    /// An SVG where only a PNG can be used.
    #[error("a logo in a workbook must be a PNG")]
    NotPng,
    /// Damaged file.
    #[error("it cannot be read: {0}")]
    Damaged(String),
}

impl Logo {
    /// Reads a PNG or an SVG and detects the format from the contents. Text in an SVG must be converted to paths.
    ///
    /// # Errors
    /// Returns an error if the file is neither, is damaged, or is too large.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogoError> {
        let damaged = |error: &dyn std::fmt::Display| LogoError::Damaged(error.to_string());
        if let Some(rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
            // The first chunk contains width and height, so the size is checked before any pixel is decoded.
            let number = |at: usize| {
                let bytes = rest.get(at..at + 4)?.try_into().ok()?;
                Some(u64::from(u32::from_be_bytes(bytes)))
            };
            let (width, height) = number(8).zip(number(12)).ok_or(LogoError::Unknown)?;
            if width == 0 || height == 0 || width.saturating_mul(height) > MAX_PIXELS {
                return Err(LogoError::TooLarge);
            }
            let image = image(bytes).map_err(|error| damaged(&error))?;
            return Ok(Self {
                aspect: width as f32 / height as f32,
                panel: false,
                picture: Picture::Image(Arc::new(image)),
            });
        }
        let is_drawing = bytes.windows(4).take(4_096).any(|bytes| bytes == b"<svg");
        if !is_drawing {
            return Err(LogoError::Unknown);
        }
        let options = usvg::Options {
            // Images that the drawing refers to or embeds are ignored.
            image_href_resolver: usvg::ImageHrefResolver {
                resolve_data: Box::new(|_, _, _| None),
                resolve_string: Box::new(|_, _| None),
            },
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_data(bytes, &options).map_err(|error| damaged(&error))?;
        let page = svg2pdf::PageOptions { dpi: 72.0 };
        let pdf = svg2pdf::to_pdf(&tree, svg2pdf::ConversionOptions::default(), page)
            .map_err(|error| damaged(&error))?;
        let document = Document::load_mem(&pdf).map_err(|error| damaged(&error))?;
        Ok(Self {
            panel: false,
            aspect: tree.size().width() / tree.size().height(),
            picture: Picture::Drawing(Arc::new(document)),
        })
    }

    /// Returns the same logo, with or without a white panel.
    pub fn on_panel(self, panel: bool) -> Self {
        Self { panel, ..self }
    }

    /// Adds the picture to a document as an XObject of size 1 × 1.
    pub(super) fn add_to(&self, target: &mut Document) -> Option<ObjectId> {
        let drawing = match &self.picture {
            Picture::Image(image) => {
                let (mut color, alpha) = (**image).clone();
                if let Some(alpha) = alpha {
                    color.dict.set("SMask", target.add_object(alpha));
                }
                return Some(target.add_object(color));
            }
            Picture::Drawing(drawing) => drawing,
        };
        let page = drawing.get_pages().into_values().next()?;
        let content = drawing.get_page_content(page);
        let page = drawing.get_dictionary(page).ok()?;
        let area = page.get(b"MediaBox").and_then(Object::as_array).ok()?;
        let [_, _, width, height] = area.as_slice() else {
            return None;
        };
        let (width, height) = (width.as_float().ok()?, height.as_float().ok()?);
        let offset = target.max_id;
        let form = Stream::new(
            dictionary! {
                "Type" => "XObject",
                "Subtype" => "Form",
                "BBox" => vec![0.into(), 0.into(), Object::Real(width), Object::Real(height)],
                "Matrix" => vec![Object::Real(1.0 / width), 0.into(), 0.into(), Object::Real(1.0 / height), 0.into(), 0.into()],
                "Resources" => moved(page.get(b"Resources").ok()?, offset),
            },
            content,
        );
        for (id, object) in &drawing.objects {
            target
                .objects
                .insert((id.0 + offset, id.1), moved(object, offset));
        }
        target.max_id = offset + drawing.max_id;
        Some(target.add_object(form))
    }
}

/// Maximum number of color bytes of a PNG in a plan. A larger image is scaled down, because it is printed only a few
/// centimeters wide.
const MAX_COLORS: usize = 2 << 20;

/// Decodes a PNG and compresses its colors and transparency once for all plans.
fn image(bytes: &[u8]) -> Result<(Stream, Option<Stream>), png::DecodingError> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    // 8 bits per sample, palettes expanded.
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut samples = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut samples)?;
    let channels = frame.color_type.samples();
    let has_alpha = channels % 2 == 0;
    let colors = channels - usize::from(has_alpha);
    let (width, height) = (frame.width as usize, frame.height as usize);
    let step = (1..)
        .find(|step| width.div_ceil(*step) * height.div_ceil(*step) * colors <= MAX_COLORS)
        .unwrap_or(1);
    let mut color = Vec::new();
    let mut alpha = Vec::new();
    for top in (0..height).step_by(step) {
        for left in (0..width).step_by(step) {
            let pixel = mean(&samples, (width, height), channels, (left, top), step);
            color.extend_from_slice(&pixel[..colors]);
            alpha.extend_from_slice(&pixel[colors..channels]);
        }
    }
    let size = (width.div_ceil(step), height.div_ceil(step));
    let space = if colors == 1 {
        "DeviceGray"
    } else {
        "DeviceRGB"
    };
    let is_opaque = alpha.iter().all(|value| *value == u8::MAX);
    let alpha = (!is_opaque).then(|| pixels(size, "DeviceGray", alpha));
    Ok((pixels(size, space, color), alpha))
}

/// Returns the mean of a square of pixels, per channel.
fn mean(
    samples: &[u8],
    (width, height): (usize, usize),
    channels: usize,
    (left, top): (usize, usize),
    step: usize,
) -> [u8; 4] {
    let mut sums = [0u64; 4];
    let mut count = 0;
    for row in top..(top + step).min(height) {
        for column in left..(left + step).min(width) {
            let at = (row * width + column) * channels;
            let pixel = samples.get(at..at + channels).unwrap_or_default();
            for (sum, sample) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*sample);
            }
            count += 1;
        }
    }
    sums.map(|sum| (sum / count.max(1)) as u8)
}

/// Returns a compressed image XObject with 8 bits per sample (ISO 32000-1, 8.9.5).
fn pixels((width, height): (usize, usize), space: &str, content: Vec<u8>) -> Stream {
    let mut stream = Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => width as i64,
            "Height" => height as i64,
            "BitsPerComponent" => 8,
            "ColorSpace" => space,
        },
        content,
    );
    // The stream stays uncompressed if compression does not make it smaller.
    let _ = stream.compress();
    stream
}

/// Returns a copy of an object with `offset` added to the object numbers of its references.
fn moved(object: &Object, offset: u32) -> Object {
    let inner = |dictionary: &lopdf::Dictionary| {
        dictionary
            .iter()
            .map(|(key, value)| (key.clone(), moved(value, offset)))
            .collect::<lopdf::Dictionary>()
    };
    match object {
        Object::Reference(id) => Object::Reference((id.0 + offset, id.1)),
        Object::Array(all) => Object::Array(all.iter().map(|one| moved(one, offset)).collect()),
        Object::Dictionary(dictionary) => Object::Dictionary(inner(dictionary)),
        Object::Stream(stream) => Object::Stream(Stream {
            dict: inner(&stream.dict),
            ..stream.clone()
        }),
        other => other.clone(),
    }
}
