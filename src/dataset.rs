//! `answers.csv` and `answers.parquet`: one row per answer of each client, for tools such as DuckDB, pandas, and Power
//! BI. The README documents the columns. Columns may be added but never renamed.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = &reading.answers;
//! # let plan = partnerbook::plan::build(partnerbook::plan::Inputs {
//! #     questionnaire: &questionnaire,
//! #     answers,
//! #     issues: reading.issues,
//! #     source: partnerbook::record::Source {
//! #         file: "halvorsen-sensors.xlsx".into(),
//! #         path: "samples/halvorsen-sensors.xlsx".into(),
//! #         sha256: reading.sha256,
//! #     },
//! #     today: "2026-11-23".parse()?,
//! #     sender: &partnerbook::plan::Sender::default(),
//! #     compared: partnerbook::plan::Compared::default(),
//! #     prints: partnerbook::pdf::can_print,
//! # });
//! use partnerbook::dataset::Csv;
//! use partnerbook::record::{ClientRef, Question};
//!
//! let questions = Question::all(&questionnaire);
//! let mut bytes = Vec::new();
//! let mut csv = Csv::begin(&questions, &mut bytes)?;
//! csv.client(ClientRef::of(&plan.record), &plan.record.answers)?;
//! csv.finish()?;
//! assert!(String::from_utf8(bytes)?.contains("Halvorsen Sensors AS"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use crate::record::{AnswerLine, AnswerState, ClientRef, Question};
use crate::text::no_formula;

/// Text columns before the number and after the date.
const BEFORE: [&str; 10] = [
    "client",
    "file",
    "worksheet",
    "section",
    "question",
    "field",
    "type",
    "unit",
    "state",
    "client_currency",
];
const AFTER: [&str; 4] = ["text", "as_entered", "sheet", "cell"];
/// Maximum number of rows in a row group of the Parquet file, and of bytes in their texts. Large enough to compress
/// well, small enough for memory.
const ROW_GROUP: usize = 16_384;
const GROUP_BYTES: usize = 4 << 20;
/// Marks the text as UTF-8 for spreadsheets.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Why the data cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the answers cannot be written: {0}")]
pub enum DatasetError {
    /// The CSV file cannot be written.
    Csv(#[from] csv::Error),
    /// The Parquet file cannot be written.
    Parquet(#[from] ParquetError),
    /// The disk cannot be written.
    Io(#[from] std::io::Error),
}

/// A row: texts, a number, a date, and more texts. Missing texts are empty.
struct Row<'a> {
    before: [&'a str; BEFORE.len()],
    number: Option<f64>,
    day: Option<NaiveDate>,
    after: [Cow<'a, str>; AFTER.len()],
}

fn row<'a>(client_ref: ClientRef<'a>, question: &'a Question, line: &'a AnswerLine) -> Row<'a> {
    let place = line.place.as_ref();
    Row {
        before: [
            client_ref.client,
            client_ref.file,
            &question.sheet,
            &question.section,
            &question.label,
            &question.id,
            question.answers.word(),
            &question.unit,
            line.state.word(),
            client_ref.currency.unwrap_or_default(),
        ],
        number: line.number.filter(|number| number.is_finite()),
        day: line.day,
        after: [
            // Text such as "n/a" is not an answer. The column `state` distinguishes these cases.
            Cow::Borrowed(match line.state {
                AnswerState::Answered => line.text.as_str(),
                _ => "",
            }),
            Cow::Borrowed(line.raw.as_str()),
            Cow::Borrowed(place.map_or("", |place| &place.sheet)),
            place.map_or(Cow::Borrowed(""), |place| Cow::Owned(place.address())),
        ],
    }
}

/// Writes the CSV file.
pub struct Csv<'q, W: Write> {
    questions: &'q [Question],
    writer: csv::Writer<W>,
}

impl<'q, W: Write> Csv<'q, W> {
    /// Starts the file with its header.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn begin(questions: &'q [Question], mut into: W) -> Result<Self, DatasetError> {
        into.write_all(BYTE_ORDER_MARK)?;
        // RFC 4180 requires CRLF.
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(into);
        let header = BEFORE.iter().chain(&["number", "date"]).chain(&AFTER);
        writer.write_record(header)?;
        Ok(Self { questions, writer })
    }

    /// Adds the answers of a client.
    ///
    /// # Errors
    /// Returns an error if the answers cannot be written.
    pub fn client(
        &mut self,
        client_ref: ClientRef,
        lines: &[AnswerLine],
    ) -> Result<(), DatasetError> {
        for (question, line) in self.questions.iter().zip(lines) {
            let row = row(client_ref, question, line);
            for text in row.before {
                self.writer.write_field(&*no_formula(text))?;
            }
            let number = row.number.map(|number| number.to_string());
            self.writer.write_field(number.unwrap_or_default())?;
            let day = row.day.map(|day| day.to_string());
            self.writer.write_field(day.unwrap_or_default())?;
            for text in &row.after {
                self.writer.write_field(&*no_formula(text))?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// Finishes the file.
    ///
    /// # Errors
    /// Returns an error if the rest of the file cannot be written.
    pub fn finish(mut self) -> Result<(), DatasetError> {
        Ok(self.writer.flush()?)
    }
}

/// Writes the Parquet file.
pub struct Parquet<'q, W: Write + Send> {
    questions: &'q [Question],
    writer: SerializedFileWriter<W>,
    columns: Columns,
    /// Texts that are the same for all clients, created once per question.
    words: Vec<[ByteArray; BEFORE.len()]>,
}

/// Columns of the rows that are not written yet.
#[derive(Default)]
struct Columns {
    rows: usize,
    /// Size of the clients' texts, in bytes.
    bytes: usize,
    before: [Vec<ByteArray>; BEFORE.len()],
    number: Optional<f64>,
    day: Optional<i32>,
    after: [Optional<ByteArray>; AFTER.len()],
}

/// A column with optional values: the values, and for each row whether it has a value.
#[derive(Default)]
struct Optional<T> {
    values: Vec<T>,
    levels: Vec<i16>,
}

impl<T> Optional<T> {
    fn push(&mut self, value: Option<T>) {
        self.levels.push(i16::from(value.is_some()));
        self.values.extend(value);
    }
}

impl<'q, W: Write + Send> Parquet<'q, W> {
    /// Starts the file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn begin(questions: &'q [Question], into: W) -> Result<Self, DatasetError> {
        let texts = |kind: &str, names: &[&str]| -> String {
            names
                .iter()
                .map(|name| format!("{kind} binary {name} (STRING);"))
                .collect()
        };
        let schema = format!(
            "message answers {{ {} optional double number; optional int32 date (DATE); {} }}",
            texts("required", &BEFORE),
            texts("optional", &AFTER)
        );
        let schema = Arc::new(parse_message_type(&schema)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("partnerbook {}", env!("CARGO_PKG_VERSION")))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let words = questions.iter().map(|question| {
            let empty = ClientRef {
                client: "",
                file: "",
                currency: None,
            };
            let line = AnswerLine {
                number: None,
                day: None,
                text: String::new(),
                state: AnswerState::Missing,
                raw: String::new(),
                place: None,
            };
            row(empty, question, &line).before.map(ByteArray::from)
        });
        Ok(Self {
            words: words.collect(),
            questions,
            writer: SerializedFileWriter::new(into, schema, Arc::new(properties))?,
            columns: Columns::default(),
        })
    }

    /// Adds the answers of a client.
    ///
    /// # Errors
    /// Returns an error if the answers cannot be written.
    pub fn client(
        &mut self,
        client_ref: ClientRef,
        lines: &[AnswerLine],
    ) -> Result<(), DatasetError> {
        let own = [
            client_ref.client,
            client_ref.file,
            client_ref.currency.unwrap_or_default(),
        ]
        .map(ByteArray::from);
        for ((question, words), line) in self.questions.iter().zip(&self.words).zip(lines) {
            let row = row(client_ref, question, line);
            let columns = &mut self.columns;
            columns.rows += 1;
            let texts = BEFORE.iter().zip(words).zip(&mut columns.before);
            for ((name, word), column) in texts {
                column.push(match *name {
                    "client" => own[0].clone(),
                    "file" => own[1].clone(),
                    "client_currency" => own[2].clone(),
                    "state" => ByteArray::from(line.state.word()),
                    _ => word.clone(),
                });
            }
            columns.number.push(row.number);
            columns.day.push(row.day.map(days_since_1970));
            for (text, column) in row.after.iter().zip(&mut columns.after) {
                columns.bytes += text.len();
                column.push((!text.is_empty()).then(|| ByteArray::from(&**text)));
            }
        }
        if self.columns.rows >= ROW_GROUP || self.columns.bytes >= GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    /// Finishes the file.
    ///
    /// # Errors
    /// Returns an error if the rest of the file cannot be written.
    pub fn finish(mut self) -> Result<(), DatasetError> {
        if self.columns.rows > 0 {
            self.write_group()?;
        }
        self.writer.close()?;
        Ok(())
    }

    fn write_group(&mut self) -> Result<(), DatasetError> {
        let columns = std::mem::take(&mut self.columns);
        let mut group = self.writer.next_row_group()?;
        for texts in &columns.before {
            write_column::<ByteArrayType, W>(&mut group, texts, None)?;
        }
        let Optional { values, levels } = &columns.number;
        write_column::<DoubleType, W>(&mut group, values, Some(levels))?;
        let Optional { values, levels } = &columns.day;
        write_column::<Int32Type, W>(&mut group, values, Some(levels))?;
        for Optional { values, levels } in &columns.after {
            write_column::<ByteArrayType, W>(&mut group, values, Some(levels))?;
        }
        group.close()?;
        Ok(())
    }
}

fn write_column<T: parquet::data_type::DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), DatasetError> {
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, levels, None)?;
        column.close()?;
    }
    Ok(())
}

fn days_since_1970(day: NaiveDate) -> i32 {
    (day - NaiveDate::default()).num_days() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(days_since_1970(day("1970-01-01")), 0);
        // Unix time: 2026-01-01 is 1,767,225,600 seconds.
        assert_eq!(days_since_1970(day("2026-01-01")), 1_767_225_600 / 86_400);
    }
}
