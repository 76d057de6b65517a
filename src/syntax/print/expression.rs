//! Expressions as text, with brackets only where the table of precedence asks for them.

use super::Printer;
use crate::syntax::ast::{
    ArithmeticOperator, Case, ComparisonOperator, Expression, ExpressionKind, LabelExpressionKind, ListComprehension,
    ListQuantifier, Literal, LogicalOperator, MapEntry, MapProjectionItem, PatternComprehension, QuantifierKind,
    Reduce, StringOperator, Subquery, SubqueryBody, SubqueryKind, UnaryOperator,
};
use crate::syntax::precedence::{BinaryOperator, Level};

impl Printer {
    /// Adds an expression.
    pub(super) fn expression(&mut self, expression: &Expression) {
        self.within(expression, Level::Or);
    }

    /// Adds an expression, in brackets if its operators bind less than `minimum`.
    fn within(&mut self, expression: &Expression, minimum: Level) {
        if level(expression) >= minimum {
            self.bare(expression);
            return;
        }
        self.put("(");
        self.bare(expression);
        self.put(")");
    }

    /// Adds an expression without brackets around it.
    fn bare(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Logical { operator, operands } => {
                let word = logical_word(*operator);
                let minimum = level(expression).tighter();
                self.list(operands, word, |printer, operand| printer.within(operand, minimum));
            }
            ExpressionKind::Comparison { first, rest } => {
                self.within(first, Level::Predicate);
                for (operator, operand) in rest {
                    self.put(comparison_word(*operator));
                    self.within(operand, Level::Predicate);
                }
            }
            ExpressionKind::Arithmetic { first, rest } => {
                let minimum = level(expression).tighter();
                self.within(first, minimum);
                for (operator, operand) in rest {
                    self.put(arithmetic_word(*operator));
                    self.within(operand, minimum);
                }
            }
            ExpressionKind::Unary { operator, operand } => self.unary(*operator, operand),
            ExpressionKind::StringPredicate { operator, left, right } => {
                self.within(left, Level::Predicate);
                self.put(string_word(*operator));
                self.within(right, Level::Additive);
            }
            ExpressionKind::In { element, list } => {
                self.within(element, Level::Predicate);
                self.put(" IN ");
                self.within(list, Level::Additive);
            }
            ExpressionKind::IsNull { operand, negated } => {
                self.within(operand, Level::Predicate);
                self.put(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            ExpressionKind::IsTyped { operand, value_type, negated } => {
                self.within(operand, Level::Predicate);
                self.put(if *negated { " IS NOT :: " } else { " IS :: " });
                self.single_type(value_type);
            }
            _ => self.operand(expression),
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expression) {
        let is_number = matches!(operand.kind, ExpressionKind::Literal(Literal::Integer(_) | Literal::Float(_)));
        match operator {
            UnaryOperator::Not => {
                self.put("NOT ");
                self.within(operand, Level::Not);
            }
            // A minus before a bare number would become part of it; two in a row must not run together.
            UnaryOperator::Minus if is_number && level(operand) == Level::Operand => {
                self.put("-(");
                self.bare(operand);
                self.put(")");
            }
            UnaryOperator::Minus | UnaryOperator::Plus => {
                self.put(if operator == UnaryOperator::Minus { "-" } else { "+" });
                if level(operand) == Level::Sign {
                    self.put(" ");
                }
                self.within(operand, Level::Sign);
            }
        }
    }

    /// Adds what no operator stands in.
    fn operand(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Literal(literal) => self.literal(literal),
            ExpressionKind::Variable(name) => {
                let quoted = super::quote_name(name);
                self.put(&quoted);
            }
            ExpressionKind::Parameter(name) => self.parameter(name),
            ExpressionKind::List(elements) => self.list_literal(elements),
            ExpressionKind::Map(entries) => self.map(entries),
            ExpressionKind::Property { of, key } => {
                self.base(of);
                self.put(".");
                self.schema_name(key);
            }
            ExpressionKind::Index { of, index } => {
                self.base(of);
                self.put("[");
                self.expression(index);
                self.put("]");
            }
            ExpressionKind::Slice { of, from, to } => self.slice(of, from.as_deref(), to.as_deref()),
            ExpressionKind::HasLabels { operand, labels, negated } => {
                match negated {
                    false => self.base(operand),
                    true => self.within(operand, Level::Predicate),
                }
                self.put(if *negated { " IS NOT LABELED " } else { ":" });
                // A bare bar would end the test within a comprehension.
                let bracketed = matches!(labels.kind, LabelExpressionKind::Or(_));
                self.put(if bracketed { "(" } else { "" });
                self.labels(labels);
                self.put(if bracketed { ")" } else { "" });
            }
            ExpressionKind::FunctionCall { name, distinct, arguments } => {
                self.function_name(name);
                self.put(if *distinct { "(DISTINCT " } else { "(" });
                self.list(arguments, ", ", Printer::expression);
                self.put(")");
            }
            ExpressionKind::CountStar => self.put("count(*)"),
            ExpressionKind::Cast { operand, value_type } => {
                self.put("CAST(");
                self.expression(operand);
                self.put(" AS ");
                self.value_type(value_type);
                self.put(")");
            }
            ExpressionKind::Pattern(path) => self.path(path),
            _ => self.construct(expression),
        }
    }

    /// Adds an expression with words of its own.
    fn construct(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Case(case) => self.case(case),
            ExpressionKind::ListComprehension(comprehension) => self.list_comprehension(comprehension),
            ExpressionKind::PatternComprehension(comprehension) => self.pattern_comprehension(comprehension),
            ExpressionKind::Quantifier(quantifier) => self.quantifier(quantifier),
            ExpressionKind::Reduce(reduce) => self.reduce(reduce),
            ExpressionKind::Subquery(subquery) => self.subquery(subquery),
            ExpressionKind::MapProjection { of, items } => {
                self.variable(of);
                self.put(" {");
                self.list(items, ", ", Printer::map_projection_item);
                self.put("}");
            }
            _ => {}
        }
    }

    /// Adds what a lookup follows: numbers need brackets, or their point would be a decimal one.
    fn base(&mut self, expression: &Expression) {
        let is_number = matches!(expression.kind, ExpressionKind::Literal(Literal::Integer(_) | Literal::Float(_)));
        match is_number {
            true => {
                self.put("(");
                self.bare(expression);
                self.put(")");
            }
            false => self.within(expression, Level::Operand),
        }
    }

    fn slice(&mut self, of: &Expression, from: Option<&Expression>, to: Option<&Expression>) {
        self.base(of);
        self.put("[");
        if let Some(from) = from {
            self.expression(from);
        }
        self.put("..");
        if let Some(to) = to {
            self.expression(to);
        }
        self.put("]");
    }

    fn list_literal(&mut self, elements: &[Expression]) {
        self.put("[");
        match elements {
            // Alone between the brackets, `x IN list` would be a comprehension.
            [only] if begins_like_comprehension(only) => {
                self.put("(");
                self.bare(only);
                self.put(")");
            }
            _ => self.list(elements, ", ", Printer::expression),
        }
        self.put("]");
    }

    /// Adds `{key: value, …}`.
    pub(super) fn map(&mut self, entries: &[MapEntry]) {
        self.put("{");
        self.list(entries, ", ", Printer::map_entry);
        self.put("}");
    }

    fn map_entry(&mut self, entry: &MapEntry) {
        self.schema_name(&entry.key);
        self.put(": ");
        self.expression(&entry.value);
    }

    fn map_projection_item(&mut self, item: &MapProjectionItem) {
        match item {
            MapProjectionItem::AllProperties(_) => self.put(".*"),
            MapProjectionItem::Property(key) => {
                self.put(".");
                self.schema_name(key);
            }
            MapProjectionItem::Entry(entry) => self.map_entry(entry),
            MapProjectionItem::Variable(variable) => self.variable(variable),
        }
    }

    fn case(&mut self, case: &Case) {
        self.put("CASE");
        if let Some(operand) = &case.operand {
            self.put(" ");
            self.expression(operand);
        }
        for branch in &case.branches {
            self.put(" WHEN ");
            self.expression(&branch.when);
            self.put(" THEN ");
            self.expression(&branch.then);
        }
        if let Some(otherwise) = &case.otherwise {
            self.put(" ELSE ");
            self.expression(otherwise);
        }
        self.put(" END");
    }

    fn list_comprehension(&mut self, comprehension: &ListComprehension) {
        self.put("[");
        self.variable(&comprehension.variable);
        self.put(" IN ");
        self.expression(&comprehension.list);
        self.filter_and_map(comprehension.filter.as_ref(), comprehension.map.as_ref());
    }

    fn pattern_comprehension(&mut self, comprehension: &PatternComprehension) {
        self.put("[");
        self.path(&comprehension.pattern);
        self.filter_and_map(comprehension.filter.as_ref(), Some(&comprehension.map));
    }

    fn filter_and_map(&mut self, filter: Option<&Expression>, map: Option<&Expression>) {
        if let Some(filter) = filter {
            self.put(" WHERE ");
            self.expression(filter);
        }
        if let Some(map) = map {
            self.put(" | ");
            self.expression(map);
        }
        self.put("]");
    }

    fn quantifier(&mut self, quantifier: &ListQuantifier) {
        self.put(match quantifier.kind {
            QuantifierKind::All => "all(",
            QuantifierKind::Any => "any(",
            QuantifierKind::None => "none(",
            QuantifierKind::Single => "single(",
        });
        self.variable(&quantifier.variable);
        self.put(" IN ");
        self.expression(&quantifier.list);
        self.put(" WHERE ");
        self.expression(&quantifier.filter);
        self.put(")");
    }

    fn reduce(&mut self, reduce: &Reduce) {
        self.put("reduce(");
        self.variable(&reduce.accumulator);
        self.put(" = ");
        self.expression(&reduce.initial);
        self.put(", ");
        self.variable(&reduce.variable);
        self.put(" IN ");
        self.expression(&reduce.list);
        self.put(" | ");
        self.expression(&reduce.step);
        self.put(")");
    }

    fn subquery(&mut self, subquery: &Subquery) {
        self.put(match subquery.kind {
            SubqueryKind::Exists => "EXISTS { ",
            SubqueryKind::Count => "COUNT { ",
            SubqueryKind::Collect => "COLLECT { ",
        });
        match &subquery.body {
            SubqueryBody::Query(query) => self.query(query),
            SubqueryBody::Pattern { patterns, filter } => {
                self.list(patterns, ", ", Printer::path);
                self.filter(filter.as_ref());
            }
        }
        self.put(" }");
    }
}

/// Returns how tight the operator at an expression's root binds.
fn level(expression: &Expression) -> Level {
    match &expression.kind {
        ExpressionKind::Logical { operator, .. } => BinaryOperator::Logical(*operator).level(),
        ExpressionKind::Unary { operator: UnaryOperator::Not, .. } => Level::Not,
        ExpressionKind::Comparison { .. } => Level::Comparison,
        ExpressionKind::StringPredicate { .. }
        | ExpressionKind::In { .. }
        | ExpressionKind::IsNull { .. }
        | ExpressionKind::IsTyped { .. } => Level::Predicate,
        ExpressionKind::HasLabels { negated: true, .. } => Level::Predicate,
        ExpressionKind::Arithmetic { rest, .. } => {
            rest.first().map_or(Level::Operand, |(operator, _)| BinaryOperator::Arithmetic(*operator).level())
        }
        ExpressionKind::Unary { .. } => Level::Sign,
        ExpressionKind::Literal(Literal::Integer(value)) if *value < 0 => Level::Sign,
        ExpressionKind::Literal(Literal::Float(value)) if value.is_sign_negative() => Level::Sign,
        _ => Level::Operand,
    }
}

/// Tells whether an expression's text begins with `variable IN`.
fn begins_like_comprehension(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Logical { operands, .. } => operands.first().is_some_and(begins_like_comprehension),
        ExpressionKind::Comparison { first, .. } => begins_like_comprehension(first),
        ExpressionKind::StringPredicate { left, .. } => begins_like_comprehension(left),
        ExpressionKind::IsNull { operand, .. } | ExpressionKind::IsTyped { operand, .. } => {
            begins_like_comprehension(operand)
        }
        ExpressionKind::HasLabels { operand, negated: true, .. } => begins_like_comprehension(operand),
        ExpressionKind::In { element, .. } => {
            matches!(element.kind, ExpressionKind::Variable(_)) || begins_like_comprehension(element)
        }
        _ => false,
    }
}

fn logical_word(operator: LogicalOperator) -> &'static str {
    match operator {
        LogicalOperator::Or => " OR ",
        LogicalOperator::Xor => " XOR ",
        LogicalOperator::And => " AND ",
    }
}

fn comparison_word(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::Equal => " = ",
        ComparisonOperator::NotEqual => " <> ",
        ComparisonOperator::Less => " < ",
        ComparisonOperator::LessOrEqual => " <= ",
        ComparisonOperator::Greater => " > ",
        ComparisonOperator::GreaterOrEqual => " >= ",
    }
}

fn arithmetic_word(operator: ArithmeticOperator) -> &'static str {
    match operator {
        ArithmeticOperator::Add => " + ",
        ArithmeticOperator::Subtract => " - ",
        ArithmeticOperator::Multiply => " * ",
        ArithmeticOperator::Divide => " / ",
        ArithmeticOperator::Modulo => " % ",
        ArithmeticOperator::Power => " ^ ",
        ArithmeticOperator::Concatenate => " || ",
    }
}

fn string_word(operator: StringOperator) -> &'static str {
    match operator {
        StringOperator::StartsWith => " STARTS WITH ",
        StringOperator::EndsWith => " ENDS WITH ",
        StringOperator::Contains => " CONTAINS ",
        StringOperator::Matches => " =~ ",
    }
}
