//! The name of a request: what a client sent, or a new one. It is on every answer and on every line of the log, so that a
//! person can say which request went wrong.

use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::BASE32_NOPAD;
use tracing::Instrument as _;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest name that is taken over from a client.
const MAX_LENGTH: usize = 64;

/// The name of a request.
#[derive(Debug, Clone)]
pub(super) struct RequestId(Arc<str>);

impl RequestId {
    /// A name that is known beforehand.
    #[cfg(test)]
    pub(super) fn named(name: &str) -> Self {
        Self(name.into())
    }

    fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|name| is_sane(name));
        Self(sent.map_or_else(random, Arc::from))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Names the request for everything that is inside, and the answer.
pub(super) async fn name(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", request.id = %id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}

/// Nothing that could break a log line, or be taken for something else in it.
fn is_sane(name: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=MAX_LENGTH).contains(&name.len()) && name.bytes().all(fine)
}

fn random() -> Arc<str> {
    let mut bytes = [0; 10];
    match getrandom::fill(&mut bytes) {
        Ok(()) => BASE32_NOPAD.encode(&bytes).to_ascii_lowercase().into(),
        // A machine without chance serves nobody anyway; the request still gets its answer.
        Err(_) => "unnamed".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_name_is_taken_over_and_any_other_replaced() {
        let sent = |name: &str| HeaderMap::from_iter([(X_REQUEST_ID, name.parse().unwrap())]);
        let named = |name: &str| RequestId::of(&sent(name)).to_string();
        let longest = "x".repeat(MAX_LENGTH);
        for sane in ["a", "3f2a.b_c-D", &longest] {
            assert_eq!(named(sane), sane);
        }
        for odd in ["", "a b", "a\tb", "<b>", &"x".repeat(MAX_LENGTH + 1)] {
            let given = named(odd);
            assert_ne!(given, odd);
            assert!(is_sane(&given), "{given}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()).to_string(), RequestId::of(&HeaderMap::new()).to_string());
    }
}
