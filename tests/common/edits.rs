//! A workbook after edits in a client's program. It contains cells, sheets, and names, and nothing else of the
//! template.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, SheetVisible, Xlsx};
use partnerbook::sheet_map::names;
use rust_xlsxwriter::{Format, Workbook};

/// Number of worksheets with questions. They are after the first sheet and before the hidden one. Copies are added at
/// the end.
const QUESTIONS: usize = 14;
/// A row or column after all others.
const FAR: u32 = 30_000;

type Cells = BTreeMap<(u32, u16), Data>;

#[derive(Clone)]
struct Sheet {
    name: String,
    hidden: bool,
    cells: Cells,
    /// The rows with questions, the column of their IDs unless it was deleted, and the column of their labels.
    questions: BTreeSet<u32>,
    ids: Option<u16>,
    labels: u16,
    /// The last column with answers.
    answers: u16,
}

/// A defined name: its scope, and the sheet, row, and column that it refers to.
#[derive(Clone)]
struct Name {
    name: String,
    only_on: Option<usize>,
    sheet: usize,
    at: (u32, u16),
}

/// What people and programs do to a workbook before it is returned.
#[derive(Debug, Clone)]
pub enum Edit {
    InsertRows {
        sheet: usize,
        at: u32,
        many: u32,
    },
    InsertColumn {
        sheet: usize,
        at: u16,
    },
    /// Deletes a row without an answer: a title, a sentence, or an empty row.
    DeleteRow {
        sheet: usize,
        nth: usize,
    },
    /// Deletes the last column, which contains the hints.
    DeleteHints {
        sheet: usize,
    },
    DeleteIdColumn {
        sheet: usize,
    },
    RenameSheet {
        sheet: usize,
        to: &'static str,
    },
    MoveSheet {
        sheet: usize,
        to: usize,
    },
    /// Copies a sheet as Excel does: the scope of the copied names is the copy.
    CopySheet {
        sheet: usize,
        to: usize,
    },
    HideSheet {
        sheet: usize,
    },
    DeleteSheet {
        sheet: usize,
    },
    /// Copies all sheets into another workbook, after its own sheets.
    MergeIntoOther,
    DropNames {
        every: usize,
    },
    /// Inserts rows like a program that does not move the names.
    LeaveNamesBehind {
        sheet: usize,
        at: u32,
    },
    ClearIds {
        every: usize,
    },
    /// Adds spaces and replaces quotes, dashes, and capitals.
    RetypeLabels {
        how: usize,
    },
}

/// A workbook that can be edited.
#[derive(Clone)]
pub struct Edited {
    /// The order of the tabs, as indices into `sheets`.
    order: Vec<usize>,
    sheets: Vec<Sheet>,
    names: Vec<Name>,
}

impl Edited {
    /// Opens a workbook that partnerbook created.
    pub fn open(bytes: &[u8]) -> Self {
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let mut sheets = Vec::new();
        for meta in book.sheets_metadata().to_vec() {
            let range = book.worksheet_range(&meta.name).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            let cells: Cells = range
                .used_cells()
                .map(|(row, column, data)| {
                    (
                        (top + row as u32, left as u16 + column as u16),
                        data.clone(),
                    )
                })
                .collect();
            sheets.push(Sheet {
                name: meta.name.clone(),
                hidden: meta.visible != SheetVisible::Visible,
                questions: cells.keys().filter(|at| at.1 == 0).map(|at| at.0).collect(),
                cells,
                ids: Some(0),
                labels: 1,
                answers: 0,
            });
        }
        let names: Vec<Name> = book
            .defined_names()
            .iter()
            .filter_map(|(name, target)| {
                names::field_id(name)?;
                let (tab, cell) = target.rsplit_once('!')?;
                let tab = tab.trim_matches('\'').replace("''", "'");
                let (column, row) = cell.trim_start_matches('$').split_once('$')?;
                let column = column
                    .bytes()
                    .fold(0, |sum, letter| sum * 26 + u16::from(letter - b'A') + 1);
                Some(Name {
                    name: name.clone(),
                    only_on: None,
                    sheet: sheets.iter().position(|sheet| sheet.name == tab)?,
                    at: (row.parse::<u32>().ok()? - 1, column - 1),
                })
            })
            .collect();
        for name in &names {
            let own = &mut sheets[name.sheet];
            own.answers = own.answers.max(name.at.1);
        }
        assert_eq!(sheets.len(), QUESTIONS + 2);
        Self {
            order: (0..sheets.len()).collect(),
            sheets,
            names,
        }
    }

    /// Returns the index of a worksheet with questions: neither the first sheet nor the hidden last one.
    fn questions(&self, sheet: usize) -> usize {
        1 + sheet % QUESTIONS
    }

    fn shift(&mut self, sheet: usize, by: (u32, u16), from: (u32, u16), with_names: bool) {
        let moved = |(row, column): (u32, u16)| {
            if row >= from.0 && column >= from.1 {
                (row + by.0, column + by.1)
            } else {
                (row, column)
            }
        };
        let own = &mut self.sheets[sheet];
        let cells = std::mem::take(&mut own.cells);
        own.cells = cells
            .into_iter()
            .map(|(at, data)| (moved(at), data))
            .collect();
        own.questions = own
            .questions
            .iter()
            .map(|row| moved((*row, FAR as u16)).0)
            .collect();
        own.ids = own.ids.map(|column| moved((FAR, column)).1);
        own.labels = moved((FAR, own.labels)).1;
        own.answers = moved((FAR, own.answers)).1;
        for name in self
            .names
            .iter_mut()
            .filter(|name| with_names && name.sheet == sheet)
        {
            name.at = moved(name.at);
        }
    }

    fn delete_row(&mut self, sheet: usize, row: u32) {
        let kept = |(line, column): (u32, u16)| (line - u32::from(line > row), column);
        let cells = std::mem::take(&mut self.sheets[sheet].cells);
        let cells = cells.into_iter().filter(|((line, _), _)| *line != row);
        self.sheets[sheet].cells = cells.map(|(at, data)| (kept(at), data)).collect();
        let own = &mut self.sheets[sheet];
        own.questions = own
            .questions
            .iter()
            .map(|line| kept((*line, 0)).0)
            .collect();
        self.names
            .retain(|name| name.sheet != sheet || name.at.0 != row);
        for name in self.names.iter_mut().filter(|name| name.sheet == sheet) {
            name.at = kept(name.at);
        }
    }

    fn delete_column(&mut self, sheet: usize, column: u16) {
        let kept = |(row, own): (u32, u16)| (row, own - u16::from(own > column));
        let cells = std::mem::take(&mut self.sheets[sheet].cells);
        let cells = cells.into_iter().filter(|((_, own), _)| *own != column);
        self.sheets[sheet].cells = cells.map(|(at, data)| (kept(at), data)).collect();
        let own = &mut self.sheets[sheet];
        own.ids = own
            .ids
            .filter(|ids| *ids != column)
            .map(|ids| kept((0, ids)).1);
        own.labels = kept((0, own.labels)).1;
        own.answers = kept((0, own.answers)).1;
        self.names
            .retain(|name| name.sheet != sheet || name.at.1 != column);
        for name in self.names.iter_mut().filter(|name| name.sheet == sheet) {
            name.at = kept(name.at);
        }
    }

    /// Applies one edit.
    pub fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::InsertRows { sheet, at, many } => {
                self.shift(self.questions(*sheet), (*many, 0), (*at, 0), true);
            }
            Edit::LeaveNamesBehind { sheet, at } => {
                self.shift(self.questions(*sheet), (1, 0), (*at, 0), false);
            }
            Edit::InsertColumn { sheet, at } => {
                self.shift(self.questions(*sheet), (0, 1), (0, *at), true);
            }
            Edit::DeleteRow { sheet, nth } => {
                let sheet = self.questions(*sheet);
                let last = self.sheets[sheet]
                    .cells
                    .keys()
                    .map(|at| at.0)
                    .max()
                    .unwrap_or(0);
                let own = &self.sheets[sheet].questions;
                let free: Vec<u32> = (0..=last).filter(|row| !own.contains(row)).collect();
                if !free.is_empty() {
                    self.delete_row(sheet, free[nth % free.len()]);
                }
            }
            Edit::DeleteHints { sheet } => {
                let sheet = self.questions(*sheet);
                let last = self.sheets[sheet]
                    .cells
                    .keys()
                    .map(|at| at.1)
                    .max()
                    .unwrap_or(0);
                if self.sheets[sheet].answers < last {
                    self.delete_column(sheet, last);
                }
            }
            Edit::DeleteIdColumn { sheet } => {
                let sheet = self.questions(*sheet);
                if let Some(ids) = self.sheets[sheet].ids {
                    self.delete_column(sheet, ids);
                }
            }
            Edit::RenameSheet { sheet, to } => {
                let sheet = self.questions(*sheet);
                self.sheets[sheet].name = format!("{to} {sheet}");
            }
            Edit::MoveSheet { sheet, to } => {
                let from = sheet % self.order.len();
                let moved = self.order.remove(from);
                self.order.insert(to % (self.order.len() + 1), moved);
            }
            Edit::CopySheet { sheet, to } => {
                let sheet = self.questions(*sheet);
                let copy = self.sheets.len();
                let mut twin = self.sheets[sheet].clone();
                twin.name = format!(
                    "{} ({copy})",
                    twin.name.chars().take(24).collect::<String>()
                );
                self.sheets.push(twin);
                self.order.insert(to % (self.order.len() + 1), copy);
                let own: Vec<Name> = self
                    .names
                    .iter()
                    .filter(|name| name.sheet == sheet && name.only_on.is_none())
                    .cloned()
                    .collect();
                self.names.extend(own.into_iter().map(|name| Name {
                    only_on: Some(copy),
                    sheet: copy,
                    ..name
                }));
            }
            Edit::HideSheet { sheet } => {
                let sheet = self.questions(*sheet);
                self.sheets[sheet].hidden = true;
            }
            Edit::DeleteSheet { sheet } => {
                let sheet = self.questions(*sheet);
                self.order.retain(|index| *index != sheet);
                self.names.retain(|name| name.sheet != sheet);
            }
            Edit::MergeIntoOther => {
                for title in ["Budget", "Contacts"] {
                    let text = |text: &str| Data::String(text.to_owned());
                    let cells = [
                        ((0, 0), text(title)),
                        ((1, 1), text("API availability")),
                        ((1, 2), Data::Float(3.0)),
                        ((2, 1), text("Notes")),
                        ((2, 2), text("not an answer")),
                    ];
                    self.order.insert(0, self.sheets.len());
                    self.sheets.push(Sheet {
                        name: format!("{title} {}", self.sheets.len()),
                        hidden: false,
                        questions: BTreeSet::new(),
                        ids: None,
                        labels: 1,
                        answers: 0,
                        cells: cells.into(),
                    });
                }
            }
            Edit::DropNames { every } => {
                let mut counted = 0;
                self.names.retain(|_| {
                    counted += 1;
                    counted % every.max(&1) != 0
                });
            }
            Edit::ClearIds { every } => {
                let mut counted = 0;
                for index in 1..=QUESTIONS {
                    let Some(ids) = self.sheets[index].ids else {
                        continue;
                    };
                    self.sheets[index].cells.retain(|(_, column), _| {
                        counted += usize::from(*column == ids);
                        *column != ids || counted % every.max(&1) != 0
                    });
                }
            }
            Edit::RetypeLabels { how } => {
                for index in 1..=QUESTIONS {
                    let labels = self.sheets[index].labels;
                    for ((_, column), data) in &mut self.sheets[index].cells {
                        if let (true, Data::String(label)) = (*column == labels, &mut *data) {
                            *label = match how % 5 {
                                0 => format!("  {}\u{a0}", label.replace(' ', "  ")),
                                1 => label.replace('"', "”").replace('\'', "’"),
                                2 => label.to_uppercase(),
                                3 => label.replace('-', "–").replace(' ', "\u{a0}"),
                                _ => format!("{label}:"),
                            };
                        }
                    }
                }
            }
        }
    }

    /// Saves the workbook as an xlsx file.
    pub fn save(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let visible = self
            .order
            .iter()
            .position(|index| !self.sheets[*index].hidden);
        for (position, index) in self.order.iter().enumerate() {
            let own = &self.sheets[*index];
            let sheet = book.add_worksheet();
            sheet.set_name(&own.name).unwrap().set_hidden(own.hidden);
            if Some(position) == visible {
                sheet.set_active(true);
                sheet.set_first_tab(true);
            }
            for ((row, column), data) in &own.cells {
                match data {
                    Data::Float(number) => sheet.write_number(*row, *column, *number),
                    Data::Int(number) => sheet.write_number(*row, *column, *number as f64),
                    Data::String(text) => sheet.write_string(*row, *column, text),
                    Data::Bool(yes) => sheet.write_boolean(*row, *column, *yes),
                    Data::DateTime(date) => {
                        sheet.write_number_with_format(*row, *column, date.as_f64(), &day)
                    }
                    other => panic!("a template holds no {other:?}"),
                }
                .unwrap();
            }
        }
        for name in &self.names {
            let quoted =
                |sheet: usize| format!("'{}'", self.sheets[sheet].name.replace('\'', "''"));
            let column = {
                let mut letters = String::new();
                let mut rest = u32::from(name.at.1) + 1;
                while rest > 0 {
                    letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
                    rest = (rest - 1) / 26;
                }
                letters
            };
            let target = format!("={}!${column}${}", quoted(name.sheet), name.at.0 + 1);
            let valid = match name.only_on {
                Some(sheet) => format!("{}!{}", quoted(sheet), name.name),
                None => name.name.clone(),
            };
            book.define_name(valid, &target).unwrap();
        }
        book.save_to_buffer().unwrap()
    }
}
