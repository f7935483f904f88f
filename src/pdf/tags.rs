//! The structure tree of a tagged PDF (ISO 32000-1, 14.8; PDF/UA-1, 7.1): what is a heading, a list, a table, a figure, in
//! reading order. Every mark on a page is either content of a node here or an artifact.

/// A node's place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(usize);

/// What a node holds.
#[derive(Debug, Clone, Copy)]
pub enum Child {
    /// Another node.
    Node(Node),
    /// Marked content: page and its number on that page.
    Content { page: usize, mcid: usize },
    /// A link annotation: page and its number on that page.
    Link { page: usize, index: usize },
}

/// What a header cell heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The cells below it.
    Column,
    /// The cells beside it.
    Row,
}

/// A node.
#[derive(Debug)]
pub struct Element {
    /// Standard structure type, such as `H1`.
    pub role: &'static str,
    /// What it shows, for a figure.
    pub alt: Option<String>,
    /// What it heads, for a header cell.
    pub scope: Scope,
    /// Left, bottom, right and top of a figure on its first page, in the page's own coordinates.
    pub bounds: Option<[f32; 4]>,
    /// What it holds, in order.
    pub children: Vec<Child>,
}

/// The tree; its first node is the document.
#[derive(Debug)]
pub struct Tags {
    elements: Vec<Element>,
}

impl Tags {
    /// A tree with the document alone.
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

    /// The document.
    pub fn root(&self) -> Node {
        Node(0)
    }

    /// Adds a node to another.
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

    /// Says what a figure shows.
    pub fn describe(&mut self, node: Node, alt: String) {
        self.elements[node.0].alt = Some(alt);
    }

    /// Says that a header cell heads its row.
    pub fn head_row(&mut self, node: Node) {
        self.elements[node.0].scope = Scope::Row;
    }

    /// Widens a figure's bounds.
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

    /// Adds content to a node.
    pub fn push(&mut self, node: Node, child: Child) {
        self.elements[node.0].children.push(child);
    }

    /// All nodes; a node's index is its position.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// A node's position.
    pub fn index(node: Node) -> usize {
        node.0
    }
}
