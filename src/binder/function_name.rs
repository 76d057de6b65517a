//! Which function a name means, and what names there are to suggest.

use crate::function::{self, Aggregate};

/// Names that look like calls of functions and that the binder understands itself.
const OWN: [&str; 2] = ["coalesce", "exists"];

/// Returns the names of all functions that can be called, to find the nearest among.
pub(super) fn all() -> Vec<&'static str> {
    function::names().chain(Aggregate::ALL.into_iter().map(Aggregate::name)).chain(OWN).collect()
}

/// Returns what to write instead of another language's function.
pub(super) fn foreign(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "nvl" | "ifnull" | "isnull" => "write `coalesce(value, otherwise)`, or test with `IS NULL`",
        "nullif" => "write `CASE WHEN a = b THEN null ELSE a END`",
        "if" | "iif" | "decode" => "write `CASE WHEN condition THEN this ELSE that END`",
        "concat" | "concat_ws" => "texts are joined with `+`",
        "group_concat" | "string_agg" | "listagg" | "array_agg" => "write `collect(…)`, which gives a list",
        "len" | "strlen" | "char_length" | "array_length" => {
            "write `size(…)` for texts and lists, `length(…)` for paths"
        }
        "now" | "getdate" | "sysdate" | "current_timestamp" => "write `datetime()`, or `date()` for the day",
        "curdate" | "current_date" | "today" => "write `date()`",
        "mean" | "average" => "write `avg(…)`",
        "median" => "write `percentileCont(…, 0.5)`",
        "stddev" | "std" => "write `stDev(…)`",
        "ucase" | "touppercase" => "write `toUpper(…)`",
        "lcase" | "tolowercase" => "write `toLower(…)`",
        "substr" | "mid" => "write `substring(text, start, length)`",
        "instr" | "position" | "charindex" => "test with `CONTAINS`, `STARTS WITH` or `ENDS WITH`",
        "contains" | "like" => "write `text CONTAINS 'part'`",
        "startswith" => "write `text STARTS WITH 'part'`",
        "endswith" => "write `text ENDS WITH 'part'`",
        "cast" | "convert" | "try_cast" => {
            "write `CAST(x AS INTEGER)`, or `toInteger(x)`, which gives null for what is none"
        }
        "int" | "integer" | "to_number" => "write `toInteger(…)`, `toFloat(…)` or `toString(…)`",
        "str" | "to_char" | "text" => "write `toString(…)`",
        "to_date" => "write `date('2019-12-31')`",
        "extract" | "date_part" => "write `date.year`, `date.month` and the like",
        "datediff" => "write `duration.between(from, to)`",
        "row_number" | "rank" | "dense_rank" => "there are no window functions; order the rows and `collect` them",
        _ => return None,
    })
}
