//! Binds label expressions: aliases become canonical names.

use smol_str::SmolStr;

use crate::expression::LabelExpression;
use crate::syntax::ast::{self, LabelExpressionKind};
use crate::value::Kind;

use super::binder::Binder;
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::types::Type;

impl Binder<'_> {
    /// Binds what labels or types an element is tested for.
    pub(super) fn bind_labels(&mut self, kind: NameKind, labels: &ast::LabelExpression) -> LabelExpression {
        match &labels.kind {
            LabelExpressionKind::Name(name) => LabelExpression::Name(self.read_name(kind, name)),
            LabelExpressionKind::Wildcard => LabelExpression::Any,
            LabelExpressionKind::Not(inner) => LabelExpression::Not(Box::new(self.bind_labels(kind, inner))),
            LabelExpressionKind::And(parts) => {
                LabelExpression::all_of(parts.iter().map(|part| self.bind_labels(kind, part)).collect::<Vec<_>>())
            }
            LabelExpressionKind::Or(parts) => {
                LabelExpression::Or(parts.iter().map(|part| self.bind_labels(kind, part)).collect())
            }
        }
    }

    /// Binds what an element of this type is tested for: types if it is a relationship, else labels.
    pub(super) fn bind_labels_of(&mut self, element: &Type, labels: &ast::LabelExpression) -> LabelExpression {
        let kind = if element.is(Kind::Relationship) { NameKind::RelationshipType } else { NameKind::Label };
        self.bind_labels(kind, labels)
    }

    /// Returns the labels that a node is made with.
    pub(super) fn bind_written_labels(
        &mut self,
        labels: Option<&ast::LabelExpression>,
    ) -> Result<Vec<SmolStr>, BindError> {
        let Some(labels) = labels else { return Ok(Vec::new()) };
        let Some(names) = labels.conjunction() else {
            let message = "a node is made with labels, not with a condition on labels";
            let error = BindError::new(BindErrorKind::UnexpectedSyntax, message, labels.span);
            return Err(error.with_hint("write `:A:B` or `:A&B`"));
        };
        Ok(self.written_names(names))
    }

    /// Returns the canonical labels that are set, each once.
    pub(super) fn written_names<'n>(&mut self, names: impl IntoIterator<Item = &'n ast::Name>) -> Vec<SmolStr> {
        let mut labels: Vec<SmolStr> = Vec::new();
        for name in names {
            let label = self.written_name(NameKind::Label, name);
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    /// Returns the one type that a relationship is made with.
    pub(super) fn bind_written_type(&mut self, written: &ast::RelationshipPattern) -> Result<SmolStr, BindError> {
        match written.types.as_ref().map(|types| (types, types.name())) {
            Some((_, Some(name))) => Ok(self.written_name(NameKind::RelationshipType, name)),
            other => {
                let message = "a relationship is made with exactly one type";
                let span = other.map_or(written.span, |(types, _)| types.span);
                let error = BindError::new(BindErrorKind::NoSingleRelationshipType, message, span);
                Err(error.with_hint("write the type after a colon: `-[:TYPE]->`"))
            }
        }
    }
}
