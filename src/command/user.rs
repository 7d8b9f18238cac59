//! `user`: people from the command line, by the same rules as the api. It works beside a running server.

use std::io::{IsTerminal as _, Read as _};

use anyhow::Context as _;
use api::app::App;
use api::clock::Clock;
use api::config::{Config, DataFolder};
use api::user;
use clap::{Args, Subcommand};
use secrecy::SecretString;

use super::{Outcome, say};

/// The longest line that is read as a password, in bytes: any password of 256 characters fits.
const LONGEST_LINE: u64 = 4_096;

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person
    #[command(
        after_help = "Example: pass show chat/ada | jbl-chat user add ada --display-name 'Ada Lovelace' --password-stdin"
    )]
    Add {
        /// What they log in with: a-z, 0-9, dot, underscore and hyphen
        name: String,
        /// What others see [default: the username]
        #[arg(long)]
        display_name: Option<String>,
        #[command(flatten)]
        password: Password,
        #[command(flatten)]
        settings: Settings,
    },
    /// List everyone, by username
    List(Settings),
    /// Change somebody's password and end their sessions
    Passwd {
        /// Their username
        name: String,
        #[command(flatten)]
        password: Password,
        #[command(flatten)]
        settings: Settings,
    },
    /// Disable somebody: their sessions end, nobody can write to them, others keep what they received
    Disable {
        /// Their username
        name: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Let somebody who was disabled log in again
    Enable {
        /// Their username
        name: String,
        #[command(flatten)]
        settings: Settings,
    },
}

/// Which database.
#[derive(Debug, Args)]
pub struct Settings {
    #[command(flatten)]
    config: Config,
}

/// Where the password comes from: never from the command line itself, which others can read.
#[derive(Debug, Args)]
pub struct Password {
    /// Read one line of UTF-8 from standard input instead of asking
    #[arg(long)]
    password_stdin: bool,
}

impl User {
    /// Does it.
    pub(super) async fn run(self, data: &DataFolder) -> anyhow::Result<Outcome> {
        match self {
            Self::Add { name, display_name, password, settings } => {
                let display_name = display_name.unwrap_or_else(|| name.clone());
                let app = settings.open(data).await?;
                user::add(&app, &name, &display_name, password.read()?).await?;
                say(format_args!("added {}", name.to_lowercase()));
            }
            Self::List(settings) => {
                for user in user::all(&settings.open(data).await?).await? {
                    let state = if user.is_active() { "active" } else { "disabled" };
                    say(format_args!("{}\t{state}\t{}", user.username, user.display_name));
                }
            }
            Self::Passwd { name, password, settings } => {
                let app = settings.open(data).await?;
                user::change_password(&app, &name, password.read()?).await?;
                say(format_args!("changed the password of {name} and ended their sessions"));
            }
            Self::Disable { name, settings } => {
                user::disable(&settings.open(data).await?, &name).await?;
                say(format_args!("disabled {name} and ended their sessions"));
            }
            Self::Enable { name, settings } => {
                user::enable(&settings.open(data).await?, &name).await?;
                say(format_args!("enabled {name}"));
            }
        }
        Ok(Outcome::Done)
    }
}

impl Settings {
    async fn open(self, data: &DataFolder) -> anyhow::Result<App> {
        App::open(self.config, data, Clock::machine()).await
    }
}

impl Password {
    fn read(&self) -> anyhow::Result<SecretString> {
        if self.password_stdin {
            return read_line(std::io::stdin().lock());
        }
        anyhow::ensure!(std::io::stdin().is_terminal(), "no terminal to ask for the password: use --password-stdin");
        let once = rpassword::prompt_password("Password: ")?;
        let again = rpassword::prompt_password("Again: ")?;
        anyhow::ensure!(once == again, "the two were not the same");
        Ok(once.into())
    }
}

fn read_line(input: impl std::io::Read) -> anyhow::Result<SecretString> {
    let mut bytes = Vec::new();
    input.take(LONGEST_LINE).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).context("the password is not UTF-8")?;
    let line = text.split('\n').next().unwrap_or_default();
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}
