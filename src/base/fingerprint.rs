//! SHA-256 fingerprints of content and inputs, in hexadecimal.

use sha2::{Digest, Sha256};

/// Returns the fingerprint of bytes.
pub fn of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// A fingerprint of several parts. Other parts, or the same bytes split differently, have another fingerprint.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a part.
    pub fn add(&mut self, thing: impl AsRef<[u8]>) -> &mut Self {
        let bytes = thing.as_ref();
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Returns the fingerprint of all added parts.
    pub fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// Formats bytes in hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parted_otherwise_is_another_thing() {
        let print = |things: &[&str]| {
            let mut print = Fingerprint::default();
            things.iter().for_each(|thing| {
                print.add(thing);
            });
            print.finish()
        };
        assert_eq!(print(&["ab", "c"]), print(&["ab", "c"]));
        assert_ne!(print(&["ab", "c"]), print(&["a", "bc"]));
        // FIPS 180-4: the empty message.
        assert!(of(b"").starts_with("e3b0c44298fc1c149afbf4c8996fb924"));
    }
}
