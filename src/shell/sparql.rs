//! `sparql TEXT` and `:sparql`: runs a SPARQL query and writes its rows, truth value or triples.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use crate::diagnostic::nearest;
use crate::engine::{
    Answer, Connection, Database, Error, RdfSyntax, RdfTerm, ResultsFormat, SparqlAnswer, WrittenLens,
};
use crate::output::Format;
use crate::text::visible;
use crate::value::ResultValue;

use super::arguments::{Arguments, SparqlArguments};
use super::caught::caught;
use super::commands::{After, Done};
use super::ending::Ending;
use super::printer::{Printer, counted_words};
use super::session::{CommandError, Session, Stop};
use super::{database, interrupt, report, terminal};

/// The names of the formats, for messages.
const FORMATS: &[&str] =
    &["table", "json", "xml", "csv", "tsv", "turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml"];

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A table for people.
    Table,
    /// A standard format of rows.
    Results(ResultsFormat),
    /// A syntax of triples.
    Triples(RdfSyntax),
}

impl Form {
    fn named(name: &str) -> Option<Form> {
        Some(match name {
            "table" => Form::Table,
            "json" => Form::Results(ResultsFormat::Json),
            "xml" => Form::Results(ResultsFormat::Xml),
            "csv" => Form::Results(ResultsFormat::Csv),
            "tsv" => Form::Results(ResultsFormat::Tsv),
            name => Form::Triples(RdfSyntax::named(name)?),
        })
    }
}

/// Runs the text.
pub(super) fn run(arguments: &Arguments, wanted: &SparqlArguments) -> Ending {
    let form = match wanted.format.as_deref().map(|name| (name, Form::named(name))) {
        Some((name, None)) => {
            let near = nearest(name, FORMATS.iter().copied());
            let hint = near
                .map_or_else(|| format!("there are {}", FORMATS.join(", ")), |near| format!("did you mean `{near}`?"));
            return refused(&format!("there is no format `{name}`; {hint}"), Ending::WrongCall);
        }
        Some((_, form)) => form,
        None => None,
    };
    let mut text = wanted.text.clone();
    if text == "-" {
        text.clear();
        if let Err(error) = io::stdin().read_to_string(&mut text) {
            return refused(&format!("the query cannot be read: {error}"), Ending::WrongCall);
        }
    }
    let database = match database::open(arguments) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    interrupt::listen();
    let mut connection = database.connect();
    let answer = match ask(&mut connection, &text, wanted.lens.written()) {
        Ok(answer) => answer,
        Err(ending) => return ending,
    };
    let default = match (&answer, terminal::output_is_terminal()) {
        (SparqlAnswer::Graph(_), _) => Form::Triples(RdfSyntax::Turtle),
        (_, true) => Form::Table,
        (_, false) => Form::Results(ResultsFormat::Json),
    };
    let form = form.unwrap_or(default);
    let misfit = match (&answer, form) {
        (SparqlAnswer::Graph(_), Form::Results(_) | Form::Table) => {
            Some("triples are written as turtle, ntriples, nquads, trig, jsonld or rdfxml")
        }
        (SparqlAnswer::Graph(_), Form::Triples(_)) => None,
        (_, Form::Triples(_)) => Some("rows are written as table, json, xml, csv or tsv"),
        _ => None,
    };
    if let Some(words) = misfit {
        return refused(words, Ending::WrongCall);
    }
    match write(&database, &answer, form, &mut Printer::new(Some(Format::Table))) {
        Ok(()) => Ending::Done,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ending::Done,
        Err(error) => refused(&error.to_string(), Ending::Failed),
    }
}

/// `:sparql QUERY`.
pub(super) fn command(session: &mut Session, text: &str) -> Done {
    if text.is_empty() {
        return Err(CommandError::Wrong("`:sparql` needs a query".to_owned()));
    }
    let answer = ask(&mut session.connection, text, WrittenLens::default())
        .map_err(|ending| CommandError::Stopped(Stop::Failed(ending)))?;
    let form = match answer {
        SparqlAnswer::Graph(_) => Form::Triples(RdfSyntax::Turtle),
        _ => Form::Table,
    };
    // The answer before is no longer the last one.
    (session.support, session.last_writes) = (None, false);
    let database = session.connection.database().clone();
    match write(&database, &answer, form, &mut session.printer) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CommandError::Wrong(format!("the answer cannot be written: {error}")))
        }
        _ => Ok(After::GoOn),
    }
}

/// Asks, and tells what is wrong where that fails.
fn ask(connection: &mut Connection, text: &str, lens: WrittenLens<'_>) -> Result<SparqlAnswer, Ending> {
    let handle = connection.cancel_handle();
    let asked = interrupt::stoppable(handle, || caught(|| connection.sparql_with_warnings(text, lens)));
    match asked {
        Ok(Ok((answer, warnings))) => {
            warnings.iter().for_each(|warning| report::diagnostic(warning, text, None));
            Ok(answer)
        }
        Ok(Err(error)) => Err(failed(&error, text)),
        Err(fault) => Err(refused(&fault.0, Ending::InternalError)),
    }
}

fn failed(error: &Error, text: &str) -> Ending {
    let _ = io::stdout().flush();
    report::diagnostic(&error.to_diagnostic(), text, None);
    Ending::from(error)
}

fn write(database: &Database, answer: &SparqlAnswer, form: Form, printer: &mut Printer) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    if form == Form::Table || !terminal::output_is_terminal() {
        write_form(database, answer, form, printer, &mut out)?;
    } else {
        let mut written = Vec::new();
        write_form(database, answer, form, printer, &mut written)?;
        out.write_all(shown(&String::from_utf8_lossy(&written), form).as_bytes())?;
    }
    out.flush()
}

/// Returns a text with the characters that drive a terminal written as its format writes them.
fn shown(text: &str, form: Form) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_layout = matches!(letter, '\n' | '\t') || (letter == '\r' && letters.peek() == Some(&'\n'));
        let own = letter.to_string();
        match visible(&own) {
            Cow::Owned(escaped) if !is_layout => shown.push_str(&match form {
                Form::Results(ResultsFormat::Xml) | Form::Triples(RdfSyntax::RdfXml) => {
                    format!("&#x{:x};", u32::from(letter))
                }
                Form::Results(ResultsFormat::Json) | Form::Triples(RdfSyntax::JsonLd) => {
                    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
                }
                Form::Results(ResultsFormat::Tsv) | Form::Triples(_) if u32::from(letter) > 0xffff => {
                    format!("\\U{:08x}", u32::from(letter))
                }
                Form::Results(ResultsFormat::Tsv) | Form::Triples(_) => format!("\\u{:04x}", u32::from(letter)),
                Form::Results(ResultsFormat::Csv) | Form::Table => escaped,
            }),
            _ => shown.push(letter),
        }
    }
    shown
}

fn write_form(
    database: &Database,
    answer: &SparqlAnswer,
    form: Form,
    printer: &mut Printer,
    mut out: &mut dyn Write,
) -> io::Result<()> {
    match (form, answer) {
        (Form::Results(format), answer) => {
            answer.write(format, &mut out)?;
            if matches!(format, ResultsFormat::Json | ResultsFormat::Xml) {
                writeln!(out)?;
            }
        }
        (Form::Triples(syntax), answer) => {
            let losses = database.write_rdf(answer, syntax, &mut out).map_err(io::Error::other)?;
            losses.iter().for_each(|loss| report::message(&format!("warning: {loss}")));
        }
        (Form::Table, SparqlAnswer::Boolean(truth)) => writeln!(out, "{truth}")?,
        (Form::Table, SparqlAnswer::Graph(_)) => {}
        (Form::Table, SparqlAnswer::Solutions { variables, rows }) if variables.is_empty() => {
            writeln!(out, "{} without columns", counted_words(rows.len() as u64, "row"))?;
        }
        (Form::Table, SparqlAnswer::Solutions { variables, rows }) => {
            let names = Names::of(database).map_err(io::Error::other)?;
            let rows = rows.iter().map(|row| row.iter().map(|term| names.value(term.as_ref())).collect()).collect();
            printer.write(&Answer { columns: variables.clone(), rows, ..Answer::default() }, out)?;
        }
    }
    Ok(())
}

/// How IRIs are written short.
struct Names {
    prefixes: Vec<(String, String)>,
    base: String,
}

impl Names {
    fn of(database: &Database) -> Result<Names, Error> {
        let (prefixes, base) = database.rdf_prefixes()?;
        Ok(Names { prefixes, base })
    }

    /// Returns a term as a person reads it: numbers and truth values as such, texts without quotes, IRIs short.
    fn value(&self, term: Option<&RdfTerm>) -> ResultValue {
        match term {
            None => ResultValue::Null,
            Some(RdfTerm::Iri(iri)) => ResultValue::string(self.short(iri)),
            Some(RdfTerm::Literal(literal)) => {
                let text = literal.text.as_str();
                match literal.datatype.rsplit_once('#').map(|(_, name)| name) {
                    Some("integer") => text.parse().map_or_else(|_| ResultValue::string(text), ResultValue::Integer),
                    Some("boolean") => text.parse().map_or_else(|_| ResultValue::string(text), ResultValue::Boolean),
                    _ => ResultValue::string(text),
                }
            }
            Some(other) => ResultValue::string(other.to_string()),
        }
    }

    /// An IRI below the base is written relative to it, as the query may write it too.
    fn short(&self, iri: &str) -> String {
        if let Some(path) = iri.strip_prefix(&self.base) {
            return format!("<{path}>");
        }
        let is_name = |rest: &str| {
            !rest.is_empty() && rest.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter))
        };
        let longest =
            self.prefixes.iter().filter(|(_, namespace)| iri.strip_prefix(namespace.as_str()).is_some_and(is_name));
        match longest.max_by_key(|(_, namespace)| namespace.len()) {
            Some((prefix, namespace)) => format!("{prefix}:{}", &iri[namespace.len()..]),
            None => format!("<{iri}>"),
        }
    }
}

fn refused(words: &str, ending: Ending) -> Ending {
    let _ = io::stdout().flush();
    report::message(&format!("error: {words}"));
    ending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drives_a_terminal_is_written_as_the_format_writes_it() {
        let text = "a\u{1b}[2J\u{202e}b\u{e0041}\r\n\tc";
        for (form, expected) in [
            (Form::Results(ResultsFormat::Csv), "a\\u{1b}[2J\\u{202e}b\\u{e0041}\r\n\tc"),
            (Form::Results(ResultsFormat::Tsv), "a\\u001b[2J\\u202eb\\U000e0041\r\n\tc"),
            (Form::Results(ResultsFormat::Json), "a\\u001b[2J\\u202eb\\udb40\\udc41\r\n\tc"),
            (Form::Results(ResultsFormat::Xml), "a&#x1b;[2J&#x202e;b&#xe0041;\r\n\tc"),
            (Form::Triples(RdfSyntax::Turtle), "a\\u001b[2J\\u202eb\\U000e0041\r\n\tc"),
        ] {
            assert_eq!(shown(text, form), expected, "{form:?}");
        }
    }
}
