//! Structure tree of a tagged PDF (ISO 32000-1, 14.8; PDF/UA-1, 7.1).
//!
//! The tree contains headings, lists, tables, and figures in reading order. All drawing on a page is either the content
//! of a node or an artifact.

/// Index of a node in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(usize);

/// Child of a node.
#[derive(Debug, Clone, Copy)]
pub enum Child {
    /// Another node.
    Node(Node),
    /// Marked content: page index and ID on that page.
    Content { page: usize, mcid: usize },
    /// A link annotation: page index and index on that page.
    Link { page: usize, index: usize },
}

/// Cells that a header cell applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The cells below it.
    Column,
    /// The cells in the same row.
    Row,
}

/// A node of the tree.
#[derive(Debug)]
pub struct Element {
    /// Standard structure type, such as `H1`.
    pub role: &'static str,
    /// Alternative text of a figure.
    pub alt: Option<String>,
    /// Scope of a header cell.
    pub scope: Scope,
    /// Left, bottom, right, and top of a figure on its first page, in PDF coordinates.
    pub bounds: Option<[f32; 4]>,
    /// Children in reading order.
    pub children: Vec<Child>,
}

/// The structure tree. Its first node is the document.
#[derive(Debug)]
pub struct Tags {
    elements: Vec<Element>,
}

impl Tags {
    /// Creates a tree that contains only the document node.
    pub fn new() -> Self {
        Self {
            elements: vec![Element {
                role: "Document",
                alt: None,
                scope: Scope::Column,
                bounds: None,
                children: Vec::new(),
            }],
        }
    }

    /// Returns the document node.
    pub fn root(&self) -> Node {
        Node(0)
    }

    /// Adds a child node.
    pub fn add(&mut self, parent: Node, role: &'static str) -> Node {
        let node = Node(self.elements.len());
        self.elements.push(Element {
            role,
            alt: None,
            scope: Scope::Column,
            bounds: None,
            children: Vec::new(),
        });
        self.elements[parent.0].children.push(Child::Node(node));
        node
    }

    /// Returns a mark of the current tree, for [`Tags::rewind`].
    pub fn mark(&self) -> (usize, usize) {
        (self.elements.len(), self.elements[0].children.len())
    }

    /// Removes the nodes since the mark. They must all be below new children of the document node.
    pub fn rewind(&mut self, (elements, children): (usize, usize)) {
        self.elements.truncate(elements);
        self.elements[0].children.truncate(children);
    }

    /// Sets the alternative text of a figure.
    pub fn describe(&mut self, node: Node, alt: String) {
        self.elements[node.0].alt = Some(alt);
    }

    /// Marks a header cell as the header of its row.
    pub fn set_row_header(&mut self, node: Node) {
        self.elements[node.0].scope = Scope::Row;
    }

    /// Extends the bounds of a figure.
    pub fn bound(&mut self, node: Node, area: [f32; 4]) {
        let bounds = &mut self.elements[node.0].bounds;
        *bounds = Some(match *bounds {
            None => area,
            Some([left, bottom, right, top]) => [
                left.min(area[0]),
                bottom.min(area[1]),
                right.max(area[2]),
                top.max(area[3]),
            ],
        });
    }

    /// Adds a child to a node.
    pub fn push(&mut self, node: Node, child: Child) {
        self.elements[node.0].children.push(child);
    }

    /// Returns all nodes, by index.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// Returns the index of a node.
    pub fn index(node: Node) -> usize {
        node.0
    }
}
