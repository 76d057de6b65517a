//! CITE as a rewrite: hidden columns carry to the top what patterns bound, so that each row can say what it rests on.
//!
//! ```text
//! MATCH (a)-[r]->(b) RETURN a.name, count(*)
//!
//! Project [a.name, count]                       Project [a.name, count]         cites s1, s2, s3
//!   Aggregate keys [a] count(*)         ──▶       Aggregate keys [a] count(*), s1 = evidence(a), s2 = evidence(r), s3 = evidence(b)
//!     Pattern (a)-[r]->(b)                          Pattern (a)-[r]->(b)
//! ```
//! A slot means one variable over the whole query, so a column goes past WITH, ORDER BY and LIMIT by being asked for at the top. Where rows
//! become one (aggregation, DISTINCT, UNION), a set of elements per group and column takes its place. What a subquery of an expression
//! found is gathered by an apply of the same subquery, put as high as may be: above LIMIT, below the next aggregation. Where the subquery
//! hangs on a variable of a comprehension, the apply unwinds the list and asks for each item.

use crate::binder::bound::{Pattern, QuantifiedPattern, SlotInformation, StepKind, SubqueryKind};
use crate::expression::{AggregateCall, Expression, QuantifierKind};
use crate::function::{Aggregate, lookup};
use crate::value::Value;
use crate::vector::Slot;

use super::cite_exists;
use super::cite_late::{self, Looked, RowsOfGroup};
use super::cite_pending::{Items, Pending, denies, pending};
use super::cite_reads::Reads;
use super::logical::{ApplyKind, Citation, CitedSlot, LogicalPlan, LogicalQuery, LogicalSubquery, RowsLookedAt};

/// How many rows of a positive EXISTS are cited; one is enough for it to hold.
const WITNESSES: i64 = 1_000;

/// Returns a query rewritten so that its rows carry what they rest on.
pub(super) fn rewritten(mut query: LogicalQuery) -> LogicalQuery {
    let reads = Reads::of(&query);
    let mut citing =
        Citing { subqueries: &query.subqueries, slots: &mut query.slots, absence: false, totals: Vec::new() };
    let root = std::mem::replace(&mut query.root, LogicalPlan::Argument);
    let (root, found) = citing.cite(root);
    let (root, evidence) = citing.flush(root, found);
    let (absence, total) = (citing.absence, citing.total_of(&evidence));
    let slots = evidence.into_iter().map(|one| CitedSlot {
        slot: one.slot,
        keys: reads.of_slot(one.origin),
        optional: one.optional,
        claims: one.claims,
    });
    query.citation = Some(Citation { slots: slots.collect(), absence, rows: None, total });
    query.root = root;
    query
}

/// A query whose groups are cited afterwards.
pub(super) struct Late {
    /// The query.
    pub query: LogicalQuery,
    /// Whether the rows of a group are found by its key.
    pub is_sought: bool,
    /// Whether they walk as far as the graph goes.
    pub is_endless: bool,
}

/// Rewrites a query whose topmost aggregation takes in many rows: what its groups rest on is looked for afterwards, in so many rows of each.
/// Nothing where that cannot be. `by_node` names the node that it groups by, if that was made of a node's properties.
pub(super) fn rewrite_late(
    mut query: LogicalQuery,
    is_unique: &dyn Fn(&str, &str) -> bool,
    looked: Looked,
    by_node: Option<Slot>,
) -> Option<Late> {
    let RowsOfGroup { plans, has_key, is_sought, is_endless } =
        cite_late::rows_of_a_group(&query.root, is_unique, looked)?;
    let reads = Reads::of(&query);
    let mut citing =
        Citing { subqueries: &query.subqueries, slots: &mut query.slots, absence: false, totals: Vec::new() };
    let mut root = std::mem::replace(&mut query.root, LogicalPlan::Argument);
    let mut cited = Vec::new();
    let mut count = None;
    for mut rows in plans {
        cite_exists::join_exists(&mut rows, citing.subqueries);
        let nodes = nodes_of(&rows);
        let (rows, mut found) = citing.cite(rows);
        if let Some(node) = by_node {
            // The group's own node stands where it would if its rows had found it.
            let before = nodes.iter().take_while(|slot| **slot != node);
            let place = before.filter(|slot| found.evidence.iter().any(|one| one.origin == **slot)).count();
            found.evidence.insert(place, Evidence::of(node));
        }
        let (rows, joined) = citing.join_first(rows, &mut found);
        let (rows, mut evidence) = citing.flush(rows, found);
        evidence.extend(joined);
        let mut aggregates = Vec::new();
        let evidence = citing.gather(evidence, &mut aggregates);
        count.get_or_insert_with(|| {
            let count = citing.new_slot();
            aggregates.push((count, cite_late::row_count()));
            count
        });
        let outputs = aggregates.iter().map(|(slot, _)| *slot).collect();
        let inner = Box::new(LogicalPlan::Aggregate { input: Box::new(rows), keys: Vec::new(), aggregates });
        root = LogicalPlan::Apply { input: Box::new(root), inner, outputs, kind: ApplyKind::Inner, transactions: None };
        cited.extend(evidence);
    }
    query.root = root;
    let (absence, total) = (citing.absence, citing.total_of(&cited));
    let rows = count.map(|count| RowsLookedAt { count, bound: looked.bound, has_key });
    let slots = cited.iter().map(|one| CitedSlot {
        slot: one.slot,
        keys: reads.of_slot(one.origin),
        optional: one.optional,
        claims: one.claims,
    });
    query.citation = Some(Citation { slots: slots.collect(), absence, rows, total });
    Some(Late { query, is_sought, is_endless })
}

/// Returns the nodes of the pattern below a limit, in order.
fn nodes_of(rows: &LogicalPlan) -> Vec<Slot> {
    match rows {
        LogicalPlan::Limit { input, .. } => nodes_of(input),
        LogicalPlan::Pattern { pattern, .. } => pattern.nodes.iter().map(|node| node.slot).collect(),
        _ => Vec::new(),
    }
}

/// A column of elements on its way up.
#[derive(Clone, Copy, Debug)]
struct Evidence {
    /// Where they are now.
    slot: Slot,
    /// The slot of the pattern that bound them.
    origin: Slot,
    /// Whether an OPTIONAL clause did.
    optional: bool,
    /// Whether they are numbers of claims, which a procedure gave.
    claims: bool,
}

impl Evidence {
    /// Returns what a slot holds.
    fn of(slot: Slot) -> Evidence {
        Evidence { slot, origin: slot, optional: false, claims: false }
    }
}

/// What the rows of a plan rest on.
#[derive(Debug, Default)]
struct Found {
    evidence: Vec<Evidence>,
    /// Subqueries of expressions whose findings are still to be gathered.
    pending: Vec<Pending>,
}

struct Citing<'a> {
    subqueries: &'a [LogicalSubquery],
    slots: &'a mut Vec<SlotInformation>,
    absence: bool,
    /// Of columns that were gathered together, where the number of all their elements is.
    totals: Vec<(Slot, Vec<Slot>)>,
}

impl Citing<'_> {
    fn new_slot(&mut self) -> Slot {
        self.slots.push(SlotInformation { name: " evidence".into() });
        Slot(self.slots.len() as u32 - 1)
    }

    /// Rewrites a plan and says what its rows rest on.
    fn cite(&mut self, plan: LogicalPlan) -> (LogicalPlan, Found) {
        match plan {
            LogicalPlan::Argument => (plan, Found::default()),
            LogicalPlan::Pattern { input, mut pattern, predicates, optional } => {
                let (input, mut found) = self.cite(*input);
                self.add_pattern(&mut pattern, optional, &mut found);
                predicates.iter().for_each(|predicate| self.add_predicate(predicate, &mut found));
                (LogicalPlan::Pattern { input: Box::new(input), pattern, predicates, optional }, found)
            }
            LogicalPlan::Aggregate { input, keys, mut aggregates } => {
                let (input, mut found) = self.cite(*input);
                let calls = aggregates.iter().filter_map(|(_, call)| call.argument.as_ref());
                keys.iter().map(|(_, key)| key).chain(calls).for_each(|part| self.add_subqueries(part, &mut found));
                let read: Vec<Slot> = keys
                    .iter()
                    .map(|(_, key)| key)
                    .chain(aggregates.iter().filter_map(|(_, call)| call.argument.as_ref()))
                    .flat_map(Expression::slots)
                    .collect();
                let ends = if found.pending.is_empty() { ends_told(&input, &read) } else { Vec::new() };
                let (input, evidence) = self.flush(input, found);
                let first = aggregates.len();
                let evidence = self.gather(evidence, &mut aggregates);
                // The ends of a relationship that nobody reads need not be found to be known.
                for (_, call) in &mut aggregates[first..] {
                    let own = ends
                        .iter()
                        .find(|(end, _)| matches!(call.argument, Some(Expression::Slot(slot)) if slot == *end));
                    call.argument = own.map_or_else(|| call.argument.take(), |(_, told)| Some(told.clone()));
                }
                (LogicalPlan::Aggregate { input: Box::new(input), keys, aggregates }, found_only(evidence))
            }
            LogicalPlan::Distinct { input, slots } => {
                let (input, found) = self.cite(*input);
                let (input, evidence) = self.flush(input, found);
                if evidence.is_empty() {
                    return (LogicalPlan::Distinct { input: Box::new(input), slots }, Found::default());
                }
                let mut aggregates = Vec::new();
                let evidence = self.gather(evidence, &mut aggregates);
                let keys = slots.into_iter().map(|slot| (slot, Expression::Slot(slot))).collect();
                (LogicalPlan::Aggregate { input: Box::new(input), keys, aggregates }, found_only(evidence))
            }
            LogicalPlan::Union { input, branches, output } => self.cite_union(*input, branches, output),
            LogicalPlan::Apply { input, inner, mut outputs, kind, transactions } => {
                let (input, mut found) = self.cite(*input);
                let (inner, inner_found) = self.cite(*inner);
                let (inner, evidence) = self.flush(inner, inner_found);
                if kind != ApplyKind::Unit {
                    let optional = kind == ApplyKind::Left;
                    outputs.extend(evidence.iter().map(|one| one.slot));
                    found.evidence.extend(evidence.into_iter().map(|one| Evidence { optional, ..one }));
                }
                let (input, inner) = (Box::new(input), Box::new(inner));
                (LogicalPlan::Apply { input, inner, outputs, kind, transactions }, found)
            }
            other => self.cite_unary(other),
        }
    }

    /// Rewrites an operator that hands on the columns of its only input.
    fn cite_unary(&mut self, mut plan: LogicalPlan) -> (LogicalPlan, Found) {
        let mut found = Found::default();
        plan.for_each_child(&mut |child| {
            let taken = std::mem::replace(child, LogicalPlan::Argument);
            (*child, found) = self.cite(taken);
        });
        match &mut plan {
            LogicalPlan::Filter { predicate, .. } => self.add_predicate(predicate, &mut found),
            LogicalPlan::Project { items, .. } => {
                items.iter().for_each(|(_, item)| self.add_subqueries(item, &mut found));
            }
            LogicalPlan::Sort { keys, .. } | LogicalPlan::Top { keys, .. } => {
                keys.iter().for_each(|key| self.add_subqueries(&key.expression, &mut found));
            }
            LogicalPlan::Unwind { list, .. } => self.add_subqueries(list, &mut found),
            LogicalPlan::Call { call, .. } => {
                call.arguments.iter().for_each(|argument| self.add_subqueries(argument, &mut found));
                // What a procedure gives is cited where it is an element, and as claims where it says so; what it looked at besides is its
                // own affair.
                found.evidence.extend(call.yields.iter().map(|(_, slot)| Evidence::of(*slot)));
                if let Some(place) = call.cites {
                    let slot = self.new_slot();
                    call.yields.push((place, slot));
                    found.evidence.push(Evidence { claims: true, ..Evidence::of(slot) });
                }
            }
            _ => {}
        }
        (plan, found)
    }

    /// Rewrites a union: every branch has the columns of all, null where they are another's.
    fn cite_union(
        &mut self,
        input: LogicalPlan,
        branches: Vec<(LogicalPlan, Vec<Slot>)>,
        mut output: Vec<Slot>,
    ) -> (LogicalPlan, Found) {
        let (input, mut found) = self.cite(input);
        let mut cited = Vec::new();
        for (branch, columns) in branches {
            let (branch, branch_found) = self.cite(branch);
            let (branch, evidence) = self.flush(branch, branch_found);
            cited.push((branch, columns, evidence));
        }
        let all: Vec<(usize, Evidence)> = cited
            .iter()
            .enumerate()
            .flat_map(|(number, (_, _, evidence))| evidence.iter().map(move |one| (number, *one)))
            .collect();
        let mut branches = Vec::new();
        for (number, (branch, mut columns, evidence)) in cited.into_iter().enumerate() {
            let missing = self.new_slot();
            columns.extend(all.iter().map(|(owner, one)| if *owner == number { one.slot } else { missing }));
            let items = vec![(missing, Expression::Constant(Value::Null))];
            let scope = columns.iter().copied().chain(evidence.iter().map(|one| one.slot)).collect();
            branches.push((LogicalPlan::Project { input: Box::new(branch), items, scope }, columns));
        }
        for (_, one) in all {
            let slot = self.new_slot();
            output.push(slot);
            // In rows of the other branches it is null without anything having been looked for.
            found.evidence.push(Evidence { slot, optional: false, ..one });
        }
        (LogicalPlan::Union { input: Box::new(input), branches, output }, found)
    }

    /// Gathers everything that a repeated pattern binds, what repeats within it included.
    fn group_all(&mut self, quantified: &mut QuantifiedPattern) {
        let mut inner: Vec<Slot> = quantified.pattern.nodes.iter().map(|node| node.slot).collect();
        for step in &mut quantified.pattern.steps {
            inner.push(step.slot);
            if let StepKind::Quantified(nested) = &mut step.kind {
                self.group_all(nested);
                inner.extend(nested.groups.iter().map(|(_, outer)| *outer));
            }
        }
        for slot in inner {
            if !quantified.groups.iter().any(|(grouped, _)| *grouped == slot) {
                let group = self.new_slot();
                quantified.groups.push((slot, group));
            }
        }
    }

    /// Adds what a pattern binds.
    fn add_pattern(&mut self, pattern: &mut Pattern, optional: bool, found: &mut Found) {
        let mut slots: Vec<Slot> = pattern.nodes.iter().filter(|node| !node.bound).map(|node| node.slot).collect();
        slots.extend(pattern.steps.iter().filter(|step| !step.bound).map(|step| step.slot));
        for step in &mut pattern.steps {
            if let StepKind::Variable { predicate: Some((each, predicate)), .. }
            | StepKind::Shortest { predicate: Some((each, predicate)), .. } = &step.kind
            {
                self.add_of_each(step.slot, *each, predicate, found);
            }
            if let StepKind::Quantified(quantified) = &mut step.kind {
                self.group_all(quantified);
                slots.extend(quantified.groups.iter().map(|(_, outer)| *outer));
            }
        }
        // Of a longer step only the relationships have a slot; a path names the nodes between them.
        slots.extend(pattern.paths.iter().map(|(slot, _)| *slot));
        found.evidence.extend(slots.into_iter().map(|slot| Evidence { optional, ..Evidence::of(slot) }));
    }

    /// Adds the subqueries of what must hold for each relationship of a walk.
    fn add_of_each(&mut self, walked: Slot, each: Slot, predicate: &Expression, found: &mut Found) {
        let (list, predicate) = (Box::new(Expression::Slot(walked)), Box::new(predicate.clone()));
        let all = Expression::Quantifier { kind: QuantifierKind::All, variable: each, list, predicate };
        self.add_subqueries(&all, found);
    }

    /// Adds the subqueries of what holds for every row; those that must find nothing have found nothing.
    fn add_predicate(&mut self, predicate: &Expression, found: &mut Found) {
        match predicate {
            Expression::And(parts) => parts.iter().for_each(|part| self.add_predicate(part, found)),
            Expression::Not(negated) if matches!(**negated, Expression::Subquery(_)) => {
                self.absence |= denies(predicate, self.subqueries);
            }
            other => self.add_subqueries(other, found),
        }
    }

    /// Adds the subqueries of an expression, and notes what rests on absence.
    fn add_subqueries(&mut self, expression: &Expression, found: &mut Found) {
        self.absence |= denies(expression, self.subqueries);
        found.pending.extend(pending(expression, self.subqueries));
    }

    /// Joins the first pending EXISTS to the rows of a plan of which only the elements are asked for, so that it is run for many rows at
    /// a time: a row for each that it finds.
    fn join_first(&mut self, plan: LogicalPlan, found: &mut Found) -> (LogicalPlan, Vec<Evidence>) {
        let is_plain = |plan: &LogicalPlan| match plan {
            LogicalPlan::Pattern { input, predicates, optional: false, .. } => {
                matches!(**input, LogicalPlan::Argument)
                    && predicates.iter().all(|predicate| predicate.subqueries().is_empty())
                    && !cite_late::is_endless(plan)
            }
            _ => false,
        };
        let subqueries = self.subqueries;
        let exists = |pending: &Pending| match pending {
            Pending::Subquery(id) => {
                let subquery = &subqueries[id.0 as usize];
                (subquery.kind == SubqueryKind::Exists && is_plain(&subquery.plan)).then_some(&subquery.plan)
            }
            Pending::Items(_) => None,
        };
        let Some((place, inner)) =
            found.pending.iter().enumerate().find_map(|(place, pending)| Some((place, exists(pending)?)))
        else {
            return (plan, Vec::new());
        };
        found.pending.remove(place);
        let (inner, inner_found) = self.cite(inner.clone());
        let outputs = inner_found.evidence.iter().map(|one| one.slot).collect();
        let (input, inner) = (Box::new(plan), Box::new(inner));
        let plan = LogicalPlan::Apply { input, inner, outputs, kind: ApplyKind::Left, transactions: None };
        (plan, inner_found.evidence)
    }

    /// Returns the plan with what its pending subqueries found.
    fn flush(&mut self, mut plan: LogicalPlan, found: Found) -> (LogicalPlan, Vec<Evidence>) {
        let mut evidence = found.evidence;
        let mut seen = Vec::new();
        for pending in found.pending {
            let (inner, inner_evidence) = match pending {
                // Several clauses may hold the same one: a key of ORDER BY is that of RETURN.
                Pending::Subquery(id) if seen.contains(&id) => continue,
                Pending::Subquery(id) => {
                    seen.push(id);
                    let subquery = &self.subqueries[id.0 as usize];
                    let (mut inner, inner_found) = self.cite(subquery.plan.clone());
                    if subquery.kind == SubqueryKind::Exists {
                        let count = Expression::Constant(Value::Integer(WITNESSES));
                        inner = LogicalPlan::Limit { input: Box::new(inner), count };
                    }
                    self.flush(inner, inner_found)
                }
                Pending::Items(items) => self.cite_items(*items),
            };
            if inner_evidence.is_empty() {
                continue;
            }
            let mut aggregates = Vec::new();
            let gathered = self.gather(inner_evidence, &mut aggregates);
            let inner = LogicalPlan::Aggregate { input: Box::new(inner), keys: Vec::new(), aggregates };
            plan = LogicalPlan::Apply {
                input: Box::new(plan),
                inner: Box::new(inner),
                outputs: gathered.iter().map(|one| one.slot).collect(),
                kind: ApplyKind::Inner,
                transactions: None,
            };
            evidence.extend(gathered.into_iter().map(|one| Evidence { optional: false, ..one }));
        }
        (plan, evidence)
    }

    /// Returns a plan that asks for each item of a list, and what it finds.
    fn cite_items(&mut self, items: Items) -> (LogicalPlan, Vec<Evidence>) {
        let Items { variable, list, accumulator, deciding, predicate, kept } = items;
        let input = Box::new(LogicalPlan::Argument);
        let mut plan = match accumulator {
            None => LogicalPlan::Unwind { input, list, variable, ordinal: None },
            Some((accumulator, initial, step)) => {
                let place = self.new_slot();
                let (initial, step) = (Box::new(initial), Box::new(step));
                // What the accumulator was at an item is what the items before it give.
                let before = Some(Box::new(Expression::Slot(place)));
                let before = Box::new(Expression::Slice(Box::new(list.clone()), None, before));
                let reduced = Expression::Reduce { accumulator, initial, variable, list: before, step };
                let input = Box::new(LogicalPlan::Unwind { input, list, variable, ordinal: Some((place, 0)) });
                let scope = vec![variable, accumulator];
                LogicalPlan::Project { input, items: vec![(accumulator, reduced)], scope }
            }
        };
        let mut evidence = Vec::new();
        for (pending, predicate) in [(deciding, predicate), (kept, None)] {
            let (asked, found) = self.flush(plan, Found { evidence: Vec::new(), pending });
            evidence.extend(found);
            plan = match predicate {
                Some(predicate) => LogicalPlan::Filter { input: Box::new(asked), predicate },
                None => asked,
            };
        }
        (plan, evidence)
    }

    /// Adds the sets that hold a group's evidence, and returns where they are.
    fn gather(&mut self, evidence: Vec<Evidence>, aggregates: &mut Vec<(Slot, AggregateCall)>) -> Vec<Evidence> {
        let gathered = evidence.into_iter().map(|one| {
            let slot = self.new_slot();
            let argument = Some(Expression::Slot(one.slot));
            let call = AggregateCall { function: Aggregate::Evidence, argument, parameter: None, distinct: false };
            aggregates.push((slot, call));
            Evidence { slot, ..one }
        });
        let gathered: Vec<Evidence> = gathered.collect();
        if gathered.len() > 1 {
            // What is in several columns counts once.
            let slot = self.new_slot();
            let call =
                AggregateCall { function: Aggregate::Evidence, argument: None, parameter: None, distinct: false };
            aggregates.push((slot, call));
            self.totals.push((slot, gathered.iter().map(|one| one.slot).collect()));
        }
        gathered
    }

    /// Returns where the number of all elements in these columns is, if it was counted.
    fn total_of(&self, evidence: &[Evidence]) -> Option<Slot> {
        let is_of = |slots: &[Slot]| slots.iter().copied().eq(evidence.iter().map(|one| one.slot));
        self.totals.iter().find(|(_, slots)| is_of(slots)).map(|(slot, _)| *slot)
    }
}

/// Returns the nodes of a single step that nothing reads, with the expressions that tell them of its relationship.
fn ends_told(plan: &LogicalPlan, read: &[Slot]) -> Vec<(Slot, Expression)> {
    let LogicalPlan::Pattern { input, pattern, predicates, optional: false } = plan else { return Vec::new() };
    let ([step], [_, _], LogicalPlan::Argument) = (&pattern.steps[..], &pattern.nodes[..], &**input) else {
        return Vec::new();
    };
    let is_plain = matches!(step.kind, StepKind::Single) && !step.bound && !step.relationship.undirected;
    if !is_plain || step.from == step.to || !pattern.paths.is_empty() {
        return Vec::new();
    }
    let (Some(start), Some(end)) = (lookup("startNode"), lookup("endNode")) else { return Vec::new() };
    let is_unread = |node: &crate::binder::bound::PatternNode| {
        let is_read = |part: &Expression| part.slots().contains(&node.slot) || !part.subqueries().is_empty();
        !node.bound && !read.contains(&node.slot) && !predicates.iter().any(is_read)
    };
    let told = |function| Expression::Function(function, vec![Expression::Slot(step.slot)]);
    let ends = [(&pattern.nodes[step.from], start), (&pattern.nodes[step.to], end)];
    if !ends.iter().all(|(node, _)| is_unread(node)) {
        return Vec::new();
    }
    ends.map(|(node, function)| (node.slot, told(function))).to_vec()
}

fn found_only(evidence: Vec<Evidence>) -> Found {
    Found { evidence, pending: Vec::new() }
}
