//! What people live through: domain words only, and beside each thing that works the thing that must not.

mod catching_up;
mod connections;
mod cursors;
mod direct;
mod disabled;
mod drafts;
mod feed;
mod group;
mod idempotency;
mod isolation;
mod listening;
mod order;
mod people;
mod sessions;
mod typing;
mod unread;
