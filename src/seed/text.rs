//! What made-up people write: sentences of a language, put together in the shapes that real messages have.

use rand::RngExt as _;
use rand::rngs::ChaCha12Rng;

use super::tongue::Tongue;

/// Messages without a word.
const EMOJI: [&str; 12] = ["👍", "🎉🎉🎉", "😂", "❤️", "🙏🏾", "👀", "☕️?", "👨‍👩‍👧‍👦", "🇪🇹🇬🇷🇻🇳", "🫠", "🐢💨", "1️⃣ 2️⃣ 3️⃣"];

/// Code and what looks like it: indentation, long lines, characters that mean something to a page.
const CODE: [&str; 7] = [
    "fn main() {\n    let tea = Kettle::new().boil();\n    println!(\"{tea:?}\");\n}",
    "SELECT author_id, count(*)\n  FROM messages\n WHERE created_at > 0\n GROUP BY 1\n ORDER BY 2 DESC;",
    "for host in one two three; do\n\tssh \"$host\" uptime\ndone",
    "<script>alert(\"not today\")</script> & <b>not bold</b>",
    "{\n  \"kettle\": { \"on\": true, \"litres\": 1.5 },\n  \"cups\": [\"ada\", \"grace\", null]\n}",
    "thread 'main' panicked at src/kettle.rs:17:9:\nassertion `left == right` failed: tea is not coffee\n  left: 96\n right: 92",
    "averyveryveryverylongidentifierthatnobodyshouldhavetoreadbutsomebodywrotedownanywaybecausetheycould = None",
];

const LINKS: [&str; 5] = [
    "https://example.org/handbook/kettles?boil=yes&cups=4#safety",
    "http://localhost:8080/u/grace",
    "https://example.com/a/rather/long/path/that/goes/on/and/on/until/nobody/remembers/what/it/was/about/in/the/first/place",
    "https://例え.example/道具/やかん",
    "see https://example.net/notes (page {n}), and the table after it",
];

/// Directions that meet in one line, marks stacked on letters, and forms that fold.
const ODDITIES: [&str; 6] = [
    "The sign says \"شاي ساخن\" and, below it, \"תה חם\", both for {n} cents.",
    "תזכורת: deploy ב-{n}:00, ואז תה.",
    "Z͑a͛l͒g͌o̊ was here, but only a little",
    "ｆｕｌｌ ｗｉｄｔｈ　and half ｶﾀｶﾅ",
    "½ + ⅓ = ⅚, 10⁻³ m = 1 mm, ∀ε>0 ∃δ>0",
    "“Quotes” ‘inside’ «quotes» „everywhere“ 「here too」",
];

/// A message of a person who writes this language.
pub(super) fn write(chance: &mut ChaCha12Rng, tongue: &Tongue) -> String {
    match chance.random_range(0..100) {
        0..5 => phrase(chance, &EMOJI),
        5..8 => phrase(chance, &CODE),
        8..11 => format!("{}\n{}", phrase(chance, tongue.phrases), phrase(chance, &LINKS)),
        11..15 => format!("> {}\n{}", phrase(chance, tongue.phrases), sentences(chance, tongue, 2)),
        15..17 => phrase(chance, &ODDITIES),
        17..20 => list(chance, tongue),
        20..22 => long(chance, tongue),
        _ => sentences(chance, tongue, 3),
    }
}

/// One sentence, or up to so many; one is the most likely.
fn sentences(chance: &mut ChaCha12Rng, tongue: &Tongue, most: usize) -> String {
    let most = chance.random_range(1..=most);
    let count = chance.random_range(1..=most);
    let sentences: Vec<String> = (0..count).map(|_| phrase(chance, tongue.phrases)).collect();
    sentences.join(tongue.between_sentences)
}

fn list(chance: &mut ChaCha12Rng, tongue: &Tongue) -> String {
    let count = chance.random_range(2..=6);
    let items: Vec<String> = (0..count).map(|_| format!("- {}", phrase(chance, tongue.phrases))).collect();
    items.join("\n")
}

/// Paragraphs; the longest are some thousand characters.
fn long(chance: &mut ChaCha12Rng, tongue: &Tongue) -> String {
    let count = chance.random_range(2..=7);
    let paragraphs: Vec<String> = (0..count).map(|_| sentences(chance, tongue, 12)).collect();
    paragraphs.join("\n\n")
}

/// One of these, with a number where it has a place for one.
fn phrase(chance: &mut ChaCha12Rng, phrases: &[&str]) -> String {
    let phrase = phrases[chance.random_range(0..phrases.len())];
    phrase.replace("{n}", &chance.random_range(2..=400).to_string())
}

#[cfg(test)]
mod tests {
    use api::message::body::Body;
    use rand::SeedableRng as _;

    use super::*;
    use crate::seed::tongue;

    #[test]
    fn every_text_is_a_message_as_it_stands() {
        let mut chance = ChaCha12Rng::seed_from_u64(1);
        let mut longest = 0;
        for _ in 0..20_000 {
            let tongue = tongue::any(&mut chance);
            let text = write(&mut chance, tongue);
            let body = Body::parse(&text).unwrap();
            assert_eq!(body.as_str(), text);
            assert!(!text.contains("{n}"), "{text}");
            longest = longest.max(text.chars().count());
        }
        assert!(longest > 1_000, "the longest has {longest} characters");
    }
}
