//! Parses, starts telemetry, dispatches; nothing else.

use std::process::ExitCode;

use clap::Parser as _;
use jbl_chat::command::Cli;
use jbl_chat::telemetry;

fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start(&cli.log);
    cli.run()
}
