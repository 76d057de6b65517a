//! Marks what each operator must hand on, from the top of the plan downwards, and numbers the operators.
//!
//! A column that nobody above reads is never gathered. This is what makes materialisation late: a property is read where it is first
//! needed, and only for the rows that are left there.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::binder::bound::{CreatePattern, RemoveItem, SetItem, SubqueryKind};
use crate::expression::Expression;
use crate::vector::Slot;

use super::lower::reads;
use super::physical::{MeetArm, Operator, PhysicalPlan, PhysicalQuery};

type Needed = BTreeSet<Slot>;

/// Fills in `live` and `id` of every operator of a query.
pub(super) fn mark(query: &mut PhysicalQuery) {
    let imports: Vec<Vec<Slot>> = query.subqueries.iter().map(|subquery| subquery.imports.clone()).collect();
    let mut marker = Marker { imports, next_id: 0, repeatable: Cell::new(true) };
    let cited = query.citation.iter().flat_map(|citation| {
        let looked_at = citation.rows.iter().map(|rows| rows.count);
        citation.slots.iter().map(|cited| cited.slot).chain(looked_at).chain(citation.total)
    });
    let needed = query.columns.iter().map(|column| column.slot).chain(cited).collect();
    marker.mark(&mut query.root, needed);
    for subquery in &mut query.subqueries {
        let mut needed = Needed::from([subquery.row]);
        if let SubqueryKind::Collect(slot) = subquery.kind {
            needed.insert(slot);
        }
        marker.mark(&mut subquery.plan, needed);
    }
    query.operator_count = marker.next_id;
    query.repeatable = marker.repeatable.get();
}

struct Marker {
    imports: Vec<Vec<Slot>>,
    next_id: u32,
    /// Whether no expression met so far calls anything random.
    repeatable: Cell<bool>,
}

impl Marker {
    fn mark(&mut self, plan: &mut PhysicalPlan, needed: Needed) {
        plan.id = self.next_id;
        self.next_id += 1;
        plan.live = needed.iter().copied().collect();
        if let Operator::Project { items } = &mut plan.operator {
            // A path that nobody reads is not made, nor are its relationships listed.
            items.retain(|(slot, item)| needed.contains(slot) || !matches!(item, Expression::Path(_)));
        }
        let mut below = needed;
        self.add_own_reads(&plan.operator, &mut below);
        match &plan.operator {
            Operator::Apply { outputs, row, .. } => {
                let inner = outputs.iter().copied().filter(|slot| below.contains(slot)).chain([*row]).collect();
                self.mark_inner(plan, inner, &mut below, &[*row]);
            }
            Operator::SemiJoin { subquery, step, .. } if plan.children.len() == 2 => {
                let found = match step {
                    Some(step) => [step.to].into(),
                    None => self.imports[subquery.0 as usize].iter().copied().collect(),
                };
                self.mark(&mut plan.children[1], found);
                self.mark(&mut plan.children[0], below);
            }
            Operator::Merge { .. } => {
                let inner = below.clone();
                self.mark_inner(plan, inner, &mut below, &[]);
            }
            Operator::ForEach { variable, .. } => {
                let variable = *variable;
                self.mark_inner(plan, Needed::new(), &mut below, &[variable]);
            }
            Operator::ExpandQuantified { first, last, groups, relationships, row, .. } => {
                let own = [*first, *row];
                let inner = groups.iter().map(|(inner, _)| *inner).chain([*last, *row]).chain(relationships.clone());
                let inner = inner.collect();
                self.mark_inner(plan, inner, &mut below, &own);
            }
            Operator::Union { columns, row, .. } => {
                let (columns, row) = (columns.clone(), *row);
                for (branch, columns) in plan.children[1..].iter_mut().zip(columns) {
                    self.mark(branch, columns.into_iter().chain([row]).collect());
                }
                for branch in &plan.children[1..] {
                    argument_needs(branch, &mut below);
                }
                below.remove(&row);
                self.mark(&mut plan.children[0], below);
            }
            _ => {
                for child in &mut plan.children {
                    self.mark(child, below.clone());
                }
            }
        }
    }

    /// Marks the second child, which runs over the rows of the first, then the first with what the second asks for.
    fn mark_inner(&mut self, plan: &mut PhysicalPlan, inner: Needed, below: &mut Needed, own: &[Slot]) {
        self.mark(&mut plan.children[1], inner);
        argument_needs(&plan.children[1], below);
        for slot in own {
            below.remove(slot);
        }
        self.mark(&mut plan.children[0], std::mem::take(below));
    }

    /// Turns what is needed above an operator into what it needs itself from its input.
    fn add_own_reads(&self, operator: &Operator, needed: &mut Needed) {
        match operator {
            Operator::Aggregate { keys, aggregates, factors } => {
                needed.clear();
                needed.extend(factors);
                keys.iter().for_each(|(_, key)| self.add(key, needed));
                for (_, call) in aggregates {
                    call.argument.iter().chain(&call.parameter).for_each(|part| self.add(part, needed));
                }
            }
            Operator::Project { items } => {
                items.iter().for_each(|(slot, _)| {
                    needed.remove(slot);
                });
                items.iter().for_each(|(_, item)| self.add(item, needed));
            }
            Operator::Distinct { slots } | Operator::DistinctRelationships { slots } => needed.extend(slots),
            Operator::BoundStep { step, .. } => needed.extend([step.from, step.to, step.relationship]),
            Operator::LabelFilter { slot, .. } | Operator::DistinctNodes { slot } => {
                needed.insert(*slot);
            }
            Operator::SemiJoin { subquery, .. } => needed.extend(&self.imports[subquery.0 as usize]),
            Operator::NodeScan { .. }
            | Operator::IndexSeek { .. }
            | Operator::RelationshipScan { .. }
            | Operator::Expand { .. }
            | Operator::OptionalExpand { .. }
            | Operator::ExpandCount { .. }
            | Operator::CountNodes { .. }
            | Operator::ExpandIntersect { .. }
            | Operator::ExpandMeet { .. }
            | Operator::ExpandVariable { .. }
            | Operator::ExpandQuantified { .. } => self.add_matching(operator, needed),
            other => self.add_expressions(other, needed),
        }
    }

    /// Does the same for the operators that find parts of a pattern.
    fn add_matching(&self, operator: &Operator, needed: &mut Needed) {
        match operator {
            Operator::NodeScan { slot, .. } => {
                needed.remove(slot);
            }
            Operator::IndexSeek { slot, seek, .. } => {
                needed.remove(slot);
                seek.expressions().into_iter().for_each(|part| self.add(part, needed));
            }
            Operator::RelationshipScan { step } => {
                for slot in [step.from, step.to, step.relationship] {
                    needed.remove(&slot);
                }
            }
            Operator::Expand { step, into } => {
                needed.remove(&step.relationship);
                needed.insert(step.from);
                if *into {
                    needed.insert(step.to)
                } else {
                    needed.remove(&step.to)
                };
            }
            Operator::OptionalExpand { step, predicate, .. } => {
                predicate.iter().for_each(|part| self.add(part, needed));
                for slot in [step.relationship, step.to] {
                    needed.remove(&slot);
                }
                needed.insert(step.from);
            }
            Operator::ExpandCount { step, count, .. } => {
                needed.remove(count);
                needed.insert(step.from);
            }
            Operator::CountNodes { slot, count, weights, constants } => {
                needed.remove(count);
                needed.extend(weights.iter().chain(constants).chain([slot]));
            }
            Operator::ExpandIntersect { fixed, moving, count } => {
                for slot in [fixed.to, fixed.relationship, moving.relationship].into_iter().chain(*count) {
                    needed.remove(&slot);
                }
                needed.extend([fixed.from, moving.from]);
            }
            Operator::ExpandMeet { arms, count } => {
                let own = arms.iter().flat_map(MeetArm::slots).chain(count.iter().map(|count| count.slot));
                own.for_each(|slot| {
                    needed.remove(&slot);
                });
                needed.insert(arms[0].first.from);
            }
            other => self.add_walks(other, needed),
        }
    }

    /// Does the same for walks of several relationships.
    fn add_walks(&self, operator: &Operator, needed: &mut Needed) {
        match operator {
            Operator::ExpandVariable { step, into, predicate, .. } => {
                needed.remove(&step.relationship);
                needed.insert(step.from);
                if *into {
                    needed.insert(step.to)
                } else {
                    needed.remove(&step.to)
                };
                if let Some((own, predicate)) = predicate {
                    self.add(predicate, needed);
                    needed.remove(own);
                }
            }
            Operator::ExpandQuantified { from, to, into, groups, walked, .. } => {
                groups.iter().map(|(_, outer)| outer).chain([walked]).for_each(|slot| {
                    needed.remove(slot);
                });
                needed.insert(*from);
                if *into {
                    needed.insert(*to)
                } else {
                    needed.remove(to)
                };
            }
            _ => {}
        }
    }

    /// Adds what the expressions of the remaining operators read.
    fn add_expressions(&self, operator: &Operator, needed: &mut Needed) {
        match operator {
            Operator::Filter { predicate } => self.add(predicate, needed),
            Operator::Sort { keys } => keys.iter().for_each(|key| self.add(&key.expression, needed)),
            Operator::Top { keys, skip, limit } => {
                keys.iter().for_each(|key| self.add(&key.expression, needed));
                skip.iter().chain([limit]).for_each(|part| self.add(part, needed));
            }
            Operator::Skip { count } | Operator::Limit { count } => self.add(count, needed),
            Operator::Unwind { list, variable, ordinal } => {
                needed.remove(variable);
                ordinal.iter().for_each(|(slot, _)| {
                    needed.remove(slot);
                });
                self.add(list, needed);
            }
            Operator::ForEach { list, .. } => self.add(list, needed),
            Operator::HashJoin { left, right } => left.iter().chain(right).for_each(|key| self.add(key, needed)),
            Operator::Apply { transactions, .. } => {
                transactions.iter().for_each(|transactions| self.add(&transactions.rows, needed));
            }
            Operator::Create { pattern } => self.add_create(pattern, needed),
            Operator::Merge { create, on_create, on_match } => {
                self.add_create(create, needed);
                self.add_set(on_create, needed);
                self.add_set(on_match, needed);
            }
            Operator::Set { items } => self.add_set(items, needed),
            Operator::Remove { items } => items.iter().for_each(|item| match item {
                RemoveItem::Property { target, .. } | RemoveItem::Labels { target, .. } => self.add(target, needed),
            }),
            Operator::Delete { targets, .. } => targets.iter().for_each(|target| self.add(target, needed)),
            Operator::Call { call } => call.arguments.iter().for_each(|argument| self.add(argument, needed)),
            Operator::LoadCsv { url, .. } => self.add(url, needed),
            _ => {}
        }
    }

    fn add_create(&self, pattern: &CreatePattern, needed: &mut Needed) {
        for relationship in &pattern.relationships {
            needed.extend([relationship.from, relationship.to]);
            relationship.properties.iter().for_each(|part| self.add(part, needed));
        }
        pattern.nodes.iter().flat_map(|node| &node.properties).for_each(|part| self.add(part, needed));
        pattern.paths.iter().for_each(|(_, path)| self.add(path, needed));
    }

    fn add_set(&self, items: &[SetItem], needed: &mut Needed) {
        for item in items {
            match item {
                SetItem::Property { target, value, .. }
                | SetItem::Replace { target, value }
                | SetItem::Merge { target, value } => {
                    self.add(target, needed);
                    self.add(value, needed);
                }
                SetItem::Labels { target, .. } => self.add(target, needed),
            }
        }
    }

    fn add(&self, expression: &Expression, needed: &mut Needed) {
        if self.repeatable.get() && is_random(expression) {
            self.repeatable.set(false);
        }
        needed.extend(reads(expression, &self.imports));
    }
}

/// Says whether an expression calls a function that gives another value each time.
fn is_random(expression: &Expression) -> bool {
    let mut found = matches!(expression, Expression::Function(function, _) if !function.deterministic);
    expression.for_each_part(&mut |part| found = found || is_random(part));
    found
}

/// Adds what a plan reads from the rows given from outside.
fn argument_needs(plan: &PhysicalPlan, needed: &mut Needed) {
    match (&plan.operator, plan.children.first()) {
        (Operator::Argument, _) => needed.extend(&plan.live),
        // The second child of a join does not see the argument; that of an apply sees the apply's own rows.
        (_, Some(input)) => argument_needs(input, needed),
        _ => {}
    }
}
