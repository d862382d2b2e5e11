//! The page's languages.

use std::sync::LazyLock;

use safeconduct_certs::web::words::Languages;
pub(super) use safeconduct_certs::web::words::Words;

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    Languages::new(&[
        ("en", "eng", "English", "ltr", include_str!("../../../../locales/admin/en.ftl")),
        ("fr", "fra", "Français", "ltr", include_str!("../../../../locales/admin/fr.ftl")),
        ("ru", "rus", "Русский", "ltr", include_str!("../../../../locales/admin/ru.ftl")),
    ])
});

/// Every language of the page.
pub(super) fn languages() -> &'static Languages {
    &LANGUAGES
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_bundle::FluentResource;

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
        for words in languages().all() {
            let text = std::fs::read_to_string(format!("{FOLDER}/locales/admin/{}.ftl", words.code)).unwrap();
            assert!(FluentResource::try_new(text).is_ok(), "{} has mistakes", words.code);
            let theirs = keys(words.code);
            for (key, arguments) in &english {
                assert_eq!(theirs.get(key), Some(arguments), "{}: {key}", words.code);
                assert!(words.has(key), "{}: {key}", words.code);
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
}
