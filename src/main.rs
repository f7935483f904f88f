use partnerbook::{programme::Programme, template, intake, score::Scorecard, check};
fn main() { match Programme::built_in() { Ok(p) => { 
 let a: Vec<String> = std::env::args().collect();
 for f in &a[1..] {
 if f.ends_with("json") {
 let pre = template::Prefill::from_json(&p, &std::fs::read_to_string(f).unwrap()).unwrap();
 let b = template::workbook(&p, &pre).unwrap(); std::fs::write(f.replace("answers/","").replace("json","xlsx"), b).unwrap(); }
 else { let r = intake::read_file(&p, f.as_ref()).unwrap(); let s = Scorecard::of(&p, &r.answers);
   for x in &s.scores { for y in &x.subjects { println!("{} {:?} {:?} {:?}", y.name, y.points, y.rank, y.completeness()); } }
   println!("{:?}", s.finance);
   let mut fs = r.findings; fs.extend(check::check(&p, &r.answers, &s)); check::sort(&p, &mut fs);
   for x in fs { println!("{:?} {} {} | {} | {} | {} | {}", x.severity, x.code, x.place.map(|p| p.to_string()).unwrap_or_default(), x.label, x.found, x.expected, x.mend); }
 } }
 }, Err(e) => println!("{e}") } }
