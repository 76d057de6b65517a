//! Functions on strings; places and lengths count Unicode code points.

use unicode_normalization::UnicodeNormalization;

use crate::text::{initials, pinyin, pinyin_plain};
use crate::value::limit::{check_list_length, check_string_bytes};
use crate::value::{Value, ValueError};

use super::table::{Answer, deterministic, integer, text};
use super::{Function, FunctionContext, Kinds, Parameter};

/// One string.
const ONE: &[Parameter] = &[Parameter::required("text", Kinds::STRING)];
const TRIM: &[Parameter] =
    &[Parameter::required("text", Kinds::STRING), Parameter::optional("characters", Kinds::STRING)];
const LENGTH: &[Parameter] =
    &[Parameter::required("text", Kinds::STRING), Parameter::required("length", Kinds::INTEGER)];
const SUBSTRING: &[Parameter] = &[
    Parameter::required("text", Kinds::STRING),
    Parameter::required("start", Kinds::INTEGER),
    Parameter::optional("length", Kinds::INTEGER),
];
const REPLACE: &[Parameter] = &[
    Parameter::required("text", Kinds::STRING),
    Parameter::required("search", Kinds::STRING),
    Parameter::required("replacement", Kinds::STRING),
];
const SPLIT: &[Parameter] =
    &[Parameter::required("text", Kinds::STRING), Parameter::required("delimiter", Kinds::STRING.or(Kinds::LIST))];
const NORMALIZE: &[Parameter] =
    &[Parameter::required("text", Kinds::STRING), Parameter::optional("form", Kinds::STRING)];
const PINYIN: &[Parameter] = &[Parameter::required("text", Kinds::STRING), Parameter::optional("form", Kinds::STRING)];
const PAD: &[Parameter] = &[
    Parameter::required("text", Kinds::STRING),
    Parameter::required("length", Kinds::INTEGER),
    Parameter::optional("padding", Kinds::STRING),
];

/// The functions on strings.
pub const FUNCTIONS: &[Function] = &[
    deterministic("toLower", ONE, Kinds::STRING, to_lower, "the text in lower case", "toLower('AbC') = 'abc'"),
    deterministic("toUpper", ONE, Kinds::STRING, to_upper, "the text in upper case", "toUpper('AbC') = 'ABC'"),
    deterministic("trim", TRIM, Kinds::STRING, trim, "the text without white space at both ends", "trim(' a ') = 'a'"),
    deterministic(
        "ltrim",
        TRIM,
        Kinds::STRING,
        trim_start,
        "the text without white space in front",
        "ltrim(' a ') = 'a '",
    ),
    deterministic("rtrim", TRIM, Kinds::STRING, trim_end, "the text without white space behind", "rtrim(' a ') = ' a'"),
    deterministic("left", LENGTH, Kinds::STRING, left, "the first characters", "left('hello', 2) = 'he'"),
    deterministic("right", LENGTH, Kinds::STRING, right, "the last characters", "right('hello', 2) = 'lo'"),
    deterministic(
        "substring",
        SUBSTRING,
        Kinds::STRING,
        substring,
        "a part of the text, counted from 0",
        "substring('hello', 1, 3) = 'ell'",
    ),
    deterministic(
        "replace",
        REPLACE,
        Kinds::STRING,
        replace,
        "the text with all occurrences replaced",
        "replace('hello', 'l', 'w') = 'hewwo'",
    ),
    deterministic(
        "split",
        SPLIT,
        Kinds::LIST,
        split,
        "the parts of the text between delimiters",
        "split('a,b', ',') = ['a', 'b']",
    ),
    deterministic("charLength", ONE, Kinds::INTEGER, char_length, "the number of characters", "charLength('图谱') = 2"),
    deterministic(
        "byteLength",
        ONE,
        Kinds::INTEGER,
        byte_length,
        "the number of bytes in UTF-8",
        "byteLength('图谱') = 6",
    ),
    deterministic(
        "normalize",
        NORMALIZE,
        Kinds::STRING,
        normalize,
        "the text in a Unicode normal form",
        "normalize('Å') = 'Å'",
    ),
    deterministic(
        "pinyin",
        PINYIN,
        Kinds::STRING,
        spell,
        "the text in pinyin, with tone `marks`, `plain` or its `initials`",
        "pinyin('重庆', 'plain') = 'chong qing'",
    ),
    deterministic("lpad", PAD, Kinds::STRING, pad_start, "the text filled up in front", "lpad('7', 3, '0') = '007'"),
    deterministic("rpad", PAD, Kinds::STRING, pad_end, "the text filled up behind", "rpad('a', 3, '.') = 'a..'"),
];

fn to_lower(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(text(arguments, 0).to_lowercase()))
}

fn to_upper(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(text(arguments, 0).to_uppercase()))
}

/// Says which characters are trimmed: those given, else white space.
fn trimmed<'a>(arguments: &'a [Value]) -> impl Fn(char) -> bool + 'a {
    let given = (arguments.len() > 1).then(|| text(arguments, 1));
    move |character| given.map_or_else(|| character.is_whitespace(), |given| given.contains(character))
}

fn trim(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(text(arguments, 0).trim_matches(trimmed(arguments))))
}

fn trim_start(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(text(arguments, 0).trim_start_matches(trimmed(arguments))))
}

fn trim_end(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(text(arguments, 0).trim_end_matches(trimmed(arguments))))
}

/// The argument at a place as a count of characters.
fn count(arguments: &[Value], index: usize, function: &str) -> Result<usize, ValueError> {
    let number = integer(arguments, index);
    if number < 0 {
        return Err(ValueError::out_of_range(format!("`{function}` cannot count {number} characters")));
    }
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

/// The bytes before the character at a place.
fn byte_of(text: &str, place: usize) -> usize {
    text.char_indices().nth(place).map_or(text.len(), |(byte, _)| byte)
}

fn left(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let text = text(arguments, 0);
    let end = byte_of(text, count(arguments, 1, "left")?);
    Ok(Value::string(text.get(..end).unwrap_or_default()))
}

fn right(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let text = text(arguments, 0);
    let skipped = text.chars().count().saturating_sub(count(arguments, 1, "right")?);
    Ok(Value::string(text.get(byte_of(text, skipped)..).unwrap_or_default()))
}

fn substring(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let text = text(arguments, 0);
    let rest = text.get(byte_of(text, count(arguments, 1, "substring")?)..).unwrap_or_default();
    if arguments.len() < 3 {
        return Ok(Value::string(rest));
    }
    let end = byte_of(rest, count(arguments, 2, "substring")?);
    Ok(Value::string(rest.get(..end).unwrap_or_default()))
}

fn replace(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let search = text(arguments, 1);
    if search.is_empty() {
        return Ok(arguments.first().cloned().unwrap_or_default());
    }
    let (source, replacement) = (text(arguments, 0), text(arguments, 2));
    if replacement.len() > search.len() {
        let growth = (replacement.len() - search.len()).saturating_mul(source.matches(search).count());
        check_string_bytes(source.len().saturating_add(growth))?;
    }
    Ok(Value::string(source.replace(search, replacement)))
}

/// Splits at a delimiter, or at any of a list of them; the empty delimiter splits into characters.
fn split(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let text = text(arguments, 0);
    let mut delimiters: Vec<&str> = Vec::new();
    match arguments.get(1) {
        Some(Value::String(delimiter)) => delimiters.push(delimiter),
        Some(Value::List(items)) => {
            for item in items.iter() {
                match item {
                    Value::String(delimiter) => delimiters.push(delimiter),
                    Value::Null => return Ok(Value::Null),
                    _ => return Err(ValueError::wrong_value(format!("`split` takes no {} as delimiter", item.kind()))),
                }
            }
        }
        _ => return Ok(Value::Null),
    }
    if delimiters.iter().any(|delimiter| delimiter.is_empty()) {
        let mut letters = Vec::new();
        for character in text.chars() {
            check_list_length(letters.len())?;
            letters.push(Value::string(character.encode_utf8(&mut [0; 4])));
        }
        return Ok(Value::list(letters));
    }
    // Where each delimiter comes next: it is looked for again only when that place is passed, so that no text is read over and over.
    let find = |from: usize, delimiter: &str| text.get(from..)?.find(delimiter).map(|place| from + place);
    let mut places: Vec<Option<usize>> = delimiters.iter().map(|delimiter| find(0, delimiter)).collect();
    let (mut parts, mut start) = (Vec::new(), 0);
    loop {
        let next = places.iter().zip(&delimiters).filter_map(|(place, delimiter)| Some(((*place)?, delimiter.len())));
        let next = next.min_by_key(|(place, length)| (*place, std::cmp::Reverse(*length)));
        let (end, length) = next.unwrap_or((text.len(), 0));
        parts.push(Value::string(text.get(start..end).unwrap_or_default()));
        check_list_length(parts.len())?;
        if next.is_none() {
            return Ok(Value::list(parts));
        }
        start = end + length;
        for (place, delimiter) in places.iter_mut().zip(&delimiters) {
            if place.is_some_and(|place| place < start) {
                *place = find(start, delimiter);
            }
        }
    }
}

fn char_length(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Integer(i64::try_from(text(arguments, 0).chars().count()).unwrap_or(i64::MAX)))
}

fn byte_length(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Integer(i64::try_from(text(arguments, 0).len()).unwrap_or(i64::MAX)))
}

fn normalize(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let source = text(arguments, 0);
    let form = if arguments.len() > 1 { text(arguments, 1) } else { "NFC" };
    let normal: String = match form.to_ascii_uppercase().as_str() {
        "NFC" => gathered(source.nfc())?,
        "NFD" => gathered(source.nfd())?,
        "NFKC" => gathered(source.nfkc())?,
        "NFKD" => gathered(source.nfkd())?,
        _ => {
            let error = ValueError::bad_argument(format!("`{form}` is no Unicode normal form"));
            return Err(error.with_hint("one of NFC, NFD, NFKC, NFKD"));
        }
    };
    Ok(Value::string(normal))
}

/// Returns characters as a string, unless they are too many: one may have become eighteen.
fn gathered(characters: impl Iterator<Item = char>) -> Result<String, ValueError> {
    let mut text = String::new();
    for character in characters {
        text.push(character);
        check_string_bytes(text.len())?;
    }
    Ok(text)
}

fn spell(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let form = if arguments.len() > 1 { text(arguments, 1) } else { "marks" };
    let spelled = match form.to_lowercase().as_str() {
        "marks" => pinyin(text(arguments, 0)),
        "plain" => pinyin_plain(text(arguments, 0)),
        "initials" => initials(text(arguments, 0)),
        _ => {
            let error = ValueError::bad_argument(format!("`{form}` is no form of pinyin"));
            return Err(error.with_hint("one of marks, plain, initials"));
        }
    };
    Ok(Value::string(spelled))
}

/// The characters that fill the text up to a length.
fn padding(arguments: &[Value], function: &str) -> Result<String, ValueError> {
    let length = count(arguments, 1, function)?;
    check_string_bytes(length)?;
    let missing = length.saturating_sub(text(arguments, 0).chars().count());
    let filler = if arguments.len() > 2 { text(arguments, 2) } else { " " };
    gathered(filler.chars().cycle().take(missing))
}

fn pad_start(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(padding(arguments, "lpad")? + text(arguments, 0)))
}

fn pad_end(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(text(arguments, 0).to_string() + &padding(arguments, "rpad")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::examples::{call, try_call};

    #[test]
    fn characters_are_counted_not_bytes() {
        let city = Value::string("杭州园区");
        let number = Value::Integer;
        assert_eq!(call("left", &[city.clone(), number(2)]).to_string(), "杭州");
        assert_eq!(call("right", &[city.clone(), number(1)]).to_string(), "区");
        assert_eq!(call("substring", &[city.clone(), number(1), number(2)]).to_string(), "州园");
        assert_eq!(call("substring", &[city.clone(), number(9)]).to_string(), "");
        assert!(try_call("substring", &[city.clone(), number(-1)]).is_err());
        assert_eq!(call("charLength", &[city]).to_string(), "4");
    }

    #[test]
    fn splitting() {
        let split = |text: &str, delimiter: Value| call("split", &[Value::string(text), delimiter]).to_string();
        assert_eq!(split("one1two", Value::string("1")), "['one', 'two']");
        assert_eq!(split("", Value::string(",")), "['']");
        assert_eq!(split("园区", Value::string("")), "['园', '区']");
        assert_eq!(split("a;b,c", Value::list(vec![Value::string(","), Value::string(";")])), "['a', 'b', 'c']");
        let list = |delimiters: &[&str]| Value::list(delimiters.iter().map(|text| Value::string(*text)).collect());
        assert_eq!(split("a--b-c", list(&["-", "--"])), "['a', 'b', 'c']", "the longest at a place");
        assert_eq!(split("aXYZb", list(&["YZ", "XY"])), "['a', 'Zb']", "what was taken is not looked at again");
        assert_eq!(split(",;", list(&[";", ","])), "['', '', '']");
    }

    #[test]
    fn splitting_at_several_reads_the_text_once() {
        // A delimiter that is nowhere was looked for behind every other one: a million of these took minutes.
        let text = ",".repeat(1_000_000);
        let delimiters = Value::list(vec![Value::string(","), Value::string("x")]);
        let parts = call("split", &[Value::string(text), delimiters]);
        assert!(matches!(parts, Value::List(parts) if parts.len() == 1_000_001));
    }

    #[test]
    fn no_function_makes_more_than_the_limits_allow() {
        let most = "a".repeat(1 << 26);
        let refused = |name: &str, arguments: &[Value]| {
            try_call(name, arguments).is_err_and(|error| error.to_string().contains("would have more than"))
        };
        assert!(refused("split", &[Value::string(most.clone()), Value::string("")]));
        assert!(refused("split", &[Value::string(most), Value::string("a")]));
        assert!(refused("toUpper", &[Value::string("ŉ".repeat((1 << 25) - 1))]));
        assert!(refused("normalize", &[Value::string("ﷺ".repeat(1 << 22)), Value::string("NFKD")]));
        assert!(refused("lpad", &[Value::string("a"), Value::Integer(1 << 25), Value::string("园")]));
        assert!(try_call("lpad", &[Value::string(""), Value::Integer(1 << 10), Value::string("园")]).is_ok());
    }

    #[test]
    fn trimming_and_padding() {
        assert_eq!(call("trim", &[Value::string("\u{3000}a \n")]).to_string(), "a");
        assert_eq!(call("trim", &[Value::string("xaxx"), Value::string("x")]).to_string(), "a");
        assert_eq!(call("lpad", &[Value::string("7"), Value::Integer(3), Value::string("0")]).to_string(), "007");
        assert!(try_call("rpad", &[Value::string("7"), Value::Integer(i64::MAX)]).is_err());
    }
}
