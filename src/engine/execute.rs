//! Plan to rows: runs a query within what a statement sees, and turns what leaves it into values written out.

use std::sync::{Arc, Mutex, PoisonError};

use crate::executor::cite::{BatchEvidence, CitedClaim, Citer, RowEvidence};
use crate::executor::{Context, Flow, Guard, Parts, ProfileCell, run_whole};
use crate::function::Clock;
use crate::graph;
use crate::planner::logical::Citation;
use crate::syntax::ast::StatementMode;
use crate::value::{ResultValue, Value};
use crate::vector::{Batch, Slot};

use super::answer::{Answer, Summary};
use super::cited::{CLAIMS_SHOWN, ClaimWriter};
use super::connection::RowSink;
use super::error::{Error, StateError};
use super::lens::voice;
use super::prepare::QueryPlan;
use super::upkeep::check_reads;
use super::view::View;
use super::written_out::{WrittenOut, text_size_bytes};
use super::{Connection, Measured, Parameters, Support, explain};

impl Connection {
    /// Runs a query that writes nothing.
    pub(super) fn read(
        &self,
        query: &QueryPlan,
        view: &View,
        parameters: &Parameters,
        sink: &mut dyn RowSink,
    ) -> Result<Summary, Error> {
        let failures = view.snapshot.read_failures();
        let (outcome, _) = self.execute(query, view, None, parameters, None, sink);
        let (measured, rows) = outcome?;
        // Where a part of the file could not be read, what was found without it is no answer.
        check_reads(&view.snapshot, failures)?;
        let plan = measured.map(|measured| explain::show(query, Some(&measured), sink));
        let support = rows.zip(query.physical.citation.clone());
        let support = support.map(|(rows, citation)| Support::new(view.snapshot.clone(), citation, rows));
        Ok(Summary { plan, support, warnings: query.warnings.clone(), ..Summary::default() })
    }

    /// Runs a query that writes: within the open transaction, or within one of its own.
    ///
    /// Its rows are held back until it has succeeded: those of a failed statement are void.
    pub(super) fn write(
        &mut self,
        query: &QueryPlan,
        view: &View,
        parameters: &Parameters,
        sink: &mut dyn RowSink,
    ) -> Result<Summary, Error> {
        let mut held = Answer::default();
        let (outcome, counters) = self.within_transaction(|connection, mut transaction, parts| {
            // Whoever wrote while this statement waited may have changed what its plan rests on.
            let version = connection.database().published().catalogue_version;
            if parts.is_some() && view.catalogue_version.is_some_and(|planned_for| planned_for != version) {
                return (Err(StateError::Stale.into()), transaction);
            }
            let parts = parts.map(|parts| parts as &dyn Parts);
            match voice(&query.lens, &query.physical.parameters, transaction.view(), parameters) {
                Ok(voice) => transaction.speak(voice),
                Err(error) => return (Err(error), transaction),
            }
            let (outcome, transaction) =
                connection.execute(query, view, Some(transaction), parameters, parts, &mut held);
            let mut transaction = transaction.expect("a transaction that goes in comes out");
            transaction.speak(graph::Voice::Plain);
            (outcome, transaction)
        })?;
        let plan = match outcome.0 {
            Some(measured) => Some(explain::show(query, Some(&measured), sink)),
            None => {
                sink.columns(held.columns);
                let _ = held.rows.into_iter().all(|row| sink.row(row));
                None
            }
        };
        Ok(Summary { counters, plan, warnings: query.warnings.clone(), ..Summary::default() })
    }

    /// Runs a query and gives the transaction back, whatever happened; returns what was measured, if it was.
    fn execute(
        &self,
        query: &QueryPlan,
        view: &View,
        transaction: Option<graph::Transaction>,
        parameters: &Parameters,
        parts: Option<&dyn Parts>,
        sink: &mut dyn RowSink,
    ) -> (Result<Outcome, Error>, Option<graph::Transaction>) {
        let values = match by_place(query, parameters) {
            Ok(values) => values,
            Err(error) => return (Err(error), transaction),
        };
        let options = self.database().options();
        let memory_limit = self.database().memory_limit_bytes();
        let guard = Guard::new(
            self.cancel_handle().flag(),
            (self.began, options.timeout),
            memory_limit,
            view.snapshot.loader(),
        );
        // Reading and planning the text took its part of the time.
        if let Err(error) = guard.look() {
            return (Err(error.into()), transaction);
        }
        let profiled = query.mode == StatementMode::Profile;
        let cells = || (0..query.physical.operator_count).map(|_| ProfileCell::default()).collect();
        let snapshot = transaction.as_ref().map_or(&view.snapshot, |transaction| transaction.view()).clone();
        let writer = transaction.map(Mutex::new);
        let context = Context {
            query: &query.physical,
            snapshot,
            transaction: writer.as_ref(),
            parameters: &values,
            clock: self.clock(),
            guard: &guard,
            procedures: query.procedures.as_deref().unwrap_or(view.registry()),
            csv_folder: options.csv_folder.as_deref(),
            cache: Arc::default(),
            profile: profiled.then(cells),
            parts,
            threads: self.database().threads(),
            part: None,
            builds: Arc::default(),
        };
        let mut evidence = Evidence { kept: self.keeps_support.then(Vec::new), cite: query.cite };
        let outcome = match profiled {
            true => give_rows(&context, &mut evidence, &mut Nobody),
            false => give_rows(&context, &mut evidence, sink),
        };
        let measured = context.profile.map(|cells| cells.iter().map(ProfileCell::measured).collect());
        let transaction = writer.map(|held| held.into_inner().unwrap_or_else(PoisonError::into_inner));
        (outcome.map(|()| (measured, evidence.kept)), transaction)
    }

    /// Returns the instants of a statement that begins now.
    fn clock(&self) -> Clock {
        let now = self.database().options().clock;
        let statement = now();
        let transaction = self.open.as_ref().map_or(statement, |open| open.began());
        Clock { transaction, statement, realtime: now }
    }
}

/// What was measured of the operators, and what the rows rest on, where it was asked for.
type Outcome = (Option<Vec<Measured>>, Option<Vec<RowEvidence>>);

/// What becomes of the elements that rows rest on.
struct Evidence {
    /// Those of each row so far, where they are kept.
    kept: Option<Vec<RowEvidence>>,
    /// Whether the claims on them go with the row.
    cite: bool,
}

/// Runs the plan and hands on its rows.
fn give_rows(context: &Context<'_>, evidence: &mut Evidence, sink: &mut dyn RowSink) -> Result<(), Error> {
    let columns = &context.query.columns;
    sink.columns(columns.iter().map(|column| column.name.to_string()).collect());
    if evidence.cite {
        sink.cited(&context.snapshot);
    }
    let slots: Vec<Slot> = columns.iter().map(|column| column.slot).collect();
    // Only queries that write nothing are cited, so that the graph stays as it is.
    let mut citing = context.query.citation.as_ref().map(|citation| Citing {
        citation,
        citer: Citer::new(citation, &context.snapshot, false),
        writer: ClaimWriter::new(&context.snapshot),
        cited: Vec::new(),
        evidence,
    });
    let failures = context.snapshot.read_failures();
    let mut refused = None;
    run_whole(&context.query.root, &Batch::new(1), context, &mut |batch: Batch| {
        // A statement without columns gives as many rows as its last clause, which nobody asked for.
        if slots.is_empty() {
            return Ok(Flow::Continue);
        }
        // Rows that were found without a part of the file are not even shown.
        let readable = check_reads(&context.snapshot, failures);
        match readable.and_then(|()| give_batch(&batch, &slots, context, citing.as_mut(), sink)) {
            Ok(flow) => Ok(flow),
            Err(error) => {
                refused = Some(error);
                Ok(Flow::Stop)
            }
        }
    })?;
    refused.map_or(Ok(()), Err)
}

/// Hands on the rows of a batch, written out.
fn give_batch(
    batch: &Batch,
    slots: &[Slot],
    context: &Context<'_>,
    mut citing: Option<&mut Citing<'_>>,
    sink: &mut dyn RowSink,
) -> Result<Flow, Error> {
    let graph = context.graph();
    let mut elements = WrittenOut::new(&graph);
    let columns: Vec<_> = slots.iter().map(|slot| batch.column(*slot)).collect();
    let found = citing.as_ref().map(|citing| BatchEvidence::of(citing.citation, slots, batch));
    for row in 0..batch.rows() {
        context.guard.tick(1)?;
        let mut cells = Vec::with_capacity(columns.len());
        let mut size_bytes = size_of::<Vec<ResultValue>>();
        for column in &columns {
            let cell = ResultValue::expand(&column.value(row), &mut elements)?;
            size_bytes += size_of::<ResultValue>() + text_size_bytes(&cell);
            cells.push(cell);
        }
        if let (Some(citing), Some(found)) = (&mut citing, &found) {
            citing.give(found.row(row), context, sink)?;
        }
        if sink.keeps_rows() {
            context.guard.charge(size_bytes + elements.take_size_bytes())?;
        }
        if !sink.row(cells) {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Continue)
}

/// What looks up the claims that rows rest on.
struct Citing<'c> {
    citation: &'c Citation,
    citer: Citer<'c>,
    writer: ClaimWriter<'c>,
    /// The claims of one row.
    cited: Vec<CitedClaim>,
    evidence: &'c mut Evidence,
}

impl Citing<'_> {
    /// Hands on the claims of a row, and keeps what it rests on, as far as each was asked for.
    fn give(&mut self, found: RowEvidence, context: &Context<'_>, sink: &mut dyn RowSink) -> Result<(), Error> {
        if self.evidence.cite {
            self.cited.clear();
            self.citer.cite(&found, CLAIMS_SHOWN, &mut self.cited);
            if sink.keeps_rows() {
                context.guard.charge(self.cited.len() * size_of::<CitedClaim>())?;
            }
            sink.claims(&self.cited, &mut self.writer);
        }
        if let Some(kept) = &mut self.evidence.kept {
            context.guard.charge(found.size_bytes())?;
            kept.push(found);
        }
        Ok(())
    }
}

/// Returns the parameters' values by their place in the plan.
fn by_place(query: &QueryPlan, parameters: &Parameters) -> Result<Vec<Value>, Error> {
    let value = |name: &smol_str::SmolStr| {
        let value = parameters.get(name).cloned();
        value.ok_or_else(|| StateError::MissingParameter { name: name.to_string() }.into())
    };
    query.physical.parameters.iter().map(value).collect()
}

/// Takes rows that nobody wants to see: those of a query that is measured.
struct Nobody;

impl RowSink for Nobody {
    fn columns(&mut self, _: Vec<String>) {}

    fn row(&mut self, _: Vec<ResultValue>) -> bool {
        true
    }

    fn keeps_rows(&self) -> bool {
        false
    }
}
