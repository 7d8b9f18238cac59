//! What goes wrong, in words. The one place where codes become sentences, and the one place where a problem becomes a
//! page, a fragment or a redirect: handlers only name the problem, and `explain` answers for all of them.

use askama::Template;
use axum::{
    extract::Request,
    middleware::Next as Rest,
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::{
    api::{
        Failure,
        refusal::{Code, UserError},
    },
    next::Next,
    visit::{Asked, RequestId},
};

/// Why a request has no better answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// There is nobody logged in. Leads to the log-in page.
    SignedOut,
    /// Absent, foreign or unknown: all the same, and in the same words.
    NotFound,
    /// The request came from another site.
    CrossSite,
    /// Not the kind of request that this address takes.
    WrongMethod,
    /// A form that none of our pages would send.
    BadForm,
    /// More than a message may hold.
    TooLarge,
    /// Too much in too short a time.
    TooOften,
    /// The API cannot answer now.
    Unavailable,
    /// One of us is wrong.
    Broken,
}

impl Problem {
    /// The status of the answer, its heading, and what to say.
    pub(crate) fn words(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "Logged out", "You are logged out. Log in to go on."),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "Nothing here", "There is no such page, or it is not yours to see.")
            }
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "Refused",
                "This came from another site, so nothing was done. Go to the page here and try again.",
            ),
            Self::WrongMethod => {
                (StatusCode::METHOD_NOT_ALLOWED, "Refused", "This address does not take that kind of request.")
            }
            Self::BadForm => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "Not understood",
                "Something is missing from that form. Go back, reload the page and try again.",
            ),
            Self::TooLarge => {
                (StatusCode::UNPROCESSABLE_ENTITY, "Too long", "That is too long for a message: send it in parts.")
            }
            Self::TooOften => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too fast",
                "That was too much in too short a time. Wait a moment, then try again.",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Not available just now",
                "The server cannot answer just now. Try again in a moment.",
            ),
            Self::Broken => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "The fault is on our side. Try again; if it stays, give the request's number to whoever runs this place.",
            ),
        }
    }

    /// The problem behind an answer that was made without us: by the router, an extractor or a layer.
    fn behind(status: StatusCode) -> Option<Self> {
        Some(match status {
            StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::WrongMethod,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::BadForm,
            other if other.is_client_error() || other.is_server_error() => Self::Broken,
            _ => return None,
        })
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::SignedOut => Self::SignedOut,
            Failure::UnknownCursor => Self::NotFound,
            Failure::TooLarge => Self::TooLarge,
            Failure::TooOften => Self::TooOften,
            Failure::Unavailable => Self::Unavailable,
            Failure::Broken(reason) => {
                tracing::error!(reason, "the API's answer is of no use");
                Self::Broken
            }
        }
    }
}

impl From<tower_sessions::session::Error> for Problem {
    fn from(error: tower_sessions::session::Error) -> Self {
        tracing::error!(%error, "the session store failed");
        Self::Unavailable
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be written");
        Self::Broken
    }
}

impl IntoResponse for Problem {
    /// Only the name of the problem: `explain` finds the words and the form.
    fn into_response(self) -> Response {
        let mut response = self.words().0.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What a refusal means for the person who wrote or logged in. `limit` is the length that a message may have.
pub(crate) fn sentence(refusal: &UserError, limit: i32) -> String {
    if refusal.wants_new_key() {
        return "This form was used for another message already. Your text is kept: send it again.".to_owned();
    }
    match refusal.code {
        Code::Empty => "There is nothing to send yet: write something first.".to_owned(),
        Code::TooLong => format!("That is too long: a message has at most {} characters.", thousands(limit)),
        Code::NotAllowed => "You cannot write here any more. Your text is kept, so that you can copy it.".to_owned(),
        Code::NotFound => "This conversation is not there, or not yours to see.".to_owned(),
        Code::InvalidCredentials => "That username and password do not go together.".to_owned(),
        Code::RateLimited => match refusal.retry_after_ms.map(|wait| (wait + 59_999) / 60_000) {
            Some(minutes) if minutes > 1 => format!("Too many tries. Wait {minutes} minutes, then try again."),
            _ => "Too many tries. Wait a minute, then try again.".to_owned(),
        },
        Code::Conflict | Code::StaleRevision | Code::Other => {
            "This text cannot be sent: it holds characters that are not text. Take them out and try again.".to_owned()
        }
    }
}

/// `8000` as `8,000`.
pub(crate) fn thousands(number: i32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A page for a problem. It has no frame: the API that knows it may be what is missing.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    heading: &'a str,
    sentence: &'a str,
    request_id: &'a str,
}

/// A problem in a page that stays: shown where the page shows such things.
#[derive(Template)]
#[template(path = "_notice.html")]
struct Notice<'a> {
    sentence: &'a str,
    request_id: &'a str,
}

/// Answers for every problem, whoever named it, in the form that was asked for.
pub(crate) async fn explain(request: Request, rest: Rest) -> Response {
    let headers = request.headers().clone();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = rest.run(request).await;

    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let written = kind.starts_with(b"text/html") || kind.starts_with(b"application/json");
    let named = response.extensions().get::<Problem>().copied();
    let Some(problem) = named.or_else(|| Problem::behind(response.status()).filter(|_| !written)) else {
        return response;
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut answer = match problem {
        Problem::SignedOut => to_login(&headers, &method, &uri),
        problem => written_answer(problem, &headers, id.as_ref().map_or("-", |id| &*id.0)),
    };
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// Sends to the log-in page, which leads back. htmx would swap a redirect's goal into the page, so it is told to go.
fn to_login(headers: &HeaderMap, method: &Method, uri: &http::Uri) -> Response {
    if !headers.contains_key("hx-request") && Asked::of(headers) == Asked::Page {
        let here = uri.path_and_query().map(http::uri::PathAndQuery::as_str);
        let next = Next::or_home(here.filter(|_| matches!(*method, Method::GET | Method::HEAD)));
        return Redirect::to(&next.login()).into_response();
    }
    let here = headers.get("hx-current-url").and_then(|url| url.to_str().ok()).and_then(Next::of_address);
    let login = here.unwrap_or_else(Next::home).login();
    let login = HeaderValue::try_from(login).unwrap_or(HeaderValue::from_static("/login"));
    (StatusCode::UNAUTHORIZED, [("hx-redirect", login)], Html(Problem::SignedOut.words().2)).into_response()
}

fn written_answer(problem: Problem, headers: &HeaderMap, request_id: &str) -> Response {
    let (status, heading, sentence) = problem.words();
    if Asked::of(headers) == Asked::Page {
        let page = ErrorPage { heading, sentence, request_id }.render();
        return (status, Html(page.unwrap_or_else(|_| sentence.to_owned()))).into_response();
    }
    // The composer has a line of its own for this; everything else keeps its old content and shows a notice.
    let has_own_line = headers.get("hx-source").is_some_and(|source| source == "form#composer");
    let words = match has_own_line {
        true => Ok(format!("Not sent. {sentence} Your text is kept. (Request {request_id})")),
        false => Notice { sentence, request_id }.render(),
    };
    (status, [("hx-reswap", "none")], Html(words.unwrap_or_else(|_| sentence.to_owned()))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups_of_three() {
        assert_eq!(
            [thousands(0), thousands(999), thousands(8000), thousands(1_234_567)].join(" "),
            "0 999 8,000 1,234,567"
        );
    }

    #[test]
    fn a_locked_log_in_says_how_long() {
        let wait = |ms| sentence(&UserError { code: Code::RateLimited, field: None, retry_after_ms: ms }, 0);
        assert!(wait(Some(840_001)).contains("15 minutes"));
        assert!(wait(Some(1_000)).contains("a minute"));
        assert!(wait(None).contains("a minute"));
    }

    #[test]
    fn every_answer_that_is_an_error_has_words() {
        for status in [400, 404, 405, 413, 415, 422, 429, 500, 503] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert!(Problem::behind(status).is_some(), "{status} has none");
        }
        assert_eq!(Problem::behind(StatusCode::OK), None);
        assert_eq!(Problem::behind(StatusCode::SEE_OTHER), None);
    }
}
