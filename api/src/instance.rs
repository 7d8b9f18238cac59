//! The one row that all processes of an instance share: its epochs, and whether its data is made up.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, QuerySelect as _};

use crate::database::Database;
use crate::error::{Error, Result};
use crate::id::Ids;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instance")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Raised whenever a session ends before its time: whoever remembers sessions looks again.
    pub session_epoch: i64,
    /// Drawn anew when a backup is restored: cursors of before mean nothing then.
    pub feed_epoch: Uuid,
    /// Filled by `serve --demo` or `seed`, with a password that everybody knows.
    pub demo: bool,
}

/// Joins that SeaORM makes from here: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const ONLY_ROW: i32 = 1;

/// Makes the row when it is not there.
pub async fn ensure(database: &Database, ids: &Ids) -> Result<()> {
    let row = ActiveModel { id: Set(ONLY_ROW), session_epoch: Set(1), feed_epoch: Set(ids.next()), demo: Set(false) };
    let keep = OnConflict::column(Column::Id).do_nothing().to_owned();
    Entity::insert(row).on_conflict(keep).exec_without_returning(database.writer()).await?;
    Ok(())
}

/// The row.
pub async fn get(database: &Database) -> Result<Model> {
    let row = Entity::find_by_id(ONLY_ROW).one(database.reader()).await?;
    row.ok_or_else(|| Error::internal("the instance row is missing"))
}

/// Tells every process that a session has ended.
pub async fn raise_session_epoch(tx: &impl ConnectionTrait) -> Result<()> {
    let raised = Expr::col(Column::SessionEpoch).add(1);
    Entity::update_many().col_expr(Column::SessionEpoch, raised).exec(tx).await?;
    Ok(())
}

/// The number that [`raise_session_epoch`] raises.
pub async fn session_epoch(database: &Database) -> Result<i64> {
    let epoch = Entity::find().select_only().column(Column::SessionEpoch).into_tuple().one(database.reader()).await?;
    epoch.ok_or_else(|| Error::internal("the instance row is missing"))
}

/// Marks the data as made up. There is no way back.
pub async fn mark_demo(tx: &impl ConnectionTrait) -> Result<()> {
    Entity::update_many().col_expr(Column::Demo, Expr::value(true)).exec(tx).await?;
    Ok(())
}
