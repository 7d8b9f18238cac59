//! People: adding them, finding them, disabling them. They are made from the command line; nobody registers.

mod entity;
pub mod graphql;
pub mod name;
pub mod password;

use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, Order, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use secrecy::SecretString;

pub use entity::{Column, Entity, Model as User};

use crate::app::App;
use crate::error::{Error, Refusal, RefusalCode, Result};
use crate::id::UserId;
use crate::page::{Cursor, Page, Slice};
use crate::{mailbox, session};
use name::{DisplayName, Username};

/// Somebody to be added.
#[derive(Debug)]
pub struct NewUser {
    /// What they log in with.
    pub username: Username,
    /// What others see.
    pub display_name: DisplayName,
    /// A hash made by [`password::Passwords`].
    pub password_hash: String,
}

/// Where a page of people begins or ends: the place of one person in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place(String, uuid::Uuid);

impl Cursor for Place {
    const LIST: &'static str = "users";
}

impl Place {
    /// The place of a person.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self(user.search_key.clone(), user.id.0)
    }
}

/// Adds a person with a password of their own choice.
pub async fn add(app: &App, username: &str, display_name: &str, password: SecretString) -> Result<UserId> {
    let (username, display_name) = (Username::parse(username)?, DisplayName::parse(display_name)?);
    password::check(&password, app.config.password_min_length)?;
    let password_hash = app.passwords.hash(password).await?;
    let username_shown = username.as_str().to_owned();
    let added = add_many(app, vec![NewUser { username, display_name, password_hash }]).await?;
    added.first().copied().ok_or_else(|| {
        let sentence = format!("There is somebody called {username_shown} already.");
        Refusal::of(RefusalCode::AlreadyExists, "username", sentence).into()
    })
}

/// Adds people whose passwords are hashed already, each with an empty mailbox. Those whose username is taken are left out.
pub async fn add_many(app: &App, people: Vec<NewUser>) -> Result<Vec<UserId>> {
    let now = app.clock.now();
    let rows = people.into_iter().map(|person| entity::ActiveModel {
        id: Set(app.ids.next()),
        search_key: Set(name::search_key(&person.display_name, &person.username)),
        username: Set(person.username.as_str().to_owned()),
        display_name: Set(person.display_name.as_str().to_owned()),
        password_hash: Set(person.password_hash),
        created_at: Set(now),
        deactivated_at: Set(None),
    });
    let tx = app.database.begin().await?;
    let taken = OnConflict::column(Column::Username).do_nothing().to_owned();
    let added = Entity::insert_many(rows).on_conflict(taken).exec_with_returning(&tx).await?;
    let ids: Vec<UserId> = added.into_iter().map(|user| user.id).collect();
    mailbox::open(&tx, &ids).await?;
    tx.commit().await?;
    Ok(ids)
}

/// The person with this username, active or not.
pub async fn find(app: &App, username: &str) -> Result<Option<User>> {
    let Ok(username) = Username::parse(username) else { return Ok(None) };
    Ok(Entity::find().filter(Column::Username.eq(username.as_str())).one(app.database.reader()).await?)
}

/// Whether the account is still as it was when it was read, and stays so until the transaction ends: still active, still with
/// the same password.
pub async fn is_unchanged(tx: &DatabaseTransaction, user: &User) -> Result<bool> {
    let now = Entity::find_by_id(user.id).lock(LockType::Share).one(tx).await?;
    Ok(now.is_some_and(|now| now.is_active() && now.password_hash == user.password_hash))
}

/// The people with these ids, in no order.
pub async fn find_many(app: &App, ids: &[UserId]) -> Result<Vec<User>> {
    Ok(Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(app.database.reader()).await?)
}

/// A page of everyone active but the viewer, by name; `search` keeps those with a word that begins with each of its words.
pub async fn list(app: &App, viewer: UserId, search: Option<&str>, page: &Page<Place>) -> Result<Slice<User>> {
    let place = || Expr::tuple([Expr::col(Column::SearchKey), Expr::col(Column::Id)]);
    let at = |Place(key, id): &Place| Expr::tuple([Expr::value(key.as_str()), Expr::value(*id)]);
    let mut query = Entity::find().filter(others(viewer, search)).limit(page.limit());
    if let Some(after) = &page.after {
        query = query.filter(place().gt(at(after)));
    }
    if let Some(before) = &page.before {
        query = query.filter(place().lt(at(before)));
    }
    let order = page.order(Order::Asc);
    let query = query.order_by(Column::SearchKey, order.clone()).order_by(Column::Id, order);
    Ok(page.slice(query.all(app.database.reader()).await?))
}

/// How many people [`list`] goes through.
pub async fn count(app: &App, viewer: UserId, search: Option<&str>) -> Result<u64> {
    Ok(Entity::find().filter(others(viewer, search)).count(app.database.reader()).await?)
}

fn others(viewer: UserId, search: Option<&str>) -> Condition {
    let everyone = Condition::all().add(Column::Id.ne(viewer)).add(Column::DeactivatedAt.is_null());
    let Some(search) = search.filter(|search| !search.trim().is_empty()) else { return everyone };
    let mut words = name::words(search).peekable();
    if words.peek().is_none() {
        // Only punctuation: no name begins with it.
        return everyone.add(Expr::value(false));
    }
    words.fold(everyone, |people, word| {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        people.add(Column::SearchKey.like(LikeExpr::new(format!("% {word}%")).escape('\\')))
    })
}

/// Gives somebody a new password and ends all their sessions.
pub async fn change_password(app: &App, username: &str, password: SecretString) -> Result<()> {
    let user = known(app, username).await?;
    password::check(&password, app.config.password_min_length)?;
    let hash = app.passwords.hash(password).await?;
    set_and_end_sessions(app, user.id, entity::ActiveModel { password_hash: Set(hash), ..Default::default() }).await
}

/// Disables a person: their sessions end, nobody can write to them; what others received from them stays.
pub async fn disable(app: &App, username: &str) -> Result<()> {
    let user = known(app, username).await?;
    let disabled = entity::ActiveModel { deactivated_at: Set(Some(app.clock.now())), ..Default::default() };
    set_and_end_sessions(app, user.id, disabled).await
}

/// Lets a disabled person log in and be written to again.
pub async fn enable(app: &App, username: &str) -> Result<()> {
    let user = known(app, username).await?;
    set_and_end_sessions(app, user.id, entity::ActiveModel { deactivated_at: Set(None), ..Default::default() }).await
}

/// Everyone, by username: for the operator.
pub async fn all(app: &App) -> Result<Vec<User>> {
    Ok(Entity::find().order_by_asc(Column::Username).all(app.database.reader()).await?)
}

/// Whether nobody has been added yet; disabled people count.
pub async fn is_nobody_here(app: &App) -> Result<bool> {
    Ok(Entity::find().one(app.database.reader()).await?.is_none())
}

async fn known(app: &App, username: &str) -> Result<User> {
    let nobody =
        || Refusal::of(RefusalCode::NotFound, "username", format!("There is nobody called {}.", username.trim()));
    find(app, username).await?.ok_or_else(|| Error::from(nobody()))
}

async fn set_and_end_sessions(app: &App, user: UserId, change: entity::ActiveModel) -> Result<()> {
    let tx = app.database.begin().await?;
    Entity::update_many().set(change).filter(Column::Id.eq(user)).exec(&tx).await?;
    session::end_all(&tx, user).await?;
    tx.commit().await?;
    app.sessions.forget_all();
    Ok(())
}
