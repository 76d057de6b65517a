//! A picture as DOT, the language of graphviz (graphviz.org/doc/info/lang.html).

use std::fmt::Write;

use super::{Box, Picture};

/// Colours that keep black letters readable in print, taken in turn.
const COLOURS: [&str; 10] =
    ["#dbe9f6", "#fde5cf", "#dff0d8", "#f9dcdc", "#e8e0f3", "#fdf3c7", "#d7f0ee", "#f5e1ee", "#e9e9e9", "#ece4d6"];

/// Returns the picture as a text for graphviz.
pub(in crate::exchange) fn dot(picture: &Picture) -> String {
    let mut text = "digraph graph_picture {\n".to_owned();
    text.push_str("  rankdir=LR; ranksep=0.9; nodesep=0.25; splines=true; overlap=false; concentrate=false;\n");
    text.push_str("  node [shape=plain, fontname=\"Helvetica, Noto Sans CJK SC, sans-serif\", fontsize=11];\n");
    text.push_str("  edge [fontname=\"Helvetica, Noto Sans CJK SC, sans-serif\", fontsize=8, color=\"#666666\", arrowsize=0.6];\n");
    for (place, drawn) in picture.boxes.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  b{place} [label=<{}>];", table(drawn));
    }
    for arrow in &picture.arrows {
        let lines: Vec<String> = arrow.lines.iter().map(|line| quoted(line)).collect();
        let _ = writeln!(text, "  b{} -> b{} [label=\"{}\"];", arrow.from, arrow.to, lines.join("\\n"));
    }
    text.push_str("}\n");
    text
}

/// Returns a box as a table of HTML as graphviz reads it.
fn table(drawn: &Box) -> String {
    let colour = COLOURS[drawn.group % COLOURS.len()];
    let border = if drawn.is_middle { 3 } else { 1 };
    let mut text = format!(
        "<TABLE BORDER=\"{border}\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"3\" BGCOLOR=\"{colour}\">"
    );
    let (title, subtitle) = (escaped(&drawn.title), escaped(&drawn.subtitle));
    let _ = write!(text, "<TR><TD><B>{title}</B>");
    let _ = write!(text, "<BR/><FONT POINT-SIZE=\"9\" COLOR=\"#444444\">{subtitle}</FONT></TD></TR>");
    for lines in [&drawn.kinds, &drawn.lines].into_iter().filter(|lines| !lines.is_empty()) {
        let lines: String = lines.iter().map(|line| format!("{}<BR ALIGN=\"LEFT\"/>", escaped(line))).collect();
        let _ =
            write!(text, "<HR/><TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"><FONT POINT-SIZE=\"8\">{lines}</FONT></TD></TR>");
    }
    text.push_str("</TABLE>");
    text
}

/// Returns a text as it stands within quotes.
fn quoted(text: &str) -> String {
    shown(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// Returns a text as it stands in HTML; an empty one would be no cell.
fn escaped(text: &str) -> String {
    let text = shown(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    if text.is_empty() { " ".to_owned() } else { text }
}

/// Returns a text without line breaks and other control characters.
fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Arrow, Picture};
    use super::*;

    #[test]
    fn marks_of_the_language_are_escaped() {
        let drawn = |title: &str| Box {
            title: title.to_owned(),
            subtitle: String::new(),
            kinds: Vec::new(),
            lines: vec!["<a> & \"b\"".to_owned()],
            group: 11,
            is_middle: false,
        };
        let arrow = Arrow { from: 0, to: 0, lines: vec!["a\"\\".into(), "b".into()] };
        let text = dot(&Picture { boxes: vec![drawn("园\n<区>")], arrows: vec![arrow], left_out: Vec::new() });
        assert!(text.contains("<B>园 &lt;区&gt;</B>"), "{text}");
        assert!(text.contains("&lt;a&gt; &amp; &quot;b&quot;"), "{text}");
        assert!(text.contains("b0 -> b0 [label=\"a\\\"\\\\\\nb\"]"), "{text}");
    }
}
