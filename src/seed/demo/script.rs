//! How the demo's conversations are written down, and how they become messages with authors and times.
//!
//! ```text
//! -- 2d 3h        what follows was said two days and three hours ago
//! ada: Good morning!
//! grace: A message,
//! | and its second line
//! ```

use anyhow::Context as _;
use api::clock::Millis;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// A conversation.
#[derive(Debug)]
pub(super) struct Talk {
    /// Between whom, by username.
    pub(super) between: [&'static str; 2],
    /// How many messages at its end have not been read by the one who did not write them.
    pub(super) unread: usize,
    /// What was said.
    pub(super) script: &'static str,
}

/// One message.
#[derive(Debug)]
pub(super) struct Line {
    /// Who wrote it, by username.
    pub(super) author: &'static str,
    /// Who it is for.
    pub(super) reader: &'static str,
    /// The text.
    pub(super) text: String,
    /// When.
    pub(super) at: Millis,
}

impl Talk {
    /// Reads the script, as of a time.
    pub(super) fn lines(&self, now: Millis) -> anyhow::Result<Vec<Line>> {
        let (mut lines, mut at) = (Vec::<Line>::new(), now);
        for row in self.script.lines().filter(|row| !row.is_empty()) {
            if let Some(age) = row.strip_prefix("-- ") {
                at = now - read_age(age)?;
            } else if let Some(more) = row.strip_prefix('|') {
                let line = lines.last_mut().context("the script begins with a second line")?;
                line.text.push('\n');
                line.text.push_str(more.strip_prefix(' ').unwrap_or(more));
            } else {
                let (name, text) = row.split_once(": ").with_context(|| format!("nobody says “{row}”"))?;
                let [one, other] = self.between;
                let (author, reader) = if name == one { (one, other) } else { (other, one) };
                anyhow::ensure!(name == author, "{name} is not in this conversation");
                at += pause(lines.len(), text);
                lines.push(Line { author, reader, text: text.to_owned(), at });
            }
        }
        Ok(lines)
    }
}

fn read_age(text: &str) -> anyhow::Result<Millis> {
    let one = |part: &str| {
        let unit = [('d', DAY), ('h', HOUR), ('m', MINUTE)].into_iter().find(|(letter, _)| part.ends_with(*letter));
        let (letter, unit) = unit.with_context(|| format!("“{part}” is no length of time"))?;
        Ok(part.trim_end_matches(letter).parse::<Millis>()? * unit)
    };
    text.split_whitespace().map(one).sum()
}

/// How long somebody thinks and types before a message is sent: no two alike, always the same.
fn pause(index: usize, text: &str) -> Millis {
    let typing = 60 * Millis::try_from(text.chars().count()).unwrap_or(0);
    let thinking = 7_919 * Millis::try_from(index).unwrap_or(0) % 31_000;
    4_000 + thinking + typing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_becomes_messages_with_times() {
        let talk = Talk {
            between: ["ada", "grace"],
            unread: 0,
            script: "-- 1d 2h 3m\ngrace: one\n| two\n|  three\nada: four: five",
        };
        let now = 2 * DAY;
        let lines = talk.lines(now).unwrap();
        assert_eq!((lines[0].author, lines[0].reader, lines[0].text.as_str()), ("grace", "ada", "one\ntwo\n three"));
        assert_eq!((lines[1].author, lines[1].reader, lines[1].text.as_str()), ("ada", "grace", "four: five"));
        let begins = now - DAY - 2 * HOUR - 3 * MINUTE;
        assert!(begins < lines[0].at && lines[0].at < lines[1].at && lines[1].at < begins + 2 * MINUTE);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for script in ["-- 3w\nada: hi", "alan: hi", "just words", "| more"] {
            assert!(Talk { between: ["ada", "grace"], unread: 0, script }.lines(0).is_err(), "{script}");
        }
    }
}
