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
    TooLong,
    #[cynic(fallback)]
    Other,
}

/// A refusal.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub(crate) struct UserError {
    pub(crate) code: Code,
    pub(crate) retry_after_ms: Option<i32>,
}
