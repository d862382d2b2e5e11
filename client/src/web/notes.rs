//! What the node tells of itself, and why it refuses something, in the reader's language. What only whoever looks after the machine needs
//! stands beside it, in English.

use super::{
    labels::{self, comma, refusal},
    words::Words,
};
use crate::{
    daemon::Names,
    error::Told,
    exit::Exit,
    note::{Argument, Note},
};

/// A note with what stands beside it.
pub(super) struct Said {
    pub(super) text: String,
    /// In English.
    pub(super) technical: Option<String>,
}

/// A note in the reader's language, with agencies by their names.
pub(super) fn said(words: &Words, note: &Note, names: &Names) -> Said {
    let arguments = note.arguments();
    let values: Vec<(&str, String)> =
        arguments.iter().map(|(name, argument)| (*name, value(words, argument, names))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("note-{}", note.code());
    let text = if words.has(&key) { words.say_with(&key, &values) } else { note.to_string() };
    Said { text, technical: note.technical() }
}

fn value(words: &Words, argument: &Argument, names: &Names) -> String {
    match argument {
        Argument::Count(count) => count.to_string(),
        Argument::Days(days) => words.count("span-days", *days),
        Argument::Span(seconds) => span(words, *seconds),
        Argument::At(at) => labels::time(words, at.0),
        Argument::Agencies(ids) => ids.iter().map(|id| names.of(id)).collect::<Vec<_>>().join(&comma(words)),
        Argument::Country(code) => code.clone().unwrap_or_else(|| words.say("note-another-country")),
        Argument::Exact(text) => text.clone(),
        Argument::Technical(_) => String::new(),
        Argument::Refusal(why) => told(words, why),
    }
}

/// A span of time, in the largest unit of which there are two.
fn span(words: &Words, seconds: u64) -> String {
    const HOUR_S: u64 = 3600;
    const DAY_S: u64 = 24 * HOUR_S;
    match seconds {
        s if s >= 2 * DAY_S => words.count("span-days", s / DAY_S),
        s if s >= 2 * HOUR_S => words.count("span-hours", s / HOUR_S),
        s => words.count("span-minutes", s / 60),
    }
}

/// Why something was refused and what to do next. Where the catalogue does not know the code, English readers get the node's own words,
/// and all others what kind of refusal it is and what to do about one.
pub(super) fn told(words: &Words, told: &Told) -> String {
    refusal(words, &told.code).unwrap_or_else(|| {
        if words.code == "en" { format!("{} → {}", told.message, told.remedy) } else { words.say(fault(told.exit())) }
    })
}

/// The text of a kind of refusal.
const fn fault(exit: Exit) -> &'static str {
    match exit {
        Exit::Done | Exit::Refused => "fault-refused",
        Exit::Usage => "fault-usage",
        Exit::NotReady => "fault-not-ready",
        Exit::Unreachable => "fault-unreachable",
        Exit::Tampering => "fault-tampering",
    }
}

/// The same for whoever looks after the machine, in English.
pub(super) fn technical(told: &Told) -> String {
    let remedy = if told.remedy.is_empty() { String::new() } else { format!(" → {}", told.remedy) };
    format!("{}: {}{remedy}", told.code, told.message)
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};

    fn arabic_letters(text: &str) -> usize {
        text.chars().filter(|c| matches!(c, '\u{0620}'..='\u{064a}')).count()
    }

    #[test]
    fn every_note_has_words_in_every_language_and_is_filled() {
        let names = Names::default();
        for words in languages().all() {
            for note in Note::samples() {
                let said = said(words, &note, &names).text;
                let key = format!("note-{}", note.code());
                assert!(words.has(&key) && said != key && said != note.to_string(), "{}: {key}: {said}", words.code);
                assert!(!said.contains(['{', '}']) && !said.contains("TECHNICAL"), "{}: {key}: {said}", words.code);
                for (name, argument) in note.arguments() {
                    let shown = value(words, &argument, &names);
                    let plain = |text: &str| -> String {
                        text.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect()
                    };
                    let is_named = name != "message" && name != "clock";
                    assert!(
                        !is_named || plain(&said).contains(&plain(&shown)),
                        "{}: {key} does not tell {name}: {said}",
                        words.code
                    );
                }
                let others = words.code != "en" && said == super::said(languages().english(), &note, &names).text;
                assert!(!others, "{}: {key} is English", words.code);
                assert!(words.code != "ar" || arabic_letters(&said) > 10, "{key}: {said}");
            }
        }
    }

    #[test]
    fn what_is_refused_is_told_in_the_readers_language_whatever_its_code() {
        for exit in [Exit::Refused, Exit::Usage, Exit::NotReady, Exit::Unreachable, Exit::Tampering] {
            let why = Told::new(exit, "of-a-later-version", "the fact", "the remedy");
            let english = languages().english();
            assert_eq!(told(english, &why), "the fact → the remedy");
            let all: std::collections::BTreeSet<String> =
                languages().all().iter().map(|words| told(words, &why)).collect();
            assert_eq!(all.len(), languages().all().len(), "{exit:?}");
            assert!(arabic_letters(&told(languages().of("ar").unwrap(), &why)) > 10);
            assert_eq!(technical(&why), "of-a-later-version: the fact → the remedy");
        }
        let full = Told::not_ready("disk-full", "the disk is full", "free some");
        assert_eq!(told(languages().english(), &full), languages().english().say("refusal-disk-full"));
    }

    #[test]
    fn a_span_is_told_in_a_unit_of_which_there_are_two() {
        let english = languages().english();
        let told = |seconds| span(english, seconds).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!([told(300), told(7_200), told(172_800)], ["5 minutes", "2 hours", "2 days"]);
        assert!(english.count("span-days", 1).ends_with("day"));
    }
}
