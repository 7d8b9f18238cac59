//! The contract, as this crate uses it: the only file that speaks HTTP to the API. What is asked lies in `api/`, a file
//! for each noun; the derives check every operation against `schema.graphql` while this crate is compiled.

use std::time::Duration;

use anyhow::Context as _;
use async_stream::stream;
use cynic::{GraphQlResponse, Operation, SubscriptionBuilder as _};
use eventsource_stream::Eventsource as _;
use futures_util::{Stream, StreamExt as _};
use http::{StatusCode, header};
use reqwest::{ClientBuilder, RequestBuilder, Response, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use self::event::{Envelope, Events, EventsVariables};

pub(crate) mod conversation;
pub(crate) mod draft;
pub(crate) mod event;
pub(crate) mod message;
pub(crate) mod refusal;
pub(crate) mod session;
pub(crate) mod user;
pub(crate) mod viewer;

#[cynic::schema("jbl")]
#[expect(unreachable_pub, reason = "generated from the contract")]
mod schema {}

cynic::impl_scalar!(jiff::Timestamp, schema::DateTime);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The API gives up after ten seconds, and its answer says more than our own giving up would.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(12);
/// How long the line that carries the streams may be silent before it is asked whether the API is still there, and how
/// long the answer may take.
const PING_TIME: Duration = Duration::from_secs(5);
/// How much may be on its way to us, for one stream and for all of them together: they share a line, and one that is
/// behind must not hold the others up.
const STREAM_WINDOW: u32 = 1 << 20;
const LINE_WINDOW: u32 = 1 << 26;

/// Who asks, and on behalf of which browser request.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    /// The session's token; none for a stranger.
    pub(crate) token: Option<&'a SecretString>,
    /// Goes along, so that one id is found in both logs.
    pub(crate) request_id: &'a str,
}

/// Why the API gave no data. What a person can fix is not here: that comes as `userErrors`, in the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The session has ended, or there was none.
    SignedOut,
    /// A cursor that the API did not make.
    UnknownCursor,
    /// More was sent than the API takes.
    TooLarge,
    /// Too much was asked in too short a time.
    TooOften,
    /// The API cannot be reached, or cannot answer now.
    Unavailable,
    /// One of us is wrong: the text is for the log.
    Broken(String),
}

/// The codes that call for different answers; the contract has more, and may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Code {
    Unauthenticated,
    CursorInvalid,
    RateLimited,
    Timeout,
    Unavailable,
    Internal,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Extensions {
    code: Option<Code>,
}

/// The API, reached over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    /// For what is asked and answered.
    http: reqwest::Client,
    /// For what goes on: all streams on one line.
    streams: reqwest::Client,
    endpoint: String,
}

impl Api {
    /// `base_url` is the API's address without `/graphql`.
    pub(crate) fn new(base_url: &str) -> anyhow::Result<Self> {
        let base_url = base_url.trim_end_matches('/');
        let url = Url::parse(base_url).with_context(|| format!("JBL_API_URL is not an address: {base_url}"))?;
        let make = |client: ClientBuilder| client.build().context("the HTTP client could not be made");
        Ok(Self {
            http: make(client(&url).timeout(REQUEST_TIMEOUT))?,
            streams: make(multiplexed(client(&url), &url))?,
            endpoint: format!("{base_url}/graphql"),
        })
    }

    /// Sends one operation and gives its data, or why there is none.
    pub(crate) async fn run<Data, Variables>(
        &self,
        caller: Caller<'_>,
        operation: Operation<Data, Variables>,
    ) -> Result<Data, Failure>
    where
        Data: DeserializeOwned + 'static,
        Variables: Serialize,
    {
        let request = self.http.post(&self.endpoint).header(header::ACCEPT, "application/graphql-response+json");
        answer(sent(request.json(&operation), caller).await?).await
    }

    /// Listens to the caller's feed: what was missed since `after`, or since now, and then what happens. Whatever keeps it from
    /// beginning is told at once; what ends it later is the last item.
    pub(crate) async fn follow(
        &self,
        caller: Caller<'_>,
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Envelope, Failure>> + Send + use<>, Failure> {
        let operation = Events::build(EventsVariables { after });
        let request = self.streams.post(&self.endpoint).header(header::ACCEPT, "text/event-stream").json(&operation);
        let begun = tokio::time::timeout(REQUEST_TIMEOUT, sent(request, caller));
        let response = begun.await.map_err(|_| Failure::Unavailable)??;
        let kind = response.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
            return Err(answer::<Events>(response).await.err().unwrap_or(Failure::Unavailable));
        }
        let mut told = response.bytes_stream().eventsource();
        Ok(stream! {
            while let Some(Ok(told)) = told.next().await {
                match told.event.as_str() {
                    "next" => yield read::<Events>(StatusCode::OK, told.data.as_bytes()).map(|next| next.events),
                    "complete" => break,
                    _ => {}
                }
            }
        })
    }
}

fn client(url: &Url) -> ClientBuilder {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        // A proxy that the environment names is for the world outside; the token goes to the API and nowhere else.
        .no_proxy();
    // Without this the system's certificates would have to be there, in an image that has no use for them.
    if url.scheme() == "http" { client.tls_certs_only([]) } else { client }
}

/// HTTP/2: agreed upon by TLS, and without TLS simply spoken.
fn multiplexed(client: ClientBuilder, url: &Url) -> ClientBuilder {
    let client = client
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(LINE_WINDOW)
        .http2_keep_alive_interval(PING_TIME)
        .http2_keep_alive_timeout(PING_TIME);
    if url.scheme() == "http" { client.http2_prior_knowledge() } else { client }
}

async fn sent(mut request: RequestBuilder, caller: Caller<'_>) -> Result<Response, Failure> {
    request = request.header("x-request-id", caller.request_id);
    if let Some(token) = caller.token {
        request = request.bearer_auth(token.expose_secret());
    }
    request.send().await.map_err(|error| unreachable(&error))
}

async fn answer<Data: DeserializeOwned>(response: Response) -> Result<Data, Failure> {
    match response.status() {
        StatusCode::UNAUTHORIZED => return Err(Failure::SignedOut),
        StatusCode::PAYLOAD_TOO_LARGE => return Err(Failure::TooLarge),
        _ => {}
    }
    let status = response.status();
    let body = response.bytes().await.map_err(|error| unreachable(&error))?;
    read(status, &body)
}

/// Errors are read first: an answer with errors may hold a part of the data, and a part is not what was asked for.
fn read<Data: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<Data, Failure> {
    if let Ok(GraphQlResponse { errors: Some(errors), .. }) = serde_json::from_slice::<Refused>(body) {
        return Err(failure(&errors));
    }
    match serde_json::from_slice::<GraphQlResponse<Data>>(body) {
        Ok(GraphQlResponse { data: Some(data), .. }) => Ok(data),
        Err(_) if status.is_server_error() => Err(Failure::Unavailable),
        Ok(_) => Err(Failure::Broken(format!("{status} with neither data nor errors"))),
        Err(error) => Err(Failure::Broken(format!("{status} with a body that is not the contract's: {error}"))),
    }
}

/// An answer of which only the errors matter.
type Refused = GraphQlResponse<serde::de::IgnoredAny, Extensions>;

fn unreachable(error: &reqwest::Error) -> Failure {
    tracing::warn!(timeout = error.is_timeout(), connect = error.is_connect(), "the API gave no answer");
    Failure::Unavailable
}

fn failure(errors: &[cynic::GraphQlError<Extensions>]) -> Failure {
    let code = |error: &cynic::GraphQlError<Extensions>| error.extensions.as_ref().and_then(|more| more.code);
    let Some(first) = errors.first() else {
        return Failure::Broken("neither data nor errors".to_owned());
    };
    match code(first) {
        Some(Code::Unauthenticated) => Failure::SignedOut,
        Some(Code::CursorInvalid) => Failure::UnknownCursor,
        Some(Code::RateLimited) => Failure::TooOften,
        Some(Code::Timeout | Code::Unavailable) => Failure::Unavailable,
        Some(Code::Internal) => Failure::Broken("the API failed; its own log has this request id".to_owned()),
        Some(Code::Other) | None => Failure::Broken(format!("the API refused an operation: {}", first.message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> Failure {
        let body = format!(r#"{{"data":{{"a":1}},"errors":[{{"message":"no","extensions":{{"code":"{code}"}}}}]}}"#);
        read::<serde_json::Value>(StatusCode::OK, body.as_bytes()).expect_err("an error")
    }

    #[test]
    fn data_is_taken_when_there_is_nothing_but_data() {
        let answer = read::<serde_json::Value>(StatusCode::OK, br#"{"data":{"a":1}}"#);
        assert_eq!(answer.expect("data")["a"], 1);
        let proxy = read::<serde_json::Value>(StatusCode::BAD_GATEWAY, b"<html>");
        assert_eq!(proxy.expect_err("an error"), Failure::Unavailable);
        let stranger = read::<serde_json::Value>(StatusCode::OK, b"<html>");
        assert!(matches!(stranger, Err(Failure::Broken(_))));
    }

    #[test]
    fn codes_become_failures_and_unknown_ones_are_ours_to_look_at() {
        assert_eq!(refused("UNAUTHENTICATED"), Failure::SignedOut);
        assert_eq!(refused("CURSOR_INVALID"), Failure::UnknownCursor);
        assert_eq!(refused("TIMEOUT"), Failure::Unavailable);
        assert!(matches!(refused("SOMETHING_NEW"), Failure::Broken(_)));
    }

    #[test]
    fn an_address_that_is_none_is_refused_at_start() {
        assert!(Api::new("not an address").is_err());
    }
}
