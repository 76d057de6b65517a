//! Lowers a logical plan to a physical one: patterns are ordered (see [`super::pattern`]), all else maps operator by operator.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::binder::bound::{BoundQuery, Merge, PatternStep, SlotInformation, StepKind, SubqueryKind, Transactions};
use crate::expression::{AggregateCall, Expression};
use crate::function::Aggregate;
use crate::vector::Slot;

use super::estimate::Estimator;
use super::logical::{ApplyKind, LogicalPlan, LogicalQuery, LogicalSubquery};
use super::physical::{Operator, PhysicalPlan, PhysicalQuery, PhysicalSubquery};
use super::why::Choice;
use super::{aggregation, counted, live, rules, shortcut};

/// What lowering needs to know and what it adds.
pub(super) struct Lowering<'a> {
    /// How many of what there are.
    pub estimator: &'a Estimator<'a>,
    /// What the query's subqueries read, by their number.
    pub imports: Vec<Vec<Slot>>,
    /// What each of them gives.
    pub kinds: Vec<SubqueryKind>,
    /// The query's slots, and those added for row numbers and counts.
    pub slots: Vec<SlotInformation>,
    /// The rewrites that are switched off.
    pub switched_off: &'a [&'static str],
    /// The plans of the subqueries, by their number.
    pub subqueries: &'a [LogicalSubquery],
    /// Whether what is lowered may be run more than once, or for many rows from outside at a time.
    pub nested: bool,
    /// What is read above the pattern that is lowered next, where its rows may be counted instead of made.
    pub read_above: Option<Vec<Slot>>,
    /// What is read above it, where rows that are equal in it count once.
    pub once_above: Option<Vec<Slot>>,
    /// Where patterns start and could have started, if somebody wants to know.
    pub choices: Option<RefCell<Vec<Choice>>>,
}

/// Returns the physical plan of a query.
pub fn lower(
    query: &BoundQuery,
    logical: &LogicalQuery,
    estimator: &Estimator<'_>,
    switched_off: &[&'static str],
    explained: bool,
) -> PhysicalQuery {
    let mut lowering = Lowering {
        estimator,
        imports: query.subqueries.iter().map(|subquery| subquery.imports.clone()).collect(),
        kinds: query.subqueries.iter().map(|subquery| subquery.kind).collect(),
        slots: logical.slots.clone(),
        switched_off,
        subqueries: &logical.subqueries,
        // Rows that are cited rest on what each of them found; those of groups that are cited afterwards are only counted.
        nested: logical.citation.as_ref().is_some_and(|citation| citation.rows.is_none()),
        read_above: None,
        once_above: None,
        choices: explained.then(RefCell::default),
    };
    let root = lowering.lower(&logical.root);
    lowering.nested = true;
    let mut subqueries = Vec::new();
    for subquery in &logical.subqueries {
        let plan = lowering.lower(&subquery.plan);
        subqueries.push(PhysicalSubquery {
            kind: subquery.kind,
            batched: is_batchable(&plan),
            plan,
            imports: subquery.imports.clone(),
            row: lowering.new_slot("row"),
        });
    }
    let mut physical = PhysicalQuery {
        root,
        subqueries,
        columns: query.columns.clone(),
        slots: lowering.slots,
        parameters: query.parameters.clone(),
        writes: query.writes,
        operator_count: 0,
        repeatable: true,
        citation: logical.citation.clone(),
        assumptions: Vec::new(),
        counts: Vec::new(),
        switched_off: shortcut::ALL.into_iter().filter(|name| switched_off.contains(name)).collect(),
        choices: lowering.choices.map(RefCell::into_inner).unwrap_or_default(),
    };
    rules::rewrite_physical(&mut physical, estimator, switched_off);
    live::mark(&mut physical);
    rules::rewrite_marked(&mut physical, estimator, switched_off);
    // Those rules change what is read.
    live::mark(&mut physical);
    physical.assumptions = estimator.assumptions();
    physical.counts = counted::counts(&physical, estimator.snapshot());
    physical
}

/// Says whether a plan may be run for many argument rows at a time: every operator treats each row by itself and keeps its columns.
pub fn is_batchable(plan: &PhysicalPlan) -> bool {
    let own = match &plan.operator {
        Operator::Argument
        | Operator::NodeScan { .. }
        | Operator::IndexSeek { .. }
        | Operator::RelationshipScan { .. }
        | Operator::Expand { .. }
        | Operator::OptionalExpand { .. }
        | Operator::ExpandCount { .. }
        | Operator::ExpandIntersect { .. }
        | Operator::ExpandMeet { .. }
        | Operator::ExpandVariable { .. }
        | Operator::ExpandQuantified { .. }
        | Operator::BoundStep { .. }
        | Operator::LabelFilter { .. }
        | Operator::Filter { .. }
        | Operator::DistinctRelationships { .. }
        | Operator::Project { .. }
        | Operator::Unwind { .. }
        | Operator::Call { .. } => true,
        // What is found beside the rows is found once for all parts.
        Operator::SemiJoin { .. } => return is_batchable(plan.input()),
        // The second child is independent of the argument, so it may hold anything.
        Operator::CartesianProduct | Operator::HashJoin { .. } => return is_batchable(plan.input()),
        Operator::Apply { transactions: None, .. } | Operator::Union { .. } => return is_batchable(plan.input()),
        _ => false,
    };
    own && plan.children.first().is_none_or(is_batchable)
}

impl Lowering<'_> {
    /// Adds a hidden slot.
    pub fn new_slot(&mut self, name: &str) -> Slot {
        self.slots.push(SlotInformation { name: format!(" {name}").into() });
        Slot(self.slots.len() as u32 - 1)
    }

    /// Returns the slots that an expression reads from its row, those of its subqueries included.
    pub fn reads(&self, expression: &Expression) -> Vec<Slot> {
        reads(expression, &self.imports)
    }

    /// Returns the slots that a step reads while it walks, its own left out.
    pub fn step_reads(&self, step: &PatternStep) -> Vec<Slot> {
        match &step.kind {
            StepKind::Single => Vec::new(),
            StepKind::Variable { predicate, .. } | StepKind::Shortest { predicate, .. } => match predicate {
                Some((each, predicate)) => {
                    let mut read = self.reads(predicate);
                    read.retain(|slot| slot != each);
                    read
                }
                None => Vec::new(),
            },
            StepKind::Quantified(quantified) => {
                let inner = &quantified.pattern;
                let mut read: Vec<Slot> = inner.steps.iter().flat_map(|step| self.step_reads(step)).collect();
                read.extend(quantified.predicates.iter().flat_map(|predicate| self.reads(predicate)));
                let own = |slot: &Slot| {
                    inner.nodes.iter().any(|node| node.slot == *slot && !node.bound)
                        || inner.steps.iter().any(|step| step.slot == *slot && !step.bound)
                        || inner.steps.iter().any(|step| gathers(step, *slot))
                        || inner.paths.iter().any(|(path, _)| path == slot)
                };
                read.retain(|slot| !own(slot));
                read.extend(inner.nodes.iter().filter(|node| node.bound).map(|node| node.slot));
                read
            }
        }
    }

    /// Returns the plan with a predicate on top: a semi-join where the predicate is a lone EXISTS, a filter else.
    pub fn filter(&mut self, input: PhysicalPlan, predicate: Expression) -> PhysicalPlan {
        let rows = input.rows * self.estimator.selectivity(&predicate, None);
        let mut children = vec![input];
        let is_exists = |part: &Expression| match part {
            Expression::Subquery(id) => (self.kinds[id.0 as usize] == SubqueryKind::Exists).then_some(*id),
            _ => None,
        };
        let (subquery, anti) = match &predicate {
            Expression::Not(inner) => (is_exists(inner), true),
            other => (is_exists(other), false),
        };
        let operator = match subquery {
            Some(subquery) if !self.switched_off.contains(&"semi_join") => {
                let outer = children[0].rows;
                let (step, found) = match self.ends_of_step(subquery, outer) {
                    Some((step, ends)) => (Some(Box::new(step)), Some(ends)),
                    None => (None, self.found_once(subquery, outer)),
                };
                children.extend(found);
                Operator::SemiJoin { subquery, anti, step }
            }
            _ => Operator::Filter { predicate },
        };
        PhysicalPlan::new(operator, children, rows)
    }

    /// Lowers what may be run more than once.
    pub fn inside(&mut self, lower: impl FnOnce(&mut Self) -> PhysicalPlan) -> PhysicalPlan {
        let before = std::mem::replace(&mut self.nested, true);
        let plan = lower(self);
        self.nested = before;
        plan
    }

    fn lower_inner(&mut self, plan: &LogicalPlan) -> PhysicalPlan {
        self.inside(|lowering| lowering.lower(plan))
    }

    /// Lowers a plan whose leaf is the argument.
    pub fn lower(&mut self, plan: &LogicalPlan) -> PhysicalPlan {
        match plan {
            LogicalPlan::Argument => PhysicalPlan::new(Operator::Argument, Vec::new(), 1.0),
            LogicalPlan::Pattern { input, pattern, predicates, optional } => {
                let above = (self.read_above.take(), self.once_above.take());
                let input = self.lower(input);
                if !*optional {
                    (self.read_above, self.once_above) = above;
                }
                if *optional {
                    self.lower_optional(input, pattern, predicates)
                } else {
                    self.plan_pattern(input, pattern, predicates)
                }
            }
            LogicalPlan::Aggregate { input, keys, aggregates } => self.lower_aggregate(input, keys, aggregates),
            LogicalPlan::Filter { input, predicate } => {
                let mut input = self.lower(input);
                for part in predicate.clone().conjuncts() {
                    input = self.filter(input, part);
                }
                input
            }
            LogicalPlan::Union { input, branches, output } => {
                let mut children = vec![self.lower(input)];
                children.extend(branches.iter().map(|(branch, _)| self.lower_inner(branch)));
                let columns = branches.iter().map(|(_, columns)| columns.clone()).collect();
                let rows = children[0].rows * children[1..].iter().map(|child| child.rows).sum::<f64>();
                let row = self.new_slot("row");
                PhysicalPlan::new(Operator::Union { columns, output: output.clone(), row }, children, rows)
            }
            LogicalPlan::Apply { input, inner, outputs, kind, transactions } => {
                let (input, inner) = (self.lower(input), self.lower_inner(inner));
                self.apply(input, inner, outputs.clone(), *kind, transactions.clone())
            }
            LogicalPlan::Merge { input, merge } => self.lower_merge(input, merge),
            LogicalPlan::ForEach { input, variable, list, inner } => {
                let (input, inner) = (self.lower(input), self.lower_inner(inner));
                let rows = input.rows;
                let operator = Operator::ForEach { variable: *variable, list: list.clone() };
                PhysicalPlan::new(operator, vec![input, inner], rows)
            }
            other => self.lower_unary(other),
        }
    }

    fn lower_aggregate(
        &mut self,
        input: &LogicalPlan,
        keys: &[(Slot, Expression)],
        aggregates: &[(Slot, AggregateCall)],
    ) -> PhysicalPlan {
        let (mut keys, mut aggregates) = (keys.to_vec(), aggregates.to_vec());
        let mut computed = Vec::new();
        if let LogicalPlan::Pattern { pattern, optional: false, .. } = input {
            if !self.switched_off.contains(&"count_rows") {
                aggregates.iter_mut().for_each(|(_, call)| aggregation::count_rows(call, pattern, self.estimator));
            }
            if !self.switched_off.contains(&"group_by_node") {
                computed = aggregation::group_by_node(&mut keys, pattern, self.estimator);
            }
            if !self.switched_off.contains(&"count_factor") && aggregates.iter().all(|(_, call)| takes_factor(call)) {
                let parts = keys.iter().map(|(_, key)| key);
                let parts = parts.chain(aggregates.iter().filter_map(|(_, call)| call.argument.as_ref()));
                self.read_above = Some(parts.flat_map(|part| self.reads(part)).collect());
            }
        }
        if let LogicalPlan::Pattern { pattern, optional: true, .. } = input
            && !self.switched_off.contains(&"count_rows")
        {
            aggregates.iter_mut().for_each(|(_, call)| aggregation::count_found(call, pattern, self.estimator));
        }
        let input = self.lower(input);
        self.read_above = None;
        let operator = Operator::Aggregate { keys, aggregates, factors: Vec::new() };
        let rows = self.estimator.rows_after(&operator, input.rows);
        let plan = PhysicalPlan::new(operator, vec![input], rows);
        if computed.is_empty() {
            plan
        } else {
            PhysicalPlan::new(Operator::Project { items: computed }, vec![plan], rows)
        }
    }

    fn lower_optional(
        &mut self,
        input: PhysicalPlan,
        pattern: &crate::binder::bound::Pattern,
        predicates: &[Expression],
    ) -> PhysicalPlan {
        if let Some(expand) = self.optional_step(pattern, predicates) {
            let rows = input.rows * self.optional_rows(pattern).max(1.0);
            return PhysicalPlan::new(expand, vec![input], rows);
        }
        let argument = PhysicalPlan::new(Operator::Argument, Vec::new(), 1.0);
        let inner = self.inside(|lowering| lowering.plan_pattern(argument, pattern, predicates));
        let nodes = pattern.nodes.iter().filter(|node| !node.bound).map(|node| node.slot);
        let mut outputs: Vec<Slot> = nodes.collect();
        for step in pattern.steps.iter() {
            if !step.bound {
                outputs.push(step.slot);
            }
            if let crate::binder::bound::StepKind::Quantified(quantified) = &step.kind {
                outputs.extend(quantified.groups.iter().map(|(_, outer)| *outer));
            }
        }
        outputs.extend(pattern.paths.iter().map(|(slot, _)| *slot));
        self.apply(input, inner, outputs, ApplyKind::Left, None)
    }

    fn apply(
        &mut self,
        input: PhysicalPlan,
        inner: PhysicalPlan,
        outputs: Vec<Slot>,
        kind: ApplyKind,
        transactions: Option<Transactions>,
    ) -> PhysicalPlan {
        let rows = match kind {
            ApplyKind::Inner => input.rows * inner.rows,
            ApplyKind::Left => input.rows * inner.rows.max(1.0),
            ApplyKind::Unit => input.rows,
        };
        let row = self.new_slot("row");
        let batched = is_batchable(&inner) && transactions.is_none();
        PhysicalPlan::new(Operator::Apply { kind, outputs, row, batched, transactions }, vec![input, inner], rows)
    }

    fn lower_merge(&mut self, input: &LogicalPlan, merge: &Merge) -> PhysicalPlan {
        let input = self.lower(input);
        let argument = PhysicalPlan::new(Operator::Argument, Vec::new(), 1.0);
        let found = self.inside(|lowering| lowering.plan_pattern(argument, &merge.pattern, &merge.predicates));
        let rows = input.rows * found.rows.max(1.0);
        let operator = Operator::Merge {
            create: merge.create.clone(),
            on_create: merge.on_create.clone(),
            on_match: merge.on_match.clone(),
        };
        PhysicalPlan::new(operator, vec![input, found], rows)
    }

    /// Returns what is read of the rows of a pattern that are told apart by these slots, right above or by way of a projection.
    fn told_apart_by(&self, plan: &LogicalPlan, slots: &[Slot]) -> Option<Vec<Slot>> {
        let is_pattern = |plan: &LogicalPlan| matches!(plan, LogicalPlan::Pattern { optional: false, .. });
        match plan {
            LogicalPlan::Project { input, items, .. } if is_pattern(input) => {
                let read = |slot: &Slot| match items.iter().find(|(item, _)| item == slot) {
                    Some((_, expression)) => self.reads(expression),
                    None => vec![*slot],
                };
                Some(slots.iter().flat_map(read).collect())
            }
            plan => is_pattern(plan).then(|| slots.to_vec()),
        }
    }

    /// Lowers the operators with one input that map one to one.
    fn lower_unary(&mut self, plan: &LogicalPlan) -> PhysicalPlan {
        let (input, operator) = match plan {
            LogicalPlan::Project { input, items, .. } => (input, Operator::Project { items: items.clone() }),
            LogicalPlan::Distinct { input, slots } => (input, Operator::Distinct { slots: slots.clone() }),
            LogicalPlan::Sort { input, keys } => (input, Operator::Sort { keys: keys.clone() }),
            LogicalPlan::Top { input, keys, skip, limit } => {
                (input, Operator::Top { keys: keys.clone(), skip: skip.clone(), limit: limit.clone() })
            }
            LogicalPlan::Skip { input, count } => (input, Operator::Skip { count: count.clone() }),
            LogicalPlan::Limit { input, count } => (input, Operator::Limit { count: count.clone() }),
            LogicalPlan::Unwind { input, list, variable, ordinal } => {
                (input, Operator::Unwind { list: list.clone(), variable: *variable, ordinal: *ordinal })
            }
            LogicalPlan::Create { input, pattern } => (input, Operator::Create { pattern: pattern.clone() }),
            LogicalPlan::Set { input, items } => (input, Operator::Set { items: items.clone() }),
            LogicalPlan::Remove { input, items } => (input, Operator::Remove { items: items.clone() }),
            LogicalPlan::Delete { input, targets, detach } => {
                (input, Operator::Delete { targets: targets.clone(), detach: *detach })
            }
            LogicalPlan::Call { input, call } => (input, Operator::Call { call: call.clone() }),
            LogicalPlan::LoadCsv { input, url, variable, headers, separator } => {
                let (url, variable) = (url.clone(), *variable);
                (input, Operator::LoadCsv { url, variable, headers: *headers, separator: *separator })
            }
            LogicalPlan::Finish { input } => (input, Operator::Finish),
            other => unreachable!("{other:?} is lowered elsewhere"),
        };
        if let LogicalPlan::Distinct { input, slots } = plan {
            self.once_above = self.told_apart_by(input, slots);
        }
        let input = self.lower(input);
        let rows = self.estimator.rows_after(&operator, input.rows);
        PhysicalPlan::new(operator, vec![input], rows)
    }
}

/// Says whether an aggregate can take a row with the number of times that it counts.
pub(super) fn takes_factor(call: &AggregateCall) -> bool {
    let counts_values = matches!(
        call.function,
        Aggregate::Collect
            | Aggregate::StDev
            | Aggregate::StDevP
            | Aggregate::PercentileCont
            | Aggregate::PercentileDisc
    );
    call.distinct || !counts_values
}

/// Returns the slots that an expression reads from its row, ascending, those of its subqueries included.
pub(super) fn reads(expression: &Expression, imports: &[Vec<Slot>]) -> Vec<Slot> {
    let mut inner: FxHashSet<Slot> = FxHashSet::default();
    let mut read = expression.slots();
    expression.visit(&mut |part| match part {
        Expression::Comprehension { variable, .. } | Expression::Quantifier { variable, .. } => {
            inner.insert(*variable);
        }
        Expression::Reduce { accumulator, variable, .. } => {
            inner.insert(*accumulator);
            inner.insert(*variable);
        }
        Expression::Subquery(id) => read.extend(&imports[id.0 as usize]),
        _ => {}
    });
    read.retain(|slot| !inner.contains(slot));
    read.sort();
    read.dedup();
    read
}

/// Says whether a step gathers the values of an inner variable under a slot.
pub(super) fn gathers(step: &PatternStep, slot: Slot) -> bool {
    match &step.kind {
        StepKind::Quantified(quantified) => quantified.groups.iter().any(|(_, outer)| *outer == slot),
        _ => false,
    }
}
