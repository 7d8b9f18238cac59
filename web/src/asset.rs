//! The files that browsers load: embedded in the binary, packed once, and kept by browsers for ever, as their address
//! changes with their content. `build.rs` writes the table.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};

use self::table::{DIGEST, FILES};
use crate::error::Problem;

/// An embedded file.
struct File {
    name: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
}

mod table {
    use super::File;
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The address of an asset, by its name.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{DIGEST}/{name}")
}

/// The names of our own scripts, each a module.
pub(crate) fn scripts() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|file| file.name).filter(|name| name.starts_with("js/"))
}

/// GET `/assets/{digest}/{name}`.
pub(crate) async fn show(
    Path((digest, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = FILES.iter().find(|file| digest == DIGEST && file.name == name);
    let file = found.ok_or(Problem::NotFound)?;
    let media_type = media_type(file.name);
    let constant = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if takes_gzip(&headers) && file.gzip.len() < file.plain.len() {
        return Ok(
            (constant, [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))], file.gzip).into_response()
        );
    }
    Ok((constant, file.plain).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("gzip") && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn htmx_is_embedded_under_a_name_that_says_so() {
        for name in ["htmx.min.js", "hx-upsert.min.js", "chat.css"] {
            assert!(FILES.iter().any(|file| file.name == name), "{name} is missing");
        }
        assert_eq!(DIGEST.len(), 16);
    }

    #[test]
    fn every_embedded_file_has_a_media_type() {
        for file in FILES {
            assert_ne!(media_type(file.name), "application/octet-stream", "{}", file.name);
        }
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(takes("gzip, deflate, br"));
        assert!(takes("br;q=1.0, gzip;q=0.5"));
        assert!(!takes("br, gzip;q=0"));
        assert!(!takes("identity"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
