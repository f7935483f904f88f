//! Creates the folder of an engagement: settings, an empty roster, the inbox, and a short description.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Table, TableColumn,
    TableStyle, Workbook, XlsxError,
};

use super::roster::{RosterTexts, What};
use crate::output::{self, OutputError};
use crate::questionnaire::{Kind, Questionnaire, TomlError};
use crate::text::{cell_lines, shorten};

/// Number of rows that the empty roster has room for. The table grows when more are entered.
const ROWS: u32 = 200;
/// Width of the columns of the roster.
const WIDTHS: [f64; 7] = [34.0, 26.0, 34.0, 12.0, 12.0, 14.0, 50.0];
/// Excel's limits for the texts of a validation, in characters.
const MAX_TITLE: usize = 32;
const MAX_MESSAGE: usize = 255;
const MAX_LIST: usize = 255;

/// Why an engagement cannot be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewError {
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A folder cannot be created.
    #[error("{path} cannot be created ({error})")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The roster cannot be created.
    #[error("the roster cannot be created: {0}")]
    Roster(#[from] XlsxError),
    /// The embedded texts are invalid, which the tests rule out.
    #[error("internal error: {0}")]
    Texts(#[from] TomlError),
}

impl NewError {
    /// Returns whether the machine failed: a full disk, a folder without write permission.
    pub fn is_machine(&self) -> bool {
        match self {
            NewError::Output(error) => error.is_machine(),
            NewError::Folder { .. } => true,
            NewError::Roster(_) | NewError::Texts(_) => false,
        }
    }
}

/// Creates an engagement in a folder. `settings` is the name of the settings file. Existing files are kept.
///
/// # Errors
/// Returns an error if a file exists already or cannot be written.
pub fn create(
    folder: &Path,
    settings: &str,
    questionnaire: &Questionnaire,
) -> Result<(), NewError> {
    let roster = roster(questionnaire)?;
    let inbox = folder.join("inbox");
    std::fs::create_dir_all(&inbox).map_err(|error| NewError::Folder { path: inbox, error })?;
    let files: [(&str, &[u8]); 3] = [
        (
            settings,
            include_bytes!("../../templates/engagement/partnerbook.toml"),
        ),
        ("clients.xlsx", &roster),
        (
            "README.txt",
            include_bytes!("../../templates/engagement/README.txt"),
        ),
    ];
    for (name, bytes) in files {
        output::write_new(&folder.join(name), bytes, false)?;
    }
    Ok(())
}

/// Returns the empty roster.
fn roster(questionnaire: &Questionnaire) -> Result<Vec<u8>, NewError> {
    let texts = RosterTexts::built_in()?;
    let mut book = Workbook::new();
    let created = rust_xlsxwriter::ExcelDateTime::parse_from_str(crate::sheet_map::CREATED)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    sheet
        .set_name(&texts.sheet)?
        .set_freeze_panes(1, 1)?
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (column, (what, own)) in (0..).zip(texts.columns()) {
        sheet.set_column_width(column, WIDTHS[usize::from(column)])?;
        let rule = match what {
            What::Due => {
                sheet.set_column_format(column, &date)?;
                let day = |year| rust_xlsxwriter::ExcelDateTime::from_ymd(year, 1, 1);
                DataValidation::new().allow_date(rust_xlsxwriter::DataValidationRule::Between(
                    day(2020)?,
                    day(9998)?,
                ))
            }
            What::Currency => list(currencies(questionnaire))?,
            What::Language => list(vec![questionnaire.language.clone()])?,
            What::Email => {
                let cell = format!("{}2", crate::excel::column_letters(u32::from(column)));
                DataValidation::new()
                    .allow_custom(Formula::new(format!("=COUNTIF({cell},\"?*@?*.?*\")=1")))
            }
            _ => DataValidation::new().allow_any_value(),
        };
        let rule = rule
            .ignore_blank(true)
            .set_input_title(shorten(&own.heading, MAX_TITLE))?
            .set_input_message(shorten(&own.hint, MAX_MESSAGE))?
            .set_error_title(shorten(&own.heading, MAX_TITLE))?
            .set_error_message(shorten(&own.hint, MAX_MESSAGE))?
            .set_error_style(DataValidationErrorStyle::Warning);
        sheet.add_data_validation(1, column, ROWS, column, &rule)?;
    }
    let columns: Vec<TableColumn> = texts
        .columns()
        .iter()
        .map(|(_, own)| TableColumn::new().set_header(&own.heading))
        .collect();
    let table = Table::new()
        .set_name("Clients")
        .set_style(TableStyle::Light1)
        .set_columns(&columns);
    sheet.add_table(0, 0, ROWS, columns.len() as u16 - 1, &table)?;
    write_help(book.add_worksheet(), &texts)?;
    Ok(book.save_to_buffer()?)
}

/// Returns the codes of the currencies at the start of the client's list.
fn currencies(questionnaire: &Questionnaire) -> Vec<String> {
    let key = questionnaire.identity.currency;
    match key.map(|key| &questionnaire.field(key).kind) {
        Some(Kind::Choice { list }) => questionnaire.choices[*list].listed().to_vec(),
        _ => Vec::new(),
    }
}

/// Returns a drop-down list of as many entries as fit. Other entries are accepted with a warning.
fn list(mut entries: Vec<String>) -> Result<DataValidation, XlsxError> {
    while entries
        .iter()
        .map(|entry| entry.chars().count() + 1)
        .sum::<usize>()
        > MAX_LIST
    {
        entries.pop();
    }
    match entries.is_empty() {
        true => Ok(DataValidation::new().allow_any_value()),
        false => DataValidation::new().allow_list_strings(&entries),
    }
}

/// Writes the sheet that explains the roster.
fn write_help(
    sheet: &mut rust_xlsxwriter::Worksheet,
    texts: &RosterTexts,
) -> Result<(), XlsxError> {
    const WIDTHS: [f64; 2] = [18.0, 90.0];
    let title = Format::new().set_bold().set_font_size(16);
    let heading = Format::new().set_bold();
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet
        .set_name(&texts.help_sheet)?
        .set_screen_gridlines(false);
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, &texts.help_title, &title)?;
    let mut row = 2;
    for text in &texts.help {
        sheet
            .merge_range(row, 0, row, 1, text, &wrap)?
            .set_row_height(row, cell_lines(text, WIDTHS.iter().sum()) * 15.0 + 3.0)?;
        row += 1;
    }
    row += 1;
    for (column, text) in (0..).zip(&texts.help_headings) {
        sheet.write_string_with_format(row, column, text, &heading)?;
    }
    for (_, own) in texts.columns() {
        row += 1;
        sheet
            .write_string_with_format(row, 0, &own.heading, &heading)?
            .write_string_with_format(row, 1, &own.hint, &wrap)?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}
