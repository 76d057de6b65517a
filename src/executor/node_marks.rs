//! A set of nodes as a list and as bits: what is left of a variable while elements are marked.

use crate::function::ElementSet;
use crate::vector::{Bitmap, Column, NO_ID};

/// Nodes, each once.
#[derive(Debug)]
pub(super) struct NodeMarks {
    bits: Bitmap,
    /// The same nodes one by one; none where nobody has asked for them yet.
    listed: Option<Vec<u32>>,
    /// Whether nodes were taken out since the first were found: then not every step that was followed leads to one of them.
    pub is_reduced: bool,
}

impl NodeMarks {
    /// Returns no nodes, of so many slots.
    pub fn new(slots: usize) -> NodeMarks {
        NodeMarks { bits: Bitmap::new(slots), listed: Some(Vec::new()), is_reduced: false }
    }

    /// Returns the nodes, in no order.
    pub fn list(&mut self) -> &[u32] {
        let bits = &self.bits;
        self.listed.get_or_insert_with(|| bits.iter().map(|node| node as u32).collect())
    }

    /// Returns the nodes as bits.
    pub fn bits(&self) -> &Bitmap {
        &self.bits
    }

    /// Returns how many nodes there are.
    pub fn len(&self) -> usize {
        self.listed.as_ref().map_or_else(|| self.bits.count(), Vec::len)
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        match &self.listed {
            Some(listed) => listed.is_empty(),
            None => self.bits.words().iter().all(|word| *word == 0),
        }
    }

    /// Returns the node, if there is only one.
    pub fn only(&mut self) -> Option<u32> {
        if let [only] = self.list() { Some(*only) } else { None }
    }

    fn make_room(&mut self, greatest: usize) {
        if greatest >= self.bits.len() {
            self.bits.resize((greatest + 1).next_power_of_two());
        }
    }

    /// Adds nodes that may be there already.
    pub fn meet(&mut self, nodes: &[u32]) {
        self.make_room(nodes.iter().fold(0, |greatest, node| greatest.max(*node)) as usize);
        self.list();
        let Some(listed) = &mut self.listed else { return };
        // Every node is written, and kept only if it is new: no branch hangs on what was met.
        let mut kept = listed.len();
        listed.resize(kept + nodes.len(), 0);
        for node in nodes {
            listed[kept] = *node;
            kept += usize::from(self.bits.insert(*node as usize));
        }
        listed.truncate(kept);
    }

    /// Adds the nodes of a column that are not null.
    pub fn meet_column(&mut self, column: &Column) -> Option<()> {
        match column {
            Column::NodeRun(run) => {
                self.make_room(run.end as usize);
                self.bits.insert_run(run.start as usize..run.end as usize);
                self.listed = None;
            }
            column => {
                let nodes = column.node_slots()?;
                let found: Vec<u32> = nodes.iter().copied().filter(|node| *node != NO_ID).collect();
                self.meet(&found);
            }
        }
        Some(())
    }

    /// Adds the nodes from a slot on whose marks are 1.
    pub fn meet_marked(&mut self, first: u32, marks: &[u8]) {
        self.make_room(first as usize + marks.len());
        self.bits.insert_marked(first as usize, marks);
        self.listed = None;
    }

    /// Keeps the nodes that pass.
    pub fn keep(&mut self, mut passes: impl FnMut(u32) -> bool) {
        self.list();
        let (Some(listed), bits) = (&mut self.listed, &mut self.bits) else { return };
        let before = listed.len();
        listed.retain(|node| {
            let stays = passes(*node);
            if !stays {
                bits.remove(*node as usize);
            }
            stays
        });
        self.is_reduced |= listed.len() < before;
    }

    /// Keeps these of the nodes.
    pub fn keep_these(&mut self, kept: Vec<u32>) {
        if kept.len() == self.len() {
            return;
        }
        match &self.listed {
            Some(listed) => listed.iter().for_each(|node| self.bits.remove(*node as usize)),
            None => self.bits.clear(),
        }
        kept.iter().for_each(|node| {
            self.bits.insert(*node as usize);
        });
        self.listed = Some(kept);
        self.is_reduced = true;
    }

    /// Adds the nodes to what is cited.
    pub fn give(&self, elements: &mut ElementSet) {
        match &self.listed {
            Some(listed) if listed.len() == 1 => elements.add_nodes(listed.iter().copied()),
            // Blocks of bits of which little is set are longer than a list, and a list is made in order.
            Some(listed) if listed.len() < self.bits.len() / 64 => {
                elements.add_nodes(self.bits.iter().map(|node| node as u32));
            }
            _ => elements.add_node_words(self.bits.words()),
        }
    }
}
