//! Ways of two steps that meet: how diamonds and other cycles of four close, from a corner that is known.
//!
//! For each row both ways are walked once. The first is listed by where it leads; the second is looked up there, so that the work is that
//! of the ways and of the pairs found, never that of all pairs of middles. Where pairs are only counted, a number for each node met takes
//! the place of the lists.

use std::cell::RefCell;

use crate::expression::Expression;
use crate::expression::evaluate;
use crate::graph::{Scratch, Snapshot, Walk};
use crate::planner::physical::{ExpandStep, MeetArm, MeetCount, MeetMiddles, Operator, PhysicalPlan};
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::types::step_types;
use super::walk::adjacency_direction;
use super::{ExecutionError, run};

pub(super) fn run_meet(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandMeet { arms, count } = &plan.operator else { unreachable!("ways that meet are run as such") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        match count {
            Some(count) => {
                let mut counter = Counter::new(&arms[0], count, &snapshot, plan);
                let flow = counter.run(&batch, context, sink);
                counter.numbers.leave();
                flow
            }
            None => Pairs::new(arms, plan, &snapshot).run(&batch, context, sink),
        }
    })
}

/// A way's two steps, ready to walk.
struct Way<'a> {
    first: Vec<Walk<'a>>,
    second: Vec<Walk<'a>>,
}

impl<'a> Way<'a> {
    fn new(arm: &MeetArm, snapshot: &'a Snapshot) -> Self {
        let walks = |step: &ExpandStep| {
            let types = step_types(step.label.as_ref(), snapshot);
            types.into_iter().map(|kind| snapshot.walk(kind, adjacency_direction(step.direction))).collect()
        };
        Way { first: walks(&arm.first), second: walks(&arm.second) }
    }

    /// Appends every way from a node.
    fn list(&self, from: u32, wants_relationships: bool, found: &mut Vec<Found>) {
        let (mut near, mut far) = (Scratch::default(), Scratch::default());
        let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
        for walk in &self.first {
            let middles = walk.neighbours(from, &mut near);
            firsts.clear();
            if wants_relationships {
                middles.relationships_into(&mut firsts);
            }
            for (place, middle) in middles.nodes.iter().enumerate() {
                let first = firsts.get(place).copied().unwrap_or(NO_ID);
                for walk in &self.second {
                    if !wants_relationships {
                        let ends = walk.nodes(*middle, &mut far).iter();
                        found.extend(ends.map(|end| Found { middle: *middle, end: *end, first, second: NO_ID }));
                        continue;
                    }
                    let ends = walk.neighbours(*middle, &mut far);
                    seconds.clear();
                    ends.relationships_into(&mut seconds);
                    let pairs = ends.nodes.iter().zip(&seconds);
                    found.extend(pairs.map(|(end, second)| Found {
                        middle: *middle,
                        end: *end,
                        first,
                        second: *second,
                    }));
                }
            }
        }
    }
}

/// One way that was walked.
#[derive(Clone, Copy)]
struct Found {
    middle: u32,
    end: u32,
    first: u32,
    second: u32,
}

/// Makes the pairs of ways that meet.
struct Pairs<'a> {
    arms: &'a [MeetArm; 2],
    plan: &'a PhysicalPlan,
    ways: [Way<'a>; 2],
    wants_relationships: [bool; 2],
    rows: Vec<u32>,
    found: [Vec<Found>; 2],
}

impl<'a> Pairs<'a> {
    fn new(arms: &'a [MeetArm; 2], plan: &'a PhysicalPlan, snapshot: &'a Snapshot) -> Self {
        let is_read = |step: &ExpandStep| plan.live.contains(&step.relationship);
        Pairs {
            arms,
            plan,
            ways: [Way::new(&arms[0], snapshot), Way::new(&arms[1], snapshot)],
            wants_relationships: [0, 1].map(|arm: usize| is_read(&arms[arm].first) || is_read(&arms[arm].second)),
            rows: Vec::new(),
            found: [Vec::new(), Vec::new()],
        }
    }

    fn run(&mut self, batch: &Batch, context: &Context<'_>, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        let mut heads = Numbers::take();
        let mut next: Vec<u32> = Vec::new();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut flow = Flow::Continue;
        'rows: for (row, from) in node_ids(batch, self.arms[0].first.from).into_iter().enumerate() {
            if from == NO_ID {
                continue;
            }
            left.clear();
            right.clear();
            self.ways[0].list(from, self.wants_relationships[0], &mut left);
            self.ways[1].list(from, self.wants_relationships[1], &mut right);
            context.guard.tick(left.len() + right.len())?;
            // Each end has the place of the last way that leads there; each way that of the one before it.
            next.clear();
            for (place, way) in left.iter().enumerate() {
                let head = heads.at(way.end);
                next.push(*head);
                *head = place as u32 + 1;
            }
            for way in &right {
                let mut place = *heads.at(way.end);
                while place > 0 {
                    self.rows.push(row as u32);
                    self.found[0].push(left[place as usize - 1]);
                    self.found[1].push(*way);
                    place = next[place as usize - 1];
                }
                if self.rows.len() >= Batch::TARGET_ROWS {
                    context.guard.tick(self.rows.len())?;
                    flow = self.give(batch, sink)?;
                    if flow == Flow::Stop {
                        break 'rows;
                    }
                }
            }
            left.iter().for_each(|way| *heads.at(way.end) = 0);
        }
        if flow == Flow::Stop {
            return Ok(flow);
        }
        heads.leave();
        self.give(batch, sink)
    }

    fn give(&mut self, batch: &Batch, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        if self.rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let rows = std::mem::take(&mut self.rows);
        let live = &self.plan.live;
        let own: Vec<Slot> = self.arms.iter().flat_map(MeetArm::slots).collect();
        let kept: Vec<Slot> = live.iter().copied().filter(|slot| !own.contains(slot)).collect();
        let mut given = batch.gather_slots(&rows, &kept);
        for (arm, found) in self.arms.iter().zip(&self.found) {
            let column = |read: fn(&Found) -> u32| found.iter().map(read).collect::<Vec<u32>>();
            let mut set = |slot: Slot, column: Column| {
                if live.contains(&slot) {
                    given.set(slot, column);
                }
            };
            set(arm.first.to, Column::Node(column(|way| way.middle)));
            set(arm.second.to, Column::Node(column(|way| way.end)));
            set(arm.first.relationship, Column::Relationship(column(|way| way.first)));
            set(arm.second.relationship, Column::Relationship(column(|way| way.second)));
        }
        self.found.iter_mut().for_each(Vec::clear);
        sink(given)
    }
}

thread_local! {
    /// Numbers that are all zero, kept so that not every statement has to ask for them anew.
    static ZEROS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// A number for each node, zero at first.
struct Numbers(Vec<u32>);

impl Numbers {
    fn take() -> Self {
        Numbers(ZEROS.take())
    }

    /// Gives the numbers back; the caller has made them all zero again.
    fn leave(&mut self) {
        ZEROS.set(std::mem::take(&mut self.0));
    }

    #[inline]
    fn at(&mut self, node: u32) -> &mut u32 {
        if node as usize >= self.0.len() {
            self.0.resize((node as usize + 1).next_power_of_two(), 0);
        }
        &mut self.0[node as usize]
    }
}

/// Counts the pairs of ways that take the same steps.
struct Counter<'a> {
    way: Way<'a>,
    from: Slot,
    middle: Slot,
    end: Slot,
    count: &'a MeetCount,
    snapshot: &'a Snapshot,
    plan: &'a PhysicalPlan,
    /// How many ways were met so far at each node.
    numbers: Numbers,
    /// The nodes with their counts, where they are told apart.
    ends: Option<rustc_hash::FxHashMap<u32, i64>>,
    /// Room for the ends of ways by several types.
    merged: Vec<u32>,
}

/// A middle, how often it is reached, and the place of its property in order; middles of one place are not told apart by it.
#[derive(Clone, Copy)]
struct Middle {
    node: u32,
    times: u64,
    place: u32,
}

impl<'a> Counter<'a> {
    fn new(arm: &'a MeetArm, count: &'a MeetCount, snapshot: &'a Snapshot, plan: &'a PhysicalPlan) -> Self {
        let (from, middle, end) = (arm.first.from, arm.first.to, arm.second.to);
        let ends = plan.live.contains(&end).then(Default::default);
        let numbers = Numbers::take();
        Counter {
            way: Way::new(arm, snapshot),
            from,
            middle,
            end,
            count,
            snapshot,
            plan,
            numbers,
            ends,
            merged: Vec::new(),
        }
    }

    fn run(&mut self, batch: &Batch, context: &Context<'_>, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        let (mut rows, mut ends, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for (row, from) in node_ids(batch, self.from).into_iter().enumerate() {
            if from == NO_ID {
                continue;
            }
            let middles = self.middles(from, context)?;
            let total = self.count(from, &middles, context)?;
            match &mut self.ends {
                Some(met) => {
                    let mut met: Vec<(u32, i64)> = met.drain().collect();
                    met.sort_unstable();
                    rows.resize(rows.len() + met.len(), row as u32);
                    ends.extend(met.iter().map(|(end, _)| *end));
                    counts.extend(met.iter().map(|(_, count)| *count));
                }
                None if total > 0 => {
                    rows.push(row as u32);
                    counts.push(total);
                }
                None => {}
            }
        }
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let own = |slot: &Slot| *slot == self.count.slot || *slot == self.end;
        let kept: Vec<Slot> = self.plan.live.iter().copied().filter(|slot| !own(slot)).collect();
        let mut given = batch.gather_slots(&rows, &kept);
        given.set(self.count.slot, Column::integers(counts));
        if self.ends.is_some() {
            given.set(self.end, Column::Node(ends));
        }
        sink(given)
    }

    /// Returns the middles of a node's ways, in order of what is asked of them.
    fn middles(&self, from: u32, context: &Context<'_>) -> Result<Vec<Middle>, ExecutionError> {
        let mut scratch = Scratch::default();
        let mut nodes: Vec<u32> = Vec::new();
        for walk in &self.way.first {
            nodes.extend_from_slice(walk.nodes(from, &mut scratch));
        }
        nodes.sort_unstable();
        let runs = nodes.chunk_by(|one, other| one == other);
        let runs = runs.zip(0..).map(|(run, place)| Middle { node: run[0], times: run.len() as u64, place });
        let mut middles: Vec<Middle> = runs.collect();
        let (MeetMiddles::Less(key) | MeetMiddles::Unequal(key)) = &self.count.middles else { return Ok(middles) };
        let mut batch = Batch::new(middles.len());
        batch.set(self.middle, Column::Node(middles.iter().map(|middle| middle.node).collect()));
        let property = Expression::Property(Box::new(Expression::Slot(self.middle)), key.clone());
        let keys = evaluate(&property, &batch, &context.evaluation(self.snapshot))?;
        // The plan rests on all values being of one kind, so that their order is that of `<`; a null is not less than anything.
        let mut order: Vec<u32> = (0..middles.len() as u32).filter(|row| !keys.is_null(*row as usize)).collect();
        match keys.as_ref() {
            Column::Integer { values, .. } => {
                order.sort_by_key(|row| values[*row as usize]);
                give_places(&mut middles, &order, |one, other| values[one] == values[other]);
            }
            keys => {
                let text = |row: usize| match keys.value(row) {
                    crate::value::Value::String(text) => text,
                    _ => Default::default(),
                };
                let texts: Vec<_> = (0..middles.len()).map(text).collect();
                order.sort_by(|one, other| texts[*one as usize].cmp(&texts[*other as usize]));
                give_places(&mut middles, &order, |one, other| texts[one] == texts[other]);
            }
        }
        Ok(order.iter().map(|row| middles[*row as usize]).collect())
    }

    /// Counts the pairs of ways over these middles, group by group of one place: those before it have left their numbers.
    fn count(&mut self, from: u32, middles: &[Middle], context: &Context<'_>) -> Result<i64, ExecutionError> {
        let shift = u32::from(!matches!(self.count.middles, MeetMiddles::Less(_)));
        let mut total = 0_u64;
        for group in middles.chunk_by(|one, other| one.place == other.place) {
            context.guard.tick(group.len() * 8)?;
            if let [only] = group {
                if let Some(pairs) = self.count_alone(*only) {
                    total = total.saturating_add(pairs << shift);
                    continue;
                }
                let same = self.same(*only);
                total += self.visit(from, *only, |number, times| {
                    let before = u64::from(*number);
                    *number = number.saturating_add(u32::try_from(times).unwrap_or(u32::MAX));
                    (times.saturating_mul(before) << shift).saturating_add(same(times))
                });
                continue;
            }
            // Those of one place are no pairs of each other: all look at what was there before any leaves its number.
            for middle in group {
                total += self.visit(from, *middle, |number, times| times.saturating_mul(u64::from(*number)) << shift);
            }
            for middle in group {
                self.visit(from, *middle, |number, times| {
                    *number = number.saturating_add(u32::try_from(times).unwrap_or(u32::MAX));
                    0
                });
            }
        }
        let mut scratch = Scratch::default();
        for middle in middles {
            for walk in &self.way.second {
                walk.nodes(middle.node, &mut scratch).iter().for_each(|end| self.numbers.0[*end as usize] = 0);
            }
        }
        Ok(i64::try_from(total).unwrap_or(i64::MAX))
    }

    /// Returns how many pairs there are of ways over one middle to one end, told from how many such ways there are.
    fn same(&self, middle: Middle) -> impl Fn(u64) -> u64 + use<> {
        let any = match self.count.middles {
            MeetMiddles::Any { first_differ, second_differ } => Some((first_differ, second_differ)),
            _ => None,
        };
        move |times| {
            let Some((first_differ, second_differ)) = any else { return 0 };
            let (first, second) = (middle.times, times / middle.times);
            let pairs = |count: u64, differ: bool| count.saturating_mul(count - u64::from(differ));
            pairs(first, first_differ).saturating_mul(pairs(second, second_differ))
        }
    }

    /// Counts the pairs of the ways over a middle with those before it, where nothing else is asked and no relationship has a parallel.
    fn count_alone(&mut self, middle: Middle) -> Option<u64> {
        let [walk] = &self.way.second[..] else { return None };
        let is_same_counted = matches!(self.count.middles, MeetMiddles::Any { first_differ: false, .. })
            || matches!(self.count.middles, MeetMiddles::Any { second_differ: false, .. });
        if self.ends.is_some() || self.count.own_differ || middle.times > 1 || is_same_counted {
            return None;
        }
        let mut scratch = Scratch::default();
        let ends = walk.nodes(middle.node, &mut scratch);
        if ends.windows(2).fold(false, |any, pair| any | (pair[0] == pair[1])) {
            return None;
        }
        self.numbers.at(*ends.last()?);
        let numbers = &mut self.numbers.0[..];
        let mut pairs = 0;
        for end in ends {
            let number = &mut numbers[*end as usize];
            pairs += u64::from(*number);
            *number = number.saturating_add(1);
        }
        Some(pairs)
    }

    /// Calls `take` with the number of every end of the ways over a middle and how many ways lead there; returns the sum of what it
    /// gives.
    #[inline]
    fn visit(&mut self, from: u32, middle: Middle, take: impl Fn(&mut u32, u64) -> u64) -> u64 {
        let mut scratch = Scratch::default();
        let mut total = 0_u64;
        let mut merged = std::mem::take(&mut self.merged);
        let ends = match &self.way.second[..] {
            [walk] => walk.nodes(middle.node, &mut scratch),
            // Ways by several types to one end are one number: one by one they would be pairs of each other.
            walks => {
                merged.clear();
                walks.iter().for_each(|walk| merged.extend_from_slice(walk.nodes(middle.node, &mut scratch)));
                merged.sort_unstable();
                &merged
            }
        };
        if let Some(last) = ends.last() {
            self.numbers.at(*last);
        }
        // Parallel relationships stand side by side.
        for same in ends.chunk_by(|one, other| one == other) {
            let end = same[0];
            let mut times = middle.times.saturating_mul(same.len() as u64);
            if self.count.own_differ && end == from {
                times -= middle.times.min(times);
            }
            let added = take(&mut self.numbers.0[end as usize], times);
            if added > 0 {
                total = total.saturating_add(added);
                if let Some(met) = &mut self.ends {
                    *met.entry(end).or_default() += i64::try_from(added).unwrap_or(i64::MAX);
                }
            }
        }
        self.merged = merged;
        total
    }
}

/// Gives middles their places in an order; those that are equal get one.
fn give_places(middles: &mut [Middle], order: &[u32], equal: impl Fn(usize, usize) -> bool) {
    let mut place = 0;
    for (position, row) in order.iter().enumerate() {
        if position > 0 && !equal(order[position - 1] as usize, *row as usize) {
            place += 1;
        }
        middles[*row as usize].place = place;
    }
}
