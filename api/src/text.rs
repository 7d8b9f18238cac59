//! What text may hold, whoever wrote it: the one normal form, and the characters that nobody can see or that break a page.

use unicode_normalization::UnicodeNormalization as _;

/// One spelling for equal text: Unicode NFC, `\n` for every line end, no white space around it.
#[must_use]
pub fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").nfc().collect::<String>().trim().to_owned()
}

/// Whether there is anything for a reader to see.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    !text.chars().all(|char| char.is_whitespace() || char.is_control() || is_blank(char))
}

/// The first character that text must not hold: a control character other than line end and tab, or a code point that Unicode
/// sets apart as never a character.
#[must_use]
pub fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|&char| (char.is_control() && !matches!(char, '\n' | '\t')) || is_noncharacter(char))
}

/// Whether a character turns the direction of what follows it: harmless in a message, a disguise in a name.
#[must_use]
pub fn is_direction_override(char: char) -> bool {
    matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without ink that are not white space: the common part of Unicode's Default_Ignorable_Code_Point, and the blank
/// letters of Hangul and Braille.
fn is_blank(char: char) -> bool {
    matches!(
        char,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

fn is_noncharacter(char: char) -> bool {
    matches!(char, '\u{FDD0}'..='\u{FDEF}') || u32::from(char) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_text_has_one_spelling() {
        assert_eq!(normal("  caf\u{65}\u{301}\r\nau lait\r"), "caf\u{e9}\nau lait");
    }

    #[test]
    fn text_without_ink_is_not_visible() {
        for blank in ["", " \n\t", "\u{200B}\u{200D}", "\u{3164}\u{FEFF}", "\u{2800}"] {
            assert!(!is_visible(blank), "{blank:?}");
        }
        assert!(is_visible("\u{200D}x"));
    }

    #[test]
    fn what_no_page_can_show_is_found() {
        assert_eq!(forbidden("a\0b"), Some('\0'));
        assert_eq!(forbidden("a\u{85}"), Some('\u{85}'));
        assert_eq!(forbidden("a\u{FFFF}"), Some('\u{FFFF}'));
        assert_eq!(forbidden("tab\tand\nline, emoji 👩‍🚀, שלום"), None);
    }
}
