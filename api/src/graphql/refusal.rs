//! The exit for what a person can fix: `userErrors`, the same in every payload.

use async_graphql::SimpleObject;

use crate::error::{Error, Refusal, RefusalCode, Result};

/// Something the person can fix.
#[derive(Debug, SimpleObject)]
pub struct UserError {
    /// What kind of thing is wrong. Treat a code you do not know as `INVALID`.
    code: RefusalCode,
    /// A sentence to show to the person.
    message: String,
    /// The path of the wrong field within `input`; null when it is about no one field.
    field: Option<Vec<String>>,
    /// For `RATE_LIMITED`: how many milliseconds to wait before trying again.
    retry_after_ms: Option<i32>,
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        let field: Vec<String> = refusal.field.into_iter().map(str::to_owned).collect();
        Self {
            code: refusal.code,
            message: refusal.message,
            field: (!field.is_empty()).then_some(field),
            retry_after_ms: refusal.retry_after_ms,
        }
    }
}

/// A mutation's payload: what was done, or why not.
pub trait Payload<Done>: Sized {
    /// It was done.
    fn done(done: Done) -> Self;
    /// It was not, for reasons the person can fix.
    fn refused(errors: Vec<UserError>) -> Self;
}

/// Parts what a person can fix, which goes into the payload, from everything else, which is an error of the whole answer.
pub fn settle<P: Payload<Done>, Done>(result: Result<Done>) -> async_graphql::Result<P> {
    match result {
        Ok(done) => Ok(P::done(done)),
        Err(Error::Refused(refusal)) => Ok(P::refused(vec![refusal.into()])),
        Err(error) => Err(error.into()),
    }
}
