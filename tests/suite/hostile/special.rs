//! Inputs that are not workbooks, whatever their extension, and paths that are not files.

use std::path::Path;

use super::{MAX_TIME, case, check, common, try_all};

#[test]
fn strangers_under_a_workbooks_name() {
    try_all(vec![
        case("empty.xlsx", "is empty", Vec::new),
        case("one-byte.xlsx", "not an Excel workbook", || vec![0]),
        case("one-letter.xls", "not an Excel workbook", || b"P".to_vec()),
        case("zeros.xlsx", "not an Excel workbook", || vec![0; 1 << 20]),
        case("picture.xlsx", "not an Excel workbook", || {
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()
        }),
        case("page.xls", "a web page", || {
            b"<html><table><tr><td>1</td></tr></table></html>".to_vec()
        }),
        case("letter.xlsx", "a PDF", || b"%PDF-1.7\n".to_vec()),
        case("list.xlsx", "not an Excel workbook", || {
            b"a;b;c\n1;2;3\n".to_vec()
        }),
        case("old.xls", "before 1995", || {
            [&[0x09, 0x04, 0x06, 0x00][..], &[0; 100]].concat()
        }),
        case("of-2003.xls", "XML format of 2003", || {
            b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>".to_vec()
        }),
        case("flat.ods", "flat OpenDocument", || {
            b"<?xml version=\"1.0\"?><office:document/>".to_vec()
        }),
        case("program.xlsx", "not an Excel workbook", || {
            b"MZ\x90\0\x03\0\0\0".to_vec()
        }),
        case("33-mb.xlsx", "the maximum is 33554432", || {
            vec![b'P'; 33 << 20]
        }),
    ]);
}

/// The answers are the same, whatever the file extension is.
#[test]
fn a_workbook_under_a_strangers_name() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
    for name in ["a.xls", "a.ods", "a.xlsb", "a.pdf", "a", "a.xlsx.exe"] {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        let run = check(&path, &[]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let sample = common::sample("halvorsen-sensors");
    std::os::unix::fs::symlink(&sample, place("link.xlsx")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", place("zeros.xlsx")).unwrap();
    std::os::unix::fs::symlink(place("nowhere"), place("broken.xlsx")).unwrap();
    std::os::unix::fs::symlink(place("round.xlsx"), place("round.xlsx")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(place("socket.xlsx")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(place("pipe.xlsx"))
        .status();
    std::fs::create_dir(place("folder.xlsx")).unwrap();
    let refused = |path: &Path, says: &str| {
        let run = check(path, &[]);
        assert!(
            run.faults(MAX_TIME).is_empty(),
            "{}: {:?}",
            path.display(),
            run.faults(MAX_TIME)
        );
        assert_eq!(run.code, Some(3), "{}: {}", path.display(), run.out);
        assert!(run.err.contains(says), "{}: {}", path.display(), run.err);
    };
    refused(&place("link.xlsx"), "link");
    refused(&place("zeros.xlsx"), "link");
    refused(&place("broken.xlsx"), "link");
    refused(&place("round.xlsx"), "link");
    refused(&place("socket.xlsx"), "not a file");
    refused(Path::new("/dev/zero"), "not a file");
    assert!(made.unwrap().success(), "mkfifo is part of POSIX");
    refused(&place("pipe.xlsx"), "not a file");
    // In a folder, they are skipped, and the workbook next to them is read.
    std::fs::copy(sample, place("real.xlsx")).unwrap();
    let run = check(folder.path(), &[]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.out.contains("real.xlsx"), "{}", run.out);
    assert!(
        run.err.contains("link.xlsx") && run.err.contains("each is a symbolic link"),
        "{}",
        run.err
    );
}
