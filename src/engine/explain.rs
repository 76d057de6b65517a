//! The plan as rows, for EXPLAIN and PROFILE.

use crate::planner::explain::{Measured, PlanLine, explain};
use crate::value::ResultValue;

use super::Connection;
use super::answer::Summary;
use super::connection::RowSink;
use super::prepare::QueryPlan;

impl Connection {
    /// Shows the plan of a query that is not run.
    pub(super) fn explain(&self, query: &QueryPlan, sink: &mut dyn RowSink) -> Summary {
        let plan = Some(show(query, None, sink));
        Summary { plan, warnings: query.warnings.clone(), ..Summary::default() }
    }
}

/// Hands on the plan, a row for each operator, and returns it.
pub(super) fn show(query: &QueryPlan, measured: Option<&[Measured]>, sink: &mut dyn RowSink) -> Vec<PlanLine> {
    let lines = explain(&query.physical, measured);
    let mut columns = vec!["plan", "estimated rows"];
    match measured {
        Some(_) => columns.extend(["rows", "time in µs"]),
        None => columns.push("why"),
    }
    sink.columns(columns.into_iter().map(str::to_owned).collect());
    for line in &lines {
        let estimated = ResultValue::Integer(line.estimated_rows.round() as i64);
        let mut row = vec![ResultValue::string(drawn(line)), estimated];
        if measured.is_some() {
            let number = |number: u64| ResultValue::Integer(i64::try_from(number).unwrap_or(i64::MAX));
            let cells = line.measured.map(|one| [number(one.rows), number(one.elapsed_us)]);
            row.extend(cells.unwrap_or_default());
        } else {
            row.push(ResultValue::string(if line.why.is_empty() { "as written" } else { &line.why }));
        }
        if !sink.row(row) {
            break;
        }
    }
    lines
}

/// Draws an operator of the tree; what feeds it stands below, one step further in.
///
/// ```text
/// Project c.name = c.name
/// + Filter c.age > 30
/// +-- NodeScan (c:City)
/// ```
fn drawn(line: &PlanLine) -> String {
    let operator = line.operator.trim_start();
    // Two blanks are a step; a branch instead of blanks keeps the tree in any format.
    let depth = (line.operator.len() - operator.len()) / 2;
    let branch = match depth {
        0 => String::new(),
        depth => format!("+{} ", "--".repeat(depth - 1)),
    };
    format!("{branch}{operator} {}", line.details).trim_end().to_owned()
}
