//! Every setting of the api: flag, variable, default and help in one place. Nothing else of this crate reads the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

/// The settings of the api.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "api")]
pub struct Config {
    /// The database: `postgres://…`, or `sqlite:///path`; by default the file chat.db in the data folder
    #[arg(long, env = "JBL_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// What this instance is called
    #[arg(id = "instance_name", long = "name", env = "JBL_NAME", default_value = "jbl-chat")]
    pub name: String,
    /// Serve the GraphiQL playground on GET /graphql, and introspection to people who are not logged in
    #[arg(long, env = "JBL_PLAYGROUND")]
    pub playground: bool,
    /// The shortest password that is taken, in characters
    #[arg(long, env = "JBL_PASSWORD_MIN_LENGTH", default_value_t = 15)]
    pub password_min_length: usize,
    /// Connections to the database that read (SQLite) or do all the work (PostgreSQL); live streams have half as many beside them
    #[arg(long, env = "JBL_DATABASE_CONNECTIONS", default_value_t = 8)]
    pub database_connections: u32,
    /// About how often a live stream looks into its mailbox unasked, in milliseconds: the longest that a wake-up which was lost
    /// between processes can delay a message
    #[arg(long, env = "JBL_LOOK_EVERY_MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(10..))]
    pub look_every_ms: u64,
}

impl Config {
    /// [`look_every_ms`](Self::look_every_ms) as a length of time.
    #[must_use]
    pub fn look_every(&self) -> Duration {
        Duration::from_millis(self.look_every_ms)
    }
}

/// The data folder, a setting of every command.
#[derive(Debug, Clone, clap::Args)]
pub struct DataFolder {
    /// The folder for the database files; made when it is not there
    #[arg(id = "data", long = "data", env = "JBL_DATA", default_value = "./data", global = true)]
    pub path: PathBuf,
}

/// Where the api listens.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Listen {
    /// Where the api listens
    #[arg(id = "api_listen", long = "api-listen", env = "JBL_API_LISTEN", default_value = "127.0.0.1:8081")]
    pub address: SocketAddr,
}

impl DataFolder {
    /// A file of the data folder.
    #[must_use]
    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }
}
