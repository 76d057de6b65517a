//! Runs a scenario through the library and judges it strictly: rows, columns, side effects, kind, phase and detail of errors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use yuanpu::{Answer, Error, Parameters, ResultValue};

use crate::kept::{Kept, Store};
use crate::notation::{self, Expected};
use crate::scenario::{Scenario, Step};

/// Runs a scenario over a graph that is kept somewhere; says what is wrong.
pub fn judge(scenario: &Scenario, features: &Path, store: Store) -> Result<(), String> {
    let mut trial = Trial::new(features, store);
    scenario.steps.iter().try_for_each(|step| trial.step(step))
}

struct Trial<'f> {
    features: &'f Path,
    store: Store,
    kept: Kept,
    /// Procedures live as long as the handle of a database.
    has_procedures: bool,
    parameters: Parameters,
    answer: Option<Result<Answer, Error>>,
    before: State,
}

/// What can be observed of a graph: nodes, relationships, properties of elements, labels.
#[derive(Default, PartialEq)]
struct State {
    nodes: BTreeSet<String>,
    relationships: BTreeSet<String>,
    properties: BTreeSet<(String, String, Expected)>,
    labels: BTreeSet<String>,
}

impl<'f> Trial<'f> {
    fn new(features: &'f Path, store: Store) -> Self {
        let (kept, parameters) = (Kept::empty(store), Parameters::new());
        Trial { features, store, kept, has_procedures: false, parameters, answer: None, before: State::default() }
    }

    fn begin(&mut self) {
        self.kept = Kept::empty(self.store);
        self.has_procedures = false;
    }

    fn reopen(&mut self) -> Result<(), String> {
        if self.has_procedures { Ok(()) } else { self.kept.reopen() }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let text = step.text.as_str();
        match text {
            "an empty graph" | "any graph" => self.begin(),
            "having executed:" => self.set_up(&step.document)?,
            "parameters are:" | "parameter values are:" => self.set_parameters(&step.table)?,
            "executing query:" | "executing control query:" => {
                self.before = self.state()?;
                self.answer = Some(self.kept.connection.run(&step.document, &self.parameters));
                self.reopen()?;
            }
            "the result should be empty" => {
                let rows = self.rows()?.rows.len();
                if rows > 0 {
                    return Err(format!("{rows} rows where none are wanted"));
                }
            }
            "no side effects" | "there should be no side effects" => self.side_effects(&[])?,
            "the side effects should be:" => self.side_effects(&step.table)?,
            _ if text.starts_with("the result should be") => {
                self.result(&step.table, text.contains(", in order"), text.contains("ignoring element order"))?;
            }
            _ => return self.other_step(step),
        }
        Ok(())
    }

    fn other_step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(name) = step.text.strip_prefix("the ").and_then(|rest| rest.strip_suffix(" graph")) {
            return self.named_graph(name);
        }
        if let Some(signature) = step.text.strip_prefix("there exists a procedure ") {
            let rows = step.table.iter().skip(1).map(|row| row.iter().map(|cell| value(cell)).collect());
            let rows: Vec<Vec<ResultValue>> = rows.collect::<Result<_, String>>()?;
            self.has_procedures = true;
            let registered =
                self.kept.connection.database().register_table(signature.trim_end_matches([':', ' ']), &rows);
            return registered.map_err(|error| error.to_string());
        }
        let words = step.text.strip_prefix("a ").or(step.text.strip_prefix("an ")).unwrap_or(&step.text);
        match words.split_once(" should be raised at ").and_then(|(kind, rest)| Some((kind, rest.split_once(": ")?))) {
            Some((kind, (phase, detail))) => self.error(kind, phase, detail),
            None => Err(format!("unknown step: {}", step.text)),
        }
    }

    fn set_up(&mut self, text: &str) -> Result<(), String> {
        self.kept.connection.run(text, ()).map_err(|error| format!("set-up: {error}"))?;
        self.reopen()
    }

    fn named_graph(&mut self, name: &str) -> Result<(), String> {
        self.begin();
        let folder = self.features.with_file_name("graphs").join(name);
        let path = folder.join(format!("{name}.cypher"));
        let script = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        script.split(";\n").filter(|text| !text.trim().is_empty()).try_for_each(|text| self.set_up(text))
    }

    fn set_parameters(&mut self, table: &[Vec<String>]) -> Result<(), String> {
        self.parameters = Parameters::new();
        for row in table {
            let set = self.parameters.set_result(&row[0], &value(&row[1])?);
            set.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn rows(&self) -> Result<&Answer, String> {
        match &self.answer {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(format!("{}/{}: {error}", error.kind(), error.phase())),
            None => Err("no query was run".to_owned()),
        }
    }

    fn result(&self, table: &[Vec<String>], ordered: bool, loose: bool) -> Result<(), String> {
        let answer = self.rows()?;
        let (columns, cells) = table.split_first().ok_or("the step has no table")?;
        if &answer.columns != columns {
            return Err(format!("columns {:?} where {columns:?} are wanted", answer.columns));
        }
        let loosened = |value: Expected| if loose { value.unordered() } else { value };
        let mut wanted: Vec<Vec<Expected>> = Vec::new();
        for row in cells {
            wanted.push(row.iter().map(|cell| notation::read(cell).map(loosened)).collect::<Result<_, _>>()?);
        }
        let given = answer.rows.iter().map(|row| row.iter().map(|cell| loosened(Expected::of(cell))).collect());
        let mut given: Vec<Vec<Expected>> = given.collect();
        if !ordered {
            wanted.sort();
            given.sort();
        }
        if wanted == given { Ok(()) } else { Err(format!("rows {given:?} where {wanted:?} are wanted")) }
    }

    fn error(&mut self, kind: &str, phase: &str, detail: &str) -> Result<(), String> {
        let error = match &self.answer {
            Some(Err(error)) => error,
            _ => return Err(format!("no error where {kind}/{detail} is wanted")),
        };
        let phase_fits = phase == "any time" || phase.starts_with(error.phase());
        if error.kind() != kind || !phase_fits || (detail != "*" && detail != error.detail()) {
            let given = format!("{}/{}/{}", error.kind(), error.phase(), error.detail());
            return Err(format!("{given} where {kind}/{phase}/{detail} is wanted: {error}"));
        }
        self.side_effects(&[])
    }

    fn side_effects(&mut self, table: &[Vec<String>]) -> Result<(), String> {
        let mut wanted = BTreeMap::new();
        for row in table {
            let number: usize = row[1].parse().map_err(|_| format!("`{}` is no number", row[1]))?;
            if number > 0 {
                wanted.insert(row[0].clone(), number);
            }
        }
        let now = self.state()?;
        let mut given = BTreeMap::new();
        let mut count = |name: &str, added: usize, removed: usize| {
            given.insert(format!("+{name}"), added);
            given.insert(format!("-{name}"), removed);
        };
        let before = &self.before;
        count("nodes", less(&now.nodes, &before.nodes), less(&before.nodes, &now.nodes));
        let (left, right) = (&now.relationships, &before.relationships);
        count("relationships", less(left, right), less(right, left));
        count("properties", less(&now.properties, &before.properties), less(&before.properties, &now.properties));
        count("labels", less(&now.labels, &before.labels), less(&before.labels, &now.labels));
        given.retain(|_, number| *number > 0);
        if given == wanted { Ok(()) } else { Err(format!("side effects {given:?} where {wanted:?} are wanted")) }
    }

    /// Returns what can be observed now.
    fn state(&mut self) -> Result<State, String> {
        let mut state = State::default();
        for text in ["MATCH (n) RETURN n", "MATCH ()-[r]->() RETURN r"] {
            let answer = self.kept.connection.run(text, ()).map_err(|error| error.to_string())?;
            for row in &answer.rows {
                let (id, properties) = match &row[0] {
                    ResultValue::Node(node) => {
                        state.nodes.insert(node.element_id.to_string());
                        state.labels.extend(node.labels.iter().map(ToString::to_string));
                        (&node.element_id, &node.properties)
                    }
                    ResultValue::Relationship(relationship) => {
                        state.relationships.insert(relationship.element_id.to_string());
                        (&relationship.element_id, &relationship.properties)
                    }
                    other => return Err(format!("no element: {other:?}")),
                };
                let triples =
                    properties.iter().map(|(key, held)| (id.to_string(), key.to_string(), Expected::of(held)));
                state.properties.extend(triples);
            }
        }
        Ok(state)
    }
}

fn less<Item: Ord>(left: &BTreeSet<Item>, right: &BTreeSet<Item>) -> usize {
    left.difference(right).count()
}

fn value(cell: &str) -> Result<ResultValue, String> {
    notation::read(cell)?.to_result()
}
