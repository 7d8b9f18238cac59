//! What a process of this machine takes, as Linux tells it.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

/// In what `stat` counts a process's time: a hundredth of a second, on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// A process to watch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watched(pub(crate) u32);

/// What it took at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Memory that is resident, in KiB.
    pub(crate) memory: i64,
    /// Time on the processors since it began.
    pub(crate) processor: Duration,
    /// How many descriptors are open.
    pub(crate) descriptors: usize,
}

impl Watched {
    pub(crate) fn look(self) -> anyhow::Result<Usage> {
        let at = |file: &str| format!("/proc/{}/{file}", self.0);
        let read = |file: &str| fs::read_to_string(at(file)).with_context(|| at(file));
        let status = read("status")?;
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let memory = memory.trim().trim_end_matches(" kB").parse()?;
        // The name, in brackets, may hold anything; what counts comes after it.
        let stat = read("stat")?;
        let (_, after) = stat.rsplit_once(')').context("no name")?;
        let ticks: u32 = after.split_whitespace().skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
        let descriptors = fs::read_dir(at("fd")).with_context(|| at("fd"))?.count();
        Ok(Usage { memory, processor: TICK * ticks, descriptors })
    }
}
