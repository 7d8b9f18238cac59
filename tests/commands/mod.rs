//! The real binary: what its commands do and say, their exit codes, and what survives when it is killed.

mod durability;
mod health;
mod migrate;
mod seed;
mod serve;
mod usage;
mod user;
