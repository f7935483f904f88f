fn main() { match partnerbook::programme::Programme::built_in() { Ok(p) => println!("{} fields", p.inputs().count()), Err(e) => println!("{e}") } }
