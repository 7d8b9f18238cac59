//! Clients that vanish, and clients that never read: what the real binary keeps of them, which is nothing.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::join_all;

use crate::support::chat::PASSWORD;
use crate::support::database::Database;
use crate::support::hangup::{deaf_socket, deaf_stream, many, vanish};
use crate::support::person::Person;
use crate::support::program::{Serving, command, run_with, serve};
use crate::support::within;

/// Longer than a server takes to notice on a busy machine that somebody is gone, or has not read for too long.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many vanish before anything is measured: what is kept for good, such as caches, is there by then.
const WARM_UP: usize = 200;
/// How much more memory may be resident afterwards: allocators keep some pages whatever happens.
const SLACK_KIB: usize = 8 * 1024;
/// How many more files of the database, or connections to it, may be open afterwards.
const OF_DATABASE: usize = 32;

/// What the system keeps for a process.
#[derive(Debug)]
struct Kept {
    /// Connections of clients of the api.
    clients: usize,
    /// All there are: of the database there are more when there is more to do.
    descriptors: usize,
    resident_kib: usize,
}

impl Kept {
    fn by(server: &Serving) -> Self {
        let at = format!("/proc/{}", server.child.id().expect("it runs"));
        let open = fs::read_dir(format!("{at}/fd")).expect("its descriptors");
        // One that is closed between the two looks leads nowhere.
        let open: Vec<PathBuf> = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).collect();
        let status = fs::read_to_string(format!("{at}/status")).expect("the state of a process");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let (_, port) = server.api.url.rsplit_once(':').expect("an address");
        let table = fs::read_to_string(format!("{at}/net/tcp")).expect("the connections of this machine");
        let sockets = accepted_on(port.parse().expect("a port"), &table);
        Self {
            clients: sockets.filter(|socket| open.iter().any(|target| target == socket)).count(),
            descriptors: open.len(),
            resident_kib: resident.trim().trim_end_matches(" kB").parse().expect("a number"),
        }
    }
}

/// The sockets that were accepted on a port, as a descriptor names them.
fn accepted_on(port: u16, table: &str) -> impl Iterator<Item = PathBuf> {
    const LISTENING: &str = "0A";
    let port = format!(":{port:04X}");
    table.lines().skip(1).filter_map(move |line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let accepted = columns[1].ends_with(&port) && columns[3] != LISTENING;
        accepted.then(|| PathBuf::from(format!("socket:[{}]", columns[9])))
    })
}

async fn api_with(names: [&str; 2]) -> (Database, Serving, [Person; 2]) {
    let database = Database::create().await;
    for name in names {
        let add = command(&database, ["user", "add", name, "--password-stdin"]);
        assert_eq!(run_with(add, PASSWORD).await.code, 0);
    }
    let server = serve(&database, &["api"]).await;
    let people = [server.api.log_in(names[0]).await, server.api.log_in(names[1]).await];
    (database, server, people)
}

/// Waits until nobody is connected who was not before.
async fn all_are_gone(server: &Serving, before: &Kept) {
    within(PATIENCE, "the end of their connections", async || Kept::by(server).clients <= before.clients).await;
}

#[tokio::test]
async fn whoever_vanishes_leaves_no_descriptor_and_no_memory_behind() {
    let (_database, server, [ada, grace]) = api_with(["ada", "grace"]).await;
    let quiet = Kept::by(&server);
    vanish(&ada, WARM_UP).await;
    all_are_gone(&server, &quiet).await;

    let before = Kept::by(&server);
    tokio::join!(vanish(&ada, many()), async {
        // Some vanish while they are being told something.
        for number in 0..50 {
            grace.says(&ada, &format!("are you there? {number}")).await;
        }
    });
    all_are_gone(&server, &quiet).await;
    let after = Kept::by(&server);
    eprintln!("{} vanished: before {before:?}, after {after:?}", many());
    assert!(after.descriptors < before.descriptors + OF_DATABASE, "before {before:?}, after {after:?}");
    assert!(after.resident_kib < before.resident_kib + SLACK_KIB, "before {before:?}, after {after:?}");
    assert_eq!(ada.sees(&grace).await.len(), 50);
}

#[tokio::test]
async fn whoever_never_reads_is_cut_off_and_costs_little() {
    const DEAF: usize = 8;
    const MESSAGES: usize = 60;
    /// Each of them asks for every text so many times.
    const TIMES: usize = 8;
    let (_database, server, [ada, grace]) = api_with(["ada", "grace"]).await;
    let long = "\u{1f33b}".repeat(8_000);
    for _ in 0..20 {
        grace.says(&ada, &long).await;
    }
    let before = Kept::by(&server);
    let sockets = join_all((0..DEAF).map(|_| deaf_socket(&ada))).await;
    let streams = join_all((0..DEAF).map(|_| deaf_stream(&ada))).await;
    let mut most = 0;
    for _ in 0..MESSAGES {
        grace.says(&ada, &long).await;
        most = most.max(Kept::by(&server).resident_kib);
    }
    // What they have not read, if it were held for each of them.
    let all = 2 * DEAF * MESSAGES * TIMES * long.len() / 1_024;
    eprintln!("{DEAF} sockets and {DEAF} streams unread, {all} KiB: before {before:?}, at most {most} KiB");
    assert!(most < before.resident_kib + all / 3, "{all} KiB unread: before {before:?}, at most {most} KiB");
    all_are_gone(&server, &before).await;
    drop((sockets, streams));
    assert_eq!(ada.sees(&grace).await.len(), 20 + MESSAGES);
}
