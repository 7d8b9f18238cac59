//! Media types: which one a request comes in, and which one its answer goes out in (GraphQL over HTTP, sections 5 and 6).
//! Nothing here looks at a body.

use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: 200 for whatever the GraphQL layer has to say.
    Json,
    /// `application/graphql-response+json`: the status tells a request that was refused from one that ran.
    GraphqlResponse,
}

impl Media {
    /// The one that the `Accept` header likes best; `None` when it takes neither.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let newer = preference(headers, "application", "graphql-response+json");
        let older = preference(headers, "application", "json");
        // A wildcard means a client that predates the newer type, so only naming it gets it.
        match (newer, older) {
            (Some(newer), Some(older)) if newer.named && newer.weight >= older.weight => Some(Self::GraphqlResponse),
            (Some(newer), None) if newer.named => Some(Self::GraphqlResponse),
            (_, Some(_)) => Some(Self::Json),
            (Some(_), None) => Some(Self::GraphqlResponse),
            (None, None) => None,
        }
    }

    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// Whether the answer is to be a stream of events: only for those who name it, and like nothing else better.
pub(super) fn accepts_events(headers: &HeaderMap) -> bool {
    let json = ["json", "graphql-response+json"].map(|subtype| preference(headers, "application", subtype));
    let best = json.iter().flatten().filter(|range| range.named).map(|range| range.weight).max();
    preference(headers, "text", "event-stream")
        .is_some_and(|events| events.named && best.is_none_or(|json| events.weight >= json))
}

/// Whether HTML is asked for by name, as a browser that opens an address does.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    preference(headers, "text", "html").is_some_and(|range| range.named)
}

/// Whether the body is declared as JSON in UTF-8, not compressed.
pub(super) fn sends_json(headers: &HeaderMap) -> bool {
    let Some(Ok(declared)) = headers.get(CONTENT_TYPE).map(HeaderValue::to_str) else { return false };
    let (essence, parameters) = split(declared);
    essence.eq_ignore_ascii_case("application/json") && is_utf8(parameters) && !headers.contains_key(CONTENT_ENCODING)
}

/// How much a client likes a media type: the weight of the most specific range that covers it.
#[derive(Clone, Copy)]
struct Preference {
    /// The type is spelled out, not covered by a wildcard.
    named: bool,
    /// `q`, in thousandths.
    weight: u16,
}

fn preference(headers: &HeaderMap, kind: &str, subtype: &str) -> Option<Preference> {
    let mut best: Option<(u8, Preference)> = None;
    let mut any = false;
    for range in headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')) {
        let (essence, parameters) = split(range);
        if essence.is_empty() {
            continue;
        }
        any = true;
        let Some((range_kind, range_subtype)) = essence.split_once('/') else { continue };
        let specificity = match (range_kind, range_subtype) {
            ("*", "*") => 0,
            (range_kind, "*") if range_kind.eq_ignore_ascii_case(kind) => 1,
            _ if range_kind.eq_ignore_ascii_case(kind) && range_subtype.eq_ignore_ascii_case(subtype) => 2,
            _ => continue,
        };
        if is_utf8(parameters) && best.is_none_or(|(had, _)| specificity > had) {
            best = Some((specificity, Preference { named: specificity == 2, weight: weight(parameters) }));
        }
    }
    if !any {
        // No header at all takes anything.
        return Some(Preference { named: false, weight: 1000 });
    }
    best.map(|(_, preference)| preference).filter(|preference| preference.weight > 0)
}

/// A media type or range, and its parameters.
fn split(text: &str) -> (&str, &str) {
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    (essence.trim(), parameters)
}

fn parameter<'a>(parameters: &'a str, wanted: &str) -> Option<&'a str> {
    let pairs = parameters.split(';').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
}

fn is_utf8(parameters: &str) -> bool {
    parameter(parameters, "charset").is_none_or(|charset| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// `q`, in thousandths; one that is no number counts as absent.
fn weight(parameters: &str) -> u16 {
    let q = parameter(parameters, "q").and_then(|q| q.parse::<f32>().ok()).filter(|q| (0.0..=1.0).contains(q));
    // Between 0 and 1000 by the line above.
    q.map_or(1000, |q| (q * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_newer_type_goes_to_those_who_name_it() {
        let cases = [
            ("application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json; charset=utf-8, application/json; q=0.9", Some(Media::GraphqlResponse)),
            ("application/json, application/graphql-response+json;q=0.5", Some(Media::Json)),
            ("application/json;q=0, */*", Some(Media::GraphqlResponse)),
            ("application/json", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("APPLICATION/JSON", Some(Media::Json)),
            ("application/json; charset=latin1", None),
            ("*/*;q=0", None),
            ("text/event-stream", None),
            ("nonsense", None),
        ];
        for (accept, expected) in cases {
            assert_eq!(Media::accepted(&headers(ACCEPT, accept)), expected, "{accept}");
        }
        assert_eq!(Media::accepted(&HeaderMap::new()), Some(Media::Json));
    }

    #[test]
    fn events_are_for_those_who_name_them_first() {
        let cases = [
            ("text/event-stream", true),
            ("text/event-stream, */*", true),
            ("text/event-stream, application/json;q=0.5", true),
            ("application/json, text/event-stream;q=0.5", false),
            ("text/*", false),
            ("*/*", false),
            ("text/event-stream;q=0", false),
        ];
        for (accept, expected) in cases {
            assert_eq!(accepts_events(&headers(ACCEPT, accept)), expected, "{accept}");
        }
        assert!(!accepts_events(&HeaderMap::new()));
    }

    #[test]
    fn a_playground_is_for_browsers_only() {
        assert!(accepts_html(&headers(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")));
        assert!(!accepts_html(&headers(ACCEPT, "*/*")));
        assert!(!accepts_html(&HeaderMap::new()));
    }

    #[test]
    fn only_json_in_utf8_comes_in() {
        for fine in ["application/json", "Application/JSON;charset=UTF-8", "application/json; charset=\"utf-8\""] {
            assert!(sends_json(&headers(CONTENT_TYPE, fine)), "{fine}");
        }
        for refused in ["text/plain", "application/json; charset=utf-16", "application/graphql", "application/jsonx"] {
            assert!(!sends_json(&headers(CONTENT_TYPE, refused)), "{refused}");
        }
        assert!(!sends_json(&HeaderMap::new()));
    }
}
