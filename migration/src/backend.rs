//! What differs between SQLite and PostgreSQL: how text that orders is compared, where rows live, how a trigger is written.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// A text column whose order is that of its bytes on both databases: keyset pages must not depend on a server's locale.
pub fn ordered_text(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name).text().not_null().take();
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// Keeps the rows of `table` inside its primary key on SQLite, so that a range of the key is one run of pages.
/// PostgreSQL has no such tables.
pub fn clustered(manager: &SchemaManager<'_>, table: &mut TableCreateStatement) -> TableCreateStatement {
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table.take()
}

/// A rule that the database itself keeps: an UPDATE of `table` for which `refused` holds fails with `sentence`.
#[derive(Debug)]
pub struct Guard {
    /// Name of the trigger, unique in the schema.
    pub name: &'static str,
    /// The table it watches.
    pub table: &'static str,
    /// The columns whose change wakes it, separated by commas.
    pub columns: &'static str,
    /// A condition over OLD and NEW in SQL that both databases read alike (`IS DISTINCT FROM` is).
    pub refused: &'static str,
    /// What the error says.
    pub sentence: &'static str,
}

impl Guard {
    /// Writes the trigger.
    pub async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let Self { name, table, columns, refused, sentence } = self;
        let sql = match manager.get_database_backend() {
            DbBackend::Postgres => format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ \
                 BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$; \
                 CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} \
                 FOR EACH ROW WHEN ({refused}) EXECUTE FUNCTION {name}();"
            ),
            _ => format!(
                "CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} \
                 FOR EACH ROW WHEN {refused} BEGIN SELECT RAISE(ABORT, '{sentence}'); END;"
            ),
        };
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    /// Takes the trigger away again.
    pub async fn drop(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let Self { name, table, .. } = self;
        let sql = match manager.get_database_backend() {
            DbBackend::Postgres => format!("DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"),
            _ => format!("DROP TRIGGER {name};"),
        };
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}
