//! The claims of a package: each row of `statements` as what its predicate makes of it.
//!
//! | predicate | row |
//! | --- | --- |
//! | a property | a property of a node |
//! | a relationship type | the existence of a relationship |
//! | `TYPE.property` | a property of a relationship |
//! | `a` | the existence of a node, with labels |
//!
//! A row without a source states the same without a claim.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use smol_str::SmolStr;

use crate::knowledge::{Claim, ClaimDetails, Comparator, PropertyDeclaration, Rank, Statement, Subject};
use crate::tabular::{ColumnType, split_list};
use crate::value::{NodeId, RelationshipId, Value, equivalent};

use super::facts::{NO_NODE, RelationshipFact, Resolver};
use super::figure::Figure;
use super::place::Misfit;
use super::rows::{EMPTY, Package, Row, STATEMENT_COLUMNS, TextId};
use super::value::{read_value, read_values};

/// A row of statements, its cells by name.
#[derive(Clone, Copy)]
pub(super) struct StatementRow<'p> {
    package: &'p Package,
    row: &'p Row<[TextId; STATEMENT_COLUMNS.len()]>,
    index: u32,
}

/// What a predicate makes of a row.
#[derive(Clone)]
enum Predicate {
    Existence,
    Property(SmolStr, PropertyDeclaration),
    Relationship(SmolStr),
    RelationshipProperty(SmolStr, SmolStr, PropertyDeclaration),
    /// It is not declared; said once a row.
    Unknown,
}

/// What tells one relationship from all others: start, type, end, key.
type RelationshipKey = (u32, SmolStr, u32, TextId);

/// What the rows so far have made.
#[derive(Default)]
struct Progress {
    predicates: HashMap<TextId, std::rc::Rc<Predicate>>,
    relationships: HashMap<RelationshipKey, u32>,
    dates: HashMap<TextId, Value>,
}

impl<'p> StatementRow<'p> {
    fn id(&self, column: &'static str) -> TextId {
        let place = STATEMENT_COLUMNS.iter().position(|name| *name == column);
        place.map_or(EMPTY, |place| self.row.cells[place])
    }

    fn text(&self, column: &'static str) -> &'p SmolStr {
        self.package.text(self.id(column))
    }

    fn misfit(&self, column: &'static str, message: impl Into<String>) -> Misfit {
        Misfit::new(self.row.place, column, message)
    }
}

impl Resolver<'_> {
    /// Adds what all statements say.
    pub(super) fn add_statements(&mut self) {
        let package = self.package;
        let mut progress = Progress::default();
        for (index, row) in package.statements.iter().enumerate() {
            let statement = StatementRow { package, row, index: index as u32 };
            if index > 0 && package.statements[index - 1].cells == row.cells {
                self.refuse(statement.misfit("", "this row stands here or elsewhere already"));
                continue;
            }
            self.add_statement(statement, &mut progress);
        }
        self.check_preferred();
    }

    fn add_statement(&mut self, row: StatementRow<'_>, progress: &mut Progress) {
        let predicate = match progress.predicates.get(&row.id("predicate")) {
            Some(known) => known.clone(),
            None => {
                let found = std::rc::Rc::new(self.predicate(row.text("predicate")));
                progress.predicates.entry(row.id("predicate")).or_insert(found).clone()
            }
        };
        let start = self.node(row.id("subject"), row.row.place, "subject");
        match &*predicate {
            Predicate::Unknown => {
                let schema = &self.facts.schema;
                let known = schema.properties.keys().chain(schema.types.keys()).map(String::as_str);
                let predicate = row.text("predicate");
                let misfit = row.misfit("predicate", format!("`{predicate}` is neither a property nor a type here"));
                let misfit = misfit.nearest(predicate, known);
                self.refuse(misfit);
            }
            _ if start == NO_NODE => {}
            Predicate::Existence => self.state_labels(row, start, progress),
            Predicate::Property(name, declared) => {
                self.want_empty(row, &["object", "key"]);
                let subject = Subject::Node(NodeId(start));
                self.state_property(row, subject, name, declared, progress);
            }
            Predicate::Relationship(kind) => {
                self.want_empty(row, &["value"]);
                let Some(subject) = self.relationship(row, kind, start, progress) else { return };
                self.state(row, subject, Statement::Existence { labels: Vec::new() }, progress);
            }
            Predicate::RelationshipProperty(kind, name, declared) => {
                let Some(subject) = self.relationship(row, kind, start, progress) else { return };
                self.state_property(row, subject, name, declared, progress);
            }
        }
    }

    fn predicate(&self, text: &SmolStr) -> Predicate {
        let schema = &self.facts.schema;
        if text == "a" {
            return Predicate::Existence;
        }
        if let Some(declared) = schema.properties.get(text.as_str()) {
            return Predicate::Property(text.clone(), declared.clone());
        }
        if schema.types.contains_key(text.as_str()) {
            return Predicate::Relationship(text.clone());
        }
        let Some((kind, property)) = text.split_once('.') else { return Predicate::Unknown };
        match (schema.types.get(kind), schema.properties.get(property)) {
            (Some(declared), Some(value)) if declared.properties.iter().any(|known| known == property) => {
                Predicate::RelationshipProperty(SmolStr::new(kind), SmolStr::new(property), value.clone())
            }
            _ => Predicate::Unknown,
        }
    }

    fn want_empty(&mut self, row: StatementRow<'_>, columns: &[&'static str]) {
        for column in columns.iter().filter(|column| row.id(column) != EMPTY) {
            let message = format!("`{column}` must be empty where the predicate is `{}`", row.text("predicate"));
            self.refuse(row.misfit(column, message));
        }
    }

    /// Returns the relationship that a row speaks of, made at the first row that does.
    fn relationship(
        &mut self,
        row: StatementRow<'_>,
        kind: &SmolStr,
        start: u32,
        progress: &mut Progress,
    ) -> Option<Subject> {
        let end = self.node(row.id("object"), row.row.place, "object");
        if end == NO_NODE {
            return None;
        }
        let key = (start, kind.clone(), end, row.id("key"));
        let made = self.facts.relationships.len() as u32;
        let number = *progress.relationships.entry(key).or_insert(made);
        if number == made {
            self.facts.relationships.push(RelationshipFact { kind: kind.clone(), start, end });
            let misfits = self.wrong_ends(row, kind, start, end);
            self.misfits.rows.extend(misfits);
        }
        Some(Subject::Relationship(RelationshipId(number)))
    }

    /// Finds ends of a relationship that its type does not allow.
    fn wrong_ends(&self, row: StatementRow<'_>, kind: &SmolStr, start: u32, end: u32) -> Vec<Misfit> {
        let Some(declared) = self.facts.schema.types.get(kind.as_str()) else { return Vec::new() };
        let ends = [(start, &declared.from, "subject"), (end, &declared.to, "object")];
        let wrong = ends.into_iter().filter(|(node, allowed, _)| {
            let labels = &self.facts.nodes[*node as usize].labels;
            !allowed.is_empty() && !allowed.iter().any(|label| labels.iter().any(|own| own == label))
        });
        let misfit = |(node, allowed, column): (u32, &Vec<String>, &'static str)| {
            let labels = &self.facts.nodes[node as usize].labels;
            let labels = labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
            let wanted = allowed.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
            row.misfit(column, format!("`{}` has {labels} where it wants one of {wanted}", row.text("predicate")))
        };
        wrong.map(misfit).collect()
    }

    fn state_labels(&mut self, row: StatementRow<'_>, node: u32, progress: &mut Progress) {
        self.want_empty(row, &["object", "key"]);
        let text = row.text("value");
        let labels: Vec<SmolStr> = match split_list(text) {
            Ok(labels) => labels.into_iter().filter(|label| !label.is_empty()).map(SmolStr::from).collect(),
            Err(problem) => return self.refuse(row.misfit("value", problem.to_string())),
        };
        for label in &labels {
            if !self.facts.nodes[node as usize].labels.contains(label) {
                let message = format!("`{}` has no label `{label}` among the entities", row.text("subject"));
                self.refuse(row.misfit("value", message));
            }
        }
        self.state(row, Subject::Node(NodeId(node)), Statement::Existence { labels }, progress);
    }

    fn state_property(
        &mut self,
        row: StatementRow<'_>,
        subject: Subject,
        name: &SmolStr,
        declared: &PropertyDeclaration,
        progress: &mut Progress,
    ) {
        if *name == self.facts.schema.graph.key {
            return self.refuse(row.misfit("predicate", format!("`{name}` names the node and cannot be claimed")));
        }
        if row.id("value") == EMPTY {
            return self.refuse(row.misfit("value", "`value` is empty"));
        }
        self.check_unit(row, declared);
        let values = match read_values(row.text("value"), declared) {
            Ok(values) => values,
            Err(message) => {
                return match Figure::read(row.text("value"), row.text("unit"), declared, &self.facts.schema) {
                    Some(figure) => self.state_figure(row, subject, name, declared, figure, progress),
                    None => self.refuse(row.misfit("value", message)),
                };
            }
        };
        if row.id("source") == EMPTY {
            return self.state_unsourced(row, subject, name, declared, values);
        }
        for value in values {
            let statement = Statement::Property { key: name.clone(), value };
            self.state(row, subject, statement, progress);
        }
        for (column, companion) in &declared.companions {
            self.state_companion(row, subject, column, companion, progress);
        }
    }

    /// States a number that is written as it is printed: `约10亿元`.
    fn state_figure(
        &mut self,
        row: StatementRow<'_>,
        subject: Subject,
        name: &SmolStr,
        declared: &PropertyDeclaration,
        figure: Figure,
        progress: &mut Progress,
    ) {
        if row.id("source") == EMPTY {
            return self.state_unsourced(row, subject, name, declared, vec![figure.value]);
        }
        let said = row.text("comparator");
        if !said.is_empty() && said != figure.comparator.name() {
            let message = format!("`{}` says `{}`, not `{said}`", row.text("value"), figure.comparator.name());
            return self.refuse(row.misfit("comparator", message));
        }
        let count = self.facts.claims.len();
        let statement = Statement::Property { key: name.clone(), value: figure.value };
        self.state(row, subject, statement, progress);
        if let Some(claim) = self.facts.claims.get_mut(count) {
            let details = &mut claim.details;
            details.comparator = figure.comparator;
            if details.unit.is_empty() && declared.unit.is_none() {
                details.unit = figure.unit;
            }
            if details.as_printed.is_empty() {
                details.as_printed = row.text("value").clone();
            }
        }
        for (column, companion) in &declared.companions {
            self.state_companion(row, subject, column, companion, progress);
        }
    }

    /// States a property that nobody claims.
    fn state_unsourced(
        &mut self,
        row: StatementRow<'_>,
        subject: Subject,
        name: &SmolStr,
        declared: &PropertyDeclaration,
        mut values: Vec<Value>,
    ) {
        self.want_unsourced(row);
        let value = if declared.many { Value::list(values) } else { values.pop().unwrap_or_default() };
        self.facts.unsourced.push((subject, name.clone(), value));
    }

    /// Finds what only a claim can say in a row without a source.
    fn want_unsourced(&mut self, row: StatementRow<'_>) {
        let of_claims = ["comparator", "as_printed", "attributed_to", "locator", "as_of", "rank", "note"];
        for column in of_claims.into_iter().filter(|column| row.id(column) != EMPTY) {
            self.refuse(row.misfit(column, format!("`{column}` belongs to a claim, and this row names no source")));
        }
    }

    /// States what a further column of a row says, as a claim of the property that stands for the column.
    fn state_companion(
        &mut self,
        row: StatementRow<'_>,
        subject: Subject,
        column: &str,
        companion: &str,
        progress: &mut Progress,
    ) {
        let column = match column {
            "unit" => "unit",
            "comparator" => "comparator",
            _ => "as_of",
        };
        if row.id(column) == EMPTY {
            return;
        }
        let Some(declared) = self.facts.schema.properties.get(companion) else { return };
        match read_value(row.text(column), declared) {
            Ok(value) => {
                let statement = Statement::Property { key: SmolStr::new(companion), value };
                let Some(mut claim) = self.claim(row, subject, statement, progress) else { return };
                let ClaimDetails { attributed_to, locator, as_of, rank, .. } = claim.details;
                claim.details = ClaimDetails { attributed_to, locator, as_of, rank, ..ClaimDetails::default() };
                self.push_companion(claim, row);
            }
            Err(message) => self.refuse(row.misfit(column, message)),
        }
    }

    /// Adds a companion's claim unless the row before has stated the same.
    fn push_companion(&mut self, claim: Claim, row: StatementRow<'_>) {
        let same = |other: &Claim| {
            let (lhs, rhs) = (&other.details, &claim.details);
            other.source == claim.source
                && (&lhs.locator, &lhs.attributed_to, lhs.rank) == (&rhs.locator, &rhs.attributed_to, rhs.rank)
                && equivalent(&lhs.as_of, &rhs.as_of)
                && match (&other.statement, &claim.statement) {
                    (Statement::Property { key, value }, Statement::Property { key: own_key, value: own }) => {
                        key == own_key && equivalent(value, own)
                    }
                    _ => false,
                }
        };
        let of_subject = self.facts.claims.iter().rev().take_while(|other| other.subject == claim.subject);
        if !of_subject.into_iter().any(same) {
            self.facts.claims.push(claim);
            self.facts.rows.push(row.index);
        }
    }

    fn check_unit(&mut self, row: StatementRow<'_>, declared: &PropertyDeclaration) {
        let unit = row.text("unit");
        let message = match &declared.unit {
            _ if unit.is_empty() => return,
            Some(fixed) if fixed == unit.as_str() => return,
            Some(fixed) => format!("unit `{unit}` must be `{fixed}` for `{}`", row.text("predicate")),
            None if self.facts.schema.units.contains_key(unit.as_str()) => return,
            None => format!("unit `{unit}` is not declared"),
        };
        let known = self.facts.schema.units.keys().map(String::as_str);
        let misfit = row.misfit("unit", message).nearest(unit, known);
        self.refuse(misfit);
    }

    fn state(&mut self, row: StatementRow<'_>, subject: Subject, statement: Statement, progress: &mut Progress) {
        if row.id("source") == EMPTY {
            return self.want_unsourced(row);
        }
        if let Some(claim) = self.claim(row, subject, statement, progress) {
            self.facts.claims.push(claim);
            self.facts.rows.push(row.index);
        }
    }

    fn claim(
        &mut self,
        row: StatementRow<'_>,
        subject: Subject,
        statement: Statement,
        progress: &mut Progress,
    ) -> Option<Claim> {
        let source = self.node(row.id("source"), row.row.place, "source");
        if source == NO_NODE {
            return None;
        }
        if !self.source_texts.contains(&row.id("source")) {
            self.refuse(row.misfit("source", format!("`{}` is not in sources.csv", row.text("source"))));
        }
        if row.id("attributed_to") != EMPTY {
            self.node(row.id("attributed_to"), row.row.place, "attributed_to");
        }
        let details = ClaimDetails {
            attributed_to: row.text("attributed_to").clone(),
            locator: row.text("locator").clone(),
            as_printed: row.text("as_printed").clone(),
            as_of: self.as_of(row, progress),
            rank: self.rank(row),
            note: row.text("note").clone(),
            unit: row.text("unit").clone(),
            comparator: self.comparator(row),
        };
        Some(Claim { subject, statement, source: NodeId(source), details })
    }

    fn as_of(&mut self, row: StatementRow<'_>, progress: &mut Progress) -> Value {
        let id = row.id("as_of");
        if id == EMPTY {
            return Value::Null;
        }
        if let Some(known) = progress.dates.get(&id) {
            return known.clone();
        }
        let read = ColumnType::PartialDate.parse(row.text("as_of"));
        let date = read.unwrap_or_else(|problem| {
            self.refuse(row.misfit("as_of", problem.to_string()));
            Value::Null
        });
        progress.dates.insert(id, date.clone());
        date
    }

    fn rank(&mut self, row: StatementRow<'_>) -> Rank {
        let text = row.text("rank");
        if text.is_empty() {
            return Rank::Normal;
        }
        Rank::named(text).unwrap_or_else(|| {
            let misfit = row.misfit("rank", format!("there is no rank `{text}`"));
            self.refuse(misfit.nearest(text, ["preferred", "normal", "deprecated"]));
            Rank::Normal
        })
    }

    fn comparator(&mut self, row: StatementRow<'_>) -> Comparator {
        let text = row.text("comparator");
        if text.is_empty() {
            return Comparator::Exact;
        }
        Comparator::named(text).unwrap_or_else(|| {
            self.refuse(row.misfit("comparator", format!("there is no comparator `{text}`")));
            Comparator::Exact
        })
    }

    /// Finds properties of one value of which two different ones are preferred.
    fn check_preferred(&mut self) {
        let mut first: BTreeMap<(Subject, SmolStr), usize> = BTreeMap::new();
        let mut wrong = Vec::new();
        for (index, claim) in self.facts.claims.iter().enumerate() {
            let Statement::Property { key, value } = &claim.statement else { continue };
            if claim.details.rank != Rank::Preferred || self.facts.schema.is_many(key) {
                continue;
            }
            let other = *first.entry((claim.subject, key.clone())).or_insert(index);
            let Statement::Property { value: other, .. } = &self.facts.claims[other].statement else { continue };
            if !equivalent(value, other) {
                wrong.push((self.facts.rows[index], key.clone()));
            }
        }
        for (row, key) in wrong {
            let place = self.package.statements[row as usize].place;
            self.refuse(Misfit::new(place, "rank", format!("`{key}` has another preferred value already")));
        }
    }
}
