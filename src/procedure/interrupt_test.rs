//! Every algorithm hears that it is to stop: no run goes on to its end over a graph that is too large for the patience left.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::value::{Map, NodeId, Value};
use crate::vector::Threads;

use super::sample::graph;
use super::{Interrupt, ProcedureContext, Registry};

/// Stops once so much work was told.
struct Patience(AtomicUsize);

impl Interrupt for Patience {
    fn tick(&self, work: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
        let left = self.0.load(Ordering::Relaxed).saturating_sub(work);
        self.0.store(left, Ordering::Relaxed);
        if left == 0 { Err("stopped".into()) } else { Ok(()) }
    }
}

#[test]
fn every_algorithm_stops_when_it_is_told() {
    let ring: Vec<(u32, u32, i64)> = (0..400).map(|node| (node, (node + 1) % 400, 1)).collect();
    let snapshot = graph(400, &ring);
    let registry = Registry::default();
    let mut tried = 0;
    for procedure in registry.all().filter(|procedure| procedure.signature.name.starts_with("algo.")) {
        let name = &procedure.signature.name;
        let mut options = Map::default();
        if name.ends_with("distances") || name.ends_with("shortestPath") {
            options = [("source".into(), Value::Node(NodeId(0)))].into_iter().collect();
        }
        if name.ends_with("shortestPath") {
            options = [("source".into(), Value::Node(NodeId(0))), ("target".into(), Value::Node(NodeId(399)))]
                .into_iter()
                .collect();
        }
        let interrupt = Patience(AtomicUsize::new(500));
        let context = ProcedureContext {
            snapshot: &snapshot,
            registry: &registry,
            interrupt: &interrupt,
            threads: &Threads::new(1),
            writer: None,
        };
        let outcome = procedure.call(&[Value::Map(options)], &context);
        assert!(outcome.is_err_and(|error| error.to_string() == "stopped"), "{name} went on to its end");
        tried += 1;
    }
    assert!(tried >= 12, "only {tried} algorithms were tried");
}
