//! Clauses as text.

use super::Printer;
use crate::syntax::ast::{
    CallProcedure, CallSubquery, Clause, Create, Delete, Expression, For, Foreach, Imports, InTransactions, Let,
    LoadCsv, Match, Merge, MergeEvent, Name, NullOrder, OnError, Projection, ProjectionItem, RemoveItem,
    RemoveItemKind, SetItem, SetItemKind, SortItem, Unwind, With, Yield, YieldForm, YieldItem,
};

impl Printer {
    /// Adds a clause.
    pub(super) fn clause(&mut self, clause: &Clause) {
        match clause {
            Clause::Match(clause) => self.match_clause(clause),
            Clause::Unwind(clause) => self.unwind(clause),
            Clause::For(clause) => self.for_clause(clause),
            Clause::Let(clause) => self.let_clause(clause),
            Clause::Filter(clause) => {
                self.put("FILTER ");
                self.expression(&clause.condition);
            }
            Clause::With(clause) => self.with(clause),
            Clause::Return(clause) => {
                self.put("RETURN ");
                self.projection(&clause.projection);
            }
            Clause::Finish(_) => self.put("FINISH"),
            Clause::Create(clause) => self.create(clause),
            Clause::Merge(clause) => self.merge(clause),
            Clause::Set(clause) => self.set(&clause.items),
            Clause::Remove(clause) => {
                self.put("REMOVE ");
                self.list(&clause.items, ", ", Printer::remove_item);
            }
            Clause::Delete(clause) => self.delete(clause),
            Clause::Foreach(clause) => self.foreach(clause),
            Clause::CallProcedure(clause) => self.call_procedure(clause),
            Clause::CallSubquery(clause) => self.call_subquery(clause),
            Clause::LoadCsv(clause) => self.load_csv(clause),
        }
    }

    /// Adds ` WHERE …`, if there is a condition.
    pub(super) fn filter(&mut self, filter: Option<&Expression>) {
        if let Some(filter) = filter {
            self.put(" WHERE ");
            self.expression(filter);
        }
    }

    fn match_clause(&mut self, clause: &Match) {
        self.put(if clause.optional { "OPTIONAL MATCH " } else { "MATCH " });
        self.list(&clause.patterns, ", ", Printer::path);
        self.filter(clause.filter.as_ref());
    }

    fn unwind(&mut self, clause: &Unwind) {
        self.put("UNWIND ");
        self.expression(&clause.list);
        self.put(" AS ");
        self.variable(&clause.variable);
    }

    fn for_clause(&mut self, clause: &For) {
        self.put("FOR ");
        self.variable(&clause.variable);
        self.put(" IN ");
        self.expression(&clause.list);
        if let Some(position) = &clause.position {
            self.put(if position.first == 0 { " WITH OFFSET " } else { " WITH ORDINALITY " });
            self.variable(&position.variable);
        }
    }

    fn let_clause(&mut self, clause: &Let) {
        self.put("LET ");
        self.list(&clause.bindings, ", ", |printer, binding| {
            printer.variable(&binding.variable);
            printer.put(" = ");
            printer.expression(&binding.value);
        });
    }

    fn with(&mut self, clause: &With) {
        self.put("WITH ");
        self.projection(&clause.projection);
        self.filter(clause.filter.as_ref());
    }

    fn projection(&mut self, projection: &Projection) {
        self.put(if projection.distinct { "DISTINCT " } else { "" });
        if projection.star {
            self.put(if projection.items.is_empty() { "*" } else { "*, " });
        }
        self.list(&projection.items, ", ", Printer::projection_item);
        self.row_bounds(&projection.order, projection.skip.as_ref(), projection.limit.as_ref());
    }

    /// Adds ` ORDER BY … SKIP … LIMIT …`.
    pub(super) fn row_bounds(&mut self, order: &[SortItem], skip: Option<&Expression>, limit: Option<&Expression>) {
        if !order.is_empty() {
            self.put(" ORDER BY ");
            self.list(order, ", ", Printer::sort_item);
        }
        for (word, count) in [(" SKIP ", skip), (" LIMIT ", limit)] {
            if let Some(count) = count {
                self.put(word);
                self.expression(count);
            }
        }
    }

    fn projection_item(&mut self, item: &ProjectionItem) {
        match &item.alias {
            None if self.keep_columns && !item.text.is_empty() => self.put(&item.text),
            None => self.expression(&item.expression),
            Some(alias) => {
                self.expression(&item.expression);
                self.put(" AS ");
                self.variable(alias);
            }
        }
    }

    fn sort_item(&mut self, item: &SortItem) {
        self.expression(&item.expression);
        self.put(if item.descending { " DESC" } else { "" });
        self.put(match item.nulls {
            Some(NullOrder::First) => " NULLS FIRST",
            Some(NullOrder::Last) => " NULLS LAST",
            None => "",
        });
    }

    fn create(&mut self, clause: &Create) {
        self.put(if clause.insert { "INSERT " } else { "CREATE " });
        self.list(&clause.patterns, ", ", Printer::path);
    }

    fn merge(&mut self, clause: &Merge) {
        self.put("MERGE ");
        self.path(&clause.pattern);
        for action in &clause.actions {
            self.put(match action.event {
                MergeEvent::Create => " ON CREATE ",
                MergeEvent::Match => " ON MATCH ",
            });
            self.set(&action.items);
        }
    }

    fn set(&mut self, items: &[SetItem]) {
        self.put("SET ");
        self.list(items, ", ", Printer::set_item);
    }

    fn set_item(&mut self, item: &SetItem) {
        match &item.kind {
            SetItemKind::Property { of, key, value } => {
                self.target(of, key);
                self.put(" = ");
                self.expression(value);
            }
            SetItemKind::Replace { variable, value } => {
                self.variable(variable);
                self.put(" = ");
                self.expression(value);
            }
            SetItemKind::Add { variable, value } => {
                self.variable(variable);
                self.put(" += ");
                self.expression(value);
            }
            SetItemKind::Labels { variable, labels } => self.label_names(variable, labels),
        }
    }

    fn remove_item(&mut self, item: &RemoveItem) {
        match &item.kind {
            RemoveItemKind::Property { of, key } => self.target(of, key),
            RemoveItemKind::Labels { variable, labels } => self.label_names(variable, labels),
        }
    }

    /// Adds `element.key`; only a name, a parameter, a call or a lookup in one stands without brackets.
    fn target(&mut self, of: &Expression, key: &Name) {
        let bare = stands_as_target(of);
        self.put(if bare { "" } else { "(" });
        self.expression(of);
        self.put(if bare { "." } else { ")." });
        self.schema_name(key);
    }

    fn label_names(&mut self, variable: &Name, labels: &[Name]) {
        self.variable(variable);
        for label in labels {
            self.put(":");
            self.schema_name(label);
        }
    }

    fn delete(&mut self, clause: &Delete) {
        self.put(if clause.detach { "DETACH DELETE " } else { "DELETE " });
        self.list(&clause.expressions, ", ", Printer::expression);
    }

    fn foreach(&mut self, clause: &Foreach) {
        self.put("FOREACH (");
        self.variable(&clause.variable);
        self.put(" IN ");
        self.expression(&clause.list);
        self.put(" | ");
        self.list(&clause.clauses, " ", Printer::clause);
        self.put(")");
    }

    fn call_procedure(&mut self, clause: &CallProcedure) {
        self.put(if clause.optional { "OPTIONAL CALL " } else { "CALL " });
        self.qualified_name(&clause.name);
        if let Some(arguments) = &clause.arguments {
            self.put("(");
            self.list(arguments, ", ", Printer::expression);
            self.put(")");
        }
        if let Some(yields) = &clause.yields {
            self.put(" ");
            self.yields(yields);
        }
    }

    /// Adds `YIELD …`.
    pub(super) fn yields(&mut self, yields: &Yield) {
        self.put("YIELD ");
        match &yields.form {
            YieldForm::All => self.put("*"),
            YieldForm::Nothing => self.put("-"),
            YieldForm::Items(items) => self.list(items, ", ", Printer::yield_item),
        }
        self.filter(yields.filter.as_ref());
    }

    fn yield_item(&mut self, item: &YieldItem) {
        self.schema_name(&item.field);
        if let Some(variable) = &item.variable {
            self.put(" AS ");
            self.variable(variable);
        }
    }

    fn call_subquery(&mut self, clause: &CallSubquery) {
        self.put(if clause.optional { "OPTIONAL CALL " } else { "CALL " });
        match &clause.imports {
            None => {}
            Some(Imports::All) => self.put("(*) "),
            Some(Imports::Variables(variables)) => {
                self.put("(");
                self.list(variables, ", ", Printer::variable);
                self.put(") ");
            }
        }
        self.put("{ ");
        self.query(&clause.query);
        self.put(" }");
        if let Some(transactions) = &clause.transactions {
            self.in_transactions(transactions);
        }
    }

    fn in_transactions(&mut self, transactions: &InTransactions) {
        self.put(" IN ");
        if let Some(concurrency) = &transactions.concurrency {
            self.expression(concurrency);
            self.put(" ");
        }
        self.put(if transactions.concurrent { "CONCURRENT TRANSACTIONS" } else { "TRANSACTIONS" });
        if let Some(size) = &transactions.batch_size {
            self.put(" OF ");
            self.expression(size);
            self.put(" ROWS");
        }
        self.put(match transactions.on_error {
            Some(OnError::Continue) => " ON ERROR CONTINUE",
            Some(OnError::Break) => " ON ERROR BREAK",
            Some(OnError::Fail) => " ON ERROR FAIL",
            None => "",
        });
        if let Some(report) = &transactions.report {
            self.put(" REPORT STATUS AS ");
            self.variable(report);
        }
    }

    fn load_csv(&mut self, clause: &LoadCsv) {
        self.put(if clause.with_headers { "LOAD CSV WITH HEADERS FROM " } else { "LOAD CSV FROM " });
        self.expression(&clause.source);
        self.put(" AS ");
        self.variable(&clause.variable);
        if let Some(terminator) = &clause.field_terminator {
            self.put(" FIELDTERMINATOR ");
            let quoted = super::quote_string(terminator);
            self.put(&quoted);
        }
    }
}

fn stands_as_target(of: &Expression) -> bool {
    use crate::syntax::ast::ExpressionKind as Kind;
    match &of.kind {
        Kind::Variable(_) | Kind::Parameter(_) | Kind::FunctionCall { .. } => true,
        Kind::Property { of, .. } | Kind::Index { of, .. } | Kind::Slice { of, .. } => stands_as_target(of),
        _ => false,
    }
}
