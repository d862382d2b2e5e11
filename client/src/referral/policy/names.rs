//! The names of a person, found in free text again: without case and marks, as whole words. Inflected and misspelled ones are not found.

use safeconduct_certs::fold::fold;
use safeconduct_protocol::personal::Reveal;
use zeroize::Zeroizing;

use super::lint::is_joiner;
use crate::referral::Referral;

/// Letters of a word that may be a name, at least: shorter ones in Latin letters are words of many languages.
const LATIN_MIN: usize = 3;
/// The same in any other script.
const OTHER_MIN: usize = 2;

/// The words of a person's names, folded. No `Debug`: it is who the person is.
pub(crate) struct Names(Vec<Zeroizing<String>>);

impl Names {
    /// The words of every name field of these versions.
    pub(crate) fn of<'a>(referrals: impl IntoIterator<Item = &'a Referral>) -> Self {
        let mut all = Vec::new();
        let names = referrals.into_iter().filter_map(|one| one.identity.as_ref()).flat_map(|one| one.names.iter());
        for name in names {
            let parts = [name.first_name.as_ref(), name.middle_name.as_ref(), name.second_name.as_ref()];
            for field in parts.into_iter().flatten() {
                all.extend(words(field.reveal(Reveal::ToCheck).as_str()));
            }
            all.extend(words(name.full.reveal(Reveal::ToCheck).as_str()));
        }
        all.retain(|word| tells(word));
        Self(all)
    }

    /// Whether a text holds one of them.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let words = words(text);
        // Scripts that set no space between words have no whole ones: there a name is found within them.
        let holds = |name: &str| {
            let runs_on = name.chars().any(is_unspaced);
            words.iter().any(|word| word.as_str() == name || runs_on && word.contains(name))
        };
        self.0.iter().any(|name| holds(name))
    }
}

fn words(text: &str) -> Vec<Zeroizing<String>> {
    let joined = Zeroizing::new(text.chars().filter(|c| !is_joiner(*c)).collect::<String>());
    let folded = Zeroizing::new(fold(&joined));
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| Zeroizing::new(word.to_owned())).collect()
}

fn tells(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_latin = word.chars().all(|c| matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'));
    letters >= if is_latin { LATIN_MIN } else { OTHER_MIN }
}

/// Thai, Lao, Myanmar, Khmer, kana and Han.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{referral, testing::sample};

    fn named(full: &str) -> Names {
        let mut value: serde_json::Value =
            serde_json::from_slice(&referral::canonical(&sample("01-woman-sex-industry-shelter"))).unwrap();
        value["identity"]["names"] = serde_json::json!([{"use": "Legal", "full": full}]);
        let parsed = referral::parse(&serde_json::to_vec(&value).unwrap());
        Names::of([&parsed.unwrap_or_else(|found| panic!("{}", found[0].pointer()))])
    }

    #[test]
    fn a_name_is_found_without_case_and_marks_as_a_whole_word_in_every_script() {
        for (full, text, found) in [
            ("Oksana Sample", "OKSANA arrives", true),
            ("Oksana Sample", "ask for ms. sample, please", true),
            ("Oksana Sample", "Oksa\u{ad}na", true),
            ("Oksana Sample", "O\u{301}ksana", true),
            ("Oksana Sample", "the samples of Oks", false),
            ("Łódźka Ngô", "lodzka", true),
            ("Łódźka Ngô", "ngo", true),
            ("Li Na", "li na is here", false),
            ("Anne-Marie O'Brien", "brien", true),
            ("李娜", "请照顾李娜小姐", true),
            ("Ян Ли", "Ли здесь", true),
            ("فاطمة", "هل فاطمة هنا", true),
            ("Oksana", "", false),
        ] {
            assert_eq!(named(full).are_in(text), found, "{full}: {text}");
        }
        assert!(!Names::of([&sample("08-enquiry-no-names-level-0")]).are_in("Oksana"));
    }
}
