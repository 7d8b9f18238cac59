//! Who is asking: the bearer token of a request becomes a [`Viewer`], or nobody.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::app::App;
use crate::clock::Millis;
use crate::error::Result;
use crate::id::{SessionId, UserId};
use crate::session;
use crate::session::token::Plain;

/// Somebody who is logged in. Every read and every rule begins with whose mailbox it is about.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The person.
    pub user_id: UserId,
    /// The session they ask through.
    pub session_id: SessionId,
    /// When the session ends if it is not used before.
    pub expires_at: Millis,
    /// The last use that was written down.
    pub last_used_at: Millis,
}

/// The viewer of a request; none without an `Authorization: Bearer …` header, or when the session has ended.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Option<Viewer>> {
    match bearer(headers).and_then(Plain::read) {
        Some(token) => session::find(app, &token).await,
        None => Ok(None),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
