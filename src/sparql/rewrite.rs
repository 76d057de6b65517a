//! A query's algebra, made to say what the evaluator leaves out: paths of no step from terms that are not in the graph, and texts joined out of
//! what is no text.
//!
//! A path that may have no step relates every term of the query to itself, in the graph or not (SPARQL 1.1 Query Language, section 18.4). The
//! evaluator looks for such terms in the graph alone, so that what it misses is added as a branch of its own.

use oxrdf::{NamedNode, Term as LibraryTerm, Variable};
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, GraphPattern, OrderExpression, PropertyPathExpression,
};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};

use crate::rdf::library::term_from_library;
use crate::rdf::{Code, View};

/// A query as the evaluator is to read it.
pub(super) struct Rewritten {
    /// The query.
    pub(super) query: Query,
    /// What stands between the texts that each [`join_name`] joins.
    pub(super) separators: Vec<String>,
    /// The predicates that its patterns and paths name, in order.
    pub(super) predicates: Vec<NamedNode>,
    /// The classes that its patterns name, in order.
    pub(super) classes: Vec<NamedNode>,
}

/// Returns the name of the function that joins texts with the separator at a place.
pub(super) fn join_name(place: usize) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:yuanpu:joined:{place}"))
}

/// Returns a query as the evaluator is to read it, over a graph.
pub(super) fn rewritten(query: &Query, view: &View) -> Rewritten {
    let mut query = query.clone();
    let mut rewriter =
        Rewriter { view, separators: Vec::new(), predicates: Vec::new(), classes: Vec::new(), in_graph: false };
    match &mut query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => rewriter.pattern(pattern),
    }
    let Rewriter { separators, predicates, classes, .. } = rewriter;
    Rewritten { query, separators, predicates, classes }
}

struct Rewriter<'v> {
    view: &'v View,
    separators: Vec<String>,
    predicates: Vec<NamedNode>,
    classes: Vec<NamedNode>,
    /// Whether the pattern at hand is asked of a named graph.
    in_graph: bool,
}

impl Rewriter<'_> {
    fn pattern(&mut self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Values { .. } => {}
            GraphPattern::Bgp { patterns } => patterns.iter().for_each(|triple| self.meet(triple)),
            GraphPattern::Path { subject, path, object } => {
                self.meet_path(path);
                let no_step = if can_be_empty(path) { self.no_step(subject, object) } else { None };
                if let Some(no_step) = no_step {
                    let left = Box::new(std::mem::take(pattern));
                    *pattern = GraphPattern::Union { left, right: Box::new(no_step) };
                }
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left);
                self.pattern(right);
                expression.iter_mut().for_each(|expression| self.expression(expression));
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr);
                self.pattern(inner);
            }
            GraphPattern::Graph { inner, .. } => {
                let outside = std::mem::replace(&mut self.in_graph, true);
                self.pattern(inner);
                self.in_graph = outside;
            }
            GraphPattern::Extend { inner, expression, .. } => {
                self.expression(expression);
                self.pattern(inner);
            }
            GraphPattern::OrderBy { inner, expression } => {
                for OrderExpression::Asc(key) | OrderExpression::Desc(key) in expression {
                    self.expression(key);
                }
                self.pattern(inner);
            }
            GraphPattern::Group { inner, aggregates, .. } => {
                aggregates.iter_mut().for_each(|(_, aggregate)| self.aggregate(aggregate));
                self.pattern(inner);
            }
            GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Service { inner, .. } => self.pattern(inner),
        }
    }

    fn meet(&mut self, triple: &TriplePattern) {
        if let NamedNodePattern::NamedNode(predicate) = &triple.predicate {
            meet(&mut self.predicates, predicate);
            if let (crate::rdf::TYPE, TermPattern::NamedNode(class)) = (predicate.as_str(), &triple.object) {
                meet(&mut self.classes, class);
            }
        }
        for part in [&triple.subject, &triple.object] {
            if let TermPattern::Triple(inner) = part {
                self.meet(inner);
            }
        }
    }

    fn meet_path(&mut self, path: &PropertyPathExpression) {
        match path {
            PropertyPathExpression::NamedNode(predicate) => meet(&mut self.predicates, predicate),
            PropertyPathExpression::NegatedPropertySet(predicates) => {
                predicates.iter().for_each(|predicate| meet(&mut self.predicates, predicate));
            }
            PropertyPathExpression::Reverse(inner)
            | PropertyPathExpression::ZeroOrMore(inner)
            | PropertyPathExpression::OneOrMore(inner)
            | PropertyPathExpression::ZeroOrOne(inner) => self.meet_path(inner),
            PropertyPathExpression::Sequence(lhs, rhs) | PropertyPathExpression::Alternative(lhs, rhs) => {
                self.meet_path(lhs);
                self.meet_path(rhs);
            }
        }
    }

    /// The evaluator joins nothing but texts, and keeps their language; the standard joins the text of each term.
    fn aggregate(&mut self, aggregate: &mut AggregateExpression) {
        let AggregateExpression::FunctionCall { name, expr, .. } = aggregate else { return };
        self.expression(expr);
        if let AggregateFunction::GroupConcat { separator } = name {
            let separator = separator.take().unwrap_or_else(|| " ".to_owned());
            *name = AggregateFunction::Custom(join_name(self.separators.len()));
            self.separators.push(separator);
        }
    }

    fn expression(&mut self, expression: &mut Expression) {
        match expression {
            Expression::NamedNode(_) | Expression::Literal(_) | Expression::Variable(_) | Expression::Bound(_) => {}
            Expression::Or(lhs, rhs)
            | Expression::And(lhs, rhs)
            | Expression::Equal(lhs, rhs)
            | Expression::SameTerm(lhs, rhs)
            | Expression::Greater(lhs, rhs)
            | Expression::GreaterOrEqual(lhs, rhs)
            | Expression::Less(lhs, rhs)
            | Expression::LessOrEqual(lhs, rhs)
            | Expression::Add(lhs, rhs)
            | Expression::Subtract(lhs, rhs)
            | Expression::Multiply(lhs, rhs)
            | Expression::Divide(lhs, rhs) => {
                self.expression(lhs);
                self.expression(rhs);
            }
            Expression::UnaryPlus(inner) | Expression::UnaryMinus(inner) | Expression::Not(inner) => {
                self.expression(inner);
            }
            Expression::If(condition, then, otherwise) => {
                [condition, then, otherwise].into_iter().for_each(|part| self.expression(part));
            }
            Expression::In(inner, list) => {
                self.expression(inner);
                list.iter_mut().for_each(|item| self.expression(item));
            }
            Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
                list.iter_mut().for_each(|item| self.expression(item));
            }
            Expression::Exists(pattern) => self.pattern(pattern),
        }
    }

    /// Returns the solution of a path of no step that the evaluator misses: of a term of the query that is not in the graph asked.
    fn no_step(&self, subject: &TermPattern, object: &TermPattern) -> Option<GraphPattern> {
        let (constant, variable) = match (subject, object) {
            (TermPattern::Variable(variable), constant) | (constant, TermPattern::Variable(variable)) => {
                (constant, Some(variable))
            }
            (lhs, rhs) if lhs == rhs => (lhs, None),
            _ => return None,
        };
        let (ground, term): (GroundTerm, LibraryTerm) = match constant {
            TermPattern::NamedNode(node) => (node.clone().into(), node.clone().into()),
            TermPattern::Literal(literal) => (literal.clone().into(), literal.clone().into()),
            TermPattern::Variable(_) | TermPattern::BlankNode(_) | TermPattern::Triple(_) => return None,
        };
        // The one solution without a variable; of `GRAPH ?g`, one for each graph.
        let mut solution = GraphPattern::Bgp { patterns: Vec::new() };
        if let Some(variable) = variable {
            let bindings = vec![vec![Some(ground)]];
            let values = GraphPattern::Values { variables: vec![variable.clone()], bindings };
            solution = GraphPattern::Join { left: Box::new(solution), right: Box::new(values) };
        }
        match self.view.code(term_from_library(&term)) {
            Code::Other(_) => Some(solution),
            Code::Term(_) | Code::Literal(_) => Some(where_not_in_graph(constant, solution)),
            _ if self.in_graph => Some(where_not_in_graph(constant, solution)),
            _ => None,
        }
    }
}

fn meet(met: &mut Vec<NamedNode>, node: &NamedNode) {
    if !met.contains(node) {
        met.push(node.clone());
    }
}

/// Says whether a path may have no step. A sequence joins its parts over a node of the graph, and so has one.
fn can_be_empty(path: &PropertyPathExpression) -> bool {
    match path {
        PropertyPathExpression::ZeroOrMore(_) | PropertyPathExpression::ZeroOrOne(_) => true,
        PropertyPathExpression::OneOrMore(inner) | PropertyPathExpression::Reverse(inner) => can_be_empty(inner),
        PropertyPathExpression::Alternative(lhs, rhs) => can_be_empty(lhs) || can_be_empty(rhs),
        PropertyPathExpression::NamedNode(_)
        | PropertyPathExpression::Sequence(..)
        | PropertyPathExpression::NegatedPropertySet(_) => false,
    }
}

/// Keeps solutions where a term is neither subject nor object.
fn where_not_in_graph(term: &TermPattern, solution: GraphPattern) -> GraphPattern {
    // No text of a query can name these variables.
    let [other, predicate] = ["no step: other", "no step: predicate"].map(Variable::new_unchecked);
    let is_nowhere = |subject: TermPattern, object: TermPattern| {
        let predicate = NamedNodePattern::Variable(predicate.clone());
        let patterns = vec![TriplePattern { subject, predicate, object }];
        Expression::Not(Box::new(Expression::Exists(Box::new(GraphPattern::Bgp { patterns }))))
    };
    let other = TermPattern::Variable(other);
    let no_subject = is_nowhere(term.clone(), other.clone());
    let no_object = is_nowhere(other, term.clone());
    let expr = Expression::And(Box::new(no_subject), Box::new(no_object));
    GraphPattern::Filter { expr, inner: Box::new(solution) }
}
