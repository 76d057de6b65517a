//! Numbers of statements written as documents print them: `约10亿元` is the value 1000000000, the unit, and `about`.

use smol_str::SmolStr;

use crate::knowledge::{Comparator, PropertyDeclaration, Schema, ValueType};
use crate::value::{Quantity, Value};

use super::printed::{canonical_unit, fits_unit};

/// What a printed number says.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The number, of the type that the property is declared to have.
    pub value: Value,
    /// How it was said.
    pub comparator: Comparator,
    /// The unit by its declared name; empty if none was printed.
    pub unit: SmolStr,
}

impl Figure {
    /// Reads a number; nothing if any of it is not understood, its unit is another than the one asked for, or it is no single number.
    pub fn read(text: &str, unit: &str, declared: &PropertyDeclaration, schema: &Schema) -> Option<Figure> {
        if declared.many {
            return None;
        }
        let quantity = Quantity::parse(text)?;
        let value = match (declared.value, &quantity.value) {
            (ValueType::Integer | ValueType::Float, Value::Null) => return None,
            (ValueType::Integer, Value::Integer(_)) | (ValueType::Float, Value::Float(_)) => quantity.value.clone(),
            (ValueType::Integer, Value::Float(float)) if float.fract() == 0.0 && float.abs() < 1e15 => {
                Value::Integer(*float as i64)
            }
            (ValueType::Float, Value::Integer(integer)) => Value::Float(*integer as f64),
            _ => return None,
        };
        let comparator = Comparator::named(quantity.comparator.name())?;
        let wanted = if unit.is_empty() { declared.unit.as_deref().unwrap_or_default() } else { unit };
        let unit = match &quantity.unit {
            None => SmolStr::default(),
            Some(_) if !wanted.is_empty() => fits_unit(&quantity, wanted, schema).then(|| SmolStr::new(wanted))?,
            Some(printed) => {
                let mut names = schema.units.keys();
                SmolStr::new(names.find(|name| canonical_unit(name, schema).as_ref() == Some(printed))?)
            }
        };
        Some(Figure { value, comparator, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::UnitDeclaration;

    fn read(text: &str, unit: &str, value: ValueType, declared: Option<&str>) -> String {
        let of = |zh: &str| UnitDeclaration { zh: zh.to_owned(), ..UnitDeclaration::default() };
        let units = [("yuan", "元"), ("square_metre", "平方米"), ("percent", "%")];
        let units = units.into_iter().map(|(name, zh)| (name.to_owned(), of(zh))).collect();
        let schema = Schema { units, ..Schema::default() };
        let property =
            PropertyDeclaration { value, unit: declared.map(str::to_owned), ..PropertyDeclaration::default() };
        Figure::read(text, unit, &property, &schema).map_or_else(
            || "none".to_owned(),
            |figure| format!("{} {} {}", figure.comparator.name(), figure.value, figure.unit),
        )
    }

    #[test]
    fn a_printed_number_gives_value_unit_and_comparator() {
        let yuan = Some("yuan");
        assert_eq!(read("10亿元", "", ValueType::Integer, yuan), "exact 1000000000 yuan");
        assert_eq!(read("约10亿元", "", ValueType::Integer, None), "about 1000000000 yuan");
        assert_eq!(read("超过3.2万平方米", "", ValueType::Float, None), "more_than 32000.0 square_metre");
        assert_eq!(read("3.2万平方米", "", ValueType::Integer, None), "exact 32000 square_metre");
        assert_eq!(read("不足40%", "percent", ValueType::Float, None), "less_than 40.0 percent");
        assert_eq!(read("最高100万", "", ValueType::Integer, yuan), "at_most 1000000 ");
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let yuan = Some("yuan");
        for text in ["3.2万平方米", "10亿美元", "30—50万元", "much", "1.5元"] {
            assert_eq!(read(text, "", ValueType::Integer, yuan), "none", "{text}");
        }
        assert_eq!(read("10亿美元", "", ValueType::Integer, None), "none", "its unit is not declared");
        assert_eq!(read("10亿元", "", ValueType::String, yuan), "none");
    }
}
