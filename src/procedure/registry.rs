//! The procedures of a database: those that are built in, and those that its caller registers.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use smol_str::SmolStr;

use crate::value::Value;

use super::{
    Procedure, ProcedureBody, Signature, centrality, claims, claims_writing, community, component, coverage, pagerank,
    schema, search, search_text, way,
};

/// What is built in, by lower-case name.
static BUILTIN: LazyLock<BTreeMap<String, Arc<Procedure>>> = LazyLock::new(|| {
    let themes = [
        schema::procedures(),
        pagerank::procedures(),
        component::procedures(),
        centrality::procedures(),
        community::procedures(),
        way::procedures(),
        search::procedures(),
        search_text::procedures(),
        claims::procedures(),
        claims_writing::procedures(),
        coverage::procedures(),
    ];
    let all = themes.into_iter().flatten();
    all.map(|procedure| (procedure.signature.name.to_ascii_lowercase(), Arc::new(procedure))).collect()
});

/// The procedures that can be called. A clone shares them.
#[derive(Clone, Debug)]
pub struct Registry {
    by_name: BTreeMap<String, Arc<Procedure>>,
}

impl Default for Registry {
    fn default() -> Self {
        Registry { by_name: BUILTIN.clone() }
    }
}

impl Registry {
    /// Returns the procedure of this name, in any case of letters.
    pub fn find(&self, name: &str) -> Option<&Arc<Procedure>> {
        self.by_name.get(name.to_ascii_lowercase().as_str())
    }

    /// Returns all procedures, in order of name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Procedure>> {
        self.by_name.values()
    }

    /// Returns the names of all procedures, in order.
    pub fn names(&self) -> impl Iterator<Item = &SmolStr> {
        self.all().map(|procedure| &procedure.signature.name)
    }

    /// Adds a procedure, in place of one that has its name.
    pub fn register(&mut self, procedure: Procedure) {
        self.by_name.insert(procedure.signature.name.to_ascii_lowercase(), Arc::new(procedure));
    }

    /// Adds a procedure that looks up rows: of each row the first values are what the arguments must equal, the others the results.
    ///
    /// # Errors
    /// Says in words what is wrong with the signature's text, or with a row.
    pub fn register_table(&mut self, signature: &str, rows: Vec<Vec<Value>>) -> Result<(), String> {
        let signature = Signature::parse(signature)?;
        let width = signature.inputs.len() + signature.outputs.len();
        if let Some(place) = rows.iter().position(|row| row.len() != width) {
            return Err(format!("row {} has {} values, but the signature names {width}", place + 1, rows[place].len()));
        }
        let (summary, example) = ("registered by the caller", "");
        self.register(Procedure { signature, summary, example, body: ProcedureBody::Table(rows) });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Snapshot;
    use crate::procedure::{NoInterrupt, ProcedureContext};
    use crate::value::literal;
    use crate::vector::Threads;

    fn call(registry: &Registry, name: &str, arguments: &[Value]) -> Result<Vec<String>, String> {
        let snapshot = Snapshot::empty();
        let context = ProcedureContext {
            snapshot: &snapshot,
            registry,
            interrupt: &NoInterrupt,
            threads: &Threads::new(1),
            writer: None,
        };
        let procedure = registry.find(name).ok_or("there is no such procedure")?;
        let columns = procedure.call(arguments, &context).map_err(|error| error.to_string())?;
        let rows = columns.first().map_or(0, |column| column.len());
        let row = |row: usize| columns.iter().map(|column| literal(&column.value(row))).collect::<Vec<_>>().join(" ");
        Ok((0..rows).map(row).collect())
    }

    #[test]
    fn a_table_answers_with_the_rows_of_its_arguments() {
        let mut registry = Registry::default();
        let row = |name: &str, id, city: &str| vec![Value::string(name), Value::Integer(id), Value::string(city)];
        let rows = vec![row("Stefan", 1, "Berlin"), row("Stefan", 2, "München"), row("Petra", 1, "London")];
        let signature = "test.cities(name :: STRING?, id :: FLOAT?) :: (city :: STRING?)";
        registry.register_table(signature, rows).expect("it is well formed");
        let stefan = [Value::string("Stefan"), Value::Integer(2)];
        assert_eq!(call(&registry, "TEST.cities", &stefan), Ok(vec!["'München'".to_owned()]));
        assert!(call(&registry, "test.cities", &[Value::Integer(1), Value::Integer(2)]).is_err());
        assert!(call(&registry, "test.cities", &[]).is_err());
        assert!(registry.register_table("test.wrong() :: (a :: ANY)", vec![vec![]]).is_err());
    }

    #[test]
    fn every_procedure_says_how_it_is_called() {
        let registry = Registry::default();
        for procedure in registry.all() {
            let name = &procedure.signature.name;
            assert!(procedure.example.contains(name.as_str()), "the example of {name} calls it");
            assert!(!procedure.summary.is_empty() && !procedure.summary.ends_with('.'), "the summary of {name}");
        }
    }

    #[test]
    fn procedures_list_themselves() {
        let listed = call(&Registry::default(), "db.procedures", &[]).expect("it takes nothing");
        assert!(
            listed.iter().any(|row| row.starts_with("'db.labels' 'db.labels() :: (label :: STRING)'")),
            "{listed:?}"
        );
    }
}
