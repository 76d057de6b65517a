//! Reads quantities as documents print them: `约10亿元`, `不足3万m²`, `30—50万元`, `近七成`, `最高100万/年`.
//!
//! How a figure was said travels with it: a comparator, a unit, what it is per. Amounts of money and counts are exact integers where
//! they are whole; areas are square metres and shares are percent, as floats. Currencies stay what they are. A text that is not
//! wholly understood is no quantity.

use smol_str::SmolStr;
use unicode_normalization::UnicodeNormalization;

use super::numeral::{Exact, Numeral, read_numeral};
use super::{Map, Value};

/// How a figure was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// Just so.
    Exact,
    /// About as much (约, 左右).
    About,
    /// Just under (近).
    Nearly,
    /// Less than (不足).
    LessThan,
    /// More than (超过, 余).
    MoreThan,
    /// At least (不低于, 以上).
    AtLeast,
    /// At most (最高, 以下).
    AtMost,
    /// From one figure to another (30—50).
    Range,
}

impl Comparator {
    /// Returns the name under which the comparator is stored.
    pub fn name(self) -> &'static str {
        match self {
            Comparator::Exact => "exact",
            Comparator::About => "about",
            Comparator::Nearly => "nearly",
            Comparator::LessThan => "less_than",
            Comparator::MoreThan => "more_than",
            Comparator::AtLeast => "at_least",
            Comparator::AtMost => "at_most",
            Comparator::Range => "range",
        }
    }
}

/// A quantity as it was said.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// How it was said.
    pub comparator: Comparator,
    /// The figure; null of a range.
    pub value: Value,
    /// The least that is meant, if it is known.
    pub minimum: Value,
    /// The most that is meant, if it is known.
    pub maximum: Value,
    /// The unit: a currency by its ISO 4217 code, `m2`, `percent`, a unit of time, or the counted thing as printed.
    pub unit: Option<SmolStr>,
    /// What the quantity is for: `年` of `100万/年`.
    pub per: Option<SmolStr>,
}

/// What comes before a figure, the longer words first.
const BEFORE: [(&str, Comparator); 47] = [
    ("最高不超过", Comparator::AtMost),
    ("最高可达", Comparator::AtMost),
    ("不得超过", Comparator::AtMost),
    ("不得低于", Comparator::AtLeast),
    ("不超过", Comparator::AtMost),
    ("不多于", Comparator::AtMost),
    ("不高于", Comparator::AtMost),
    ("不低于", Comparator::AtLeast),
    ("不少于", Comparator::AtLeast),
    ("不小于", Comparator::AtLeast),
    ("达到", Comparator::Exact),
    ("共计", Comparator::Exact),
    ("合计", Comparator::Exact),
    ("累计", Comparator::Exact),
    ("总计", Comparator::Exact),
    ("大约", Comparator::About),
    ("大概", Comparator::About),
    ("将近", Comparator::Nearly),
    ("接近", Comparator::Nearly),
    ("超过", Comparator::MoreThan),
    ("超過", Comparator::MoreThan),
    ("突破", Comparator::MoreThan),
    ("多于", Comparator::MoreThan),
    ("大于", Comparator::MoreThan),
    ("高于", Comparator::MoreThan),
    ("至少", Comparator::AtLeast),
    ("最低", Comparator::AtLeast),
    ("最高", Comparator::AtMost),
    ("最多", Comparator::AtMost),
    ("至多", Comparator::AtMost),
    ("不足", Comparator::LessThan),
    ("不到", Comparator::LessThan),
    ("不满", Comparator::LessThan),
    ("少于", Comparator::LessThan),
    ("低于", Comparator::LessThan),
    ("小于", Comparator::LessThan),
    ("约", Comparator::About),
    ("近", Comparator::Nearly),
    ("超", Comparator::MoreThan),
    ("逾", Comparator::MoreThan),
    ("达", Comparator::Exact),
    ("morethan", Comparator::MoreThan),
    ("lessthan", Comparator::LessThan),
    ("atleast", Comparator::AtLeast),
    ("upto", Comparator::AtMost),
    ("about", Comparator::About),
    ("nearly", Comparator::Nearly),
];

/// What comes behind a figure.
const BEHIND: [(&str, Comparator); 8] = [
    ("左右", Comparator::About),
    ("上下", Comparator::About),
    ("及以上", Comparator::AtLeast),
    ("以上", Comparator::AtLeast),
    ("起", Comparator::AtLeast),
    ("以下", Comparator::AtMost),
    ("以内", Comparator::AtMost),
    ("之内", Comparator::AtMost),
];

/// What stands between the ends of a range.
const BETWEEN: [&str; 9] = ["——", "—", "–", "--", "-", "~", "至", "到", "−"];

/// Currencies written in front of the figure.
const CURRENCIES: [(&str, &str); 7] =
    [("人民币", "CNY"), ("rmb", "CNY"), ("cny", "CNY"), ("¥", "CNY"), ("us$", "USD"), ("usd", "USD"), ("$", "USD")];

/// Units as printed: the unit stored, and how many of it one is.
const UNITS: [(&str, &str, Exact); 39] = [
    ("元人民币", "CNY", Exact::whole(1)),
    ("人民币元", "CNY", Exact::whole(1)),
    ("人民币", "CNY", Exact::whole(1)),
    ("元", "CNY", Exact::whole(1)),
    ("yuan", "CNY", Exact::whole(1)),
    ("rmb", "CNY", Exact::whole(1)),
    ("cny", "CNY", Exact::whole(1)),
    ("美元", "USD", Exact::whole(1)),
    ("美金", "USD", Exact::whole(1)),
    ("usd", "USD", Exact::whole(1)),
    ("dollars", "USD", Exact::whole(1)),
    ("港元", "HKD", Exact::whole(1)),
    ("港币", "HKD", Exact::whole(1)),
    ("欧元", "EUR", Exact::whole(1)),
    ("日元", "JPY", Exact::whole(1)),
    ("平方米", "m2", Exact::whole(1)),
    ("平米", "m2", Exact::whole(1)),
    ("平方", "m2", Exact::whole(1)),
    ("m2", "m2", Exact::whole(1)),
    ("平方公里", "m2", Exact::whole(1_000_000)),
    ("平方千米", "m2", Exact::whole(1_000_000)),
    ("km2", "m2", Exact::whole(1_000_000)),
    ("公顷", "m2", Exact::whole(10_000)),
    ("公頃", "m2", Exact::whole(10_000)),
    // 15 mu are one hectare.
    ("亩", "m2", Exact { numerator: 10_000, denominator: 15 }),
    ("畝", "m2", Exact { numerator: 10_000, denominator: 15 }),
    ("%", "percent", Exact::whole(1)),
    ("percent", "percent", Exact::whole(1)),
    ("个百分点", "percent", Exact::whole(1)),
    ("成", "percent", Exact::whole(10)),
    ("‰", "percent", Exact { numerator: 1, denominator: 10 }),
    ("年", "year", Exact::whole(1)),
    ("years", "year", Exact::whole(1)),
    ("个月", "month", Exact::whole(1)),
    ("月", "month", Exact::whole(1)),
    ("周", "week", Exact::whole(1)),
    ("天", "day", Exact::whole(1)),
    ("日", "day", Exact::whole(1)),
    ("小时", "hour", Exact::whole(1)),
];

/// Words that count things; stored as printed.
const COUNTERS: [&str; 25] = [
    "家", "个", "台", "人", "件", "项", "名", "条", "座", "只", "次", "笔", "倍", "户", "栋", "间", "套", "所", "种",
    "位", "人次", "亿次", "公里", "米", "分",
];

impl Quantity {
    /// Reads a quantity; none if any part of the text is not understood.
    pub fn parse(text: &str) -> Option<Quantity> {
        // Compatibility forms make ㎡ and m² `m2`, ％ `%`, full-width digits plain; white space says nothing here.
        let folded: String =
            text.nfkc().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect();
        let (before, rest) = take(&folded, &BEFORE);
        let (currency, rest) = take(rest, &CURRENCIES);
        let (percent, rest) = match rest.strip_prefix("百分之") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (first, rest) = read_numeral(rest)?;
        let (second, rest) = read_range_end(rest);
        let (rest, per) = split_per(rest);
        let (behind, rest) = take_behind(rest);
        let unit = read_unit(rest, currency, percent)?;
        let comparator = match (second, before.or(first.and_more.then_some(Comparator::MoreThan)).or(behind)) {
            (Some(_), _) => Comparator::Range,
            (None, said) => said.unwrap_or(Comparator::Exact),
        };
        unit.quantity(comparator, first, second, per)
    }

    /// Returns the quantity as a map: comparator, value, minimum, maximum, unit, per.
    pub fn to_map(&self) -> Map {
        let text = |text: &Option<SmolStr>| text.clone().map_or(Value::Null, Value::String);
        let entries = [
            ("comparator", Value::string(self.comparator.name())),
            ("value", self.value.clone()),
            ("minimum", self.minimum.clone()),
            ("maximum", self.maximum.clone()),
            ("unit", text(&self.unit)),
            ("per", text(&self.per)),
        ];
        entries.into_iter().map(|(key, value)| (SmolStr::new_static(key), value)).collect()
    }
}

/// A unit that was read.
struct Unit {
    name: Option<SmolStr>,
    factor: Exact,
    /// Whether amounts are floats even where they are whole.
    continuous: bool,
}

impl Unit {
    /// The unit of this name; areas and shares are continuous.
    fn new(name: &str, factor: Exact) -> Unit {
        Unit { name: Some(SmolStr::new(name)), factor, continuous: matches!(name, "m2" | "percent") }
    }

    /// An amount of this unit.
    fn amount(&self, number: Exact) -> Option<Value> {
        let amount = number.times(self.factor)?;
        let whole = if self.continuous { None } else { amount.integer() };
        Some(whole.map_or_else(|| Value::Float(amount.float()), Value::Integer))
    }

    /// The quantity of one figure, or of two.
    fn quantity(
        self,
        comparator: Comparator,
        first: Numeral,
        second: Option<Numeral>,
        per: Option<SmolStr>,
    ) -> Option<Quantity> {
        let (value, minimum, maximum) = match second {
            Some(second) => (Value::Null, self.amount(range_start(first, second)?)?, self.amount(second.value)?),
            None => {
                let value = self.amount(first.value)?;
                let bound = |known: bool| if known { value.clone() } else { Value::Null };
                let least = matches!(comparator, Comparator::Exact | Comparator::MoreThan | Comparator::AtLeast);
                let most = matches!(
                    comparator,
                    Comparator::Exact | Comparator::Nearly | Comparator::LessThan | Comparator::AtMost
                );
                let (minimum, maximum) = (bound(least), bound(most));
                (value, minimum, maximum)
            }
        };
        Some(Quantity { comparator, value, minimum, maximum, unit: self.name, per })
    }
}

/// The start of a range shares the scale of its end (`30—50万`), unless it is already the bigger figure (`5000—1万`).
fn range_start(first: Numeral, second: Numeral) -> Option<Exact> {
    match (first.scale, second.scale) {
        (None, Some(scale)) if first.plain.float() < second.plain.float() => first.plain.times(Exact::whole(scale)),
        _ => Some(first.value),
    }
}

/// The end of a range, if one follows.
fn read_range_end(text: &str) -> (Option<Numeral>, &str) {
    let end = BETWEEN.iter().find_map(|word| read_numeral(text.strip_prefix(word)?));
    end.map_or((None, text), |(numeral, rest)| (Some(numeral), rest))
}

/// The unit; what is left must be nothing else.
fn read_unit(text: &str, currency: Option<&str>, percent: bool) -> Option<Unit> {
    let printed = UNITS.iter().find(|(printed, _, _)| *printed == text);
    match (printed, currency) {
        (None, _) if percent && text.is_empty() => Some(Unit::new("percent", Exact::whole(1))),
        (Some((_, name, factor)), Some(currency)) if *name == currency => Some(Unit::new(name, *factor)),
        (None, Some(currency)) if text.is_empty() => Some(Unit::new(currency, Exact::whole(1))),
        (Some((_, name, factor)), None) => Some(Unit::new(name, *factor)),
        (None, None) if text.is_empty() => Some(Unit { name: None, factor: Exact::whole(1), continuous: false }),
        (None, None) if COUNTERS.contains(&text) => Some(Unit::new(text, Exact::whole(1))),
        _ => None,
    }
}

/// What stands behind a slash.
fn split_per(text: &str) -> (&str, Option<SmolStr>) {
    match text.split_once('/') {
        Some((rest, per)) if !per.is_empty() => (rest, Some(SmolStr::new(per))),
        _ => (text, None),
    }
}

/// Takes one of these words from the start, if it is there.
fn take<'a, T: Copy>(text: &'a str, words: &[(&str, T)]) -> (Option<T>, &'a str) {
    let found = words.iter().find_map(|(word, meaning)| Some((*meaning, text.strip_prefix(word)?)));
    found.map_or((None, text), |(meaning, rest)| (Some(meaning), rest))
}

/// Takes a word behind the unit, if it is there.
fn take_behind(text: &str) -> (Option<Comparator>, &str) {
    let found = BEHIND.iter().find_map(|(word, meaning)| Some((*meaning, text.strip_suffix(word)?)));
    found.map_or((None, text), |(meaning, rest)| (Some(meaning), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let Some(quantity) = Quantity::parse(text) else {
            return "none".to_string();
        };
        let figure = match quantity.comparator {
            Comparator::Range => format!("{}..{}", quantity.minimum, quantity.maximum),
            _ => quantity.value.to_string(),
        };
        let unit = quantity.unit.unwrap_or_default();
        let per = quantity.per.map(|per| format!(" per {per}")).unwrap_or_default();
        format!("{} {figure} {unit}{per}", quantity.comparator.name())
    }

    #[test]
    fn money_is_exact() {
        assert_eq!(read("10亿元"), "exact 1000000000 CNY");
        assert_eq!(read("100 亿元人民币"), "exact 10000000000 CNY");
        assert_eq!(read("0.81 亿元"), "exact 81000000 CNY");
        assert_eq!(read("达1.6亿美元"), "exact 160000000 USD");
        assert_eq!(read("14.2亿美元"), "exact 1420000000 USD");
        assert_eq!(read("3300萬元"), "exact 33000000 CNY");
        assert_eq!(read("US$ 1.5 billion"), "exact 1500000000 USD");
        assert_eq!(read("RMB 10 million"), "exact 10000000 CNY");
        assert_eq!(read("0.5元"), "exact 0.5 CNY");
    }

    #[test]
    fn how_it_was_said_is_kept() {
        assert_eq!(read("超过173亿元"), "more_than 17300000000 CNY");
        assert_eq!(read("近400亿元"), "nearly 40000000000 CNY");
        assert_eq!(read("最高100万元"), "at_most 1000000 CNY");
        assert_eq!(read("最高60万元/年"), "at_most 600000 CNY per 年");
        assert_eq!(read("不足40%"), "less_than 40.0 percent");
        assert_eq!(read("1亿元以下"), "at_most 100000000 CNY");
        assert_eq!(read("6万m²以上"), "at_least 60000.0 m2");
        assert_eq!(read("2亿元左右"), "about 200000000 CNY");
        assert_eq!(read("100多家"), "more_than 100 家");
        assert_eq!(read("10余亿元"), "more_than 1000000000 CNY");
        assert_eq!(read("超过10亿元以上"), "more_than 1000000000 CNY");
        assert_eq!(read("近22万台"), "nearly 220000 台");
    }

    #[test]
    fn ranges_share_scale_and_unit() {
        assert_eq!(read("30—50万元"), "range 300000..500000 CNY");
        assert_eq!(read("2-10万平方米"), "range 20000.0..100000.0 m2");
        assert_eq!(read("1—10亿元"), "range 100000000..1000000000 CNY");
        assert_eq!(read("8000万至1亿元"), "range 80000000..100000000 CNY");
        assert_eq!(read("5000-1万元"), "range 5000..10000 CNY");
        assert_eq!(read("3~5"), "range 3..5 ");
        assert_eq!(read("1—2年"), "range 1..2 year");
    }

    #[test]
    fn areas_are_square_metres_and_shares_percent() {
        assert_eq!(read("3.2万平方米"), "exact 32000.0 m2");
        assert_eq!(read("8.42 平方公里"), "exact 8420000.0 m2");
        assert_eq!(read("3000 亩"), "exact 2000000.0 m2");
        assert_eq!(read("5000㎡"), "exact 5000.0 m2");
        assert_eq!(read("近七成"), "nearly 70.0 percent");
        assert_eq!(read("7成"), "exact 70.0 percent");
        assert_eq!(read("44.52％"), "exact 44.52 percent");
        assert_eq!(read("百分之三十"), "exact 30.0 percent");
    }

    #[test]
    fn what_is_not_understood_is_none() {
        for text in ["", "/", "现行政策", "数十家", "3+1+N", "10亿元,其中", "约", "亿元", "最高3年免租", "-5"]
        {
            assert_eq!(read(text), "none", "{text}");
        }
        assert_eq!(read("50万"), "exact 500000 ");
    }
}
