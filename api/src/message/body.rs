//! The text of a message. A [`Body`] that exists is valid.

use sha2::{Digest as _, Sha256};

use crate::error::{Refusal, RefusalCode, Result};
use crate::text;

/// The longest text, in characters (Unicode scalar values) after normalisation.
pub const MAX_LENGTH: usize = 8_000;

/// A valid text: in normal form, 1 to 8,000 characters, something visible, no control characters but line ends and tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// Reads what somebody typed. It changes by line ends, outer white space and Unicode NFC only.
    pub fn parse(typed: &str) -> Result<Self> {
        let body = text::normal(typed);
        let refuse = |code, sentence: String| Err(Refusal::of(code, "body", sentence).into());
        if !text::is_visible(&body) {
            return refuse(RefusalCode::Empty, "Write something first.".to_owned());
        }
        let length = body.chars().count();
        if length > MAX_LENGTH {
            let sentence = format!("A message has at most {MAX_LENGTH} characters; this one has {length}.");
            return refuse(RefusalCode::TooLong, sentence);
        }
        if let Some(char) = text::forbidden(&body) {
            let sentence = format!("A message cannot hold the character U+{:04X}.", u32::from(char));
            return refuse(RefusalCode::Invalid, sentence);
        }
        Ok(Self(body))
    }

    /// The text as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What tells a retry from another use of the same key.
    #[must_use]
    pub fn content_hash(&self) -> Vec<u8> {
        Sha256::digest(&self.0).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn refused(typed: &str) -> RefusalCode {
        let Err(Error::Refused(refusal)) = Body::parse(typed) else { panic!("{typed:?} was taken") };
        refusal.code
    }

    #[test]
    fn text_is_kept_but_for_its_edges() {
        assert_eq!(Body::parse("\r\n one\r\n two \n").unwrap().as_str(), "one\n two");
    }

    #[test]
    fn nothing_too_much_and_what_cannot_be_shown_are_refused() {
        assert_eq!(refused(" \n\u{200B} "), RefusalCode::Empty);
        assert_eq!(refused("a\0b"), RefusalCode::Invalid);
        assert_eq!(refused(&"å".repeat(MAX_LENGTH + 1)), RefusalCode::TooLong);
        assert!(Body::parse(&"å".repeat(MAX_LENGTH)).is_ok());
    }
}
