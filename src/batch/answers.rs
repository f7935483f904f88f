//! Writes the answers of all clients to files for other tools.

use super::BatchError;
use super::build_cache::Records;
use crate::dataset::{Csv, Parquet};
use crate::output::OutputFolder;
use crate::output::names::{CSV, PARQUET};
use crate::portfolio::{Clients, PortfolioError};
use crate::questionnaire::Questionnaire;
use crate::record::{ClientRef, Question};

/// Writes the CSV file and the Parquet file in one pass.
///
/// # Errors
/// Returns an error if a file cannot be written or a record cannot be read.
pub fn write(
    out: &OutputFolder,
    questionnaire: &Questionnaire,
    records: &Records,
) -> Result<(), BatchError> {
    let questions = Question::all(questionnaire);
    out.write_with(CSV, |csv| {
        let mut csv = Csv::begin(&questions, csv)?;
        out.write_with(PARQUET, |parquet| {
            let mut parquet = Parquet::begin(&questions, parquet)?;
            for index in 0..records.count() {
                let record = records.figures(index).map_err(PortfolioError::Record)?;
                let answers = records.answers(index).map_err(PortfolioError::Record)?;
                let client = ClientRef::of(&record);
                csv.client(client, &answers)?;
                parquet.client(client, &answers)?;
            }
            parquet.finish().map_err(BatchError::Dataset)
        })?;
        csv.finish().map_err(BatchError::Dataset)
    })?;
    Ok(())
}
