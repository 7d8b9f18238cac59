//! Who there is: as many people as are wanted, with names from many scripts and usernames that nobody else has.

use std::collections::HashMap;

use rand::RngExt as _;
use rand::rngs::ChaCha12Rng;
use rand::seq::IndexedRandom as _;

use super::tongue::{self, Tongue};

/// What a few people add to their name.
const FLOURISHES: [&str; 8] = ["🌻", "🚲", "🎻", "☕", "🐈", "🧭", "👩🏽‍🔬", "🏳️‍🌈"];

/// Whom the log-in page of made-up instances lets in at one press: they are the first of every crowd.
const HOSTS: [(&str, &str); 2] = [("ada", "Ada Lovelace"), ("grace", "Grace Hopper")];

/// Somebody made up.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// What they log in with.
    pub(super) username: String,
    /// What others see.
    pub(super) display_name: String,
    /// The language they grew up with.
    pub(super) tongue: &'static Tongue,
}

/// People without end, the same for the same chance.
#[derive(Debug)]
pub(super) struct Crowd {
    chance: ChaCha12Rng,
    hosts: std::slice::Iter<'static, (&'static str, &'static str)>,
    /// How many people share each username but for the number at its end.
    namesakes: HashMap<String, u64>,
}

impl Crowd {
    /// A crowd of which nobody is there yet.
    pub(super) fn new(chance: ChaCha12Rng) -> Self {
        Self { chance, hosts: HOSTS.iter(), namesakes: HashMap::new() }
    }

    /// No two names without a number are alike, and none of them ends with one: numbers after them keep all apart.
    fn unique(&mut self, plain: String) -> String {
        let namesakes = self.namesakes.entry(plain.clone()).or_default();
        *namesakes += 1;
        if *namesakes == 1 { plain } else { format!("{plain}{namesakes}") }
    }
}

impl Iterator for Crowd {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        if let Some((username, name)) = self.hosts.next() {
            return Some(Person {
                username: (*username).to_owned(),
                display_name: (*name).to_owned(),
                tongue: tongue::shared(),
            });
        }
        let tongue = tongue::any(&mut self.chance);
        let (given, given_ascii) = pick(&mut self.chance, tongue.given)?;
        let (family, family_ascii) = pick(&mut self.chance, tongue.family)?;
        let mut display_name = tongue.full_name(given, family);
        if self.chance.random_ratio(1, 40) {
            let flourish = FLOURISHES.choose(&mut self.chance)?;
            display_name = format!("{display_name} {flourish}");
        }
        let username = self.unique(format!("{given_ascii}.{family_ascii}"));
        Some(Person { username, display_name, tongue })
    }
}

fn pick(chance: &mut ChaCha12Rng, names: &'static str) -> Option<(&'static str, &'static str)> {
    let count = tongue::names(names).count();
    tongue::names(names).nth(chance.random_range(0..count))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use api::user::name::{DisplayName, Username};
    use rand::SeedableRng as _;

    use super::*;

    fn crowd(seed: u64) -> Crowd {
        Crowd::new(ChaCha12Rng::seed_from_u64(seed))
    }

    #[test]
    fn nobody_shares_a_username_and_every_name_is_valid() {
        let people: Vec<Person> = crowd(1).take(20_000).collect();
        let usernames: HashSet<&str> = people.iter().map(|person| person.username.as_str()).collect();
        assert_eq!(usernames.len(), people.len());
        for person in &people {
            assert!(Username::parse(&person.username).is_ok(), "{}", person.username);
            assert!(DisplayName::parse(&person.display_name).is_ok(), "{}", person.display_name);
        }
        let ascii = people.iter().filter(|person| person.display_name.is_ascii()).count();
        assert!(ascii < people.len() / 2, "{ascii} of the names are plain ASCII");
    }

    #[test]
    fn the_same_seed_gives_the_same_people_and_another_gives_others() {
        let names = |seed| crowd(seed).take(50).map(|person| person.display_name).collect::<Vec<_>>();
        assert_eq!(names(7), names(7));
        assert_ne!(names(7), names(8));
    }
}
