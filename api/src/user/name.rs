//! What people are called: the username they log in with, the name others see, and the folded form that finds and orders them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::error::{Refusal, RefusalCode, Result};
use crate::text;

/// The longest username, in characters.
pub const MAX_USERNAME: usize = 32;
/// The longest display name, in characters.
pub const MAX_DISPLAY_NAME: usize = 80;

/// A valid username: 1 to 32 of `a`–`z`, `0`–`9`, `.`, `_`, `-`, beginning with a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads a new username; capitals are folded.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim().to_lowercase();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
        if name.len() > MAX_USERNAME {
            let sentence = format!("A username has at most {MAX_USERNAME} characters.");
            return Err(Refusal::of(RefusalCode::TooLong, "username", sentence).into());
        }
        let begins_well = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if !begins_well || !name.bytes().all(plain) {
            let sentence =
                "A username begins with a letter or digit and has only a-z, 0-9, dot, underscore and hyphen.";
            return Err(Refusal::of(RefusalCode::Invalid, "username", sentence).into());
        }
        Ok(Self(name))
    }

    /// The username as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A valid display name: 1 to 80 characters on one line, something visible, nothing that turns the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a display name; white space within it is folded to single spaces.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text::normal(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let refuse = |code, sentence: String| Err(Refusal::of(code, "displayName", sentence).into());
        if !text::is_visible(&name) {
            return refuse(RefusalCode::Empty, "A name has at least one visible character.".to_owned());
        }
        if name.chars().count() > MAX_DISPLAY_NAME {
            return refuse(RefusalCode::TooLong, format!("A name has at most {MAX_DISPLAY_NAME} characters."));
        }
        if text::forbidden(&name).is_some() || name.chars().any(text::is_direction_override) {
            return refuse(RefusalCode::Invalid, "A name cannot hold control characters.".to_owned());
        }
        Ok(Self(name))
    }

    /// The name as others see it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the people list is ordered by and searched in: a space, then the folded words of both names, with a space between
/// them. A search term matches the start of any word.
#[must_use]
pub fn search_key(name: &DisplayName, username: &Username) -> String {
    let mut key = String::new();
    for word in words(name.as_str()).chain(words(username.as_str())) {
        key.push(' ');
        key.push_str(&word);
    }
    key
}

/// The folded words of a text: case, accents and width do not matter, nor does punctuation between words.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|char: char| char.is_whitespace() || char.is_control() || is_punctuation(char))
        .map(fold)
        .filter(|word| !word.is_empty())
}

/// Upper case first, so that `ß` meets `SS` and both sigmas meet; NFKD last takes accents off and makes wide letters narrow.
fn fold(word: &str) -> String {
    word.nfkd()
        .filter(|&char| !is_combining_mark(char) && !is_apostrophe(char))
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .map(without_stroke)
        .nfkd()
        .collect()
}

/// Letters whose stroke Unicode does not take apart, though people type the plain letter.
fn without_stroke(char: char) -> char {
    match char {
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        other => other,
    }
}

/// ASCII punctuation, and Unicode's general punctuation (dashes, quotes, dots). An apostrophe joins rather than parts: who
/// looks for O'Neill types it with one, with the other one, or without.
fn is_punctuation(char: char) -> bool {
    !is_apostrophe(char) && is_ascii_or_general_punctuation(char)
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | 'ʼ')
}

fn is_ascii_or_general_punctuation(char: char) -> bool {
    char.is_ascii_punctuation() || matches!(char, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, username: &str) -> String {
        search_key(&DisplayName::parse(name).unwrap(), &Username::parse(username).unwrap())
    }

    #[test]
    fn case_accents_width_and_strokes_fold_away() {
        assert_eq!(key("José Ångström", "jose"), " jose angstrom jose");
        assert_eq!(key("ＡＤＡ Weiß", "ada.w"), " ada weiss ada w");
        assert_eq!(key("Miles O’Neill", "miles"), key("Miles O'Neill", "miles"));
        assert_eq!(key("O'Neill", "on"), " oneill on");
        assert_eq!(key("Søren Łukasz", "s-l"), " soren lukasz s l");
        assert_eq!(key("ΟΔΥΣΣΕΎΣ", "o"), key("οδυσσεύς", "o"));
    }

    #[test]
    fn usernames_are_plain_and_lower_case() {
        assert_eq!(Username::parse(" Ada.L-1 ").unwrap().as_str(), "ada.l-1");
        for bad in ["", ".ada", "a b", "é", "a/b", &"a".repeat(33)] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_show_something_and_hide_nothing() {
        assert_eq!(DisplayName::parse("  Ada \n Lovelace ").unwrap().as_str(), "Ada Lovelace");
        for bad in ["", "\u{200B}", "a\u{202E}b", "a\0", &"a".repeat(81)] {
            assert!(DisplayName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
