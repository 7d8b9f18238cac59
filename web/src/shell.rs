//! What stands around every signed-in page: navigation, the list of conversations, the account menu.

use crate::{
    api::{
        conversation::{Conversation, ConversationConnection, Kind},
        message::State,
        user::User,
        viewer::{Frame, Instance},
    },
    clock,
    error::Problem,
    next::address,
    session,
    visit::Viewer,
    zone::Moment,
};

/// How much of a message the list shows.
const EXCERPT_LENGTH: usize = 120;

/// Which page this is: styles choose the phone layout by it, and navigation marks where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Chats,
    Conversation,
    People,
    Settings,
}

impl Page {
    /// For `data-page`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chats => "chats",
            Self::Conversation => "conversation",
            Self::People => "people",
            Self::Settings => "settings",
        }
    }

    /// The id of the navigation link that leads here.
    pub(crate) fn link(self) -> &'static str {
        match self {
            Self::Chats | Self::Conversation => "nav-chats",
            Self::People => "nav-people",
            Self::Settings => "nav-me",
        }
    }
}

/// A person as they are shown: with their initials in a colour that stays theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) name: String,
    pub(crate) username: String,
    pub(crate) initials: String,
    pub(crate) hue: u32,
}

impl Face {
    /// A face for a name; the colour comes from the id.
    pub(crate) fn of(id: &str, name: &str, username: &str) -> Self {
        // FNV-1a: small, and the same on every machine and in every version.
        let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self { name: name.to_owned(), username: username.to_owned(), initials: initials(name), hue: hash % 12 }
    }
}

impl From<&User> for Face {
    fn from(user: &User) -> Self {
        Self::of(user.id.inner(), &user.display_name, &user.username)
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// A row of the list.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) face: Face,
    pub(crate) at: Option<Moment>,
    pub(crate) excerpt: String,
    /// The beginning of what its person has begun to write there.
    pub(crate) draft: Option<String>,
    pub(crate) unread: i32,
    /// The position of its newest message; 0 when there is none.
    pub(crate) newest: i32,
    /// Sorts rows as text: the greatest comes first.
    pub(crate) order: String,
    pub(crate) is_current: bool,
}

impl Row {
    /// The row of a conversation, as this person sees it.
    pub(crate) fn of(conversation: &Conversation, viewer: &Viewer) -> Self {
        let now = clock::now();
        Self {
            id: conversation.id.inner().to_owned(),
            face: face_of(conversation, &viewer.id),
            at: conversation.last_activity_at.map(|at| viewer.visit.zone.short(at, now)),
            excerpt: excerpt(conversation),
            draft: conversation.viewer_draft.as_ref().map(|draft| line("", &draft.body)),
            unread: conversation.viewer_unread_count,
            newest: conversation.last_message.as_ref().map_or(0, |last| last.position),
            order: conversation.viewer_order.clone(),
            is_current: false,
        }
    }
}

/// A direct conversation looks like the other person; a group like its title.
pub(crate) fn face_of(conversation: &Conversation, me: &str) -> Face {
    let mut others = conversation.participants.nodes.iter().map(|participant| &participant.user);
    let other = others.find(|user| user.id.inner() != me);
    match (conversation.kind, other) {
        (Kind::Direct, Some(user)) => user.into(),
        _ => Face::of(conversation.id.inner(), conversation.title.as_deref().unwrap_or("Conversation"), ""),
    }
}

fn excerpt(conversation: &Conversation) -> String {
    let Some(last) = &conversation.last_message else {
        return String::new();
    };
    if last.state == State::Withdrawn {
        return "Message withdrawn".to_owned();
    }
    let prefix = if last.viewer_is_author { "You: " } else { "" };
    line(prefix, last.body.as_deref().unwrap_or_default())
}

/// The beginning of a text, on one line.
pub(crate) fn line(prefix: &str, text: &str) -> String {
    let line = text.split_whitespace().fold(prefix.to_owned(), |line, word| line + word + " ");
    line.trim_end().chars().take(EXCERPT_LENGTH).collect()
}

/// A part of the list, and the address where it goes on.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    pub(crate) more: Option<String>,
}

impl Rows {
    /// The rows of a part of the list.
    pub(crate) fn of(list: &ConversationConnection, viewer: &Viewer) -> Self {
        let rows = list.nodes.iter().map(|conversation| Row::of(conversation, viewer)).collect();
        let more = list.page_info.end_cursor.as_deref().filter(|_| list.page_info.has_next_page);
        Self { rows, more: more.map(|after| address("/c", &[("after", after)])) }
    }
}

/// The frame of a page.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) page: Page,
    pub(crate) instance: Instance,
    pub(crate) me: Face,
    pub(crate) unread: i32,
    /// Where the feed goes on after what is drawn here.
    pub(crate) cursor: String,
    /// What the tabs of this log-in call each other by.
    pub(crate) session: String,
    pub(crate) list: Rows,
    /// The conversation that is open.
    pub(crate) open: Option<String>,
}

impl Shell {
    /// The frame around a page. A session that the API does not know any more has none.
    pub(crate) fn of(frame: Frame, page: Page, viewer: &Viewer) -> Result<Self, Problem> {
        let Frame { viewer: person, instance, conversations } = frame;
        let person = person.ok_or(Problem::SignedOut)?;
        Ok(Self {
            page,
            instance,
            me: (&person.user).into(),
            unread: person.unread.messages,
            cursor: person.event_cursor,
            session: session::public_name(&viewer.session).ok_or(Problem::SignedOut)?,
            list: Rows::of(&conversations, viewer),
            open: None,
        })
    }

    /// Marks the row of the conversation that is open.
    pub(crate) fn open(&mut self, conversation_id: &str) {
        for row in &mut self.list.rows {
            row.is_current = row.id == conversation_id;
        }
        self.open = Some(conversation_id.to_owned());
    }

    /// A page's title: what is unread, what it is, and where.
    pub(crate) fn title(&self, page: &str) -> String {
        title(self.unread, page, &self.instance.name)
    }

    /// The ids of what is current, for the script that marks them after navigation within the page.
    pub(crate) fn current(&self) -> String {
        let link = self.page.link();
        self.open.as_ref().map_or_else(|| link.to_owned(), |id| format!("{link} row-{id}"))
    }
}

/// See [`Shell::title`].
pub(crate) fn title(unread: i32, page: &str, instance: &str) -> String {
    if unread > 0 { format!("({unread}) {page} · {instance}") } else { format!("{page} · {instance}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        let all = ["Ada Lovelace", "grace", "Ada King Countess Lovelace", "山田 明", "(the) O'Hara", "🚀", ""];
        assert_eq!(all.map(initials), ["AL", "G", "AL", "山明", "TO", "", ""]);
    }

    #[test]
    fn a_face_keeps_its_colour_whatever_the_name() {
        assert_eq!(Face::of("usr_1", "Ada", "ada").hue, Face::of("usr_1", "Ada Lovelace", "ada").hue);
        assert!((0..100).all(|number| Face::of(&format!("usr_{number}"), "", "").hue < 12));
    }

    #[test]
    fn the_title_counts_what_is_unread() {
        assert_eq!(title(0, "Grace", "jbl-chat"), "Grace · jbl-chat");
        assert_eq!(title(3, "Grace", "jbl-chat"), "(3) Grace · jbl-chat");
    }
}
