//! Compound files (MS-CFB), the container of xls and of encrypted Office files.

use std::borrow::Cow;
use std::io::Cursor;

use cfb::CompoundFile;

use super::IntakeError;

/// The first bytes of every compound file.
pub const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Offset of the sector size in the header, as a power of two: 512 or 4,096 bytes.
const SECTOR_SHIFT: usize = 30;

/// Opens a compound file. Some programs omit empty sectors at the end that the sector table lists.
pub fn open(bytes: &[u8]) -> Result<CompoundFile<Cursor<Cow<'_, [u8]>>>, IntakeError> {
    if let Ok(file) = CompoundFile::open(Cursor::new(Cow::Borrowed(bytes))) {
        return Ok(file);
    }
    let shift = bytes.get(SECTOR_SHIFT).copied().unwrap_or_default();
    if !matches!(shift, 9 | 12) {
        return Err(IntakeError::not_whole());
    }
    // One sector of the table has a 4-byte entry for each sector that it covers.
    let covered = (1usize << shift) * (1usize << (shift - 2));
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len() + covered, 0);
    CompoundFile::open(Cursor::new(Cow::Owned(padded))).map_err(|_| IntakeError::not_whole())
}
