//! One row a group: rows find their group by their keys, aggregates take in a column at a time.

use std::borrow::Cow;
use std::sync::Arc;

use crate::expression::{AggregateCall, Expression, evaluate, filter, filter_marks};
use crate::function::Aggregate;
use crate::graph::Snapshot;
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::planner::shortcut::{COUNTED_STEPS, MARKED_TALLY, TALLY};
use crate::value::Value;
use crate::vector::{Batch, Column, Slot};

use super::aggregate_state::{AggregateStates, evidence_totals};
use super::context::{Context, Flow, Sink};
use super::expand::rows_where;
use super::grouping::Grouping;
use super::key_rows::{KeyRows, Source};
use super::marking::marked_elements;
use super::parts::{FEW_PARTS, MANY_PARTS, Manner, PartSink, run_in_parts};
use super::steps::Steps;
use super::tally::Tally;
use super::tally_elements::end_of;
use super::{ExecutionError, run};

/// Up to how many groups each of many parts may hold: putting them together is little work then.
const FEW_GROUPS: f64 = 1000.0;

/// How many rows there may be for each that passes, so that all of them are tallied and those that do not pass count for nothing.
const ROWS_A_MARK: usize = 8;

/// The filter right below an aggregation: its rows are marked where they are tallied, not listed.
struct Below<'a> {
    predicate: &'a Expression,
    live: &'a [Slot],
    marks: Vec<u8>,
}

/// The groups of the rows taken in so far.
struct Groups<'a> {
    keys: &'a [(Slot, Expression)],
    aggregates: &'a [(Slot, AggregateCall)],
    factors: Factors<'a>,
    grouping: Grouping,
    states: Vec<AggregateStates>,
    /// Gathers what can be gathered without columns, until it is put to the groups.
    tally: Option<Tally<'a>>,
    /// How many rows more are taken in at most, if that is bounded.
    left: Option<usize>,
    /// The filter that has not been put to the rows yet.
    below: Option<Below<'a>>,
}

impl<'a> Groups<'a> {
    fn new(
        operator: &'a Operator,
        (steps, below): (&[&'a ExpandStep], Option<&'a PhysicalPlan>),
        argument: &Batch,
        context: &'a Context<'a>,
    ) -> Result<Self, ExecutionError> {
        let Operator::Aggregate { keys, aggregates, factors } = operator else {
            unreachable!("an aggregation is run as one")
        };
        let grouping = Grouping::new(keys.len(), context);
        let mut states = Vec::new();
        for (_, call) in aggregates {
            states.push(AggregateStates::new(call, grouping.count(), argument, context)?);
        }
        let tally = if is_tallied(operator, context) { Tally::new(keys, aggregates) } else { None };
        let below = below.and_then(|plan| match &plan.operator {
            Operator::Filter { predicate } => Some(Below { predicate, live: &plan.live, marks: Vec::new() }),
            _ => None,
        });
        let factors = Factors::new(factors, steps, context);
        Ok(Groups { keys, aggregates, factors, grouping, states, tally, left: None, below })
    }

    /// Takes in the rows of a batch that pass the filter below, where they can be tallied by marks; else returns those rows.
    fn take_marked(&mut self, batch: Batch, context: &Context<'_>) -> Result<Option<Batch>, ExecutionError> {
        let Some(below) = &mut self.below else { return Ok(Some(batch)) };
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        let rows = match filter_marks(below.predicate, &batch, &evaluation, &mut below.marks) {
            Some(0) => return Ok(None),
            Some(count) => {
                if count * ROWS_A_MARK >= batch.rows()
                    && let Some(tally) = &mut self.tally
                    && tally.take(&batch, Some(&below.marks), &snapshot)
                {
                    return Ok(None);
                }
                marked_rows(&below.marks, count)
            }
            None => filter(below.predicate, &batch, &evaluation)?,
        };
        Ok((!rows.is_empty()).then(|| batch.gather_slots(&rows, below.live)))
    }

    /// Puts what was tallied to the groups.
    fn put_tallied(&mut self, context: &Context<'_>) -> Result<(), ExecutionError> {
        let Some(tally) = &mut self.tally else { return Ok(()) };
        let Some(tallied) = tally.empty().filter(|tallied| !tallied.counts.is_empty()) else { return Ok(()) };
        let places = self.grouping.places(&mut KeyRows::of_columns(&tallied.keys), tallied.counts.len(), context)?;
        for (state, take) in self.states.iter_mut().zip(&tally.takes) {
            state.grow(self.grouping.count())?;
            state.add_tallied(*take, &tallied, &places)?;
        }
        Ok(())
    }

    /// Takes in the groups of the rows that follow.
    fn merge(&mut self, mut other: Groups<'a>, context: &Context<'_>) -> Result<(), ExecutionError> {
        self.put_tallied(context)?;
        other.put_tallied(context)?;
        let count = other.grouping.count();
        let columns: Vec<Arc<Column>> = other.grouping.finish().into_iter().map(Arc::new).collect();
        let places = self.grouping.places(&mut KeyRows::of_columns(&columns), count, context)?;
        for (state, more) in self.states.iter_mut().zip(other.states) {
            state.grow(self.grouping.count())?;
            state.merge(more, &places)?;
        }
        Ok(())
    }

    fn finish(mut self, context: &Context<'_>) -> Result<Batch, ExecutionError> {
        self.put_tallied(context)?;
        let mut all = Batch::new(self.grouping.count());
        for ((slot, _), column) in self.keys.iter().zip(self.grouping.finish()) {
            all.set(*slot, column);
        }
        let totals = |call: &AggregateCall| call.function == Aggregate::Evidence && call.argument.is_none();
        if let Some((slot, _)) = self.aggregates.iter().find(|(_, call)| totals(call)) {
            all.set(*slot, evidence_totals(&self.states, all.rows()));
        }
        for ((slot, call), state) in self.aggregates.iter().zip(self.states) {
            if !totals(call) {
                all.set(*slot, state.finish()?);
            }
        }
        Ok(all)
    }
}

impl PartSink for Groups<'_> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        context.guard.tick(batch.rows())?;
        if let Some(left) = &mut self.left {
            if *left == 0 {
                return Ok(Flow::Stop);
            }
            *left = left.saturating_sub(batch.rows());
        }
        let Some(batch) = self.take_marked(batch, context)? else { return Ok(Flow::Continue) };
        let snapshot = context.graph();
        if self.tally.as_mut().is_some_and(|tally| tally.take(&batch, None, &snapshot)) {
            return Ok(Flow::Continue);
        }
        self.put_tallied(context)?;
        let evaluation = context.evaluation(&snapshot);
        let mut factors = self.factors.of(&batch);
        let mut batch = batch;
        // A row that counts for nothing makes no group; only numbers of rows bear with it.
        let bears_nothing =
            self.keys.is_empty() && self.aggregates.iter().all(|(_, call)| call.function == Aggregate::CountStar);
        if let Some(numbers) = &mut factors
            && !bears_nothing
            && numbers.contains(&0)
        {
            let rows = rows_where(numbers, |number| number > 0);
            batch = batch.gather(&rows);
            numbers.retain(|number| *number > 0);
        }
        let source = Source { expressions: self.keys, batch: &batch, evaluation: &evaluation };
        let places = self.grouping.places(&mut KeyRows::of(source), batch.rows(), context)?;
        for state in &mut self.states {
            state.grow(self.grouping.count())?;
        }
        for (state, (_, call)) in self.states.iter_mut().zip(self.aggregates) {
            let column = match &call.argument {
                Some(expression) => Some(match told_ends(expression, &batch, &snapshot) {
                    Some(ends) if call.function == Aggregate::Evidence => Arc::new(ends),
                    _ => evaluate(expression, &batch, &evaluation)?,
                }),
                None => None,
            };
            if let Some(parameter) = call.parameter.as_ref().filter(|parameter| is_row_wise(parameter)) {
                state.set_parameters(&*evaluate(parameter, &batch, &evaluation)?, &places)?;
            }
            state.add(column.as_deref(), &places, factors.as_deref(), context)?;
        }
        Ok(Flow::Continue)
    }
}

pub(super) fn run_aggregate(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    if let Some(row) = marked_elements(plan, argument, context) {
        return sink(row);
    }
    let (steps, input) = counted_steps(plan, context);
    let (input, left) = looked_at(plan, input, context);
    let (below, input) = if left.is_none() { marked_filter(plan, input, context) } else { (None, input) };
    let begin = || Ok(Groups { left, ..Groups::new(&plan.operator, (&steps, below), argument, context)? });
    let mut groups = begin()?;
    let aggregates = groups.aggregates;
    let is_in_parts = pays_in_parts(plan, aggregates) && {
        let most_parts = if plan.rows <= FEW_GROUPS { MANY_PARTS } else { FEW_PARTS };
        let is_exact = left.is_none() && aggregates.iter().all(|(_, call)| is_exact(call, context));
        let manner = Manner { most_parts, exact: is_exact };
        let mut done = |part| groups.merge(part, context).map(|()| Flow::Continue);
        run_in_parts(input, argument, context, &manner, &begin, &mut done)?.is_some()
    };
    if !is_in_parts {
        run(input, argument, context, &mut |batch: Batch| groups.take(batch, context))?;
    }
    give_groups(groups.finish(context)?, sink)
}

/// Returns the counts of neighbours right below an aggregation, which need no columns of their own, and the plan below them.
fn counted_steps<'a>(plan: &'a PhysicalPlan, context: &Context<'_>) -> (Vec<&'a ExpandStep>, &'a PhysicalPlan) {
    let (mut steps, mut input) = (Vec::new(), plan.input());
    // Whoever measures the operators wants to see what each gives.
    if context.profile.is_none()
        && context.has(COUNTED_STEPS)
        && let Operator::Aggregate { factors, .. } = &plan.operator
    {
        while let Operator::ExpandCount { step, count, optional: false } = &input.operator
            && factors.contains(count)
        {
            steps.push(step);
            input = input.input();
        }
    }
    (steps, input)
}

/// From how many rows on a bound on those that a citation looks at may hold for each part of them.
const LOOSE_BOUND: i64 = 1_000_000;

/// Returns what gives the rows that a group rests on, and how many of them are looked at, where those are so many that each part may look at
/// as many: a limit would have to be run whole.
fn looked_at<'a>(
    plan: &PhysicalPlan,
    input: &'a PhysicalPlan,
    context: &Context<'_>,
) -> (&'a PhysicalPlan, Option<usize>) {
    let Operator::Aggregate { aggregates, .. } = &plan.operator else { return (input, None) };
    // Plain counts of rows that a statement bounds itself are no citation.
    let only_gathers = aggregates.iter().any(|(_, call)| call.function == Aggregate::Evidence)
        && aggregates.iter().all(|(_, call)| matches!(call.function, Aggregate::Evidence | Aggregate::CountStar));
    match &input.operator {
        Operator::Limit { count: Expression::Constant(Value::Integer(count)) }
            if only_gathers && *count >= LOOSE_BOUND && context.profile.is_none() =>
        {
            (input.input(), usize::try_from(*count).ok())
        }
        _ => (input, None),
    }
}

/// Returns the filter right below an aggregation that is put to rows as they are tallied, and the plan below it.
fn marked_filter<'a>(
    plan: &PhysicalPlan,
    input: &'a PhysicalPlan,
    context: &Context<'_>,
) -> (Option<&'a PhysicalPlan>, &'a PhysicalPlan) {
    let Operator::Aggregate { keys, aggregates, .. } = &plan.operator else { return (None, input) };
    // What a scan gives lies in one chunk.
    let is_of_scan = matches!(input.operator, Operator::Filter { .. })
        && matches!(input.input().operator, Operator::NodeScan { .. } | Operator::RelationshipScan { .. });
    let is_marked = is_of_scan
        && context.profile.is_none()
        && context.has(MARKED_TALLY)
        && is_tallied(&plan.operator, context)
        && Tally::new(keys, aggregates).is_some();
    if is_marked { (Some(input), input.input()) } else { (None, input) }
}

/// Says whether rows may be grouped in one pass over values as they lie.
fn is_tallied(operator: &Operator, context: &Context<'_>) -> bool {
    matches!(operator, Operator::Aggregate { factors, .. } if factors.is_empty()) && context.has(TALLY)
}

/// Returns the rows marked with 1, of which there are so many.
fn marked_rows(marks: &[u8], count: usize) -> Vec<u32> {
    // Every row is written, and kept only if it is marked: no branch hangs on the marks.
    let mut rows = vec![0; count + 1];
    let mut kept = 0;
    for (row, mark) in marks.iter().enumerate() {
        rows[kept] = row as u32;
        kept += usize::from(*mark);
    }
    rows.truncate(count);
    rows
}

/// Says whether groups of parts are put together with less work than parts save: not where there are nearly as many groups as rows.
fn pays_in_parts(plan: &PhysicalPlan, aggregates: &[(Slot, AggregateCall)]) -> bool {
    aggregates.iter().all(|(_, call)| can_merge(call)) && plan.rows * 4.0 <= plan.input().rows.max(4.0)
}

/// Says whether the parts give to the bit what the whole gives; sums of floats need not.
fn is_exact(call: &AggregateCall, context: &Context<'_>) -> bool {
    let sums = matches!(call.function, Aggregate::Sum | Aggregate::Avg | Aggregate::StDev | Aggregate::StDevP);
    let holds_integers = |expression: &Expression| match expression {
        Expression::Property(target, name) if matches!(target.as_ref(), Expression::Slot(_)) => {
            let key = context.snapshot.catalogue().property_key_id(name);
            [true, false]
                .iter()
                .all(|of_nodes| key.is_none_or(|key| context.snapshot.holds_only_integers(key, *of_nodes)))
        }
        _ => false,
    };
    let is_integer = matches!(call.function, Aggregate::Sum | Aggregate::Avg);
    !sums || (is_integer && call.argument.as_ref().is_some_and(holds_integers))
}

/// Says whether what an aggregate gathered over some rows and over others can be put together. Of distinct values only their set is kept,
/// so that what depends on their order cannot.
fn can_merge(call: &AggregateCall) -> bool {
    !call.distinct || matches!(call.function, Aggregate::Count | Aggregate::Min | Aggregate::Max)
}

/// Hands the groups on, so many at a time that a limit above need not see them all.
fn give_groups(all: Batch, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
    let mut start = 0;
    while start < all.rows() {
        let count = (all.rows() - start).min(Batch::TARGET_ROWS * 8);
        if sink(all.slice(start, count))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        start += count;
    }
    Ok(Flow::Continue)
}

/// Returns the nodes that an expression takes of relationships.
fn told_ends(expression: &Expression, batch: &Batch, snapshot: &Snapshot) -> Option<Column> {
    let (slot, are_starts) = end_of(expression)?;
    let column = batch.get(slot)?;
    let relationships = column.relationship_slots()?;
    let mut ends = Vec::with_capacity(relationships.len());
    snapshot.ends_of(&relationships, are_starts, &mut ends);
    Some(Column::Node(ends))
}

/// Says whether the second argument of an aggregate has a value of its own in every row.
pub(super) fn is_row_wise(parameter: &Expression) -> bool {
    !parameter.slots().is_empty() || !parameter.subqueries().is_empty()
}

/// What says how often each row counts.
struct Factors<'a> {
    slots: Vec<Slot>,
    /// Steps whose numbers of neighbours count too.
    steps: Vec<Steps<'a>>,
}

impl<'a> Factors<'a> {
    fn new(slots: &[Slot], steps: &[&'a ExpandStep], context: &'a Context<'a>) -> Self {
        let steps = steps.iter().map(|step| Steps::new(step, context)).collect();
        Factors { slots: slots.to_vec(), steps }
    }

    /// Returns how often each row counts, where it is not once.
    fn of(&self, batch: &Batch) -> Option<Vec<i64>> {
        let mut factors: Option<Vec<i64>> = None;
        let mut multiply = |numbers: Cow<'_, [i64]>| match &mut factors {
            None => factors = Some(numbers.into_owned()),
            Some(factors) => multiply_all(factors, &numbers),
        };
        for steps in &self.steps {
            multiply(Cow::Owned(steps.degrees(batch)));
        }
        for slot in &self.slots {
            if let Some(Column::Integer { values, .. }) = batch.get(*slot).map(AsRef::as_ref) {
                multiply(Cow::Borrowed(values));
            }
        }
        factors
    }
}

/// Multiplies each factor with its number.
fn multiply_all(factors: &mut [i64], numbers: &[i64]) {
    let bits = factors.iter().chain(numbers).fold(0, |bits, number| bits | number);
    let pairs = factors.iter_mut().zip(numbers);
    if bits as u64 <= u64::from(u32::MAX) >> 1 {
        // The product of two such small numbers always fits.
        pairs.for_each(|(factor, number)| *factor = (*factor as u32 as u64 * *number as u32 as u64) as i64);
    } else {
        pairs.for_each(|(factor, number)| *factor = factor.saturating_mul(*number));
    }
}
