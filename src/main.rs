use partnerbook::{programme::Programme, template};
fn main() { match Programme::built_in() { Ok(p) => { 
 let a: Vec<String> = std::env::args().collect();
 let pre = if a.len() > 1 { template::Prefill::from_json(&p, &std::fs::read_to_string(&a[1]).unwrap()).unwrap() } else { template::Prefill::blank(&p) };
 let b = template::workbook(&p, &pre).unwrap(); std::fs::write("/tmp/t.xlsx", b).unwrap(); }, Err(e) => println!("{e}") } }
