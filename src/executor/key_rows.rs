//! The keys of a batch's rows, computed as far as they are asked for.
//!
//! What follows from a node alone, such as its name, is computed once for each node met, where nodes come again: its number is kept in
//! pages by the node's slot.

use std::sync::Arc;

use crate::expression::{EvaluationContext, Expression, evaluate};
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::coder::Coder;
use super::{ExecutionError, guard::Guard};

/// How many slots a page has.
const PAGE_SLOTS: usize = 1 << 12;

/// From how many rows on a batch tells whether numbers are worth keeping; tests keep them from the second row on.
const FEWEST_ROWS: usize = if cfg!(test) { 1 } else { 32 };

/// After how many rows it is asked whether nodes come again.
const ROWS_TO_ASK: usize = 1 << 13;

/// Keys as they are written, and what they are computed from.
#[derive(Clone, Copy)]
pub(super) struct Source<'b> {
    pub expressions: &'b [(Slot, Expression)],
    pub batch: &'b Batch,
    pub evaluation: &'b EvaluationContext<'b>,
}

/// The keys of some rows.
pub(super) struct KeyRows<'b> {
    columns: Vec<Option<Arc<Column>>>,
    source: Option<Source<'b>>,
}

impl<'b> KeyRows<'b> {
    /// Returns keys that are there.
    pub(super) fn of_columns(columns: &[Arc<Column>]) -> KeyRows<'static> {
        KeyRows { columns: columns.iter().cloned().map(Some).collect(), source: None }
    }

    /// Returns keys to be computed.
    pub(super) fn of(source: Source<'b>) -> KeyRows<'b> {
        KeyRows { columns: vec![None; source.expressions.len()], source: Some(source) }
    }

    /// Returns a key of all rows.
    pub(super) fn column(&mut self, place: usize) -> Result<Arc<Column>, ExecutionError> {
        if let Some(column) = &self.columns[place] {
            return Ok(Arc::clone(column));
        }
        let column = match &self.source {
            Some(source) => evaluate(&source.expressions[place].1, source.batch, source.evaluation)?,
            None => unreachable!("a key that is not there has a way to be computed"),
        };
        self.columns[place] = Some(Arc::clone(&column));
        Ok(column)
    }

    /// Returns a key of some rows.
    pub(super) fn gather(&mut self, place: usize, rows: &[u32]) -> Result<Arc<Column>, ExecutionError> {
        match (&self.columns[place], &self.source) {
            (Some(column), _) => Ok(Arc::new(column.gather(rows))),
            (None, Some(source)) => {
                let expression = &source.expressions[place].1;
                let part = source.batch.gather_slots(rows, &expression.slots());
                Ok(evaluate(expression, &part, source.evaluation)?)
            }
            (None, None) => unreachable!("a key that is not there has a way to be computed"),
        }
    }

    /// Returns the number of each row's key; nothing where it has none.
    pub(super) fn codes(
        &mut self,
        place: usize,
        coder: &mut Coder,
        kept: &mut NodeNumbers,
        guard: &Guard,
    ) -> Result<Option<Vec<u32>>, ExecutionError> {
        let Some((source, node)) =
            self.source.and_then(|source| Some((source, kept.node(&source.expressions[place].1)?)))
        else {
            return Ok(coder.codes(&*self.column(place)?));
        };
        let nodes = source.batch.get(node).cloned();
        let ids = match nodes.as_deref() {
            Some(Column::Node(ids)) => ids,
            _ => return Ok(coder.codes(&*self.column(place)?)),
        };
        if let State::Asking = kept.state {
            let column = self.column(place)?;
            kept.begin(&source.expressions[place].1, &column, ids);
            return Ok(coder.codes(&column));
        }
        let unknown = kept.unknown(ids);
        if !unknown.is_empty() {
            let mut batch = Batch::new(unknown.len());
            batch.set(node, Column::Node(unknown.clone()));
            let column = evaluate(&source.expressions[place].1, &batch, source.evaluation)?;
            let Some(codes) = coder.codes(&column) else { return Ok(None) };
            guard.charge(kept.keep(&unknown, &codes))?;
        }
        let codes = ids.iter().map(|id| kept.number(*id)).collect();
        kept.ask(ids.len(), unknown.len());
        Ok(Some(codes))
    }
}

/// The numbers of one key by node.
#[derive(Default)]
pub(super) struct NodeNumbers {
    state: State,
    /// For each slot one more than the number; 0 where it is not known.
    pages: Vec<Vec<u32>>,
    /// One more than the number of no node.
    of_null: u32,
    rows: usize,
    computed: usize,
}

#[derive(Clone, Copy, Default)]
enum State {
    /// Never kept.
    #[default]
    Off,
    /// It hangs on the first values.
    Asking,
    Kept(Slot),
}

impl NodeNumbers {
    /// Returns a keeper of numbers, which may keep them if they are worth it.
    pub(super) fn new(may_keep: bool) -> NodeNumbers {
        NodeNumbers { state: if may_keep { State::Asking } else { State::Off }, ..NodeNumbers::default() }
    }

    /// Returns the node that a key follows from, as long as numbers may be kept.
    fn node(&self, expression: &Expression) -> Option<Slot> {
        match self.state {
            State::Off => None,
            State::Kept(node) => Some(node),
            State::Asking => node_of(expression),
        }
    }

    /// Keeps numbers from now on, if it takes longer to compute the key than to look its number up.
    fn begin(&mut self, expression: &Expression, first: &Column, ids: &[u32]) {
        if ids.len() < FEWEST_ROWS {
            return;
        }
        let is_at_hand = matches!(first, Column::Boolean { .. } | Column::Integer { .. } | Column::Code { .. });
        let is_read = matches!(expression, Expression::Property(..));
        self.state = match node_of(expression) {
            Some(_) if is_read && matches!(first, Column::Constant(..)) => State::Asking,
            // As a scan gives them: each comes once.
            Some(_) if !cfg!(test) && ids.is_sorted_by(|one, next| one < next) => State::Off,
            Some(node) if !(is_read && is_at_hand) => State::Kept(node),
            _ => State::Off,
        };
    }

    /// Stops keeping numbers where most are computed for one row.
    fn ask(&mut self, rows: usize, computed: usize) {
        self.rows += rows;
        self.computed += computed;
        if self.rows >= ROWS_TO_ASK && self.computed * 2 > self.rows {
            (self.state, self.pages) = (State::Off, Vec::new());
        }
    }

    /// Returns one more than the number of a node's key, 0 where it is not known.
    #[inline]
    fn known(&self, id: u32) -> u32 {
        if id == NO_ID {
            return self.of_null;
        }
        let page = self.pages.get(id as usize / PAGE_SLOTS);
        page.and_then(|page| page.get(id as usize % PAGE_SLOTS)).map_or(0, |known| *known)
    }

    #[inline]
    fn number(&self, id: u32) -> u32 {
        self.known(id).wrapping_sub(1)
    }

    /// Returns the nodes whose numbers are not known, each once.
    fn unknown(&self, ids: &[u32]) -> Vec<u32> {
        let mut unknown: Vec<u32> = ids.iter().copied().filter(|id| self.known(*id) == 0).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// Keeps numbers; returns how many bytes that takes.
    fn keep(&mut self, ids: &[u32], codes: &[u32]) -> usize {
        let mut bytes = 0;
        for (id, code) in ids.iter().zip(codes) {
            if *id == NO_ID {
                self.of_null = code + 1;
                continue;
            }
            let page = *id as usize / PAGE_SLOTS;
            if page >= self.pages.len() {
                bytes += (page + 1 - self.pages.len()) * size_of::<Vec<u32>>();
                self.pages.resize(page + 1, Vec::new());
            }
            if self.pages[page].is_empty() {
                self.pages[page] = vec![0; PAGE_SLOTS];
                bytes += PAGE_SLOTS * size_of::<u32>();
            }
            self.pages[page][*id as usize % PAGE_SLOTS] = code + 1;
        }
        bytes
    }
}

/// Returns the only variable that an expression reads, if its value follows from that alone.
fn node_of(expression: &Expression) -> Option<Slot> {
    if matches!(expression, Expression::Slot(_)) {
        return None;
    }
    let mut follows = true;
    expression.visit(&mut |part| match part {
        Expression::Function(function, _) => follows &= function.deterministic,
        Expression::Subquery(_) => follows = false,
        _ => {}
    });
    match expression.slots()[..] {
        [only] if follows => Some(only),
        _ => None,
    }
}
