//! The structure tree, which screen readers use.

use std::collections::BTreeMap;

use lopdf::{Document, Object, ObjectId, dictionary};
use pdf_writer::{Name, Primitive};

use super::metadata::text;
use super::save::{Written, entry, integer, reference};
use crate::pdf::PdfError;
use crate::pdf::page::Page;
use crate::pdf::tags::{Child, Element, Scope, Tags};

/// Adds the structure tree (ISO 32000-1, 14.7): elements, and a parent tree from marked contents back to elements.
///
/// Returns the root and the elements. There are thousands of elements, so they are serialized directly.
pub fn add_structure(
    document: &mut Document,
    pages: &[Page],
    tags: &Tags,
    page_ids: &[ObjectId],
    links: &[Vec<Option<(ObjectId, usize)>>],
) -> Result<(ObjectId, Vec<Written>), PdfError> {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = tags
        .elements()
        .iter()
        .map(|_| document.new_object_id())
        .collect();
    let mut parents = vec![root; ids.len()];
    for (index, element) in tags.elements().iter().enumerate() {
        for child in &element.children {
            if let Child::Node(node) = child {
                parents[Tags::index(*node)] = ids[index];
            }
        }
    }
    // All header cells of a scope share one attribute object.
    let scopes = ["Column", "Row"]
        .map(|scope| document.add_object(dictionary! { "O" => "Table", "Scope" => scope }));
    let mut writer = ElementWriter {
        ids: &ids,
        page_ids,
        links,
        scopes,
        link_owners: BTreeMap::new(),
    };
    let elements = tags.elements().iter().zip(&parents).enumerate();
    let elements = elements
        .map(|(index, (element, parent))| (ids[index].0, writer.write(index, element, *parent)))
        .collect();
    let link_owners = writer.link_owners;

    let mut numbers = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let owners: Vec<Object> = page
            .contents
            .iter()
            .map(|node| Object::Reference(ids[Tags::index(*node)]))
            .collect();
        let array = document.add_object(owners);
        numbers.extend([Object::Integer(number as i64), array.into()]);
        if let Ok(Object::Dictionary(dictionary)) = document.get_object_mut(page_ids[number]) {
            dictionary.set("StructParents", number as i64);
            dictionary.set("Tabs", Object::Name(b"S".to_vec()));
        }
    }
    for (number, owner) in link_owners {
        numbers.extend([Object::Integer(number as i64), owner.into()]);
    }
    let next = pages.len() + links.iter().flatten().flatten().count();
    let tree = dictionary! { "Type" => "StructTreeRoot", "K" => vec![Object::Reference(ids[0])], "ParentTree" => dictionary! { "Nums" => numbers }, "ParentTreeNextKey" => next as i64 };
    document.objects.insert(root, Object::Dictionary(tree));
    Ok((root, elements))
}

/// Serializes structure elements.
struct ElementWriter<'a> {
    ids: &'a [ObjectId],
    page_ids: &'a [ObjectId],
    links: &'a [Vec<Option<(ObjectId, usize)>>],
    /// The attribute objects of column headers and row headers.
    scopes: [ObjectId; 2],
    /// The element of each link, by the link's number in the parent tree.
    link_owners: BTreeMap<usize, ObjectId>,
}

impl ElementWriter<'_> {
    fn write(&mut self, index: usize, element: &Element, parent: ObjectId) -> Vec<u8> {
        // Content on the element's own page needs only its number. Most elements have no other content.
        let own_page = element.children.iter().find_map(|child| match child {
            Child::Content { page, .. } => Some(*page),
            _ => None,
        });
        let kids = self.kids(index, element, own_page);
        let mut bytes = Vec::with_capacity(kids.len() + 64);
        bytes.extend(b"<</S");
        Name(element.role.as_bytes()).write(&mut bytes);
        entry(&mut bytes, b"P", &Object::Reference(parent));
        bytes.extend(b"/K[");
        bytes.extend(kids);
        bytes.push(b']');
        if let Some(page) = own_page {
            entry(&mut bytes, b"Pg", &Object::Reference(self.page_ids[page]));
        }
        if let Some(alt) = &element.alt {
            entry(&mut bytes, b"Alt", &text(alt));
        }
        if element.role == "TH" {
            let [column, row] = self.scopes;
            let scope = match element.scope {
                Scope::Column => column,
                Scope::Row => row,
            };
            entry(&mut bytes, b"A", &Object::Reference(scope));
        }
        if let Some(bounds) = element.bounds {
            let area: Vec<Object> = bounds.map(Object::Real).to_vec();
            let layout = dictionary! { "O" => "Layout", "BBox" => area, "Placement" => "Block" };
            entry(&mut bytes, b"A", &Object::Dictionary(layout));
        }
        bytes.extend(b">>");
        bytes
    }

    /// The children of an element: other elements, marked contents, and links.
    fn kids(&mut self, index: usize, element: &Element, own_page: Option<usize>) -> Vec<u8> {
        let mut kids = Vec::new();
        let mut count = 0;
        for child in &element.children {
            let before = kids.len();
            if count > 0 {
                kids.push(b' ');
            }
            match child {
                Child::Content { page, mcid } if Some(*page) == own_page => {
                    integer(&mut kids, *mcid as i64);
                }
                Child::Node(node) => reference(&mut kids, self.ids[Tags::index(*node)]),
                Child::Content { page, mcid } => {
                    kids.extend(b"<</Type/MCR/Pg ");
                    reference(&mut kids, self.page_ids[*page]);
                    kids.extend(b"/MCID ");
                    integer(&mut kids, *mcid as i64);
                    kids.extend(b">>");
                }
                Child::Link { page, index: link } => {
                    let Some((annotation, number)) = self.links[*page][*link] else {
                        kids.truncate(before);
                        continue;
                    };
                    self.link_owners.insert(number, self.ids[index]);
                    kids.extend(b"<</Type/OBJR/Obj ");
                    reference(&mut kids, annotation);
                    kids.extend(b"/Pg ");
                    reference(&mut kids, self.page_ids[*page]);
                    kids.extend(b">>");
                }
            }
            count += 1;
        }
        kids
    }
}
