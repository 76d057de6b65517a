//! The check of a package: what its files say against each other, and against the documents they speak of.

use std::path::Path;

use crate::exchange::{ExchangeError, Finding};
use crate::knowledge::{Schema, Statement};

use super::coverage::uncovered;
use super::documents::{Documents, line_of};
use super::facts::Facts;
use super::files::PackageFiles;
use super::load::load_facts;
use super::place::Misfit;
use super::printed::{Stated, misfit};
use super::rows::{Package, Row, STATEMENT_COLUMNS, TextId};

/// What a check looks at besides the package itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions<'o> {
    /// The folder of the documents' texts; nothing is held against them without one.
    pub documents: Option<&'o Path>,
    /// Whether everything that the documents print as a figure, date or title must be stated or listed.
    pub coverage: bool,
}

/// Checks the package in a folder; returns all that is wrong, in order of place. Its own queries are for whoever can run them.
///
/// # Errors
/// If the folder or a file cannot be read.
pub fn check_package(folder: &Path, options: CheckOptions<'_>) -> Result<Vec<Finding>, ExchangeError> {
    let files = PackageFiles::read(folder)?;
    let package = match Package::read(&files) {
        Ok(package) => package,
        Err(findings) => return Ok(findings),
    };
    let facts = match Facts::of_files(&package, &files) {
        Ok(facts) => facts,
        Err(findings) => return Ok(findings),
    };
    // Whether the rows are as a constraint wants them is seen when it is made.
    if !facts.indexes.is_empty()
        && let Err(ExchangeError::Findings(findings)) = load_facts(facts.clone())
    {
        return Ok(findings);
    }
    let Some(folder) = options.documents else {
        return Ok(Vec::new());
    };
    let (documents, mut findings) = Documents::read(folder, &package)?;
    let misfits = Checked { package: &package, facts: &facts, documents: &documents }.misfits();
    findings.extend(misfits.into_iter().map(|misfit| misfit.locate(&package, &files)));
    if options.coverage {
        findings.extend(uncovered(&package, &files, &documents));
    }
    findings.sort();
    Ok(findings)
}

struct Checked<'c> {
    package: &'c Package,
    facts: &'c Facts,
    documents: &'c Documents,
}

impl Checked<'_> {
    fn misfits(&self) -> Vec<Misfit> {
        let mut misfits: Vec<Misfit> =
            self.package.statements.iter().filter_map(|row| self.place_misfit(row)).collect();
        for (claim, row) in self.facts.claims.iter().zip(&self.facts.rows) {
            let Statement::Property { key, value } = &claim.statement else { continue };
            let Some(declared) = self.facts.schema.properties.get(key.as_str()) else { continue };
            if claim.details.as_printed.is_empty() {
                continue;
            }
            let row = &self.package.statements[*row as usize];
            if self.documents.get(row.cells[column("source")]).is_none() {
                continue;
            }
            let unit = unit_of(&claim.details.unit, declared.unit.as_deref());
            let comparator = claim.details.comparator.name();
            let noted = !claim.details.note.is_empty();
            let stated = Stated { kind: declared.value, value, unit, comparator, noted };
            let wrong = misfit(&claim.details.as_printed, &stated, &self.facts.schema);
            misfits.extend(wrong.map(|message| Misfit::new(row.place, "as_printed", message)));
        }
        misfits
    }

    /// Says what is wrong with the place that a row names.
    fn place_misfit(&self, row: &Row<[TextId; STATEMENT_COLUMNS.len()]>) -> Option<Misfit> {
        let text = |name: &str| self.package.text(row.cells[column(name)]);
        let source = row.cells[column("source")];
        let Some(document) = self.documents.get(source) else {
            let background = is_background(&self.facts.schema, self.facts, self.package.text(source));
            let message = "this source is not in hand and makes no claims of its own";
            return (!background).then(|| Misfit::new(row.place, "source", message));
        };
        let locator = text("locator");
        let Some(line) = line_of(locator) else {
            let message = match locator.is_empty() {
                true => "a claim of a document names its line".to_owned(),
                false => format!("`{locator}` does not begin with a line such as `L187`"),
            };
            return Some(Misfit::new(row.place, "locator", message));
        };
        let Some(printed) = document.line(line) else {
            let message = format!("`{}` has {} lines", document.name, document.lines.len());
            return Some(Misfit::new(row.place, "locator", message));
        };
        let as_printed = text("as_printed");
        if printed.contains(as_printed.as_str()) {
            return None;
        }
        let mut misfit = Misfit::new(row.place, "as_printed", format!("`{as_printed}` does not stand in line {line}"));
        let elsewhere = document.lines.iter().position(|line| line.contains(as_printed.as_str()));
        misfit.hint = elsewhere.map(|index| format!("it stands in line {}", index + 1));
        Some(misfit)
    }
}

fn column(name: &str) -> usize {
    STATEMENT_COLUMNS.iter().position(|known| *known == name).unwrap_or_default()
}

fn unit_of<'u>(stated: &'u str, declared: Option<&'u str>) -> &'u str {
    if stated.is_empty() { declared.unwrap_or_default() } else { stated }
}

/// Says whether the source of an id is of a kind that needs no document.
fn is_background(schema: &Schema, facts: &Facts, id: &str) -> bool {
    let Some(declared) = &schema.source else { return false };
    let Ok(place) = facts.nodes.binary_search_by(|node| node.id.as_str().cmp(id)) else { return false };
    let mut properties = facts.nodes[place].properties.iter();
    let kind = properties.find(|(key, _)| key == declared.kind.as_str()).map(|(_, value)| value);
    matches!(kind, Some(crate::value::Value::String(kind)) if schema.is_background(kind))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Checks a small package with these statements, sources and uncovered lines against a document.
    fn checked(statements: &str, uncovered: &str, coverage: bool) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        };
        let manifest = "[graph]\nkey = \"id\"\n[source]\nlabel = \"Source\"\nid = \"id\"\ntitle = \"name\"\ndate = \"issued\"\n\
                        kind = \"kind\"\nbackground = [\"own\"]\n[units]\nyuan = { zh = \"元\" }\n[labels]\nSource = {}\nFund = { zh = \"基金\" }\n\
                        Park = {}\n[types]\nBACKS = { from = [\"Fund\"], to = [\"Park\"], properties = [\"share\"] }\n[properties]\nid = { type = \"string\" }\n\
                        name = { type = \"string\" }\nissued = { type = \"date\" }\nkind = { type = \"string\" }\nfile = { type = \"string\" }\n\
                        size = { type = \"integer\", unit = \"yuan\" }\nshare = { type = \"float\" }\nfounded = { type = \"date\" }\n";
        write("p/graph.toml", manifest);
        write("p/sources.csv", "id,title,published,kind,file\ns1,Report,2019,report,001\nown,Own,,own,\n");
        write("p/entities/all.csv", "id,labels\nf,Fund\np,Park\n");
        write(
            "p/statements/all.csv",
            &format!("subject,predicate,value,object,unit,as_printed,source,locator,rank\n{statements}"),
        );
        if !uncovered.is_empty() {
            write("p/uncovered.csv", &format!("source,lines,text,reason\n{uncovered}"));
        }
        write("d/001_text.txt", "《报告》\n规模超过10亿元，成立于2017年4月。\n");
        let documents = folder.path().join("d");
        let options = CheckOptions { documents: Some(&documents), coverage };
        let findings = check_package(&folder.path().join("p"), options).expect("all files can be read");
        findings.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn what_is_good_is_not_found_fault_with() {
        let good = "f,founded,2017-04,,,2017年4月,s1,L2,\nf,name,F,,,,own,,\nf,BACKS,,p,,,s1,L2,\nf,BACKS.share,0.5,p,,,s1,L2,\n";
        assert_eq!(checked(good, "", false), Vec::<String>::new());
    }

    #[test]
    fn rows_that_fit_no_declaration_are_found_each_at_its_cell() {
        let bad = "f,sise,1,,,,s1,L2,\nf,size,ten,,yuan,,s1,L2,\nf,size,1,,yen,,s1,L2,\nx,size,1,,,,s1,L2,\np,BACKS,,f,,,s1,L2,\n\
                   f,size,1,,,,s1,L2,best\nf,size,5,,,,s1,L2,preferred\nf,size,6,,,,s1,L2,preferred\nf,size,1,,,,s9,L2,\n";
        assert_eq!(
            checked(bad, "", false),
            [
                "statements/all.csv:2:3: `sise` is neither a property nor a type here; did you mean `size`?",
                "statements/all.csv:3:8: `ten` is not an integer",
                "statements/all.csv:4:11: unit `yen` must be `yuan` for `size`",
                "statements/all.csv:5:1: no node has the id `x`",
                "statements/all.csv:6:1: `BACKS` has `Park` where it wants one of `Fund`",
                "statements/all.csv:6:10: `BACKS` has `Fund` where it wants one of `Park`",
                "statements/all.csv:7:19: there is no rank `best`",
                "statements/all.csv:9:19: `size` has another preferred value already",
                "statements/all.csv:10:13: no node has the id `s9`",
            ]
        );
    }

    #[test]
    fn what_is_printed_must_stand_there_and_say_the_value() {
        let bad = "f,size,1000000000,,yuan,超过10亿元,s1,L2,\nf,size,10,,yuan,10亿元,s1,L2,\nf,founded,2018,,,2017年4月,s1,L2,\n\
                   f,name,报告,,,报告,s1,L2,\nf,name,B,,,,s1,page 3,\nf,name,C,,,,s1,L9,\n";
        assert_eq!(
            checked(bad, "", false),
            [
                "statements/all.csv:2:25: `超过10亿元` says `more_than`, not `exact`",
                "statements/all.csv:3:17: `10亿元` reads as 1000000000, not 10",
                "statements/all.csv:4:18: `2017年4月` reads as 2017-04, not 2018",
                "statements/all.csv:5:13: `报告` does not stand in line 2; it stands in line 1",
                "statements/all.csv:6:16: `page 3` does not begin with a line such as `L187`",
                "statements/all.csv:7:16: `001_text.txt` has 3 lines",
            ]
        );
    }

    #[test]
    fn what_is_printed_must_be_stated_or_excused() {
        let some = "f,founded,2017-04,,,2017年4月,s1,L2,\n";
        assert_eq!(
            checked(some, "s1,1,,a title\ns1,3-4,,nothing there\n", true),
            [
                "001_text.txt:2:5: no claim states `10`",
                "uncovered.csv:3:1: nothing on these lines needs this exception"
            ]
        );
    }

    /// The documents are not part of the project; whoever has them names their folder.
    #[test]
    fn the_built_in_package_agrees_with_itself_and_with_the_documents() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let documents = std::env::var_os("YUANPU_DOCUMENTS").map(std::path::PathBuf::from);
        let options = CheckOptions { documents: documents.as_deref(), coverage: documents.is_some() };
        let findings = check_package(&folder, options).expect("all files can be read");
        let all: Vec<String> = findings.iter().map(Finding::to_string).collect();
        assert!(all.is_empty(), "{}", all.join("\n"));
    }
}
