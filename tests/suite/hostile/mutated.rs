//! Workbooks cut off at every hundredth of their length, and workbooks with random byte changes.

use std::path::Path;

use partnerbook::intake::{self, Sandbox};

use super::{MAX_TIME, check, common, xls};

const FORMATS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];

/// Returns an undamaged workbook in a format.
fn sound(format: &str) -> Vec<u8> {
    let fixture = |ending: &str| {
        let path = common::root().join(format!("tests/fixtures/halvorsen-sensors.{ending}"));
        std::fs::read(path).unwrap()
    };
    match format {
        "xlsx" => std::fs::read(common::sample("halvorsen-sensors")).unwrap(),
        "xlsm" => common::with_part(&sound("xlsx"), "[Content_Types].xml", |text| {
            text.replace(
                "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                "vnd.ms-excel.sheet.macroEnabled.main",
            )
        }),
        other => fixture(other),
    }
}

/// A random number generator with a fixed seed (xorshift64*), so that every run is the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % most
    }
}

/// Replaces, deletes, or repeats a few bytes.
fn change(content: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..1 + dice.below(8) {
        if content.is_empty() {
            return;
        }
        let at = dice.below(content.len());
        match dice.below(5) {
            0 => content[at] = dice.below(256) as u8,
            1 => content[at] ^= 1 << dice.below(8),
            2 => {
                let end = (at + 4).min(content.len());
                content[at..end].fill(if dice.below(2) == 0 { 0xFF } else { 0 });
            }
            3 => {
                let end = (at + 1 + dice.below(40)).min(content.len());
                content.drain(at..end);
            }
            _ => {
                let end = (at + 1 + dice.below(40)).min(content.len());
                let piece = content[at..end].to_vec();
                content.splice(at..at, piece);
            }
        }
    }
}

/// Changes a workbook. In an archive, changes the content of a part, because a wrong checksum would be detected at
/// once.
fn mutated(sound: &[u8], format: &str, dice: &mut Dice) -> Vec<u8> {
    if format == "xls" {
        let mut stream = xls::stream();
        change(&mut stream, dice);
        return xls::contained(&stream);
    }
    let mut parts = common::parts(sound);
    let wanted: Vec<String> = parts
        .keys()
        .filter(|name| {
            ["sheet", "Strings", "styles", "workbook", "content"]
                .iter()
                .any(|part| name.contains(part))
        })
        .cloned()
        .collect();
    let name = &wanted[dice.below(wanted.len())];
    change(parts.get_mut(name).unwrap(), dice);
    common::zipped(&parts)
}

/// Checks a folder of files in one run, which stays within the limits of a single file. Returns the files that were
/// read.
fn checked(folder: &Path, files: usize) -> Vec<String> {
    let run = check(folder, &["--format", "json"]);
    assert!(
        run.faults(MAX_TIME).is_empty(),
        "{}: {:?}",
        folder.display(),
        run.faults(MAX_TIME)
    );
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let (read, failed) = (
        told["files"].as_array().unwrap(),
        told["failures"].as_array().unwrap(),
    );
    assert_eq!(read.len() + failed.len(), files, "{}", run.err);
    for failure in failed {
        let error = failure["error"].as_str().unwrap();
        assert!(!error.contains("internal error"), "{failure}");
    }
    if std::env::var_os("HOSTILE_EACH").is_some() {
        let mb = run.memory >> 20;
        println!(
            "{:5.2} s {mb:4} MB  {} read, {} not",
            run.time.as_secs_f64(),
            read.len(),
            failed.len()
        );
    }
    read.iter()
        .map(|file| file["file"].as_str().unwrap().to_owned())
        .collect()
}

/// A truncated file is either reported or read completely, never in part.
#[test]
fn cut_off_at_every_hundredth() {
    let questionnaire = common::questionnaire();
    let sandbox = Sandbox::of(env!("CARGO_BIN_EXE_partnerbook").into());
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let bytes = sound(format);
        let whole = intake::read_bytes(questionnaire, bytes.clone(), &sandbox).unwrap();
        for percent in 0..100 {
            let path = folder.path().join(format!("{percent}.{format}"));
            std::fs::write(path, &bytes[..bytes.len() * percent / 100]).unwrap();
        }
        for path in checked(folder.path(), 100) {
            let reading = intake::read_file(questionnaire, path.as_ref(), &sandbox).unwrap();
            common::same_answers(questionnaire, &reading.answers, &whole.answers);
        }
    }
}

#[test]
fn changed_here_and_there() {
    for (seed, format) in FORMATS.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let (bytes, files) = (sound(format), common::cases(60) as usize);
        let mut dice = Dice(0x5EED + seed as u64);
        for index in 0..files {
            let path = folder.path().join(format!("{index}.{format}"));
            std::fs::write(path, mutated(&bytes, format, &mut dice)).unwrap();
        }
        checked(folder.path(), files);
    }
}
