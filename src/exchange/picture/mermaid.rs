//! A picture as Mermaid (mermaid.js.org/syntax/flowchart.html), which hosts of code draw within their pages.

use std::fmt::Write;

use super::Picture;

/// Returns the picture as a flowchart.
pub(in crate::exchange) fn mermaid(picture: &Picture) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (place, drawn) in picture.boxes.iter().enumerate() {
        let mut lines = vec![format!("<b>{}</b>", escaped(&drawn.title))];
        if !drawn.subtitle.is_empty() {
            lines.push(format!("<i>{}</i>", escaped(&drawn.subtitle)));
        }
        if !drawn.kinds.is_empty() {
            lines.push(drawn.kinds.iter().map(|kind| escaped(kind)).collect::<Vec<_>>().join("<br/>"));
            lines.push("―".to_owned());
        }
        lines.extend(drawn.lines.iter().map(|line| escaped(line)));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  b{place}[\"{}\"]", lines.join("<br/>"));
    }
    for arrow in &picture.arrows {
        let lines: Vec<String> = arrow.lines.iter().map(|line| escaped(line)).collect();
        let _ = writeln!(text, "  b{} -->|\"{}\"| b{}", arrow.from, lines.join("<br/>"), arrow.to);
    }
    text
}

/// Returns a text as it stands within quotes: Mermaid writes marks as numbers, `#34;`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '<' | '>' | '&' | '`' | '|' | '\\' | '[' | ']' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::{Arrow, Box, Picture};
    use super::*;

    #[test]
    fn marks_of_the_language_are_numbers() {
        let boxes = vec![Box {
            title: "a \"b\" #".into(),
            subtitle: String::new(),
            kinds: Vec::new(),
            lines: vec!["园".into()],
            group: 0,
            is_middle: false,
        }];
        let arrows = vec![Arrow { from: 0, to: 0, lines: vec!["A|B 1".into()] }];
        let text = mermaid(&Picture { boxes, arrows, left_out: Vec::new() });
        assert_eq!(text, "flowchart LR\n  b0[\"<b>a #34;b#34; #35;</b><br/>园\"]\n  b0 -->|\"A#124;B 1\"| b0\n");
    }
}
