//! A session's secret, in two types: [`Plain`] is shown once, [`Hashed`] is what is stored and compared. Neither says itself in
//! a log.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};

use crate::error::Result;

/// Bytes of chance in a token: 256 bits.
const LENGTH: usize = 32;

/// The secret as the client holds it.
pub struct Plain(String);

/// SHA-256 of the secret's bytes. No salt: 256 bits of chance cannot be guessed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Hashed([u8; 32]);

impl Plain {
    /// A new secret from the operating system's source of chance.
    pub fn draw() -> Result<Self> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// Reads what a client presents; none when it cannot be a token.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == LENGTH).then(|| Self(text.to_owned()))
    }

    /// What to store or look for.
    #[must_use]
    pub fn hash(&self) -> Hashed {
        Hashed(Sha256::digest(&self.0).into())
    }

    /// Gives the secret away: to the answer of `login`, and nowhere else.
    #[must_use]
    pub fn reveal(self) -> String {
        self.0
    }
}

impl Hashed {
    /// The bytes that are stored.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Plain(…)")
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hashed(…)")
    }
}
