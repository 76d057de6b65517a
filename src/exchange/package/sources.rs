//! The nodes of a package: the rows of `entities`, and one a document of `sources.csv`.

use smol_str::SmolStr;

use crate::knowledge::SourceDeclaration;
use crate::tabular::split_list;
use crate::value::Value;

use super::facts::{NO_NODE, NodeFact, Resolver};
use super::place::Misfit;
use super::rows::{EMPTY, Row, RowPlace, TextId};
use super::value::read_values;

impl Resolver<'_> {
    /// Adds all nodes, in order of id.
    pub(super) fn add_nodes(&mut self) {
        let mut rows: Vec<(TextId, RowPlace, NodeFact)> = Vec::new();
        let package = self.package;
        for row in &package.entities {
            let labels = self.labels_of(row);
            rows.push((row.cells[0], row.place, self.node_fact(row.cells[0], labels)));
        }
        for row in &package.sources {
            let Some(source) = self.source_fact(row) else { continue };
            self.source_texts.insert(source.0);
            rows.push(source);
        }
        rows.sort_by_key(|(id, place, _)| (*id, *place));
        for (id, place, node) in rows {
            self.check_id(id, place);
            if id != EMPTY && self.node_of_text[id as usize] != NO_NODE {
                self.refuse(Misfit::new(place, "id", format!("id `{}` names two nodes", node.id)));
                continue;
            }
            self.node_of_text[id as usize] = self.facts.nodes.len() as u32;
            self.facts.nodes.push(node);
        }
    }

    fn node_fact(&self, id: TextId, mut labels: Vec<SmolStr>) -> NodeFact {
        labels.sort_unstable();
        labels.dedup();
        NodeFact { id: self.package.text(id).clone(), labels, properties: Vec::new() }
    }

    fn labels_of(&mut self, row: &Row<[TextId; 2]>) -> Vec<SmolStr> {
        let text = self.package.text(row.cells[1]);
        let labels: Vec<SmolStr> = match split_list(text) {
            // A node has a label, so that an empty cell is one that is not declared.
            Ok(labels) if labels.is_empty() => vec![SmolStr::default()],
            Ok(labels) => labels.into_iter().map(SmolStr::from).collect(),
            Err(problem) => {
                self.refuse(Misfit::new(row.place, "labels", problem.to_string()));
                return Vec::new();
            }
        };
        for label in &labels {
            let Some(declared) = self.facts.schema.labels.get(label.as_str()) else {
                let known = self.facts.schema.labels.keys().map(String::as_str);
                let misfit = Misfit::new(row.place, "labels", format!("label `{label}` is not declared"));
                let misfit = misfit.nearest(label, known);
                self.refuse(misfit);
                continue;
            };
            let implied = |name: &&String| !labels.iter().any(|label| label == name.as_str());
            if let Some(missing) = declared.implies.iter().find(implied) {
                let message = format!("label `{label}` wants label `{missing}` beside it");
                self.refuse(Misfit::new(row.place, "labels", message));
            }
        }
        labels
    }

    /// Returns the node of a document.
    fn source_fact(&mut self, row: &Row<Vec<TextId>>) -> Option<(TextId, RowPlace, NodeFact)> {
        let package = self.package;
        let Some(declared) = self.facts.schema.source.clone() else {
            self.refuse(Misfit::new(row.place, "id", "graph.toml declares no [source], so there can be none"));
            return None;
        };
        let mut id = EMPTY;
        let mut properties = Vec::new();
        for (column, cell) in package.source_columns.iter().zip(&row.cells) {
            let column = package.text(*column);
            if column == "id" {
                id = *cell;
                continue;
            }
            let property = &source_property(column, &declared);
            let values = match self.facts.schema.properties.get(property.as_str()) {
                None => Err(format!("property `{property}` is not declared")),
                Some(_) if *cell == EMPTY => continue,
                Some(declared) => read_values(package.text(*cell), declared).map(|values| (values, declared.many)),
            };
            match values {
                Ok((values, true)) => properties.push((property.clone(), Value::list(values))),
                Ok((values, false)) => properties.extend(values.into_iter().map(|one| (property.clone(), one))),
                // The columns' names are not static; the row is place enough.
                Err(message) => self.refuse(Misfit::new(row.place, "id", format!("`{column}`: {message}"))),
            }
        }
        let mut node = self.node_fact(id, vec![SmolStr::new(&declared.label)]);
        node.properties = properties;
        Some((id, row.place, node))
    }

    fn check_id(&mut self, id: TextId, place: RowPlace) {
        let text = self.package.text(id);
        let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'|';
        let message = match text.is_empty() {
            true => "`id` is empty".to_owned(),
            false if !text.bytes().all(allowed) => format!("id `{text}` has more than ASCII letters, digits and signs"),
            false => return,
        };
        self.refuse(Misfit::new(place, "id", message));
    }
}

/// Returns the property that a column of `sources.csv` sets: titles and dates have declared ones, `title_en` goes with `title`.
pub fn source_property(column: &SmolStr, declared: &SourceDeclaration) -> SmolStr {
    match column.as_str() {
        "id" => SmolStr::new(&declared.id),
        "published" => SmolStr::new(&declared.date),
        "kind" => SmolStr::new(&declared.kind),
        _ => match column.strip_prefix("title") {
            Some(language) if language.is_empty() || language.starts_with('_') => {
                smol_str::format_smolstr!("{}{language}", declared.title)
            }
            _ => column.clone(),
        },
    }
}

/// Returns the column of `sources.csv` that sets a property.
pub fn source_column(property: &SmolStr, declared: &SourceDeclaration) -> SmolStr {
    let title = property.strip_prefix(declared.title.as_str()).filter(|_| !declared.title.is_empty());
    match title {
        Some(language) if language.is_empty() || language.starts_with('_') => {
            smol_str::format_smolstr!("title{language}")
        }
        _ if *property == declared.date => SmolStr::new_static("published"),
        _ if *property == declared.kind => SmolStr::new_static("kind"),
        _ => property.clone(),
    }
}
