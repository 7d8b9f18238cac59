//! What every address shares: the request's id and its log line, the headers that keep pages safe, and the refusal of
//! requests from other sites.

use std::{any::Any, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tracing::Instrument as _;

use crate::{chance, config::PublicUrl, error::Problem, visit::RequestId};

const REQUEST_ID: &str = "x-request-id";

/// Everything comes from here, nothing is inline, and nobody may put a page into a frame.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// With `no-referrer`, browsers would post forms with `Origin: null`, which is refused.
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");

/// Gives each request an id, or takes over a sane one, and logs the answer once.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = sane_id(request.headers()).unwrap_or_else(|| chance::uuid().simple().to_string());
    request.extensions_mut().insert(RequestId(id.as_str().into()));
    let method = request.method().clone();
    // The pattern, not the address: names and searches do not belong into a log.
    let route = request.extensions().get::<MatchedPath>().map_or("-".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", request.id = id);

    let mut response = next.run(request).instrument(span.clone()).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::debug!(%method, route, status = response.status().as_u16(), duration_ms, "answered"));
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn sane_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_sane = (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    is_sane.then(|| id.to_owned())
}

/// Puts the headers on that every answer carries. Only assets say for themselves how long they may be kept.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("HX-Request-Type"));
    }
    response
}

/// How a request from another site is refused.
type Refuse = fn(ProtectionError) -> Response;

/// Refuses what another site makes a browser send, by Fetch Metadata and Origin. Programs that send neither are let
/// through: they carry no cookie that somebody else put there.
pub(crate) fn same_site(public_url: Option<&PublicUrl>) -> CsrfLayer<Refuse> {
    let layer = CsrfLayer::new();
    // A proxy may have changed Host on the way, but what a browser says of itself still is the public address.
    let trusting = public_url.and_then(|url| layer.clone().add_trusted_origin(url.to_string()).ok());
    trusting.unwrap_or(layer).with_rejection_response(|_| Problem::CrossSite.into_response())
}

/// A panic is a bug: it is logged, and answered like any other fault of ours.
#[expect(clippy::needless_pass_by_value, reason = "the shape that the layer wants")]
pub(crate) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let said = cause.downcast_ref::<&str>().copied().or_else(|| cause.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = said.unwrap_or("without words"), "a handler panicked");
    Problem::Broken.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(value: &'static str) -> Option<String> {
        sane_id(&HeaderMap::from_iter([(REQUEST_ID.parse().expect("a name"), HeaderValue::from_static(value))]))
    }

    #[test]
    fn a_sane_request_id_is_taken_over() {
        assert_eq!(id("01JD9-gq6.z_7").as_deref(), Some("01JD9-gq6.z_7"));
        for insane in ["", "two words", "<script>", &"x".repeat(65).leak()[..]] {
            assert_eq!(id(insane), None);
        }
    }
}
