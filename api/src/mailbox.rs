//! A mailbox: all copies of one recipient, and the counter that numbers everything that happens to them.
//!
//! The row's lock covers that person's participants and messages: it is taken before any of them is touched and held to the
//! commit, so change numbers become visible in their order.

use std::collections::{BTreeSet, HashMap};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

use crate::database::Database;
use crate::error::{Error, Result};
use crate::id::UserId;

/// The row of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailboxes")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The newest change number given out.
    pub last_change: i64,
    /// Changes up to this one can no longer be told: rows were purged.
    pub floor: i64,
}

/// Joins that SeaORM makes from here: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Makes empty mailboxes for new people.
pub async fn open(tx: &DatabaseTransaction, people: &[UserId]) -> Result<()> {
    let rows = people.iter().map(|&user| ActiveModel { user_id: Set(user), last_change: Set(0), floor: Set(0) });
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// How far a mailbox has come: the bound of a look into its feed, to be taken before the rows are read.
pub async fn last_change(database: &Database, user: UserId) -> Result<i64> {
    column(database, user, Column::LastChange).await
}

/// Up to which change a mailbox can no longer tell: to be read after the rows, since they may be purged meanwhile.
pub async fn floor(database: &Database, user: UserId) -> Result<i64> {
    column(database, user, Column::Floor).await
}

async fn column(database: &Database, user: UserId, column: Column) -> Result<i64> {
    let found = Entity::find_by_id(user).select_only().column(column).into_tuple().one(database.reader()).await?;
    found.ok_or_else(|| Error::internal("a person without a mailbox"))
}

/// Mailboxes that a transaction has moved on, each with its newest change: to be told to the bus once it is committed.
#[must_use = "who listens is to be woken after the commit"]
#[derive(Debug, Default)]
pub struct Moved(pub Vec<(UserId, i64)>);

/// Locked mailboxes, from which change numbers are taken.
#[derive(Debug)]
pub struct Locked(HashMap<UserId, Model>);

/// Locks mailboxes, always in the order of their ids.
pub async fn lock(tx: &DatabaseTransaction, people: &BTreeSet<UserId>) -> Result<Locked> {
    let rows = Entity::find()
        .filter(Column::UserId.is_in(people.iter().copied()))
        .order_by_asc(Column::UserId)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await?;
    Ok(Locked(rows.into_iter().map(|row| (row.user_id, row)).collect()))
}

impl Locked {
    /// The next change number of a mailbox.
    pub fn next_change(&mut self, user: UserId) -> Result<i64> {
        let row = self.0.get_mut(&user).ok_or_else(|| Error::internal("a mailbox was not locked"))?;
        row.last_change += 1;
        Ok(row.last_change)
    }

    /// Writes the counters back, all in one statement.
    pub async fn save(self, tx: &DatabaseTransaction) -> Result<Moved> {
        let moved = self.0.values().map(|row| (row.user_id, row.last_change)).collect();
        let rows = self.0.into_values().map(|row| ActiveModel {
            user_id: Set(row.user_id),
            last_change: Set(row.last_change),
            floor: Set(row.floor),
        });
        let update = OnConflict::column(Column::UserId).update_column(Column::LastChange).to_owned();
        Entity::insert_many(rows).on_conflict(update).exec_without_returning(tx).await?;
        Ok(Moved(moved))
    }
}
