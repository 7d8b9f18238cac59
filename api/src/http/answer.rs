//! What is said to a request, on every transport: errors get their codes here, the faults among them are written to the log, once,
//! and the HTTP status follows from what happened.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::sync::Arc;

use async_graphql::{ServerError, Value};
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::negotiate::Media;
use super::rejection::Rejection;
use super::request_id::RequestId;
use crate::error::Error;

/// What is said to a request, before it has a media type.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status where HTTP itself gives the reason; else it follows from the media type.
    pub(super) status: Option<StatusCode>,
    /// What the schema says.
    pub(super) response: async_graphql::Response,
}

impl From<Rejection> for Answer {
    fn from(rejection: Rejection) -> Self {
        Self { status: rejection.status, response: rejection.into() }
    }
}

impl From<async_graphql::Response> for Answer {
    fn from(response: async_graphql::Response) -> Self {
        Self { status: None, response }
    }
}

/// Something that went wrong before the schema was asked.
impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        let mut refused = ServerError::new(error.to_string(), None);
        let status = status_of(error.code());
        refused.source = Some(Arc::new(error));
        Self { status: Some(status), response: async_graphql::Response::from_errors(vec![refused]) }
    }
}

/// The whole answer to a POST.
pub(super) fn reply(media: Media, id: &RequestId, mut answer: Answer) -> Response {
    label(&mut answer.response, id);
    let response = &answer.response;
    let status = answer.status.unwrap_or(match (media, response.errors.first()) {
        (Media::GraphqlResponse, Some(first)) if !ran(response) => status_of(code(first)),
        _ => StatusCode::OK,
    });
    match serde_json::to_vec(&Envelope::of(response)) {
        Ok(bytes) => {
            let mut reply = (status, [(CONTENT_TYPE, media.content_type())], bytes).into_response();
            if status == StatusCode::UNAUTHORIZED {
                reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            reply
        }
        Err(error) => {
            tracing::error!(%error, "An answer cannot be written as JSON.");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether anything was run. A resolver's error has a path: where none has one and there is no data, nothing was.
pub(super) fn ran(response: &async_graphql::Response) -> bool {
    response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty())
}

/// Gives each error its code from the closed list, and writes the faults to the log: once, here, with their cause.
pub(super) fn label(response: &mut async_graphql::Response, id: &RequestId) {
    for error in &mut response.errors {
        // Data loaders share one error among all who waited for it.
        let ours = error.source::<Error>().or_else(|| error.source::<Arc<Error>>().map(Arc::as_ref));
        match ours {
            Some(Error::Internal(cause)) => tracing::error!(error = &**cause as &dyn StdError, "A request failed."),
            Some(Error::Unavailable(cause) | Error::Contended(cause)) => {
                tracing::warn!(error = &**cause as &dyn StdError, "The database cannot be reached.");
            }
            _ => {}
        }
        let code = match ours {
            Some(ours) => ours.code(),
            None => code(error),
        };
        let code = code.to_owned();
        let extensions = error.extensions.get_or_insert_default();
        if code == "INTERNAL" {
            extensions.set("requestId", id.to_string());
        }
        extensions.set("code", code);
    }
}

/// The code that an error has been given. Without one it is the library's own: a value that does not fit its type.
fn code(error: &ServerError) -> &str {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::String(code)) => code,
        _ => "BAD_REQUEST",
    }
}

/// The status of a request that was not run.
fn status_of(code: &str) -> StatusCode {
    match code {
        "UNAUTHENTICATED" => StatusCode::UNAUTHORIZED,
        "FORBIDDEN" => StatusCode::FORBIDDEN,
        "RATE_LIMITED" => StatusCode::TOO_MANY_REQUESTS,
        "TIMEOUT" => StatusCode::GATEWAY_TIMEOUT,
        "UNAVAILABLE" => StatusCode::SERVICE_UNAVAILABLE,
        "INTERNAL" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The members of an answer, errors first: they are what a person reading it looks for.
#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

impl<'a> Envelope<'a> {
    /// The members of an answer whose errors have been labelled. Where nothing was run, `data` is left out.
    pub(super) fn of(response: &'a async_graphql::Response) -> Self {
        let data = ran(response).then_some(&response.data);
        Self { errors: &response.errors, data, extensions: &response.extensions }
    }
}
