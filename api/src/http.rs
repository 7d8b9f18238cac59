//! The api's HTTP edge: `POST /graphql` as the GraphQL-over-HTTP specification has it, and the playground beside it.
//!
//! A request goes through here in this order: its name, the media type of the answer, the body, the document screen, who is
//! asking, the schema, and `label`, the one place that gives errors their codes and writes the faults among them to the
//! log. Nothing here knows a noun of the product.

mod body;
mod negotiate;
mod playground;
mod rejection;
mod request_id;
mod screen;
mod validation;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{ServerError, Value};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};
use futures_util::FutureExt as _;
use serde::Serialize;

use self::negotiate::Media;
use self::rejection::Rejection;
use self::request_id::RequestId;
use self::screen::screen;
pub use self::validation::Validation;
use crate::app::App;
use crate::error::Error;
use crate::graphql::{self, Schema};
use crate::viewer;

/// How long a request may take, from its headers to its answer.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Everything that the api answers over HTTP.
pub fn router(app: App) -> Router {
    let playground = app.config.playground;
    let edge = Edge { schema: graphql::schema(&app), app };
    let mut graphql = post(answer).fallback(not_allowed);
    if playground {
        graphql = graphql.get(playground::page);
    }
    let mut router = Router::new().route("/graphql", graphql);
    if playground {
        router = router.merge(playground::assets());
    }
    router
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is nothing here: the api is at /graphql.\n") })
        .with_state(edge)
        .layer(map_response(harden))
        .layer(from_fn(request_id::name))
}

/// What a handler needs.
#[derive(Clone)]
struct Edge {
    app: App,
    schema: Schema,
}

/// `POST /graphql`.
async fn answer(
    State(edge): State<Edge>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(media) = Media::accepted(&headers) else {
        let problem = "The answer is application/graphql-response+json or application/json: accept one of them.";
        return reply(Media::Json, &id, Rejection::http(StatusCode::NOT_ACCEPTABLE, problem).into());
    };
    let answer = guard(run(&edge, &headers, body)).await.unwrap_or_else(Answer::from);
    reply(media, &id, answer)
}

/// From a body to what the schema says to it.
async fn run(edge: &Edge, headers: &HeaderMap, body: Body) -> Result<Answer, Rejection> {
    let mut request = body::read(headers, body).await?;
    let screened = screen(&mut request)?;
    let viewer = match viewer::authenticate(&edge.app, headers).await {
        Ok(viewer) => viewer,
        Err(error) => return Ok(error.into()),
    };
    if screened.introspects && viewer.is_none() && !edge.app.config.playground {
        return Err(Rejection::new("UNAUTHENTICATED", "The schema is shown to people who are logged in."));
    }
    let request = match graphql::ask(request, &edge.app, viewer).await {
        Ok(request) => request,
        Err(error) => return Ok(error.into()),
    };
    Ok(Answer { status: None, response: edge.schema.execute(request).await })
}

/// Holds a request to its time, and its panic to itself.
async fn guard(work: impl Future<Output = Result<Answer, Rejection>>) -> Result<Answer, Rejection> {
    // Nothing is shared with the work that a panic could leave half done: what it holds goes down with it.
    match tokio::time::timeout(TIME_LIMIT, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Ok(Error::internal("a panic, which standard error tells of").into()),
        Err(_) => {
            tracing::warn!("A request took longer than it may.");
            let late = Rejection::http(StatusCode::GATEWAY_TIMEOUT, "The request took too long.");
            Err(Rejection { code: "TIMEOUT", ..late })
        }
    }
}

/// What is said to a request, before it has a media type.
#[derive(Debug)]
struct Answer {
    /// The status where HTTP itself gives the reason; else it follows from the media type.
    status: Option<StatusCode>,
    response: async_graphql::Response,
}

impl From<Rejection> for Answer {
    fn from(rejection: Rejection) -> Self {
        Self { status: rejection.status, response: rejection.into() }
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

fn reply(media: Media, id: &RequestId, mut answer: Answer) -> Response {
    label(&mut answer.response, id);
    let response = &answer.response;
    // A resolver's error has a path. Where none has one and there is no data, nothing was run, and `data` is left out.
    let ran = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    let status = answer.status.unwrap_or(match (media, response.errors.first()) {
        (Media::GraphqlResponse, Some(first)) if !ran => status_of(code(first)),
        _ => StatusCode::OK,
    });
    let data = ran.then_some(&response.data);
    let envelope = Envelope { errors: &response.errors, data, extensions: &response.extensions };
    match serde_json::to_vec(&envelope) {
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

/// Gives each error its code from the closed list, and writes the faults to the log: once, here, with their cause.
fn label(response: &mut async_graphql::Response, id: &RequestId) {
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
struct Envelope<'a> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// Any other method, and GET of anything but the playground.
async fn not_allowed(Extension(id): Extension<RequestId>) -> Response {
    let rejection = Rejection::http(StatusCode::METHOD_NOT_ALLOWED, "Send requests with POST.");
    let mut reply = reply(Media::Json, &id, rejection.into());
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    reply
}

/// What holds for every answer. Only the playground's files may be kept.
async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
