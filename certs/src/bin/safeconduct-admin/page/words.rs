//! The page's languages: one catalogue each, compiled in; English where a text is missing.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// Languages that one header may name; what follows is passed over.
const ACCEPTED_MAX: usize = 16;

static CATALOGUES: LazyLock<Vec<Words>> = LazyLock::new(|| {
    vec![
        Words::new("en", "eng", "English", "ltr", include_str!("../../../../locales/admin/en.ftl")),
        Words::new("fr", "fra", "Français", "ltr", include_str!("../../../../locales/admin/fr.ftl")),
        Words::new("ru", "rus", "Русский", "ltr", include_str!("../../../../locales/admin/ru.ftl")),
    ]
});

/// One language.
pub(super) struct Words {
    /// For the `lang` attribute.
    pub(super) code: &'static str,
    /// As directory records name it: three letters, ISO 639-3.
    pub(super) record_code: &'static str,
    /// Its own name.
    pub(super) name: &'static str,
    /// For the `dir` attribute.
    pub(super) direction: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    fn new(
        code: &'static str,
        record_code: &'static str,
        name: &'static str,
        direction: &'static str,
        text: &str,
    ) -> Self {
        let tag: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // A catalogue with a mistake keeps what can be read of it; a test reads every one whole.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(rest, _mistakes)| rest);
        bundle.add_resource(resource).ok();
        Self { code, record_code, name, direction, bundle }
    }

    /// Every language, English first.
    pub(super) fn all() -> &'static [Self] {
        &CATALOGUES
    }

    /// The language of this code.
    pub(super) fn of(code: &str) -> Option<&'static Self> {
        CATALOGUES.iter().find(|words| words.code == code)
    }

    pub(super) fn english() -> &'static Self {
        &CATALOGUES[0]
    }

    /// The first language of an `Accept-Language` header that there is (RFC 9110 §12.5.4), else English.
    pub(super) fn accepted(header: &str) -> &'static Self {
        let mut wanted: Vec<(u32, &str)> = header.split(',').take(ACCEPTED_MAX).filter_map(weighed).collect();
        wanted.sort_by_key(|(weight, _)| u32::MAX - weight);
        wanted.into_iter().find_map(|(_, code)| Self::of(&code.to_ascii_lowercase())).unwrap_or_else(Self::english)
    }

    /// A text without arguments.
    pub(super) fn say(&self, key: &str) -> String {
        self.with(key, None)
    }

    /// A text with one argument.
    pub(super) fn say_of(&self, key: &str, name: &str, value: &str) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(name, value);
        self.with(key, Some(&arguments))
    }

    /// A text with two arguments.
    pub(super) fn say_both(&self, key: &str, first: (&str, &str), second: (&str, &str)) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(first.0, first.1);
        arguments.set(second.0, second.1);
        self.with(key, Some(&arguments))
    }

    /// A text about a `$count`.
    pub(super) fn count(&self, key: &str, count: u64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", FluentValue::from(count));
        self.with(key, Some(&arguments))
    }

    fn with(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        self.find(key, arguments).or_else(|| Self::english().find(key, arguments)).unwrap_or_else(|| key.to_owned())
    }

    fn find(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut mistakes = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut mistakes);
        mistakes.is_empty().then(|| text.into_owned())
    }
}

/// One entry of the header: its weight in thousandths, and the language without its region.
fn weighed(entry: &str) -> Option<(u32, &str)> {
    let (tag, quality) = entry.split_once(';').unwrap_or((entry, "q=1"));
    let quality: f32 = quality.trim().strip_prefix("q=")?.parse().ok()?;
    let code = tag.trim().split('-').next()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 1000")]
    let weight = (quality.clamp(0.0, 1.0) * 1000.0) as u32;
    (weight > 0).then_some((weight, code))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

    /// Keys of a catalogue with the arguments of each.
    fn keys(code: &str) -> BTreeMap<String, BTreeSet<String>> {
        let text = std::fs::read_to_string(format!("{FOLDER}/locales/admin/{code}.ftl")).unwrap();
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with(' ')) {
                current = key.to_owned();
                assert!(all.insert(current.clone(), BTreeSet::new()).is_none(), "{code}: {key} is there twice");
            }
            for argument in line.split('$').skip(1) {
                let name: String = argument.chars().take_while(|c| c.is_ascii_lowercase()).collect();
                all.get_mut(&current).unwrap().insert(name);
            }
        }
        all
    }

    #[test]
    fn every_catalogue_of_the_page_has_the_same_keys_and_arguments() {
        let english = keys("en");
        assert!(english.len() > 100);
        for words in Words::all() {
            let text = std::fs::read_to_string(format!("{FOLDER}/locales/admin/{}.ftl", words.code)).unwrap();
            assert!(FluentResource::try_new(text).is_ok(), "{} has mistakes", words.code);
            let theirs = keys(words.code);
            for (key, arguments) in &english {
                assert_eq!(theirs.get(key), Some(arguments), "{}: {key}", words.code);
                assert!(words.bundle.has_message(key), "{}: {key}", words.code);
            }
            for key in theirs.keys() {
                assert!(english.contains_key(key), "{}: {key} is not in English", words.code);
            }
        }
    }

    /// Templates whole, and the code before its tests.
    fn sources() -> Vec<(String, String)> {
        let folders = ["templates/admin", "src/bin/safeconduct-admin/page"];
        let files = folders.iter().flat_map(|folder| std::fs::read_dir(format!("{FOLDER}/{folder}")).unwrap());
        files
            .map(|file| {
                let path = file.unwrap().path();
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                (path.file_name().unwrap().to_string_lossy().into_owned(), code)
            })
            .collect()
    }

    #[test]
    fn every_text_that_the_page_asks_for_is_in_the_catalogue_and_no_other() {
        let english = keys("en");
        let sources = sources();
        for call in [".say(\"", ".say_of(\"", ".say_both(\"", ".count(\""] {
            for (name, text) in &sources {
                for key in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert!(english.contains_key(key), "{name} asks for {key}, which is not there");
                }
            }
        }
        for role in safeconduct_certs::node::Role::ALL {
            assert!(english.contains_key(&format!("role-{role}")), "{role}");
        }
        for key in english.keys().filter(|key| !key.starts_with("role-")) {
            let quoted = format!("\"{key}\"");
            assert!(sources.iter().any(|(_, text)| text.contains(&quoted)), "nothing asks for {key}");
        }
    }

    #[test]
    fn no_template_has_a_script_or_a_style_of_its_own() {
        for (name, text) in sources().into_iter().filter(|(name, _)| name.ends_with(".html")) {
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

    #[test]
    fn the_language_is_the_first_that_the_browser_wants_and_there_is() {
        for (header, code) in [
            ("", "en"),
            ("fr", "fr"),
            ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
            ("de, ru;q=0.7, fr;q=0.8", "fr"),
            ("xx;q=2, RU", "ru"),
            ("fr;q=0, ru;q=0.1", "ru"),
            ("*", "en"),
            (";;;,,,q=1", "en"),
        ] {
            assert_eq!(Words::accepted(header).code, code, "{header}");
        }
        assert!(Words::of("xx").is_none());
    }

    #[test]
    fn numbers_choose_their_form_and_missing_texts_are_english_or_named() {
        let russian = Words::of("ru").unwrap();
        let forms: BTreeSet<String> = [1, 2, 5]
            .map(|count| russian.count("age-hours", count).chars().filter(|c| c.is_alphabetic()).collect())
            .into();
        assert_eq!(forms.len(), 3);
        assert_eq!(Words::english().say("no-such-text"), "no-such-text");
    }
}
