//! Malicious zip archives, written byte by byte, because no regular program writes them.

use std::collections::BTreeMap;
use std::rc::Rc;

use flate2::{Compress, Compression, Crc, FlushCompress};

use super::{Case, case};

use crate::common;

/// A part as stored in an archive.
#[derive(Clone)]
pub struct Packed {
    pub data: Rc<Vec<u8>>,
    /// 0 for stored, 8 for deflated (APPNOTE 4.4.5).
    pub method: u16,
    pub flags: u16,
    /// The claimed uncompressed size, in bytes.
    pub size: u64,
    pub crc: u32,
}

impl Packed {
    pub fn of(content: &[u8]) -> Self {
        Self::repeated(content, b"", 0, b"")
    }

    /// Creates a part from a head, a block repeated `times` times, and a tail. Compresses one block at a time, so that
    /// gigabytes need little memory here.
    pub fn repeated(head: &[u8], block: &[u8], times: usize, tail: &[u8]) -> Self {
        let mut crc = Crc::new();
        crc.update(head);
        let mut data = deflated(head);
        let (packed, mut block_crc) = (deflated(block), Crc::new());
        block_crc.update(block);
        for _ in 0..times {
            data.extend_from_slice(&packed);
            crc.combine(&block_crc);
        }
        crc.update(tail);
        data.extend(deflated(tail));
        // A final, empty deflate block.
        data.extend([0x01, 0x00, 0x00, 0xFF, 0xFF]);
        Self {
            data: Rc::new(data),
            method: 8,
            flags: 0,
            size: (head.len() + block.len() * times + tail.len()) as u64,
            crc: crc.sum(),
        }
    }

    pub fn claiming(mut self, size: u64) -> Self {
        self.size = size;
        self
    }
}

/// Compresses content. The result ends at a byte boundary and refers to nothing before it.
fn deflated(content: &[u8]) -> Vec<u8> {
    if content.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(content.len() + 1024);
    let mut compress = Compress::new(Compression::new(6), false);
    compress
        .compress_vec(content, &mut out, FlushCompress::Full)
        .unwrap();
    assert_eq!(compress.total_in(), content.len() as u64);
    out
}

/// The entries of an archive in order, and its false claims.
#[derive(Default)]
pub struct Archive {
    pub entries: Vec<(String, Packed)>,
    /// All directory entries refer to the first part.
    pub overlapping: bool,
    /// False values in the end record: number of entries, size and offset of the directory.
    pub end: Option<(u16, u32, u32)>,
}

impl Archive {
    /// Returns the parts of a workbook.
    pub fn of(bytes: &[u8]) -> Self {
        let parts: BTreeMap<String, Vec<u8>> = common::parts(bytes);
        let entries = parts.into_iter();
        Self {
            entries: entries
                .map(|(name, content)| (name, Packed::of(&content)))
                .collect(),
            ..Self::default()
        }
    }

    pub fn sample() -> Self {
        Self::of(&std::fs::read(common::sample("halvorsen-sensors")).unwrap())
    }

    /// Replaces the part with this name, or adds it.
    pub fn with(mut self, name: &str, part: Packed) -> Self {
        match self.entries.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = part,
            None => self.entries.push((name.to_owned(), part)),
        }
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.entries.retain(|(known, _)| known != name);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, part) in &self.entries {
            let offset = if self.overlapping { 0 } else { out.len() };
            // Sizes that need more than 4 bytes are in an extra field (APPNOTE 4.5.3).
            let long = part.size >= u64::from(u32::MAX);
            let (version, size) = if long {
                (45u16, u32::MAX)
            } else {
                (20, part.size as u32)
            };
            let mut extra = Vec::new();
            if long {
                extra.extend([1, 0, 8, 0]);
                extra.extend(part.size.to_le_bytes());
            }
            let mut common = Vec::new();
            common.extend(version.to_le_bytes());
            common.extend(part.flags.to_le_bytes());
            common.extend(part.method.to_le_bytes());
            common.extend([0, 0, 0x21, 0]);
            common.extend(part.crc.to_le_bytes());
            common.extend((part.data.len() as u32).to_le_bytes());
            common.extend(size.to_le_bytes());
            common.extend((name.len() as u16).to_le_bytes());
            common.extend((extra.len() as u16).to_le_bytes());
            if !self.overlapping || out.is_empty() {
                out.extend(b"PK\x03\x04");
                out.extend(&common);
                out.extend(name.as_bytes());
                out.extend(&extra);
                out.extend(part.data.iter());
            }
            directory.extend(b"PK\x01\x02");
            directory.extend([20, 0]);
            directory.extend(&common);
            directory.extend([0; 10]);
            directory.extend((offset as u32).to_le_bytes());
            directory.extend(name.as_bytes());
            directory.extend(&extra);
        }
        let truth = (
            self.entries.len() as u16,
            directory.len() as u32,
            out.len() as u32,
        );
        let (count, size, place) = self.end.unwrap_or(truth);
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(size.to_le_bytes());
        out.extend(place.to_le_bytes());
        out.extend([0, 0]);
        out
    }
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const MIB: usize = 1 << 20;

fn zeros(mib: usize) -> Packed {
    Packed::repeated(b"", &vec![b' '; MIB], mib, b"")
}

/// Creates a workbook with many parts in addition to those of the sample.
fn many(count: usize, part: Packed) -> Vec<u8> {
    let mut archive = Archive::sample();
    for index in 0..count {
        let name = format!("xl/worksheets/more{index}.xml");
        archive.entries.push((name, part.clone()));
    }
    archive.bytes()
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("one-part-of-4-gb.xlsx", "more than 16 MB unpacked", || {
            Archive::sample().with(SHEET, zeros(4095)).bytes()
        }),
        case("one-part-claims-1000-bytes.xlsx", "damaged", || {
            let part = zeros(1024).claiming(1000);
            Archive::sample().with(SHEET, part).bytes()
        }),
        case("one-part-claims-nothing.xlsx", "damaged", || {
            Archive::sample().with(SHEET, zeros(64).claiming(0)).bytes()
        }),
        case(
            "one-part-claims-an-exabyte.xlsx",
            "more than 16 MB unpacked",
            || {
                Archive::sample()
                    .with(SHEET, zeros(1).claiming(1 << 60))
                    .bytes()
            },
        ),
        case("2000-parts-of-15-mb.xlsx", "read", || many(2000, zeros(15))),
        case("2000-parts-of-15-mb-claiming-one-byte.xlsx", "read", || {
            many(2000, zeros(15).claiming(1))
        }),
        case("2000-parts-of-15-mb-claiming-one-byte.ods", "read", || {
            let ods =
                std::fs::read(common::root().join("tests/fixtures/halvorsen-sensors.ods")).unwrap();
            let mut archive = Archive::of(&ods);
            for index in 0..2000 {
                let name = format!("Pictures/{index}.xml");
                archive.entries.push((name, zeros(15).claiming(1)));
            }
            archive.bytes()
        }),
        case("media-of-2-gb.xlsx", "read", || {
            Archive::sample()
                .with("xl/media/film.mp4", zeros(2047))
                .bytes()
        }),
        case("overlapping-parts.xlsx", "damaged", || {
            let mut archive = Archive::sample();
            let all = archive.entries.clone();
            archive.entries.insert(0, (SHEET.into(), zeros(15)));
            archive.entries.extend(
                (0..3000).map(|index| (format!("xl/worksheets/o{index}.xml"), all[0].1.clone())),
            );
            archive.overlapping = true;
            archive.bytes()
        }),
        case("200000-parts.xlsx", "more than 4096 parts", || {
            many(200_000, Packed::of(b""))
        }),
        case("65535-parts-claimed.xlsx", "damaged", || {
            let mut archive = Archive::sample();
            archive.end = Some((65_535, 3_000_000_000, 0));
            archive.bytes()
        }),
        case("directory-beyond-the-end.xlsx", "damaged", || {
            let mut archive = Archive::sample();
            archive.end = Some((40, 4000, 0xFFFF_FFF0));
            archive.bytes()
        }),
        case("directory-is-the-whole.xlsx", "damaged", || {
            let mut archive = Archive::sample();
            archive.end = Some((40, u32::MAX - 1, 0));
            archive.bytes()
        }),
        case(
            "an-end-and-nothing-else.xlsx",
            "not an Excel workbook",
            || Archive::default().bytes(),
        ),
        case("only-the-first-two-letters.xlsx", "damaged", || {
            b"PK".to_vec()
        }),
        case("ten-thousand-ends.xlsx", "read", || {
            let mut bytes = Archive::sample().bytes();
            let end = bytes[bytes.len() - 22..].to_vec();
            bytes.extend(end.repeat(10_000));
            bytes
        }),
        case("ends-of-the-longer-kind.xlsx", "damaged", || {
            // Zip64: the end record contains only invalid values, and the classic end record refers to it.
            let mut bytes = Archive::sample().bytes();
            let end = bytes.len() - 22;
            let mut longer = b"PK\x06\x06".to_vec();
            longer.extend(u64::MAX.to_le_bytes());
            longer.extend([0xFF; 44]);
            longer.extend(b"PK\x06\x07\0\0\0\0");
            longer.extend((end as u64).to_le_bytes());
            longer.extend([1, 0, 0, 0]);
            bytes.splice(end..end, longer);
            let end = bytes.len() - 22;
            bytes[end + 8..end + 20].fill(0xFF);
            bytes
        }),
        case("workbooks-in-workbooks.xlsx", "read", || {
            let mut inner = Archive::sample().bytes();
            for depth in 0..20 {
                let name = format!("xl/embeddings/inner{depth}.xlsx");
                inner = Archive::sample().with(&name, Packed::of(&inner)).bytes();
            }
            inner
        }),
        case("an-archive-of-workbooks.xlsx", "Unpack it first", || {
            let mut archive = Archive::default();
            let inner = Packed::of(&Archive::sample().bytes());
            archive.entries.push(("a/b/client.xlsx".into(), inner));
            archive.bytes()
        }),
        case("names-like-paths.xlsx", "read", || {
            let mut archive = Archive::sample();
            for name in [
                "../../../../../../tmp/partnerbook-was-here.xml",
                "/etc/passwd",
                "C:\\Windows\\System32\\drivers\\etc\\hosts",
                "\\\\server\\share\\file.xml",
                "xl/worksheets/../../../../up.xml",
                "xl/worksheets/sheet\u{0}1.xml",
                "con.xml",
                "xl/\u{202e}lmx.txt",
                "",
                "/",
                "....//....//x.xml",
            ] {
                archive.entries.push((name.into(), Packed::of(b"<x/>")));
            }
            archive.bytes()
        }),
        case("names-of-64-kb.xlsx", "read", || {
            let mut archive = Archive::sample();
            for index in 0..200 {
                let name = format!("{index}{}", "x".repeat(65_000));
                archive.entries.push((name, Packed::of(b"")));
            }
            archive.bytes()
        }),
        case("names-with-backslashes.xlsx", "read", || {
            let mut archive = Archive::sample();
            for (name, _) in &mut archive.entries {
                *name = name.replace('/', "\\");
            }
            archive.bytes()
        }),
        case("every-part-twice.xlsx", "read", || {
            let mut archive = Archive::sample();
            archive.entries.extend(Archive::sample().entries);
            archive.bytes()
        }),
        case("a-part-is-encrypted.xlsx", "password", || {
            let mut part = Packed::of(b"<worksheet/>");
            part.flags = 1;
            Archive::sample().with(SHEET, part).bytes()
        }),
        case("a-part-is-packed-otherwise.xlsx", "damaged", || {
            let mut part = Packed::of(b"<worksheet/>");
            part.method = 14;
            Archive::sample().with(SHEET, part).bytes()
        }),
        case("a-part-with-a-wrong-sum.xlsx", "damaged", || {
            let mut part = Packed::of(b"<worksheet><sheetData/></worksheet>");
            part.crc ^= 1;
            Archive::sample().with(SHEET, part).bytes()
        }),
        case("a-part-packed-wrongly.xlsx", "damaged", || {
            let mut part = Packed::of(b"<worksheet/>");
            part.data = Rc::new(vec![0xAA; 4000]);
            Archive::sample().with(SHEET, part).bytes()
        }),
    ]
}
