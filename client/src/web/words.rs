//! The page's languages: a folder of catalogues each, a catalogue for each part of the page.

use std::sync::LazyLock;

use safeconduct_certs::web::words::Languages;
pub(super) use safeconduct_certs::web::words::Words;

/// The text of one catalogue of a language.
macro_rules! catalogue {
    ($code: literal, $part: literal) => {
        include_str!(concat!("../../locales/web/", $code, "/", $part, ".ftl"))
    };
}

/// All catalogues of a language.
macro_rules! catalogues {
    ($code: literal) => {
        concat!(
            catalogue!($code, "page"),
            catalogue!($code, "codes"),
            catalogue!($code, "documents"),
            catalogue!($code, "help"),
            catalogue!($code, "refusals"),
            catalogue!($code, "vocabulary"),
            catalogue!($code, "agency"),
            catalogue!($code, "person"),
            catalogue!($code, "without"),
            catalogue!($code, "evidence"),
            catalogue!($code, "figures"),
            catalogue!($code, "audit"),
            catalogue!($code, "notes"),
        )
    };
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    Languages::new(&[
        ("en", "eng", "English", "ltr", catalogues!("en")),
        ("ar", "ara", "العربية", "rtl", catalogues!("ar")),
        ("de", "deu", "Deutsch", "ltr", catalogues!("de")),
        ("es", "spa", "Español", "ltr", catalogues!("es")),
        ("fr", "fra", "Français", "ltr", catalogues!("fr")),
        ("it", "ita", "Italiano", "ltr", catalogues!("it")),
        ("ro", "ron", "Română", "ltr", catalogues!("ro")),
        ("ru", "rus", "Русский", "ltr", catalogues!("ru")),
        ("uk", "ukr", "Українська", "ltr", catalogues!("uk")),
    ])
});

/// Every language of the page.
pub(super) fn languages() -> &'static Languages {
    &LANGUAGES
}
