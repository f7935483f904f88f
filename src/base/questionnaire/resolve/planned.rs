//! Resolves what refers to fields and scores: the rules, the roadmap, the advice, the plan, and the emails.

use super::basis::Basis;
use super::scored::Scored;
use super::texts::Texts;
use super::{advice, roadmap, rules, sanity};
use crate::questionnaire::diagnostic::{Reported, Source};
use crate::questionnaire::fact::{AdviceNames, Catalog};
use crate::questionnaire::files::{Parsed, TextFiles};
use crate::questionnaire::format_string::Resolver;
use crate::questionnaire::raw::QuestionnaireFile;
use crate::questionnaire::*;

/// The definitions in these files.
pub(super) struct Planned {
    pub rules: Vec<Rule>,
    pub roadmap: RoadmapDef,
    pub advice: AdviceDef,
    pub plan_layout: PlanLayout,
    pub email: EmailTemplate,
    pub emails: Emails,
}

impl Planned {
    /// Resolves all names in these files.
    pub fn resolve(
        files: TextFiles,
        file: &QuestionnaireFile,
        basis: &Basis,
        scored: &Scored,
    ) -> Result<Self, Reported> {
        let names = basis.names();
        let roadmap = roadmap::resolve(
            &files.roadmap.source,
            files.roadmap.content,
            &basis.worksheets,
            &scored.scores,
            &names,
        );
        if let Ok(def) = &roadmap {
            let choices = &basis.vocabulary.choices;
            roadmap::check_statuses(&files.roadmap.source, def, &basis.fields, choices);
        }
        let rules_resolver = resolver(&files.checks.source, file, basis, scored, None);
        let rules = rules::resolve(files.checks.content, &names, &rules_resolver);
        sanity::check_rule_names(&files.checks.source, &rules);
        // Advice and the plan refer to activities, gaps, and figures.
        let roadmap = roadmap?;

        let Parsed {
            source: advice_source,
            content: mut advice,
        } = files.advice;
        let gaps = advice::gaps(
            advice.gaps.take(),
            std::mem::take(&mut advice.gap),
            &roadmap,
            &basis.vocabulary.choices,
            &names,
            &resolver(&advice_source, file, basis, scored, None),
        );
        let figures_resolver = resolver(&files.figures.source, file, basis, scored, None);
        let figures = files.figures.content.figure;
        let figures = advice::figures(figures, &roadmap, &gaps.gaps, &figures_resolver)?;
        let advised = AdviceNames {
            roadmap: &roadmap,
            figures: &figures,
            gaps: &gaps.gaps,
        };
        let texts = |source| Texts {
            resolver: resolver(source, file, basis, scored, Some(advised)),
            worksheets: &basis.worksheets,
            roadmap: &roadmap,
        };
        let (mut plan_layout, mut email) = (files.plan_layout, files.email);
        texts(&plan_layout.source).plan_layout(&mut plan_layout.content);
        texts(&email.source).email(&mut email.content);
        let advice = advice::advice(
            advice,
            figures.clone(),
            gaps.clone(),
            &scored.scores,
            &texts(&advice_source),
        );
        Ok(Self {
            emails: emails(&email.source, &mut email.content),
            rules,
            advice,
            plan_layout: plan_layout.content,
            email: email.content,
            roadmap,
        })
    }
}

/// Returns the definitions that the texts of a file are resolved against.
fn resolver<'a>(
    source: &'a Source,
    file: &'a QuestionnaireFile,
    basis: &'a Basis,
    scored: &'a Scored,
    advice: Option<AdviceNames<'a>>,
) -> Resolver<'a> {
    Resolver {
        source,
        catalog: Catalog {
            fields: &basis.fields,
            by_id: &basis.by_id,
            scores: &scored.scores,
            finance: scored.finance.as_ref(),
            periods: &basis.vocabulary.periods,
            advice,
        },
        choices: &basis.vocabulary.choices,
        units: &basis.vocabulary.units,
        conversions: &file.conversion,
    }
}

/// Returns the emails around the plans: those of the questionnaire, and the built-in ones that it leaves out.
fn emails(source: &Source, email: &mut EmailTemplate) -> Emails {
    let built_in = Emails::built_in();
    let emails = Emails {
        invitation: email.invitation.take().unwrap_or(built_in.invitation),
        reminder: email.reminder.take().unwrap_or(built_in.reminder),
        correction: email.correction.take().unwrap_or(built_in.correction),
        test: built_in.test,
    };
    emails.check(source);
    emails
}
