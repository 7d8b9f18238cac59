//! The api's HTTP edge: `POST /graphql` as the GraphQL-over-HTTP specification has it, the same over server-sent events and over a
//! socket, and the playground beside it.
//!
//! A request goes through here in this order, whichever way it came: its name, the media type of the answer, the body, the
//! document screen, who is asking, the schema, and `label`, the one place that gives errors their codes and writes the faults
//! among them to the log. Nothing here knows a noun of the product.

mod answer;
mod body;
mod negotiate;
mod playground;
mod rejection;
mod request_id;
mod screen;
mod socket;
mod stream;
mod validation;

#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_graphql::Request;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ALLOW, CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{from_fn, map_response};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};

use self::answer::{Answer, reply};
use self::negotiate::Media;
use self::rejection::Rejection;
use self::request_id::RequestId;
use self::screen::screen;
pub use self::validation::Validation;
use crate::app::App;
use crate::error::Error;
use crate::graphql::{self, Schema};
use crate::session::token::Plain;
use crate::viewer;

/// How long a request may take, from its headers to its answer.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How long live clients are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the first message on a socket.
    pub init: Duration,
    /// Between two questions whether a quiet socket is still there; after two without any sign of it, it is gone.
    pub ping: Duration,
    /// For one message, on a socket or a stream, to be taken.
    pub send: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { init: Duration::from_secs(10), ping: Duration::from_secs(25), send: Duration::from_secs(10) }
    }
}

/// Everything that the api answers over HTTP.
pub fn router(app: App) -> Router {
    router_with(app, Patience::default())
}

/// The same with another patience.
pub fn router_with(app: App, patience: Patience) -> Router {
    let playground = app.config.playground;
    let edge = Edge { schema: graphql::schema(), app, patience };
    let mut router = Router::new().route("/graphql", post(answer).get(look).fallback(not_allowed));
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
    patience: Patience,
}

/// `POST /graphql`.
async fn answer(
    State(edge): State<Edge>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if negotiate::accepts_events(&headers) {
        return stream::answer(edge, id, headers, body).await;
    }
    let Some(media) = Media::accepted(&headers) else {
        let problem = "The answer is application/graphql-response+json, application/json or text/event-stream: accept \
                       one of them.";
        return reply(Media::Json, &id, Rejection::http(StatusCode::NOT_ACCEPTABLE, problem).into());
    };
    let run = async {
        let request = body::read(&headers, body).await?;
        let ready = prepare(&edge, request, viewer::presented(&headers).as_ref()).await?;
        if ready.listens {
            let problem = "A subscription needs a stream: accept text/event-stream, or open a socket.";
            return Err(Rejection::new("BAD_REQUEST", problem).into());
        }
        Ok(edge.schema.execute(ready.request).await.into())
    };
    let (Ok(answer) | Err(answer)) = guard(run).await;
    reply(media, &id, answer)
}

/// `GET /graphql`: a socket, or the playground where there is one.
async fn look(
    State(edge): State<Edge>,
    Extension(id): Extension<RequestId>,
    request: axum::extract::Request,
) -> Response {
    if socket::is_wanted(request.headers()) {
        return socket::open(edge, id, request).await;
    }
    if edge.app.config.playground && negotiate::accepts_html(request.headers()) {
        return playground::page();
    }
    not_allowed(Extension(id)).await
}

/// A request that may be run.
struct Ready {
    request: Request,
    /// It is a subscription.
    listens: bool,
}

/// From a request to one that may be run: measured, and with who asks.
async fn prepare(edge: &Edge, mut request: Request, token: Option<&Plain>) -> Result<Ready, Answer> {
    let screened = screen(&mut request)?;
    let viewer = viewer::authenticate(&edge.app, token).await?;
    if screened.introspects && viewer.is_none() && !edge.app.config.playground {
        return Err(Rejection::new("UNAUTHENTICATED", "The schema is shown to people who are logged in.").into());
    }
    if screened.listens && viewer.is_none() {
        return Err(Error::Unauthenticated.into());
    }
    Ok(Ready { request: graphql::ask(request, &edge.app, viewer, screened.listens).await?, listens: screened.listens })
}

/// Holds work to its time, and its panic to itself.
async fn guard<T>(work: impl Future<Output = Result<T, Answer>>) -> Result<T, Answer> {
    // Nothing is shared with the work that a panic could leave half done: what it holds goes down with it.
    match tokio::time::timeout(TIME_LIMIT, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(panicked()),
        Err(_) => {
            tracing::warn!("A request took longer than it may.");
            let late = Rejection::http(StatusCode::GATEWAY_TIMEOUT, "The request took too long.");
            Err(Rejection { code: "TIMEOUT", ..late }.into())
        }
    }
}

/// What the schema says to a request: once, or to a subscription again and again. A panic is its last word.
fn execute(edge: &Edge, ready: Ready) -> BoxStream<'static, async_graphql::Response> {
    let schema = edge.schema.clone();
    if ready.listens {
        let responses = AssertUnwindSafe(schema.execute_stream(ready.request)).catch_unwind();
        return responses.map(|response| response.unwrap_or_else(|_| panicked().response)).boxed();
    }
    let once = guard(async move { Ok(schema.execute(ready.request).await.into()) });
    once.map(|(Ok(answer) | Err(answer))| answer.response).into_stream().boxed()
}

fn panicked() -> Answer {
    Error::internal("a panic, which standard error tells of").into()
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
