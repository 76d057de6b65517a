//! Patterns: chains, circles, several types, both directions, chains of variable length, repeated groups, shortest paths.

use super::{Generator, Kind, either, removable};
use crate::oracle::graph::{LABELS, TYPES};

/// Where an arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrow {
    /// From left to right.
    Right,
    /// From right to left.
    Left,
    /// Either way.
    Both,
}

/// A path as it is written: nodes, and what stands between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    /// What stands inside each pair of parentheses.
    pub(super) nodes: Vec<String>,
    /// The nodes' names, where they have one.
    pub(super) names: Vec<Option<String>>,
    /// What stands inside each pair of brackets, what follows the arrow, and the arrow.
    pub(super) steps: Vec<(String, String, Arrow)>,
}

impl Chain {
    /// Returns the text of the chain.
    pub(super) fn text(&self) -> String {
        let mut text = format!("({})", self.nodes[0]);
        for ((inside, after, arrow), node) in self.steps.iter().zip(&self.nodes[1..]) {
            text += &step_text(inside, after, *arrow);
            text += &format!("({node})");
        }
        text
    }

    /// Returns the text of the same chain written from its end.
    pub(super) fn reversed(&self) -> String {
        let turned = self.steps.iter().rev().map(|(inside, after, arrow)| {
            let arrow = match arrow {
                Arrow::Right => Arrow::Left,
                Arrow::Left => Arrow::Right,
                Arrow::Both => Arrow::Both,
            };
            (inside.clone(), after.clone(), arrow)
        });
        let nodes = self.nodes.iter().rev().cloned().collect();
        Chain { nodes, names: self.names.iter().rev().cloned().collect(), steps: turned.collect() }.text()
    }

    /// Returns the text of the same steps, each as a path of its own; all nodes need names.
    pub(super) fn split(&self) -> String {
        let part = |place: usize| {
            let (inside, after, arrow) = &self.steps[place];
            let left = match (place, &self.names[place]) {
                (0, _) | (_, None) => self.nodes[place].clone(),
                (_, Some(name)) => name.clone(),
            };
            format!("({left}){}({})", step_text(inside, after, *arrow), self.nodes[place + 1])
        };
        (0..self.steps.len()).map(part).collect::<Vec<_>>().join(", ")
    }
}

fn step_text(inside: &str, after: &str, arrow: Arrow) -> String {
    match arrow {
        Arrow::Right => format!("-[{inside}]->{after}"),
        Arrow::Left => format!("<-[{inside}]-{after}"),
        Arrow::Both => format!("-[{inside}]-{after}"),
    }
}

impl Generator<'_> {
    /// Draws what stands after MATCH; its variables come into scope.
    pub(super) fn match_pattern(&mut self) -> String {
        let count = self.chance.weighted(&[75, 20, 5]) + 1;
        let mut used = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..count {
            let part = match self.chance.below(20) {
                0 => self.shortest(),
                1 => self.repeated_group(),
                2 if self.chance.percent(60) => self.selected_chain(),
                _ => self.named_chain(&mut used),
            };
            parts.push(part);
        }
        let (first, rest) = parts.split_first().expect("there is a part");
        let rest: String = rest.iter().map(|part| removable(&format!(", {part}"))).collect();
        format!("{first}{rest}")
    }

    fn named_chain(&mut self, used: &mut Vec<String>) -> String {
        let steps = self.chance.weighted(&[20, 45, 25, 10]);
        let chain = self.chain(steps, used, true, false);
        if self.chance.percent(15) {
            let path = self.name("p");
            self.add(&path, Kind::Path);
            return format!("{path} = {}", chain.text());
        }
        chain.text()
    }

    /// Draws a chain of so many steps. Names are given only where something may come into scope.
    pub(super) fn chain(&mut self, steps: usize, used: &mut Vec<String>, declares: bool, all_named: bool) -> Chain {
        let mut chain = Chain::default();
        self.chain_node(&mut chain, declares, all_named);
        for _ in 0..steps {
            let step = self.chain_step(used, declares);
            chain.steps.push(step);
            self.chain_node(&mut chain, declares, all_named);
        }
        chain
    }

    fn chain_node(&mut self, chain: &mut Chain, declares: bool, all_named: bool) {
        let known = self.of_kind(Kind::Node);
        let name = if !known.is_empty() && self.chance.percent(30) {
            Some(self.chance.one(&known).clone())
        } else if declares && (all_named || self.chance.percent(75)) {
            let name = self.name("n");
            self.add(&name, Kind::Node);
            Some(name)
        } else {
            None
        };
        let label = if self.chance.percent(35) { removable(&self.label()) } else { String::new() };
        let properties =
            if self.chance.percent(8) { removable(&self.property_map(&["n", "s", "m"])) } else { String::new() };
        let filter = match &name {
            Some(name) if declares && !known.contains(name) && self.chance.percent(7) => {
                self.own_filter(&[(name.clone(), Kind::Node)]).unwrap_or_default()
            }
            _ => String::new(),
        };
        chain.nodes.push(format!("{}{label}{properties}{filter}", name.as_deref().unwrap_or_default()));
        chain.names.push(name);
    }

    fn chain_step(&mut self, used: &mut Vec<String>, declares: bool) -> (String, String, Arrow) {
        let arrow = *self.chance.one(&[Arrow::Right, Arrow::Right, Arrow::Left, Arrow::Both, Arrow::Both]);
        let types = if self.chance.percent(45) { removable(&self.types()) } else { String::new() };
        let (length, after) = if self.chance.percent(15) { self.length(arrow) } else { (String::new(), String::new()) };
        let is_chain = !length.is_empty() || !after.is_empty();
        let kind = if is_chain { Kind::Relationships } else { Kind::Relationship };
        let mut name = String::new();
        let bound: Vec<String> = self.of_kind(kind).into_iter().filter(|name| !used.contains(name)).collect();
        if !bound.is_empty() && self.chance.percent(5) {
            name = self.chance.one(&bound).clone();
        } else if declares && self.chance.percent(50) {
            name = self.name("r");
            self.add(&name, kind);
        }
        if !name.is_empty() {
            used.push(name.clone());
        }
        let properties =
            if self.chance.percent(6) { removable(&self.property_map(&["n", "s"])) } else { String::new() };
        let mut filter = String::new();
        if !is_chain && declares && name.len() > 1 && !bound.contains(&name) && self.chance.percent(7) {
            filter = self.own_filter(&[(name.clone(), Kind::Relationship)]).unwrap_or_default();
        }
        (format!("{name}{types}{length}{properties}{filter}"), after, arrow)
    }

    /// Draws how long a chain may be: openCypher's star, or GQL's quantifier behind the arrow.
    fn length(&mut self, arrow: Arrow) -> (String, String) {
        let open = arrow != Arrow::Both && self.chance.percent(15);
        if self.chance.percent(60) {
            let star = if open {
                *self.chance.one(&["*", "*2..", "*0.."])
            } else {
                self.chance.one(&["*1..2", "*2", "*0..1", "*1..3", "*0..2", "*2..3", "*0"])
            };
            (star.to_owned(), String::new())
        } else {
            let quantifier = if open {
                *self.chance.one(&["+", "*", "{2,}"])
            } else {
                self.chance.one(&["{1,2}", "{2}", "{0,1}", "{1,3}", "{,2}"])
            };
            (String::new(), quantifier.to_owned())
        }
    }

    /// Draws a label expression with its colon.
    pub(super) fn label(&mut self) -> String {
        let mut name = || (*self.chance.one(&LABELS)).to_owned();
        let (left, right) = (name(), name());
        let drawn = match self.chance.below(10) {
            0 => format!("{left}|{right}"),
            1 => format!("{left}&{right}"),
            2 => format!("!{left}"),
            3 => "%".to_owned(),
            4 => format!("{left}&!{right}"),
            5 => format!("({left}|{right})&!C"),
            6 => "Unknown".to_owned(),
            _ => left,
        };
        let colon = if self.chance.percent(10) { " IS " } else { ":" };
        format!("{colon}{drawn}")
    }

    fn types(&mut self) -> String {
        let mut name = || (*self.chance.one(&TYPES)).to_owned();
        let (left, right) = (name(), name());
        let drawn = match self.chance.below(8) {
            0 | 1 => format!("{left}|{right}"),
            2 => format!("!{left}"),
            3 if self.chance.percent(30) => "Unknown".to_owned(),
            _ => left,
        };
        format!(":{drawn}")
    }

    fn property_map(&mut self, keys: &[&str]) -> String {
        let key = *self.chance.one(keys);
        let value = match key {
            "n" => self.integer(1),
            "s" => self.text(1),
            _ => self.any(1),
        };
        format!(" {{{key}: {value}}}")
    }

    /// Draws a path selected among others, between nodes of its own or of before.
    fn shortest(&mut self) -> String {
        let mut chain = Chain::default();
        self.chain_node(&mut chain, true, true);
        let arrow = *self.chance.one(&[Arrow::Right, Arrow::Left, Arrow::Both]);
        let types = if self.chance.percent(30) { removable(&self.types()) } else { String::new() };
        self.chain_node(&mut chain, true, true);
        if self.chance.percent(10) {
            // Which of the walks are taken is open, so only their ends have a name.
            chain.steps.push((types, (*self.chance.one(&["{1,2}", "{1,3}", "{0,2}"])).to_owned(), arrow));
            return format!("{}{}", self.chance.one(&["ANY ", "ANY 2 ", "ANY 2 ACYCLIC ", "ANY WALK "]), chain.text());
        }
        let path = self.name("p");
        let is_certain = self.chance.percent(60);
        self.add(&path, if is_certain { Kind::Path } else { Kind::AnyPath });
        if self.chance.percent(40) {
            let star = *self.chance.one(&["*", "*..3", "*1..2", "*0..2"]);
            chain.steps.push((format!("{types}{star}"), String::new(), arrow));
            let function = if is_certain { "allShortestPaths" } else { "shortestPath" };
            return format!("{path} = {function}({})", chain.text());
        }
        let quantifier = *self.chance.one(&["+", "*", "{1,3}", "{2,3}"]);
        chain.steps.push((types, quantifier.to_owned(), arrow));
        let (selector, mode) = (self.selector(is_certain), self.mode());
        format!("{path} = {}{}", with_mode(selector, mode), chain.text())
    }

    fn selector(&mut self, is_certain: bool) -> &'static str {
        match is_certain {
            true => ["ALL SHORTEST", "SHORTEST 1 GROUPS", "SHORTEST 2 GROUPS"][self.chance.below(3)],
            false => ["ANY SHORTEST", "SHORTEST 1", "SHORTEST 2"][self.chance.below(3)],
        }
    }

    fn mode(&mut self) -> &'static str {
        ["", "", "", "TRAIL ", "ACYCLIC ", "SIMPLE ", "WALK "][self.chance.below(7)]
    }

    /// Draws a path of several chains of which some are chosen; its inner variables are its own.
    fn selected_chain(&mut self) -> String {
        let is_certain = self.chance.percent(70);
        let mut ends = Chain::default();
        self.chain_node(&mut ends, true, true);
        self.chain_node(&mut ends, true, true);
        let end_names: Vec<String> = ends.names.iter().flatten().cloned().collect();
        let mut own: Vec<(String, Kind)> = end_names.iter().map(|name| (name.clone(), Kind::Node)).collect();
        let mut text = String::new();
        let links = self.chance.between(1, 3);
        for place in 0..links {
            let arrow = *self.chance.one(&[Arrow::Right, Arrow::Right, Arrow::Left, Arrow::Both]);
            let types = if self.chance.percent(35) { removable(&self.types()) } else { String::new() };
            let after =
                if self.chance.percent(40) { *self.chance.one(&["{1,2}", "{0,1}", "{2}", "{0,2}"]) } else { "" };
            let name = self.name("r");
            text += &step_text(&format!("{name}{types}"), after, arrow);
            own.push((name, if after.is_empty() { Kind::Relationship } else { Kind::Relationships }));
            if place + 1 < links {
                let name = self.name("n");
                let label = if self.chance.percent(30) { removable(&self.label()) } else { String::new() };
                text += &format!("({name}{label})");
                own.push((name, Kind::Node));
            }
        }
        let filter = if self.chance.percent(35) { self.own_filter(&own) } else { None };
        let mut whole = format!("({}){text}({})", ends.nodes[0], ends.nodes[1]);
        if let Some(filter) = filter {
            whole = format!("({whole}{filter})");
        }
        let path = self.name("p");
        let (selector, mode) = (self.selector(is_certain), self.mode());
        self.add(&path, if is_certain { Kind::Path } else { Kind::AnyPath });
        if is_certain {
            own.iter().filter(|(name, _)| !end_names.contains(name)).for_each(|(name, kind)| self.add(name, *kind));
        }
        format!("{path} = {}{whole}", with_mode(selector, mode))
    }

    /// Draws a condition over these variables alone.
    fn own_filter(&mut self, own: &[(String, Kind)]) -> Option<String> {
        let drawn = self.inside(|generator| {
            generator.scope.clear();
            own.iter().for_each(|(name, kind)| generator.add(name, *kind));
            generator.condition(1)
        });
        Some(removable(&format!(" WHERE {drawn}")))
    }

    /// Draws a group that is walked several times.
    fn repeated_group(&mut self) -> String {
        let known = self.of_kind(Kind::Node);
        let mut ends = Vec::new();
        for _ in 0..2 {
            ends.push(if !known.is_empty() && self.chance.percent(40) {
                self.chance.one(&known).clone()
            } else {
                let name = self.name("n");
                self.add(&name, Kind::Node);
                name
            });
        }
        let (first, step, last) = (self.name("n"), self.name("r"), self.name("n"));
        let arrow = *self.chance.one(&[Arrow::Right, Arrow::Left, Arrow::Both]);
        let types = if self.chance.percent(40) { removable(&self.types()) } else { String::new() };
        let inner_kinds = [(first.clone(), Kind::Node), (step.clone(), Kind::Relationship), (last.clone(), Kind::Node)];
        let filter =
            if self.chance.percent(40) { self.own_filter(&inner_kinds).unwrap_or_default() } else { String::new() };
        let mut inner = format!("({first}){}({last})", step_text(&format!("{step}{types}"), "", arrow));
        if self.chance.percent(40) {
            inner = format!("{inner}{}()", step_text("", "", *self.chance.one(&[Arrow::Right, Arrow::Left])));
        }
        if self.chance.percent(15) {
            return self.nested_group(&ends, &inner, &filter, [&first, &step, &last]);
        }
        let quantifier = *self.chance.one(&["{1,2}", "{2}", "{0,2}", "{1,3}", "{0,1}"]);
        self.add(&first, Kind::Nodes);
        self.add(&step, Kind::Relationships);
        self.add(&last, Kind::Nodes);
        let group = format!("({})({inner}{filter}){quantifier}({})", ends[0], ends[1]);
        if self.chance.percent(45) {
            let path = self.name("p");
            self.add(&path, Kind::Path);
            let choice = match self.chance.below(4) {
                0 => with_mode(self.selector(true), self.mode()),
                1 => self.mode().to_owned(),
                _ => String::new(),
            };
            return either(&[&group, &format!("{path} = {choice}{group}")]);
        }
        group
    }

    /// Draws a group that is walked several times within another, with a name of its own.
    fn nested_group(&mut self, ends: &[String], inner: &str, filter: &str, names: [&String; 3]) -> String {
        let (part, node) = (self.name("q"), self.name("n"));
        let (within, around) = (*self.chance.one(&["{1,2}", "{2}", "{1}"]), *self.chance.one(&["{1,2}", "{0,1}"]));
        names.iter().for_each(|name| self.add(name, Kind::List));
        self.add(&part, Kind::List);
        self.add(&node, Kind::Nodes);
        let nested = format!("({part} = {inner}{filter}){within}({node})");
        format!("({})({nested}){around}({})", ends[0], ends[1])
    }
}

fn with_mode(selector: &str, mode: &str) -> String {
    // The word GROUPS stands behind the mode.
    match selector.strip_suffix(" GROUPS") {
        Some(start) => format!("{start} {mode}GROUPS "),
        None => format!("{selector} {mode}"),
    }
}
