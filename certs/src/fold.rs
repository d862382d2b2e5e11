//! Text as people type it: without case, without accents, in any of the forms that Unicode has for the same letters. What is folded is
//! compared and never stored or shown.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A text folded: compatibility form, no marks, small letters, and letters that have no such form spelled with plain ones.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ə' => folded.push('e'),
            // The same sound at a word's end and within it.
            'ς' => folded.push('σ'),
            // Small letters may bring a mark of their own, as that of a capital I with a dot does.
            other if is_combining_mark(other) => {}
            other => folded.push(other),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_forms_of_the_same_letters_are_alike() {
        for (one, other) in [
            ("Élan", "elan"),
            ("E\u{301}lan", "ÉLAN"),
            ("Straße", "STRASSE"),
            ("ёлка", "Елка"),
            ("İstanbul", "istanbul"),
            ("Łódź", "lodz"),
            ("Ðorđe", "dorde"),
            ("ﬁnal", "final"),
            ("ΟΔΟΣ", "οδός"),
            ("Ｈａｒｂｏｕｒ", "harbour"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        assert_ne!(fold("дом"), fold("dom"));
    }

    #[test]
    fn letters_without_a_plain_form_are_spelled_with_plain_ones() {
        for (typed, folded) in [
            ("Ærø", "aero"),
            ("Œuvre", "oeuvre"),
            ("Þórður", "thordur"),
            ("ıslak", "islak"),
            ("Gəncə", "gence"),
            ("Ð đ ð", "d d d"),
            ("ẞ", "ss"),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
        }
    }
}
