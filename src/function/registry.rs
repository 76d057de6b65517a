//! The one list of built-in functions, and how a name is found in it.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::Function;

/// The tables by theme, in the order of the manual.
const TABLES: [&[Function]; 6] = [
    super::string::FUNCTIONS,
    super::number::FUNCTIONS,
    super::list::FUNCTIONS,
    super::conversion::FUNCTIONS,
    super::temporal::FUNCTIONS,
    super::graph::FUNCTIONS,
];

/// Other names of functions: those of ISO GQL, and older ones.
const SYNONYMS: &[(&str, &str)] = &[
    ("ceiling", "ceil"),
    ("lower", "toLower"),
    ("upper", "toUpper"),
    ("btrim", "trim"),
    ("char_length", "charLength"),
    ("character_length", "charLength"),
    ("byte_length", "byteLength"),
    ("octet_length", "byteLength"),
    ("element_id", "elementId"),
    ("path_length", "length"),
    ("cardinality", "size"),
    ("toInt", "toInteger"),
    ("random_uuid", "randomUUID"),
    ("rels", "relationships"),
    ("current_date", "date.statement"),
    ("current_time", "time.statement"),
    ("current_timestamp", "datetime.statement"),
    ("local_timestamp", "localdatetime.statement"),
    ("local_time", "localtime"),
    ("local_datetime", "localdatetime"),
    ("zoned_time", "time"),
    ("zoned_datetime", "datetime"),
    ("duration_between", "duration.between"),
];

/// The functions by lower-case name.
static BY_NAME: LazyLock<HashMap<String, &'static Function>> = LazyLock::new(|| {
    let mut names: HashMap<String, &'static Function> =
        all().map(|function| (function.name.to_ascii_lowercase(), function)).collect();
    for (synonym, name) in SYNONYMS {
        if let Some(function) = names.get(&name.to_ascii_lowercase()).copied() {
            names.insert(synonym.to_ascii_lowercase(), function);
        }
    }
    names
});

/// Returns all functions, theme by theme.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.into_iter().flatten()
}

/// Returns all names that a call may use, synonyms too; for suggestions and completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|function| function.name).chain(SYNONYMS.iter().map(|(synonym, _)| *synonym))
}

/// Returns the function of this name, in any case of letters; namespaces are part of the name (`date.truncate`).
pub fn lookup(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name.to_ascii_lowercase().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        assert_eq!(
            lookup("TOINTEGER").map(|function| function.name),
            lookup("toInteger").map(|function| function.name)
        );
        assert_eq!(lookup("Ceiling").map(|function| function.name), Some("ceil"));
        assert!(lookup("no such function").is_none());
    }

    #[test]
    fn names_are_unique_and_synonyms_lead_somewhere() {
        let mut seen: Vec<_> = names().map(str::to_ascii_lowercase).collect();
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "a name stands twice");
        for (synonym, name) in SYNONYMS {
            assert!(lookup(synonym).is_some_and(|function| function.name == *name), "{synonym}");
        }
    }
}
