//! The commands: what each one takes, and which file does it.

mod health;
mod migrate;
mod seed;
mod serve;
mod user;

use std::process::ExitCode;

use api::config::DataFolder;
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::telemetry::Log;

/// A messenger that a team, a club or a company runs for itself
#[derive(Debug, Parser)]
#[command(name = "jbl-chat", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What is logged.
    #[command(flatten)]
    pub log: Log,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataFolder,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything in one process: the api on a loopback address, the pages on the public one
    #[command(after_help = "Example: jbl-chat serve --demo")]
    Serve(serve::Serve),
    /// Run only the api, for a cluster
    #[command(after_help = "Example: JBL_DATABASE_URL=postgres://… jbl-chat api --api-listen 0.0.0.0:8081")]
    Api(serve::Api),
    /// Run only the pages, for a cluster
    #[command(after_help = "Example: JBL_API_URL=http://api:8081 jbl-chat web --web-listen 0.0.0.0:8080")]
    Web(serve::Web),
    /// Add, list, disable and enable people, and change their passwords
    #[command(subcommand)]
    User(user::User),
    /// Fill an empty database with made-up people and messages, the same for the same seed
    #[command(after_help = "Example: jbl-chat seed --users 1000 --messages 100000 --seed 7")]
    Seed(seed::Seed),
    /// Bring the database's schema up to date, take it down again, or say where it stands
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Ask a running instance whether it is ready; exits with 3 when it is not
    #[command(after_help = "Example: jbl-chat health http://127.0.0.1:8082")]
    Health(health::Health),
}

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked: exit code 0.
    Done,
    /// It asked an instance that is not ready: exit code 3.
    Unhealthy,
}

impl Cli {
    /// Runs the command to its end. Exit codes: 0 done, 1 failed, 2 wrong usage (clap's), 3 not healthy.
    #[must_use]
    pub fn run(self) -> ExitCode {
        match self.dispatch() {
            Ok(Outcome::Done) => ExitCode::SUCCESS,
            Ok(Outcome::Unhealthy) => ExitCode::from(3),
            Err(error) => {
                say_error(&error);
                ExitCode::FAILURE
            }
        }
    }

    #[tokio::main]
    async fn dispatch(self) -> anyhow::Result<Outcome> {
        // One TLS provider for the whole process; it is set before anything can open a connection.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = self.data;
        match self.command {
            Command::Serve(serve) => serve.run(&data).await,
            Command::Api(api) => api.run(&data).await,
            Command::Web(web) => web.run(&data).await,
            Command::User(user) => user.run(&data).await,
            Command::Seed(seed) => seed.run(&data).await,
            Command::Migrate(migrate) => migrate.run(&data).await,
            Command::Health(health) => health.run().await,
        }
    }
}

/// The whole command tree, for tests that compare it with the documents.
#[must_use]
pub fn tree() -> clap::Command {
    Cli::command()
}

/// A line for the person at the terminal, on standard output.
#[expect(clippy::print_stdout, reason = "commands talk to the person who runs them")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "commands talk to the person who runs them")]
fn say_error(error: &anyhow::Error) {
    eprintln!("jbl-chat: {error:#}");
}
