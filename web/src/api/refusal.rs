//! What a person can fix, as the API's payloads say it.

use super::schema;

/// The kinds of refusal that have a sentence of their own (see `error`).
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "UserErrorCode", non_exhaustive)]
pub(crate) enum Code {
    Conflict,
    Empty,
    InvalidCredentials,
    NotAllowed,
    NotFound,
    RateLimited,
    StaleRevision,
    TooLong,
    #[cynic(fallback)]
    Other,
}

/// A refusal.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct UserError {
    pub(crate) code: Code,
    pub(crate) field: Option<Vec<String>>,
    pub(crate) retry_after_ms: Option<i32>,
}

impl UserError {
    /// Whether a new idempotency key is called for: the old one is spent on something else, or none at all.
    pub(crate) fn wants_new_key(&self) -> bool {
        let is_about_key = |path: &Vec<String>| path.last().is_some_and(|field| field == "idempotencyKey");
        self.code == Code::Conflict || self.field.as_ref().is_some_and(is_about_key)
    }
}
