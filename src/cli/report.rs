//! `partnerbook report`: the main job.

use std::path::PathBuf;

use super::{Outcome, ProgrammeChoice, RunDate, complain, counted, say};
use crate::batch;
use crate::brand::Brand;
use crate::display;
use crate::intake::Wall;
use crate::pdf::Paper;
use crate::plan::Plan;
use crate::programme::Programme;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Workbooks, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for plans, consolidated workbook and results
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    output: PathBuf,
    #[command(flatten)]
    brand: BrandChoice,
    /// Overwrite files in the folder that partnerbook did not make
    #[arg(long)]
    force: bool,
    /// Make no drafts: a workbook with errors gets no plan
    #[arg(long = "final")]
    final_only: bool,
    #[command(flatten)]
    date: RunDate,
    #[command(flatten)]
    programme: ProgrammeChoice,
}

/// Who sends the plans, and what they look like.
#[derive(Debug, clap::Args)]
struct BrandChoice {
    /// Your brand: logo, colours, fonts, contact (a TOML file)
    #[arg(long = "brand", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Your name or your firm's, on the cover and in the foot
    #[arg(long, value_name = "NAME")]
    consultant: Option<String>,
    /// A line for the foot, such as "Confidential"
    #[arg(long, value_name = "LINE")]
    confidentiality: Option<String>,
    /// Size of the paper
    #[arg(long, value_enum, default_value_t = PaperSize::A4)]
    paper: PaperSize,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum PaperSize {
    /// 210 × 297 mm
    A4,
    /// 8.5 × 11 inches
    Letter,
}

impl BrandChoice {
    fn load(&self) -> Result<Brand, String> {
        let brand = self
            .file
            .as_deref()
            .map_or_else(Brand::bundled, Brand::load);
        let mut brand = brand.map_err(|error| error.to_string())?;
        if let Some(name) = &self.consultant {
            brand.sender.consultant = crate::text::tidy(name);
        }
        if let Some(line) = &self.confidentiality {
            brand.sender.confidentiality = crate::text::tidy(line);
        }
        brand.look.paper = match self.paper {
            PaperSize::A4 => Paper::A4,
            PaperSize::Letter => Paper::LETTER,
        };
        Ok(brand)
    }
}

pub fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let programme = arguments.programme.load()?;
    let found = batch::find(&arguments.paths).map_err(|error| error.to_string())?;
    super::complain_of(&found.passed_over);
    let brand = arguments.brand.load()?;
    brand.notes.iter().for_each(|note| complain(note));
    let report = batch::report(
        &programme,
        &found.workbooks,
        &arguments.output,
        &brand,
        batch::Options {
            wall: &Wall::of_this_program(),
            today: arguments.date.day(),
            force: arguments.force,
            final_only: arguments.final_only,
        },
    )
    .map_err(|error| error.to_string())?;
    for (plan, pdf) in report.plans.iter().zip(&report.pdfs) {
        say(&summary(
            &programme,
            plan,
            pdf.as_deref()
                .map(|pdf| arguments.output.join(pdf))
                .as_deref(),
        ));
    }
    for failure in &report.failures {
        complain(&format!("{} {}", failure.path.display(), failure.error));
    }
    let plans = report.pdfs.iter().flatten().count();
    if let Some((portfolio, results)) = &report.consolidated {
        say(&format!(
            "{}, {}, {}",
            counted(plans, "plan"),
            portfolio.display(),
            results.display()
        ));
    }
    if report.failures.is_empty() {
        return Ok(Outcome::Fine);
    }
    complain(&format!(
        "{} could not be processed",
        counted(report.failures.len(), "workbook")
    ));
    Ok(Outcome::SomeFailed)
}

/// One line a client: its scores, what was found, and where the plan is.
fn summary(programme: &Programme, plan: &Plan, pdf: Option<&std::path::Path>) -> String {
    let scores = plan
        .scores
        .iter()
        .filter(|score| !score.ranked)
        .filter_map(|score| {
            let subject = score.subjects.first()?;
            Some(match (subject.points, &subject.band) {
                (Some(points), Some((band, _))) => format!(
                    "{} {}/{} ({band})",
                    score.label,
                    display::fixed(programme, points, 1),
                    score.out_of
                ),
                _ => format!("{} –", score.label),
            })
        });
    let found = format!(
        "{}, {}",
        counted(plan.counts.errors, "error"),
        counted(plan.counts.warnings, "warning")
    );
    let parts: Vec<String> = scores.chain([found]).collect();
    let pdf = pdf
        .map(|pdf| format!("\n  {}", pdf.display()))
        .unwrap_or_default();
    format!("{}: {}{pdf}", plan.client.name, parts.join(", "))
}
