//! What there is to know about this installation before logging in.

use async_graphql::{Context, Object};

use super::Asked as _;
use crate::instance::{self, Model};
use crate::message::body;
use crate::page;

/// The installation.
#[derive(Debug, Default)]
pub(super) struct InstanceQuery;

#[Object]
impl InstanceQuery {
    /// This installation: what it is called, and the limits to obey. Needs no log-in.
    async fn instance(&self, ctx: &Context<'_>) -> async_graphql::Result<InstanceObject> {
        Ok(InstanceObject(instance::get(&ctx.app()?.database).await?))
    }
}

struct InstanceObject(Model);

/// This installation: what it is called, and the limits to obey.
#[Object(name = "Instance")]
impl InstanceObject {
    /// What it is called.
    async fn name<'a>(&self, ctx: &Context<'a>) -> async_graphql::Result<&'a str> {
        Ok(&ctx.data::<crate::app::App>()?.config.name)
    }

    /// The version of the server.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The longest message, in characters (Unicode scalar values).
    async fn max_body_length(&self) -> i32 {
        i32::try_from(body::MAX_LENGTH).unwrap_or(i32::MAX)
    }

    /// The most rows a page may have.
    async fn max_page_size(&self) -> i32 {
        page::MAX_SIZE
    }

    /// Whether its people and messages are made up, with a password that everybody knows.
    async fn is_demo(&self) -> bool {
        self.0.demo
    }
}
