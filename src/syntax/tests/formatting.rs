//! The layout of scripts: one clause a line, nothing lost, nothing changed in meaning.

use super::reading::READ;
use super::shape;
use crate::syntax::ast::{Clause, Statement, StatementBody};
use crate::syntax::{TokenKind, format_script, parse_statement, tokens};

#[test]
fn one_clause_stands_in_a_line() {
    let script = "// all parks\nmatch (n:Park {a:1,b: 2})-[:IN]->{1,3}(c) where n.x>1 and exists { match (n)-->(m) where m.y return m } // near\nwith n,  c order by c.name limit 3 return n.x  +  1,count( * ) as k ; return 1 /* last */;\n\n\n// two\n// lines\nunwind $rows as row call (row) { merge (a {id: row.id}) on create set a.new = true\n return a } in transactions of 10 rows return a";
    let expected = "\
// all parks
MATCH (n:Park {a:1, b: 2})-[:IN]->{1,3}(c)
WHERE n.x>1 AND EXISTS { MATCH (n)-->(m) WHERE m.y RETURN m } // near
WITH n, c
ORDER BY c.name
LIMIT 3
RETURN n.x  +  1, count( * ) AS k;

RETURN 1; /* last */

// two
// lines
UNWIND $rows AS row
CALL (row) {
  MERGE (a {id: row.id})
    ON CREATE SET a.new = true
  RETURN a
} IN TRANSACTIONS OF 10 ROWS
RETURN a;
";
    assert_eq!(format_script(script).unwrap(), expected);
}

/// Returns the comments of a text.
fn comments(text: &str) -> Vec<String> {
    let comments = tokens(text).into_iter().filter(|token| token.kind == TokenKind::Comment);
    comments.map(|token| token.span.text(text).trim_end().to_owned()).collect()
}

/// Returns the names of the columns of a statement that ends with RETURN.
fn column_names(statement: &Statement) -> Vec<String> {
    let StatementBody::Query(query) = &statement.body else { return Vec::new() };
    match query.first.clauses.last() {
        Some(Clause::Return(clause)) => {
            clause.projection.items.iter().map(|item| item.column_name().to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// Tells what a layout spoils, if anything.
pub(super) fn spoils(query: &str, tree: &Statement) -> Option<String> {
    let laid = match format_script(query) {
        Ok(laid) => laid,
        Err(error) => return Some(format!("{query}\nis not laid out: {error}")),
    };
    let again = parse_statement(&laid);
    let same =
        again.as_ref().is_ok_and(|again| shape(again) == shape(tree) && column_names(again) == column_names(tree));
    let stable = format_script(&laid).is_ok_and(|twice| twice == laid);
    let kept = comments(query) == comments(&laid);
    (!(same && stable && kept))
        .then(|| format!("{query}\nis laid out (same {same}, stable {stable}, comments {kept}) as\n{laid}"))
}

#[test]
fn no_statement_is_spoilt() {
    for query in READ {
        let tree = parse_statement(query).unwrap();
        assert_eq!(spoils(query, &tree), None);
    }
}

#[test]
fn a_mistake_is_told_at_its_place() {
    let script = "RETURN 1;\n RETRUN 2;";
    assert_eq!(format_script(script).unwrap_err().span.text(script), "RETRUN");
    assert_eq!(format_script("").unwrap(), "");
    assert_eq!(format_script("// only\n\n\n").unwrap(), "// only\n");
    assert_eq!(format_script("RETURN 1").unwrap(), "RETURN 1\n");
}
