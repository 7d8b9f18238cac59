//! Passwords: what is good enough, and hashing off the async threads in a bounded queue.

use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use crate::error::{Error, Refusal, RefusalCode, Result};
use crate::text;

/// The longest password, in characters: long enough for any phrase, short enough that hashing it costs nothing extra.
pub const MAX_LENGTH: usize = 256;
/// Fewer different characters than this is a pattern, not a password.
const MIN_DISTINCT: usize = 5;
/// How many may wait for their hash to be computed before further ones are told to come back.
const MAX_WAITING: usize = 512;

/// What people type first when fifteen characters are asked for.
const COMMON: [&str; 14] = [
    "passwordpassword",
    "password12345678",
    "password1234567",
    "123456789012345",
    "1234567890123456",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "qwertyuiop123456",
    "1q2w3e4r5t6y7u8i",
    "iloveyouiloveyou",
    "correcthorsebatterystaple",
    "correct horse battery staple",
    "abcdefghijklmnop",
    "letmeinletmeinletmein",
];

/// Checks a new password: `min_length` to 256 characters of any kind, and not one that everybody tries.
pub fn check(password: &SecretString, min_length: usize) -> Result<()> {
    let plain = password.expose_secret();
    let refuse = |code, sentence: String| Err(Refusal::of(code, "password", sentence).into());
    let length = plain.chars().count();
    if length < min_length {
        return refuse(RefusalCode::Invalid, format!("A password has at least {min_length} characters."));
    }
    if length > MAX_LENGTH {
        return refuse(RefusalCode::TooLong, format!("A password has at most {MAX_LENGTH} characters."));
    }
    let distinct: std::collections::HashSet<char> = plain.chars().collect();
    let common = COMMON.contains(&plain.to_lowercase().as_str());
    if common || distinct.len() < MIN_DISTINCT || !text::is_visible(plain) {
        return refuse(RefusalCode::Invalid, "This password is too easy to guess.".to_owned());
    }
    Ok(())
}

/// Hashes and verifies passwords with Argon2id (19 MiB, two passes: the OWASP minimum), on threads of their own, no more at a
/// time than there are cores, with a bounded queue: log-ins cannot starve everything else or fill the memory.
#[derive(Debug, Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// A hash of nothing in particular: what unknown names are verified against, so that they take as long as known ones.
    decoy: Arc<str>,
}

impl Passwords {
    /// Prepares the queue and the decoy.
    pub fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let decoy = hash_now("an account that does not exist")?.into();
        Ok(Self { running: Arc::new(Semaphore::new(cores)), waiting: Arc::new(Semaphore::new(MAX_WAITING)), decoy })
    }

    /// The text to store for a password, in PHC form.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.run(move || hash_now(password.expose_secret())).await?
    }

    /// Whether a password is the one that was stored. Without a stored hash it takes as long and answers no.
    pub async fn verify(&self, password: SecretString, stored: Option<&str>) -> Result<bool> {
        let known = stored.is_some();
        let hash = stored.unwrap_or(&self.decoy).to_owned();
        let matches = self.run(move || verify_now(password.expose_secret(), &hash)).await??;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _place = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(Error::internal)?;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

/// Equal passwords have equal bytes, whichever keyboard composed their letters.
fn bytes_of(password: &str) -> Vec<u8> {
    password.nfc().collect::<String>().into_bytes()
}

fn hash_now(password: &str) -> Result<String> {
    let hash =
        Argon2::default().hash_password(&bytes_of(password)).map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, stored: &str) -> Result<bool> {
    let hash = PasswordHash::new(stored).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::default().verify_password(&bytes_of(password), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash("the cat sat on the mat".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(passwords.verify("the cat sat on the mat".into(), Some(&stored)).await.unwrap());
        assert!(!passwords.verify("the cat sat on the rat".into(), Some(&stored)).await.unwrap());
        assert!(!passwords.verify("an account that does not exist".into(), None).await.unwrap());
    }

    #[test]
    fn short_long_and_common_passwords_are_refused() {
        let check = |plain: &str| check(&plain.into(), 15).is_ok();
        assert!(check("winter light on the quay"));
        for bad in ["fourteen chars", "PasswordPassword", "aaaaaaaaaaaaaaaaaa", &"long ".repeat(60)] {
            assert!(!check(bad), "{bad}");
        }
    }
}
