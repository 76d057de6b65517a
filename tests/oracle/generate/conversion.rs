//! Types by name, conversions, folds and the functions of texts and numbers.

use super::{Generator, Kind};

/// Types that values in random graphs have.
const TYPES: [&str; 15] = [
    "INTEGER",
    "FLOAT",
    "STRING",
    "BOOLEAN",
    "DATE",
    "LIST<INTEGER>",
    "LIST<INTEGER | STRING>",
    "INTEGER | FLOAT",
    "INTEGER NOT NULL",
    "ANY<STRING | BOOLEAN> NOT NULL",
    "MAP",
    "NODE",
    "NULL",
    "PROPERTY VALUE",
    "LIST<ANY> NOT NULL",
];

impl Generator<'_> {
    /// Draws an integer that is made from something else.
    pub(super) fn converted_integer(&mut self, depth: usize) -> String {
        match self.chance.below(8) {
            0 => format!("CAST({} AS INTEGER)", self.number(depth)),
            1 => format!("toIntegerOrNull({})", self.any(depth)),
            2 => format!("{}({})", self.chance.one(&["charLength", "byteLength", "char_length"]), self.text(depth)),
            3 => self.folded(depth),
            4 => format!("head([{}, {}])", self.integer(depth), self.integer(depth)),
            5 => format!("last([{}])", self.integer(depth)),
            6 => format!("nullIf({}, {})", self.integer(depth), self.integer(0)),
            _ => format!("CAST('{}' AS INT)", self.chance.below(4)),
        }
    }

    /// Draws a number that is made from something else.
    pub(super) fn converted_number(&mut self, depth: usize) -> String {
        match self.chance.below(6) {
            0 => format!("CAST({} AS FLOAT)", self.integer(depth)),
            1 => format!("toFloatOrNull({})", self.any(depth)),
            2 => format!("({} ^ 2)", self.integer(depth)),
            3 => format!("sqrt(abs({}))", self.number(depth)),
            4 => format!("round({}, 1)", self.number(depth)),
            _ => format!("{}({})", self.chance.one(&["floor", "ceil", "round", "ceiling"]), self.number(depth)),
        }
    }

    /// Draws a string that is made from something else.
    pub(super) fn converted_text(&mut self, depth: usize) -> String {
        match self.chance.below(10) {
            0 => format!("CAST({} AS STRING)", self.integer(depth)),
            1 => format!("toStringOrNull({})", self.any(depth)),
            2 => format!("valueType({})", self.any(depth)),
            3 => format!("pinyin({}, '{}')", self.text(depth), self.chance.one(&["plain", "marks", "initials"])),
            4 => format!("{}({}, 3, '-')", self.chance.one(&["lpad", "rpad"]), self.text(depth)),
            5 => format!("{}({})", self.chance.one(&["toLower", "lower", "reverse", "normalize"]), self.text(depth)),
            6 => format!("right({}, {})", self.text(depth), self.chance.below(3)),
            7 => format!("split({}, 'a')[{}]", self.text(depth), self.chance.below(2)),
            8 => format!("{}({})", self.chance.one(&["ltrim", "rtrim", "btrim"]), self.text(depth)),
            _ => format!("substring({}, 1, {})", self.text(depth), self.chance.below(3)),
        }
    }

    /// Draws anything that is made from anything; what cannot be converted is not: where a condition fails on a part of a pattern that
    /// does not fit as a whole, it is open whether it is asked.
    pub(super) fn converted(&mut self, depth: usize) -> String {
        match self.chance.below(5) {
            0 => {
                let (value, wanted) = (self.any(depth), *self.chance.one(&TYPES));
                format!("CASE WHEN {value} IS :: {wanted} THEN CAST({value} AS {wanted}) END")
            }
            1 => format!("nullIf({}, {})", self.any(depth), self.any(depth)),
            2 => format!("toStringList({})", self.list(depth)),
            3 => format!("{{k: {}}}['k']", self.any(depth)),
            _ => format!("toBooleanOrNull({})", self.any(depth)),
        }
    }

    /// Draws a test other than a plain comparison.
    pub(super) fn tested(&mut self, depth: usize, comparison: &str) -> String {
        match self.chance.below(8) {
            0..=2 => {
                let (not, word) = (*self.chance.one(&["", "NOT "]), *self.chance.one(&["::", "TYPED"]));
                format!("{} IS {not}{word} {}", self.any(depth), self.chance.one(&TYPES))
            }
            3 => match self.any_of_kind(Kind::Node) {
                Some(node) => format!("{node} IS {}LABELED A|B", self.chance.one(&["", "NOT "])),
                None => "true".to_owned(),
            },
            4 => format!("{} {comparison} {} <= {}", self.integer(depth), self.integer(depth), self.integer(depth)),
            5 => format!("{} =~ '{}'", self.text(depth), self.chance.one(&["a.*", ".*b", "", "[ab]+"])),
            6 => format!("isEmpty({})", self.list(depth)),
            _ => match self.any_of_kind(Kind::Node) {
                Some(node) => format!("{node}['n'] {comparison} {}", self.integer(depth)),
                None => format!("toBooleanOrNull({})", self.any(depth)),
            },
        }
    }

    /// Draws a fold over integers.
    fn folded(&mut self, depth: usize) -> String {
        let (sum, item) = (self.name("x"), self.name("x"));
        let list = format!("[{}, {}]", self.integer(depth), self.integer(depth));
        let step = self.inside(|generator| {
            generator.nesting -= 1;
            generator.add(&sum, Kind::Integer);
            generator.add(&item, Kind::Integer);
            generator.integer(depth)
        });
        format!("reduce({sum} = {}, {item} IN {list} | {step})", self.integer(0))
    }
}
