//! Records of an xls stream ([MS-XLS] 2.1.4).

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

/// A record: its type and the range of its data in the stream.
pub(super) struct Record {
    pub(super) kind: u16,
    pub(super) data: std::ops::Range<usize>,
}

pub(super) fn record_at(stream: &[u8], at: usize) -> Option<Record> {
    let kind = u16_at(stream, at)?;
    let length = usize::from(u16_at(stream, at + 2)?);
    let data = at + 4..at + 4 + length;
    (data.end <= stream.len()).then_some(Record { kind, data })
}
