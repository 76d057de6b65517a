//! The prefixes of a query, evaluated: what they name becomes a lens, and the graph is read through it.
//!
//! A graph under a lens is made once and kept with the version that it was made from, so that the next query under the same lens costs
//! what it costs without one. The number kept is bounded; the one that was not asked for the longest goes first.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::binder::bound::BoundLens;
use crate::diagnostic::nearest;
use crate::expression::Expression;
use crate::graph::{Particulars, Snapshot, Voice};
use crate::knowledge::{Lens, last_day};
use crate::value::temporal::{Date, PartialDate};
use crate::value::{NodeId, Value};

use super::error::{Error, StateError};
use super::upkeep::check_reads;
use super::view::View;
use super::{Connection, Parameters};

/// How many graphs under lenses a database keeps.
const LENSES_KEPT: usize = 16;

/// Graphs under lenses, the one asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct LensCache {
    kept: Vec<(Lens, u64, Snapshot)>,
}

impl LensCache {
    /// Returns the graph of a version under a lens, if it is kept.
    fn get(&mut self, lens: &Lens, version: u64) -> Option<Snapshot> {
        let place = self.kept.iter().position(|(kept, of, _)| kept == lens && *of == version)?;
        let found = self.kept.remove(place);
        let snapshot = found.2.clone();
        self.kept.push(found);
        Some(snapshot)
    }

    /// Keeps the graph of a version under a lens; those of older versions go.
    fn keep(&mut self, lens: Lens, version: u64, snapshot: &Snapshot) {
        self.kept.retain(|(_, of, _)| *of >= version);
        if self.kept.len() >= LENSES_KEPT {
            self.kept.remove(0);
        }
        self.kept.push((lens, version, snapshot.clone()));
    }

    /// Lets go of all.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    /// Returns how many are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }
}

impl Connection {
    /// Returns what a query sees through its lens.
    pub(super) fn through_lens(
        &self,
        bound: &BoundLens,
        names: &[SmolStr],
        view: View,
        parameters: &Parameters,
    ) -> Result<View, Error> {
        let lens = evaluate(bound, names, &view.snapshot, parameters)?;
        if lens.is_default() && !view.snapshot.has_deprecated_claims() {
            return Ok(view);
        }
        // What an open transaction wrote has no version of its own.
        let version = self.open.as_ref().is_none_or(|open| open.is_unchanged()).then(|| view.snapshot.version());
        let kept = version.and_then(|version| self.database().lenses().get(&lens, version));
        if let Some(snapshot) = kept {
            return Ok(View { snapshot, ..view });
        }
        let failures = view.snapshot.read_failures();
        let snapshot = view.snapshot.under(&lens);
        check_reads(&view.snapshot, failures)?;
        if let Some(version) = version {
            self.database().lenses().keep(lens, version, &snapshot);
        }
        Ok(View { snapshot, ..view })
    }
}

/// Returns the lens that prefixes describe.
fn evaluate(bound: &BoundLens, names: &[SmolStr], graph: &Snapshot, parameters: &Parameters) -> Result<Lens, Error> {
    let as_of = bound.as_of.as_ref().map(|date| day(&value(date, names, parameters)?)).transpose()?;
    let sources = bound.sources.iter().map(|source| find_sources(&value(source, names, parameters)?, graph));
    let sources: Vec<Vec<NodeId>> = sources.collect::<Result<_, Error>>()?;
    let sources = (!sources.is_empty()).then(|| sources.into_iter().flatten().collect::<BTreeSet<NodeId>>());
    Ok(Lens { as_of, sources, only: bound.only, rule: bound.rule.unwrap_or_default() })
}

/// Returns in whose name a query writes.
pub(super) fn voice(
    bound: &BoundLens,
    names: &[SmolStr],
    graph: &Snapshot,
    parameters: &Parameters,
) -> Result<Voice, Error> {
    let as_of = bound.as_of.as_ref().map(|date| dated(&value(date, names, parameters)?)).transpose()?;
    let sources = bound.sources.iter().map(|source| find_sources(&value(source, names, parameters)?, graph));
    let sources: Vec<NodeId> = sources.collect::<Result<Vec<_>, Error>>()?.into_iter().flatten().collect();
    if bound.only {
        let hint = "leave out ONLY: what is written becomes a claim of the source";
        return Err(bad("ACCORDING TO ONLY cannot stand before a query that writes", Some(hint.to_owned())));
    }
    match (sources.as_slice(), as_of) {
        ([], None) if graph.catalogue().schema().graph.requires_sources => Ok(Voice::Refused),
        ([], None) => Ok(Voice::Plain),
        ([], Some(_)) => {
            let hint = "name its source too: `ACCORDING TO 'id' AS OF …`";
            Err(bad("AS OF before a query that writes dates a claim, which needs a source", Some(hint.to_owned())))
        }
        ([source], as_of) => Ok(Voice::Source { source: *source, as_of: as_of.unwrap_or_default() }),
        _ => Err(bad("a query that writes speaks for one source", Some("write once for each of them".to_owned()))),
    }
}

/// Returns the value of a part of a prefix: it is written there, or given as a parameter.
pub(super) fn value(part: &Expression, names: &[SmolStr], parameters: &Parameters) -> Result<Value, Error> {
    match part {
        Expression::Constant(value) => Ok(value.clone()),
        Expression::Parameter(place) => {
            let name = names.get(*place as usize).map_or("", SmolStr::as_str);
            let given = parameters.get(name).cloned();
            given.ok_or_else(|| StateError::MissingParameter { name: name.to_owned() }.into())
        }
        _ => Err(bad("a prefix of a query takes a text or a parameter", None)),
    }
}

/// Returns the last day that a date of a prefix means.
fn day(date: &Value) -> Result<i64, Error> {
    last_day(&dated(date)?).ok_or_else(|| not_a_date(date))
}

/// Returns the date of a prefix as a value: a date, or a partial one.
pub(super) fn dated(date: &Value) -> Result<Value, Error> {
    let text = match date {
        // A year as a number is what a program has at hand.
        Value::Integer(year @ 1..=9999) => format!("{year:04}"),
        Value::String(text) => text.to_string(),
        _ if last_day(date).is_some() => return Ok(date.clone()),
        _ => return Err(not_a_date(date)),
    };
    let partial = PartialDate::parse(&text).map(Value::PartialDate);
    partial.or_else(|| Date::parse(&text).map(Value::Date)).ok_or_else(|| not_a_date(date))
}

fn not_a_date(date: &Value) -> Error {
    let hint = "give a date, a month or a year: `2019-12-31`, `2019-12`, `2019`";
    bad(&format!("AS OF wants a date, not {date}"), Some(hint.to_owned()))
}

/// Returns the sources that an id, or a list of ids, names.
pub(super) fn find_sources(named: &Value, graph: &Snapshot) -> Result<Vec<NodeId>, Error> {
    match named {
        Value::String(id) => Ok(vec![find_source(id, graph)?]),
        Value::List(ids) if !ids.is_empty() => {
            let found: Result<Vec<_>, Error> = ids.iter().map(|id| find_sources(id, graph)).collect();
            Ok(found?.into_iter().flatten().collect())
        }
        other => Err(bad(&format!("ACCORDING TO wants the id of a source, not {other}"), None)),
    }
}

fn find_source(id: &str, graph: &Snapshot) -> Result<NodeId, Error> {
    let Some(declared) = &graph.catalogue().schema().source else {
        let hint = "a package's graph.toml declares them under `[source]`";
        return Err(bad("this graph declares no sources", Some(hint.to_owned())));
    };
    let particulars = Particulars::new(graph);
    if let Some(source) = particulars.find(id) {
        return Ok(source);
    }
    let sources = particulars.all();
    let near = nearest(id, sources.iter().map(|(known, _)| known.as_str()));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`MATCH (s:{}) RETURN s.{}` lists them", declared.label, declared.id),
    };
    Err(bad(&format!("no source has the id `{id}`"), Some(hint)))
}

fn bad(message: &str, hint: Option<String>) -> Error {
    StateError::BadLens { message: message.to_owned(), hint }.into()
}
