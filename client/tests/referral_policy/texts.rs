//! Texts in the languages of the people who meet: all pass, and what hides in a text is refused in each.

use super::*;

/// A name and a sentence in each language: the six of the OSCE, and those of the regions most concerned.
const TEXTS: [(&str, &str, &str); 12] = [
    ("eng", "Zoë O'Brien-Smith", "She is safe tonight and asks for a quiet room."),
    ("fra", "Anaïs L’Œuvre", "Elle a été hébergée cette nuit ; où dormira-t-elle demain ?"),
    ("deu", "Jürgen Größe", "Er möchte mit jemandem über die Löhne sprechen, die fehlen."),
    ("ita", "Niccolò D'Agostà", "È arrivata da sola, perché non c'era nessun altro."),
    ("rus", "Алёна Щукина", "Ей нужно тихое место; она не готова говорить с полицией."),
    ("spa", "Íñigo Muñoz", "¿Dónde puede dormir mañana? ¡Necesita una habitación!"),
    ("ara", "مريم عبد الله", "تحتاج إلى مكان هادئ الليلة، وتتكلم العربية فقط."),
    ("ukr", "Соломія Ґалаґан", "Їй потрібне безпечне місце; є двоє дітей."),
    ("ron", "Ștefania Țîrlea", "Are nevoie de un loc liniștit până mâine."),
    ("ell", "Ἀθηνᾶ Παπαδοπούλου", "Χρειάζεται ήσυχο χώρο· μιλάει μόνο ελληνικά."),
    ("hye", "Անահիտ Հովհաննիսյան", "Նրան այս գիշեր անվտանգ տեղ է պետք։"),
    ("kat", "მარიამ ბერიძე", "მას ამაღამ უსაფრთხო ადგილი სჭირდება."),
];

/// Characters that hide, forge or turn round what stands beside them.
const UNSAFE: [char; 10] =
    ['\0', '\u{7}', '\u{1b}', '\u{85}', '\u{200b}', '\u{2028}', '\u{202e}', '\u{feff}', '\u{e0041}', '\u{e007f}'];

const PLACES: [&str; 3] = ["/identity/names/0/full", "/summary/text", "/enquiry/note"];

/// A text with a character in its middle.
fn spoilt(text: &str, with: char) -> String {
    let middle = text.chars().count() / 2;
    let (front, back): (String, String) = (text.chars().take(middle).collect(), text.chars().skip(middle).collect());
    format!("{front}{with}{back}")
}

fn in_language(lang: &str, name: &str, sentence: &str) -> Value {
    let mut referral = sample(SHELTER);
    set(&mut referral, "/header/text_lang", json!(lang));
    set(&mut referral, PLACES[0], json!(name));
    set(&mut referral, PLACES[1], json!(sentence));
    set(&mut referral, PLACES[2], json!(sentence));
    referral
}

#[test]
fn texts_in_twelve_languages_pass() {
    for (lang, name, sentence) in TEXTS {
        assert_eq!(refusals(&in_language(lang, name, sentence)), [], "{lang}");
    }
}

#[test]
fn unsafe_characters_are_refused_in_each_language() {
    for (lang, name, sentence) in TEXTS {
        for unsafe_character in UNSAFE {
            for (place, text) in PLACES.into_iter().zip([name, sentence, sentence]) {
                let mut referral = in_language(lang, name, sentence);
                set(&mut referral, place, json!(spoilt(text, unsafe_character)));

                let found = by_rule(RuleId::F1, &referral);

                assert_eq!(found.len(), 1, "{lang} {place} U+{:04X}: {found:?}", u32::from(unsafe_character));
                assert_eq!((found[0].1, found[0].2.as_str()), (Code::UnsafeCharacter, place), "{lang}");
            }
        }
    }
}

#[test]
fn what_isolates_a_direction_may_stand_in_prose_and_not_in_a_name() {
    for (lang, name, sentence) in TEXTS {
        let mut prose = in_language(lang, name, sentence);
        set(&mut prose, PLACES[1], json!(spoilt(sentence, '\u{2067}')));
        assert_eq!(refusals(&prose), [], "{lang}");
        set(&mut prose, PLACES[0], json!(spoilt(name, '\u{2067}')));
        assert_eq!(refusals(&prose), [(Code::UnsafeCharacter, PLACES[0].to_owned())], "{lang}");
    }
}
