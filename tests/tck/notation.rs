//! Values as the feature files write them, and the engine's values in the same form, so that both can be compared.

use yuanpu::{ResultNode, ResultRelationship, ResultValue};

/// A value as far as a feature file tells: elements have no identity, temporal values are their text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    Null,
    Boolean(bool),
    Integer(i64),
    /// The bits of a float; NaN is one value, and so are the zeros.
    Float(u64),
    Text(String),
    List(Vec<Expected>),
    Map(Vec<(String, Expected)>),
    Node {
        labels: Vec<String>,
        properties: Vec<(String, Expected)>,
    },
    Relationship {
        kind: String,
        properties: Vec<(String, Expected)>,
    },
    /// The first node, and for each step whether it was walked forwards, the relationship and the node.
    Path(Box<Expected>, Vec<(bool, Expected, Expected)>),
}

impl Expected {
    /// Returns a value of the engine.
    pub fn of(value: &ResultValue) -> Expected {
        match value {
            ResultValue::Null => Expected::Null,
            ResultValue::Boolean(truth) => Expected::Boolean(*truth),
            ResultValue::Integer(number) => Expected::Integer(*number),
            ResultValue::Float(number) => float(*number),
            ResultValue::String(text) => Expected::Text(text.to_string()),
            ResultValue::List(items) => Expected::List(items.iter().map(Expected::of).collect()),
            ResultValue::Map(entries) => Expected::Map(named(entries)),
            ResultValue::Node(node) => of_node(node),
            ResultValue::Relationship(relationship) => of_relationship(relationship),
            ResultValue::Path(path) => {
                let step = |(place, relationship): (usize, &std::sync::Arc<ResultRelationship>)| {
                    let forwards = relationship.start == path.nodes[place].element_id;
                    (forwards, of_relationship(relationship), of_node(&path.nodes[place + 1]))
                };
                let steps = path.relationships.iter().enumerate().map(step).collect();
                Expected::Path(Box::new(of_node(&path.nodes[0])), steps)
            }
            ResultValue::Date(date) => Expected::Text(date.to_string()),
            ResultValue::LocalTime(time) => Expected::Text(time.to_string()),
            ResultValue::Time(time) => Expected::Text(time.to_string()),
            ResultValue::LocalDateTime(moment) => Expected::Text(moment.to_string()),
            ResultValue::DateTime(moment) => Expected::Text(moment.to_string()),
            ResultValue::Duration(duration) => Expected::Text(duration.to_string()),
            other => Expected::Text(format!("{other:?}")),
        }
    }

    /// Returns the value as a parameter; elements are none.
    pub fn to_result(&self) -> Result<ResultValue, String> {
        Ok(match self {
            Expected::Null => ResultValue::Null,
            Expected::Boolean(truth) => ResultValue::Boolean(*truth),
            Expected::Integer(number) => ResultValue::Integer(*number),
            Expected::Float(bits) => ResultValue::Float(f64::from_bits(*bits)),
            Expected::Text(text) => ResultValue::string(text),
            Expected::List(items) => {
                ResultValue::List(items.iter().map(Expected::to_result).collect::<Result<_, _>>()?)
            }
            Expected::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| Ok((key.as_str().into(), value.to_result()?)));
                ResultValue::Map(entries.collect::<Result<_, String>>()?)
            }
            other => return Err(format!("{other:?} is no parameter")),
        })
    }

    /// Returns the value with lists as multisets, at every depth.
    pub fn unordered(self) -> Expected {
        let each = |entries: Vec<(String, Expected)>| {
            entries.into_iter().map(|(key, value)| (key, value.unordered())).collect()
        };
        match self {
            Expected::List(items) => {
                let mut items: Vec<Expected> = items.into_iter().map(Expected::unordered).collect();
                items.sort();
                Expected::List(items)
            }
            Expected::Map(entries) => Expected::Map(each(entries)),
            Expected::Node { labels, properties } => Expected::Node { labels, properties: each(properties) },
            Expected::Relationship { kind, properties } => {
                Expected::Relationship { kind, properties: each(properties) }
            }
            other => other,
        }
    }
}

fn float(number: f64) -> Expected {
    let number = if number.is_nan() { f64::NAN } else { number + 0.0 };
    Expected::Float(number.to_bits())
}

fn named<Key: AsRef<str>>(entries: &[(Key, ResultValue)]) -> Vec<(String, Expected)> {
    sorted(entries.iter().map(|(key, value)| (key.as_ref().to_owned(), Expected::of(value))).collect())
}

fn sorted(mut entries: Vec<(String, Expected)>) -> Vec<(String, Expected)> {
    entries.sort();
    entries
}

fn of_node(node: &ResultNode) -> Expected {
    let mut labels: Vec<String> = node.labels.iter().map(ToString::to_string).collect();
    labels.sort();
    Expected::Node { labels, properties: named(&node.properties) }
}

fn of_relationship(relationship: &ResultRelationship) -> Expected {
    Expected::Relationship { kind: relationship.kind.to_string(), properties: named(&relationship.properties) }
}

/// Reads a value as a feature file writes it.
pub fn read(text: &str) -> Result<Expected, String> {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    reader.blanks();
    if reader.rest.is_empty() { Ok(value) } else { Err(format!("`{}` is left of `{text}`", reader.rest)) }
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, text: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn need(&mut self, text: &str) -> Result<(), String> {
        if self.eat(text) { Ok(()) } else { Err(format!("`{text}` is wanted before `{}`", self.rest)) }
    }

    fn taken(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_owned()
    }

    fn name(&mut self) -> Result<String, String> {
        self.blanks();
        if self.rest.starts_with(['\'', '"']) {
            return self.text();
        }
        if self.eat("`") {
            let name = self.taken(|character| character != '`');
            self.need("`")?;
            return Ok(name);
        }
        let name = self.taken(|character| character.is_alphanumeric() || "_$@".contains(character));
        if name.is_empty() { Err(format!("a name is wanted before `{}`", self.rest)) } else { Ok(name) }
    }

    fn text(&mut self) -> Result<String, String> {
        let mut characters = self.rest.char_indices();
        let quote = characters.next().map(|(_, quote)| quote);
        let mut text = String::new();
        while let Some((place, character)) = characters.next() {
            if Some(character) == quote {
                self.rest = &self.rest[place + character.len_utf8()..];
                return Ok(text);
            }
            let next = self.rest[place + character.len_utf8()..].chars().next();
            if character == '\\' && next.is_some_and(|next| "\\'\"".contains(next)) {
                text.extend(next);
                characters.next();
            } else {
                text.push(character);
            }
        }
        Err(format!("a text has no end: {}", self.rest))
    }

    fn properties(&mut self) -> Result<Vec<(String, Expected)>, String> {
        let mut properties = Vec::new();
        self.need("{")?;
        if self.eat("}") {
            return Ok(properties);
        }
        loop {
            let name = self.name()?;
            self.need(":")?;
            properties.push((name, self.value()?));
            if self.eat("}") {
                return Ok(sorted(properties));
            }
            self.need(",")?;
        }
    }

    fn optional_properties(&mut self) -> Result<Vec<(String, Expected)>, String> {
        self.blanks();
        if self.rest.starts_with('{') { self.properties() } else { Ok(Vec::new()) }
    }

    fn node(&mut self) -> Result<Expected, String> {
        self.need("(")?;
        let mut labels = Vec::new();
        while self.eat(":") {
            labels.push(self.name()?);
        }
        labels.sort();
        let properties = self.optional_properties()?;
        self.need(")")?;
        Ok(Expected::Node { labels, properties })
    }

    fn relationship(&mut self) -> Result<Expected, String> {
        self.need("[")?;
        self.need(":")?;
        let kind = self.name()?;
        let properties = self.optional_properties()?;
        self.need("]")?;
        Ok(Expected::Relationship { kind, properties })
    }

    fn path(&mut self) -> Result<Expected, String> {
        self.need("<")?;
        let start = self.node()?;
        let mut steps = Vec::new();
        while !self.eat(">") {
            let forwards = !self.eat("<-");
            if forwards {
                self.need("-")?;
            }
            let relationship = self.relationship()?;
            self.need(if forwards { "->" } else { "-" })?;
            steps.push((forwards, relationship, self.node()?));
        }
        Ok(Expected::Path(Box::new(start), steps))
    }

    fn list(&mut self) -> Result<Expected, String> {
        self.need("[")?;
        let mut items = Vec::new();
        if self.eat("]") {
            return Ok(Expected::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.eat("]") {
                return Ok(Expected::List(items));
            }
            self.need(",")?;
        }
    }

    fn value(&mut self) -> Result<Expected, String> {
        self.blanks();
        match self.rest.chars().next() {
            Some('\'' | '"') => return self.text().map(Expected::Text),
            Some('(') => return self.node(),
            Some('{') => return self.properties().map(Expected::Map),
            Some('<') => return self.path(),
            Some('[') if self.rest[1..].trim_start().starts_with(':') => return self.relationship(),
            Some('[') => return self.list(),
            _ => {}
        }
        let word = self.taken(|character| !character.is_whitespace() && !",]})".contains(character));
        Ok(match word.as_str() {
            "null" => Expected::Null,
            "true" => Expected::Boolean(true),
            "false" => Expected::Boolean(false),
            "NaN" => float(f64::NAN),
            "Inf" | "Infinity" => float(f64::INFINITY),
            "-Inf" | "-Infinity" => float(f64::NEG_INFINITY),
            _ => match word.parse::<i64>() {
                Ok(number) => Expected::Integer(number),
                Err(_) => float(word.parse().map_err(|_| format!("`{word}` is no value"))?),
            },
        })
    }
}
