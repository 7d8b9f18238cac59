//! The load driver: many made-up people at once, through the public contract and nothing else. What it finds goes to standard
//! output as a table, what it does meanwhile to standard error.
//!
//! This is a measuring instrument, not a test: it asserts no time. Its exit code is 1 only when messages were lost, doubled,
//! out of order or with the wrong people, whatever the load.

mod crowd;
mod ledger;
mod live;
mod person;
mod report;
mod stream;
mod usage;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Puts load on a running api, and says how it bore it
#[derive(Debug, Parser)]
#[command(name = "bench", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    load: Load,
}

#[derive(Debug, Subcommand)]
enum Load {
    /// People who listen while others write to them: from send to receipt, and what each stream costs
    #[command(after_long_help = EXAMPLE)]
    Live(live::Live),
}

const EXAMPLE: &str = "\
Everybody has to be made up: only their password is known here. An example:

  jbl-chat seed --data /tmp/load --users 1000 --messages 20000 --seed 1
  jbl-chat api --data /tmp/load &
  cargo run --release -p bench -- live --pid $! --streams 1000 --rate 100 --seconds 30

What the api keeps of hashing so many passwords hides what the streams take. For their memory, keep the sessions, start the
api anew, and measure then:

  cargo run --release -p bench -- live --sessions /tmp/load/sessions --seconds 1
  kill %1; wait; jbl-chat api --data /tmp/load &
  cargo run --release -p bench -- live --sessions /tmp/load/sessions --pid $!";

#[tokio::main]
async fn main() -> ExitCode {
    // There is no https here, but the HTTP client wants to know who would do it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Cli { load: Load::Live(live) } = Cli::parse();
    match live.run().await {
        Ok(report) => {
            say(&report);
            if report.is_right() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            tell(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn say(report: &report::Report) {
    println!("{report}");
}

/// What is going on, for whoever waits.
#[expect(clippy::print_stderr, reason = "there is no log: this is a tool for a terminal")]
fn tell(sentence: &str) {
    eprintln!("{sentence}");
}
