//! Codes and times as people read them.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::words::Words;
use crate::casework::view::Caution;

/// Languages that persons speak: code (ISO 639-3), tag for `lang` (BCP 47), and its own name, so that a list to choose from needs no
/// translation.
pub(super) const SPOKEN: [(&str, &str, &str); 34] = [
    ("sqi", "sq", "Shqip"),
    ("amh", "am", "አማርኛ"),
    ("ara", "ar", "العربية"),
    ("hye", "hy", "Հայերեն"),
    ("aze", "az", "Azərbaycanca"),
    ("ben", "bn", "বাংলা"),
    ("bul", "bg", "Български"),
    ("zho", "zh", "中文"),
    ("prs", "fa-AF", "دری"),
    ("deu", "de", "Deutsch"),
    ("eng", "en", "English"),
    ("spa", "es", "Español"),
    ("fra", "fr", "Français"),
    ("kat", "ka", "ქართული"),
    ("hau", "ha", "Hausa"),
    ("hin", "hi", "हिन्दी"),
    ("ita", "it", "Italiano"),
    ("kir", "ky", "Кыргызча"),
    ("lin", "ln", "Lingála"),
    ("nep", "ne", "नेपाली"),
    ("pus", "ps", "پښتو"),
    ("fas", "fa", "فارسی"),
    ("por", "pt", "Português"),
    ("ron", "ro", "Română"),
    ("rus", "ru", "Русский"),
    ("som", "so", "Soomaali"),
    ("tgl", "tl", "Tagalog"),
    ("tgk", "tg", "Тоҷикӣ"),
    ("tha", "th", "ไทย"),
    ("tir", "ti", "ትግርኛ"),
    ("tur", "tr", "Türkçe"),
    ("ukr", "uk", "Українська"),
    ("uzb", "uz", "Oʻzbekcha"),
    ("vie", "vi", "Tiếng Việt"),
];

/// A code of a closed list in words; the code itself when the catalogue is older than the list.
pub(super) fn label(words: &Words, list: &str, code: &str) -> String {
    let key = format!("{list}-{}", code.replace('+', ""));
    if words.has(&key) { words.say(&key) } else { code.to_owned() }
}

/// Why something was not done and what to do next, in the reader's language; none when the catalogue does not know the code.
pub(super) fn refusal(words: &Words, code: &str) -> Option<String> {
    let key = format!("refusal-{code}");
    words.has(&key).then(|| words.say(&key))
}

/// What stands between the parts of a list, with the space after it.
pub(super) fn comma(words: &Words) -> String {
    format!("{} ", words.say("comma"))
}

/// Several things in a sentence, each of which may have commas of its own.
pub(super) fn listed(words: &Words, all: &[String]) -> String {
    all.join(if words.direction == "rtl" { "؛ " } else { "; " })
}

/// A spoken language by its own name; else its code.
pub(super) fn spoken(code: &str) -> &str {
    SPOKEN.iter().find(|(known, _, _)| *known == code).map_or(code, |(_, _, name)| name)
}

/// What must not be done, in the reader's language; as the node says it, in English, when the catalogue is older.
pub(super) fn caution(words: &Words, text: &str) -> String {
    let known = Caution::ALL.into_iter().find(|caution| caution.words() == text);
    known.map_or_else(|| text.to_owned(), |caution| label(words, "caution", caution.code()))
}

/// Why an agency is proposed, as the search of the directory says it.
pub(super) fn reason(words: &Words, text: &str) -> String {
    let (verb, what) = text.split_once(' ').unwrap_or((text, ""));
    let said = |key: &str, what: &str| words.say_of(key, "what", what);
    match verb {
        "offers" => said("reason-offers", &label(words, "service", what)),
        "speaks" => said("reason-speaks", spoken(what)),
        "does" => {
            let language = what.strip_prefix("not speak ").and_then(|rest| rest.split(':').next()).unwrap_or(what);
            said("reason-no-language", spoken(language))
        }
        "in" => said("reason-in", what),
        "works" => said("reason-in", what.strip_prefix("in ").unwrap_or(what)),
        "takes" => {
            let code = what.split(' ').next().unwrap_or(what);
            let list = if words.has(&format!("gender-{code}")) { "gender" } else { "age" };
            said("reason-takes", &label(words, list, code))
        }
        "is" => match what {
            "open 24/7" => words.say("open-always"),
            "open now" => words.say("open-now"),
            "called so" => words.say("reason-called"),
            role => label(words, "role", role),
        },
        _ => text.to_owned(),
    }
}

/// The day of a time, Unix seconds, as it is on this machine's calendar.
pub(super) fn day(words: &Words, at: u64) -> String {
    local(at).map(|local| date(words, local.date())).unwrap_or_default()
}

/// A day of the calendar.
pub(super) fn date(words: &Words, date: Date) -> String {
    let month = words.say(&format!("month-{}", date.month()));
    let (day, year) = (date.day().to_string(), date.year().to_string());
    isolated(&words.say_with("date", &[("day", &day), ("month", &month), ("year", &year)]))
}

fn local(at: u64) -> Option<DateTime> {
    let at = Timestamp::from_second(i64::try_from(at).ok()?).ok()?;
    Some(TimeZone::system().to_datetime(at))
}

/// In a sentence a time is one isolate, and takes its direction from the month: which it would not see within another.
fn isolated(told: &str) -> String {
    told.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect()
}

/// A time, Unix seconds, as it is on this machine's clock: day, month by name, year, hours and minutes.
pub(super) fn time(words: &Words, at: u64) -> String {
    let Some(local) = local(at) else { return String::new() };
    let month = words.say(&format!("month-{}", local.month()));
    let clock = format!("{:02}:{:02}", local.hour(), local.minute());
    let (day, year) = (local.day().to_string(), local.year().to_string());
    isolated(&words.say_with("time", &[("day", &day), ("month", &month), ("year", &year), ("clock", &clock)]))
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};
    use crate::{
        casework::life::{
            code::{DeclineReason, Outcome, Step, WithdrawReason},
            state::State,
        },
        people::LocalRole,
        referral::codes::{self, AgeBand, Gender, Kind, Role, Section, Service, Urgency},
    };

    #[test]
    fn every_code_that_a_page_shows_has_words_in_every_language() {
        let mut all: Vec<(&str, &str)> = Vec::new();
        let mut add = |list, codes: Vec<&'static str>| all.extend(codes.into_iter().map(|code| (list, code)));
        add("service", Service::ALL.iter().map(|code| code.as_str()).collect());
        add("urgency", Urgency::ALL.iter().map(|code| code.as_str()).collect());
        add("age", AgeBand::ALL.iter().map(|code| code.as_str()).collect());
        add("gender", Gender::ALL.iter().map(|code| code.as_str()).collect());
        add("caution", Caution::ALL.iter().map(|caution| caution.code()).collect());
        add("kind", Kind::ALL.iter().map(|code| code.as_str()).collect());
        add("role", Role::ALL.iter().map(|code| code.as_str()).collect());
        add("section", Section::ALL.iter().map(|code| code.as_str()).collect());
        add("state", State::ALL.iter().map(|code| code.code()).collect());
        add("did", Step::ALL.iter().map(|code| code.as_str()).collect());
        add("declined", DeclineReason::ALL.iter().map(|code| code.as_str()).collect());
        add("closed", Outcome::ALL.iter().map(|code| code.as_str()).collect());
        add("withdrawn", WithdrawReason::ALL.iter().map(|code| code.as_str()).collect());
        for list in ["may", "does"] {
            add(list, LocalRole::ALL.iter().map(|role| role.as_str()).collect());
        }
        add("tell", Section::TEXTS.to_vec());
        add("purpose", codes::Purpose::TEXTS.to_vec());
        add("method", codes::Method::TEXTS.to_vec());
        add("basis", codes::Basis::TEXTS.to_vec());
        add("giver", codes::Giver::TEXTS.to_vec());
        add("decides", vec!["CaseworkerOverride", "CompetentBody"]);
        add("finds", crate::casework::details::VERDICTS.to_vec());
        add("verdict", crate::casework::details::VERDICTS.to_vec());
        add("given", codes::ConsentStatus::TEXTS.to_vec());
        add("exploitation", codes::Exploitation::TEXTS.to_vec());
        add("trafficked", codes::TraffickingStatus::TEXTS.to_vec());
        add("risk", codes::RiskLevel::TEXTS.to_vec());
        add("danger", codes::RiskType::TEXTS.to_vec());
        add("protection", codes::ProtectionStatus::TEXTS.to_vec());
        add("accompaniment", codes::Accompaniment::TEXTS.to_vec());
        add("guardian", codes::GuardianStatus::TEXTS.to_vec());
        add("bid", codes::BidStatus::TEXTS.to_vec());
        add("marking", codes::Marking::TEXTS.to_vec());
        add("retention", codes::RetentionBasis::TEXTS.to_vec());
        add("contact", codes::ContactMethod::TEXTS.to_vec());
        add("place", codes::Place::TEXTS.to_vec());
        add("name", codes::NameUse::TEXTS.to_vec());
        add("kin", [codes::Guardianship::TEXTS, codes::Kinship::TEXTS].concat());
        add("migrant", codes::MigrantType::TEXTS.to_vec());
        add("cooperation", codes::Cooperation::TEXTS.to_vec());
        add("going", codes::ReturnKind::TEXTS.to_vec());
        for words in languages().all() {
            for (list, code) in &all {
                assert!(words.has(&format!("{list}-{}", code.replace('+', ""))), "{}: {list}-{code}", words.code);
            }
        }
    }

    #[test]
    fn every_refusal_of_the_decision_table_has_words_in_every_language() {
        for words in languages().all() {
            for code in crate::referral::Code::ALL {
                assert!(refusal(words, code.as_str()).is_some(), "{}: {code}", words.code);
            }
        }
        assert_eq!(refusal(languages().english(), "of-a-later-version"), None);
    }

    #[test]
    fn reasons_of_a_search_are_told_in_words() {
        let words = languages().english();
        for (text, part) in [
            ("offers Shelter", "helter"),
            ("speaks ukr", "Українська"),
            ("does not speak ukr: an interpreter is needed", "Українська"),
            ("in XA", "XA"),
            ("works in XB", "XB"),
            ("takes 25-34", "25"),
            ("takes adult (25-34, 35-49)", "dult"),
            ("takes Feminine", "oman"),
            ("is open 24/7", "24"),
            ("is NgoShelter", "helter"),
        ] {
            let told = reason(words, text);
            assert!(told.contains(part) && told != text, "{text}: {told}");
        }
        assert_eq!(reason(words, "may Later"), "may Later");
    }

    #[test]
    fn what_must_not_be_done_is_told_in_the_readers_language() {
        let told: std::collections::BTreeSet<String> = languages()
            .all()
            .iter()
            .flat_map(|words| Caution::ALL.map(|one| format!("{} {}", words.code, caution(words, one.words()))))
            .collect();
        assert_eq!(told.len(), languages().all().len() * Caution::ALL.len());
        let arabic = languages().of("ar").unwrap();
        assert!(Caution::ALL.iter().all(|one| !caution(arabic, one.words()).is_ascii()));
        assert_eq!(caution(arabic, "something of a later version"), "something of a later version");
    }

    #[test]
    fn a_time_has_its_month_by_name() {
        let english = languages().english();
        let told = time(english, 1_780_322_400);
        assert!(
            !told.contains('\u{2068}') && told.contains("2026") && told.contains(':') && !told.contains("month"),
            "{told}"
        );
        assert_eq!(time(english, u64::MAX), "");
        assert_eq!(label(english, "service", "Later"), "Later");
        assert_eq!((spoken("ukr"), spoken("xxx")), ("Українська", "xxx"));
    }
}
