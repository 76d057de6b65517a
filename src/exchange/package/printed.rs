//! Whether a figure or a date as printed says the value that a claim states.
//!
//! What is printed may hold more than the figure (`浙江9家`, `首批签约30家企业`); it is enough that one of the figures in it is the value,
//! in its unit, said in the way the claim says (about, at least, …). Where the words say it in another way than figures do (`复数`, `破百`), the
//! row's note says so, and a missing figure or another comparator is borne; another figure is not.

use smol_str::SmolStr;

use crate::knowledge::{Schema, ValueType};
use crate::value::temporal::{Date, PartialDate};
use crate::value::{Quantity, Value, equivalent};

/// What a claim states, next to what is printed.
pub struct Stated<'c> {
    /// The type of the property.
    pub kind: ValueType,
    /// The value.
    pub value: &'c Value,
    /// The unit of the value; empty if it has none.
    pub unit: &'c str,
    /// How the value relates to the true one.
    pub comparator: &'c str,
    /// Whether a note says how the words are meant.
    pub noted: bool,
}

/// Says what does not fit between what is printed and what is stated; nothing where it fits or cannot be told.
pub fn misfit(printed: &str, stated: &Stated<'_>, schema: &Schema) -> Option<String> {
    match stated.kind {
        ValueType::Integer | ValueType::Float => figure_misfit(printed, stated, schema),
        ValueType::Date => date_misfit(printed, stated),
        _ => None,
    }
}

fn figure_misfit(printed: &str, stated: &Stated<'_>, schema: &Schema) -> Option<String> {
    let figures = figures(printed);
    let wanted = number(stated.value)?;
    let says = |figure: &&Figure| {
        let numbers = [&figure.quantity.value, &figure.quantity.minimum, &figure.quantity.maximum];
        numbers.into_iter().filter_map(number).any(|printed| same(printed, wanted))
    };
    let equal: Vec<&Figure> = figures.iter().filter(says).collect();
    if equal.is_empty() {
        let read: Vec<String> = figures.iter().map(|figure| figure.quantity.value.to_string()).collect();
        return match read.is_empty() {
            true if stated.noted || stars(printed, wanted) => None,
            true => Some(format!("no figure is found in `{printed}`, and no note says how it is meant")),
            false => Some(format!("`{printed}` reads as {}, not {}", read.join(", "), stated.value)),
        };
    }
    let of_unit: Vec<&&Figure> =
        equal.iter().filter(|figure| fits_unit(&figure.quantity, stated.unit, schema)).collect();
    if of_unit.is_empty() {
        let unit = equal[0].quantity.unit.clone().unwrap_or_default();
        return Some(format!("`{printed}` is in `{unit}`, not `{}`", stated.unit));
    }
    let said = |figure: &&&Figure| {
        let own = figure.quantity.comparator.name();
        let between = figures.len() > 1 && stated.comparator == "range";
        own == stated.comparator || between || said_before(printed, figure, stated.comparator)
    };
    if stated.noted || of_unit.iter().any(said) {
        return None;
    }
    Some(format!("`{printed}` says `{}`, not `{}`", of_unit[0].quantity.comparator.name(), stated.comparator))
}

/// Says whether the text is as many stars.
fn stars(printed: &str, wanted: f64) -> bool {
    printed.chars().all(|character| character == '★') && same(printed.chars().count() as f64, wanted)
}

/// Says whether a word some way before a figure gives it this comparator: `最高` in `最高补贴200万元`.
fn said_before(printed: &str, figure: &Figure, comparator: &str) -> bool {
    let (before, behind) = printed.split_at(figure.start);
    let figure = behind.get(..figure.end - figure.start).unwrap_or_default();
    let bounds: Vec<usize> = before.char_indices().map(|(at, _)| at).chain([before.len()]).collect();
    let words = bounds
        .iter()
        .enumerate()
        .flat_map(|(index, start)| bounds[index + 1..].iter().filter_map(move |end| before.get(*start..*end)));
    words.into_iter().any(|word| {
        Quantity::parse(&format!("{word}{figure}")).is_some_and(|read| read.comparator.name() == comparator)
    })
}

/// A figure and where it stands in its text, in bytes.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it says.
    pub quantity: Quantity,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Returns the figures of a text, each as long as it can be read.
pub fn figures(text: &str) -> Vec<Figure> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut figures = Vec::new();
    let mut start = 0;
    while start + 1 < bounds.len() {
        let longest = (start + 1..bounds.len())
            .rev()
            .find_map(|end| Some((end, Quantity::parse(text.get(bounds[start]..bounds[end])?)?)));
        match longest {
            Some((end, quantity)) => {
                figures.push(Figure { quantity, start: bounds[start], end: bounds[end] });
                start = end;
            }
            None => start += 1,
        }
    }
    figures
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

fn same(lhs: f64, rhs: f64) -> bool {
    (lhs - rhs).abs() <= 1e-9 * lhs.abs().max(rhs.abs())
}

/// Returns the unit that the Chinese name of a declared one is read as.
pub(super) fn canonical_unit(name: &str, schema: &Schema) -> Option<SmolStr> {
    Quantity::parse(&format!("1{}", schema.units.get(name)?.zh))?.unit
}

/// Says whether a printed unit is the declared one: by its Chinese name, read as print is.
pub(super) fn fits_unit(figure: &Quantity, unit: &str, schema: &Schema) -> bool {
    let canonical = |name: &str| canonical_unit(name, schema);
    let Some(printed) = &figure.unit else { return true };
    if unit.is_empty() || canonical(unit).as_ref() == Some(printed) {
        return true;
    }
    // What is counted has many words (家, 台, 人); all that no other unit claims will do.
    let is_count = schema.units.get(unit).is_some_and(|declared| declared.zh == "个");
    is_count && !schema.units.keys().any(|other| canonical(other).as_ref() == Some(printed))
}

fn date_misfit(printed: &str, stated: &Stated<'_>) -> Option<String> {
    let dates = dates(printed);
    if dates.iter().any(|date| equivalent(&date.value, stated.value)) {
        return None;
    }
    let read: Vec<String> = dates.iter().map(|date| date.value.to_string()).collect();
    match read.is_empty() {
        true if stated.noted => None,
        true => Some(format!("no date is found in `{printed}`, and no note says how it is meant")),
        false => Some(format!("`{printed}` reads as {}, not {}", read.join(", "), stated.value)),
    }
}

/// A date and where it stands in its text, in characters.
#[derive(Clone, Debug)]
pub struct PrintedDate {
    /// What it says.
    pub value: Value,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Returns the dates of a text that begin with a year of four digits: `2017年4月28日`, `2017.04`, `2017`.
pub fn dates(text: &str) -> Vec<PrintedDate> {
    let characters: Vec<char> = text.chars().collect();
    let mut dates = Vec::new();
    let mut place = 0;
    while place < characters.len() {
        let Some((year, behind)) = digits(&characters, place).filter(|(_, behind)| behind - place == 4) else {
            place = digits(&characters, place).map_or(place + 1, |(_, behind)| behind);
            continue;
        };
        let month = part(&characters, behind, "年.-/", 12);
        let day = month.and_then(|(_, behind)| part(&characters, behind, "月.-/", 31));
        let date = match (month, day) {
            (Some((month, _)), Some((day, _))) => Date::from_ymd(year, month, day).map(Value::Date),
            (Some((month, _)), None) => PartialDate::new(year, Some(month)).map(Value::PartialDate),
            _ => PartialDate::new(year, None).map(Value::PartialDate),
        };
        let end = day.or(month).map_or(behind, |(_, behind)| behind);
        dates.extend(date.map(|value| PrintedDate { value, start: place, end }));
        place = end;
    }
    dates
}

fn digits(characters: &[char], start: usize) -> Option<(i64, usize)> {
    let run = characters[start..].iter().take_while(|character| character.is_ascii_digit()).count();
    let text: String = characters[start..start + run].iter().collect();
    Some((text.parse().ok()?, start + run))
}

/// Reads a separator and a number of one or two digits; white space may stand around the separator.
fn part(characters: &[char], start: usize, separators: &str, greatest: i64) -> Option<(i64, usize)> {
    let blank = |at: usize| characters[at.min(characters.len())..].iter().take_while(|one| one.is_whitespace()).count();
    let at = start + blank(start);
    let separator = characters.get(at).filter(|character| separators.contains(**character))?;
    let first = at + 1 + if *separator == '年' || *separator == '月' { blank(at + 1) } else { 0 };
    let (number, behind) = digits(characters, first.min(characters.len()))?;
    (behind - first <= 2 && (1..=greatest).contains(&number)).then_some((number, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_far_as_they_are_printed() {
        let read = |text: &str| {
            let read: Vec<String> = dates(text).iter().map(|date| date.value.to_string()).collect();
            read.join(" ")
        };
        assert_eq!(read("2017年4月28日"), "2017-04-28");
        assert_eq!(read("自2016年11月，2019.07"), "2016-11 2019-07");
        assert_eq!(read("2017 年 9 月"), "2017-09");
        assert_eq!(read("2017—2020年"), "2017 2020");
        assert_eq!(read("20175年"), "");
    }

    #[test]
    fn a_figure_is_found_inside_of_words() {
        let read =
            |text: &str| figures(text).iter().map(|figure| figure.quantity.value.to_string()).collect::<Vec<_>>();
        assert_eq!(read("浙江9家"), ["9"]);
        assert_eq!(read("规模超过100亿元的"), ["10000000000"]);
        assert!(read("链湾").is_empty());
    }
}
