//! Lifts literals out of a statement, so that texts that differ only in what a property is compared with share a plan.
//!
//! ```text
//! MATCH (p:Park {id: 'x'}) WHERE p.area > 3 RETURN p.name + '!' LIMIT 5
//! MATCH (p:Park {id: $0 }) WHERE p.area > $1 RETURN p.name + '!' LIMIT 5        with 'x' and 3 put aside
//! ```
//!
//! Only literals that a property is compared with are lifted: in conditions of MATCH, WITH and FILTER and in the maps of matched
//! patterns, subqueries in them included. What stands in RETURN or WITH items names columns; SKIP, LIMIT, path lengths, list indexes and
//! arguments of functions shape the plan: all of that stays. A null stays too, since comparing with it is known beforehand.

use smol_str::SmolStr;

use super::ast::{
    CallSubquery, Clause, Expression, ExpressionKind, Literal, MapEntry, PathPattern, PatternElement, Query, Span,
    Statement, StatementBody, Subquery, SubqueryBody, UnaryOperator,
};

/// Begins the names of lifted literals. No text can name a parameter like this.
const MARK: char = '\u{1}';

/// What was lifted out of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifted {
    /// The text, with a mark in place of each literal.
    pub shape: String,
    /// The literals, by the names of the parameters that stand for them.
    pub literals: Vec<(SmolStr, Literal)>,
}

/// Puts parameters in place of the literals that a property is compared with; nothing if there are none.
pub fn lift_literals(statement: &mut Statement, text: &str) -> Option<Lifted> {
    let mut lifter = Lifter::default();
    if let StatementBody::Query(query) = &mut statement.body {
        lifter.query(query);
    }
    if lifter.found.is_empty() {
        return None;
    }
    let (mut shape, mut end) = (String::with_capacity(text.len()), 0);
    let mut places: Vec<(Span, &SmolStr)> = lifter.found.iter().map(|(span, name, _)| (*span, name)).collect();
    places.sort();
    for (span, name) in places {
        shape.push_str(text.get(end..span.start as usize)?);
        shape.push_str(name);
        end = span.end as usize;
    }
    shape.push_str(text.get(end..)?);
    Some(Lifted { shape, literals: lifter.found.into_iter().map(|(_, name, literal)| (name, literal)).collect() })
}

#[derive(Default)]
struct Lifter {
    found: Vec<(Span, SmolStr, Literal)>,
}

impl Lifter {
    fn query(&mut self, query: &mut Query) {
        let unions = query.unions.iter_mut().map(|union| &mut union.query);
        for single in std::iter::once(&mut query.first).chain(unions) {
            single.clauses.iter_mut().for_each(|clause| self.clause(clause));
        }
    }

    fn clause(&mut self, clause: &mut Clause) {
        match clause {
            Clause::Match(matched) => {
                matched.patterns.iter_mut().for_each(|path| self.path(path));
                matched.filter.iter_mut().for_each(|filter| self.condition(filter));
            }
            Clause::With(with) => with.filter.iter_mut().for_each(|filter| self.condition(filter)),
            Clause::Filter(filter) => self.condition(&mut filter.condition),
            Clause::CallSubquery(CallSubquery { query, .. }) => self.query(query),
            _ => {}
        }
    }

    fn path(&mut self, path: &mut PathPattern) {
        self.elements(&mut path.elements);
    }

    fn elements(&mut self, elements: &mut [PatternElement]) {
        for element in elements {
            let (properties, filter) = match element {
                PatternElement::Node(node) => (&mut node.properties, &mut node.filter),
                PatternElement::Relationship(step) => (&mut step.properties, &mut step.filter),
                PatternElement::Group(group) => {
                    self.elements(&mut group.elements);
                    group.filter.iter_mut().for_each(|filter| self.condition(filter));
                    continue;
                }
            };
            if let Some(ExpressionKind::Map(entries)) = properties.as_mut().map(|map| &mut map.kind) {
                entries.iter_mut().for_each(|MapEntry { value, .. }| self.lift(value));
            }
            filter.iter_mut().for_each(|filter| self.condition(filter));
        }
    }

    fn condition(&mut self, condition: &mut Expression) {
        match &mut condition.kind {
            ExpressionKind::Logical { operands, .. } => operands.iter_mut().for_each(|part| self.condition(part)),
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => self.condition(operand),
            ExpressionKind::Comparison { first, rest } => {
                if let ([(_, second)], true) = (&mut rest[..], is_property(first)) {
                    self.lift(second);
                } else if let [(_, second)] = &rest[..]
                    && is_property(second)
                {
                    self.lift(first);
                }
            }
            ExpressionKind::Subquery(subquery) => self.subquery(subquery),
            _ => {}
        }
    }

    fn subquery(&mut self, subquery: &mut Subquery) {
        match &mut subquery.body {
            SubqueryBody::Pattern { patterns, filter } => {
                patterns.iter_mut().for_each(|path| self.path(path));
                filter.iter_mut().for_each(|filter| self.condition(filter));
            }
            SubqueryBody::Query(query) => self.query(query),
        }
    }

    fn lift(&mut self, expression: &mut Expression) {
        let ExpressionKind::Literal(literal) = &expression.kind else { return };
        if *literal == Literal::Null {
            return;
        }
        let name = SmolStr::new(format!("{MARK}{}", self.found.len()));
        self.found.push((expression.span, name.clone(), literal.clone()));
        expression.kind = ExpressionKind::Parameter(name);
    }
}

fn is_property(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Property { .. })
}

#[cfg(test)]
mod tests {
    use super::super::parse_statement;
    use super::*;

    /// Returns the shape with `?` for each mark, and the literals in order.
    fn lifted(text: &str) -> Option<(String, Vec<Literal>)> {
        let mut statement = parse_statement(text).expect("the text is right");
        let lifted = lift_literals(&mut statement, text)?;
        let mut shape = lifted.shape;
        for place in 0..lifted.literals.len() {
            shape = shape.replace(&format!("{MARK}{place}"), "?");
        }
        Some((shape, lifted.literals.into_iter().map(|(_, literal)| literal).collect()))
    }

    fn shape(text: &str) -> String {
        lifted(text).map_or_else(|| "nothing".to_owned(), |(shape, _)| shape)
    }

    #[test]
    fn what_a_property_is_compared_with_is_lifted() {
        let (shape, literals) =
            lifted("MATCH (p:Park {id: 'x'}) WHERE p.area > -3 AND NOT 1.5 = p.b RETURN p.name").expect("there are");
        assert_eq!(shape, "MATCH (p:Park {id: ?}) WHERE p.area > ? AND NOT ? = p.b RETURN p.name");
        assert_eq!(literals, [Literal::String("x".into()), Literal::Integer(-3), Literal::Float(1.5)]);
        let inner =
            "MATCH (p) WHERE EXISTS { (p)-[r {a: 1}]->(q WHERE q.b = 2) WHERE q.c = 3 } WITH p WHERE p.d < 4 RETURN p";
        let expected =
            "MATCH (p) WHERE EXISTS { (p)-[r {a: ?}]->(q WHERE q.b = ?) WHERE q.c = ? } WITH p WHERE p.d < ? RETURN p";
        assert_eq!(self::shape(inner), expected);
    }

    #[test]
    fn what_shapes_the_plan_or_names_a_column_stays() {
        for text in [
            "MATCH (p) RETURN p.a = 1, 'x' AS x ORDER BY p.b > 2 SKIP 1 LIMIT 5",
            "MATCH (p)-[*1..3]->(q) WITH p.a = 1 AS b, 7 AS c RETURN b, c",
            "MATCH (p) WHERE p.list[0] = p.other AND left(p.name, 3) = 'abc' AND size(p.name) > 4 RETURN p",
            "MATCH (p) WHERE p.a = null AND p.b IN [1, 2] AND 1 < p.c < 5 AND p.d + 1 = 2 RETURN p",
            "CREATE (:Park {id: 1}) WITH 1 AS a MERGE (q:Park {id: 2}) SET q.b = 3",
        ] {
            assert_eq!(shape(text), "nothing", "{text}");
        }
    }
}
