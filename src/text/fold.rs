//! The one fold of names and texts that look-up uses on both sides.
//!
//! | what | becomes |
//! |---|---|
//! | full width, half width kana, compatibility forms (`Ａ`, `①`, `㎡`) | the plain form (NFKC) |
//! | traditional characters (`區`) | simplified (`区`) |
//! | quotation marks of all kinds, single and double | `"` |
//! | brackets of all kinds, opening and closing | `(` and `)` |
//! | dashes of all kinds | `-` |
//! | spaces, middle dots (`·`), what is invisible | nothing |
//! | case | folded |
//!
//! Folding twice changes nothing more. The folded text is for comparing, never for showing.

use std::iter::once;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::variant::simplified;

/// Returns the folded text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded text to `folded`.
pub fn fold_into(text: &str, folded: &mut String) {
    let before = folded.len();
    if text.is_ascii() {
        text.chars().for_each(|character| fold_character(character, folded));
        return;
    }
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(|character| fold_character(character, folded));
    } else {
        text.nfkc().for_each(|character| fold_character(character, folded));
    }
    // Leaving characters out and folding case can bring a letter and a mark together that have a common form.
    if is_nfkc_quick(folded[before..].chars()) != IsNormalized::Yes {
        let again: String = folded[before..].nfkc().collect();
        folded.truncate(before);
        again.chars().for_each(|character| fold_character(character, folded));
    }
}

/// Returns the text folded character by character, and without marks above and below letters.
///
/// The fold of two texts one after the other is that of the one and then that of the other, so that a text which contains another still does
/// so folded. [`fold`] does not promise that: a letter and a mark that follows it may have a common form.
pub fn fold_each(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{0}'..='\u{7f}' | '\u{4e00}'..='\u{9fff}' => fold_character(character, &mut folded),
            _ => once(character).nfkd().filter(|part| !is_combining_mark(*part)).for_each(|part| {
                // A form may have one of its own behind upper and lower case.
                let mut cased = String::new();
                fold_character(part, &mut cased);
                folded.extend(cased.nfkd().filter(|part| !is_combining_mark(*part)));
            }),
        }
    }
    folded
}

fn fold_character(character: char, folded: &mut String) {
    match character {
        'a'..='z' | '0'..='9' => folded.push(character),
        'A'..='Z' => folded.push(character.to_ascii_lowercase()),
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => folded.push(simplified(character)),
        _ if is_left_out(character) => {}
        _ => match mark(character) {
            Some(mark) => folded.push(mark),
            // The capital `ẞ` is its own upper case and would fold to `ß` alone.
            None if character == 'ẞ' => folded.push_str("ss"),
            // Upper case first: it makes `ß` and `ſ` and the final `ς` what their capitals are.
            None => folded.extend(character.to_uppercase().flat_map(char::to_lowercase)),
        },
    }
}

/// Says whether a character is left out of the folded text: white space, middle dots, and what is not seen.
fn is_left_out(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character,
            '·' | '\u{387}' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{2e31}' | '\u{30fb}' | '\u{ff65}'
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns what a quotation mark, a bracket or a dash folds to.
fn mark(character: char) -> Option<char> {
    Some(match character {
        '"'
        | '\''
        | '`'
        | '´'
        | '\u{2018}'..='\u{201f}'
        | '\u{2032}'..='\u{2037}'
        | '«'
        | '»'
        | '‹'
        | '›'
        | '「'
        | '」'
        | '『'
        | '』'
        | '〝'..='〟'
        | '\u{275b}'..='\u{275e}' => '"',
        '(' | '[' | '{' | '【' | '〔' | '〖' | '〘' | '〚' | '〈' | '《' | '⟨' | '⟪' | '⟦' | '⁅' | '❨' | '❪'
        | '\u{2329}' => '(',
        ')' | ']' | '}' | '】' | '〕' | '〗' | '〙' | '〛' | '〉' | '》' | '⟩' | '⟫' | '⟧' | '⁆' | '❩' | '❫'
        | '\u{232a}' => ')',
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}' | '﹣' => '-',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_scripts_width_marks_spaces_and_case() {
        for (left, right) in [
            ("杭州西溪谷區塊鏈產業園", "杭州西溪谷区块链产业园"),
            ("ＡＢＣ１２３", "abc123"),
            ("“链十条”", "\"链十条\""),
            ("「链十条」", "'链十条'"),
            ("（试行）", "[试行]"),
            ("《办法》", "〈办法〉"),
            ("西 溪　谷", "西溪谷"),
            ("约翰·史密斯", "约翰史密斯"),
            ("约翰・史密斯", "约翰•史密斯"),
            ("Straße", "STRASSE"),
            ("ΣΑΣ", "σας"),
            ("10㎡", "10m2"),
            ("e\u{301}t\u{e9}", "ÉTE\u{301}"),
            ("a—b", "a-b"),
            ("a\u{200b}b\u{fe0f}", "ab"),
            ("ｶﾞ", "ガ"),
        ] {
            assert_eq!(fold(left), fold(right), "{left} and {right}");
        }
        assert_eq!(fold(""), "");
        assert_ne!(fold("(a"), fold("a)"));
    }

    #[test]
    fn appends_without_touching_what_is_there() {
        let mut folded = String::from("ＡB ");
        fold_into("Ｃ\u{301}", &mut folded);
        assert_eq!(folded, "ＡB \u{107}");
    }

    #[test]
    fn folds_each_character_by_itself() {
        for (left, right) in
            [("區塊鏈（Ａ）", "区块链(a)"), ("Été", "ete"), ("e\u{301}", "E"), ("ｶﾞ", "か".replace('か', "カ").as_str())]
        {
            assert_eq!(fold_each(left), fold_each(right), "{left} and {right}");
        }
    }

    proptest! {
        #[test]
        fn parts_folded_one_by_one_are_the_whole_folded(first in "\\PC{0,6}", second in "\\PC{0,6}") {
            prop_assert_eq!(fold_each(&format!("{first}{second}")), fold_each(&first) + &fold_each(&second));
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,12}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
