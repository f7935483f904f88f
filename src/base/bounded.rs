//! Reads untrusted files with a size limit.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result};
use std::path::Path;

/// Reads a file of at most `max_bytes` bytes.
///
/// # Errors
/// Returns an error if the file cannot be read, is not a regular file, or is larger.
pub fn read(path: &Path, max_bytes: u64) -> Result<Vec<u8>> {
    // Check before opening: opening a pipe would wait for its writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(max_bytes + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large(max_bytes));
    }
    Ok(bytes)
}

/// Reads a text file. See [`read`].
///
/// # Errors
/// Returns an error in the same cases as [`read`], and if the file is not UTF-8.
pub fn read_text(path: &Path, max_bytes: u64) -> Result<String> {
    String::from_utf8(read(path, max_bytes)?)
        .map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Iterates over the lines of a file, including their line breaks. A line has at most `max_line_bytes` bytes, the file at most
/// `max_bytes` bytes.
///
/// # Errors
/// Returns an error if the file cannot be opened. An item is an error if the line cannot be read or a limit is
/// exceeded.
pub fn lines(
    path: &Path,
    max_line_bytes: u64,
    max_bytes: u64,
) -> Result<impl Iterator<Item = Result<Vec<u8>>>> {
    let mut reader = BufReader::new(std::fs::File::open(path)?);
    let mut left = max_bytes;
    Ok(std::iter::from_fn(move || {
        let mut line = Vec::new();
        let read = (&mut reader)
            .take(max_line_bytes.min(left) + 1)
            .read_until(b'\n', &mut line);
        match read {
            Ok(0) => None,
            Ok(length) if length as u64 > max_line_bytes => Some(Err(too_large(max_line_bytes))),
            Ok(length) => match left.checked_sub(length as u64) {
                Some(rest) => {
                    left = rest;
                    Some(Ok(line))
                }
                None => Some(Err(too_large(max_bytes))),
            },
            Err(error) => Some(Err(error)),
        }
    }))
}

fn too_large(max_bytes: u64) -> Error {
    Error::new(
        ErrorKind::FileTooLarge,
        format!("it has more than {max_bytes} bytes"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_is_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one\ntwo\nthree").unwrap();
        assert_eq!(read(&path, 13).unwrap().len(), 13);
        assert_eq!(read(&path, 12).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert!(read(folder.path(), 12).is_err());
        let all = |max_line_bytes, max_bytes| -> Result<Vec<Vec<u8>>> {
            lines(&path, max_line_bytes, max_bytes)?.collect()
        };
        assert_eq!(all(5, 13).unwrap(), [&b"one\n"[..], b"two\n", b"three"]);
        assert!(all(4, 13).is_err() && all(5, 12).is_err());
    }
}
