//! x
#[test]
fn dump() {
    for q in std::fs::read_to_string("/tmp/q.txt").unwrap().lines() {
        if q.trim().is_empty() {
            continue;
        }
        println!("> {q}");
        match super::bind(q) {
            Ok(b) => {
                println!("{}", super::super::print::print(&b.query));
                for w in b.warnings {
                    if !w.detail.contains("Unknown") {
                        println!("{w}")
                    }
                }
            }
            Err(e) => println!("{e} | {:?}", e.hint),
        }
        println!();
    }
}
