//! The product from outside: one test binary, so that it links once.
//!
//! | where | what |
//! |---|---|
//! | [`support`] | the product in process, people who act through its API, a database for each test |
//! | [`stories`] | what people live through, in domain words only |
//! | [`api`] | the contract: schema, errors, limits, pages of lists, isolation |
//! | [`commands`] | the real binary: its commands, and what survives when it is killed |
//! | [`migrations`] | the schema of the database, up and down |
//! | [`browser`] | the pages in a real browser, with scripts and without |
//! | [`web`] | the pages over HTTP, read as HTML |
//! | [`tidy`] | what must hold for the repository itself |
//!
//! Everything runs on SQLite, or on the PostgreSQL server that `JBL_TEST_DATABASE_URL` names: run twice rather than written
//! twice. Where a test needs something that this machine lacks, it says so; with `JBL_TEST_REQUIRE=all` it fails instead.
#![cfg(test)]

mod api;
mod browser;
mod commands;
mod migrations;
mod stories;
mod support;
mod tidy;
mod web;
