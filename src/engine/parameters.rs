//! Parameters: the values that a statement's `$names` stand for.

use std::collections::BTreeMap;

use serde::Serialize;
use smol_str::SmolStr;

use crate::value::{ResultValue, Value, from_json};

use super::error::{Error, StateError};
use super::parameter_writer::to_value;

/// The values of a statement's parameters, by name.
///
/// ```
/// use yuanpu::Parameters;
/// let mut connection = yuanpu::Database::in_memory().connect();
/// connection.run("RETURN 1", ())?;
/// connection.run("RETURN $x", [("x", 1)])?;
/// connection.run("RETURN $name, $tags", Parameters::new().with("name", "Suzhou")?.with("tags", vec!["a", "b"])?)?;
/// # Ok::<(), yuanpu::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    values: BTreeMap<SmolStr, Value>,
}

impl Parameters {
    /// Returns no parameters.
    pub fn new() -> Parameters {
        Parameters::default()
    }

    /// Returns them with one more: anything that serde can serialize, such as a number, a list or a struct.
    ///
    /// # Errors
    /// If it is no value of the language: an integer beyond 64 bits, a map whose keys are no strings.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Result<Parameters, Error> {
        self.set(name, value)?;
        Ok(self)
    }

    /// Sets one, in place of one of this name.
    ///
    /// # Errors
    /// As [`Parameters::with`].
    pub fn set(&mut self, name: &str, value: impl Serialize) -> Result<(), Error> {
        let value = to_value(&value).map_err(|error| bad(name, &error))?;
        self.set_value(name, value);
        Ok(())
    }

    /// Sets one from JSON as people write it: objects are maps, numbers with a fraction or an exponent floats.
    ///
    /// # Errors
    /// If the text is no JSON, or holds an integer beyond 64 bits.
    pub fn set_json(&mut self, name: &str, json: &str) -> Result<(), Error> {
        let json: serde_json::Value = serde_json::from_str(json).map_err(|error| bad(name, &error))?;
        let value = from_json(&json).map_err(|error| bad(name, &error))?;
        self.set_value(name, value);
        Ok(())
    }

    /// Sets one to a value of a result, temporal values included.
    ///
    /// # Errors
    /// If it is or holds a node, a relationship or a path: these belong to their graph.
    pub fn set_result(&mut self, name: &str, value: &ResultValue) -> Result<(), Error> {
        let value = plain(value).map_err(|error| bad(name, &error))?;
        self.set_value(name, value);
        Ok(())
    }

    /// Takes one out; says whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        self.values.remove(name).is_some()
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(SmolStr::as_str)
    }

    /// Sets one to a value of the language.
    pub(crate) fn set_value(&mut self, name: &str, value: Value) {
        self.values.insert(SmolStr::new(name), value);
    }

    /// Returns names and values, in order of name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SmolStr, &Value)> {
        self.values.iter()
    }

    /// Returns them with more values of the language.
    pub(super) fn with_values(mut self, values: &[(SmolStr, Value)]) -> Parameters {
        self.values.extend(values.iter().cloned());
        self
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }
}

impl Parameters {
    /// Returns a parameter's value as a query would write it.
    pub(crate) fn literal(&self, name: &str) -> Option<String> {
        self.get(name).map(crate::value::literal)
    }
}

/// Returns the value of a result as one of the language.
///
/// # Errors
/// In words, if it is or holds an element.
pub(super) fn plain(value: &ResultValue) -> Result<Value, String> {
    value.to_value().map_err(|kind| format!("a {kind} belongs to its graph"))
}

fn bad(name: &str, error: &dyn std::fmt::Display) -> Error {
    StateError::BadParameter { message: format!("parameter `${name}` is no value: {error}") }.into()
}

impl From<()> for Parameters {
    fn from((): ()) -> Self {
        Parameters::default()
    }
}

impl From<&Parameters> for Parameters {
    fn from(parameters: &Parameters) -> Self {
        parameters.clone()
    }
}

/// Plain values that always are values of the language.
macro_rules! from_plain {
    ($($kind:ty => $make:expr),+ $(,)?) => {$(
        impl<const COUNT: usize> From<[(&str, $kind); COUNT]> for Parameters {
            fn from(pairs: [(&str, $kind); COUNT]) -> Self {
                let make: fn($kind) -> Value = $make;
                let values = pairs.into_iter().map(|(name, value)| (SmolStr::new(name), make(value))).collect();
                Parameters { values }
            }
        }
    )+};
}

from_plain! {
    i64 => Value::Integer,
    i32 => |number| Value::Integer(i64::from(number)),
    f64 => Value::Float,
    bool => Value::Boolean,
    &str => |text| Value::string(text),
    String => |text| Value::string(text),
}
