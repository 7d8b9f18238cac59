//! Random identifiers: idempotency keys and request ids. No secrets are made here.

use uuid::{Builder, Uuid};

/// A random UUID.
pub(crate) fn uuid() -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    Builder::from_random_bytes(bytes).into_uuid()
}
