//! Binds SHOW: each subject is a procedure without arguments, called on its own.

use crate::expression::Expression;
use crate::syntax::ast::{self, ShowSubject, YieldForm};

use super::binder::Binder;
use super::bound::{Clause, OutputColumn, ProcedureCall, QueryBody};
use super::error::{BindError, BindErrorKind};

impl<'a> Binder<'a> {
    pub(super) fn bind_show(&mut self, written: &'a ast::Show) -> Result<(QueryBody, Vec<OutputColumn>), BindError> {
        let name = procedure_name(written.subject);
        let Some(signature) = self.environment.procedures.signature(name) else {
            let message = "this cannot be shown yet";
            return Err(BindError::new(BindErrorKind::Unsupported, message, written.span));
        };
        let yields = match written.yields.as_ref().map(|yields| &yields.form) {
            Some(YieldForm::Items(items)) => self.bind_yield_items(&signature, items)?,
            _ => self.yield_all(&signature),
        };
        let columns = yields.iter().map(|(_, slot)| self.column_of(*slot)).collect();
        let filter = written.yields.as_ref().and_then(|yields| yields.filter.as_ref()).or(written.filter.as_ref());
        let predicate = match filter {
            Some(filter) => Expression::conjunction(self.bind_filter(filter, "in WHERE")?),
            None => None,
        };
        let call = ProcedureCall { name: signature.name, arguments: Vec::new(), yields, is_void: false, predicate };
        Ok((QueryBody::Clauses(vec![Clause::Call(call)]), columns))
    }
}

/// Returns the procedure that lists a subject.
fn procedure_name(subject: ShowSubject) -> &'static str {
    match subject {
        ShowSubject::Labels => "db.labels",
        ShowSubject::RelationshipTypes => "db.relationshipTypes",
        ShowSubject::Properties => "db.propertyKeys",
        ShowSubject::Functions => "db.functions",
        ShowSubject::Procedures => "db.procedures",
        ShowSubject::Indexes => "db.indexes",
        ShowSubject::Constraints => "db.constraints",
        ShowSubject::Settings => "db.settings",
        ShowSubject::Schema => "db.schema",
    }
}
