//! The languages of a page: one catalogue each, compiled in; English where a text is missing.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// Languages that one header may name; what follows is passed over.
const ACCEPTED_MAX: usize = 16;

type Bundle = FluentBundle<FluentResource>;

/// One language.
pub struct Words {
    /// For the `lang` attribute.
    pub code: &'static str,
    /// As directory records name it: three letters, ISO 639-3.
    pub record_code: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// For the `dir` attribute.
    pub direction: &'static str,
    bundle: Arc<Bundle>,
    english: Option<Arc<Bundle>>,
}

/// What a language is called, and its catalogue: `code`, `record_code`, `name`, `direction`, and the text of the Fluent file.
pub type Catalogue = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Every language of a page, English first.
pub struct Languages(Vec<Words>);

impl Languages {
    /// These languages. A catalogue with a mistake keeps what can be read of it; a test reads every one whole.
    #[must_use]
    pub fn new(catalogues: &[Catalogue]) -> Self {
        let mut english: Option<Arc<Bundle>> = None;
        let languages = catalogues.iter().map(|(code, record_code, name, direction, text)| {
            let tag: LanguageIdentifier = code.parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(rest, _mistakes)| rest);
            bundle.add_resource(resource).ok();
            let bundle = Arc::new(bundle);
            let first = english.clone();
            english.get_or_insert_with(|| Arc::clone(&bundle));
            Words { code, record_code, name, direction, bundle, english: first }
        });
        Self(languages.collect())
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Words] {
        &self.0
    }

    /// The language of this code.
    #[must_use]
    pub fn of(&self, code: &str) -> Option<&Words> {
        self.0.iter().find(|words| words.code == code)
    }

    /// The first.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "every page has English")]
    pub fn english(&self) -> &Words {
        &self.0[0]
    }

    /// The first language of an `Accept-Language` header that there is (RFC 9110 §12.5.4), else English.
    #[must_use]
    pub fn accepted(&self, header: &str) -> &Words {
        let mut wanted: Vec<(u32, &str)> = header.split(',').take(ACCEPTED_MAX).filter_map(weighed).collect();
        wanted.sort_by_key(|(weight, _)| u32::MAX.saturating_sub(*weight));
        wanted.into_iter().find_map(|(_, code)| self.of(&code.to_ascii_lowercase())).unwrap_or_else(|| self.english())
    }
}

impl Words {
    /// A text without arguments.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.with(key, None)
    }

    /// Whether there is such a text, in this language or in English.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key) || self.english.as_ref().is_some_and(|english| english.has_message(key))
    }

    /// A text with one argument.
    #[must_use]
    pub fn say_of(&self, key: &str, name: &str, value: &str) -> String {
        self.say_with(key, &[(name, value)])
    }

    /// A text with two arguments.
    #[must_use]
    pub fn say_both(&self, key: &str, first: (&str, &str), second: (&str, &str)) -> String {
        self.say_with(key, &[first, second])
    }

    /// A text with these arguments.
    #[must_use]
    pub fn say_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            arguments.set(*name, *value);
        }
        self.with(key, Some(&arguments))
    }

    /// A text about a `$count`.
    #[must_use]
    pub fn count(&self, key: &str, count: u64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", FluentValue::from(count));
        self.with(key, Some(&arguments))
    }

    fn with(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let english = || find(self.english.as_ref()?, key, arguments);
        find(&self.bundle, key, arguments).or_else(english).unwrap_or_else(|| key.to_owned())
    }
}

fn find(bundle: &Bundle, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut mistakes = Vec::new();
    let text = bundle.format_pattern(pattern, arguments, &mut mistakes);
    mistakes.is_empty().then(|| text.into_owned())
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
    use super::*;

    fn languages() -> Languages {
        let hours = "hours = { $count ->\n    [one] { $count } час\n    [few] { $count } часа\n   *[many] { $count } часов\n}\n";
        Languages::new(&[
            ("en", "eng", "English", "ltr", "only = here\nname = I am { $name }\n"),
            ("fr", "fra", "Français", "ltr", "name = Je suis { $name }\n"),
            ("ru", "rus", "Русский", "ltr", hours),
        ])
    }

    #[test]
    fn the_language_is_the_first_that_the_browser_wants_and_there_is() {
        let languages = languages();
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
            assert_eq!(languages.accepted(header).code, code, "{header}");
        }
        assert!(languages.of("xx").is_none());
    }

    #[test]
    fn numbers_choose_their_form_and_missing_texts_are_english_or_named() {
        let languages = languages();
        let russian = languages.of("ru").unwrap();
        let forms: Vec<String> =
            [1, 2, 5].map(|n| russian.count("hours", n).chars().filter(|c| c.is_alphabetic()).collect()).into();
        assert_eq!(forms, ["час", "часа", "часов"]);
        assert_eq!(russian.say("only"), "here");
        assert!(russian.has("only") && !russian.has("no-such-text"));
        assert_eq!(languages.english().say("no-such-text"), "no-such-text");
        assert!(languages.of("fr").unwrap().say_of("name", "name", "<b>").contains("<b>"));
        assert_eq!(languages.english().say("name"), "name", "without its argument");
    }
}
