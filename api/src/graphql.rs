//! The schema, put together from the nouns, and what every resolver is given. No rule lives here.

mod connection;
mod instance;
mod node;
mod refusal;
mod scalar;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, HashMapCache};
use async_graphql::{Context, MergedObject, MergedSubscription, Request};

pub use connection::{Connection, Counted, Edge, Paging, page_cost};
pub use node::{NodeObject, NodeQuery};
pub use refusal::{Payload, UserError, settle};
pub use scalar::DateTime;

use crate::app::App;
use crate::conversation::draft::graphql::DraftMutation;
use crate::conversation::graphql::{ConversationMutation, ConversationQuery};
use crate::conversation::typing::graphql::TypingMutation;
use crate::error::{Error, Result};
use crate::event;
use crate::event::graphql::{EventQuery, EventSubscription};
use crate::http::Validation;
use crate::id::UserId;
use crate::message::graphql::MessageMutation;
use crate::session::graphql::{SessionMutation, SessionQuery};
use crate::user::graphql::UserQuery;
use crate::viewer::Viewer;

/// How long a loader waits for others to ask for the same kind of row.
const LOADER_DELAY: Duration = Duration::from_micros(200);

/// Everything that can be asked.
#[derive(Debug, MergedObject, Default)]
pub struct Query(SessionQuery, instance::InstanceQuery, NodeQuery, UserQuery, ConversationQuery, EventQuery);

/// Everything that can be done; each takes one `input` and answers with its own payload.
#[derive(Debug, MergedObject, Default)]
pub struct Mutation(SessionMutation, MessageMutation, ConversationMutation, DraftMutation, TypingMutation);

/// Everything that can be listened to.
#[derive(Debug, MergedSubscription, Default)]
pub struct Subscription(EventSubscription);

/// The product's schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema, ready to execute requests that went through [`ask`].
#[must_use]
pub fn schema() -> Schema {
    builder().extension(Validation).finish()
}

/// The contract in SDL, as `schema.graphql` at the root of the repository has it.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl()
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
}

/// Prepares a request: who asks, where their feed is, and the loaders that gather what it needs. One that `listens`, a
/// subscription, reads through connections that are there for streams.
pub async fn ask(request: Request, app: &App, viewer: Option<Viewer>, listens: bool) -> Result<Request> {
    // Fields are resolved at the same time as each other. Read by one of them, the cursor could be newer than what the rest
    // of the answer shows, and what lies between would be missed. A subscription is answered before it runs: it begins with
    // what happens after that answer.
    let database = if listens { app.database.for_streams() } else { app.database.clone() };
    let app = App { database, ..app.clone() };
    let cursor = match &viewer {
        Some(viewer) if listens || request.query.contains("eventCursor") => {
            Some(event::newest(&app, viewer.user_id).await?)
        }
        _ => None,
    };
    let asking = Asking(Arc::new(Mutex::new(Asker { viewer, cursor })));
    let lookup = Lookup { app: app.clone(), asking: asking.clone() };
    let loader = DataLoader::with_cache(lookup, tokio::spawn, HashMapCache::default()).delay(LOADER_DELAY);
    Ok(request.data(app).data(asking).data(loader))
}

/// Who is asking. `login` turns nobody into somebody, for the rest of its own answer.
#[derive(Debug, Clone)]
struct Asking(Arc<Mutex<Asker>>);

#[derive(Debug, Clone)]
struct Asker {
    viewer: Option<Viewer>,
    /// Where their feed was before anything else was read.
    cursor: Option<event::Cursor>,
}

impl Asking {
    fn asker(&self) -> Asker {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Where the loaders look; each noun says in its `graphql.rs` how it is loaded.
#[derive(Debug)]
pub struct Lookup {
    /// Where the rows are.
    pub app: App,
    asking: Asking,
}

impl Lookup {
    /// Whose mailbox is looked into.
    pub fn viewer_id(&self) -> Result<UserId> {
        self.asking.asker().viewer.map(|viewer| viewer.user_id).ok_or(Error::Unauthenticated)
    }
}

/// Gathers look-ups of one request.
pub type Loader = DataLoader<Lookup, HashMapCache>;

/// What resolvers take from their context.
pub trait Asked {
    /// Everything a rule needs.
    fn app(&self) -> async_graphql::Result<&App>;
    /// Who asks; nobody is `UNAUTHENTICATED`.
    fn viewer(&self) -> async_graphql::Result<Viewer>;
    /// Who asks, if anybody.
    fn maybe_viewer(&self) -> async_graphql::Result<Option<Viewer>>;
    /// The rest of this answer is for whoever has just logged in, and whose feed is at this cursor.
    fn become_viewer(&self, viewer: Viewer, cursor: event::Cursor) -> async_graphql::Result<()>;
    /// Where the viewer's feed was before anything else of this answer was read.
    fn event_cursor(&self) -> async_graphql::Result<event::Cursor>;
    /// The loaders.
    fn loader(&self) -> async_graphql::Result<&Loader>;
}

impl Asked for Context<'_> {
    fn app(&self) -> async_graphql::Result<&App> {
        self.data()
    }

    fn viewer(&self) -> async_graphql::Result<Viewer> {
        Ok(self.maybe_viewer()?.ok_or(Error::Unauthenticated)?)
    }

    fn maybe_viewer(&self) -> async_graphql::Result<Option<Viewer>> {
        Ok(self.data::<Asking>()?.asker().viewer)
    }

    fn become_viewer(&self, viewer: Viewer, cursor: event::Cursor) -> async_graphql::Result<()> {
        let asker = Asker { viewer: Some(viewer), cursor: Some(cursor) };
        *self.data::<Asking>()?.0.lock().unwrap_or_else(PoisonError::into_inner) = asker;
        Ok(())
    }

    fn event_cursor(&self) -> async_graphql::Result<event::Cursor> {
        let cursor = self.data::<Asking>()?.asker().cursor;
        Ok(cursor.ok_or_else(|| Error::internal("the cursor of the feed was not read beforehand"))?)
    }

    fn loader(&self) -> async_graphql::Result<&Loader> {
        self.data()
    }
}
