//! temporary
fn main_on(size: usize, task: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(size).spawn_scoped(scope, task).unwrap().join().unwrap()
    })
}
#[test]
fn probe() {
    for open in ["(a)--(b {c: ", "((a)--"] {
        for depth in [5, 16, 60] {
            let text = format!("RETURN {}", open.repeat(depth));
            let start = std::time::Instant::now();
            let r = crate::syntax::parse_statement(&text).is_err();
            println!("{open} {depth} {r} {:?}", start.elapsed());
            if start.elapsed().as_secs() > 2 {
                break;
            }
        }
    }
    let what = std::env::var("WHAT").unwrap_or_default();
    let kb: usize = std::env::var("KB").unwrap_or("1024".into()).parse().unwrap();
    let form = std::env::var("FORM").unwrap_or("(|1|)".into());
    let n: usize = std::env::var("N").unwrap_or("297".into()).parse().unwrap();
    let f: Vec<&str> = form.split('|').collect();
    let text = format!("RETURN {}{}{} AS x", f[0].repeat(n), f[1], f[2].repeat(n));
    if what == "pest" {
        main_on(kb * 1024, || {
            let ok = crate::syntax::parser::parse(crate::syntax::parser::Rule::statement, &text).is_ok();
            println!("pest {ok}");
        });
        return;
    }
    let mut tree = None;
    main_on(if what == "parse" { kb * 1024 } else { 64 << 20 }, || {
        tree = crate::syntax::parse_statement(&text).map_err(|e| println!("{e}")).ok();
        println!("parsed");
    });
    let tree = tree.unwrap();
    main_on(if what == "clone" { kb * 1024 } else { 64 << 20 }, || {
        std::mem::forget(tree.clone());
        println!("cloned");
    });
    main_on(if what == "eq" { kb * 1024 } else { 64 << 20 }, || {
        println!("eq {}", tree == tree);
    });
    main_on(if what == "print" { kb * 1024 } else { 64 << 20 }, || {
        println!("print {}", crate::syntax::print::statement_afresh(&tree).len());
    });
    main_on(if what == "debug" { kb * 1024 } else { 64 << 20 }, || {
        println!("debug {}", format!("{tree:?}").len());
    });
    main_on(if what == "drop" { kb * 1024 } else { 64 << 20 }, || {
        drop(tree);
        println!("dropped");
    });
}
