//! What every handler may know about a browser's request: what is asked for, by whom, and in which time zone.

use std::{convert::Infallible, sync::Arc};

use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderMap, header, request::Parts};
use secrecy::SecretString;
use tower_sessions::Session;

use crate::{Web, api::Caller, error::Problem, session, zone::Zone};

/// The header in which a page says of which log-in it is.
const SESSION: &str = "x-session";

/// Whether a whole page is wanted, or the part of one that is on the screen already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A whole page: by the browser itself, or by htmx for a boosted link, of which it takes `#main`.
    Page,
    /// A part: htmx names its own target.
    Fragment,
}

impl Asked {
    /// `HX-Request` is not looked at: boosted navigation and history restore carry it and want whole pages.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match headers.get("hx-request-type") {
            Some(kind) if kind == "partial" => Self::Fragment,
            _ => Self::Page,
        }
    }
}

/// The id under which this request is found in the logs of both halves.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// A request, whoever sent it.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// Page or fragment.
    pub(crate) asked: Asked,
    /// Where the reader's days begin.
    pub(crate) zone: Zone,
    /// See [`RequestId`].
    pub(crate) id: RequestId,
    /// The host that the browser believes it speaks to.
    pub(crate) host: String,
}

impl Visit {
    /// Asks the API as a stranger.
    pub(crate) fn stranger(&self) -> Caller<'_> {
        Caller { token: None, request_id: &self.id.0 }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let id = parts.extensions.get::<RequestId>().cloned();
        let named = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = parts.uri.authority().map(http::uri::Authority::as_str).or(named).unwrap_or_default().to_owned();
        Ok(Self {
            asked: Asked::of(&parts.headers),
            zone: Zone::of(&parts.headers),
            id: id.unwrap_or_else(|| RequestId("-".into())),
            host,
        })
    }
}

/// A request by somebody who is logged in. A stranger is sent to the log-in page instead.
#[derive(Clone)]
pub(crate) struct Viewer {
    /// The request itself.
    pub(crate) visit: Visit,
    /// The browser's session.
    pub(crate) session: Session,
    /// Their user id.
    pub(crate) id: String,
    token: SecretString,
}

impl Viewer {
    /// Whether a page that says of which log-in it is, is of this one. Another person may have logged in at this browser
    /// since, and what the page does must not be done in their name.
    pub(crate) fn is_behind(&self, page: Option<&str>) -> bool {
        page.is_none_or(|page| session::public_name(&self.session).is_some_and(|name| name == page))
    }

    /// Asks the API as this person.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller { token: Some(&self.token), request_id: &self.visit.id.0 }
    }
}

impl FromRequestParts<Web> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let Ok(visit) = Visit::from_request_parts(parts, web).await;
        let session = Session::from_request_parts(parts, web).await.map_err(|_| Problem::Broken)?;
        let login = session::login(&session).await?.ok_or(Problem::SignedOut)?;
        let viewer = Self { visit, session, id: login.user_id, token: login.token.into() };
        let page = parts.headers.get(SESSION).map(|name| name.to_str().unwrap_or_default());
        if viewer.is_behind(page) { Ok(viewer) } else { Err(Problem::SignedOut) }
    }
}

/// Writes a template out.
pub(crate) fn html(template: &impl Template) -> Result<Response, Problem> {
    Ok(Html(template.render()?).into_response())
}

/// The whole page, or its part, as it was asked for.
pub(crate) fn answer<Part: Template>(
    asked: Asked,
    page: &impl Template,
    part: impl FnOnce() -> Part,
) -> Result<Response, Problem> {
    match asked {
        Asked::Page => html(page),
        Asked::Fragment => html(&part()),
    }
}
