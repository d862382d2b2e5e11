//! Safety words: 88 bits over the node's own identity key, as eight words that its operator reads to the administrator.
//! They cover one key only, so that nobody in between can look for a match between two.
//!
//! `english.txt` is the English word list of BIP-39 (2048 words, the first four letters of each unique), as the Python
//! package `mnemonic` 0.21 ships it. Copyright (c) 2013-2016 Pavol Rusnak, MIT licence; see `english.LICENSE`.

use core::fmt;

use safeconduct_protocol::crypto::{
    hash::{HashLabel, hash},
    sign::VerifyingKey,
};

use crate::crockford::bit;

/// How many words.
pub const WORDS: usize = 8;
const BITS_PER_WORD: usize = 11;
/// Letters of a word that tell it from all others; a shorter word must be typed whole.
const TELLING_LETTERS: usize = 4;

static LIST: &str = include_str!("english.txt");

/// Why what was typed are no safety words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordsRefused {
    /// Not eight.
    #[error("there are {got} words and not {WORDS}")]
    Count {
        /// How many.
        got: usize,
    },
    /// Not a word of the list.
    #[error("word {place} is not in the list of safety words")]
    NotAWord {
        /// Which one, from 1.
        place: usize,
    },
}

impl WordsRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Count { .. } => {
                "ask for all eight words again, and type them with spaces between; on a command line in quotes"
            }
            Self::NotAWord { .. } => "ask for that word to be spelled",
        }
    }
}

/// Eight words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SafetyWords([u16; WORDS]);

impl SafetyWords {
    /// The words of an identity key: the first 88 bits of `H("safety-words", IK)`.
    #[must_use]
    pub fn of(ik: &VerifyingKey) -> Self {
        let digest = hash(HashLabel::SafetyWords, &[ik.as_bytes()]);
        let mut words = [0; WORDS];
        for (place, word) in words.iter_mut().enumerate() {
            let first = place.saturating_mul(BITS_PER_WORD);
            *word = (first..first.saturating_add(BITS_PER_WORD))
                .fold(0, |value, at| value << 1 | u16::from(bit(&digest, at)));
        }
        Self(words)
    }

    /// Reads what was typed: any case, any spacing, commas too; the first four letters of a word suffice.
    ///
    /// # Errors
    /// [`WordsRefused`].
    pub fn parse(text: &str) -> Result<Self, WordsRefused> {
        let separator = |c: char| c.is_whitespace() || c == ',' || c == '.' || c == '-';
        let typed: Vec<&str> = text.split(separator).filter(|word| !word.is_empty()).take(100).collect();
        let mut words = [0; WORDS];
        if typed.len() != WORDS {
            return Err(WordsRefused::Count { got: typed.len() });
        }
        for (place, (typed, word)) in typed.iter().zip(&mut words).enumerate() {
            *word = place_of(typed).ok_or_else(|| WordsRefused::NotAWord { place: place.saturating_add(1) })?;
        }
        Ok(Self(words))
    }

    /// The words, in order.
    #[must_use]
    pub fn as_words(&self) -> [&'static str; WORDS] {
        self.0.map(|place| LIST.lines().nth(usize::from(place)).unwrap_or_default())
    }
}

impl fmt::Display for SafetyWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_words().join(" "))
    }
}

impl fmt::Debug for SafetyWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SafetyWords")
    }
}

/// Place of a word in the list: the whole word, or any beginning of it that has at least four letters.
fn place_of(typed: &str) -> Option<u16> {
    let typed = typed.to_lowercase();
    let is_it = |word: &&str| *word == typed || (typed.len() >= TELLING_LETTERS && word.starts_with(&typed));
    let place = LIST.lines().position(|word| is_it(&word))?;
    u16::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Actor;

    #[test]
    fn the_list_has_2048_words_told_apart_by_four_letters() {
        let words: Vec<_> = LIST.lines().collect();
        assert_eq!(words.len(), 2048);
        assert_eq!((words[0], words[2047]), ("abandon", "zoo"));
        let starts: std::collections::BTreeSet<_> = words.iter().map(|word| &word[..word.len().min(4)]).collect();
        assert_eq!(starts.len(), 2048);
        for (place, word) in (0..).zip(&words) {
            assert_eq!(place_of(word), Some(place));
            assert_eq!(place_of(&word[..word.len().min(4)]), Some(place));
        }
    }

    #[test]
    fn words_are_read_back_in_any_spelling() {
        let words = SafetyWords::of(&Actor::new(4).ik.verifying_key());
        let text = words.to_string();
        assert_eq!(SafetyWords::parse(&text), Ok(words));
        assert_eq!(SafetyWords::parse(&format!("  {}\n", text.to_uppercase().replace(' ', ",  "))), Ok(words));
        let short: Vec<_> = text.split(' ').map(|word| &word[..word.len().min(4)]).collect();
        assert_eq!(SafetyWords::parse(&short.join(" ")), Ok(words));
        assert_ne!(SafetyWords::of(&Actor::new(5).ik.verifying_key()), words);
    }

    #[test]
    fn missing_and_unknown_words_are_named() {
        let text = "zoo zoo zoo zoo zoo zoo zoo";
        assert_eq!(SafetyWords::parse(text), Err(WordsRefused::Count { got: 7 }));
        assert_eq!(SafetyWords::parse(""), Err(WordsRefused::Count { got: 0 }));
        assert_eq!(SafetyWords::parse(&format!("{text} aba")), Err(WordsRefused::NotAWord { place: 8 }));
        assert_eq!(SafetyWords::parse(&format!("zoox {text}")), Err(WordsRefused::NotAWord { place: 1 }));
    }

    #[test]
    fn the_first_word_is_the_first_eleven_bits() {
        let key = Actor::new(4).ik.verifying_key();
        let digest = hash(HashLabel::SafetyWords, &[key.as_bytes()]);
        let first = u16::from_be_bytes([digest[0], digest[1]]) >> 5;
        assert_eq!(SafetyWords::of(&key).as_words()[0], LIST.lines().nth(usize::from(first)).unwrap());
    }
}
