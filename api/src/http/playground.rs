//! GraphiQL on `GET /graphql`, out of the binary: no page of ours ever loads anything from another host.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

/// The files that `build.rs` embeds, by name, compressed with gzip: every browser takes that.
pub(super) const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/playground-files.rs"));

/// Only from here; but GraphiQL writes styles into the page and has its fonts inside its stylesheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; \
                      font-src 'self' data:; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The page.
pub(super) fn page() -> Response {
    let page = Html(include_str!(concat!(env!("OUT_DIR"), "/playground.html")));
    ([(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer"), (VARY, "accept")], page).into_response()
}

/// The files of the page. Their address changes with their content.
pub(super) fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route(concat!("/graphql/assets/", env!("PLAYGROUND_DIGEST"), "/{name}"), get(asset))
}

async fn asset(Path(wanted): Path<String>) -> Response {
    let Some((name, packed)) = FILES.iter().find(|(name, _)| *name == wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = if name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
    let headers =
        [(CONTENT_TYPE, kind), (CONTENT_ENCODING, "gzip"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, *packed).into_response()
}
