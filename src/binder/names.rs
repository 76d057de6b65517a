//! Canonical names of labels, types and property keys, and the warnings about those that the graph does not know.

use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::syntax::ast;

use super::binder::Binder;
use super::environment::NameKind;
use super::error::plain_span;

impl Binder<'_> {
    /// Returns the canonical name of one that is read; warns once if the graph does not know it.
    pub(super) fn read_name(&mut self, kind: NameKind, name: &ast::Name) -> SmolStr {
        let canonical = self.canonical(kind, &name.text);
        let known = self.environment.names.knows(kind, &canonical)
            || self.written.contains(&(kind, canonical.clone()))
            || (self.writes_any_key && kind == NameKind::PropertyKey);
        if !known && self.warned.insert((kind, canonical.clone())) {
            let (detail, message) = match kind {
                NameKind::Label => ("UnknownLabel", format!("no node has label `{}`", name.text)),
                NameKind::RelationshipType => ("UnknownType", format!("no relationship has type `{}`", name.text)),
                NameKind::PropertyKey => ("UnknownProperty", format!("nothing has a property `{}`", name.text)),
            };
            let all = self.environment.names.all(kind);
            let warning = Diagnostic::warning(detail, message).at(plain_span(name.span));
            let mut warning = warning.with_nearest(&name.text, all.iter().map(SmolStr::as_str));
            // A graph without any names knows nothing to list.
            if warning.hints.is_empty() && !all.is_empty() {
                let list = match kind {
                    NameKind::Label => "SHOW LABELS",
                    NameKind::RelationshipType => "SHOW RELATIONSHIP TYPES",
                    NameKind::PropertyKey => "SHOW PROPERTY KEYS",
                };
                warning = warning.with_hint(format!("`{list}` lists what there is"));
            }
            self.warnings.push(warning);
        }
        canonical
    }

    /// Warns of a new variable that has the name of a label or type, which was meant to stand behind a colon.
    pub(super) fn warn_of_lost_colon(&mut self, kind: NameKind, variable: &ast::Variable) {
        let name = &variable.text;
        let names = self.environment.names;
        let is_known = names.knows(kind, name) || names.resolve_alias(kind, name).is_some();
        if self.scope.get(name).is_some() || !is_known {
            return;
        }
        let what = if kind == NameKind::Label { "label" } else { "type" };
        let message = format!("`{name}` is a variable here, not the {what}");
        let hint = format!("the {what} stands behind a colon: `:{name}`");
        let warning = Diagnostic::warning("VariableLikeName", message).with_hint(hint);
        self.warnings.push(warning.at(plain_span(variable.span)));
    }

    /// Returns the canonical name of one that is written; the graph knows it from now on.
    pub(super) fn written_name(&mut self, kind: NameKind, name: &ast::Name) -> SmolStr {
        let canonical = self.canonical(kind, &name.text);
        self.written.insert((kind, canonical.clone()));
        canonical
    }

    fn canonical(&self, kind: NameKind, name: &SmolStr) -> SmolStr {
        self.environment.names.resolve_alias(kind, name).unwrap_or_else(|| name.clone())
    }
}
