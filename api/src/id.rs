//! Ids: a newtype for each kind of row, and the public form that clients see.
//!
//! The public form is opaque to clients and names its kind (`usr_…`), so that an id of the wrong kind is refused without
//! asking the database. A message has no key of its own: its public id names conversation and position, and is always
//! resolved for the viewer, so nobody else's copy can be named.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::ChaCha12Rng;
use rand::{Rng as _, SeedableRng as _};
use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::clock::Clock;

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
        pub struct $name(pub Uuid);

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                let hex = text.strip_prefix(concat!($prefix, "_")).ok_or(Malformed)?;
                parse_hex(hex).map(Self)
            }
        }
    };
}

row_id!(
    /// A person.
    UserId, "usr"
);
row_id!(
    /// A log-in.
    SessionId, "ses"
);
row_id!(
    /// A conversation, direct or group.
    ConversationId, "cnv"
);
row_id!(
    /// What the copies of one send share. Never shown to clients.
    RootId, "rot"
);

/// Where the viewer's copy of a message is: the conversation, and the position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId {
    /// The conversation it was sent to.
    pub conversation: ConversationId,
    /// Its number there, the same for every participant.
    pub position: i64,
}

impl fmt::Display for MessageId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "msg_{}_{}", self.conversation.0.simple(), self.position)
    }
}

impl FromStr for MessageId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (hex, digits) = text.strip_prefix("msg_").and_then(|rest| rest.split_once('_')).ok_or(Malformed)?;
        let position: i64 = digits.parse().map_err(|_| Malformed)?;
        let id = Self { conversation: ConversationId(parse_hex(hex)?), position };
        // One spelling an id: `+7` and `007` name nothing.
        if position > 0 && id.to_string() == text { Ok(id) } else { Err(Malformed) }
    }
}

/// A text that is not the public form of an id of the wanted kind. To a client this is the same as an id that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// 32 lower-case hexadecimal digits and no other spelling: an id that is shown twice looks the same twice.
fn parse_hex(hex: &str) -> Result<Uuid, Malformed> {
    let plain = hex.len() == 32 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if plain { Uuid::try_parse(hex).map_err(|_| Malformed) } else { Err(Malformed) }
}

impl ConversationId {
    /// The id of the direct conversation of two people: known before it is stored, the same from both sides, and unique by
    /// being the key. A UUIDv8 (RFC 9562 §5.8) over a hash of both ids in order.
    #[must_use]
    pub fn direct(one: UserId, other: UserId) -> Self {
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        let hash = Sha256::new().chain_update(b"direct").chain_update(first.0).chain_update(second.0).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self(Uuid::new_v8(bytes))
    }
}

/// Makes new ids: UUIDv7 of the clock's time. Clones share one source.
#[derive(Debug, Clone)]
pub struct Ids {
    clock: Clock,
    chance: Arc<Mutex<ChaCha12Rng>>,
}

impl Ids {
    /// Ids that nobody can guess.
    pub fn random(clock: Clock) -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self { clock, chance: Arc::new(Mutex::new(ChaCha12Rng::from_seed(seed))) })
    }

    /// The same ids for the same seed and times: for made-up data only.
    #[must_use]
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, chance: Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))) }
    }

    /// The next id, of whatever kind is wanted.
    #[must_use]
    pub fn next<Id: From<Uuid>>(&self) -> Id {
        let mut random = [0; 10];
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut random);
        let now = u64::try_from(self.clock.now()).unwrap_or(0);
        Id::from(Builder::from_unix_timestamp_millis(now, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let ids = Ids::seeded(Clock::stopped_at(1), 1);
        let user: UserId = ids.next();
        assert_eq!(user.to_string().parse(), Ok(user));
        let message = MessageId { conversation: ids.next(), position: 7 };
        assert_eq!(message.to_string().parse(), Ok(message));
    }

    #[test]
    fn other_kinds_and_other_spellings_name_nothing() {
        let ids = Ids::seeded(Clock::stopped_at(1), 1);
        let user: UserId = ids.next();
        let shown = user.to_string();
        assert_eq!(shown.parse::<ConversationId>(), Err(Malformed));
        assert_eq!(shown.to_uppercase().parse::<UserId>(), Err(Malformed));
        let message = MessageId { conversation: ids.next(), position: 7 }.to_string();
        for odd in [message.replace("_7", "_07"), message.replace("_7", "_+7"), message.replace("_7", "_-7")] {
            assert_eq!(odd.parse::<MessageId>(), Err(Malformed), "{odd}");
        }
    }

    #[test]
    fn a_pair_has_one_direct_conversation_from_both_sides() {
        let ids = Ids::seeded(Clock::stopped_at(1), 1);
        let [ada, grace, alan]: [UserId; 3] = [ids.next(), ids.next(), ids.next()];
        assert_eq!(ConversationId::direct(ada, grace), ConversationId::direct(grace, ada));
        assert_ne!(ConversationId::direct(ada, grace), ConversationId::direct(ada, alan));
    }
}
