//! Locks a session's record with the session's own id, which only the browser's cookie holds. Whoever copies the
//! database finds neither an id to present nor a key to open a record with.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use tower_sessions::session::Id;

const NONCE_LENGTH: usize = 24;

/// The key of the row in which the session is kept. The id cannot be told from it.
pub(super) fn row_key(id: &Id) -> Vec<u8> {
    Sha256::new().chain_update(b"row").chain_update(id.0.to_le_bytes()).finalize().to_vec()
}

/// A name for the session that everybody may know. Neither the id nor the row can be told from it.
pub(super) fn public_name(id: &Id) -> String {
    let digest = Sha256::new().chain_update(b"name").chain_update(id.0.to_le_bytes()).finalize();
    digest.iter().take(16).fold(String::new(), |name, byte| name + &format!("{byte:02x}"))
}

/// Seals a record so that it opens for this id, and in this id's row, only.
pub(super) fn seal(id: &Id, record: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_LENGTH];
    getrandom::fill(&mut nonce).ok()?;
    let row = row_key(id);
    let sealed = cipher(id)?.encrypt(&XNonce::from(nonce), Payload { msg: record, aad: &row }).ok()?;
    Some([nonce.as_slice(), &sealed].concat())
}

/// Opens what `seal` made for this id; anything else is `None`.
pub(super) fn open(id: &Id, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
    let row = row_key(id);
    cipher(id)?.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &row }).ok()
}

fn cipher(id: &Id) -> Option<XChaCha20Poly1305> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, &id.0.to_le_bytes()).expand(b"seal", &mut key).ok()?;
    Some(XChaCha20Poly1305::new(&key.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_for_its_own_id_only() {
        let (mine, other) = (Id(1), Id(2));
        let sealed = seal(&mine, b"a token").expect("sealed");
        assert_eq!(open(&mine, &sealed).as_deref(), Some(b"a token".as_slice()));
        assert_eq!(open(&other, &sealed), None);
    }

    #[test]
    fn a_name_is_a_sessions_own_and_not_its_rows() {
        assert_eq!(public_name(&Id(7)).len(), 32);
        assert_ne!(public_name(&Id(7)), public_name(&Id(8)));
        assert!(
            !row_key(&Id(7))
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
                .starts_with(&public_name(&Id(7)))
        );
    }

    #[test]
    fn a_record_that_was_touched_does_not_open() {
        let mut sealed = seal(&Id(7), b"a token").expect("sealed");
        if let Some(last) = sealed.last_mut() {
            *last ^= 1;
        }
        assert_eq!(open(&Id(7), &sealed), None);
        assert_eq!(open(&Id(7), b"short"), None);
    }

    #[test]
    fn the_same_record_is_never_sealed_to_the_same_bytes() {
        assert_ne!(seal(&Id(7), b"a token"), seal(&Id(7), b"a token"));
    }
}
