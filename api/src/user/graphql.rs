//! People in GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, dataloader};

use super::{Place, User};
use crate::conversation::graphql::{ConversationObject, PlaceIn};
use crate::error::Error;
use crate::graphql::{Asked as _, Connection, Counted, Edge, Lookup, Paging, page_cost};
use crate::id::{ConversationId, UserId};
use crate::page::Page;

const DEFAULT_PAGE: i32 = 30;
/// The longest search, in characters: longer than any name.
const MAX_SEARCH: usize = 120;

impl dataloader::Loader<UserId> for Lookup {
    type Value = User;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, User>, Arc<Error>> {
        let users = super::find_many(&self.app, ids).await?;
        Ok(users.into_iter().map(|user| (user.id, user)).collect())
    }
}

/// A person.
#[derive(Debug, Clone)]
pub struct UserObject(User);

impl From<User> for UserObject {
    fn from(user: User) -> Self {
        Self(user)
    }
}

/// A person.
#[Object(name = "User")]
impl UserObject {
    /// The id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What they log in with: lower case, unique, never changed.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// What others see.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Whether they can log in and be written to.
    async fn is_active(&self) -> bool {
        self.0.is_active()
    }

    /// The viewer's direct conversation with them; null until somebody has written. Reading never creates it.
    async fn direct_conversation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ConversationObject>> {
        let id = ConversationId::direct(ctx.viewer()?.user_id, self.0.id);
        Ok(ctx.loader()?.load_one(PlaceIn(id)).await?.map(ConversationObject::from))
    }

    /// The id that the viewer's direct conversation with them has, or will have once somebody has written.
    async fn direct_conversation_id(&self, ctx: &Context<'_>) -> async_graphql::Result<ID> {
        Ok(ConversationId::direct(ctx.viewer()?.user_id, self.0.id).into())
    }
}

/// Look-ups of people.
#[derive(Debug, Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// Everyone but the viewer, by name; disabled people are left out.
    #[graphql(complexity = "page_cost(first, last, DEFAULT_PAGE, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Keep those with a name or username in which some word begins with each of these words; \
                          case, accents and width do not matter.")]
        search: Option<String>,
        #[graphql(desc = "The first so many, 1 to 100; 30 when neither this nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Counted<UserObject>> {
        let (app, viewer) = (ctx.app()?, ctx.viewer()?);
        let page = Paging { first, after, last, before }.page(Page::first(30))?;
        if search.as_ref().is_some_and(|search| search.chars().count() > MAX_SEARCH) {
            return Err(Error::BadRequest(format!("`search` has at most {MAX_SEARCH} characters")).into());
        }
        let search = search.as_deref();
        let slice = super::list(app, viewer.user_id, search, &page).await?;
        let total = match ctx.look_ahead().field("totalCount").exists() {
            true => Some(super::count(app, viewer.user_id, search).await?),
            false => None,
        };
        let edges = slice.map(|user| Edge::new(&Place::of(&user), UserObject(user)));
        Ok(Counted { page: Connection::of(edges), total })
    }

    /// The person with this username, active or not; null when there is none.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The username; case does not matter.")] username: String,
    ) -> async_graphql::Result<Option<UserObject>> {
        ctx.viewer()?;
        Ok(super::find(ctx.app()?, &username).await?.map(UserObject))
    }
}
