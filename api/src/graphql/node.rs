//! `node` and `nodes`: anything by its id, as far as the viewer may see it.
#![expect(missing_docs, reason = "the derive of an interface writes a method without a description")]

use std::str::FromStr;

use async_graphql::{Context, ID, Interface, Object};

use super::Asked as _;
use crate::conversation::graphql::{ConversationObject, PlaceIn};
use crate::error::Error;
use crate::id::{ConversationId, MessageId, UserId};
use crate::message::graphql::MessageObject;
use crate::page::MAX_SIZE;
use crate::user::graphql::UserObject;

/// Anything with an id.
#[derive(Debug, Interface)]
#[graphql(name = "Node", field(name = "id", ty = "ID", desc = "The id: opaque, and unique in this installation."))]
pub enum NodeObject {
    /// A person.
    User(UserObject),
    /// A conversation the viewer takes part in, or once did.
    Conversation(ConversationObject),
    /// A copy the viewer holds.
    Message(MessageObject),
}

/// Look-ups by id.
#[derive(Debug, Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; null when there is no such thing, or not for the viewer.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
    ) -> async_graphql::Result<Option<NodeObject>> {
        ctx.viewer()?;
        find(ctx, &id).await
    }

    /// Several things by their ids, in the same order, with null for each that is not there or not for the viewer.
    #[graphql(complexity = "1 + ids.len().min(100) * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, at most 100.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<NodeObject>>> {
        ctx.viewer()?;
        if ids.len() > usize::try_from(MAX_SIZE)? {
            return Err(Error::BadRequest(format!("`ids` has at most {MAX_SIZE} ids")).into());
        }
        async_graphql::futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> async_graphql::Result<Option<NodeObject>> {
    let loader = ctx.loader()?;
    Ok(if let Ok(user) = UserId::from_str(id) {
        loader.load_one(user).await?.map(|user| NodeObject::User(user.into()))
    } else if let Ok(conversation) = ConversationId::from_str(id) {
        loader.load_one(PlaceIn(conversation)).await?.map(|place| NodeObject::Conversation(place.into()))
    } else if let Ok(message) = MessageId::from_str(id) {
        loader.load_one(message).await?.map(|message| NodeObject::Message(message.into()))
    } else {
        None
    })
}
