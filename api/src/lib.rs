//! jbl-chat's GraphQL service: users, conversations, messages, over SQLite or PostgreSQL.
//!
//! One folder a noun: its row (`entity.rs`, private), its rules (`mod.rs`), its GraphQL types (`graphql.rs`).
//!
//! | where | what |
//! |---|---|
//! | [`app`] | everything a rule needs, built once |
//! | [`user`], [`session`], [`conversation`], [`message`], [`event`] | the nouns |
//! | [`mailbox`] | the counter of what happens to one person |
//! | [`viewer`] | who is asking |
//! | [`graphql`] | the schema put together; what its resolvers share |
//! | [`http`] | `POST /graphql`, the document screen, the playground |
//! | [`database`], [`lock`] | opening the database; who has the instance |
//! | [`page`], [`id`], [`text`], [`clock`], [`error`], [`config`] | what every noun uses |
//!
//! Rules take `&App` and who is asking, and know nothing of HTTP. Resolvers only wire. Nothing here knows of web pages.

pub mod app;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod database;
pub mod error;
pub mod event;
pub mod graphql;
pub mod http;
pub mod id;
pub mod instance;
pub mod lock;
pub mod mailbox;
pub mod message;
pub mod page;
pub mod session;
pub mod sweep;
pub mod text;
pub mod user;
pub mod viewer;
