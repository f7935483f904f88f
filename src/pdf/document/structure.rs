//! The structure tree that screen readers follow.

use std::collections::BTreeMap;

use lopdf::{Document, Object, ObjectId, dictionary};

use super::metadata::text;
use crate::pdf::PdfError;
use crate::pdf::page::Page;
use crate::pdf::tags::{Child, Scope, Tags};

/// The structure tree (ISO 32000-1, 14.7): elements, and for each page the way back from its marked contents.
pub fn add_structure(
    document: &mut Document,
    pages: &[Page],
    tags: &Tags,
    page_ids: &[ObjectId],
    links: &[Vec<Option<(ObjectId, usize)>>],
) -> Result<ObjectId, PdfError> {
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
    // Header cells share what they say of themselves.
    let [column, row] = ["Column", "Row"]
        .map(|scope| document.add_object(dictionary! { "O" => "Table", "Scope" => scope }));
    let mut link_owners: BTreeMap<usize, ObjectId> = BTreeMap::new();
    for (index, element) in tags.elements().iter().enumerate() {
        // Content on the element's own page is named by its number alone: most elements have no other.
        let own_page = element.children.iter().find_map(|child| match child {
            Child::Content { page, .. } => Some(*page),
            _ => None,
        });
        let mut kids = Vec::with_capacity(element.children.len());
        for child in &element.children {
            kids.push(match child {
                Child::Content { page, mcid } if Some(*page) == own_page => (*mcid as i64).into(),
                Child::Node(node) => Object::Reference(ids[Tags::index(*node)]),
                Child::Content { page, mcid } => Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => page_ids[*page], "MCID" => *mcid as i64 }),
                Child::Link { page, index: link } => {
                    let Some((annotation, number)) = links[*page][*link] else {
                        continue;
                    };
                    link_owners.insert(number, ids[index]);
                    Object::Dictionary(dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page_ids[*page] })
                }
            });
        }
        let kids = match kids.pop() {
            Some(only) if kids.is_empty() => only,
            last => {
                kids.extend(last);
                kids.into()
            }
        };
        let mut dictionary = dictionary! { "S" => Object::Name(element.role.as_bytes().to_vec()), "P" => parents[index], "K" => kids };
        if let Some(page) = own_page {
            dictionary.set("Pg", page_ids[page]);
        }
        if let Some(alt) = &element.alt {
            dictionary.set("Alt", text(alt));
        }
        if element.role == "TH" {
            let scope = match element.scope {
                Scope::Column => column,
                Scope::Row => row,
            };
            dictionary.set("A", scope);
        }
        if let Some(bounds) = element.bounds {
            let area: Vec<Object> = bounds.map(Object::Real).to_vec();
            dictionary.set(
                "A",
                dictionary! { "O" => "Layout", "BBox" => area, "Placement" => "Block" },
            );
        }
        document
            .objects
            .insert(ids[index], Object::Dictionary(dictionary));
    }
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
    Ok(root)
}
