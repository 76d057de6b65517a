//! The columns of `SELECT *`: in the order in which the text names them.

use spargebra::Query;
use spargebra::algebra::GraphPattern;

use super::words::words;

/// Returns a query whose `SELECT *` gives its variables in the order in which the text names them; the reader gives them by name.
pub(super) fn in_order_of_text(mut query: Query, text: &str) -> Query {
    let Query::Select { pattern, .. } = &mut query else { return query };
    let words = words(text, |_| false);
    let select = words.iter().position(|word| word.is("SELECT"));
    let mut behind = words.iter().skip(select.map_or(words.len(), |select| select + 1));
    let first = behind.find(|word| !word.is("DISTINCT") && !word.is("REDUCED"));
    let variables = projected(pattern);
    if let Some(variables) = variables.filter(|_| first.is_some_and(|word| word.is("*"))) {
        let place = |name: &str| words.iter().position(|word| word.variable() == Some(name));
        variables.sort_by_key(|variable| place(variable.as_str()).unwrap_or(usize::MAX));
    }
    query
}

fn projected(pattern: &mut GraphPattern) -> Option<&mut Vec<spargebra::term::Variable>> {
    match pattern {
        GraphPattern::Project { variables, .. } => Some(variables),
        GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } | GraphPattern::Slice { inner, .. } => {
            projected(inner)
        }
        _ => None,
    }
}
