//! Writes the PDF file: streams as they are, all other objects in object streams, then the cross-reference stream
//! (ISO 32000-1, 7.5.7 and 7.5.8).
//!
//! lopdf's own writer copies every object and writes it three times.

use flate2::{Compress, CompressError, Compression, FlushCompress, Status};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use pdf_writer::{Name, Primitive, Str};

/// Compression level. Higher levels make files one sixth smaller but take 50% longer.
const LEVEL: u32 = 1;
/// Compression level of object streams. They repeat themselves more than the pages do, so that a higher level pays.
const OBJECT_LEVEL: u32 = 3;
/// Maximum number of objects in an object stream.
const OBJECTS_PER_STREAM: usize = 4_000;
/// Field widths of the cross-reference stream, in bytes: type, position, index.
const WIDTHS: [usize; 3] = [1, 4, 2];

/// The PNG filter that stores the difference to the row above (ISO 32000-1, 7.4.4.4).
const UP: u8 = 2;

/// An object number and the serialized object.
pub type Written = (u32, Vec<u8>);

/// Writes the document and additional objects that are already serialized.
pub fn save(document: &Document, written: Vec<Written>) -> Result<Vec<u8>, CompressError> {
    let mut file = File {
        // The second line marks the file as binary, for programs that copy text (ISO 32000-1, 7.5.2).
        bytes: "%PDF-1.7\n%\u{e2}\u{e3}\u{cf}\u{d3}\n".into(),
        places: vec![[0, 0, 0xFFFF]; document.max_id as usize + 1],
        // Reused for all streams: its tables are large, and most streams are small.
        deflate: Compress::new(Compression::new(LEVEL), true),
    };
    let mut packed = written;
    for ((number, _), object) in &document.objects {
        if let Object::Stream(stream) = object {
            let deflatable = stream.allows_compression && !stream.dict.has(b"Filter");
            file.stream(*number, &stream.dict, &stream.content, deflatable)?;
        } else {
            let mut bytes = Vec::new();
            write(&mut bytes, object);
            packed.push((*number, bytes));
        }
    }
    packed.sort_unstable_by_key(|(number, _)| *number);
    file.deflate = Compress::new(Compression::new(OBJECT_LEVEL), true);
    for objects in packed.chunks(OBJECTS_PER_STREAM) {
        file.object_stream(objects)?;
    }
    file.end(&document.trailer)
}

struct File {
    bytes: Vec<u8>,
    /// Type, position, and index of each object, by object number.
    places: Vec<[u32; 3]>,
    deflate: Compress,
}

impl File {
    fn stream(
        &mut self,
        number: u32,
        dictionary: &Dictionary,
        content: &[u8],
        deflatable: bool,
    ) -> Result<(), CompressError> {
        let packed = if deflatable {
            self.deflated(content)?
        } else {
            None
        };
        let content = packed.as_deref().unwrap_or(content);
        if let Some(place) = self.places.get_mut(number as usize) {
            *place = [1, self.bytes.len() as u32, 0];
        }
        let bytes = &mut self.bytes;
        integer(bytes, number.into());
        bytes.extend(b" 0 obj\n<<");
        for (key, value) in dictionary.iter().filter(|(key, _)| *key != b"Length") {
            entry(bytes, key, value);
        }
        if packed.is_some() {
            bytes.extend(b"/Filter/FlateDecode");
        }
        bytes.extend(b"/Length ");
        integer(bytes, content.len() as i64);
        bytes.extend(b">>\nstream\n");
        bytes.extend(content);
        bytes.extend(b"\nendstream\nendobj\n");
        Ok(())
    }

    fn object_stream(&mut self, objects: &[Written]) -> Result<(), CompressError> {
        let stream = self.next_number();
        let mut content = Vec::new();
        let mut offset = 0;
        for (index, (number, bytes)) in objects.iter().enumerate() {
            integer(&mut content, (*number).into());
            content.push(b' ');
            integer(&mut content, offset);
            content.push(b' ');
            offset += bytes.len() as i64 + 1;
            if let Some(place) = self.places.get_mut(*number as usize) {
                *place = [2, stream, index as u32];
            }
        }
        let first = content.len() as i64;
        for (_, bytes) in objects {
            content.extend(bytes);
            content.push(b' ');
        }
        let mut dictionary = Dictionary::new();
        dictionary.set("Type", Object::Name(b"ObjStm".to_vec()));
        dictionary.set("N", objects.len() as i64);
        dictionary.set("First", first);
        self.stream(stream, &dictionary, &content, true)
    }

    fn end(mut self, trailer: &Dictionary) -> Result<Vec<u8>, CompressError> {
        let number = self.next_number();
        let start = self.bytes.len() as u32;
        self.places[number as usize] = [1, start, 0];
        let columns: usize = WIDTHS.iter().sum();
        let mut content = Vec::with_capacity(self.places.len() * (columns + 1));
        let mut above = vec![0; columns];
        for place in &self.places {
            let fields = place.iter().zip(WIDTHS);
            let row: Vec<u8> = fields
                .flat_map(|(value, width)| value.to_be_bytes().into_iter().skip(4 - width))
                .collect();
            // Rows differ little from each other, so differences take a tenth of the space.
            content.push(UP);
            content.extend(
                row.iter()
                    .zip(&above)
                    .map(|(own, above)| own.wrapping_sub(*above)),
            );
            above = row;
        }
        let mut dictionary = trailer.clone();
        dictionary.set("Type", Object::Name(b"XRef".to_vec()));
        dictionary.set("Size", self.places.len() as i64);
        dictionary.set(
            "W",
            WIDTHS.map(|width| Object::Integer(width as i64)).to_vec(),
        );
        let mut parameters = Dictionary::new();
        parameters.set("Predictor", i64::from(10 + UP));
        parameters.set("Columns", columns as i64);
        dictionary.set("DecodeParms", Object::Dictionary(parameters));
        self.stream(number, &dictionary, &content, true)?;
        self.bytes.extend(b"startxref\n");
        integer(&mut self.bytes, start.into());
        self.bytes.extend(b"\n%%EOF");
        Ok(self.bytes)
    }

    fn next_number(&mut self) -> u32 {
        self.places.push([0; 3]);
        self.places.len() as u32 - 1
    }

    /// Returns the compressed content, or `None` if compression does not make it smaller.
    fn deflated(&mut self, content: &[u8]) -> Result<Option<Vec<u8>>, CompressError> {
        self.deflate.reset();
        // Slightly more than zlib's `compressBound`, so the compressed content always fits.
        let most = content.len() + content.len() / 1_000 + 1_024;
        let mut packed = Vec::with_capacity(most);
        let status = self
            .deflate
            .compress_vec(content, &mut packed, FlushCompress::Finish)?;
        let gains = status == Status::StreamEnd && packed.len() < content.len();
        Ok(gains.then_some(packed))
    }
}

/// Writes an object that is not a stream.
fn write(bytes: &mut Vec<u8>, object: &Object) {
    match object {
        // A stream is never inside another object.
        Object::Null | Object::Stream(_) => bytes.extend(b"null"),
        Object::Boolean(value) => bytes.extend(if *value { &b"true"[..] } else { b"false" }),
        Object::Integer(value) => integer(bytes, *value),
        Object::Real(value) => value.write(bytes),
        Object::Name(name) => Name(name).write(bytes),
        Object::String(text, StringFormat::Literal) => Str(text).write(bytes),
        Object::String(text, StringFormat::Hexadecimal) => {
            bytes.push(b'<');
            bytes.extend(crate::fingerprint::hexadecimal(text).bytes());
            bytes.push(b'>');
        }
        Object::Array(items) => {
            bytes.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    bytes.push(b' ');
                }
                write(bytes, item);
            }
            bytes.push(b']');
        }
        Object::Dictionary(dictionary) => {
            bytes.extend(b"<<");
            for (key, value) in dictionary {
                entry(bytes, key, value);
            }
            bytes.extend(b">>");
        }
        Object::Reference(id) => reference(bytes, *id),
    }
}

/// Writes a dictionary entry.
pub fn entry(bytes: &mut Vec<u8>, key: &[u8], value: &Object) {
    Name(key).write(bytes);
    // A space is needed only if the value would merge with the key.
    if matches!(
        value,
        Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Reference(_)
    ) {
        bytes.push(b' ');
    }
    write(bytes, value);
}

/// Writes a reference to an object.
pub fn reference(bytes: &mut Vec<u8>, (number, generation): ObjectId) {
    integer(bytes, number.into());
    bytes.push(b' ');
    integer(bytes, generation.into());
    bytes.extend(b" R");
}

/// Writes an integer.
pub fn integer(bytes: &mut Vec<u8>, value: i64) {
    match i32::try_from(value) {
        Ok(value) => value.write(bytes),
        Err(_) => bytes.extend(value.to_string().bytes()),
    }
}
