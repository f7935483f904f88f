use partnerbook::{programme::Programme, intake, plan, pdf};
fn main() { match Programme::built_in() { Ok(p) => { 
 let a: Vec<String> = std::env::args().collect();
 let t0 = std::time::Instant::now();
 let fonts = pdf::Fonts::bundled();
 let mut ren = pdf::Renderer::new(&fonts);
 eprintln!("fonts {:?}", t0.elapsed());
 for f in &a[1..] {
   let t = std::time::Instant::now();
   let r = intake::read_file(&p, f.as_ref()).unwrap();
   let t1 = t.elapsed();
   let brand = plan::Brand { consultant: "Brightwater Advisory".into(), confidentiality: "Confidential".into() };
   let pl = plan::build(plan::Inputs { programme: &p, answers: &r.answers, findings: r.findings, source: plan::Source { file: f.rsplit('/').next().unwrap().into(), path: f.into(), sha256: r.sha256 }, today: chrono::NaiveDate::from_ymd_opt(2026,11,23).unwrap(), brand: &brand });
   let t2 = t.elapsed();
   let b = ren.render(&pl).unwrap();
   eprintln!("read {t1:?} plan {t2:?} pdf {:?} {} bytes", t.elapsed(), b.len());
   std::fs::write(format!("/tmp/{}.pdf", f.rsplit('/').next().unwrap()), b).unwrap();
 }
 }, Err(e) => println!("{e}") } }
