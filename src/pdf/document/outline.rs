//! The document outline (bookmarks).

use lopdf::{Document, Object, ObjectId, dictionary};

use super::links::Places;
use super::metadata::text;
use crate::pdf::flow::Entry;

/// Adds the outline: sections with their headings, collapsed.
pub fn add_outline(
    document: &mut Document,
    entries: &[Entry],
    places: &Places,
) -> Option<ObjectId> {
    if entries.is_empty() {
        return None;
    }
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| document.new_object_id()).collect();
    let sections: Vec<usize> = (0..entries.len())
        .filter(|i| entries[*i].level == 0)
        .collect();
    let children = |section: usize| -> Vec<usize> {
        (section + 1..entries.len())
            .take_while(|i| entries[*i].level > 0)
            .collect()
    };
    let add = |document: &mut Document, siblings: &[usize], parent: ObjectId| {
        for (place, &index) in siblings.iter().enumerate() {
            let mut item = dictionary! { "Title" => text(&entries[index].title), "Parent" => parent, "Dest" => places.destination(entries[index].page, entries[index].y) };
            if let Some(previous) = place.checked_sub(1) {
                item.set("Prev", ids[siblings[previous]]);
            }
            if let Some(next) = siblings.get(place + 1) {
                item.set("Next", ids[*next]);
            }
            document
                .objects
                .insert(ids[index], Object::Dictionary(item));
        }
    };
    add(document, &sections, root);
    for &section in &sections {
        let inner = children(section);
        add(document, &inner, ids[section]);
        if let (Some(first), Some(last), Some(Object::Dictionary(item))) = (
            inner.first(),
            inner.last(),
            document.objects.get_mut(&ids[section]),
        ) {
            item.set("First", ids[*first]);
            item.set("Last", ids[*last]);
            item.set("Count", -(inner.len() as i64));
        }
    }
    let (first, last) = (sections.first()?, sections.last()?);
    document.objects.insert(root, Object::Dictionary(dictionary! { "Type" => "Outlines", "First" => ids[*first], "Last" => ids[*last], "Count" => sections.len() as i64 }));
    Some(root)
}
