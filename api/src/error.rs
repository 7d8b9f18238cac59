//! What can go wrong, in one enum with two exits: what a person can fix leaves as a [`Refusal`] in the payload's
//! `userErrors`; everything else is a top-level error with a code from a closed list. The inside never leaves the server:
//! `Display` of every variant is safe to show.

use sea_orm::{DbErr, RuntimeErr};

/// The result of a rule.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something the person can fix; answered in `userErrors`.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// Nobody is logged in, or the session has ended.
    #[error("log in first")]
    Unauthenticated,
    /// Logged in, but this is not for them.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The request itself makes no sense.
    #[error("{0}")]
    BadRequest(String),
    /// A cursor that this list did not give out.
    #[error("`{0}` is not a cursor of this list")]
    CursorInvalid(&'static str),
    /// More requests than can be taken now.
    #[error("too many requests at once: try again in a moment")]
    Busy,
    /// The database, or something else that we need, cannot be reached at the moment.
    #[error("the service is not available at the moment: try again")]
    Unavailable(#[source] Cause),
    /// Two transactions were in each other's way: trying again helps.
    #[error("the service is not available at the moment: try again")]
    Contended(#[source] Cause),
    /// A fault of ours.
    #[error("something went wrong on the server")]
    Internal(#[source] Cause),
}

/// What lies behind a fault: for the log, never for a client.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// The code of a top-level error, from the closed list in `docs/api.md`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) | Self::BadRequest(_) => "BAD_REQUEST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::CursorInvalid(_) => "CURSOR_INVALID",
            Self::Busy => "RATE_LIMITED",
            Self::Unavailable(_) | Self::Contended(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// A fault of ours, from words or from another error.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match database_fault(&error) {
            DatabaseFault::OutOfReach => Self::Unavailable(error.into()),
            DatabaseFault::Contention => Self::Contended(error.into()),
            DatabaseFault::Other => Self::Internal(error.into()),
        }
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Internal(error.into())
    }
}

enum DatabaseFault {
    OutOfReach,
    Contention,
    Other,
}

/// Tells a database that could not be asked from one that answered. PostgreSQL: 40001 and 40P01 are a serialisation failure
/// and a deadlock, class 57P is the server going away. SQLite: 5 is a lock that another process does not give up.
fn database_fault(error: &DbErr) -> DatabaseFault {
    use sea_orm::sqlx::Error as Sqlx;
    let (DbErr::Conn(inner) | DbErr::Exec(inner) | DbErr::Query(inner)) = error else {
        let no_connection = matches!(error, DbErr::ConnectionAcquire(_));
        return if no_connection { DatabaseFault::OutOfReach } else { DatabaseFault::Other };
    };
    let RuntimeErr::SqlxError(inner) = inner else { return DatabaseFault::Other };
    match &**inner {
        Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed | Sqlx::Tls(_) => {
            DatabaseFault::OutOfReach
        }
        Sqlx::Database(answer) => match answer.code().as_deref() {
            Some("40001" | "40P01") => DatabaseFault::Contention,
            Some(code) if code.starts_with("57P") || code == "5" => DatabaseFault::OutOfReach,
            _ => DatabaseFault::Other,
        },
        _ => DatabaseFault::Other,
    }
}

/// Something the person can fix: a code for programs, a sentence for people, and the input it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of thing is wrong.
    pub code: RefusalCode,
    /// A sentence for a person, in the words of the product.
    pub message: String,
    /// The path of the input field that is wrong, from the input object down.
    pub field: Vec<&'static str>,
    /// For `RateLimited`: how long to wait, in milliseconds.
    pub retry_after_ms: Option<i32>,
}

impl Refusal {
    /// A refusal about one field.
    pub fn of(code: RefusalCode, field: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: vec![field], retry_after_ms: None }
    }

    /// A person, conversation or message that is not there, or not for the viewer: the same answer for both.
    #[must_use]
    pub fn not_found(field: &'static str) -> Self {
        Self::of(RefusalCode::NotFound, field, "This is not there, or not yours to see.")
    }

    /// The same refusal, about a field inside the one it names.
    #[must_use]
    pub fn within(mut self, outer: &'static str) -> Self {
        self.field.insert(0, outer);
        self
    }
}

/// What kind of thing a person can fix. Clients treat an unknown code as `INVALID`: the list may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "UserErrorCode")]
pub enum RefusalCode {
    /// There is one already.
    AlreadyExists,
    /// The idempotency key was used before, for something else.
    Conflict,
    /// Nothing visible was given.
    Empty,
    /// It is not of the right form.
    Invalid,
    /// The username or the password is wrong; which one is not told.
    InvalidCredentials,
    /// The viewer may not do this here.
    NotAllowed,
    /// It is not there, or not the viewer's to see.
    NotFound,
    /// Too often: `retryAfterMs` says how long to wait.
    RateLimited,
    /// It was made from something that has changed since.
    StaleRevision,
    /// More characters than are allowed.
    TooLong,
}
