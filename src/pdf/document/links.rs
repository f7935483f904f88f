//! Positions in the document and the links to them.

use std::collections::HashMap;

use lopdf::{Document, Object, ObjectId, StringFormat, dictionary};

use super::metadata::text;
use crate::pdf::page::{Page, Target};
use crate::pdf::theme::STEP;

/// Positions in the document.
pub struct Places<'a> {
    pub ids: &'a [ObjectId],
    pub height: f32,
    pub shift: f32,
    pub anchors: &'a HashMap<String, (usize, f32)>,
}

impl Places<'_> {
    pub fn destination(&self, page: usize, y: f32) -> Object {
        Object::Array(vec![
            self.ids.get(page).copied().unwrap_or_default().into(),
            Object::Name(b"XYZ".to_vec()),
            Object::Null,
            Object::Real((self.height - y + 3.0 * STEP).min(self.height)),
            Object::Null,
        ])
    }

    /// Returns the dictionary entry that opens a target, or `None` if the anchor does not exist.
    fn action(&self, target: &Target) -> Option<(&'static str, Object)> {
        match target {
            Target::Place(page, y) => Some(("Dest", self.destination(*page, *y))),
            Target::Anchor(name) => {
                let (page, y) = self.anchors.get(name)?;
                Some(("Dest", self.destination(*page, *y)))
            }
            Target::Uri(uri) => {
                let uri = Object::String(uri.clone().into_bytes(), StringFormat::Literal);
                let action = dictionary! { "Type" => "Action", "S" => "URI", "URI" => uri };
                Some(("A", action.into()))
            }
        }
    }
}

/// Adds the link annotations of each page. A link without a target stays plain text.
///
/// Returns annotation IDs and their keys in the parent tree, which follow the keys of the pages.
pub fn add_links(
    document: &mut Document,
    pages: &[Page],
    places: &Places,
) -> Vec<Vec<Option<(ObjectId, usize)>>> {
    let mut next = pages.len();
    let mut all = Vec::new();
    for (page, id) in pages.iter().zip(places.ids) {
        let mut annotations = Vec::new();
        for link in &page.links {
            let Some((key, action)) = places.action(&link.target) else {
                annotations.push(None);
                continue;
            };
            let (left, top, right, bottom) = link.area;
            let rect: Vec<Object> = [
                left + places.shift,
                places.height - bottom,
                right + places.shift,
                places.height - top,
            ]
            .map(Object::Real)
            .to_vec();
            let mut annotation = dictionary! {
                "Type" => "Annot",
                "Subtype" => "Link",
                "Rect" => rect,
                "Border" => vec![0.into(), 0.into(), 0.into()],
                "F" => 4,
                "Contents" => text(&link.description),
                "StructParent" => next as i64,
            };
            annotation.set(key, action);
            annotations.push(Some((document.add_object(annotation), next)));
            next += 1;
        }
        let references: Vec<Object> = annotations
            .iter()
            .flatten()
            .map(|(id, _)| Object::Reference(*id))
            .collect();
        if let Ok(Object::Dictionary(dictionary)) = document.get_object_mut(*id) {
            if references.is_empty() {
                dictionary.remove(b"Annots");
            } else {
                dictionary.set("Annots", references);
            }
        }
        all.push(annotations);
    }
    all
}
