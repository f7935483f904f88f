//! Parses email addresses as people enter and paste them.

use super::Problem;
use crate::email_address::is_email_address;

/// Returns the address in a text, and whether the text contains nothing else except surrounding punctuation or
/// `mailto:`.
///
/// # Errors
/// Returns an error if the text contains no address, or more than one.
pub(super) fn read(typed: &str) -> Result<(String, bool), Problem> {
    let bare = trimmed(typed);
    if is_email_address(bare) {
        return Ok((bare.to_owned(), true));
    }
    // "Ada <ada@b.example>", or the address twice, as in pasted links: "ada@b.example<mailto:ada@b.example>".
    let mut addresses: Vec<&str> = typed
        .split(|c: char| c.is_whitespace() || ",;<>()[]|".contains(c))
        .map(trimmed)
        .filter(|part| is_email_address(part))
        .collect();
    addresses.sort_by_key(|address| address.to_lowercase());
    addresses.dedup_by_key(|address| address.to_lowercase());
    match addresses.as_slice() {
        [only] => Ok(((*only).to_owned(), false)),
        [] => Err(Problem::NotAnEmail(likely(typed))),
        _ => Err(Problem::SeveralEmails),
    }
}

/// Removes the characters and the `mailto:` scheme that may surround an address.
fn trimmed(text: &str) -> &str {
    let text = text
        .trim()
        .trim_end_matches(['.', ',', ';', '>'])
        .trim_start_matches('<');
    let scheme = text
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    match scheme {
        Some(scheme) => text[scheme.len()..].trim(),
        None => text.trim(),
    }
}

/// Returns the probable address if the text obfuscates it, as in "a(at)b.example", or has a comma instead of a period.
fn likely(typed: &str) -> Option<String> {
    let mut address: String = typed.to_lowercase();
    for at in ["(at)", "[at]", "{at}", " at "] {
        address = address.replace(at, "@");
    }
    for dot in ["(dot)", "[dot]", " dot "] {
        address = address.replace(dot, ".");
    }
    let address: String = address
        .replace(',', ".")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    is_email_address(&address).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_as_programs_paste_them() {
        for typed in [
            "a@b.example<mailto:a@b.example>",
            "Ada Berg <a@b.example>",
            "mailto:a@b.example",
            "MAILTO:a@b.example;",
            "a@b.example, A@B.example",
        ] {
            let (address, _) = read(typed).unwrap();
            assert_eq!(address.to_lowercase(), "a@b.example", "{typed}");
        }
        assert_eq!(
            read("a@b.example; c@d.example"),
            Err(Problem::SeveralEmails)
        );
        for (typed, meant) in [
            ("a(at)b.example", Some("a@b.example")),
            ("a@b,example", Some("a@b.example")),
            ("b.example", None),
            ("a@-b.example", None),
        ] {
            let meant = meant.map(str::to_owned);
            assert_eq!(read(typed), Err(Problem::NotAnEmail(meant)), "{typed}");
        }
    }
}
