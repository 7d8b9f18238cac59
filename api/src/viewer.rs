//! Who is asking: the bearer token of a request or a socket becomes a [`Viewer`], or nobody.

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

/// Who holds a token; nobody without one, or when the session has ended.
pub async fn authenticate(app: &App, token: Option<&Plain>) -> Result<Option<Viewer>> {
    match token {
        Some(token) => session::find(app, token).await,
        None => Ok(None),
    }
}

/// The token in the `Authorization` header of a request.
#[must_use]
pub fn presented(headers: &HeaderMap) -> Option<Plain> {
    bearer(headers.get(AUTHORIZATION)?.to_str().ok()?)
}

/// The token in `Bearer …`, whichever way it was sent.
#[must_use]
pub fn bearer(authorization: &str) -> Option<Plain> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Plain::read(token.trim())).flatten()
}
