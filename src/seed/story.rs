//! Who writes to whom, and when: talk after talk, each between two people who take turns as people do. A few write very much.

use api::clock::Millis;
use rand::RngExt as _;
use rand::rngs::ChaCha12Rng;

use super::text;
use super::tongue::{self, Tongue};

/// When the story begins: the morning of 5 January 2026. A fixed time, since the same seed gives the same data for ever.
pub(super) const BEGINNING: Millis = 1_767_600_000_000;
/// How long it lasts, however many messages are in it.
const LENGTH: Millis = 300 * 24 * 60 * 60 * 1_000;
/// Nobody takes longer than this to go on within a talk.
const LONGEST_PAUSE: Millis = 90_000;
/// The most messages in one talk.
const LONGEST_TALK: u64 = 60;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Which of the people wrote it.
    pub(super) author: usize,
    /// Which of them it is for.
    pub(super) reader: usize,
    /// The text.
    pub(super) text: String,
    /// When it was sent: later than the line before.
    pub(super) at: Millis,
}

/// Lines without end; the planned number of them fills the time.
#[derive(Debug)]
pub(super) struct Story {
    chance: ChaCha12Rng,
    tongues: Vec<&'static Tongue>,
    planned: u64,
    told: u64,
    now: Millis,
    talk: Talk,
}

#[derive(Debug, Clone, Copy)]
struct Talk {
    author: usize,
    reader: usize,
    left: u64,
}

impl Story {
    /// A story of at least two people, known by the language they grew up with.
    pub(super) fn new(chance: ChaCha12Rng, tongues: Vec<&'static Tongue>, planned: u64) -> Self {
        let silence = Talk { author: 0, reader: 0, left: 0 };
        Self { chance, tongues, planned: planned.max(1), told: 0, now: BEGINNING, talk: silence }
    }

    /// The time between two messages if they were evenly spread. No pause is longer, so no talk runs into the next.
    fn pace(&self) -> Millis {
        (LENGTH / Millis::try_from(self.planned).unwrap_or(LENGTH)).max(1)
    }

    fn begin_talk(&mut self) {
        let (author, reader) = self.pair();
        // Mostly short: a length up to a length.
        let longest = self.chance.random_range(1..=LONGEST_TALK);
        self.talk = Talk { author, reader, left: self.chance.random_range(1..=longest) };
        self.now = BEGINNING + self.pace() * Millis::try_from(self.told).unwrap_or(Millis::MAX);
    }

    /// Most talks are between people drawn with a preference for the first; one in six is between a few steady pairs, each
    /// with half as many as the one before, so that some threads are very long.
    fn pair(&mut self) -> (usize, usize) {
        let people = self.tongues.len();
        if self.chance.random_ratio(1, 6) {
            let first = 2 * self.chance.random::<u32>().trailing_zeros() as usize;
            if first + 1 < people {
                return (first, first + 1);
            }
        }
        let one = self.busy(people);
        let other = self.busy(people - 1);
        (one, if other < one { other } else { other + 1 })
    }

    /// Somebody, the more likely the earlier they stand.
    fn busy(&mut self, people: usize) -> usize {
        let somebody = self.chance.random_range(0..people);
        let earlier = self.chance.random_range(0..=somebody);
        self.chance.random_range(0..=earlier)
    }

    /// People who share a language use it; others write English, and now and then their own.
    fn tongue(&mut self) -> &'static Tongue {
        let (own, other) = (self.tongues[self.talk.author], self.tongues[self.talk.reader]);
        if std::ptr::eq(own, other) || self.chance.random_ratio(1, 5) { own } else { tongue::shared() }
    }
}

impl Iterator for Story {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.talk.left == 0 {
            self.begin_talk();
        } else if self.chance.random_ratio(3, 5) {
            (self.talk.author, self.talk.reader) = (self.talk.reader, self.talk.author);
        }
        self.talk.left -= 1;
        self.told += 1;
        self.now += self.chance.random_range(1..=self.pace().min(LONGEST_PAUSE));
        let tongue = self.tongue();
        let text = text::write(&mut self.chance, tongue);
        Some(Line { author: self.talk.author, reader: self.talk.reader, text, at: self.now })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rand::SeedableRng as _;

    use super::*;

    fn story(seed: u64, people: usize, planned: u64) -> Vec<Line> {
        let mut chance = ChaCha12Rng::seed_from_u64(seed);
        let tongues = (0..people).map(|_| tongue::any(&mut chance)).collect();
        Story::new(chance, tongues, planned).take(usize::try_from(planned).unwrap()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_story_and_another_gives_another() {
        assert_eq!(story(7, 30, 500), story(7, 30, 500));
        assert_ne!(story(7, 30, 500), story(8, 30, 500));
    }

    #[test]
    fn time_goes_forward_and_stays_within_the_story() {
        for planned in [1, 20, 5_000] {
            let lines = story(1, 30, planned);
            assert!(lines.windows(2).all(|pair| pair[0].at < pair[1].at));
            assert!(lines.iter().all(|line| (BEGINNING..=BEGINNING + LENGTH).contains(&line.at)));
        }
    }

    #[test]
    fn nobody_writes_to_themselves_and_two_people_are_enough() {
        for people in [2, 3, 40] {
            let lines = story(2, people, 2_000);
            assert!(lines.iter().all(|line| line.author != line.reader && line.author.max(line.reader) < people));
        }
    }

    #[test]
    fn a_few_threads_are_long_and_most_are_short() {
        let mut threads: HashMap<(usize, usize), usize> = HashMap::new();
        for line in story(3, 1_000, 50_000) {
            *threads.entry((line.author.min(line.reader), line.author.max(line.reader))).or_default() += 1;
        }
        let mut lengths: Vec<usize> = threads.into_values().collect();
        lengths.sort_unstable();
        let (median, longest) = (lengths[lengths.len() / 2], lengths[lengths.len() - 1]);
        assert!(longest > 2_000 && median < 40, "median {median}, longest {longest}");
    }
}
