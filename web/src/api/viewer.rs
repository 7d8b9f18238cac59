//! What stands around every page: who looks at it, the instance, and their list of conversations.

use super::{conversation::ConversationConnection, schema, user::User};

/// The frame of a page, fetched together with the page in one request.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query")]
pub(crate) struct Frame {
    pub(crate) viewer: Option<Viewer>,
    pub(crate) instance: Instance,
    #[arguments(first: 25)]
    pub(crate) conversations: ConversationConnection,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct Viewer {
    pub(crate) user: User,
    pub(crate) unread: UnreadTotals,
    /// Read before everything beside it: what is told after it may be on the page already, and nothing is missing.
    pub(crate) event_cursor: String,
}

#[derive(cynic::QueryFragment, Debug, Clone, Copy)]
pub(crate) struct UnreadTotals {
    pub(crate) messages: i32,
}

#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) max_body_length: i32,
    pub(crate) is_demo: bool,
}

impl Instance {
    /// What stands in for the instance while the API cannot say.
    pub(crate) fn unknown() -> Self {
        Self { name: "jbl-chat".to_owned(), max_body_length: 8_000, is_demo: false }
    }
}

/// A page that is nothing but its frame.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query")]
pub(crate) struct FramedPage {
    #[cynic(spread)]
    pub(crate) frame: Frame,
}

/// The instance, and who is there, if anybody.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query")]
pub(crate) struct About {
    pub(crate) instance: Instance,
    pub(crate) viewer: Option<Someone>,
}

/// Who is there.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Viewer")]
pub(crate) struct Someone {
    pub(crate) user: User,
}
