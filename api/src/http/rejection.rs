//! A request that is turned away before anything of it runs: a code of the closed list, and a sentence that says why.
//! What goes wrong while a request runs is `crate::error`'s.

use std::borrow::Cow;

use async_graphql::{Pos, Response, ServerError};
use axum::http::StatusCode;

/// Why a request is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    /// The code that clients look at.
    pub(super) code: &'static str,
    /// A sentence for the person who wrote the client.
    pub(super) message: Cow<'static, str>,
    /// Where in the document.
    pub(super) locations: Vec<Pos>,
    /// The status where HTTP itself gives the reason; without one, the media type of the answer decides.
    pub(super) status: Option<StatusCode>,
}

impl Rejection {
    /// Something about the document.
    pub(super) fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), locations: Vec::new(), status: None }
    }

    /// Something about the HTTP request around it.
    pub(super) fn http(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Some(status), ..Self::new("BAD_REQUEST", message) }
    }

    /// The same rejection, pointing at a place in the document.
    #[must_use]
    pub(super) fn at(mut self, locations: Vec<Pos>) -> Self {
        self.locations = locations;
        self
    }
}

impl From<Rejection> for ServerError {
    fn from(rejection: Rejection) -> Self {
        let mut error = Self::new(rejection.message, None);
        error.locations = rejection.locations;
        error.extensions.get_or_insert_default().set("code", rejection.code);
        error
    }
}

impl From<Rejection> for Response {
    fn from(rejection: Rejection) -> Self {
        Self::from_errors(vec![rejection.into()])
    }
}
