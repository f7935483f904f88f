//! Detects the format of a file from its bytes. The file extension may be wrong.

use serde::{Deserialize, Serialize};

use super::package::Package;
use super::{IntakeError, compound};

/// Supported workbook formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Office Open XML, with or without macros: xlsx, xlsm, xltx, xltm.
    Xlsx,
    /// The binary variant of Office Open XML.
    Xlsb,
    /// Excel 97 to 2003, and 5.0/95.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
}

/// Types of the first record of an Excel file from before compound files.
const BARE_BIFF: [[u8; 2]; 4] = [[0x09, 0x00], [0x09, 0x02], [0x09, 0x04], [0x09, 0x08]];

/// Returns the format and, for formats based on a zip archive, the open archive.
///
/// # Errors
/// Returns an error with one sentence that describes the file if the file is not a supported workbook, or is
/// encrypted or damaged.
pub fn recognize(bytes: &[u8]) -> Result<(Format, Option<Package<'_>>), IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::Empty);
    }
    if bytes.starts_with(&compound::SIGNATURE) {
        return Ok((in_compound_file(bytes)?, None));
    }
    if bytes.starts_with(b"PK") {
        let package = Package::open(bytes)?;
        return Ok((in_package(&package)?, Some(package)));
    }
    Err(unsupported_format_error(bytes))
}

/// Streams of a compound file that rights management encrypted (MS-OFFCRYPTO 2.2), in xlsx and in xls.
const RIGHTS_MANAGED: [&str; 3] = [
    "\u{6}DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace",
    "\u{6}DataSpaces/DataSpaceInfo/\u{9}DRMDataSpace",
    "\u{9}DRMContent",
];

/// Distinguishes an encrypted xlsx from an old xls by the names of the streams. Both use the same container.
fn in_compound_file(bytes: &[u8]) -> Result<Format, IntakeError> {
    let file = compound::open(bytes)?;
    let holds = |name: &str| file.exists(name);
    if RIGHTS_MANAGED.iter().any(|name| holds(name)) {
        Err(IntakeError::RightsManaged)
    } else if holds("EncryptedPackage") {
        Err(IntakeError::Password)
    } else if holds("Workbook") || holds("Book") {
        Ok(Format::Xls)
    } else if holds("WordDocument") {
        Err(IntakeError::other("a Word document"))
    } else if holds("__properties_version1.0") {
        Err(IntakeError::other("a mail saved from Outlook"))
    } else {
        Err(IntakeError::NotAWorkbook)
    }
}

fn in_package(package: &Package) -> Result<Format, IntakeError> {
    if package.has("xl/workbook.bin") {
        return Ok(Format::Xlsb);
    }
    if package.has("content.xml") {
        return in_open_document(package);
    }
    if package.has("word/document.xml") {
        return Err(IntakeError::other("a Word document"));
    }
    if package.has("ppt/presentation.xml") {
        return Err(IntakeError::other("a presentation"));
    }
    if package.has("Index/Document.iwa") || package.has("Index.zip") {
        return Err(IntakeError::other("a Numbers file"));
    }
    if package.has("xl/workbook.xml") || package.has("[Content_Types].xml") {
        return Ok(Format::Xlsx);
    }
    let is_workbook = |name: &str| {
        [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"]
            .iter()
            .any(|ending| name.to_ascii_lowercase().ends_with(ending))
    };
    if package.names().any(is_workbook) {
        return Err(IntakeError::Archive);
    }
    Err(IntakeError::NotAWorkbook)
}

/// The declared type decides. If it is missing, the content decides.
fn in_open_document(package: &Package) -> Result<Format, IntakeError> {
    /// Maximum size of `content.xml`, in bytes. The element with the document type follows the styles.
    const MAX_CONTENT_SIZE: u64 = 16 << 20;
    if package.has("encrypted-package") || is_encrypted(package) {
        return Err(IntakeError::Password);
    }
    let mimetype = package.text("mimetype", 200).unwrap_or_default();
    match String::from_utf8_lossy(&mimetype).trim() {
        "application/vnd.oasis.opendocument.spreadsheet"
        | "application/vnd.oasis.opendocument.spreadsheet-template" => return Ok(Format::Ods),
        "application/vnd.oasis.opendocument.text" => {
            return Err(IntakeError::other("a text document"));
        }
        _ => {}
    }
    let content = package.part("content.xml", MAX_CONTENT_SIZE)?;
    match memchr::memmem::find(&content, b"<office:spreadsheet") {
        Some(_) => Ok(Format::Ods),
        None => Err(IntakeError::NotAWorkbook),
    }
}

/// Returns whether any part is encrypted. OpenDocument encrypts parts one by one and lists this in the manifest.
fn is_encrypted(package: &Package) -> bool {
    let manifest = package.text("META-INF/manifest.xml", 1 << 20);
    manifest.is_some_and(|manifest| memchr::memmem::find(&manifest, b"encryption-data").is_some())
}

/// Returns the error for a file in no supported container, and names common file types.
fn unsupported_format_error(bytes: &[u8]) -> IntakeError {
    if BARE_BIFF.iter().any(|record| bytes.starts_with(record)) {
        return IntakeError::other("an Excel file from before 1995");
    }
    if bytes.starts_with(b"%PDF") {
        return IntakeError::other("a PDF");
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let head = head.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if head.contains("progid=\"excel.sheet\"")
        || head.contains("urn:schemas-microsoft-com:office:spreadsheet")
    {
        IntakeError::other("an Excel file in the XML format of 2003")
    } else if head.starts_with("<?xml") && head.contains("office:document") {
        IntakeError::other("a flat OpenDocument file")
    } else if head.starts_with('<') && head.contains("<html") {
        IntakeError::other("a web page")
    } else if head.starts_with("%!ps") || head.starts_with("{\\rtf") {
        IntakeError::other("a text document")
    } else {
        IntakeError::NotAWorkbook
    }
}
