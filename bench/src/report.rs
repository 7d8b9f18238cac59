//! What was found, as a table.

use std::fmt;
use std::time::Duration;

use crate::ledger::Findings;
use crate::usage::Usage;

/// Everything there is to say after a run.
#[derive(Debug)]
pub(crate) struct Report {
    /// What was done, in words.
    pub(crate) load: String,
    pub(crate) streams: usize,
    /// How long opening all streams took.
    pub(crate) opening: Duration,
    /// From the first message to the last receipt.
    pub(crate) lasted: Duration,
    pub(crate) findings: Findings,
    /// What the api took; none when nobody said which process it is.
    pub(crate) usage: Option<Usages>,
}

/// What the api took, at three moments.
#[derive(Debug)]
pub(crate) struct Usages {
    /// With everybody logged in and no stream open.
    pub(crate) before: Usage,
    /// With all streams open, before the first message.
    pub(crate) opened: Usage,
    /// After the last receipt, with all streams still open.
    pub(crate) after: Usage,
}

impl Report {
    /// Whether everything came once, in order, to those it was for.
    pub(crate) fn is_right(&self) -> bool {
        let Findings { refused, lost, doubled, misled, disordered, ended, .. } = &self.findings;
        [refused, lost, doubled, misled, disordered, ended].iter().all(|count| **count == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Findings { accepted, received, refused, lost, doubled, misled, disordered, ended, .. } = &self.findings;
        let seconds = self.lasted.as_secs_f64();
        writeln!(out, "{}", self.load)?;
        line(out, "opening all", &format!("{:.2} s", self.opening.as_secs_f64()))?;
        line(
            out,
            "sent",
            &format!("{accepted} in {seconds:.1} s ({:.1}/s), {refused} refused", rate(*accepted, seconds)),
        )?;
        line(out, "received", &format!("{received} ({:.1}/s)", rate(*received, seconds)))?;
        line(
            out,
            "wrong",
            &format!("{lost} lost, {doubled} doubled, {disordered} out of order, {misled} with others"),
        )?;
        line(out, "streams that ended", &ended.to_string())?;
        for problem in &self.findings.problems {
            line(out, "", problem)?;
        }
        writeln!(out, "\n{:<22}{:>9}{:>9}{:>9}{:>9}", "milliseconds", "p50", "p95", "p99", "max")?;
        percentiles(out, "send to answer", &self.findings.to_answer)?;
        percentiles(out, "send to receipt", &self.findings.to_receipt)?;
        let Some(usage) = &self.usage else { return Ok(()) };
        let Usages { before, opened, after } = usage;
        let each = |later: &Usage| mean((later.memory - before.memory) as f64, self.streams);
        let processor = (after.processor - opened.processor).as_secs_f64();
        writeln!(out)?;
        line(out, "memory", &format!("{} KiB, {} with streams, {} after", before.memory, opened.memory, after.memory))?;
        line(out, "memory for each stream", &format!("{:.1} KiB open, {:.1} KiB used", each(opened), each(after)))?;
        line(out, "descriptors", &format!("{}, {} with streams", before.descriptors, opened.descriptors))?;
        line(out, "processor", &format!("{processor:.2} s, {:.0} % of one", 100.0 * processor / seconds.max(0.001)))?;
        line(
            out,
            "",
            &format!(
                "{:.0} µs a message, {:.0} µs a receipt",
                1e6 * mean(processor, *accepted),
                1e6 * mean(processor, *received)
            ),
        )
    }
}

fn line(out: &mut fmt::Formatter<'_>, name: &str, value: &str) -> fmt::Result {
    writeln!(out, "{name:<24}{value}")
}

fn percentiles(out: &mut fmt::Formatter<'_>, name: &str, sorted: &[Duration]) -> fmt::Result {
    write!(out, "{name:<22}")?;
    for hundredths in [50, 95, 99, 100] {
        write!(out, "{:>9.2}", percentile(sorted, hundredths).as_secs_f64() * 1e3)?;
    }
    writeln!(out)
}

/// The smallest value that so many hundredths do not exceed.
fn percentile(sorted: &[Duration], hundredths: usize) -> Duration {
    let rank = (sorted.len() * hundredths).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn rate(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds.max(0.001)
}

fn mean(total: f64, count: usize) -> f64 {
    total / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let sorted: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        let of = |hundredths| percentile(&sorted, hundredths).as_millis();
        assert_eq!((of(50), of(95), of(99), of(100)), (100, 190, 198, 200));
        assert_eq!(percentile(&[], 95), Duration::ZERO);
    }
}
