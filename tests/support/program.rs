//! The real binary, as an operator starts it: with a data folder of its own and no other setting of the machine it runs on.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::database::Database;
use super::person::Api;

/// Longer than any start takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command on a database.
pub(crate) fn command<A: AsRef<OsStr>>(database: &Database, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jbl-chat"));
    command.args(arguments).env_clear().env("JBL_DATA", database.folder()).env("JBL_LOG", "warn").kill_on_drop(true);
    if database.is_postgres() {
        command.env("JBL_DATABASE_URL", database.url());
    }
    command
}

/// Runs a command to its end.
pub(crate) async fn run<A: AsRef<OsStr>>(database: &Database, arguments: impl IntoIterator<Item = A>) -> Ran {
    run_with(command(database, arguments), "").await
}

/// Runs a command to its end, with something to read.
pub(crate) async fn run_with(mut command: Command, input: impl AsRef<[u8]>) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
    let mut stdin = child.stdin.take().expect("its input");
    // A command that does not read may be gone already.
    let _ = stdin.write_all(input.as_ref()).await;
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await.expect("it ends").expect("its output");
    Ran {
        code: output.status.code().expect("no signal ended it"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A server in a process of its own. It is killed when the test ends.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) api: Api,
    /// The operator's listener.
    pub(crate) ops_url: String,
    /// What it printed before it served.
    pub(crate) greeting: Vec<String>,
    /// Kept open, so that it may go on printing.
    _out: Lines<BufReader<ChildStdout>>,
}

/// Starts `api` or `serve` with more arguments, and waits until it is ready.
pub(crate) async fn serve(database: &Database, arguments: &[&str]) -> Serving {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // These two are not printed by every command: they are chosen here.
    let (api, ops) = (free_port(), free_port());
    let mut command = command(database, arguments);
    command.env("JBL_API_LISTEN", format!("127.0.0.1:{api}")).env("JBL_OPS_LISTEN", format!("127.0.0.1:{ops}"));
    command.env("JBL_WEB_LISTEN", "127.0.0.1:0");
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the binary");
    let mut out = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = timeout(PATIENCE, out.next_line()).await.expect("it starts in time").expect("text").expect("it starts");
    let api = Api::at(format!("http://127.0.0.1:{api}"));
    let ops_url = format!("http://127.0.0.1:{ops}");
    super::within(PATIENCE, "its readiness", async || {
        matches!(api.http.get(format!("{ops_url}/readyz")).send().await, Ok(answer) if answer.status().is_success())
    })
    .await;
    let mut greeting = vec![first];
    while let Ok(Ok(Some(line))) = timeout(Duration::from_millis(100), out.next_line()).await {
        greeting.push(line);
    }
    Serving { child, api, ops_url, greeting, _out: out }
}

impl Serving {
    /// The address that follows some words of the greeting.
    pub(crate) fn address(&self, words: &str) -> String {
        let line = self.greeting.iter().find_map(|line| line.strip_prefix(words));
        line.unwrap_or_else(|| panic!("{words:?} is not in {:?}", self.greeting)).trim().to_owned()
    }

    /// Ends it as `kill` does: with time to finish. Answers its exit code.
    #[cfg(unix)]
    pub(crate) async fn stop(mut self) -> Option<i32> {
        let id = self.child.id().expect("it runs").to_string();
        assert!(Command::new("kill").arg(id).status().await.expect("kill").success());
        timeout(PATIENCE, self.child.wait()).await.expect("it ends").expect("its status").code()
    }

    /// Ends it between two instructions.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.expect("killed");
    }
}

/// A port that nobody has at the moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port").port()
}
