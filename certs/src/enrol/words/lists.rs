//! The word lists: one in each language of the OSCE, 2048 words each (`certs/src/enrol/lists/SOURCES.md`).

use core::fmt;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::fold::fold;

/// Letters of a word that tell it from all others of its list; a shorter word must be typed whole.
const TELLING_LETTERS: usize = 4;

/// A language that safety words are read in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
    /// German.
    German,
    /// Italian.
    Italian,
    /// Russian.
    Russian,
    /// Spanish.
    Spanish,
}

/// A word as it is written, and folded.
struct Word {
    text: &'static str,
    folded: String,
}

static LISTS: LazyLock<[Vec<Word>; 6]> = LazyLock::new(|| {
    Language::ALL.map(|language| language.text().lines().map(|text| Word { text, folded: fold(text) }).collect())
});

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::English, Self::French, Self::German, Self::Italian, Self::Russian, Self::Spanish];

    /// Three letters (ISO 639-3).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "eng",
            Self::French => "fra",
            Self::German => "deu",
            Self::Italian => "ita",
            Self::Russian => "rus",
            Self::Spanish => "spa",
        }
    }

    /// Its English name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "French",
            Self::German => "German",
            Self::Italian => "Italian",
            Self::Russian => "Russian",
            Self::Spanish => "Spanish",
        }
    }

    /// The language of this code: three letters or two, in any case.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == code || language.two_letters() == code)
    }

    /// The language of a locale such as `de_AT.UTF-8`; none where there is no list for it.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        Self::from_code(locale.split(['_', '.', '@', '-', ':']).next().unwrap_or_default())
    }

    const fn two_letters(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
            Self::Italian => "it",
            Self::Russian => "ru",
            Self::Spanish => "es",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::English => include_str!("../lists/english.txt"),
            Self::French => include_str!("../lists/french.txt"),
            Self::German => include_str!("../lists/german.txt"),
            Self::Italian => include_str!("../lists/italian.txt"),
            Self::Russian => include_str!("../lists/russian.txt"),
            Self::Spanish => include_str!("../lists/spanish.txt"),
        }
    }

    fn words(self) -> &'static [Word] {
        let place = Self::ALL.iter().position(|language| *language == self);
        place.and_then(|place| LISTS.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The word of this number; empty past the last, 2047.
    pub(super) fn word(self, number: u16) -> &'static str {
        self.words().get(usize::from(number)).map_or("", |word| word.text)
    }

    /// The number of a word: the whole word, or a beginning of it with at least four letters that no other word has; in any case,
    /// with accents or without.
    pub(super) fn number_of(self, typed: &Typed) -> Option<u16> {
        self.whole(typed).or_else(|| self.beginning(typed))
    }

    /// The number of a word that was typed whole.
    pub(super) fn whole(self, typed: &Typed) -> Option<u16> {
        number(self.words().iter().position(|word| word.folded == typed.folded))
    }

    fn beginning(self, typed: &Typed) -> Option<u16> {
        if typed.folded.chars().count() < TELLING_LETTERS {
            return None;
        }
        let begins = |word: &Word| word.folded.starts_with(&typed.folded);
        let only = |fits: &dyn Fn(&Word) -> bool| {
            let mut places = self.words().iter().enumerate().filter(|(_, word)| fits(word)).map(|(place, _)| place);
            places.next().filter(|_| places.next().is_none())
        };
        // Where the accents decide, they are looked at.
        number(only(&begins).or_else(|| only(&|word| begins(word) && word.text.starts_with(&typed.text))))
    }

    /// The word of the list that is nearest to what was typed; the first of several.
    pub(super) fn nearest(self, typed: &Typed) -> &'static str {
        let nearest = self.words().iter().min_by_key(|word| strsim::osa_distance(&typed.folded, &word.folded));
        nearest.map_or("", |word| word.text)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that was typed.
pub(super) struct Typed {
    /// Small letters in form C.
    text: String,
    folded: String,
}

impl Typed {
    /// Takes as many letters as the longest word has, and some more.
    pub(super) fn new(text: &str) -> Self {
        let short: String = text.chars().take(32).collect();
        Self { text: short.to_lowercase().nfc().collect(), folded: fold(&short) }
    }
}

fn number(place: Option<usize>) -> Option<u16> {
    place.and_then(|place| u16::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_list_has_2048_words_in_form_c_that_are_told_apart_also_when_folded() {
        for language in Language::ALL {
            let words = language.words();
            assert_eq!(words.len(), 2048, "{language}");
            let folded: BTreeSet<_> = words.iter().map(|word| word.folded.as_str()).collect();
            assert_eq!(folded.len(), 2048, "{language}");
            for word in words {
                assert_eq!(word.text.nfc().collect::<String>(), word.text);
                assert!((3..=10).contains(&word.text.chars().count()), "{}", word.text);
                assert!(word.text.chars().all(|c| c.is_alphabetic() && c.is_lowercase()), "{}", word.text);
            }
        }
    }

    #[test]
    fn every_word_is_read_whole_by_its_first_four_letters_in_capitals_and_without_accents() {
        for language in Language::ALL {
            for (number, word) in (0..).zip(language.words()) {
                let four: String = word.text.chars().take(4).collect();
                for typed in [word.text.to_owned(), four, word.text.to_uppercase(), word.folded.clone()] {
                    assert_eq!(language.number_of(&Typed::new(&typed)), Some(number), "{typed}");
                }
                let decomposed: String = word.text.nfd().collect();
                assert_eq!(language.number_of(&Typed::new(&decomposed)), Some(number), "{decomposed}");
            }
        }
    }

    #[test]
    fn languages_are_known_by_code_and_locale() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
        assert_eq!(Language::from_code("DE"), Some(Language::German));
        assert_eq!(Language::of_locale("ru_RU.UTF-8"), Some(Language::Russian));
        assert_eq!(Language::of_locale("fr"), Some(Language::French));
        for other in ["C", "C.UTF-8", "POSIX", "", "ro_RO.UTF-8"] {
            assert_eq!(Language::of_locale(other), None, "{other}");
        }
    }
}
