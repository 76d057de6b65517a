//! Faults planted one at a time into a copy of the built-in package: `yuanpu check` must find each, and every check of `data/checks` must have one.
//!
//! Where the documents are at hand (`YUANPU_DOCUMENTS`), faults are planted also into what the claims say was printed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

/// What is done to a file of the package.
enum Change {
    /// This text, which stands there once, becomes another.
    Replace(&'static str, &'static str),
    /// The lines that begin so are taken out.
    Remove(&'static str),
    /// A file of statements is added, with these rows.
    Add(&'static str),
}

use Change::{Add, Remove, Replace};

/// A fault and the finding that names it.
struct Fault {
    file: &'static str,
    change: Change,
    found: &'static str,
}

const fn fault(file: &'static str, change: Change, found: &'static str) -> Fault {
    Fault { file, change, found }
}

const HEAD: &str = "subject,predicate,value,object,key,unit,comparator,as_printed,source,locator,as_of,rank,note\n";
const PLANTED: &str = "statements/planted.csv";

/// Ids that are unique and resolve; types, words, units and ends that fit what is declared.
const OF_ROWS: &[Fault] = &[
    fault(
        "entities/parks.csv",
        Replace("park/ordos,Park", "park/ordos,Park\npark/ordos,Park"),
        "id `park/ordos` names two nodes",
    ),
    fault(PLANTED, Add("park/nowhere,note,x,,,,,,s001,L44,,,\n"), "planted.csv:2:1: no node has the id `park/nowhere`"),
    fault(
        PLANTED,
        Add("park/ordos,LOCATED_IN,,city/x,,,,,s001,L44,,,\n"),
        "planted.csv:2:24: no node has the id `city/x`",
    ),
    fault(PLANTED, Add("park/ordos,note,x,,,,,,s009,L44,,,\n"), "planted.csv:2:24: no node has the id `s009`"),
    fault(
        PLANTED,
        Add("park/ordos,foundet,2017,,,,,,s001,L44,,,\n"),
        "`foundet` is neither a property nor a type here",
    ),
    fault(PLANTED, Add("park/ordos,founded,2017-13,,,,,,s001,L44,,,\n"), "there is no date `2017-13` in the calendar"),
    fault(PLANTED, Add("park/ordos,companies_count,ten,,,,,,s001,L44,,,\n"), "`ten` is not an integer"),
    fault(PLANTED, Add("park/ordos,status,finished,,,,,,s001,L44,,,\n"), "`finished` is none of the words allowed"),
    fault(PLANTED, Add("fund/xiongan,size_cny,1,,,USD,,,s002,L187,,,\n"), "unit `USD` must be `CNY` for `size_cny`"),
    fault(
        PLANTED,
        Add("park/ordos,BACKS,,park/wuhan,,,,,s001,L44,,,\n"),
        "`BACKS` has `Park` where it wants one of `Fund`",
    ),
    fault(PLANTED, Add("park/ordos,note,x,,,,,,s001,L44,,best,\n"), "there is no rank `best`"),
    fault(
        PLANTED,
        Add("park/hangzhou-xixigu,launched,2017-05,,,,,,s001,L36,,preferred,\n"),
        "`launched` has another preferred value already",
    ),
    fault(
        PLANTED,
        Add("park/ordos,note,x,,,,,,s001,L44,,,\npark/ordos,note,x,,,,,,s001,L44,,,\n"),
        "planted.csv:3: this row stands here or elsewhere already",
    ),
];

/// Sums, orders and whatever else the package's own queries want: one fault for each, named by the query that finds it.
const OF_CHECKS: &[Fault] = &[
    fault(PLANTED, Add("park/ordos,note,x,,,,,,s001,L44,2023-01,,\n"), "checks/as-of.cypher"),
    fault(
        "statements/s002-measures.csv",
        Remove("policy/loudi-2018,LACKS,,kind/other,"),
        "checks/comparison-table.cypher",
    ),
    fault(
        "statements/s001-observations.csv",
        Replace("s001-2017,value,17,", "s001-2017,value,16,"),
        "checks/founding-years.cypher",
    ),
    fault("entities/funds.csv", Replace("fund/loudi,Fund", "fund/loudi,Fund|Project"), "checks/fund-project.cypher"),
    fault(
        "statements/s002-funds.csv",
        Replace("fund/yimi-kaide,size_cny,1000000000,", "fund/yimi-kaide,size_cny,100000000,"),
        "checks/fund-sum.cypher",
    ),
    fault("statements/derived.csv", Replace(",value,52.3,", ",value,53.2,"), "checks/government-led-share.cypher"),
    fault(
        "sources.csv",
        Replace("report,false,,Cited by s004", "report,false,004_x,Cited by s004"),
        "checks/held-documents.cypher",
    ),
    fault("entities/parks.csv", Replace("park/ordos,Park", "park/ordos,Park\npark/Ordos,Park"), "checks/ids.cypher"),
    fault("statements/s002-ranking.csv", Remove("indicator/financing,BROADER,"), "checks/indicator-tree.cypher"),
    fault(
        "statements/s002-ranking.csv",
        Replace("indicator/policy,weight,25,", "indicator/policy,weight,26,"),
        "checks/indicator-weights.cypher",
    ),
    fault("statements/s002-measures.csv", Remove("measure/loudi-talent,OF_KIND,"), "checks/measures.cypher"),
    fault(
        "statements/s002-measures.csv",
        Replace("measure/huangpu-talent,amount_min_cny,300000,", "measure/huangpu-talent,amount_min_cny,900000,"),
        "checks/minima.cypher",
    ),
    fault("statements/wording-funds.csv", Remove("fund/loudi,name_en,"), "checks/names.cypher"),
    fault(
        "statements/s002-observations.csv",
        Remove("obs/parks-benefiting-china-2019-05-s002,MEASURES,"),
        "checks/observations.cypher",
    ),
    fault(
        "statements/s002-recommendations.csv",
        Remove("recommendation/warn-hollow,summary_zh,"),
        "checks/opinions.cypher",
    ),
    fault(
        "statements/s000-problems.csv",
        Replace("NAMES_PROBLEM.order,4,problem/paths", "NAMES_PROBLEM.order,9,problem/paths"),
        "checks/order.cypher",
    ),
    fault(PLANTED, Add("park/wuhan,aliases,青岛链湾,,,,,,s002,L424,,,\n"), "checks/park-names.cypher"),
    fault(PLANTED, Add("park/wuhan,LOCATED_IN,,province/hunan,,,,,s002,L424,,,\n"), "checks/park-province.cypher"),
    fault("statements/general.csv", Remove("province/hunan,PART_OF,"), "checks/place-country.cypher"),
    fault("statements/s002-policies.csv", Remove("policy/nanhai-2018,issued,"), "checks/policies.cypher"),
    fault(
        "statements/s002-ranking.csv",
        Replace("park/hangzhou-chuangye,RANKED_IN.rank,8,", "park/hangzhou-chuangye,RANKED_IN.rank,9,"),
        "checks/ranking-order.cypher",
    ),
    fault(
        "statements/s002-ranking.csv",
        Replace("park/hangzhou-chuangye,SCORED.score,26.33,", "park/hangzhou-chuangye,SCORED.score,26.43,"),
        "checks/ranking-sums.cypher",
    ),
    fault("statements/s001-sayings.csv", Remove("saying/taiyi-closed,SAID_IN,"), "checks/sayings.cypher"),
    fault(
        "statements/s002-measures.csv",
        Replace("policy/yangpu-2018,stars,4,", "policy/yangpu-2018,stars,6,"),
        "checks/stars.cypher",
    ),
    fault(
        "statements/derived.csv",
        Replace("park/wuhan,IN_TIER,,tier/third,band", "park/wuhan,IN_TIER,,tier/first,band"),
        "checks/tier-bands.cypher",
    ),
];

/// What the claims say was printed, against the documents.
const OF_DOCUMENTS: &[Fault] = &[
    fault(
        PLANTED,
        Add("park/ordos,note,x,,,,,云泰互联,s001,L43,,,\n"),
        "`云泰互联` does not stand in line 43; it stands in line 44",
    ),
    fault(PLANTED, Add("park/ordos,note,x,,,,,,s001,L4400,,,\n"), "has 52 lines"),
    fault(
        PLANTED,
        Add("park/ordos,note,x,,,,,,s001,page 3,,,\n"),
        "`page 3` does not begin with a line such as `L187`",
    ),
    fault(
        PLANTED,
        Add("fund/xiongan,size_cny,1000000000,,,CNY,,100亿元,s002,L187,,,\n"),
        "`100亿元` reads as 10000000000, not 1000000000",
    ),
    fault(
        PLANTED,
        Add("park/ordos,companies_count,10,,,count,exact,10余家,s001,L44,,,\n"),
        "`10余家` says `more_than`, not `exact`",
    ),
    fault(
        PLANTED,
        Add("park/ordos,launched,2020-12,,,,,2020年11月,s001,L44,,,\n"),
        "`2020年11月` reads as 2020-11, not 2020-12",
    ),
    fault("statements/s001-observations.csv", Remove("obs/companies-zhuhai-2022-03-16-s001,value,"), ":41:"),
    fault("uncovered.csv", Remove("s003,18,4家,"), "no claim states `4`"),
];

#[test]
fn rows_that_do_not_fit_are_found() {
    find(OF_ROWS, None);
}

#[test]
fn every_check_of_the_package_finds_what_it_is_for() {
    let named: BTreeSet<String> = OF_CHECKS.iter().map(|fault| fault.found.to_owned()).collect();
    let entries = fs::read_dir(built_in().join("checks")).expect("the checks are there");
    let names = entries.map(|entry| entry.expect("it is readable").file_name().to_string_lossy().into_owned());
    assert_eq!(named, names.map(|name| format!("checks/{name}")).collect(), "each check has its fault");
    find(OF_CHECKS, None);
}

#[test]
fn what_is_not_printed_where_a_claim_says_is_found() {
    // The documents are not part of the project; whoever has them names their folder.
    if let Some(documents) = env::var_os("YUANPU_DOCUMENTS") {
        find(OF_DOCUMENTS, Some(Path::new(&documents)));
    }
}

fn built_in() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of our own");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("it is readable").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("it can be copied");
        }
    }
}

fn plant(fault: &Fault, folder: &Path) {
    let path = folder.join(fault.file);
    let old = fs::read_to_string(&path).unwrap_or_default();
    let fresh = match fault.change {
        Replace(from, to) => {
            assert_eq!(old.matches(from).count(), 1, "`{from}` stands once in {}", fault.file);
            old.replace(from, to)
        }
        Remove(start) => old.split_inclusive('\n').filter(|line| !line.starts_with(start)).collect(),
        Add(rows) => format!("{HEAD}{rows}"),
    };
    assert_ne!(old, fresh, "{} is changed", fault.file);
    fs::write(path, fresh).expect("it can be written");
}

/// Plants each fault alone and looks for its finding, two at a time.
fn find(faults: &[Fault], documents: Option<&Path>) {
    let next = AtomicUsize::new(0);
    let missed = |fault: &Fault| {
        let folder = tempfile::tempdir().expect("a folder of our own");
        copy(&built_in(), folder.path());
        plant(fault, folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuanpu"));
        command.arg("check").arg(folder.path());
        if let Some(documents) = documents {
            command.arg("--documents").arg(documents).arg("--coverage");
        }
        let output = command.output().expect("the program runs");
        let found = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_found = found.lines().any(|line| line.contains(fault.found)) && output.status.code() == Some(3);
        (!is_found).then(|| format!("{} ({}): {found}", fault.found, fault.file))
    };
    let work = || {
        let faults = std::iter::from_fn(|| faults.get(next.fetch_add(1, Ordering::Relaxed)));
        faults.filter_map(missed).collect::<Vec<String>>()
    };
    let missed = thread::scope(|scope| {
        let other = scope.spawn(work);
        [work(), other.join().expect("no fault stops the look for others")].concat()
    });
    assert_eq!(missed, Vec::<String>::new(), "faults that are not found");
}
