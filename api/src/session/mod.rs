//! Sessions: logging in, knowing who asks, logging out. A session really ends: see [`cache`].

pub mod cache;
mod entity;
pub mod graphql;
pub mod live;
pub mod token;

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use secrecy::{ExposeSecret as _, SecretString};

use entity::{ActiveModel, Column, Entity, Model};
use token::Plain;

use crate::app::App;
use crate::clock::Millis;
use crate::error::{Refusal, RefusalCode, Result};
use crate::id::{SessionId, UserId};
use crate::user::{self, password};
use crate::viewer::Viewer;
use crate::{instance, text};

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
/// A session ends this long after its last use.
const IDLE: Millis = 30 * DAY;
/// A session ends this long after its log-in, however it is used.
const LIFETIME: Millis = 90 * DAY;
/// The last use is written at most this often.
const USE_WRITTEN_EVERY: Millis = 10 * MINUTE;
/// The longest name of a device, in characters.
const MAX_DEVICE_NAME: usize = 100;

/// What a log-in gives.
#[derive(Debug)]
pub struct Opened {
    /// Who is now logged in.
    pub viewer: Viewer,
    /// The secret, to be shown once.
    pub token: Plain,
}

/// Opens a session for whoever knows the password. An unknown name, a wrong password and a disabled account are one answer,
/// and take equally long.
pub async fn log_in(app: &App, username: &str, password: SecretString, device: Option<String>) -> Result<Opened> {
    let device_name = device.map(|name| check_device_name(&name)).transpose()?.filter(|name| !name.is_empty());
    let found = user::find(app, username).await?;
    // Longer than any password: not worth hashing, and not told apart either.
    let tried = if password.expose_secret().chars().count() > password::MAX_LENGTH { "".into() } else { password };
    let known = app.passwords.verify(tried, found.as_ref().map(|user| user.password_hash.as_str())).await?;
    let wrong =
        || Refusal::of(RefusalCode::InvalidCredentials, "password", "This username and password do not go together.");
    let user = found.filter(|user| known && user.is_active()).ok_or_else(wrong)?;
    let (token, now) = (Plain::draw()?, app.clock.now());
    let row = Model {
        id: app.ids.next(),
        user_id: user.id,
        token_hash: token.hash().bytes(),
        device_name,
        created_at: now,
        last_used_at: now,
        expires_at: now + IDLE,
    };
    let tx = app.database.begin().await?;
    // Verifying takes long enough for somebody to be disabled, or given another password, meanwhile.
    if !user::is_unchanged(&tx, &user).await? {
        return Err(wrong().into());
    }
    Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(&tx).await?;
    tx.commit().await?;
    tracing::info!(user.id = %user.id, session.id = %row.id, "logged in");
    Ok(Opened { viewer: Viewer::of(&row), token })
}

fn check_device_name(name: &str) -> Result<String> {
    let name = text::normal(name);
    let refuse = |code, sentence: &str| Err(Refusal::of(code, "deviceName", sentence).into());
    if name.chars().count() > MAX_DEVICE_NAME {
        return refuse(RefusalCode::TooLong, "The name of a device has at most 100 characters.");
    }
    if text::forbidden(&name).is_some() {
        return refuse(RefusalCode::Invalid, "The name of a device cannot hold control characters.");
    }
    Ok(name)
}

/// Who holds this token; none when no such session is open.
pub async fn find(app: &App, token: &Plain) -> Result<Option<Viewer>> {
    let hash = token.hash();
    let now = app.clock.now();
    let generation = match app.sessions.find(&hash, now) {
        Ok(viewer) => return Ok(Some(viewer)),
        Err(generation) => generation,
    };
    let row = Entity::find().filter(Column::TokenHash.eq(hash.bytes())).one(app.database.reader()).await?;
    let Some(mut row) = row.filter(|row| row.expires_at > now) else { return Ok(None) };
    if now - row.last_used_at >= USE_WRITTEN_EVERY {
        // It refuses nobody: the next request writes it down.
        if let Err(error) = note_use(app, &mut row, now).await {
            tracing::warn!(%error, "The use of a session was not written down.");
        }
    }
    let viewer = Viewer::of(&row);
    app.sessions.remember(hash, viewer.clone(), generation);
    Ok(Some(viewer))
}

/// When each of these sessions ends; those that have ended already are not among them, unless by their age alone.
async fn ends(app: &App, sessions: impl Iterator<Item = SessionId>) -> Result<HashMap<SessionId, Millis>> {
    let query =
        Entity::find().select_only().columns([Column::Id, Column::ExpiresAt]).filter(Column::Id.is_in(sessions));
    let rows: Vec<(SessionId, Millis)> = query.into_tuple().all(app.database.reader()).await?;
    Ok(rows.into_iter().collect())
}

async fn note_use(app: &App, row: &mut Model, now: Millis) -> Result<()> {
    let expires_at = (now + IDLE).min(row.created_at + LIFETIME);
    let used = ActiveModel { last_used_at: Set(now), expires_at: Set(expires_at), ..Default::default() };
    Entity::update_many().set(used).filter(Column::Id.eq(row.id)).exec(app.database.writer()).await?;
    (row.last_used_at, row.expires_at) = (now, expires_at);
    Ok(())
}

/// Ends the viewer's session, or all sessions of the viewer. Says how many ended.
pub async fn log_out(app: &App, viewer: &Viewer, all: bool) -> Result<u64> {
    let tx = app.database.begin().await?;
    let ended = if all {
        end_all(&tx, viewer.user_id).await?
    } else {
        let ended = Entity::delete_many().filter(Column::Id.eq(viewer.session_id)).exec(&tx).await?.rows_affected;
        instance::raise_session_epoch(&tx).await?;
        ended
    };
    tx.commit().await?;
    app.sessions.forget_all();
    tracing::info!(user.id = %viewer.user_id, ended, "logged out");
    Ok(ended)
}

/// Ends every session of a person, inside the transaction that gives the reason.
pub async fn end_all(tx: &DatabaseTransaction, user: UserId) -> Result<u64> {
    let ended = Entity::delete_many().filter(Column::UserId.eq(user)).exec(tx).await?.rows_affected;
    instance::raise_session_epoch(tx).await?;
    Ok(ended)
}

/// Deletes sessions that ended by their age. They were refused already; this only frees the space.
pub async fn sweep(app: &App) -> Result<u64> {
    let ended = Entity::delete_many().filter(Column::ExpiresAt.lte(app.clock.now()));
    Ok(ended.exec(app.database.writer()).await?.rows_affected)
}

impl Viewer {
    fn of(row: &Model) -> Self {
        Self { user_id: row.user_id, session_id: row.id, expires_at: row.expires_at, last_used_at: row.last_used_at }
    }

    /// Whether the session is still open and its use need not be written down yet.
    fn is_fresh(&self, now: Millis) -> bool {
        now < self.expires_at && now - self.last_used_at < USE_WRITTEN_EVERY
    }
}
