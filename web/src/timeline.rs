//! Messages as rows: which of them begin a day, a group, or what is new. Pure: the reader's zone and the hour come in.
//! A row carries all that is needed to be the first of its day or of its group, so that a script can tell these anew when
//! it gets other neighbours; `rows.js` knows the same rule.

use jiff::{SignedDuration, Timestamp};

use crate::{
    api::message::{Message, MessageConnection, State},
    shell::Face,
    zone::{Moment, Zone},
};

/// Messages of one author this close together share a header.
const GROUP_SPAN: SignedDuration = SignedDuration::from_mins(5);

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct MessageRow {
    pub(crate) id: String,
    pub(crate) position: i32,
    pub(crate) revision: i32,
    /// On the row of a message that was sent just now: the key of that send.
    pub(crate) key: Option<String>,
    pub(crate) is_own: bool,
    /// The author's id; empty when the account is gone.
    pub(crate) author: String,
    /// First of its group.
    pub(crate) is_first: bool,
    /// First of its day.
    pub(crate) begins_day: bool,
    /// The one that a link led to.
    pub(crate) is_wanted: bool,
    /// The day, as its first row says it.
    pub(crate) day: Moment,
    /// The day as a date, where the reader lives.
    pub(crate) date: String,
    /// On the first unread row: how many there are.
    pub(crate) new: Option<i32>,
    pub(crate) face: Face,
    pub(crate) at: Moment,
    /// None: there is no text any more.
    pub(crate) body: Option<String>,
}

impl MessageRow {
    /// The position as text that sorts as the number does.
    pub(crate) fn sortable_position(&self) -> String {
        format!("{:012}", self.position)
    }
}

/// What was unread when the page was opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unread {
    pub(crate) last_read: i32,
    pub(crate) count: i32,
}

impl Unread {
    /// The first unread message, if it is on this page: a page that lies wholly after it does not have it.
    fn first_of<'a>(&self, messages: &[&'a Message], has_previous_page: bool) -> Option<&'a Message> {
        let begins_before =
            messages.first().is_some_and(|first| first.position <= self.last_read) || !has_previous_page;
        let mut unread = messages.iter().filter(|message| message.position > self.last_read);
        unread.find(|message| !message.viewer_is_author).filter(|_| self.count > 0 && begins_before).copied()
    }
}

/// How to draw a page of messages.
pub(crate) struct Timeline<'a> {
    pub(crate) zone: &'a Zone,
    pub(crate) now: Timestamp,
    pub(crate) unread: Option<Unread>,
    pub(crate) wanted: Option<i32>,
}

impl Timeline<'_> {
    /// The rows of a page, oldest first. The first one always has its day and its author: nothing stands above it.
    pub(crate) fn rows(&self, page: &MessageConnection) -> Vec<MessageRow> {
        let messages: Vec<&Message> = page.edges.iter().map(|edge| &edge.node).collect();
        let first_new = self.unread.and_then(|unread| unread.first_of(&messages, page.page_info.has_previous_page));
        let mut previous = None;
        let mut rows = Vec::with_capacity(messages.len());
        for message in messages {
            let is_new = first_new.is_some_and(|first| first.position == message.position);
            rows.push(self.row(message, previous, is_new));
            previous = Some(message);
        }
        rows
    }

    /// One message by itself, as if nothing stood above it.
    pub(crate) fn alone(&self, message: &Message) -> MessageRow {
        self.row(message, None, false)
    }

    fn row(&self, message: &Message, previous: Option<&Message>, is_new: bool) -> MessageRow {
        let date = self.day_of(message);
        let same_day = previous.is_some_and(|before| self.day_of(before) == date);
        let grouped = previous.is_some_and(|before| same_day && !is_new && belong_together(before, message));
        let face = message.author.as_ref().map_or_else(|| Face::of("", "Somebody", ""), Face::from);
        MessageRow {
            id: message.id.inner().to_owned(),
            position: message.position,
            revision: message.revision,
            key: None,
            is_own: message.viewer_is_author,
            author: message.author.as_ref().map_or_else(String::new, |user| user.id.inner().to_owned()),
            is_first: !grouped,
            begins_day: !same_day,
            is_wanted: self.wanted == Some(message.position),
            day: self.zone.day(message.created_at, self.now),
            date: date.to_string(),
            new: self.unread.filter(|_| is_new).map(|unread| unread.count),
            face,
            at: self.zone.clock(message.created_at),
            body: message.body.clone().filter(|_| message.state == State::Present),
        }
    }

    fn day_of(&self, message: &Message) -> jiff::civil::Date {
        self.zone.date(message.created_at)
    }
}

fn belong_together(before: &Message, message: &Message) -> bool {
    let author = |message: &Message| message.author.as_ref().map(|user| user.id.clone());
    author(before) == author(message)
        && message.created_at.duration_since(before.created_at) < GROUP_SPAN
        && before.state == State::Present
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::api::{conversation::PageInfo, message::MessageEdge, user::User};

    fn message(position: i32, author: &str, at: &str) -> Message {
        let id = cynic::Id::new(author);
        Message {
            id: cynic::Id::new(format!("msg_{position}")),
            position,
            author: Some(User { id, username: author.to_owned(), display_name: author.to_owned() }),
            body: Some("text".to_owned()),
            state: State::Present,
            created_at: at.parse().expect("a time"),
            revision: 0,
            viewer_is_author: author == "me",
        }
    }

    fn rows(messages: Vec<Message>, unread: Option<Unread>) -> Vec<MessageRow> {
        let page_info = PageInfo { has_next_page: false, has_previous_page: false, end_cursor: None };
        let edges = messages.into_iter().map(|node| MessageEdge { cursor: String::new(), node }).collect();
        let mut headers = HeaderMap::new();
        headers.insert(http::header::COOKIE, "tz=Europe/Berlin".parse().expect("a header"));
        let now = "2026-11-22T12:00:00Z".parse().expect("a time");
        let timeline = Timeline { zone: &Zone::of(&headers), now, unread, wanted: Some(2) };
        timeline.rows(&MessageConnection { edges, page_info })
    }

    #[test]
    fn one_author_within_five_minutes_is_one_group() {
        let rows = rows(
            vec![
                message(1, "grace", "2026-11-20T10:00:00Z"),
                message(2, "grace", "2026-11-20T10:04:59Z"),
                message(3, "grace", "2026-11-20T10:10:00Z"),
                message(4, "me", "2026-11-20T10:10:01Z"),
                message(5, "grace", "2026-11-20T10:10:02Z"),
            ],
            None,
        );
        assert_eq!(rows.iter().map(|row| row.is_first).collect::<Vec<_>>(), [true, false, true, true, true]);
        assert_eq!(rows.iter().filter(|row| row.is_wanted).map(|row| row.position).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn a_day_begins_where_the_reader_lives() {
        let rows = rows(
            vec![
                message(1, "grace", "2026-11-20T22:59:00Z"),
                message(2, "grace", "2026-11-20T23:01:00Z"),
                message(3, "grace", "2026-11-20T23:02:00Z"),
            ],
            None,
        );
        let days: Vec<_> = rows.iter().map(|row| (row.day.text.as_str(), row.begins_day)).collect();
        assert_eq!(days, [("Friday 20 November", true), ("Yesterday", true), ("Yesterday", false)]);
        assert_eq!(rows[1].date, "2026-11-21");
        assert!(rows[1].is_first, "midnight ends a group");
    }

    #[test]
    fn new_begins_at_the_first_unread_message_of_somebody_else() {
        let rows = rows(
            vec![
                message(1, "grace", "2026-11-20T10:00:00Z"),
                message(2, "me", "2026-11-20T10:00:30Z"),
                message(3, "grace", "2026-11-20T10:01:00Z"),
                message(4, "grace", "2026-11-20T10:01:10Z"),
            ],
            Some(Unread { last_read: 1, count: 2 }),
        );
        assert_eq!(rows.iter().map(|row| row.new).collect::<Vec<_>>(), [None, None, Some(2), None]);
    }

    #[test]
    fn new_is_not_drawn_where_it_does_not_begin() {
        let first_of = |last_read, has_previous_page| {
            let page = [message(5, "grace", "2026-11-20T10:00:00Z"), message(6, "grace", "2026-11-20T10:00:30Z")];
            let page: Vec<_> = page.iter().collect();
            Unread { last_read, count: 2 }.first_of(&page, has_previous_page).map(|message| message.position)
        };
        assert_eq!(first_of(3, true), None);
        assert_eq!(first_of(3, false), Some(5));
        assert_eq!(first_of(5, true), Some(6));
    }

    #[test]
    fn new_ends_a_group() {
        let rows = rows(
            vec![message(1, "grace", "2026-11-20T10:00:00Z"), message(2, "grace", "2026-11-20T10:00:30Z")],
            Some(Unread { last_read: 1, count: 1 }),
        );
        assert!(rows[1].is_first);
        assert_eq!(rows[1].sortable_position(), "000000000002");
    }
}
