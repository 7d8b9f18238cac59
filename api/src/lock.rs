//! Who has the instance: `serve` and `api` hold it shared, commands that want no server running hold it alone.
//!
//! With SQLite it is a lock on `{JBL_DATA}/lock`, with PostgreSQL a session's advisory lock. Both end with the process.

use std::fs::{File, TryLockError};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use secrecy::ExposeSecret;

use crate::config::DataFolder;
use crate::database::Location;

/// The advisory lock's number, the same in every process: "jbl-chat" in ASCII.
const ADVISORY_KEY: i64 = 0x6a62_6c2d_6368_6174;

/// With whom the instance may be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// With any number of others who share.
    Shared,
    /// With nobody.
    Alone,
}

/// The held lock; dropping it lets go.
#[derive(Debug)]
pub struct Hold {
    _file: Option<File>,
    _session: Option<DatabaseConnection>,
}

/// Takes the instance, or says who is in the way. Never waits.
pub async fn take(location: &Location, data: &DataFolder, how: Use) -> anyhow::Result<Hold> {
    let (file, session, taken) = match location {
        Location::File(_) => {
            std::fs::create_dir_all(&data.path)?;
            let file = File::options().create(true).truncate(false).write(true).open(data.file("lock"))?;
            let taken = match how {
                Use::Shared => file.try_lock_shared(),
                Use::Alone => file.try_lock(),
            };
            let taken = match taken {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => false,
                Err(TryLockError::Error(error)) => return Err(error.into()),
            };
            (Some(file), None, taken)
        }
        Location::Postgres(url) => {
            let mut options = ConnectOptions::new(url.expose_secret());
            options.min_connections(1).max_connections(1).idle_timeout(None).max_lifetime(None).sqlx_logging(false);
            let session = sea_orm::Database::connect(options).await?;
            let taken = try_advisory(&session, how).await?;
            (None, Some(session), taken)
        }
    };
    match how {
        _ if taken => Ok(Hold { _file: file, _session: session }),
        Use::Shared => anyhow::bail!("this instance is being filled, restored or copied: try again when that is done"),
        Use::Alone => anyhow::bail!("this instance is in use by another jbl-chat process: stop it first"),
    }
}

async fn try_advisory(session: &DatabaseConnection, how: Use) -> anyhow::Result<bool> {
    let function = match how {
        Use::Shared => "pg_try_advisory_lock_shared",
        Use::Alone => "pg_try_advisory_lock",
    };
    let statement = Statement::from_string(DbBackend::Postgres, format!("SELECT {function}({ADVISORY_KEY})"));
    let row = session.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}
