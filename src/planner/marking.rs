//! Rows of which only the elements are wanted, as stages that mark them: no row need be made then.
//!
//! ```text
//! Aggregate evidence(a), evidence(r), evidence(b)        start  a
//!   Filter b.age > 30                              ──▶   step   (a)-[r]->(b)
//!     Expand (a)-[r]->(b)                                test   b.age > 30
//!       IndexSeek a                                      marked a, r, b: those that are in a match of the whole
//! ```
//! Where steps make a tree and whatever is tested is one element, an element is in a row if it is left when first each stage keeps what leads
//! on and then each drops what nothing follows (the full reducer of Bernstein and Chiu, "Using semi-joins to solve relational queries", 1981):
//! work for each relationship, not for each row. Anything else is left to the rows.

use crate::binder::bound::PathMode;
use crate::expression::{Expression, SubqueryId};
use crate::function::Aggregate;
use crate::value::Value;
use crate::vector::Slot;

use super::cite_late::ALL_ROWS;
use super::physical::{ExpandStep, Operator, PhysicalPlan, PhysicalQuery, SeekKind, SoughtElement, StepDirection};

/// How the elements of rows are marked.
#[derive(Debug)]
pub struct Marking<'a> {
    /// What is done, in order.
    pub stages: Vec<Stage<'a>>,
    /// Where the elements of a slot go: the aggregate's slot and the element's.
    pub wanted: Vec<(Slot, Slot)>,
    /// Where it goes that there is a row.
    pub rows: Vec<Slot>,
    /// Where the number of all elements goes.
    pub totals: Vec<Slot>,
}

/// One thing that is done to mark elements.
#[derive(Debug)]
pub enum Stage<'a> {
    /// Nodes that an operator finds by itself.
    Start {
        /// The operator.
        plan: &'a PhysicalPlan,
        /// The node.
        slot: Slot,
    },
    /// A step to nodes that are not known yet.
    Step {
        /// The step.
        step: &'a ExpandStep,
    },
    /// A step that may lead nowhere; nothing hangs on its end.
    Optional {
        /// The operator.
        plan: &'a PhysicalPlan,
        /// The step.
        step: &'a ExpandStep,
    },
    /// A step to the one node that it may lead to.
    Into {
        /// The step.
        step: &'a ExpandStep,
    },
    /// The nodes that two single nodes lead to.
    Common {
        /// The two steps.
        steps: [&'a ExpandStep; 2],
    },
    /// Walks of several relationships from a single node; their ends are tested, and nothing else hangs on them.
    Walk {
        /// The step.
        step: &'a ExpandStep,
        /// The least length.
        min: u32,
        /// The greatest, if bounded.
        max: Option<u32>,
    },
    /// What an element must pass.
    Test {
        /// The operator.
        plan: &'a PhysicalPlan,
        /// What of its predicate is asked, for a filter.
        predicate: Option<Expression>,
        /// The element; none where it is asked of none.
        slot: Option<Slot>,
        /// Whether it is a relationship.
        of_relationship: bool,
        /// What else is read: single nodes, and what comes from outside.
        reads: Vec<Slot>,
    },
}

/// What is known of a slot of the plan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// A node of which there is one.
    Single,
    /// A node of which there are many.
    Many,
    /// A relationship.
    Relationship,
    /// A relationship or an end that nothing may be asked of.
    Closed,
}

impl<'a> Marking<'a> {
    /// Returns how the rows that an aggregation gathers elements of are marked; nothing where they must be made. `imports` says what each
    /// subquery reads.
    pub fn of(plan: &'a PhysicalPlan, imports: &dyn Fn(SubqueryId) -> &'a [Slot]) -> Option<Marking<'a>> {
        let Operator::Aggregate { keys, aggregates, factors } = &plan.operator else { return None };
        if !keys.is_empty() || !factors.is_empty() {
            return None;
        }
        let mut marking = Marking { stages: Vec::new(), wanted: Vec::new(), rows: Vec::new(), totals: Vec::new() };
        for (slot, call) in aggregates {
            match (&call.function, &call.argument) {
                (Aggregate::Evidence, Some(Expression::Slot(element))) => marking.wanted.push((*slot, *element)),
                (Aggregate::Evidence, None) => marking.totals.push(*slot),
                (Aggregate::CountStar, _) if aggregates.len() > 1 => marking.rows.push(*slot),
                _ => return None,
            }
        }
        // A plain count of rows is wanted as a number.
        if marking.rows.len() > 1 || marking.wanted.is_empty() {
            return None;
        }
        let (mut input, mut bound) = (plan.input(), None);
        match &input.operator {
            Operator::Limit { count: Expression::Constant(Value::Integer(count)) } => {
                bound = Some(*count);
                input = input.input();
            }
            // The number of rows says something only where they are bounded.
            _ if !marking.rows.is_empty() => return None,
            _ => {}
        }
        let mut chain = Vec::new();
        while !matches!(input.operator, Operator::Argument | Operator::Unit) {
            chain.push(input);
            input = input.children.first()?;
        }
        chain.reverse();
        let mut reader = Reader { imports, known: Vec::new(), stages: &mut marking.stages };
        for plan in chain {
            reader.add(plan)?;
        }
        // Fewer rows are looked at where marks, too, would be much work, but for walks without a bound, whose marks are none.
        let is_endless = |stage: &Stage<'_>| matches!(stage, Stage::Walk { max: None, .. });
        let is_whole = bound.is_none_or(|bound| bound >= ALL_ROWS) || marking.stages.iter().any(is_endless);
        (is_whole && !marking.stages.is_empty()).then_some(marking)
    }
}

/// Says whether all that a query cites of its groups afterwards is marked.
pub fn is_marked(query: &PhysicalQuery) -> bool {
    let imports = |id: SubqueryId| &*query.subqueries[id.0 as usize].imports;
    let (mut plan, mut is_marked) = (&query.root, false);
    while let (Operator::Apply { .. }, [input, inner]) = (&plan.operator, &plan.children[..]) {
        if Marking::of(inner, &imports).is_none() {
            return false;
        }
        (plan, is_marked) = (input, true);
    }
    is_marked
}

struct Reader<'a, 'r> {
    imports: &'r dyn Fn(SubqueryId) -> &'a [Slot],
    known: Vec<(Slot, Known)>,
    stages: &'r mut Vec<Stage<'a>>,
}

impl<'a> Reader<'a, '_> {
    fn known_of(&self, slot: Slot) -> Option<Known> {
        self.known.iter().find(|(known, _)| *known == slot).map(|(_, known)| *known)
    }

    /// Says whether there is one node at most: what comes from outside is one row.
    fn is_single(&self, slot: Slot) -> bool {
        matches!(self.known_of(slot), None | Some(Known::Single))
    }

    fn is_node(&self, slot: Slot) -> bool {
        matches!(self.known_of(slot), None | Some(Known::Single | Known::Many))
    }

    /// Adds what an operator does; nothing where it cannot be done by marks.
    fn add(&mut self, plan: &'a PhysicalPlan) -> Option<()> {
        match &plan.operator {
            Operator::NodeScan { slot, .. } => self.start(plan, *slot, Known::Many),
            Operator::IndexSeek { slot, element: SoughtElement::Node, seek, .. } => {
                if seek.expressions().iter().any(|part| !self.reads(part).iter().all(|read| self.is_single(*read))) {
                    return None;
                }
                let known = if matches!(seek, SeekKind::Equal(_)) { Known::Single } else { Known::Many };
                self.start(plan, *slot, known)
            }
            Operator::Expand { step, into: false } if self.is_new(step) => {
                self.learn(step, Known::Many);
                self.stages.push(Stage::Step { step });
                Some(())
            }
            Operator::Expand { step, into: true } if self.is_node(step.from) && self.is_single(step.to) => {
                self.known.push((step.relationship, Known::Closed));
                self.stages.push(Stage::Into { step });
                Some(())
            }
            Operator::ExpandIntersect { fixed, moving, count: None } => self.common(fixed, moving),
            Operator::OptionalExpand { step, predicate, .. } if self.is_new(step) => {
                let own = [step.to, step.relationship];
                let read = predicate.iter().flat_map(|part| self.reads(part));
                if !read.into_iter().all(|read| own.contains(&read) || self.known_of(read).is_none()) {
                    return None;
                }
                self.learn(step, Known::Closed);
                self.stages.push(Stage::Optional { plan, step });
                Some(())
            }
            Operator::ExpandVariable { .. } => self.walk(plan),
            Operator::Filter { predicate } => self.filter(plan, predicate),
            Operator::LabelFilter { slot, .. } => self.test(plan, None, vec![*slot]),
            Operator::SemiJoin { subquery, .. } => self.test(plan, None, (self.imports)(*subquery).to_vec()),
            _ => None,
        }
    }

    fn start(&mut self, plan: &'a PhysicalPlan, slot: Slot, known: Known) -> Option<()> {
        self.known.push((slot, known));
        self.stages.push(Stage::Start { plan, slot });
        Some(())
    }

    /// Says whether a step leads from a node that is known to one that is not.
    fn is_new(&self, step: &ExpandStep) -> bool {
        let is_unknown = |slot: Slot| self.known_of(slot).is_none();
        self.is_node(step.from) && is_unknown(step.to) && is_unknown(step.relationship) && step.to != step.from
    }

    fn learn(&mut self, step: &ExpandStep, end: Known) {
        let relationship = if end == Known::Closed { Known::Closed } else { Known::Relationship };
        self.known.extend([(step.to, end), (step.relationship, relationship)]);
    }

    fn common(&mut self, fixed: &'a ExpandStep, moving: &'a ExpandStep) -> Option<()> {
        if !self.is_single(fixed.from) || !self.is_single(moving.from) || self.known_of(fixed.to).is_some() {
            return None;
        }
        self.known.extend([
            (fixed.to, Known::Many),
            (fixed.relationship, Known::Closed),
            (moving.relationship, Known::Closed),
        ]);
        self.stages.push(Stage::Common { steps: [fixed, moving] });
        Some(())
    }

    fn walk(&mut self, plan: &'a PhysicalPlan) -> Option<()> {
        let Operator::ExpandVariable { step, into, min, max, predicate, mode, selector, distinct_ends, .. } =
            &plan.operator
        else {
            return None;
        };
        let is_plain = !into && predicate.is_none() && selector.is_none() && !distinct_ends;
        let is_directed = step.direction != StepDirection::Both;
        let is_short = *min <= 1 && max.is_none_or(|max| max >= 1);
        let is_marked = is_plain && is_directed && is_short && *mode == PathMode::Trail && self.is_new(step);
        if !is_marked || !self.is_single(step.from) {
            return None;
        }
        // Its ends may be tested, but nothing may lead on from them.
        self.known.extend([(step.to, Known::Closed), (step.relationship, Known::Closed)]);
        self.stages.push(Stage::Walk { step, min: *min, max: *max });
        Some(())
    }

    fn filter(&mut self, plan: &'a PhysicalPlan, predicate: &'a Expression) -> Option<()> {
        let parts = predicate.clone().conjuncts();
        let asked: Vec<Option<Slot>> =
            parts.iter().map(|part| self.asked_of(&self.reads(part))).collect::<Option<_>>()?;
        // What is asked of one element is asked together, as it stands.
        let mut elements: Vec<Option<Slot>> = asked.clone();
        elements.sort_unstable();
        elements.dedup();
        for element in &elements {
            let own = parts.iter().zip(&asked).filter(|(_, asked)| *asked == element).map(|(part, _)| part.clone());
            let own: Vec<Expression> = own.collect();
            let whole = match (&elements[..], &own[..]) {
                ([_], _) => predicate.clone(),
                (_, [only]) => only.clone(),
                _ => Expression::And(own),
            };
            let reads = self.reads(&whole);
            self.test(plan, Some(whole), reads)?;
        }
        Some(())
    }

    /// Returns the element that a test of these slots is one of: the only one of which there may be several. Nothing where it is of two.
    fn asked_of(&self, reads: &[Slot]) -> Option<Option<Slot>> {
        let of_many: Vec<Slot> = reads.iter().copied().filter(|slot| !self.is_single(*slot)).collect();
        match of_many.as_slice() {
            [] => Some(reads.iter().copied().find(|slot| self.known_of(*slot).is_some())),
            [only] => Some(Some(*only)),
            _ => None,
        }
    }

    fn test(&mut self, plan: &'a PhysicalPlan, predicate: Option<Expression>, reads: Vec<Slot>) -> Option<()> {
        // A node from outside is asked for its labels, or for what a subquery finds of it, like any other.
        let slot = self.asked_of(&reads)?.or_else(|| reads.first().copied().filter(|_| predicate.is_none()));
        let known = slot.and_then(|slot| self.known_of(slot));
        // Only the end of a walk may be tested, right after it.
        if known == Some(Known::Closed) && !self.is_last_walks_end(slot) {
            return None;
        }
        // A test that needs no predicate is put to the operator's own rows.
        if slot.is_none() && predicate.is_none() {
            return None;
        }
        let of_relationship = known == Some(Known::Relationship);
        // Relationships are looked at one by one where their step is followed.
        let last = self.stages.iter().rev().find(|stage| !matches!(stage, Stage::Test { .. }));
        if of_relationship && !matches!(last, Some(Stage::Step { step }) if Some(step.relationship) == slot) {
            return None;
        }
        let reads = reads.into_iter().filter(|read| Some(*read) != slot).collect();
        self.stages.push(Stage::Test { plan, predicate, slot, of_relationship, reads });
        Some(())
    }

    fn is_last_walks_end(&self, slot: Option<Slot>) -> bool {
        let last = self.stages.iter().rev().find(|stage| !matches!(stage, Stage::Test { .. }));
        matches!(last, Some(Stage::Walk { step, .. }) if Some(step.to) == slot)
    }

    fn reads(&self, expression: &Expression) -> Vec<Slot> {
        let mut read = expression.slots();
        read.extend(expression.subqueries().into_iter().flat_map(|id| (self.imports)(id)));
        read.sort_unstable();
        read.dedup();
        read
    }
}
