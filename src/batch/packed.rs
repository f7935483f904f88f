//! Values as compressed bytes, in the build cache and in temporary files.

use std::io::ErrorKind;

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Maximum size of a value, in bytes.
pub const MAX_SIZE: usize = 64 << 20;

/// Encodes a value as its length and its compressed bytes. Records repeat the same words, so that they compress well.
///
/// # Errors
/// Returns an error if the value cannot be encoded.
pub fn pack(deflate: &mut Compress, value: &impl Serialize) -> std::io::Result<Vec<u8>> {
    let bytes = postcard::to_stdvec(value).map_err(std::io::Error::other)?;
    let mut packed = Vec::with_capacity(bytes.len() + 1_024);
    packed.extend((bytes.len() as u32).to_le_bytes());
    deflate.reset();
    let status = deflate.compress_vec(&bytes, &mut packed, FlushCompress::Finish)?;
    if status == Status::StreamEnd {
        Ok(packed)
    } else {
        Err(std::io::Error::other("the value cannot be compressed"))
    }
}

/// Decodes what [`pack`] encoded.
///
/// # Errors
/// Returns an error if the bytes are damaged.
pub fn unpack<T: DeserializeOwned>(inflate: &mut Decompress, bytes: &[u8]) -> std::io::Result<T> {
    let damaged = || std::io::Error::from(ErrorKind::InvalidData);
    let (length, packed) = bytes.split_first_chunk().ok_or_else(damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > MAX_SIZE {
        return Err(damaged());
    }
    let mut whole = Vec::with_capacity(length);
    inflate.reset(false);
    inflate.decompress_vec(packed, &mut whole, FlushDecompress::Finish)?;
    if whole.len() != length {
        return Err(damaged());
    }
    postcard::from_bytes(&whole).map_err(std::io::Error::other)
}
