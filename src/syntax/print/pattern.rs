//! Patterns and label expressions as text.

use super::Printer;
use crate::syntax::ast::{
    Direction, Expression, ExpressionKind, LabelExpression, LabelExpressionKind, NodePattern, PathGroup, PathMode,
    PathPattern, PathSelector, PatternElement, PatternQuantifier, RelationshipPattern, ShortestPathFunction,
    VariableLength,
};

impl Printer {
    /// Adds a path with its name and prefix.
    pub(super) fn path(&mut self, path: &PathPattern) {
        if let Some(variable) = &path.variable {
            self.variable(variable);
            self.put(" = ");
        }
        let groups = matches!(path.selector, Some(PathSelector::ShortestGroups(_)));
        if let Some(selector) = path.selector {
            self.put(&selector_words(selector));
        }
        self.mode(path.mode);
        self.put(if groups { "GROUPS " } else { "" });
        self.put(match path.function {
            Some(ShortestPathFunction::One) => "shortestPath(",
            Some(ShortestPathFunction::All) => "allShortestPaths(",
            None => "",
        });
        self.elements(&path.elements);
        self.put(if path.function.is_some() { ")" } else { "" });
    }

    fn mode(&mut self, mode: Option<PathMode>) {
        self.put(match mode {
            Some(PathMode::Walk) => "WALK ",
            Some(PathMode::Trail) => "TRAIL ",
            Some(PathMode::Acyclic) => "ACYCLIC ",
            Some(PathMode::Simple) => "SIMPLE ",
            None => "",
        });
    }

    fn elements(&mut self, elements: &[PatternElement]) {
        for element in elements {
            match element {
                PatternElement::Node(node) => self.node(node),
                PatternElement::Relationship(relationship) => self.relationship(relationship),
                PatternElement::Group(group) => self.group(group),
            }
        }
    }

    fn node(&mut self, node: &NodePattern) {
        self.put("(");
        let start = self.text.len();
        if let Some(variable) = &node.variable {
            self.variable(variable);
        }
        self.label_part(node.labels.as_ref());
        self.properties_and_filter(node.properties.as_deref(), node.filter.as_deref(), start);
        self.put(")");
    }

    fn label_part(&mut self, labels: Option<&LabelExpression>) {
        if let Some(labels) = labels {
            self.put(":");
            self.labels(labels);
        }
    }

    fn properties_and_filter(&mut self, properties: Option<&Expression>, filter: Option<&Expression>, start: usize) {
        if let Some(properties) = properties {
            self.put(if self.text.len() > start { " " } else { "" });
            match &properties.kind {
                ExpressionKind::Map(entries) => self.map(entries),
                _ => self.expression(properties),
            }
        }
        if let Some(filter) = filter {
            self.put(if self.text.len() > start { " WHERE " } else { "WHERE " });
            self.expression(filter);
        }
    }

    fn relationship(&mut self, relationship: &RelationshipPattern) {
        self.put(if relationship.direction == Direction::Left { "<-" } else { "-" });
        let open = self.text.len();
        self.put("[");
        let start = self.text.len();
        if let Some(variable) = &relationship.variable {
            self.variable(variable);
        }
        self.label_part(relationship.types.as_ref());
        if let Some(length) = &relationship.length {
            self.length(length);
        }
        self.properties_and_filter(relationship.properties.as_deref(), relationship.filter.as_deref(), start);
        match self.text.len() == start {
            true => self.text.truncate(open),
            false => self.put("]"),
        }
        self.put(if relationship.direction == Direction::Right { "->" } else { "-" });
        self.quantifier_of_pattern(relationship.quantifier.as_ref());
    }

    fn length(&mut self, length: &VariableLength) {
        self.put("*");
        let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
        match (length.minimum, length.maximum) {
            (None, None) => {}
            (Some(minimum), Some(maximum)) if minimum == maximum => self.put(&minimum.to_string()),
            (minimum, maximum) => self.put(&format!("{}..{}", number(minimum), number(maximum))),
        }
    }

    fn quantifier_of_pattern(&mut self, quantifier: Option<&PatternQuantifier>) {
        let Some(quantifier) = quantifier else { return };
        let text = match (quantifier.minimum, quantifier.maximum) {
            (1, None) => "+".to_owned(),
            (0, None) => "*".to_owned(),
            (minimum, None) => format!("{{{minimum},}}"),
            (minimum, Some(maximum)) if minimum == maximum => format!("{{{minimum}}}"),
            (minimum, Some(maximum)) => format!("{{{minimum},{maximum}}}"),
        };
        self.put(&text);
    }

    fn group(&mut self, group: &PathGroup) {
        self.put("(");
        if let Some(variable) = &group.variable {
            self.variable(variable);
            self.put(" = ");
        }
        self.mode(group.mode);
        self.elements(&group.elements);
        if let Some(filter) = &group.filter {
            self.put(" WHERE ");
            self.expression(filter);
        }
        self.put(")");
        self.quantifier_of_pattern(group.quantifier.as_ref());
    }

    /// Adds a label expression.
    pub(super) fn labels(&mut self, labels: &LabelExpression) {
        match &labels.kind {
            LabelExpressionKind::Name(name) => self.schema_name(name),
            LabelExpressionKind::Wildcard => self.put("%"),
            LabelExpressionKind::Not(inner) => {
                self.put("!");
                self.label_operand(inner, true);
            }
            LabelExpressionKind::And(operands) => {
                self.list(operands, "&", |printer, operand| printer.label_operand(operand, true));
            }
            LabelExpressionKind::Or(operands) => {
                self.list(operands, "|", |printer, operand| printer.label_operand(operand, false));
            }
        }
    }

    /// Adds an operand; in brackets if it is a list of alternatives, or of what an AND would take in.
    fn label_operand(&mut self, operand: &LabelExpression, tight: bool) {
        let bracketed = match operand.kind {
            LabelExpressionKind::Or(_) => true,
            LabelExpressionKind::And(_) => tight,
            _ => false,
        };
        self.put(if bracketed { "(" } else { "" });
        self.labels(operand);
        self.put(if bracketed { ")" } else { "" });
    }
}

fn selector_words(selector: PathSelector) -> String {
    match selector {
        PathSelector::All => "ALL ".to_owned(),
        PathSelector::Any(1) => "ANY ".to_owned(),
        PathSelector::Any(count) => format!("ANY {count} "),
        PathSelector::AnyShortest => "ANY SHORTEST ".to_owned(),
        PathSelector::AllShortest => "ALL SHORTEST ".to_owned(),
        PathSelector::Shortest(count) | PathSelector::ShortestGroups(count) => format!("SHORTEST {count} "),
    }
}
