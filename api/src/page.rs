//! Keyset pages: what a list is asked for, and the slice of it that comes back. Lists order by numbers that the database gave
//! out (or by name), never by a clock, so a page never skips or repeats a row.

use data_encoding::BASE64URL_NOPAD;
use sea_orm::Order;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The most rows a page may have.
pub const MAX_SIZE: i32 = 100;

/// The place of a row in the order of one list.
pub trait Cursor: Serialize + DeserializeOwned {
    /// The list it belongs to: a cursor of another list is refused.
    const LIST: &'static str;

    /// The opaque text that clients hold.
    fn encode(&self) -> String {
        // Serialising a tuple of numbers and texts into memory cannot fail; were it to, the cursor would be refused.
        let json = serde_json::to_vec(&(Self::LIST, self)).unwrap_or_default();
        BASE64URL_NOPAD.encode(&json)
    }

    /// Reads back what [`encode`](Self::encode) wrote; `argument` names the input in the error.
    fn decode(text: &str, argument: &'static str) -> Result<Self> {
        let refused = || Error::CursorInvalid(argument);
        let json = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| refused())?;
        // No text of ours holds a NUL, and PostgreSQL would not even look for one.
        if json.windows(6).any(|escape| escape == b"\\u0000") {
            return Err(refused());
        }
        let (list, cursor): (String, Self) = serde_json::from_slice(&json).map_err(|_| refused())?;
        if list == Self::LIST { Ok(cursor) } else { Err(refused()) }
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone)]
pub struct Page<C> {
    /// How many rows, 1 to 100.
    size: u64,
    /// From the beginning of the part (`first`) or from its end (`last`).
    from_start: bool,
    /// Only what comes after this place.
    pub after: Option<C>,
    /// Only what comes before this place.
    pub before: Option<C>,
}

/// The rows of a page in the order of the list, and whether there are more on either side.
#[derive(Debug, Clone)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether the list goes on before them.
    pub has_previous: bool,
    /// Whether the list goes on after them.
    pub has_next: bool,
}

impl<C> Page<C> {
    /// The first `size` rows of the list.
    #[must_use]
    pub fn first(size: u64) -> Self {
        Self { size, from_start: true, after: None, before: None }
    }

    /// The last `size` rows of the list.
    #[must_use]
    pub fn last(size: u64) -> Self {
        Self { size, from_start: false, after: None, before: None }
    }

    /// The same page, of what comes after a place.
    #[must_use]
    pub fn after(mut self, place: Option<C>) -> Self {
        self.after = place;
        self
    }

    /// The same page, of what comes before a place.
    #[must_use]
    pub fn before(mut self, place: Option<C>) -> Self {
        self.before = place;
        self
    }

    /// How many rows to read: one more than wanted tells whether there are more.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.size + 1
    }

    /// The order to read in, for a list whose order is `natural`.
    #[must_use]
    pub fn order(&self, natural: Order) -> Order {
        match (self.from_start, natural) {
            (true, natural) => natural,
            (false, Order::Asc) => Order::Desc,
            (false, _) => Order::Asc,
        }
    }

    /// Makes the slice from rows that were read with [`limit`](Self::limit) and [`order`](Self::order).
    #[must_use]
    pub fn slice<T>(&self, mut rows: Vec<T>) -> Slice<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        if self.from_start {
            return Slice { rows, has_previous: self.after.is_some(), has_next: more || self.before.is_some() };
        }
        rows.reverse();
        Slice { rows, has_previous: more || self.after.is_some(), has_next: self.before.is_some() }
    }
}

impl<C: PartialEq> Page<C> {
    /// The slice of a list that is in memory as a whole, in its order. A cursor that is no longer in the list cuts nothing off.
    pub fn within<T>(&self, mut rows: Vec<T>, place: impl Fn(&T) -> C) -> Slice<T> {
        let find = |rows: &[T], cursor: &Option<C>| {
            cursor.as_ref().and_then(|cursor| rows.iter().position(|row| place(row) == *cursor))
        };
        if let Some(at) = find(&rows, &self.before) {
            rows.truncate(at);
        }
        if let Some(at) = find(&rows, &self.after) {
            rows.drain(..=at);
        }
        if !self.from_start {
            rows.reverse();
        }
        self.slice(rows)
    }
}

impl<T> Slice<T> {
    /// The same slice of something else.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Slice<U> {
        let Self { rows, has_previous, has_next } = self;
        Slice { rows: rows.into_iter().map(convert).collect(), has_previous, has_next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct Here(i64);
    impl Cursor for Here {
        const LIST: &'static str = "here";
    }
    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct There(i64);
    impl Cursor for There {
        const LIST: &'static str = "there";
    }

    #[test]
    fn a_cursor_is_only_good_for_its_own_list() {
        let cursor = Here(7).encode();
        assert_eq!(Here::decode(&cursor, "after").unwrap(), Here(7));
        assert!(There::decode(&cursor, "after").is_err());
        for bad in ["", "7", "====", &cursor[1..]] {
            assert!(Here::decode(bad, "after").is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_from_the_end_is_turned_round() {
        let page = Page::<Here>::last(2);
        assert_eq!(page.order(Order::Asc), Order::Desc);
        let slice = page.slice(vec![9, 8, 7]);
        assert_eq!((slice.rows, slice.has_previous, slice.has_next), (vec![8, 9], true, false));
    }
}
