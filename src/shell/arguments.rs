//! The command line: what can be written on it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exchange::export::WrittenLens;
use crate::output::Format;

/// An embedded knowledge graph: ask in Cypher, get answers that cite their sources.
#[derive(Debug, Parser)]
#[command(name = "yuanpu", version, args_conflicts_with_subcommands = false, subcommand_precedence_over_arg = true)]
pub(super) struct Arguments {
    /// Database file to open, or to make (a subcommand's name wins: write ./query for a file of that name)
    #[arg(value_name = "FILE", conflicts_with = "database")]
    pub(super) file: Option<PathBuf>,

    /// What to do; without it, an interactive session begins
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// What holds for every command.
    #[command(flatten)]
    pub(super) global: Global,
}

/// What holds for every command.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// Database file to open, or to make; without it, the graph that is built in
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(super) database: Option<PathBuf>,

    /// Begin with an empty graph in memory
    #[arg(long, global = true, conflicts_with = "database")]
    pub(super) empty: bool,

    /// Refuse to write
    #[arg(long, global = true)]
    pub(super) read_only: bool,

    /// Whether a commit waits until the disk has it; off: a power failure may lose the last ones
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Syncing::Full)]
    pub(super) sync: Syncing,

    /// Threads that one statement or import may use
    #[arg(long, global = true, value_name = "COUNT")]
    pub(super) threads: Option<usize>,

    /// Time that one statement may take: 500ms, 30s, 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_duration)]
    pub(super) timeout: Option<Duration>,

    /// Memory that one statement may use: 512M, 2G (default: half of the machine's)
    #[arg(long, global = true, value_name = "SIZE", value_parser = parse_size)]
    pub(super) memory_limit: Option<usize>,

    /// Folder below which LOAD CSV may read
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) csv_folder: Option<PathBuf>,

    /// Folder of your copies of the documents: claims are shown with the passage they point to; `check` holds claims against them
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) documents: Option<PathBuf>,
}

/// How a commit reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Syncing {
    /// It has returned once the disk has it.
    Full,
    /// It has returned once the system has it.
    Off,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run one query text and write its rows
    Query(QueryArguments),
    /// Run one SPARQL query over the same graph
    #[cfg(feature = "rdf")]
    Sparql(SparqlArguments),
    /// Run script files: statements ended by `;`, comments, `:param` lines
    Run(RunArguments),
    /// Bring graph packages, folders with import.toml, CSV, JSON lines or RDF into a database file, all or nothing
    Import(ImportArguments),
    /// Verify a graph package: its files, its own checks, the documents that it cites; or a database file
    Check(CheckArguments),
    /// Write the whole graph: turtle, ntriples, nquads, trig, jsonld, rdfxml, graphml, csv, package; a picture: dot, mermaid
    Export(ExportArguments),
    /// Copy a database file, also while it is in use
    Backup(BackupArguments),
    /// Make a database file as small as it can be
    Compact(FileArguments),
    /// Count what a database file holds
    Stats(FileArguments),
    /// Lay query files out: one clause a line, words of the language in capitals
    Fmt(FmtArguments),
    /// Write what a shell needs to complete this program's command line: bash, zsh, fish, elvish, powershell
    Completions(CompletionsArguments),
    /// Write the manual page, in roff
    Man,
    /// Speak JSON lines on standard input and output, for programs and test suites
    Stdio,
}

/// How rows are written, and the values of parameters.
#[derive(Debug, Args)]
pub(super) struct RowArguments {
    /// A parameter: name=JSON, so that a text is written name='"text"'
    #[arg(short, long = "param", value_name = "NAME=JSON")]
    pub(super) parameters: Vec<String>,

    /// A file with parameters: one JSON object, {"name": value}
    #[arg(long = "params", value_name = "FILE")]
    pub(super) parameter_file: Option<PathBuf>,

    /// How to write rows: table, csv, tsv, json, jsonl, markdown (default: table on a terminal, else jsonl)
    #[arg(short, long, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
}

/// `query TEXT`.
#[derive(Debug, Args)]
pub(super) struct QueryArguments {
    /// The query; `-` reads it from standard input
    #[arg(required_unless_present = "compare")]
    pub(super) text: Option<String>,

    /// Keep the answer with its citations in this file, as a nanopublication in TriG
    #[arg(long, value_name = "FILE")]
    pub(super) save: Option<PathBuf>,

    /// Ask the question kept in this file again, and say which rows and citations changed (status 3 if any)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "save"])]
    pub(super) compare: Option<PathBuf>,

    /// Parameters and format.
    #[command(flatten)]
    pub(super) rows: RowArguments,
}

/// `sparql TEXT`.
#[cfg(feature = "rdf")]
#[derive(Debug, Args)]
pub(super) struct SparqlArguments {
    /// The query; `-` reads it from standard input. The graph's prefixes are declared
    pub(super) text: String,

    /// How to write rows: table, json, xml, csv, tsv (default: table on a terminal, else json); triples: turtle, ntriples, jsonld, rdfxml
    #[arg(short, long, value_name = "FORMAT")]
    pub(super) format: Option<String>,

    #[command(flatten)]
    pub(super) lens: LensArguments,
}

/// Through which lens the graph is read.
#[derive(Debug, Args)]
pub(super) struct LensArguments {
    /// Only what sources published until this date say: 2020, 2020-12 or 2020-12-31
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Only what these sources say: their ids, parted by commas; general knowledge counts too
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    according_to: Vec<String>,

    /// Only what the sources named say, without general knowledge
    #[arg(long, requires = "according_to")]
    only: bool,

    /// Which claim wins where they differ: rank, latest, earliest, majority, all
    #[arg(long, value_name = "RULE")]
    resolve_by: Option<String>,
}

impl LensArguments {
    /// Returns the lens as it is written.
    pub(super) fn written(&self) -> WrittenLens<'_> {
        WrittenLens {
            as_of: self.as_of.as_deref(),
            according_to: &self.according_to,
            only: self.only,
            resolve_by: self.resolve_by.as_deref(),
        }
    }
}

/// `run SCRIPT…`.
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The script files, run in this order; `-` is standard input
    #[arg(required = true, value_name = "SCRIPT")]
    pub(super) scripts: Vec<PathBuf>,

    /// Go on after an error, and fail at the end
    #[arg(long)]
    pub(super) fail_at_end: bool,

    /// Parameters and format.
    #[command(flatten)]
    pub(super) rows: RowArguments,
}

/// `import PATH…`.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// Folders with graph.toml or import.toml, or that `export csv` wrote; files of rows: .csv and .tsv with a header, .jsonl; RDF: .ttl, .nt,
    /// .nq, .trig, .jsonld, .rdf
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The label of the nodes in files of rows
    #[arg(long, value_name = "LABEL")]
    pub(super) label: Option<String>,

    /// The column that tells the nodes in files of rows apart: unique within the label, and indexed
    #[arg(long, value_name = "COLUMN", requires = "label")]
    pub(super) key: Option<String>,

    /// What relative IRIs in RDF files are resolved against
    #[arg(long, value_name = "IRI")]
    pub(super) base: Option<String>,

    /// Put rows and triples that cannot be read into this file, and import the others
    #[arg(long, value_name = "FILE")]
    pub(super) skip_bad_rows: Option<PathBuf>,
}

/// `backup FILE TO`.
#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The database file, unless `--database` names it, and the copy, which must not be there yet
    #[arg(value_names = ["FILE", "TO"], required = true, num_args = 1..=2)]
    pub(super) paths: Vec<PathBuf>,
}

/// `compact FILE` and `stats FILE`.
#[derive(Debug, Args)]
pub(super) struct FileArguments {
    /// The database file, unless `--database` names it
    #[arg(value_name = "FILE")]
    pub(super) source: Option<PathBuf>,
}

/// `check PATH`.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The package's folder, or a database file, unless `--database` names it
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,

    /// Find what the documents print and no claim states; wants --documents
    #[arg(long)]
    pub(super) coverage: bool,
}

/// `export FORMAT`.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The format: turtle, ntriples, nquads, trig, jsonld, rdfxml, graphml, csv, package, dot, mermaid
    #[arg(value_name = "FORMAT")]
    pub(super) format: String,

    /// The file to write (default: standard output); for csv and package an empty or new folder
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,

    /// How to write claims: reifiers, named-graphs, reification, none (default: named-graphs where the syntax has graphs, reifiers in Turtle and N-Triples, else reification)
    #[arg(long, value_name = "HOW")]
    pub(super) claims: Option<String>,

    #[command(flatten)]
    pub(super) lens: LensArguments,

    /// Draw what lies around the node of this id or name (dot, mermaid); without it the schema is drawn
    #[arg(long, value_name = "NAME")]
    pub(super) around: Option<String>,

    /// How many steps around the node are drawn
    #[arg(long, value_name = "STEPS", default_value_t = 1, requires = "around")]
    pub(super) depth: usize,
}

/// `completions SHELL`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: clap_complete::Shell,
}

/// `fmt FILE…`.
#[derive(Debug, Args)]
pub(super) struct FmtArguments {
    /// The files, formatted in place; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Write nothing; fail if a file would change
    #[arg(long)]
    pub(super) check: bool,

    /// Print each statement from what was understood of it, in one line and without comments, and leave the files alone
    #[arg(long, conflicts_with = "check")]
    pub(super) one_line: bool,
}

impl Arguments {
    /// Returns the database file that was named, by option or as the only argument.
    pub(super) fn database_file(&self) -> Option<&PathBuf> {
        self.global.database.as_ref().or(self.file.as_ref())
    }

    /// Returns the one file that a command is about: its own argument, or the database that holds for every command.
    ///
    /// # Errors
    /// In words, if none is named, or two.
    pub(super) fn only_file<'f>(&'f self, own: Option<&'f PathBuf>) -> Result<&'f Path, String> {
        match (own, self.database_file()) {
            (Some(own), Some(database)) if own != database => {
                Err(format!("`{}` and `{}` are two files; name one", own.display(), database.display()))
            }
            (Some(file), _) | (None, Some(file)) => Ok(file),
            (None, None) => Err("no file is named".to_owned()),
        }
    }

    /// Returns, in words, an option that the command does not listen to.
    pub(super) fn unheard(&self) -> Option<String> {
        let global = &self.global;
        let (command, option) = match self.command {
            Some(Command::Import(_)) if global.timeout.is_some() => ("import", "--timeout"),
            Some(Command::Import(_)) if global.memory_limit.is_some() => ("import", "--memory-limit"),
            Some(Command::Fmt(_)) if self.database_file().is_some() => ("fmt", "--database"),
            Some(Command::Completions(_)) if self.database_file().is_some() => ("completions", "--database"),
            Some(Command::Man) if self.database_file().is_some() => ("man", "--database"),
            _ => return None,
        };
        Some(format!("`{command}` does not listen to `{option}`; leave it away"))
    }

    /// Returns the files that must not be written over: the database that is open.
    pub(super) fn files_in_use(&self) -> Vec<&Path> {
        self.database_file().map(PathBuf::as_path).into_iter().collect()
    }
}

/// Reads a time: a number with `ms`, `s`, `m` or `h`; seconds where none is written.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let unit_start = text.find(|character: char| !character.is_ascii_digit() && character != '.');
    let (number, unit) = text.split_at(unit_start.unwrap_or(text.len()));
    let seconds_a_unit = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("`{other}` is no unit of time; write ms, s, m or h")),
    };
    let number: f64 = number.parse().map_err(|_| format!("`{text}` is no time; write 500ms, 30s or 5m"))?;
    Duration::try_from_secs_f64(number * seconds_a_unit).map_err(|error| error.to_string())
}

/// Reads a number of bytes: a number with `K`, `M`, `G` or `T`, each 1024 times the one before; `KB` and `KiB` mean the same, in any case.
fn parse_size(text: &str) -> Result<usize, String> {
    let unit_start = text.find(|character: char| !character.is_ascii_digit());
    let (number, unit) = text.split_at(unit_start.unwrap_or(text.len()));
    let bytes_a_unit: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        _ => return Err(format!("`{unit}` is no unit of size; write K, M, G or T")),
    };
    let number: usize = number.parse().map_err(|_| format!("`{text}` is no size; write 512M or 2G"))?;
    number.checked_mul(bytes_a_unit).ok_or_else(|| format!("`{text}` is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_and_sizes() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("1.5m"), Ok(Duration::from_secs(90)));
        assert!(parse_duration("5 parsecs").is_err());
        assert_eq!(parse_size("2G"), Ok(2 << 30));
        assert_eq!(parse_size("10KiB"), Ok(10 << 10));
        assert_eq!((parse_size("3 gb"), parse_size("7b")), (Ok(3 << 30), Ok(7)));
        assert!(parse_size("3 bananas").is_err());
        assert!(parse_size("99999999999T").is_err());
    }

    #[test]
    fn a_file_and_a_subcommand_are_told_apart() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("yuanpu my.db").is_ok_and(|found| found.command.is_none() && found.file.is_some()));
        assert!(parse("yuanpu query x").is_ok_and(|found| matches!(found.command, Some(Command::Query(_)))));
        assert!(parse("yuanpu ./query").is_ok_and(|found| found.command.is_none()));
        assert!(parse("yuanpu query x --timeout 5s -d a.db").is_ok_and(|found| found.global.timeout.is_some()));
        assert!(parse("yuanpu --format xml query x").is_err());
    }
}
