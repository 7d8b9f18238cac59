//! The author's key for one send: unique per author, it makes retrying safe.

use crate::error::{Refusal, RefusalCode, Result};

/// The longest key, in characters.
pub const MAX_LENGTH: usize = 128;

/// A valid key: 1 to 128 visible ASCII characters. A UUID is a good one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads a client's key.
    pub fn parse(key: &str) -> Result<Self> {
        if (1..=MAX_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(key.to_owned()));
        }
        let sentence = format!("An idempotency key has 1 to {MAX_LENGTH} visible ASCII characters.");
        Err(Refusal::of(RefusalCode::Invalid, "idempotencyKey", sentence).into())
    }

    /// The key as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
