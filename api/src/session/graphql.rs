//! Logging in and out in GraphQL, and the viewer.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use secrecy::SecretString;

use super::Opened;
use crate::conversation;
use crate::error::Error;
use crate::event;
use crate::graphql::{Asked as _, DateTime, Payload, UserError, settle};
use crate::page::Cursor as _;
use crate::user::graphql::UserObject;
use crate::viewer::Viewer;

/// The person who is asking: what only they may see.
#[derive(Debug)]
pub struct ViewerObject(Viewer);

/// The person who is asking: what only they may see.
#[Object(name = "Viewer")]
impl ViewerObject {
    /// The viewer as others see them.
    async fn user(&self, ctx: &Context<'_>) -> async_graphql::Result<UserObject> {
        let user = ctx.loader()?.load_one(self.0.user_id).await?;
        Ok(user.ok_or_else(|| Error::internal("a session without its person"))?.into())
    }

    /// Where the feed of the viewer's mailbox is now, for `events` and `changes`. It is read before anything else of the answer, so
    /// whatever the rest of it does not show yet comes after this cursor.
    async fn event_cursor(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(ctx.event_cursor()?.encode())
    }

    /// What is unread in all conversations.
    async fn unread(&self, ctx: &Context<'_>) -> async_graphql::Result<UnreadTotals> {
        Ok(conversation::unread(ctx.app()?, self.0.user_id).await?.into())
    }
}

/// How much is unread in all.
#[derive(Debug, SimpleObject)]
pub struct UnreadTotals {
    /// Messages of others after the viewer's markers.
    messages: i32,
    /// Conversations with at least one of them.
    conversations: i32,
}

impl From<conversation::Unread> for UnreadTotals {
    fn from(unread: conversation::Unread) -> Self {
        let shown = |count| i32::try_from(count).unwrap_or(i32::MAX);
        Self { messages: shown(unread.messages), conversations: shown(unread.conversations) }
    }
}

/// Who is asking.
#[derive(Debug, Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The person who is asking; null when nobody is logged in, never an error.
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ViewerObject>> {
        Ok(ctx.maybe_viewer()?.map(ViewerObject))
    }
}

/// Who wants to log in.
#[derive(InputObject)]
pub struct LoginInput {
    /// The username; case does not matter.
    username: String,
    /// The password.
    #[graphql(secret)]
    password: String,
    /// What to call this session in the list of sessions, at most 100 characters.
    device_name: Option<String>,
}

/// What a log-in gives.
#[derive(Debug, SimpleObject)]
pub struct LoginPayload {
    /// The person who is now logged in; null when refused.
    viewer: Option<ViewerObject>,
    /// The session's secret, for `Authorization: Bearer …`. It is shown this once.
    access_token: Option<String>,
    /// When the session ends if it is not used before.
    expires_at: Option<DateTime>,
    /// Why nobody was logged in.
    user_errors: Vec<UserError>,
}

impl Payload<Opened> for LoginPayload {
    fn done(opened: Opened) -> Self {
        Self {
            expires_at: Some(DateTime(opened.viewer.expires_at)),
            viewer: Some(ViewerObject(opened.viewer)),
            access_token: Some(opened.token.reveal()),
            user_errors: vec![],
        }
    }

    fn refused(user_errors: Vec<UserError>) -> Self {
        Self { viewer: None, access_token: None, expires_at: None, user_errors }
    }
}

/// Which sessions to end.
#[derive(Debug, InputObject)]
pub struct LogoutInput {
    /// Whether to end every session of the viewer, not just this one.
    #[graphql(default = false)]
    all_sessions: bool,
}

/// What a log-out did.
#[derive(Debug, SimpleObject)]
pub struct LogoutPayload {
    /// How many sessions ended.
    ended_sessions: i32,
    /// Why nothing was done.
    user_errors: Vec<UserError>,
}

impl Payload<u64> for LogoutPayload {
    fn done(ended: u64) -> Self {
        Self { ended_sessions: i32::try_from(ended).unwrap_or(i32::MAX), user_errors: vec![] }
    }

    fn refused(user_errors: Vec<UserError>) -> Self {
        Self { ended_sessions: 0, user_errors }
    }
}

/// Opening and ending sessions.
#[derive(Debug, Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Opens a session. An unknown username, a wrong password and a disabled account are answered alike.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who wants to log in.")] input: LoginInput,
    ) -> async_graphql::Result<LoginPayload> {
        let LoginInput { username, password, device_name } = input;
        let opened = super::log_in(ctx.app()?, &username, SecretString::from(password), device_name).await;
        if let Ok(opened) = &opened {
            let cursor = event::newest(ctx.app()?, opened.viewer.user_id).await?;
            ctx.become_viewer(opened.viewer.clone(), cursor)?;
        }
        settle(opened)
    }

    /// Ends this session, or all of the viewer's. Streams of ended sessions end within a second.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sessions to end.")] input: LogoutInput,
    ) -> async_graphql::Result<LogoutPayload> {
        settle(super::log_out(ctx.app()?, &ctx.viewer()?, input.all_sessions).await)
    }
}
