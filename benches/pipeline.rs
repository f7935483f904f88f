//! Measures each step on a complete workbook, and the portfolio workbook of 100 clients.

use std::hint::black_box;
use std::path::PathBuf;

use chrono::NaiveDate;
use criterion::{Criterion, criterion_group, criterion_main};
use partnerbook::brand::Brand;
use partnerbook::intake::Sandbox;
use partnerbook::pdf::Renderer;
use partnerbook::plan::{self, Compared, Inputs, Plan, Sender};
use partnerbook::portfolio::{self, About, Tolerances};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::record::{Question, Record, Source};
use partnerbook::score::Scorecard;
use partnerbook::{check, intake};

fn plan_of(questionnaire: &Questionnaire, bytes: &[u8], name: &str, sender: &Sender) -> Plan {
    let reading =
        intake::read_bytes(questionnaire, bytes.to_vec(), &Sandbox::none()).expect("a sample");
    let source = Source {
        file: format!("{name}.xlsx"),
        path: name.into(),
        sha256: reading.sha256,
    };
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    plan::build(Inputs {
        questionnaire,
        answers: &reading.answers,
        issues: reading.issues,
        source,
        today,
        sender,
        compared: Compared::default(),
        prints: partnerbook::pdf::can_print,
    })
}

/// The baseline for reading: calamine opens the workbook and streams every cell, nothing more.
fn stream(bytes: Vec<u8>) -> usize {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> =
        calamine::Xlsx::new(std::io::Cursor::new(bytes)).expect("a sample");
    let mut cells = 0;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).expect("a sheet");
        while let Some(cell) = reader.next_cell().expect("a cell") {
            cells += usize::from(*cell.get_value() != calamine::DataRef::Empty);
        }
    }
    cells
}

fn pipeline(criterion: &mut Criterion) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/halvorsen-sensors.xlsx");
    let bytes = std::fs::read(path).expect("the sample");
    let sender = Sender::default();
    criterion.bench_function("questionnaire", |bencher| {
        bencher.iter(|| Questionnaire::built_in().expect("built in"))
    });
    let questionnaire = Questionnaire::built_in().expect("built in");
    criterion.bench_function("read", |bencher| {
        bencher.iter(|| {
            intake::read_bytes(&questionnaire, black_box(bytes.clone()), &Sandbox::none())
                .expect("a sample")
        })
    });
    criterion.bench_function("calamine alone, streaming", |bencher| {
        bencher.iter(|| stream(black_box(bytes.clone())))
    });
    let reading =
        intake::read_bytes(&questionnaire, bytes.clone(), &Sandbox::none()).expect("a sample");
    criterion.bench_function("check and score", |bencher| {
        bencher.iter(|| {
            let scorecard = Scorecard::of(&questionnaire, &reading.answers);
            check::check(&questionnaire, &reading.answers, &scorecard)
        })
    });
    let brand = Brand::bundled().expect("built in");
    let mut renderer = Renderer::new(&brand.fonts, &brand.look);
    let plan = plan_of(&questionnaire, &bytes, "a", &sender);
    let size = renderer.render(&plan).expect("a PDF").len();
    println!(
        "PDF: {} pages, {} KB",
        renderer.text_boxes(&plan).len(),
        size / 1000
    );
    criterion.bench_function("PDF", |bencher| {
        bencher.iter(|| renderer.render(black_box(&plan)).expect("a PDF"));
    });
    criterion.bench_function("plan and PDF", |bencher| {
        bencher.iter(|| {
            renderer
                .render(&plan_of(&questionnaire, &bytes, "a", &sender))
                .expect("a PDF")
        });
    });
    let records: Vec<Record> = (0..100)
        .map(|i| plan_of(&questionnaire, &bytes, &format!("client {i}"), &sender).record)
        .collect();
    let about = About {
        issue_names: Default::default(),
        title: "T".into(),
        tool_version: "0".into(),
        questionnaire: "p".into(),
        made: records[0].report_date,
        method: Vec::new(),
        tolerances: Tolerances::default(),
        links_to_plans: vec![None; 100],
        sources: vec!["a.xlsx".into(); 100],
        repeated: Vec::new(),
        failures: Vec::new(),
        statuses: None,
    };
    let mut group = criterion.benchmark_group("portfolio");
    group
        .sample_size(10)
        .bench_function("100 clients", |bencher| {
            bencher.iter(|| {
                portfolio::write(
                    &records,
                    &about,
                    &questionnaire.portfolio,
                    &Question::all(&questionnaire),
                    &brand.look,
                    std::io::sink(),
                )
                .expect("a workbook")
            })
        });
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
