//! The pages that programs of ours serve to a browser: their languages are whole, and nothing in them is a script or a style.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{read, root};

/// A page: its catalogues, its templates, its code, and the beginnings of keys that code puts together.
struct Page {
    locales: &'static str,
    templates: &'static str,
    code: &'static str,
    languages: usize,
    lists: &'static [&'static str],
}

const PAGES: [Page; 2] = [
    Page {
        locales: "certs/locales/admin",
        templates: "certs/templates/admin",
        code: "certs/src/bin/safeconduct-admin/page",
        languages: 3,
        lists: &["role-"],
    },
    Page {
        locales: "client/locales/web",
        templates: "client/templates/web",
        code: "client/src/web",
        languages: 9,
        // Codes have words by their lists: client/src/web/labels.rs holds that each has.
        lists: &[
            "service-",
            "urgency-",
            "age-",
            "gender-",
            "kind-",
            "role-",
            "section-",
            "state-",
            "stands-",
            "did-",
            "declined-",
            "closed-",
            "withdrawn-",
            "person-",
            "field-",
            "month-",
            "open-",
            "caution-",
            "document-state-",
            "term-",
            "refusal-",
            "code-",
            "means-",
            "step-",
            "document-kind-",
            "document-why-",
            "may-",
            "does-",
            "check-",
            "change-",
            "tell-",
            "purpose-",
            "method-",
            "basis-",
            "giver-",
            "given-",
            "exploitation-",
            "trafficked-",
            "risk-",
            "danger-",
            "protection-",
            "accompaniment-",
            "guardian-",
            "bid-",
            "marking-",
            "retention-",
            "contact-",
            "place-",
            "name-",
            "kin-",
            "migrant-",
            "cooperation-",
            "going-",
            "proof-",
            "stage-",
            "missing-",
            "holds-",
            "clock-",
            "proves-",
            "limits-",
            "alert-",
            "counts-",
            "split-",
            "cell-",
            "uncounted-",
            "taken-",
            "staff-",
            "note-",
            "span-",
            "fault-",
            "decides-",
            "finds-",
            "verdict-",
        ],
    },
];

type Keys = BTreeMap<String, BTreeSet<String>>;

/// Keys of a catalogue with the arguments of each.
fn keys(path: &str) -> Keys {
    let mut all = Keys::new();
    let mut current = String::new();
    for line in read(path).lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with(' ')) {
            current = key.to_owned();
            assert!(all.insert(current.clone(), BTreeSet::new()).is_none(), "{path}: {key} is there twice");
        }
        for argument in line.split('$').skip(1) {
            let name: String = argument.chars().take_while(|c| c.is_ascii_lowercase()).collect();
            all.get_mut(&current).unwrap().insert(name);
        }
    }
    all
}

/// The catalogues of a page: for each language's name its files, as paths; a language is one file or a folder of them.
fn catalogues(folder: &str) -> BTreeMap<String, Vec<String>> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            let parts = if entry.file_type().unwrap().is_dir() {
                files(&path).into_iter().map(|(part, _)| format!("{path}/{part}")).collect()
            } else {
                vec![path]
            };
            (name.trim_end_matches(".ftl").to_owned(), parts)
        })
        .collect()
}

/// Keys of all files of a language.
fn keys_of(parts: &[String]) -> Keys {
    let mut all = Keys::new();
    for part in parts {
        for (key, arguments) in keys(part) {
            assert!(all.insert(key.clone(), arguments).is_none(), "{part}: {key} is in another part as well");
        }
    }
    all
}

/// Name and text of the files of a folder, and of the folders in it.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for path in std::fs::read_dir(root().join(folder)).unwrap().map(|file| file.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inside = files(&format!("{folder}/{name}")).into_iter();
            all.extend(inside.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            all.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    all.sort();
    all
}

impl Page {
    fn english(&self) -> Keys {
        keys_of(&catalogues(self.locales)["en"])
    }

    /// Templates whole, and the code before its tests.
    fn sources(&self) -> Vec<(String, String)> {
        let all = files(self.templates).into_iter().chain(files(self.code));
        all.map(|(name, text)| (name, text.split("#[cfg(test)]").next().unwrap().to_owned())).collect()
    }
}

#[test]
fn every_catalogue_of_the_page_has_the_same_keys_and_arguments() {
    for page in PAGES {
        let english = page.english();
        assert!(english.len() > 100);
        let catalogues = catalogues(page.locales);
        assert_eq!(catalogues.len(), page.languages, "{}", page.locales);
        for (name, parts) in catalogues {
            let theirs = keys_of(&parts);
            let text: String = parts.iter().map(|part| read(part)).collect();
            for (key, arguments) in &english {
                assert_eq!(theirs.get(key), Some(arguments), "{name}: {key}");
            }
            for key in theirs.keys() {
                assert!(english.contains_key(key), "{name}: {key} is not in English");
            }
            // Directions come from the page, never from a text.
            let hidden =
                |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!text.contains(hidden), "{name} has a hidden character");
        }
    }
}

#[test]
fn every_text_that_the_page_asks_for_is_in_the_catalogue_and_no_other() {
    for page in PAGES {
        let (english, sources) = (page.english(), page.sources());
        for call in [".say(\"", ".say_of(\"", ".say_both(\"", ".say_with(\"", ".say_time(\"", ".count(\""] {
            for (name, text) in &sources {
                for key in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert!(english.contains_key(key), "{name} asks for {key}, which is not there");
                }
            }
        }
        for key in english.keys().filter(|key| !page.lists.iter().any(|list| key.starts_with(list))) {
            let quoted = format!("\"{key}\"");
            assert!(sources.iter().any(|(_, text)| text.contains(&quoted)), "nothing asks for {key}");
        }
    }
}

#[test]
fn no_template_has_a_script_or_a_style_of_its_own() {
    for page in PAGES {
        for (name, text) in files(page.templates).into_iter().filter(|(name, _)| name.ends_with(".html")) {
            let lower = text.to_lowercase();
            for bad in ["style=", "<style", "javascript:", "|safe", "http:", "https:"] {
                assert!(!lower.contains(bad), "{name} has {bad}");
            }
            for script in lower.split("<script").skip(1) {
                assert!(script.starts_with(" src=\"/page.js\" defer></script>"), "{name}");
            }
            for attribute in lower.split(" on").skip(1) {
                let rest = attribute.trim_start_matches(|c: char| c.is_ascii_lowercase());
                assert!(!rest.starts_with('='), "{name} has on{attribute}");
            }
        }
    }
}

/// What a person types about a person is not for a browser to keep or to send away.
#[test]
fn no_field_of_the_caseworkers_page_is_filled_in_or_spell_checked_by_a_browser() {
    for (name, text) in files("client/templates/web").into_iter().filter(|(name, _)| name.ends_with(".html")) {
        for field in text.split("<textarea").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            assert!(
                field.contains("autocomplete=\"off\"") && field.contains("spellcheck=\"false\""),
                "{name}: {field}"
            );
        }
        for field in text.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            let typed = !["hidden", "checkbox", "radio", "date", "number", "file"]
                .iter()
                .any(|kind| field.contains(&format!("type=\"{kind}\"")));
            assert!(!typed || field.contains("autocomplete=\"off\""), "{name}: {field}");
        }
    }
}
