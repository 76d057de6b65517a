//! Random queries as text, drawn so that nearly all have a meaning and many give rows.
//!
//! The text carries marks that say what could be left out or written shorter, so that a query that fails can be made small:
//! a group holds alternatives, of which the last is what was drawn.

mod clause;
mod conversion;
mod expression;
mod marks;
mod metamorphic;
mod pattern;
mod projection;
mod shape;
mod update;

pub use marks::{plain, smaller};
pub use metamorphic::Pair;

use super::chance::Chance;
use marks::{either, removable};

/// What kind of value a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A node or null.
    Node,
    /// A relationship or null.
    Relationship,
    /// A list of relationships.
    Relationships,
    /// A list of nodes.
    Nodes,
    /// A path.
    Path,
    /// A path of which only the length is certain.
    AnyPath,
    /// An integer or null.
    Integer,
    /// A float or null.
    Float,
    /// A string or null.
    Text,
    /// A truth value or null.
    Boolean,
    /// A list or null.
    List,
    /// Anything.
    Any,
}

/// A variable in scope.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it is a list whose order is not certain.
    pub is_unordered: bool,
}

/// Draws queries.
pub struct Generator<'c> {
    chance: &'c mut Chance,
    scope: Vec<Variable>,
    fresh: usize,
    /// How deep subqueries stand in each other.
    nesting: usize,
}

impl<'c> Generator<'c> {
    /// Returns a generator with nothing in scope.
    pub fn new(chance: &'c mut Chance) -> Generator<'c> {
        Generator { chance, scope: Vec::new(), fresh: 0, nesting: 0 }
    }

    /// Draws a query.
    pub fn query(&mut self) -> String {
        match self.chance.below(20) {
            0 | 1 => self.union(),
            2..=5 => self.update(),
            6 => self.in_stages(),
            _ => self.reading_query(None),
        }
    }

    /// Draws a query of reading clauses and a RETURN, with columns of these kinds if some are wanted.
    pub fn reading_query(&mut self, columns: Option<&[Kind]>) -> String {
        self.scope.clear();
        let mut text = self.reading_clauses(true);
        text += &match columns {
            None => self.last_return(),
            Some(kinds) => self.plain_return(kinds),
        };
        text
    }

    /// Draws a query whose rows come into another.
    fn in_stages(&mut self) -> String {
        self.scope.clear();
        let start = self.reading_clauses(true);
        if self.has_any_path() {
            return start + &self.last_return();
        }
        let (distinct, items, columns) = self.projected(true);
        self.scope = columns;
        let rest = if self.chance.percent(70) { self.reading_clauses(false) } else { String::new() };
        format!("{start} RETURN {distinct}{items} NEXT{rest}{}", self.last_return())
    }

    fn union(&mut self) -> String {
        const KINDS: [Kind; 5] = [Kind::Integer, Kind::Text, Kind::Node, Kind::Any, Kind::Boolean];
        let kinds: Vec<Kind> = (0..self.chance.between(1, 2)).map(|_| *self.chance.one(&KINDS)).collect();
        let join = if self.chance.percent(50) { " UNION " } else { " UNION ALL " };
        let (left, right) = (self.reading_query(Some(&kinds)), self.reading_query(Some(&kinds)));
        either(&[&left, &right, &format!("{left}{join}{right}")])
    }

    /// Returns a name that is not used yet.
    fn name(&mut self, start: &str) -> String {
        self.fresh += 1;
        format!("{start}{}", self.fresh)
    }

    fn add(&mut self, name: &str, kind: Kind) {
        self.scope.push(Variable { name: name.to_owned(), kind, is_unordered: false });
    }

    /// Returns the names of the variables of a kind.
    fn of_kind(&self, kind: Kind) -> Vec<String> {
        let fitting = self.scope.iter().filter(|variable| variable.kind == kind && !variable.is_unordered);
        fitting.map(|variable| variable.name.clone()).collect()
    }

    /// Returns one of the variables of a kind, if there is one.
    fn any_of_kind(&mut self, kind: Kind) -> Option<String> {
        let names = self.of_kind(kind);
        if names.is_empty() { None } else { Some(self.chance.one(&names).clone()) }
    }

    /// Draws something inside a border: what it brings into scope is gone afterwards.
    fn inside(&mut self, draw: impl FnOnce(&mut Self) -> String) -> String {
        let (scope, nesting) = (self.scope.clone(), self.nesting);
        self.nesting += 1;
        let drawn = draw(self);
        self.nesting = nesting;
        self.scope = scope;
        drawn
    }
}
