//! The words of the language: one list for colouring, completion, printing and for finding the nearest word.

/// A word of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// The word as it is printed.
    pub word: &'static str,
    /// Whether it cannot be a variable's name without backticks.
    pub reserved: bool,
}

/// Returns whether the text is a word of the language, in any letter case.
pub fn is_keyword(text: &str) -> bool {
    find(text).is_some()
}

/// Returns whether the text cannot be a variable's name without backticks, in any letter case.
pub fn is_reserved(text: &str) -> bool {
    find(text).is_some_and(|keyword| keyword.reserved)
}

/// Returns the word of the language that the text is, in any letter case.
pub fn find(text: &str) -> Option<&'static Keyword> {
    let order = |keyword: &Keyword| {
        let letters = keyword.word.bytes().map(|byte| byte.to_ascii_uppercase());
        letters.cmp(text.bytes().map(|byte| byte.to_ascii_uppercase()))
    };
    KEYWORDS.binary_search_by(order).ok().map(|place| &KEYWORDS[place])
}

const fn word(word: &'static str) -> Keyword {
    Keyword { word, reserved: false }
}

const fn reserved(word: &'static str) -> Keyword {
    Keyword { word, reserved: true }
}

/// All words, in alphabetical order; the same as in `grammar/keyword.pest`, and those of its rule `reserved` marked.
pub const KEYWORDS: &[Keyword] = &[
    word("ACCORDING"),
    word("ACYCLIC"),
    reserved("ALL"),
    word("allShortestPaths"),
    word("ALTER"),
    reserved("AND"),
    word("ANY"),
    word("ARRAY"),
    reserved("AS"),
    reserved("ASC"),
    reserved("ASCENDING"),
    word("BEGIN"),
    word("BIGINT"),
    word("BOOL"),
    word("BOOLEAN"),
    word("BREAK"),
    reserved("BY"),
    word("CALL"),
    reserved("CASE"),
    word("CAST"),
    word("CITE"),
    word("CLOSED"),
    word("COLLECT"),
    word("COMMIT"),
    word("CONCURRENT"),
    word("CONSTRAINT"),
    word("CONSTRAINTS"),
    reserved("CONTAINS"),
    word("CONTINUE"),
    word("COUNT"),
    reserved("CREATE"),
    word("CSV"),
    word("CURRENT"),
    word("DATE"),
    word("DATETIME"),
    reserved("DELETE"),
    reserved("DESC"),
    reserved("DESCENDING"),
    reserved("DETACH"),
    reserved("DISTINCT"),
    word("DOUBLE"),
    word("DROP"),
    word("DURATION"),
    word("EARLIEST"),
    word("EDGE"),
    reserved("ELSE"),
    reserved("END"),
    reserved("ENDS"),
    word("ERROR"),
    reserved("EXISTS"),
    word("EXPLAIN"),
    word("FAIL"),
    reserved("FALSE"),
    word("FIELDTERMINATOR"),
    word("FILTER"),
    word("FINISH"),
    word("FIRST"),
    word("FLOAT"),
    word("FLOAT64"),
    word("FOR"),
    word("FOREACH"),
    word("FROM"),
    word("FUNCTION"),
    word("FUNCTIONS"),
    word("GRAPH"),
    word("GROUP"),
    word("GROUPS"),
    word("HEADERS"),
    word("IF"),
    reserved("IN"),
    word("INDEX"),
    word("INDEXES"),
    word("INSERT"),
    word("INT"),
    word("INT64"),
    word("INTEGER"),
    word("INTEGER64"),
    reserved("IS"),
    word("KEY"),
    word("KEYS"),
    word("LABELED"),
    word("LABELS"),
    word("LAST"),
    word("LATEST"),
    word("LET"),
    reserved("LIMIT"),
    word("LIST"),
    word("LITERAL"),
    word("LOAD"),
    word("LOCAL"),
    word("MAJORITY"),
    word("MAP"),
    reserved("MATCH"),
    reserved("MERGE"),
    word("NEXT"),
    word("NODE"),
    word("NODETACH"),
    word("NONE"),
    reserved("NOT"),
    word("NOTHING"),
    reserved("NULL"),
    word("NULLS"),
    word("OF"),
    word("OFFSET"),
    reserved("ON"),
    word("ONLY"),
    word("OPEN"),
    reserved("OPTIONAL"),
    reserved("OR"),
    reserved("ORDER"),
    word("ORDINALITY"),
    word("PARTIAL"),
    word("PATH"),
    word("PATHS"),
    word("PROCEDURE"),
    word("PROCEDURES"),
    word("PROFILE"),
    word("PROPERTIES"),
    word("PROPERTY"),
    word("RANGE"),
    word("RANK"),
    word("READ"),
    word("REDUCE"),
    word("RELATIONSHIP"),
    reserved("REMOVE"),
    word("REPLACE"),
    word("REPORT"),
    word("REQUIRE"),
    word("RESOLVE"),
    reserved("RETURN"),
    word("ROLLBACK"),
    word("ROW"),
    word("ROWS"),
    word("SCHEMA"),
    reserved("SET"),
    word("SETTINGS"),
    word("SHORTEST"),
    word("shortestPath"),
    word("SHOW"),
    word("SIGNED"),
    word("SIMPLE"),
    word("SINGLE"),
    reserved("SKIP"),
    word("START"),
    reserved("STARTS"),
    word("STATUS"),
    word("STRING"),
    word("TEXT"),
    reserved("THEN"),
    word("TIME"),
    word("TIMESTAMP"),
    word("TO"),
    word("TRAIL"),
    word("TRANSACTION"),
    word("TRANSACTIONS"),
    reserved("TRUE"),
    word("TYPE"),
    word("TYPED"),
    word("TYPES"),
    reserved("UNION"),
    word("UNIQUE"),
    reserved("UNWIND"),
    word("VALUE"),
    word("VARCHAR"),
    word("VERTEX"),
    word("WALK"),
    reserved("WHEN"),
    reserved("WHERE"),
    reserved("WITH"),
    word("WITHOUT"),
    word("WORK"),
    word("WRITE"),
    reserved("XOR"),
    word("YIELD"),
    word("ZONE"),
    word("ZONED"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_grammar_s() {
        let grammar = include_str!("../../grammar/keyword.pest");
        let words: Vec<String> = grammar
            .lines()
            .filter_map(|line| line.split_once("^\"")?.1.split_once('"'))
            .map(|(word, _)| word.to_ascii_uppercase())
            .collect();
        let mut ours: Vec<String> = KEYWORDS.iter().map(|keyword| keyword.word.to_ascii_uppercase()).collect();
        assert!(ours.is_sorted());
        assert!(words.iter().all(|word| is_keyword(word)));
        ours.retain(|word| !words.contains(word));
        assert_eq!(ours, Vec::<String>::new());
    }

    #[test]
    fn reserved_words_are_the_grammar_s() {
        let grammar = include_str!("../../grammar/lexical.pest");
        let rule = grammar
            .split_once("reserved = @{")
            .and_then(|(_, rest)| rest.split_once("!word_part"))
            .map(|(rule, _)| rule);
        let words: Vec<&str> =
            rule.unwrap_or_default().split('"').skip(1).step_by(2).filter(|word| word.len() > 1).collect();
        assert!(words.len() > 40, "{words:?}");
        for keyword in KEYWORDS {
            assert_eq!(
                words.iter().any(|word| word.eq_ignore_ascii_case(keyword.word)),
                keyword.reserved,
                "{}",
                keyword.word
            );
        }
    }
}
