//! Marks the elements of rows without making the rows: what CITE asks of a whole group, see [`crate::planner::marking`].
//!
//! Stages are followed forward, each keeping the nodes that it leads to; then backward, each dropping nodes from which nothing leads on; then
//! forward again, dropping nodes that nothing leads to and marking the relationships between what is left.

use std::sync::Arc;

use crate::expression::{Expression, filter, filter_marks};
use crate::function::ElementSet;
use crate::graph::CHUNK_SLOTS;
use crate::planner::marking::{Marking, Stage};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::planner::shortcut::MARKED_ELEMENTS;
use crate::value::NodeId;
use crate::vector::{Batch, Column, Slot};

use super::context::{Context, Flow};
use super::marked_step::{MarkedStep, RelationshipMarks};
use super::marked_walk::MarkedWalk;
use super::node_marks::NodeMarks;
use super::types::LabelTest;
use super::{ExecutionError, run};

/// Returns the only row of an aggregation that gathers elements, if they can be marked; nothing where rows must be made.
pub(super) fn marked_elements(plan: &PhysicalPlan, argument: &Batch, context: &Context<'_>) -> Option<Batch> {
    let may = context.transaction.is_none() && context.profile.is_none() && argument.rows() == 1;
    if !may || !context.has(MARKED_ELEMENTS) || !context.query.repeatable {
        return None;
    }
    let imports = |id: crate::expression::SubqueryId| &*context.query.subqueries[id.0 as usize].imports;
    let marking = Marking::of(plan, &imports)?;
    let slots = context.snapshot.chunk_count() * CHUNK_SLOTS;
    let mut marker =
        Marker { argument, context, slots, nodes: Vec::new(), found: Vec::new(), charged: 0, is_never: false };
    // What cannot be told here, an error included, the rows tell.
    let outcome = marker.mark(&marking);
    context.guard.release(marker.charged);
    match outcome {
        Ok(true) => Some(marker.row(&marking)),
        _ => None,
    }
}

/// What is left of each variable.
struct Marker<'a> {
    argument: &'a Batch,
    context: &'a Context<'a>,
    /// How many nodes there may be.
    slots: usize,
    nodes: Vec<(Slot, NodeMarks)>,
    /// What was marked of relationships and of ends that nothing hangs on.
    found: Vec<(Slot, ElementSet)>,
    /// How much memory is charged.
    charged: usize,
    /// Whether something that is asked of no element does not hold.
    is_never: bool,
}

impl<'a> Marker<'a> {
    /// Marks what the stages find; says whether it could.
    fn mark(&mut self, marking: &Marking<'_>) -> Result<bool, ExecutionError> {
        let mut steps: Vec<MarkedStep<'a>> = Vec::new();
        let mut walk: Option<MarkedWalk<'a>> = None;
        let mut stages = marking.stages.iter().enumerate();
        while let Some((place, stage)) = stages.next() {
            let done = match stage {
                Stage::Start { plan, slot } => {
                    let tested = self.start(plan, *slot, &marking.stages[place + 1..])?;
                    (0..tested.unwrap_or(0)).for_each(|_| {
                        stages.next();
                    });
                    tested.is_some()
                }
                Stage::Step { step } => {
                    steps.push(MarkedStep::new(step, self.context));
                    let step = steps.last_mut().expect("it was just added");
                    self.step(step, &marking.stages[place + 1..])?
                }
                Stage::Into { step } => self.into(step),
                Stage::Common { steps } => self.common(steps),
                Stage::Walk { step, min, max } => {
                    let start = self.single(step.from);
                    walk = start.map(|start| MarkedWalk::new(step, (*min, *max), start, self.context)).transpose()?;
                    walk.is_some()
                }
                Stage::Test { of_relationship: true, .. } | Stage::Optional { .. } => true,
                Stage::Test { slot, .. } => match &mut walk {
                    Some(walk) if Some(walk.to) == *slot => {
                        let ends = std::mem::replace(&mut walk.ends, NodeMarks::new(0));
                        let tested = self.test(stage, ends)?;
                        tested.map(|ends| walk.ends = ends).is_some()
                    }
                    _ => self.test_nodes(stage, *slot)?,
                },
            };
            if !done {
                return Ok(false);
            }
        }
        self.finish(marking, &steps, walk)
    }

    /// Goes back and forth once more over what was found.
    fn finish(
        &mut self,
        marking: &Marking<'_>,
        steps: &[MarkedStep<'_>],
        walk: Option<MarkedWalk<'_>>,
    ) -> Result<bool, ExecutionError> {
        for step in steps.iter().rev() {
            let (Some(mut from), Some(to)) = (self.take(step.from), self.get(step.to)) else { return Ok(false) };
            step.reduce(&mut from, to);
            self.nodes.push((step.from, from));
        }
        let is_empty = |(_, nodes): &(Slot, NodeMarks)| nodes.is_empty();
        if self.is_never || self.nodes.iter().any(is_empty) || walk.as_ref().is_some_and(|walk| walk.ends.is_empty()) {
            self.nodes.clear();
            self.found.clear();
            return Ok(true);
        }
        for step in steps {
            let (Some(mut from), Some(mut to)) = (self.take(step.from), self.take(step.to)) else { return Ok(false) };
            let wants = marking.wanted.iter().any(|(_, slot)| *slot == step.relationship);
            let marked = step.mark(&mut from, &mut to, wants);
            self.nodes.extend([(step.from, from), (step.to, to)]);
            self.found.push((step.relationship, marked));
        }
        if let Some(walk) = walk {
            let Some(relationships) = walk.relationships(self.context)? else { return Ok(false) };
            self.found.push((walk.relationship, relationships));
            self.nodes.push((walk.to, walk.ends));
        }
        let mut done = true;
        for stage in &marking.stages {
            match stage {
                Stage::Optional { plan, step } => self.optional(plan, step)?,
                Stage::Into { step } => done &= self.mark_between(step, step.from, step.to),
                Stage::Common { steps } => {
                    steps.iter().for_each(|step| done &= self.mark_between(step, step.from, step.to));
                }
                _ => {}
            }
        }
        Ok(done)
    }

    fn take(&mut self, slot: Slot) -> Option<NodeMarks> {
        let place = self.nodes.iter().position(|(known, _)| *known == slot);
        match place {
            Some(place) => Some(self.nodes.swap_remove(place).1),
            // A node from outside.
            None => {
                let mut nodes = NodeMarks::new(self.slots);
                nodes.meet_column(self.argument.get(slot)?)?;
                Some(nodes)
            }
        }
    }

    fn get(&self, slot: Slot) -> Option<&NodeMarks> {
        self.nodes.iter().find(|(known, _)| *known == slot).map(|(_, nodes)| nodes)
    }

    /// Returns the only node of a slot, if there is only one.
    fn single(&mut self, slot: Slot) -> Option<u32> {
        let mut nodes = self.take(slot)?;
        let only = nodes.only();
        self.nodes.push((slot, nodes));
        only
    }

    fn charge(&mut self, bytes: usize) -> Result<(), ExecutionError> {
        self.context.guard.charge(bytes)?;
        self.charged += bytes;
        Ok(())
    }

    /// Finds the nodes of a scan or seek, with the tests that follow; returns how many of these were put to them.
    fn start(&mut self, plan: &PhysicalPlan, slot: Slot, next: &[Stage<'_>]) -> Result<Option<usize>, ExecutionError> {
        let own_test = |stage: &Stage<'_>| matches!(stage, Stage::Test { slot: tested, predicate: Some(_), reads, .. } if *tested == Some(slot) && reads.is_empty());
        let tests: Vec<&Expression> =
            next.iter().take_while(|stage| own_test(stage)).filter_map(predicate_of).collect();
        let (mut nodes, mut marks) = (NodeMarks::new(self.slots), Vec::new());
        let (context, mut known) = (self.context, true);
        let evaluation = context.evaluation(&context.snapshot);
        self.run_over(plan, self.argument.clone(), &mut |batch: Batch| {
            context.guard.tick(batch.rows())?;
            let column = batch.column(slot);
            if let ([test], Column::NodeRun(run)) = (&tests[..], &**column)
                && filter_marks(test, &batch, &evaluation, &mut marks).is_some()
            {
                nodes.meet_marked(run.start, &marks);
                return Ok(Flow::Continue);
            }
            let mut column = Arc::clone(column);
            for test in &tests {
                let mut own = Batch::new(column.len());
                own.set(slot, Arc::clone(&column));
                column = Arc::new(column.gather(&filter(test, &own, &evaluation)?));
            }
            known &= nodes.meet_column(&column).is_some();
            Ok(Flow::Continue)
        })?;
        self.nodes.push((slot, nodes));
        Ok(known.then_some(tests.len()))
    }

    /// Runs an operator over rows that stand for those of its input.
    fn run_over(
        &self,
        plan: &PhysicalPlan,
        rows: Batch,
        take: &mut dyn FnMut(Batch) -> Result<Flow, ExecutionError>,
    ) -> Result<(), ExecutionError> {
        let context = self.context.over_rows(plan.input(), rows);
        run(plan, self.argument, &context, take).map(|_| ())
    }

    fn step(&mut self, step: &mut MarkedStep<'_>, next: &[Stage<'_>]) -> Result<bool, ExecutionError> {
        let Some(mut from) = self.take(step.from) else { return Ok(false) };
        let mut to = NodeMarks::new(self.slots);
        let tests = next.iter().take_while(|stage| matches!(stage, Stage::Test { .. }));
        let tests: Vec<&Stage<'_>> =
            tests.filter(|stage| matches!(stage, Stage::Test { of_relationship: true, .. })).collect();
        if tests.is_empty() {
            self.context.guard.tick(step.follow(&mut from, &mut to))?;
        } else {
            let edges = step.edges(&mut from);
            self.charge(edges.to.len() * 3 * size_of::<u32>())?;
            for test in tests {
                let Some(kept) = self.passing(test, Column::Relationship(edges.relationships.clone()))? else {
                    return Ok(false);
                };
                edges.keep(&kept);
            }
            step.follow_edges(&mut from, &mut to);
        }
        self.charge(to.len() * size_of::<u32>())?;
        self.nodes.extend([(step.from, from), (step.to, to)]);
        Ok(true)
    }

    fn test_nodes(&mut self, stage: &Stage<'_>, slot: Option<Slot>) -> Result<bool, ExecutionError> {
        let Some(slot) = slot else {
            let passing = self.passing(stage, Column::nulls(1))?;
            self.is_never |= passing.as_ref().is_some_and(Vec::is_empty);
            return Ok(passing.is_some());
        };
        let Some(nodes) = self.take(slot) else { return Ok(false) };
        let Some(nodes) = self.test(stage, nodes)? else { return Ok(false) };
        self.nodes.push((slot, nodes));
        Ok(true)
    }

    /// Returns those of some nodes that pass a test.
    fn test(&mut self, stage: &Stage<'_>, mut nodes: NodeMarks) -> Result<Option<NodeMarks>, ExecutionError> {
        let Stage::Test { plan, predicate, slot: Some(slot), .. } = stage else { return Ok(None) };
        if let (Operator::LabelFilter { label, .. }, None) = (&plan.operator, predicate) {
            let test = LabelTest::new(label, &self.context.snapshot);
            nodes.keep(|node| test.passes(NodeId(node)));
            return Ok(Some(nodes));
        }
        let mut kept = Vec::new();
        for run in in_chunks(nodes.list().to_vec()) {
            let column = Column::Node(run.clone());
            if predicate.is_some() {
                let Some(passing) = self.passing(stage, column)? else { return Ok(None) };
                kept.extend(passing.into_iter().map(|place| run[place as usize]));
                continue;
            }
            let Some(batch) = self.batch_of(stage, column) else { return Ok(None) };
            let mut is_given = true;
            self.run_over(plan, batch, &mut |batch: Batch| {
                let found = batch.get(*slot).and_then(|column| column.node_slots().map(|nodes| nodes.into_owned()));
                is_given &= found.is_some();
                kept.extend(found.into_iter().flatten());
                Ok(Flow::Continue)
            })?;
            if !is_given {
                return Ok(None);
            }
        }
        nodes.keep_these(kept);
        Ok(Some(nodes))
    }

    /// Returns the places of the elements that pass a test.
    fn passing(&mut self, stage: &Stage<'_>, column: Column) -> Result<Option<Vec<u32>>, ExecutionError> {
        let Some(predicate) = predicate_of(stage) else { return Ok(None) };
        let Some(batch) = self.batch_of(stage, column) else { return Ok(None) };
        self.context.guard.tick(batch.rows())?;
        Ok(Some(filter(predicate, &batch, &self.context.evaluation(&self.context.snapshot))?))
    }

    /// Returns a batch of elements with what else a test reads of them.
    fn batch_of(&mut self, stage: &Stage<'_>, column: Column) -> Option<Batch> {
        let Stage::Test { slot, reads, .. } = stage else { return None };
        let rows = column.len();
        let mut batch = Batch::new(rows);
        for read in reads {
            if self.get(*read).is_some() {
                batch.set(*read, Column::Node(vec![self.single(*read)?; rows]));
            } else {
                batch.set(*read, self.argument.get(*read)?.gather(&vec![0; rows]));
            }
        }
        if let Some(slot) = slot {
            batch.set(*slot, column);
        }
        Some(batch)
    }

    /// Keeps the nodes from which a step leads to a node that is known.
    fn into(&mut self, step: &ExpandStep) -> bool {
        let (Some(end), Some(mut from)) = (self.single(step.to), self.take(step.from)) else { return false };
        let marked = MarkedStep::new(step, self.context);
        from.keep(|node| marked.leads_to(node, end, self.context));
        self.nodes.push((step.from, from));
        true
    }

    /// Finds the nodes that two nodes both lead to.
    fn common(&mut self, steps: &[&ExpandStep; 2]) -> bool {
        let (Some(one), Some(other)) = (self.single(steps[0].from), self.single(steps[1].from)) else { return false };
        let ends = |step: &ExpandStep, node: u32| {
            let mut ends = NodeMarks::new(self.slots);
            MarkedStep::new(step, self.context).each_neighbours(&[node], |_, neighbours| ends.meet(neighbours.nodes));
            ends
        };
        let (mut common, other) = (ends(steps[0], one), ends(steps[1], other));
        common.keep(|node| other.bits().contains(node as usize));
        self.nodes.push((steps[0].to, common));
        true
    }

    /// Marks the relationships of a step between what is left at its ends, one of which is a single node.
    fn mark_between(&mut self, step: &ExpandStep, from: Slot, to: Slot) -> bool {
        let (Some(mut from), Some(mut to)) = (self.take(from), self.take(to)) else { return false };
        let marked = MarkedStep::new(step, self.context);
        let mut relationships = ElementSet::default();
        for start in from.list() {
            for end in to.list() {
                relationships.add_relationships(marked.between(*start, *end, self.context));
            }
        }
        self.nodes.extend([(step.from, from), (step.to, to)]);
        self.found.push((step.relationship, relationships));
        true
    }

    /// Marks what a step that may lead nowhere leads to.
    fn optional(&mut self, plan: &PhysicalPlan, step: &ExpandStep) -> Result<(), ExecutionError> {
        let Operator::OptionalExpand { label, predicate, .. } = &plan.operator else {
            unreachable!("an optional step is one")
        };
        let Some(mut from) = self.take(step.from) else { return Ok(()) };
        let (marked, mut ends) = (MarkedStep::new(step, self.context), NodeMarks::new(self.slots));
        if label.is_none() && predicate.is_none() {
            let mut relationships = RelationshipMarks::default();
            marked.each_neighbours(from.list(), |_, neighbours| {
                relationships.add(neighbours, None);
                ends.meet(neighbours.nodes);
            });
            self.found.push((step.relationship, relationships.finish()));
        } else {
            let mut relationships = ElementSet::default();
            for run in in_chunks(from.list().to_vec()) {
                let mut batch = self.argument.gather(&vec![0; run.len()]);
                batch.set(step.from, Column::Node(run));
                self.run_over(plan, batch, &mut |batch: Batch| {
                    if let Some(column) = batch.get(step.to) {
                        ends.meet_column(column);
                    }
                    let slots = batch.get(step.relationship).and_then(|column| column.relationship_slots());
                    let slots = slots.iter().flat_map(|slots| slots.iter().copied());
                    relationships.add_relationships(slots.filter(|slot| *slot != crate::vector::NO_ID));
                    Ok(Flow::Continue)
                })?;
            }
            self.found.push((step.relationship, relationships));
        }
        self.nodes.extend([(step.from, from), (step.to, ends)]);
        Ok(())
    }

    /// Returns the row of what was marked.
    fn row(&self, marking: &Marking<'_>) -> Batch {
        let has_rows = !self.nodes.is_empty();
        let elements = |slot: Slot| {
            let mut set = ElementSet::default();
            if let Some(nodes) = self.get(slot) {
                nodes.give(&mut set);
            } else if let Some((_, found)) = self.found.iter().find(|(known, _)| *known == slot) {
                set.merge(found);
            } else if let (true, Some(column)) = (has_rows, self.argument.get(slot)) {
                set.add(&column.value(0));
            }
            set
        };
        let sets: Vec<ElementSet> = marking.wanted.iter().map(|(_, slot)| elements(*slot)).collect();
        let mut row = Batch::new(1);
        for total in &marking.totals {
            row.set(*total, Column::from_values([ElementSet::total_of(sets.iter())]));
        }
        for ((slot, _), set) in marking.wanted.iter().zip(sets) {
            row.set(*slot, Column::from_values([set.into_list()]));
        }
        for rows in &marking.rows {
            row.set(*rows, Column::integers(vec![i64::from(has_rows)]));
        }
        row
    }
}

/// Returns the predicate of a test.
fn predicate_of<'s>(stage: &'s Stage<'_>) -> Option<&'s Expression> {
    match stage {
        Stage::Test { predicate, .. } => predicate.as_ref(),
        _ => None,
    }
}

/// Cuts nodes into runs whose properties lie together.
fn in_chunks(mut nodes: Vec<u32>) -> Vec<Vec<u32>> {
    if nodes.len() <= Batch::TARGET_ROWS {
        return vec![nodes];
    }
    nodes.sort_unstable();
    let same = |lhs: &u32, rhs: &u32| *lhs as usize / CHUNK_SLOTS == *rhs as usize / CHUNK_SLOTS;
    nodes.chunk_by(same).map(<[u32]>::to_vec).collect()
}
