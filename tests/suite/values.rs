//! What people enter and the expected values: `tests/fixtures/values.tsv`, one text per line.

use partnerbook::answers::Value;
use partnerbook::intake::read_typed;
use partnerbook::issue::Severity;
use partnerbook::questionnaire::{FieldKey, Kind, Questionnaire};

use crate::common;

/// Returns a field of each kind in the table.
fn field(questionnaire: &Questionnaire, kind: &str) -> FieldKey {
    let id = match kind {
        "rating" => "readiness.product.api_availability",
        "money" => "readiness.status.partnership_revenue",
        "once" => "performance.revenue.deal_size_average",
        "percent" => "opportunities.integration.market_overlap",
        "weeks" => "opportunities.integration.development_effort",
        "months" => "revenue.roi.payback",
        "hours" => "onboarding.week2.product_training",
        "days" => "agreement.sharing.payment_terms",
        "count" => "readiness.status.active_partnerships",
        "ratio" => "revenue.roi.ratio",
        "multiple" => "opportunities.reseller.revenue_multiplier",
        "yes_no" => "value.tech_model.co_selling",
        "mutual" => "value.tech_model.lead_sharing",
        "pass_fail" => "onboarding.week2.certification_exam",
        "status" => "onboarding.week1.agreement_signed.status",
        "currency" => "client.plan.currency",
        "date" => "client.plan.start_date",
        "email" => "client.about.email",
        "text" => "client.about.contact",
        "share" => {
            let is_share = |key: &FieldKey| questionnaire.field(*key).kind == Kind::Share;
            return questionnaire.keys().find(is_share).expect("a share");
        }
        other => panic!("{other}: no such kind in the table"),
    };
    questionnaire
        .key(id)
        .unwrap_or_else(|| panic!("no field {id}"))
}

/// Formats a value as in the table.
fn words(questionnaire: &Questionnaire, key: FieldKey, value: &Value) -> String {
    match value {
        Value::Missing => "missing".into(),
        Value::NotApplicable => "n/a".into(),
        Value::Unknown => "unknown".into(),
        Value::Invalid => "-".into(),
        Value::Number(number) => number.to_string(),
        Value::Choice(option) => match &questionnaire.field(key).kind {
            Kind::Choice { list } => questionnaire.choices[*list].options[*option].clone(),
            _ => panic!("a choice where none is asked for"),
        },
        Value::Date(day) => day.to_string(),
        Value::Text(text) => text.replace('\n', "\\n"),
    }
}

#[test]
fn every_typed_text_becomes_what_the_table_says() {
    let questionnaire = common::questionnaire();
    let path = common::root().join("tests/fixtures/values.tsv");
    let table = std::fs::read_to_string(path).unwrap();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let [kind, typed, becomes, how] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}");
        };
        let typed: String = serde_json::from_str(typed).unwrap();
        let key = field(questionnaire, kind);
        let (value, issue) = read_typed(questionnaire, key, &typed, Some("EUR"));
        let told = match issue.as_ref().map(|issue| issue.severity) {
            None => "plain",
            Some(Severity::Note) => "note",
            Some(Severity::Warning) => "warning",
            Some(Severity::Error) => "error",
        };
        let became = words(questionnaire, key, &value);
        if (became.as_str(), told) != (becomes, how) {
            let issue = issue.map(|issue| issue.found).unwrap_or_default();
            wrong.push(format!(
                "{kind} {typed:?}: {becomes} ({how}) expected, {became} ({told}) found: {issue}"
            ));
        }
        rows += 1;
    }
    assert!(rows >= 300, "{rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_dollar_sign_is_any_dollar_but_a_code_is_one_currency() {
    let questionnaire = common::questionnaire();
    let key = field(questionnaire, "money");
    let issue = |typed: &str, currency| {
        let issue = read_typed(questionnaire, key, typed, Some(currency)).1;
        issue.filter(|issue| issue.severity == Severity::Warning)
    };
    for typed in ["$5,000", "5,000 dollars"] {
        assert!(issue(typed, "CAD").is_none(), "{typed}");
    }
    for (typed, currency) in [
        ("USD 5,000", "CAD"),
        ("US$ 5,000", "AUD"),
        ("5,000 US dollars", "CAD"),
        ("CA$ 5,000", "USD"),
        ("$5,000", "EUR"),
    ] {
        let issue = issue(typed, currency).unwrap_or_else(|| panic!("{typed} in {currency}"));
        assert!(issue.found.contains(currency), "{}", issue.found);
    }
}
