//! Tests of the binder: queries in, bound queries or errors out.

mod clauses;
mod errors;
mod names;
mod patterns;
mod subqueries;
mod tck;

use smol_str::SmolStr;

use crate::procedure::Signature;
use crate::syntax::parse_statement;

use super::binder::Binding;
use super::{BindError, Binder, Environment, KnownNames, KnownProcedures, NameKind};

/// A graph without any name.
pub(super) struct NoNames;

impl KnownNames for NoNames {
    fn resolve_alias(&self, _: NameKind, _: &str) -> Option<SmolStr> {
        None
    }

    fn knows(&self, _: NameKind, _: &str) -> bool {
        false
    }

    fn all(&self, _: NameKind) -> Vec<SmolStr> {
        Vec::new()
    }
}

impl KnownProcedures for Vec<Signature> {
    fn signature(&self, name: &str) -> Option<Signature> {
        self.iter().find(|signature| signature.name.eq_ignore_ascii_case(name)).cloned()
    }

    fn names(&self) -> Vec<SmolStr> {
        self.iter().map(|signature| signature.name.clone()).collect()
    }
}

/// Binds a text in an empty graph with two procedures.
pub(super) fn bind(text: &str) -> Result<Binding, BindError> {
    let statement = parse_statement(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let procedures: Vec<Signature> = ["p.one(in :: INTEGER?) :: (out :: STRING?, more :: INTEGER?)", "p.void() :: ()"]
        .iter()
        .map(|signature| Signature::parse(signature).expect("the signature is well formed"))
        .collect();
    let environment = Environment { names: &NoNames, procedures: &procedures, parameters: None };
    Binder::bind(&statement, text, &environment)
}

/// Returns the compact form of a text that has a meaning.
pub(super) fn bound(text: &str) -> String {
    match bind(text) {
        Ok(binding) => super::print::print(&binding.query),
        Err(error) => panic!("{text}: {error}"),
    }
}

/// Returns the detail of the error of a text that has none.
pub(super) fn refused(text: &str) -> &'static str {
    // Some kinds show in the text alone, and the parser tells them.
    if let Err(error) = parse_statement(text) {
        return error.kind.name();
    }
    match bind(text) {
        Ok(binding) => panic!("{text}: bound as\n{}", super::print::print(&binding.query)),
        Err(error) => error.kind.detail(),
    }
}

/// Asserts the compact form of every text; blanks at the ends of lines do not count.
pub(super) fn all_bound(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let lines: Vec<String> = bound(text).lines().map(|line| line.trim_end().to_string()).collect();
        assert_eq!(lines.join("\n"), *expected, "{text}");
    }
}
