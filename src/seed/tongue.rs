//! The languages of made-up people: what they are called in them and what they say. By script, one file each.

mod cyrillic_and_greek;
mod latin;
mod right_to_left;
mod syllabic;

use rand::RngExt as _;
use rand::rngs::ChaCha12Rng;

/// A language.
#[derive(Debug)]
pub(super) struct Tongue {
    /// Given names, each as it is written and as it looks in a username: `Zoë/zoe`.
    pub(super) given: &'static str,
    /// Family names, or what comes after the given name.
    pub(super) family: &'static str,
    /// Which of the two comes first.
    pub(super) order: Order,
    /// What is between the two.
    pub(super) between_names: &'static str,
    /// What is between sentences.
    pub(super) between_sentences: &'static str,
    /// Sentences; `{n}` stands for a number.
    pub(super) phrases: &'static [&'static str],
}

/// The order of a full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Zoë Moreau.
    GivenFirst,
    /// 林美雨.
    FamilyFirst,
}

const ALL: [&Tongue; 16] = [
    &latin::ENGLISH,
    &latin::FRENCH,
    &latin::GERMAN,
    &latin::SPANISH,
    &latin::POLISH,
    &latin::VIETNAMESE,
    &cyrillic_and_greek::RUSSIAN,
    &cyrillic_and_greek::UKRAINIAN,
    &cyrillic_and_greek::GREEK,
    &right_to_left::ARABIC,
    &right_to_left::HEBREW,
    &syllabic::HINDI,
    &syllabic::THAI,
    &syllabic::CHINESE,
    &syllabic::JAPANESE,
    &syllabic::AMHARIC,
];

impl Tongue {
    /// Both names in the order of the language.
    pub(super) fn full_name(&self, given: &str, family: &str) -> String {
        let between = self.between_names;
        match self.order {
            Order::GivenFirst => format!("{given}{between}{family}"),
            Order::FamilyFirst => format!("{family}{between}{given}"),
        }
    }
}

/// Some language: every fourth time the one that all share.
pub(super) fn any(chance: &mut ChaCha12Rng) -> &'static Tongue {
    if chance.random_ratio(1, 4) { shared() } else { ALL[chance.random_range(0..ALL.len())] }
}

/// The language of people who have no other in common.
pub(super) fn shared() -> &'static Tongue {
    &latin::ENGLISH
}

/// The names of a list: as written, and as in a username.
pub(super) fn names(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.split_whitespace().filter_map(|name| name.split_once('/'))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use api::message::body::Body;

    use super::*;

    #[test]
    fn every_name_has_its_plain_form() {
        for list in ALL.iter().flat_map(|tongue| [tongue.given, tongue.family]) {
            let found: Vec<_> = names(list).collect();
            assert_eq!(found.len(), list.split_whitespace().count(), "{list}");
            let plain: HashSet<_> = found.iter().map(|(_, plain)| plain).collect();
            assert!(
                plain.len() >= 8 && plain.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase())),
                "{list}"
            );
        }
    }

    #[test]
    fn every_phrase_is_a_text_in_its_normal_form() {
        for tongue in ALL {
            assert!(tongue.phrases.len() >= 8);
            for phrase in tongue.phrases {
                assert_eq!(Body::parse(phrase).unwrap().as_str(), *phrase);
            }
        }
    }
}
