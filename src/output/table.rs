//! Columns lined up for people, by display width, so that Chinese text keeps its columns.
//!
//! ```text
//! name   | launched   |   n
//! -------+------------+----
//! 西溪谷 | 2017-04-28 | 1.5
//! ```
//!
//! The first [`SAMPLE_ROWS`] rows are held back to find the widths; later rows go out as they come. Columns of numbers stand
//! to the right. Where the whole is wider than asked, the widest columns give way first; where even narrow columns do not
//! fit, [`Layout::Auto`] turns the table on its side.

use std::io::{self, Write};

use super::notation::cell;
use super::vertical::VerticalWriter;
use super::{Layout, OutputOptions, Overflow, RowWriter};
use crate::text::{cut, padding, visible, width, wrap};
use crate::value::ResultValue;

/// How many rows are held back to find the widths of the columns.
const SAMPLE_ROWS: usize = 1000;

/// The width below which a column is not pressed.
const NARROW_COLUMNS: usize = 8;

/// The width of what stands between two columns.
const BETWEEN_COLUMNS: usize = 3;

/// Holds back the first rows, then writes each as it comes.
pub(super) struct TableWriter<'w> {
    columns: Vec<String>,
    options: OutputOptions,
    state: State<'w>,
}

enum State<'w> {
    Sampling {
        out: &'w mut dyn Write,
        rows: Vec<Vec<ResultValue>>,
    },
    Lines {
        out: &'w mut dyn Write,
        shapes: Vec<Shape>,
    },
    OnItsSide(VerticalWriter<'w>),
    /// Only while one state gives way to another.
    Between,
}

/// What is decided about a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    width: usize,
    to_the_right: bool,
}

impl<'w> TableWriter<'w> {
    /// Returns the writer; nothing is written before the widths are known.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write, options: OutputOptions) -> Self {
        let columns = columns.iter().map(|column| visible(column).into_owned()).collect();
        TableWriter { columns, options, state: State::Sampling { out, rows: Vec::new() } }
    }

    /// Decides the widths and writes what was held back.
    fn begin(&mut self) -> io::Result<()> {
        let (out, rows) = match std::mem::replace(&mut self.state, State::Between) {
            State::Sampling { out, rows } => (out, rows),
            other => {
                self.state = other;
                return Ok(());
            }
        };
        let cells: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let shapes = shapes(&self.columns, &rows, &cells);
        let Some(shapes) = fitted(shapes, self.options) else {
            let mut writer = VerticalWriter::new(self.columns.clone(), out, self.options);
            let written = rows.iter().try_for_each(|row| writer.row(row));
            self.state = State::OnItsSide(writer);
            return written;
        };
        if !self.columns.is_empty() {
            write_line(out, &self.columns, &shapes, self.options)?;
            let rules: Vec<String> = shapes.iter().map(|shape| "-".repeat(shape.width)).collect();
            writeln!(out, "{}", rules.join("-+-"))?;
        }
        for row in &cells {
            write_line(out, row, &shapes, self.options)?;
        }
        self.state = State::Lines { out, shapes };
        Ok(())
    }
}

impl RowWriter for TableWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        match &mut self.state {
            State::Sampling { rows, .. } => {
                rows.push(row.to_vec());
                if rows.len() == SAMPLE_ROWS { self.begin() } else { Ok(()) }
            }
            State::Lines { out, shapes } => {
                let cells: Vec<String> = row.iter().map(cell).collect();
                write_line(*out, &cells, shapes, self.options)
            }
            State::OnItsSide(writer) => writer.row(row),
            // A failed write left it there; what follows fails as well.
            State::Between => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        match &mut self.state {
            State::Lines { out, .. } | State::Sampling { out, .. } => out.flush(),
            State::OnItsSide(writer) => writer.finish(),
            State::Between => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// Returns the natural width of each column, and whether all of its values are numbers.
fn shapes(columns: &[String], rows: &[Vec<ResultValue>], cells: &[Vec<String>]) -> Vec<Shape> {
    let of_column = |(index, name): (usize, &String)| {
        let widest = cells.iter().filter_map(|row| row.get(index)).map(|cell| width(cell)).max().unwrap_or(0);
        let mut values = rows.iter().filter_map(|row| row.get(index)).filter(|value| !value.is_null()).peekable();
        let to_the_right = values.peek().is_some()
            && values.all(|value| matches!(value, ResultValue::Integer(_) | ResultValue::Float(_)));
        Shape { width: widest.max(width(name)).max(1), to_the_right }
    };
    columns.iter().enumerate().map(of_column).collect()
}

/// Returns the columns pressed into the width that is asked for; nothing if the table must be turned on its side.
fn fitted(mut shapes: Vec<Shape>, options: OutputOptions) -> Option<Vec<Shape>> {
    let Some(limit) = options.width else { return Some(shapes) };
    let between = BETWEEN_COLUMNS * shapes.len().saturating_sub(1);
    let room = limit.saturating_sub(between);
    let total_below = |most: usize| shapes.iter().map(|shape| shape.width.min(most)).sum::<usize>();
    if total_below(usize::MAX) <= room {
        return Some(shapes);
    }
    if total_below(NARROW_COLUMNS) > room && options.layout == Layout::Auto {
        return None;
    }
    // The widest give way first: the greatest common limit under which all fit, found by halving.
    let (mut low, mut high) = (NARROW_COLUMNS, limit.max(NARROW_COLUMNS));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if total_below(middle) <= room { low = middle } else { high = middle - 1 }
    }
    let mut left = room.saturating_sub(total_below(low));
    for shape in &mut shapes {
        if shape.width > low {
            // What the common limit leaves over goes to the first columns that can use it.
            let more = usize::from(left > 0);
            left -= more;
            shape.width = low + more;
        }
    }
    Some(shapes)
}

fn write_line(out: &mut dyn Write, cells: &[String], shapes: &[Shape], options: OutputOptions) -> io::Result<()> {
    let pieces: Vec<Vec<std::borrow::Cow<'_, str>>> = cells
        .iter()
        .zip(shapes)
        .map(|(cell, shape)| match (options.width, options.overflow) {
            // Without a width to keep to, a later cell that is wider than the sample pushes its line out.
            (None, _) => vec![cell.as_str().into()],
            (Some(_), Overflow::Cut) => vec![cut(cell, shape.width)],
            (Some(_), Overflow::Wrap) => wrap(cell, shape.width).into_iter().map(Into::into).collect(),
        })
        .collect();
    let height = pieces.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..height {
        let mut line = String::new();
        for (column, (piece, shape)) in pieces.iter().zip(shapes).enumerate() {
            if column > 0 {
                line.push_str(" | ");
            }
            let text = piece.get(index).map_or("", |text| text.as_ref());
            let space = padding(text, shape.width);
            if shape.to_the_right {
                line.push_str(&space);
                line.push_str(text);
            } else {
                line.push_str(text);
                line.push_str(&space);
            }
        }
        writeln!(out, "{}", line.trim_end_matches(' '))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{written, written_with};
    use super::*;

    fn text(text: &str) -> ResultValue {
        ResultValue::string(text)
    }

    fn options(width: usize) -> OutputOptions {
        OutputOptions { width: Some(width), ..OutputOptions::default() }
    }

    #[test]
    fn lines_up_by_display_width() {
        let rows = [
            vec![text("西溪谷"), ResultValue::Integer(1), text("e\u{301}")],
            vec![text("👨‍👩‍👧"), ResultValue::Float(10.5), text("x")],
            vec![text("NULL"), ResultValue::Null, ResultValue::Null],
            vec![text("a\u{202e}b\n"), ResultValue::Integer(-1), text("")],
        ];
        let expected = "\
name           |    n | 备注
---------------+------+-----
西溪谷         |    1 | e\u{301}
👨‍👩‍👧             | 10.5 | x
'NULL'         | NULL | NULL
'a\\u{202e}b\\n' |   -1 | ''
";
        assert_eq!(written(Format::Table, &["name", "n", "备注"], &rows), expected);
    }

    #[test]
    fn cuts_or_wraps_what_is_too_wide() {
        let rows = [vec![text("杭州西溪谷区块链产业园"), text("a long story of many words"), ResultValue::Integer(7)]];
        let cut = "\
名称            | story          | n
----------------+----------------+--
杭州西溪谷区块… | a long story … | 7
";
        let drawn = written_with(Format::Table, &["名称", "story", "n"], &rows, options(36));
        assert_eq!(drawn, cut);
        let wrapped = "\
名称            | story          | n
----------------+----------------+--
杭州西溪谷区块  | a long story   | 7
链产业园        | of many words  |
";
        let wrapping = OutputOptions { overflow: Overflow::Wrap, ..options(36) };
        assert_eq!(written_with(Format::Table, &["名称", "story", "n"], &rows, wrapping), wrapped);
    }

    #[test]
    fn never_exceeds_the_width_that_fits() {
        let rows = [vec![text(&"园".repeat(100)), text(&"x".repeat(100)), text("short")]];
        for limit in 30..140 {
            for overflow in [Overflow::Cut, Overflow::Wrap] {
                let options = OutputOptions { overflow, ..options(limit) };
                let drawn = written_with(Format::Table, &["a", "b", "c"], &rows, options);
                assert!(drawn.lines().all(|line| width(line) <= limit), "{limit}: {drawn}");
            }
        }
    }

    #[test]
    fn turns_on_its_side_where_nothing_fits() {
        let rows = [vec![text("0123456789"); 6]];
        let names = ["a", "b", "c", "d", "e", "f"];
        assert!(written_with(Format::Table, &names, &rows, options(40)).starts_with("-- row 1 "));
        let flat = OutputOptions { layout: Layout::Horizontal, ..options(40) };
        assert!(written_with(Format::Table, &names, &rows, flat).starts_with("a        | b "));
    }

    #[test]
    fn writes_the_header_without_rows_and_nothing_without_columns() {
        assert_eq!(written(Format::Table, &["a"], &[]), "a\n-\n");
        assert_eq!(written(Format::Table, &[], &[]), "");
    }

    #[test]
    fn streams_after_the_sample() {
        let rows: Vec<Vec<ResultValue>> = (0..2500)
            .map(|number| vec![ResultValue::Integer(number), text(&"x".repeat(number as usize / 500))])
            .collect();
        let drawn = written(Format::Table, &["n", "t"], &rows);
        assert_eq!(drawn.lines().count(), 2502);
        assert!(drawn.ends_with("2499 | xxxx\n"));
    }
}
