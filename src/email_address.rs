//! Validates email addresses: one grammar for clients' entries and for recipients.

use email_address::EmailAddress;

/// Maximum length of an address, in bytes (RFC 5321, 4.5.3.1.3).
const MAX_LENGTH: usize = 254;

/// Returns whether a text is a deliverable address: one mailbox at a domain of at least two labels (RFC 5321, RFC
/// 6531). Rejects quoted mailboxes and IP addresses, because no client has one.
///
/// ```
/// # use partnerbook::email_address::is_email_address;
/// assert!(is_email_address("dana@halvorsen.example"));
/// assert!(!is_email_address("dana@-halvorsen.example"));
/// ```
pub fn is_email_address(text: &str) -> bool {
    let Some((mailbox, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_label =
        |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    text.len() <= MAX_LENGTH
        && !mailbox.contains(['"', '@'])
        && EmailAddress::is_valid_local_part(mailbox)
        && EmailAddress::is_valid_domain(domain)
        && domain.contains('.')
        && !domain.starts_with('[')
        && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_delivered_to_is_an_address() {
        for good in [
            "dana@halvorsen.example",
            "Dana.Fox+plan@mail.halvorsen.example",
            "o'neil@b.example",
            "måns@exämple.example",
        ] {
            assert!(is_email_address(good), "{good}");
        }
        for bad in [
            "",
            "dana",
            "dana@localhost",
            "a@[127.0.0.1]",
            "a@b..example",
            "a@-b.example",
            "a@b-.example",
            "\"a b\"@c.example",
            "a@b@c.example",
            "a@b.example; c@d.example",
            "a@b.example\r\nBcc: c@d.example",
            "a b@c.example",
        ] {
            assert!(!is_email_address(bad), "{bad}");
        }
    }
}
