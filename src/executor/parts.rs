//! A plan in parts: the rows that drive it are cut, every part runs the operators above on its own, on any thread, and what the parts
//! give is taken in their order.
//!
//! ```text
//!            Aggregate            one for each part, merged in order of the parts
//!              Filter             treats every row by itself
//!                Expand           treats every row by itself
//!                  NodeScan       part 0: chunks 0..8   part 1: chunks 8..16   …
//! ```
//!
//! Follows the morsels of Leis et al., "Morsel-driven parallelism" (2014). Into which parts the rows are cut depends on the plan and the
//! graph alone, never on the number of threads: so the same query on the same snapshot gives the same rows in the same order, and the
//! same sums of floats, whoever computes them. A statement that writes, or calls anything random, is run whole.

use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::graph::CHUNK_SLOTS;
use crate::planner::is_batchable;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::{Batch, InOrder};

use super::context::{Context, Flow};
use super::types::{LabelTest, step_types};
use super::{ExecutionError, collect, run};

/// Into how many parts the driving rows are cut at most, where each part gives little.
pub(super) const MANY_PARTS: usize = 32;

/// Into how many parts they are cut where each may hold many groups, which are to be merged.
pub(super) const FEW_PARTS: usize = 8;

/// How long a statement works alone before it asks other threads for help.
const ALONE: Duration = Duration::from_micros(150);

/// How long the work that is left must be likely to take for one to do, for other threads to be worth asking: waking them takes about as
/// long as [`ALONE`], and they cannot do more than their share of it.
const WORTH_WAKING: Duration = Duration::from_micros(500);

/// How many parts may be done ahead of the one that is taken next.
const PARTS_AHEAD: usize = 8;

/// From how many rows on those of an operator above a small scan are cut instead.
const ROWS_TO_CUT: f64 = 64.0;

/// How many times the rows of the driving operator the work of all of them may be to be called little.
const LITTLE_WORK: f64 = 4.0;

/// From how many rows on a scan is cut between its chunks.
const ROWS_OF_CHUNKS: f64 = 4.0 * CHUNK_SLOTS as f64;

/// What one part runs over.
#[derive(Clone, Debug)]
pub struct Part {
    operator: u32,
    rows: PartRows,
}

#[derive(Clone, Debug)]
enum PartRows {
    /// These chunks of the scan.
    Chunks(Range<usize>),
    /// These rows, in place of what the operator would give.
    Batches(Arc<[Batch]>),
}

/// What takes the rows of one part.
pub(super) trait PartSink: Send + Sized {
    /// Takes a batch.
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError>;
}

/// All batches of a part.
impl PartSink for Vec<Batch> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        context.guard.charge(batch.size_bytes())?;
        self.push(batch);
        Ok(Flow::Continue)
    }
}

/// All batches of a part, held until it is its turn.
#[derive(Debug, Default)]
pub(super) struct Passing {
    pub(super) batches: Vec<Batch>,
    /// What is charged for them.
    pub(super) size_bytes: usize,
}

impl PartSink for Passing {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        self.size_bytes += batch.size_bytes();
        self.batches.take(batch, context)
    }
}

impl<'a> Context<'a> {
    /// Returns the surroundings of operators above another, for which these rows stand.
    pub(super) fn over_rows(&self, plan: &PhysicalPlan, rows: Batch) -> Context<'a> {
        let part = Part { operator: plan.id, rows: PartRows::Batches(Arc::new([rows])) };
        self.for_part(part, Arc::clone(&self.builds))
    }

    /// Returns the rows that stand for what an operator gives in this part of a run, if they do.
    pub(super) fn given_rows(&self, plan: &PhysicalPlan) -> Option<&[Batch]> {
        match &self.part {
            Some(Part { operator, rows: PartRows::Batches(batches) }) if *operator == plan.id => Some(batches),
            _ => None,
        }
    }

    /// Returns which chunks a scan is to read in this part of a run.
    pub(super) fn chunks(&self, plan: &PhysicalPlan, count: usize) -> Range<usize> {
        match &self.part {
            Some(Part { operator, rows: PartRows::Chunks(chunks) }) if *operator == plan.id => chunks.clone(),
            _ => 0..count,
        }
    }
}

/// How a plan is to be run in parts.
pub(super) struct Manner {
    /// Into how many parts at most.
    pub(super) most_parts: usize,
    /// Whether the parts together give to the bit what the whole gives: then one thread alone runs the whole.
    pub(super) exact: bool,
}

/// Runs a plan in parts, if it can be and is worth it: each part into a taker of its own; `done` takes these in the order of the parts.
/// Returns nothing where the plan is to be run whole.
///
/// # Errors
/// The error of the first part that has one.
pub(super) fn run_in_parts<Taker: PartSink>(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    manner: &Manner,
    begin: &(dyn Fn() -> Result<Taker, ExecutionError> + Sync),
    done: &mut dyn FnMut(Taker) -> Result<Flow, ExecutionError>,
) -> Result<Option<Flow>, ExecutionError> {
    let Some(driving) = driving_operator(plan, argument, context) else { return Ok(None) };
    if manner.exact && context.threads.pool().is_none() {
        return Ok(None);
    }
    let parts = cut(driving, argument, context, (manner.most_parts, rows_a_part(plan, driving, context)))?;
    let builds = Arc::default();
    let run_part = |place: usize| {
        let part = Part { operator: driving.id, rows: parts[place].clone() };
        let context = context.for_part(part, Arc::clone(&builds));
        let mut taker = begin()?;
        run(plan, argument, &context, &mut |batch: Batch| taker.take(batch, &context))?;
        Ok(taker)
    };
    let started = Instant::now();
    let mut first = 0;
    while first < parts.len() && (first == 0 || goes_on_alone(started, (first, parts.len()), context)) {
        if done(run_part(first)?)? == Flow::Stop {
            return Ok(Some(Flow::Stop));
        }
        first += 1;
    }
    if first == parts.len() {
        return Ok(Some(Flow::Continue));
    }
    let shared = Shared::new(first..parts.len(), context.threads.count());
    let flow = context.threads.share(&|| shared.help(&run_part), || shared.lead(&run_part, done));
    flow.map(Some)
}

/// Says whether work that began then, and of whose parts so many are done, is done alone further: to wake a thread takes a while, the
/// longer the busier the machine, so that what is done before is done alone.
fn goes_on_alone(started: Instant, (done, count): (usize, usize), context: &Context<'_>) -> bool {
    if context.threads.count() == 1 {
        return true;
    }
    // Threads that are for any task are wanted at once.
    let elapsed = started.elapsed();
    let left = elapsed * (count - done) as u32 / done.max(1) as u32;
    context.threads.rows_a_part() > 1 && (elapsed < ALONE || left < WORTH_WAKING)
}

/// Returns the operator whose rows are cut; none where the plan is to be run whole.
fn driving_operator<'a>(plan: &'a PhysicalPlan, argument: &Batch, context: &Context<'_>) -> Option<&'a PhysicalPlan> {
    if context.part.is_some() || context.transaction.is_some() || argument.rows() != 1 || !context.query.repeatable {
        return None;
    }
    let mut chain = vec![plan];
    while let Some(input) = chain.last()?.children.first() {
        chain.push(input);
    }
    // The last is the row given from outside; the one above it makes the first rows.
    chain.pop();
    chain.reverse();
    let work: f64 = chain.iter().map(|operator| operator_work(operator)).sum();
    if !context.threads.are_worth(work) || !is_batchable(plan) || !chain.iter().all(|operator| is_cut_well(operator)) {
        return None;
    }
    if is_scan_to_cut(chain.first()?, context) {
        return chain.first().copied();
    }
    let enough = ROWS_TO_CUT.min(2.0 * context.threads.rows_a_part() as f64);
    let place = chain.iter().position(|operator| operator.rows >= enough)?;
    let above = &chain[place + 1..];
    // These give a batch's rows in an order of their own, so that cutting it would change the order.
    let reorders = |operator: &&PhysicalPlan| {
        matches!(operator.operator, Operator::Apply { .. } | Operator::OptionalExpand { .. })
    };
    let work: f64 = above.iter().map(|operator| operator_work(operator)).sum();
    (context.threads.are_worth(work) && !above.is_empty() && !above.iter().any(reorders)).then(|| chain[place])
}

/// Returns about how many rows or relationships an operator looks at.
fn operator_work(plan: &PhysicalPlan) -> f64 {
    let taken = plan.children.first().map_or(0.0, |input| input.rows);
    match plan.operator {
        // Each pair of lists is longer than what they have in common.
        Operator::ExpandIntersect { .. } => taken * 16.0 + plan.rows,
        // Each row walks two steps both ways.
        Operator::ExpandMeet { .. } => taken * 256.0 + plan.rows,
        _ => taken.max(plan.rows),
    }
}

/// Says whether an operator may run in parts.
fn is_cut_well(plan: &PhysicalPlan) -> bool {
    !matches!(plan.operator, Operator::Call { .. } | Operator::Union { .. })
}

/// Says whether a scan has enough chunks to be cut between them. Several types are scanned one after the other, so that cutting between
/// chunks would change the order.
fn is_scan_to_cut(plan: &PhysicalPlan, context: &Context<'_>) -> bool {
    match &plan.operator {
        Operator::NodeScan { .. } => plan.rows >= ROWS_OF_CHUNKS,
        Operator::RelationshipScan { step } => {
            plan.rows >= ROWS_OF_CHUNKS && step_types(step.label.as_ref(), &context.snapshot).len() == 1
        }
        _ => false,
    }
}

/// Returns how many rows of the driving operator a part should have at least: more where little is done with each, since to begin a part
/// and to put its results to the others takes a while.
fn rows_a_part(plan: &PhysicalPlan, driving: &PhysicalPlan, context: &Context<'_>) -> usize {
    let mut work = operator_work(plan);
    let mut place = plan;
    while let Some(input) = place.children.first() {
        work += operator_work(input);
        place = input;
    }
    let rows = context.threads.rows_a_part();
    if rows > 1 && work < LITTLE_WORK * driving.rows { rows * 4 } else { rows }
}

/// Cuts the rows of the driving operator.
fn cut(
    driving: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    (most_parts, rows_a_part): (usize, usize),
) -> Result<Vec<PartRows>, ExecutionError> {
    if is_scan_to_cut(driving, context) {
        let useful = useful_chunks(driving, context);
        let count = (useful.len() * CHUNK_SLOTS / rows_a_part).clamp(1, most_parts);
        let first = |part: usize| useful.get(part * useful.len() / count).copied();
        // Chunks between useful ones belong to the part before; what follows the last belongs to it.
        let bounds: Vec<usize> = (0..=count).map(|part| first(part).unwrap_or(usize::MAX)).collect();
        let end = chunk_count(driving, context);
        let range = |pair: &[usize]| PartRows::Chunks(pair[0].min(end)..pair[1].min(end));
        return Ok(bounds.windows(2).map(range).collect());
    }
    let batches = collect(driving, argument, context)?;
    let total: usize = batches.iter().map(Batch::rows).sum();
    let rows = total.div_ceil(most_parts).max(if rows_a_part > 1 { 4 } else { 1 });
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut room = rows;
    for batch in &batches {
        let mut start = 0;
        while start < batch.rows() {
            let count = room.min(batch.rows() - start);
            part.push(batch.slice(start, count));
            start += count;
            room -= count;
            if room == 0 {
                parts.push(PartRows::Batches(std::mem::take(&mut part).into()));
                room = rows;
            }
        }
    }
    if !part.is_empty() {
        parts.push(PartRows::Batches(part.into()));
    }
    Ok(parts)
}

fn chunk_count(scan: &PhysicalPlan, context: &Context<'_>) -> usize {
    match scan.operator {
        Operator::RelationshipScan { .. } => context.snapshot.relationship_chunk_count(),
        _ => context.snapshot.chunk_count(),
    }
}

/// Returns the chunks of a scan in which there may be something.
fn useful_chunks(scan: &PhysicalPlan, context: &Context<'_>) -> Vec<usize> {
    let snapshot = &context.snapshot;
    let chunks = 0..chunk_count(scan, context);
    match &scan.operator {
        Operator::RelationshipScan { step } => {
            let kinds = step_types(step.label.as_ref(), snapshot);
            chunks.filter(|chunk| kinds.iter().any(|kind| snapshot.may_hold_type(*chunk, *kind))).collect()
        }
        Operator::NodeScan { label, .. } => {
            let test = label.as_ref().map(|label| LabelTest::new(label, snapshot));
            match test.as_ref().and_then(LabelTest::scan_label) {
                Some(label) => chunks.filter(|chunk| snapshot.may_hold_label(*chunk, label)).collect(),
                None => chunks.collect(),
            }
        }
        _ => Vec::new(),
    }
}

/// Which parts are begun, and which results were taken.
struct Progress {
    next: usize,
    taken: usize,
    stopped: bool,
}

/// What the threads of one run share.
struct Shared<Taker> {
    places: Range<usize>,
    ahead: usize,
    progress: Mutex<Progress>,
    changed: Condvar,
    results: InOrder<Result<Taker, ExecutionError>>,
}

/// Lets nobody wait for a thread that has gone, for whatever reason.
struct Leaving<'a, Taker> {
    shared: &'a Shared<Taker>,
    is_done: bool,
}

impl<Taker> Drop for Leaving<'_, Taker> {
    fn drop(&mut self) {
        if !self.is_done {
            self.shared.locked().stopped = true;
            self.shared.changed.notify_all();
        }
    }
}

impl<Taker> Shared<Taker> {
    fn new(places: Range<usize>, threads: usize) -> Self {
        let progress = Mutex::new(Progress { next: places.start, taken: places.start, stopped: false });
        let ahead = PARTS_AHEAD.max(threads * 2);
        let results = InOrder::new(places.end);
        Shared { places, ahead, progress, changed: Condvar::new(), results }
    }

    fn locked(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next part to be run, if one may be begun now.
    fn begin_next(&self, progress: &mut Progress) -> Option<usize> {
        let place = progress.next;
        let may = !progress.stopped && place < self.places.end && place < progress.taken + self.ahead;
        may.then(|| {
            progress.next += 1;
            place
        })
    }

    /// Runs parts until there are none left.
    fn help(&self, run_part: &dyn Fn(usize) -> Result<Taker, ExecutionError>) {
        let mut leaving = Leaving { shared: self, is_done: false };
        loop {
            let mut progress = self.locked();
            let place = loop {
                if progress.stopped || progress.next >= self.places.end {
                    leaving.is_done = true;
                    return;
                }
                match self.begin_next(&mut progress) {
                    Some(place) => break place,
                    None => progress = self.changed.wait(progress).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(progress);
            self.results.put(place, run_part(place));
            // Whoever looks for this part in vain holds the lock until it waits, so it hears of it.
            drop(self.locked());
            self.changed.notify_all();
        }
    }

    /// Takes the results in order, and runs parts itself while the next one is not there.
    fn lead(
        &self,
        run_part: &dyn Fn(usize) -> Result<Taker, ExecutionError>,
        done: &mut dyn FnMut(Taker) -> Result<Flow, ExecutionError>,
    ) -> Result<Flow, ExecutionError> {
        let _leaving = Leaving { shared: self, is_done: false };
        for place in self.places.clone() {
            let Some(result) = self.result(place, run_part) else { return Ok(Flow::Stop) };
            if done(result?)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            self.locked().taken = place + 1;
            self.changed.notify_all();
        }
        Ok(Flow::Continue)
    }

    /// Returns the result of a part; none if a thread has gone with it.
    fn result(
        &self,
        place: usize,
        run_part: &dyn Fn(usize) -> Result<Taker, ExecutionError>,
    ) -> Option<Result<Taker, ExecutionError>> {
        loop {
            let mut progress = self.locked();
            if let Some(result) = self.results.take(place) {
                return Some(result);
            }
            match self.begin_next(&mut progress) {
                Some(next) => {
                    drop(progress);
                    self.results.put(next, run_part(next));
                }
                None if progress.stopped => return None,
                None => drop(self.changed.wait(progress).unwrap_or_else(PoisonError::into_inner)),
            }
        }
    }
}
