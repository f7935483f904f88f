//! Checks the layout of every page of every plan: no text outside the margins or over other text, on A4 and Letter.
//!
//! `PLANS_TO=folder cargo test --test suite layout` keeps the plans in that folder for review.

use partnerbook::brand::Brand;
use partnerbook::look::Paper;
use partnerbook::pdf::{MARGIN, Renderer, TextBox, WIDTH};
use partnerbook::plan::Plan;

use crate::common;
use crate::common::hard::hard_clients;

/// Tolerance in points. Line breaking itself tolerates half a point.
const GRACE: f32 = 0.6;

/// Returns the layout errors on the pages of a plan.
pub fn faults(plan: &Plan, name: &str, paper: Paper) -> Vec<String> {
    let mut faults = Vec::new();
    let mut brand = Brand::bundled().unwrap();
    brand.look.paper = paper;
    let mut renderer = Renderer::new(&brand.fonts, &brand.look);
    if let Some(folder) = std::env::var_os("PLANS_TO").filter(|_| paper == Paper::A4) {
        let path = std::path::Path::new(&folder).join(format!("{name}.pdf"));
        std::fs::write(path, renderer.render(plan).unwrap()).unwrap();
    }
    let pages = renderer.text_boxes(plan);
    assert!(pages.len() > 1, "{name}");
    for (index, boxes) in pages.iter().enumerate() {
        let page = index + 1;
        for text in boxes {
            if text.left < MARGIN - GRACE || text.right > MARGIN + WIDTH + GRACE {
                faults.push(format!(
                    "{name}, page {page}: text outside the margins, {text:?}"
                ));
            }
            if text.top < 20.0 || text.bottom > paper.height - 20.0 {
                faults.push(format!("{name}, page {page}: text off the page, {text:?}"));
            }
            // There is no text between the content and the footer.
            let foot = paper.height - 42.0;
            if index > 0
                && text.bottom > partnerbook::pdf::bottom(paper) + GRACE
                && text.top < foot - 8.0
            {
                faults.push(format!("{name}, page {page}: text in the foot, {text:?}"));
            }
        }
        let mut sorted: Vec<&TextBox> = boxes.iter().collect();
        sorted.sort_by(|a, b| a.top.total_cmp(&b.top));
        for (i, a) in sorted.iter().enumerate() {
            for b in sorted[i + 1..]
                .iter()
                .take_while(|b| b.top < a.bottom - GRACE)
            {
                let apart = a.right <= b.left + GRACE || b.right <= a.left + GRACE;
                if !apart {
                    faults.push(format!(
                        "{name}, page {page}: text over text, {a:?} and {b:?}"
                    ));
                }
            }
        }
    }
    faults
}

#[test]
fn no_text_leaves_the_margins_or_stands_on_another() {
    let questionnaire = common::questionnaire();
    let mut faults_found = Vec::new();
    let mut check = |plan: &Plan, name: &str| {
        for paper in [Paper::A4, Paper::LETTER] {
            faults_found.extend(faults(plan, name, paper));
        }
    };
    for name in common::SAMPLES {
        check(&common::plan_of_sample(questionnaire, name), name);
    }
    for hard in hard_clients() {
        check(&hard.plan, hard.name);
    }
    assert!(
        faults_found.is_empty(),
        "{} faults, the first:\n{}",
        faults_found.len(),
        faults_found
            .iter()
            .take(40)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn plans_are_small_enough_to_mail() {
    let (questionnaire, brand) = (common::questionnaire(), Brand::bundled().unwrap());
    let mut renderer = Renderer::new(&brand.fonts, &brand.look);
    for name in common::SAMPLES {
        let plan = common::plan_of_sample(questionnaire, name);
        let size = renderer.render(&plan).unwrap().len();
        assert!(size <= 250_000, "{name}: {size} bytes");
    }
}

#[test]
fn lines_break_alike_on_all_papers() {
    let plan = common::plan_of_sample(common::questionnaire(), "halvorsen-sensors");
    let count = |paper| {
        let mut brand = Brand::bundled().unwrap();
        brand.look.paper = paper;
        let pages = Renderer::new(&brand.fonts, &brand.look).text_boxes(&plan);
        let bare = |boxes: &Vec<TextBox>| {
            let inside = |text: &&TextBox| text.top > 50.0 && text.bottom < paper.height - 50.0;
            boxes.iter().filter(inside).count()
        };
        // Tables repeat their headers after a page break, so that the numbers are close but not equal.
        pages.iter().map(bare).sum::<usize>() as f64
    };
    let (a4, letter) = (count(Paper::A4), count(Paper::LETTER));
    assert!((a4 / letter - 1.0).abs() < 0.05, "{a4} and {letter} lines");
}
