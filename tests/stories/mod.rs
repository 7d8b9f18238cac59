//! What people live through: domain words only, and beside each thing that works the thing that must not.

mod direct;
mod disabled;
mod group;
mod idempotency;
mod isolation;
mod order;
mod people;
mod sessions;
mod unread;
