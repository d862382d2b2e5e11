//! Safety words: 88 bits over the node's own identity key, as eight words that its operator reads to the administrator, in one of the
//! six languages of the OSCE. They cover one key only, so that nobody in between can look for a match between two.

mod lists;

use core::fmt;

use safeconduct_protocol::crypto::{
    hash::{HashLabel, hash},
    sign::VerifyingKey,
};

pub use self::lists::Language;
use self::lists::Typed;
use crate::crockford::bit;

/// How many words.
pub const WORDS: usize = 8;
const BITS_PER_WORD: usize = 11;

/// Why what was typed are no safety words. It is said without knowing which words would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordsRefused {
    /// Not eight.
    #[error("there are {got} words and not {WORDS}")]
    Count {
        /// How many.
        got: usize,
    },
    /// Not a word of the list that the others are of.
    #[error("word {place} is not in the {language} list of safety words; the nearest one there is {nearest}")]
    NotAWord {
        /// Which one, from 1.
        place: usize,
        /// The list that most of the words are of.
        language: Language,
        /// The word of that list that is nearest to what was typed.
        nearest: &'static str,
    },
    /// A word of another language than the others.
    #[error("the words are of two languages: most are {language}, and word {place} is {other}")]
    Mixed {
        /// Which one, from 1.
        place: usize,
        /// The list that most of the words are of.
        language: Language,
        /// The list that this one is of.
        other: Language,
    },
    /// Shortened so that they may be of two languages.
    #[error("the words as they are typed may be {one} or {other}")]
    Ambiguous {
        /// One list.
        one: Language,
        /// Another.
        other: Language,
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
            Self::NotAWord { .. } => "ask for that word to be spelled; type what you hear, not what would fit",
            Self::Mixed { .. } => "ask for that word to be spelled; all eight are in one language",
            Self::Ambiguous { .. } => "type every word whole, not only its beginning",
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

    /// Reads what was typed, in whichever list all the words are of: any case, any spacing, commas too, accents or none; the first
    /// four letters of a word suffice.
    ///
    /// # Errors
    /// [`WordsRefused`].
    pub fn parse(text: &str) -> Result<Self, WordsRefused> {
        let separator = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';' | '-');
        let typed: Vec<&str> = text.split(separator).filter(|word| !word.is_empty()).take(100).collect();
        let got = typed.len();
        let typed: Vec<Typed> = typed.into_iter().map(Typed::new).collect();
        let typed: [Typed; WORDS] = typed.try_into().map_err(|_other| WordsRefused::Count { got })?;
        let read = |language: Language| {
            let mut words = [0; WORDS];
            for (word, typed) in words.iter_mut().zip(&typed) {
                *word = language.number_of(typed)?;
            }
            Some((language, Self(words)))
        };
        let mut fits: Vec<(Language, Self)> = Language::ALL.into_iter().filter_map(read).collect();
        let whole = |(language, _): &(Language, Self)| typed.iter().all(|typed| language.whole(typed).is_some());
        if fits.len() > 1 && fits.iter().any(whole) {
            fits.retain(whole);
        }
        match fits.as_slice() {
            [] => Err(unread(&typed)),
            [(_, words)] => Ok(*words),
            [(one, words), rest @ ..] => match rest.iter().find(|(_, others)| others != words) {
                Some((other, _)) => Err(WordsRefused::Ambiguous { one: *one, other: *other }),
                None => Ok(*words),
            },
        }
    }

    /// The words in English, in order.
    #[must_use]
    pub fn as_words(&self) -> [&'static str; WORDS] {
        self.in_language(Language::English)
    }

    /// The words in a language, in order.
    #[must_use]
    pub fn in_language(&self, language: Language) -> [&'static str; WORDS] {
        self.0.map(|number| language.word(number))
    }
}

/// What is wrong with words that no one list has: judged by the list that most of them are of, the first of several.
fn unread(typed: &[Typed; WORDS]) -> WordsRefused {
    let count = |language: Language| typed.iter().filter(|word| language.number_of(word).is_some()).count();
    let language = Language::ALL.into_iter().rev().max_by_key(|language| count(*language)).unwrap_or(Language::English);
    let missing = (1..).zip(typed).find(|(_, word)| language.number_of(word).is_none());
    // There is one: else the list would have them all.
    let Some((place, word)) = missing else { return WordsRefused::Count { got: WORDS } };
    match Language::ALL.into_iter().find(|other| other.number_of(word).is_some()) {
        Some(other) => WordsRefused::Mixed { place, language, other },
        None => WordsRefused::NotAWord { place, language, nearest: language.nearest(word) },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fold::fold,
        testing::{Actor, Seeded},
    };
    use safeconduct_protocol::{crypto::sign::SigningKey, entropy::Entropy};

    fn key(seed: u64) -> VerifyingKey {
        SigningKey::generate(&mut Seeded::new(seed)).unwrap().verifying_key()
    }

    #[test]
    fn words_are_read_back_in_every_language_and_spelling() {
        for seed in 0..40 {
            let words = SafetyWords::of(&key(seed));
            for language in Language::ALL {
                let text = words.in_language(language).join(" ");
                assert_eq!(SafetyWords::parse(&text), Ok(words), "{text}");
                let loud = format!("  {}\n", text.to_uppercase().replace(' ', ",  "));
                assert_eq!(SafetyWords::parse(&loud), Ok(words), "{loud}");
                assert_eq!(SafetyWords::parse(&fold(&text)), Ok(words), "{text}");
                let short: Vec<String> =
                    words.in_language(language).iter().map(|word| word.chars().take(4).collect()).collect();
                assert_eq!(SafetyWords::parse(&short.join(" ")), Ok(words), "{short:?}");
            }
        }
        assert_ne!(SafetyWords::of(&key(1)), SafetyWords::of(&key(2)));
    }

    #[test]
    fn missing_unknown_and_mixed_words_each_get_their_own_sentence() {
        let text = "zoo zoo zoo zoo zoo zoo zoo";
        assert_eq!(SafetyWords::parse(text), Err(WordsRefused::Count { got: 7 }));
        assert_eq!(SafetyWords::parse(""), Err(WordsRefused::Count { got: 0 }));
        let unknown = |place, nearest| WordsRefused::NotAWord { place, language: Language::English, nearest };
        assert_eq!(SafetyWords::parse(&format!("{text} aba")), Err(unknown(8, "able")));
        assert_eq!(SafetyWords::parse(&format!("zooo {text}")), Err(unknown(1, "zoo")));
        let mixed = WordsRefused::Mixed { place: 3, language: Language::English, other: Language::German };
        assert_eq!(SafetyWords::parse("zoo zoo zwiebel zoo zoo zoo zoo zoo"), Err(mixed));
    }

    #[test]
    fn words_that_may_be_of_two_languages_are_asked_for_whole() {
        // Beginnings of which some are of words in both lists.
        let typed = ["alar", "arti", "auto", "bala", "bana", "basi", "blin", "cafe"];
        let both: Vec<&str> = typed
            .into_iter()
            .filter(|word| {
                let typed = Typed::new(word);
                Language::English.number_of(&typed).is_some() && Language::German.number_of(&typed).is_some()
            })
            .collect();
        let one = both.first().unwrap();
        let text = [*one; WORDS].join(" ");
        assert!(matches!(SafetyWords::parse(&text), Err(WordsRefused::Ambiguous { .. })), "{text}");
    }

    #[test]
    fn a_sentence_about_a_wrong_word_depends_on_what_was_typed_alone() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..20 {
            let right = SafetyWords::of(&key(seed)).as_words();
            let mut wrong = right;
            wrong[3] = "qqqqqqqq";
            let refused = SafetyWords::parse(&wrong.join(" ")).unwrap_err();
            seen.insert(refused.to_string());
        }
        assert_eq!(seen.len(), 1, "{seen:?}");
    }

    #[test]
    fn the_first_word_is_the_first_eleven_bits() {
        let key = Actor::new(4).ik.verifying_key();
        let digest = hash(HashLabel::SafetyWords, &[key.as_bytes()]);
        let first = u16::from_be_bytes([digest[0], digest[1]]) >> 5;
        assert_eq!(SafetyWords::of(&key).as_words()[0], Language::English.word(first));
    }

    /// Trap 66. The words are cut to 20 bits here, so that 2^20 tries are what 2^88 are for all eight.
    const CUT_BITS: u32 = 20;
    /// Keys that somebody in between tries.
    const TRIES: u32 = 1 << CUT_BITS;

    fn cut(digest: [u8; 32]) -> u32 {
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> (32 - CUT_BITS)
    }

    /// Bytes that stand for a key that somebody in between makes up.
    fn made_up(side: u8, number: u32) -> [u8; 32] {
        let mut key = [side; 32];
        key[..4].copy_from_slice(&number.to_be_bytes());
        key
    }

    #[test]
    fn a_middle_that_grinds_finds_a_match_between_words_over_two_keys_and_none_for_words_over_one() {
        let (mut node, mut authority) = ([0; 32], [0; 32]);
        let random = &mut Seeded::new(66);
        random.fill(&mut node).unwrap();
        random.fill(&mut authority).unwrap();

        // Words over both keys: the node reads H(node, middle), the administrator expects H(other, authority). The middle may
        // choose both of its keys, and looks for a match between two lists: 2^10 keys a side are as many pairs as 2^20 tries.
        let both = |one: &[u8; 32], other: &[u8; 32]| cut(hash(HashLabel::SafetyWords, &[one, other]));
        let tries = 1 << (CUT_BITS / 2 + 2);
        let heard: std::collections::BTreeSet<u32> = (0..tries).map(|n| both(&node, &made_up(1, n))).collect();
        let expected = |n: &u32| heard.contains(&both(&made_up(2, *n), &authority));
        assert!((0..tries).any(|n| expected(&n)), "the grinder must find what it is known to find");

        // Ours: the words read are those of the node's own key, which the middle does not choose. As few tries as found a match
        // there find none here, nor would 2^20 with words of 88 bits: it needs a second preimage.
        let words = |key: &[u8; 32]| hash(HashLabel::SafetyWords, &[key]);
        let read = words(&node);
        assert!(!(0..tries).any(|n| cut(words(&made_up(3, n))) == cut(read)));
        assert!(!(0..TRIES).any(|n| words(&made_up(3, n))[..11] == read[..11]));
    }

    #[test]
    fn words_whole_in_one_language_are_of_it_though_they_begin_others_and_a_log_shows_none() {
        // Whole French words, each of which also begins one German word.
        let both: Vec<&str> = (0..2048)
            .map(|number| Language::French.word(number))
            .filter(|word| {
                let typed = Typed::new(word);
                Language::German.whole(&typed).is_none() && Language::German.number_of(&typed).is_some()
            })
            .collect();
        let text = [*both.first().unwrap(); WORDS].join(" ");
        assert_eq!(SafetyWords::parse(&text).map(|words| words.in_language(Language::French).join(" ")), Ok(text));
        assert_eq!(format!("{:?}", SafetyWords::of(&key(1))), "SafetyWords");
    }
}
