//! WITH and RETURN: items, groups, DISTINCT, ORDER BY, SKIP, LIMIT, and the scope that goes on.

use super::{Generator, Kind, Variable, either, removable};

const ITEM_KINDS: [Kind; 8] =
    [Kind::Integer, Kind::Integer, Kind::Text, Kind::Any, Kind::Any, Kind::Boolean, Kind::List, Kind::Float];

impl Generator<'_> {
    /// Draws the last RETURN.
    pub(super) fn last_return(&mut self) -> String {
        if self.chance.percent(4) && !self.scope.is_empty() && !self.has_any_path() {
            return " RETURN *".to_owned();
        }
        let (distinct, items, columns) = self.projected(false);
        let mut text = format!(" RETURN {distinct}{items}");
        text += &self.last_order(&columns, !distinct.is_empty() || items.contains("count("));
        text
    }

    fn last_order(&mut self, columns: &[Variable], only_columns: bool) -> String {
        let mut text = String::new();
        if self.chance.percent(35) {
            let mut keys = Vec::new();
            for _ in 0..self.chance.between(1, 2) {
                let key = if only_columns || self.chance.percent(60) {
                    self.chance.one(columns).name.clone()
                } else {
                    self.any(1)
                };
                let way = self.way();
                keys.push(format!("{key}{way}"));
            }
            text += &removable(&format!(" ORDER BY {}", keys.join(", ")));
        }
        if self.chance.percent(15) {
            text += &removable(&format!(" SKIP {}", self.chance.below(3)));
        }
        if self.chance.percent(22) {
            text += &removable(&format!(" LIMIT {}", self.chance.below(6)));
        }
        text
    }

    /// Draws a RETURN with columns of these kinds.
    pub(super) fn plain_return(&mut self, kinds: &[Kind]) -> String {
        let mut items = Vec::new();
        for (place, kind) in kinds.iter().enumerate() {
            items.push(format!("{} AS c{place}", self.of(*kind, 1)));
        }
        format!(" RETURN {}", items.join(", "))
    }

    /// Draws a WITH; its columns are the scope afterwards.
    pub(super) fn with(&mut self) -> String {
        if self.scope.is_empty() || self.has_any_path() {
            return String::new();
        }
        if self.chance.percent(15) {
            return removable(&format!(" WITH *{}", removable(&format!(" WHERE {}", self.condition(2)))));
        }
        let (distinct, items, columns) = self.projected(true);
        let mut text = format!(" WITH {distinct}{items}");
        let is_certain = columns.iter().all(|column| !column.is_unordered);
        if is_certain && self.chance.percent(20) {
            // The order must be total, or what goes on would not be certain.
            let keys: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let skip = if self.chance.percent(30) { removable(" SKIP 1") } else { String::new() };
            let order = format!(" ORDER BY {}{skip} LIMIT {}", keys.join(", "), self.chance.between(1, 6));
            text += &removable(&order);
        }
        self.scope = columns;
        if self.chance.percent(35) {
            text += &removable(&format!(" WHERE {}", self.condition(2)));
        }
        text
    }

    pub(super) fn has_any_path(&self) -> bool {
        self.scope.iter().any(|variable| variable.kind == Kind::AnyPath)
    }

    /// Draws the items of a projection; returns `DISTINCT` or nothing, the items and their columns.
    pub(super) fn projected(&mut self, goes_on: bool) -> (&'static str, String, Vec<Variable>) {
        let mut columns: Vec<Variable> = Vec::new();
        let mut items: Vec<String> = Vec::new();
        let kept = self.scope.clone();
        for variable in kept {
            let keeps = variable.kind != Kind::AnyPath && self.chance.percent(if goes_on { 60 } else { 25 });
            if keeps && columns.len() < 5 {
                items.push(variable.name.clone());
                columns.push(variable);
            }
        }
        let is_aggregating = self.chance.percent(35);
        let computed = if is_aggregating { self.chance.below(2) } else { self.chance.below(3) };
        for _ in 0..computed {
            let kind = *self.chance.one(&ITEM_KINDS);
            let item = self.of(kind, 2);
            self.add_column(item, kind, false, &mut items, &mut columns);
        }
        if is_aggregating {
            for _ in 0..self.chance.between(1, 2) {
                let (item, kind, is_unordered) = self.aggregate();
                self.add_column(item, kind, is_unordered, &mut items, &mut columns);
            }
        }
        if items.is_empty() {
            let item = self.any(2);
            self.add_column(item, Kind::Any, false, &mut items, &mut columns);
        }
        let distinct = if self.chance.percent(18) { "DISTINCT " } else { "" };
        (distinct, items.join(", "), columns)
    }

    fn add_column(
        &mut self,
        item: String,
        kind: Kind,
        is_unordered: bool,
        items: &mut Vec<String>,
        columns: &mut Vec<Variable>,
    ) {
        let name = self.name("v");
        items.push(format!("{item} AS {name}"));
        columns.push(Variable { name, kind, is_unordered });
    }

    fn aggregate(&mut self) -> (String, Kind, bool) {
        let distinct = if self.chance.percent(30) { removable("DISTINCT ") } else { String::new() };
        let (item, kind, is_unordered) = match self.chance.below(12) {
            0..=2 => ("count(*)".to_owned(), Kind::Integer, false),
            3 | 4 => (format!("count({distinct}{})", self.any(1)), Kind::Integer, false),
            5 => (format!("sum({distinct}{})", self.integer(1)), Kind::Integer, false),
            6 => (format!("sum({distinct}{})", self.number(1)), Kind::Float, false),
            7 => (format!("avg({distinct}{})", self.number(1)), Kind::Float, false),
            8 => {
                let function = *self.chance.one(&["min", "max"]);
                (format!("{function}({distinct}{})", self.any(1)), Kind::Any, false)
            }
            9 => {
                let function = *self.chance.one(&["stDev", "stDevP"]);
                (format!("{function}({distinct}{})", self.integer(1)), Kind::Float, false)
            }
            10 => {
                let function = *self.chance.one(&["percentileCont", "percentileDisc"]);
                let share = *self.chance.one(&["0", "0.5", "0.3", "1.0"]);
                (format!("{function}({distinct}{}, {share})", self.number(1)), Kind::Any, false)
            }
            _ if self.chance.percent(30) => (format!("size(collect({distinct}{}))", self.any(1)), Kind::Integer, false),
            _ => (format!("collect({distinct}{})", self.any(1)), Kind::List, true),
        };
        if kind == Kind::Integer && self.chance.percent(15) {
            return (either(&[&item, &format!("({item} + 1)")]), kind, is_unordered);
        }
        (item, kind, is_unordered)
    }
}
