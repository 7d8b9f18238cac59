//! The product in process: a database of its own, the api behind a real socket, and the pages where a test asks for them.

use std::sync::Arc;
use std::time::Duration;

use api::app::App;
use api::clock::Clock;
use api::config::Config;
use api::event::bus::Bus;
use api::event::bus::local::Local;
use api::id::{ConversationId, Ids, UserId};
use api::user::NewUser;
use api::user::name::{DisplayName, Username};
use axum::Router;
use jbl_chat::listen;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

use super::database::Database;
use super::person::{Api, Person};

/// The password of everybody in a test.
pub(crate) const PASSWORD: &str = "a quiet harbour at dawn";

/// A running product.
pub(crate) struct Chat {
    /// Its api, for what no client can do: moving the clock, counting statements, disabling people.
    pub(crate) app: App,
    /// The way to its api.
    pub(crate) api: Api,
    /// Where its pages are, without a slash at the end; empty when it was started without them.
    pub(crate) web_url: String,
    /// Where its rows are.
    pub(crate) database: Arc<Database>,
}

impl Chat {
    /// The api alone, on an empty database.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open(Arc::new(Database::create().await), true, change).await
    }

    /// The api on a database that was made before.
    pub(crate) async fn start_on(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        Self::open(Arc::new(database), true, change).await
    }

    /// The api without what it does beside answering, for counting what an answer takes.
    pub(crate) async fn start_alone() -> Self {
        Self::open(Arc::new(Database::create().await), false, |_| {}).await
    }

    /// The api and the pages.
    pub(crate) async fn with_pages() -> Self {
        let mut chat = Self::start().await;
        chat.web_url = chat.serve_pages(None).await;
        chat
    }

    /// Another process' worth of product on the same database: its own caches, its own delivery writer.
    pub(crate) async fn beside(&self) -> Self {
        Self::open(Arc::clone(&self.database), true, |_| {}).await
    }

    /// The api on a bus of the test's own.
    pub(crate) async fn start_on_bus(bus: Arc<dyn Bus>, change: impl FnOnce(&mut Config)) -> Self {
        Self::open_on_bus(Arc::new(Database::create().await), true, bus, change).await
    }

    async fn open(database: Arc<Database>, background: bool, change: impl FnOnce(&mut Config)) -> Self {
        Self::open_on_bus(database, background, Arc::new(Local::default()), change).await
    }

    async fn open_on_bus(
        database: Arc<Database>,
        background: bool,
        bus: Arc<dyn Bus>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut config = database.config();
        change(&mut config);
        let clock = Clock::machine();
        let ids = Ids::random(clock.clone()).expect("ids");
        let app = App::open_with(config, &database.data(), clock, ids, bus).await.expect("the product opens");
        if background {
            app.serve_in_background();
        }
        let url = serve(api::http::router(app.clone())).await;
        Self { api: Api::at(url), app, web_url: String::new(), database }
    }

    /// Serves pages in front of this api, and says where.
    pub(crate) async fn serve_pages(&self, public_url: Option<web::PublicUrl>) -> String {
        self.serve_pages_before(self.api.url.clone(), public_url).await
    }

    /// Serves pages in front of an api at any address, and says where.
    pub(crate) async fn serve_pages_before(&self, api_url: String, public_url: Option<web::PublicUrl>) -> String {
        let config =
            web::Config { listen: ([127, 0, 0, 1], 0).into(), api_url, session_database_url: None, public_url };
        let pages = web::build(config, self.database.folder()).await.expect("the pages open");
        let router = pages.router();
        // The pages' parts live as long as the router does.
        serve(router).await
    }

    /// Adds people, who are called what their usernames say, and logs them in.
    pub(crate) async fn people<const N: usize>(&self, usernames: [&str; N]) -> [Person; N] {
        let mut people = Vec::with_capacity(N);
        for username in usernames {
            people.push(self.person(username, &capitalised(username)).await);
        }
        people.try_into().unwrap_or_else(|_| unreachable!("as many people as names"))
    }

    /// Adds one person and logs them in.
    pub(crate) async fn person(&self, username: &str, display_name: &str) -> Person {
        self.add(username, display_name).await;
        self.api.log_in(username).await
    }

    /// Adds one person, who does not log in.
    pub(crate) async fn add(&self, username: &str, display_name: &str) -> UserId {
        self.add_all([(username.to_owned(), display_name.to_owned())]).await[0]
    }

    /// Adds any number of people quickly: they share one hash of [`PASSWORD`].
    pub(crate) async fn add_all(&self, people: impl IntoIterator<Item = (String, String)>) -> Vec<UserId> {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hash = HASH.get_or_init(|| async { self.app.passwords.hash(PASSWORD.into()).await.expect("a hash") }).await;
        let new = |(username, display_name): (String, String)| NewUser {
            username: Username::parse(&username).expect("a username"),
            display_name: DisplayName::parse(&display_name).expect("a name"),
            password_hash: hash.clone(),
        };
        let mut people = people.into_iter().map(new).peekable();
        let mut ids = Vec::new();
        while people.peek().is_some() {
            let some = people.by_ref().take(1_000).collect();
            ids.extend(api::user::add_many(&self.app, some).await.expect("new people"));
        }
        ids
    }

    /// Disables somebody, as the operator does.
    pub(crate) async fn disable(&self, person: &Person) {
        api::user::disable(&self.app, &person.username).await.expect("somebody to disable");
    }

    /// Lets time pass, for whatever looks at the clock.
    pub(crate) fn later(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// A group, made behind the product's back: people cannot make one yet.
    pub(crate) async fn db_group<const N: usize>(&self, title: &str, people: [&Person; N]) -> Group {
        let id: ConversationId = self.app.ids.next();
        let row = self.database.literal(id);
        let insert = format!("INSERT INTO conversations VALUES ({row}, 'group', '{title}', 0, 0)");
        self.database.db_run(&insert).await.expect("a group");
        let group = Group { id: id.to_string(), row };
        for person in people {
            self.db_join(&group, person).await;
        }
        group
    }

    /// Adds somebody to a group: they receive what is sent from now on, and know of the group.
    pub(crate) async fn db_join(&self, group: &Group, person: &Person) {
        let user = self.database.literal(person.user_id);
        let change = self.db_next_change(&user).await;
        let sql = format!(
            "INSERT INTO participants (conversation_id, user_id, role, joined_at, last_read_position, unread, change) \
             VALUES ({}, {user}, 'member', 0, 0, 0, {change}) \
             ON CONFLICT (conversation_id, user_id) DO UPDATE SET left_at = NULL, left_title = NULL, change = {change}",
            group.row
        );
        self.database.db_run(&sql).await.expect("a participant");
    }

    /// Takes somebody out of a group.
    pub(crate) async fn db_leave(&self, group: &Group, person: &Person) {
        let user = self.database.literal(person.user_id);
        let change = self.db_next_change(&user).await;
        let sql = format!(
            "UPDATE participants SET left_at = 1, change = {change}, \
             left_title = (SELECT title FROM conversations WHERE id = {0}) WHERE conversation_id = {0} AND user_id = {user}",
            group.row
        );
        self.database.db_run(&sql).await.expect("a leaver");
    }

    /// Takes the next change number of a mailbox, by the literal of its holder.
    async fn db_next_change(&self, user: &str) -> i64 {
        let next = format!("UPDATE mailboxes SET last_change = last_change + 1 WHERE user_id = {user}");
        self.database.db_run(&next).await.expect("a mailbox");
        self.database.db_number(&format!("SELECT last_change FROM mailboxes WHERE user_id = {user}")).await
    }
}

/// A group that a test made.
pub(crate) struct Group {
    /// Its public id.
    pub(crate) id: String,
    /// Its key, as SQL writes it.
    pub(crate) row: String,
}

/// Serves a router on a port of its own for as long as the test runs, and says where.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(listen::run(listener, router, listen::MANY_STREAMS, std::future::pending()));
    format!("http://{address}")
}

fn capitalised(username: &str) -> String {
    let (first, rest) = username.split_at(1);
    first.to_uppercase() + rest
}

/// So many days.
pub(crate) fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}

/// So many minutes.
pub(crate) fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}
