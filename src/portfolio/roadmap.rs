//! The roadmaps of all clients, activity by activity.

use rust_xlsxwriter::{
    ChartType, ConditionalFormatText, ConditionalFormatTextRule, Workbook, XlsxError,
};

use super::charts;
use super::client;
use super::grid::{AMBER, Cell, MOST_ROWS, RED, SheetNames, column, table, title, toned, wrapping};
use crate::plan::Plan;
use crate::programme::Tone;

/// Row of the headings, below the chart.
const TOP: u32 = 20;
const URGENCY: [(Tone, &str); 4] = [
    (Tone::Bad, "urgent"),
    (Tone::Watch, "pressing"),
    (Tone::Plain, "planned"),
    (Tone::Good, "done"),
];

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let columns = || {
        [
            column("Client", 30.0),
            column("Month", 24.0),
            column("Activity", 34.0),
            column("Owner", 26.0),
            column("From", 12.0),
            column("Due", 12.0),
            column("Status", 13.0),
            column("Urgency", 11.0),
            wrapping("Because", 48.0),
        ]
    };
    let rows: Vec<Vec<Cell>> = plans
        .iter()
        .flat_map(|plan| {
            plan.roadmap.activities.iter().map(move |activity| {
                let urgency = URGENCY
                    .iter()
                    .find(|(tone, _)| *tone == activity.urgency)
                    .map_or("", |(_, word)| word);
                vec![
                    Cell::text(client(plan)),
                    Cell::optional(
                        plan.roadmap
                            .months
                            .get(activity.month)
                            .map(|month| month.0.as_str()),
                    ),
                    Cell::text(&activity.label),
                    Cell::text(&activity.owner),
                    Cell::Date(activity.from),
                    Cell::Date(activity.due),
                    Cell::text(&activity.status),
                    Cell::text(urgency),
                    Cell::text(activity.reasons.join("; ")),
                ]
            })
        })
        .collect();
    let blocks = charts::blocks(plans);
    for (number, rows) in super::findings::chunks(&rows, MOST_ROWS).enumerate() {
        let (sheet, _) = super::grid::sheet(book, names, "Roadmap")?;
        title(
            sheet,
            "Roadmap",
            "Every activity of every client; sort by due date to see what comes next.",
        )?;
        if let Some((first, last)) = table(
            sheet,
            &format!("Roadmap{}", number + 1),
            TOP,
            &columns(),
            rows,
        )? {
            for (tone, word) in URGENCY.iter().filter(|(tone, _)| *tone != Tone::Plain) {
                let rule = ConditionalFormatText::new()
                    .set_rule(ConditionalFormatTextRule::BeginsWith((*word).to_owned()))
                    .set_format(toned(*tone));
                sheet.add_conditional_format(first, 7, last, 7, &rule)?;
            }
        }
        if number == 0 {
            let chart = blocks
                .iter()
                .find(|block| block.title == "Urgent and pressing activities")
                .and_then(|block| charts::over(block, ChartType::BarStacked, &[RED, AMBER], "0"));
            charts::place(sheet, chart, 3, 0, 0)?;
        }
    }
    Ok(())
}
