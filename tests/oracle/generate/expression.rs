//! Expressions of a wanted kind. They rarely fail: a property that may hold anything is compared, not computed with.

use super::{Generator, Kind, either};
use crate::oracle::graph::TEXTS;

impl Generator<'_> {
    /// Draws an expression of a kind.
    pub(super) fn of(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Kind::Integer => self.integer(depth),
            Kind::Float => self.number(depth),
            Kind::Text => self.text(depth),
            Kind::Boolean => self.condition(depth),
            Kind::List => self.list(depth),
            Kind::Any => self.any(depth),
            other => match self.any_of_kind(other) {
                Some(name) if other == Kind::Node && self.chance.percent(10) => {
                    format!("coalesce({name}, {name})")
                }
                Some(name) => name,
                None => "null".to_owned(),
            },
        }
    }

    /// Returns an expression that gives a property of an element in scope; the other where there is none.
    fn property(&mut self, key: &str, on_relationships: bool, otherwise: &str) -> String {
        let mut elements = self.of_kind(Kind::Node);
        if on_relationships {
            elements.extend(self.of_kind(Kind::Relationship));
        }
        if elements.is_empty() { otherwise.to_owned() } else { format!("{}.{key}", self.chance.one(&elements)) }
    }

    /// Draws an integer.
    pub(super) fn integer(&mut self, depth: usize) -> String {
        let leaf = self.integer_leaf();
        if depth == 0 || self.chance.percent(45) {
            return leaf;
        }
        let below = depth - 1;
        let drawn = match self.chance.below(18) {
            15..=17 => self.converted_integer(below),
            0 => format!("({} + {})", self.integer(below), self.integer(below)),
            1 => format!("({} - {})", self.integer(below), self.integer(below)),
            2 => format!("({} * {})", self.integer(below), self.chance.below(3)),
            3 => format!("({} % {})", self.integer(below), self.chance.between(1, 3)),
            4 => format!("({} / {})", self.integer(below), self.chance.between(1, 3)),
            5 => format!("size({})", self.text(below)),
            6 | 7 => format!("size({})", self.list(below)),
            8 => format!(
                "CASE WHEN {} THEN {} ELSE {} END",
                self.condition(below),
                self.integer(below),
                self.integer(below)
            ),
            9 => format!("coalesce({}, {})", self.integer(below), self.integer(below)),
            10 => format!("abs(-{})", self.integer(below)),
            11 => match self.any_of_kind(Kind::Path).or_else(|| self.any_of_kind(Kind::AnyPath)) {
                Some(path) => format!("length({path})"),
                None => format!("sign({})", self.integer(below)),
            },
            12 => format!("toInteger({})", self.number(below)),
            13 if self.nesting < 2 => self.count_subquery(),
            _ => format!("CASE {} WHEN {} THEN {} END", self.any(below), self.any(below), self.integer(below)),
        };
        either(&["1", &leaf, &drawn])
    }

    fn integer_leaf(&mut self) -> String {
        match self.chance.below(9) {
            0 | 1 => self.chance.below(5).to_string(),
            8 => "$i".to_owned(),
            2 => match self.any_of_kind(Kind::Integer) {
                Some(name) => name,
                None => "2".to_owned(),
            },
            3 if self.chance.percent(10) => "null".to_owned(),
            _ => self.property("n", true, "3"),
        }
    }

    /// Draws a number: an integer or a float.
    pub(super) fn number(&mut self, depth: usize) -> String {
        match self.chance.below(10) {
            8 if depth > 0 => self.converted_number(depth - 1),
            9 => "$f".to_owned(),
            0 if depth > 0 => format!("({} + {})", self.number(depth - 1), self.number(depth - 1)),
            1 if depth > 0 => format!("({} * 0.5)", self.number(depth - 1)),
            2 if depth > 0 => format!("({} / 2.0)", self.integer(depth - 1)),
            3 => "1.5".to_owned(),
            4 => match self.any_of_kind(Kind::Float) {
                Some(name) => name,
                None => "-0.5".to_owned(),
            },
            5 => self.integer(depth),
            _ => self.property("f", false, "0.25"),
        }
    }

    /// Draws a string.
    pub(super) fn text(&mut self, depth: usize) -> String {
        let leaf = match self.chance.below(6) {
            5 => "$s".to_owned(),
            0 => format!("'{}'", self.chance.one(&TEXTS)),
            1 => self.any_of_kind(Kind::Text).unwrap_or_else(|| "'ab'".to_owned()),
            _ => self.property("s", true, "'a'"),
        };
        if depth == 0 || self.chance.percent(50) {
            return leaf;
        }
        let below = depth - 1;
        let drawn = match self.chance.below(14) {
            10..=13 => self.converted_text(below),
            0 => format!("({} + {})", self.text(below), self.text(below)),
            9 => format!("({} || {})", self.text(below), self.text(below)),
            1 => format!("toString({})", self.integer(below)),
            2 => format!("toUpper({})", self.text(below)),
            3 => format!("substring({}, {})", self.text(below), self.chance.below(2)),
            4 => match self.any_of_kind(Kind::Relationship) {
                Some(relationship) => format!("type({relationship})"),
                None => format!("left({}, 1)", self.text(below)),
            },
            5 => format!("CASE WHEN {} THEN {} ELSE {} END", self.condition(below), self.text(below), self.text(below)),
            6 => format!("replace({}, 'a', 'c')", self.text(below)),
            7 => format!("coalesce({}, {})", self.text(below), self.text(below)),
            _ => format!("trim({})", self.text(below)),
        };
        either(&["'a'", &leaf, &drawn])
    }

    /// Draws a truth value.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        let leaf = self.simple_condition(depth.saturating_sub(1));
        if depth == 0 || self.chance.percent(35) {
            return leaf;
        }
        let below = depth - 1;
        let left = self.condition(below);
        let drawn = match self.chance.below(12) {
            0..=2 => either(&[&left, &leaf, &format!("({left} AND {leaf})")]),
            3..=5 => either(&[&left, &leaf, &format!("({left} OR {leaf})")]),
            6 => either(&[&left, &leaf, &format!("({left} XOR {leaf})")]),
            7 => either(&[&left, &format!("NOT {left}")]),
            8 => either(&[&left, &format!("({left}) IS NULL")]),
            9 if self.nesting < 2 => self.exists_subquery(),
            10 if self.nesting < 2 => self.pattern_predicate(),
            _ => self.quantifier(below),
        };
        either(&["true", &drawn])
    }

    fn simple_condition(&mut self, depth: usize) -> String {
        const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];
        let comparison = *self.chance.one(&COMPARISONS);
        let drawn = match self.chance.below(21) {
            16..=20 => self.tested(depth, comparison),
            0..=2 => format!("{} {comparison} {}", self.integer(depth), self.integer(depth)),
            3 => format!("{} {comparison} {}", self.number(depth), self.number(depth)),
            4 => format!("{} {comparison} {}", self.text(depth), self.text(depth)),
            5 | 6 => format!("{} {comparison} {}", self.any(depth), self.any(depth)),
            7 => format!("{} IS NULL", self.any(depth)),
            8 => format!("{} IS NOT NULL", self.any(depth)),
            9 => format!("{} IN {}", self.any(depth), self.list(depth)),
            10 => {
                let operator = *self.chance.one(&["STARTS WITH", "ENDS WITH", "CONTAINS"]);
                format!("{} {operator} {}", self.text(depth), self.text(depth))
            }
            11 => match self.any_of_kind(Kind::Node) {
                // Behind a value the word is longer.
                Some(node) => format!("{node}{}", self.label().replacen(" IS ", " IS LABELED ", 1)),
                None => "false".to_owned(),
            },
            12 => match (self.any_of_kind(Kind::Node), self.any_of_kind(Kind::Node)) {
                (Some(left), Some(right)) => format!("{left} {} {right}", self.chance.one(&["=", "<>"])),
                _ => "true".to_owned(),
            },
            13 => self.any_of_kind(Kind::Boolean).unwrap_or_else(|| self.property("b", false, "true")),
            14 => (*self.chance.one(&["true", "true", "false", "null"])).to_owned(),
            _ => format!("{} {comparison} {}", self.property("m", true, "1"), self.any(0)),
        };
        either(&["true", &drawn])
    }

    fn quantifier(&mut self, depth: usize) -> String {
        let kind = *self.chance.one(&["all", "any", "none", "single"]);
        let (list, items) = self.items(depth);
        let variable = self.name("x");
        let inner = self.inside(|generator| {
            generator.nesting -= 1;
            generator.add(&variable, items);
            generator.condition(depth)
        });
        format!("{kind}({variable} IN {list} WHERE {inner})")
    }

    /// Draws a list with the kind of its items.
    fn items(&mut self, depth: usize) -> (String, Kind) {
        match self.chance.below(5) {
            0 => match self.any_of_kind(Kind::Path) {
                Some(path) => (format!("nodes({path})"), Kind::Node),
                None => (format!("[{}, {}]", self.integer(depth), self.integer(depth)), Kind::Integer),
            },
            1 => match self.any_of_kind(Kind::Relationships) {
                Some(list) => (list, Kind::Relationship),
                None => (self.property("l", false, "[1, 2]"), Kind::Integer),
            },
            2 => (format!("[{}, {}]", self.text(depth), self.text(depth)), Kind::Text),
            3 => (self.property("l", false, "[1, null]"), Kind::Integer),
            _ => (format!("range(0, {})", self.chance.below(4)), Kind::Integer),
        }
    }

    /// Draws a list.
    pub(super) fn list(&mut self, depth: usize) -> String {
        if depth == 0 || self.chance.percent(30) {
            return match self.chance.below(4) {
                0 => self.any_of_kind(Kind::List).unwrap_or_else(|| "[]".to_owned()),
                1 => format!("[{}, {}, null]", self.chance.below(4), self.chance.below(4)),
                2 => format!("[{}, '{}']", self.integer(0), self.chance.one(&TEXTS)),
                _ => self.property("l", false, "[2, 1]"),
            };
        }
        let below = depth - 1;
        let drawn = match self.chance.below(17) {
            14 => format!("split({}, 'a')", self.text(below)),
            15 => format!("({} || {})", self.list(below), self.list(below)),
            16 => (*self.chance.one(&["$l", "$l", "$none"])).to_owned(),
            0 => format!("[{}, {}]", self.any(below), self.any(below)),
            1 => format!("range({}, {})", self.chance.below(3), self.chance.below(5)),
            2 | 3 => self.comprehension(below),
            4 => format!("({} + {})", self.list(below), self.list(below)),
            5 => format!("tail({})", self.list(below)),
            6 => format!("reverse({})", self.list(below)),
            7 => format!("{}[{}..{}]", self.list(below), self.chance.below(2), self.chance.between(1, 3)),
            8 => match self.any_of_kind(Kind::Node) {
                Some(node) => format!("{}({node})", self.chance.one(&["labels", "keys"])),
                None => "[null]".to_owned(),
            },
            9 => match self.any_of_kind(Kind::Path) {
                Some(path) => format!("{}({path})", self.chance.one(&["nodes", "relationships"])),
                None => "[1.5]".to_owned(),
            },
            10 => self.any_of_kind(Kind::Relationships).unwrap_or_else(|| "[true]".to_owned()),
            11 => self.any_of_kind(Kind::Nodes).unwrap_or_else(|| "[false, 'a']".to_owned()),
            12 => format!("[{}] + {}", self.any(below), self.integer(below)),
            _ => format!("CASE WHEN {} THEN {} END", self.condition(below), self.list(below)),
        };
        either(&["[]", &drawn])
    }

    /// Draws a date; few of them, so that some are equal.
    fn day(&mut self) -> String {
        format!("date('2020-01-0{}')", self.chance.between(1, 3))
    }

    /// Draws a temporal value or a part of one.
    fn temporal(&mut self) -> String {
        let day = self.day();
        match self.chance.below(6) {
            0 => format!("{day}.day"),
            1 => format!("duration.inDays({day}, {})", self.day()),
            2 => format!("datetime('2020-01-0{}T10:00+0{}:00')", self.chance.between(1, 2), self.chance.below(3)),
            3 => format!("time('1{}:00+01:00')", self.chance.below(3)),
            4 => format!("duration('P{}D')", self.chance.below(3)),
            _ => day,
        }
    }

    fn comprehension(&mut self, depth: usize) -> String {
        let (list, items) = self.items(depth);
        let variable = self.name("x");
        self.inside(|generator| {
            generator.nesting -= 1;
            generator.add(&variable, items);
            let filter = if generator.chance.percent(50) {
                format!(" WHERE {}", generator.condition(depth))
            } else {
                String::new()
            };
            let part =
                if generator.chance.percent(60) { format!(" | {}", generator.any(depth)) } else { String::new() };
            format!("[{variable} IN {list}{filter}{part}]")
        })
    }

    /// Draws anything.
    pub(super) fn any(&mut self, depth: usize) -> String {
        let below = depth.saturating_sub(1);
        let drawn = match self.chance.below(23) {
            20 if depth > 0 => self.converted(below),
            21 => format!("${}", self.chance.one(&crate::oracle::engine::PARAMETERS)),
            22 => match self.any_of_kind(Kind::Relationship) {
                Some(relationship) => {
                    format!("{}({relationship})", self.chance.one(&["startNode", "endNode", "properties", "keys"]))
                }
                None => self.integer(depth),
            },
            0..=2 => self.integer(depth),
            18 => self.temporal(),
            19 if depth > 0 => format!("({} + duration({{days: {}}}))", self.day(), self.integer(0)),
            3 => self.number(depth),
            4 | 5 => self.text(depth),
            6 if depth > 0 => self.condition(below),
            7 if depth > 0 => self.list(below),
            8 => self.any_of_kind(Kind::Node).unwrap_or_else(|| "null".to_owned()),
            9 => self.any_of_kind(Kind::Relationship).unwrap_or_else(|| "'x'".to_owned()),
            10 => self.any_of_kind(Kind::Any).unwrap_or_else(|| "1.0".to_owned()),
            11 => "null".to_owned(),
            12 if depth > 0 => format!("{{k: {}, l: {}}}", self.any(below), self.any(below)),
            13 if depth > 0 => format!("{{k: {}}}.{}", self.any(below), self.chance.one(&["k", "l"])),
            14 if depth > 0 => format!("{}[{}]", self.list(below), self.chance.below(3) as i64 - 1),
            15 if depth > 0 => format!("coalesce({}, {})", self.any(below), self.any(below)),
            16 => match self.any_of_kind(Kind::Node) {
                Some(node) => format!("{node} {{.n, .*}}"),
                None => "true".to_owned(),
            },
            _ => self.property("m", true, "0"),
        };
        either(&["null", &drawn])
    }

    /// Draws the pattern of a subquery; its variables come into scope.
    fn subquery_pattern(&mut self) -> String {
        let steps = self.chance.weighted(&[15, 65, 20]);
        let pattern = self.chain(steps, &mut Vec::new(), true, false).text();
        if self.chance.percent(45) {
            let filter = removable_where(&self.condition(1));
            return format!("{pattern}{filter}");
        }
        pattern
    }

    fn exists_subquery(&mut self) -> String {
        self.inside(|generator| match generator.chance.below(4) {
            0 => format!("EXISTS {{ MATCH {} RETURN 1 AS one }}", generator.subquery_pattern()),
            1 => {
                let pattern = generator.subquery_pattern();
                let condition = generator.condition(1);
                let kept = generator.scope.iter().map(|variable| variable.name.clone()).collect::<Vec<_>>().join(", ");
                if kept.is_empty() {
                    return format!("EXISTS {{ {pattern} }}");
                }
                format!("EXISTS {{ MATCH {pattern} WITH {kept} WHERE {condition} RETURN 1 AS one }}")
            }
            _ => format!("EXISTS {{ {} }}", generator.subquery_pattern()),
        })
    }

    fn count_subquery(&mut self) -> String {
        self.inside(|generator| match generator.chance.below(4) {
            0 => {
                let pattern = generator.subquery_pattern();
                format!("COUNT {{ MATCH {pattern} RETURN DISTINCT {} AS v }}", generator.any(1))
            }
            1 => {
                let pattern = generator.subquery_pattern();
                format!("size(COLLECT {{ MATCH {pattern} RETURN {} AS v }})", generator.any(1))
            }
            2 => {
                let pattern = generator.subquery_pattern_alone();
                format!("size([{pattern} | {}])", generator.any(1))
            }
            _ => format!("COUNT {{ {} }}", generator.subquery_pattern()),
        })
    }

    fn subquery_pattern_alone(&mut self) -> String {
        let steps = self.chance.between(1, 2);
        self.chain(steps, &mut Vec::new(), true, false).text()
    }

    fn pattern_predicate(&mut self) -> String {
        if self.of_kind(Kind::Node).is_empty() {
            return "true".to_owned();
        }
        let chain = self.chain(1, &mut Vec::new(), false, false);
        let text = chain.text();
        if chain.names.iter().all(Option::is_none) || self.chance.percent(50) {
            format!("EXISTS {{ {text} }}")
        } else {
            either(&["true", &format!("({text} AND true)")])
        }
    }
}

fn removable_where(condition: &str) -> String {
    super::removable(&format!(" WHERE {condition}"))
}
