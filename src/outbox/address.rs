//! Email addresses, checked before anything is sent.

use lettre::Address;

use crate::email_address::is_email_address;
use crate::text::clean_text;

/// What is wrong with an email address, worded for the consultant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The field is empty.
    #[error("no email address")]
    None,
    /// The field contains more than one address.
    #[error("\"{0}\" contains more than one address. Keep one")]
    Several(String),
    /// The text is not an email address.
    #[error("\"{0}\" is not an email address")]
    Invalid(String),
}

/// Parses one deliverable address: a single mailbox at a domain that contains a dot (RFC 5321). Rejects hosts such as
/// "localhost", because no client has a mailbox there.
///
/// # Errors
/// Returns an error if the text contains no valid address, or more than one.
pub fn parse(text: &str) -> Result<Address, AddressError> {
    let text = clean_text(text);
    let text = text.strip_prefix("mailto:").unwrap_or(&text).trim();
    if text.is_empty() {
        return Err(AddressError::None);
    }
    let shown = crate::text::shorten(text, 80);
    if text.contains([',', ';', '\n']) || text.matches('@').count() > 1 {
        return Err(AddressError::Several(shown));
    }
    match text.parse() {
        Ok(address) if is_email_address(text) => Ok(address),
        _ => Err(AddressError::Invalid(shown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_delivered_to_is_an_address() {
        for good in [
            "dana@halvorsen.example",
            " Dana.Fox+plan@mail.halvorsen.example ",
            "mailto:a@b.example",
            "måns@exämple.example",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", AddressError::None),
            ("  ", AddressError::None),
            (
                "a@b.example; c@d.example",
                AddressError::Several("a@b.example; c@d.example".into()),
            ),
            ("dana", AddressError::Invalid("dana".into())),
            (
                "dana@localhost",
                AddressError::Invalid("dana@localhost".into()),
            ),
            (
                "a@[127.0.0.1]",
                AddressError::Invalid("a@[127.0.0.1]".into()),
            ),
            ("a@b..example", AddressError::Invalid("a@b..example".into())),
            ("a@-b.example", AddressError::Invalid("a@-b.example".into())),
        ] {
            assert_eq!(parse(bad), Err(why), "{bad}");
        }
        assert!(parse("a@b.example\r\nBcc: c@d.example").is_err());
        assert!(parse("a@b.example>\r\nRCPT TO:<c").is_err());
    }
}
