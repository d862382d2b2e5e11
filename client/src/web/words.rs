//! The page's languages.

use std::sync::LazyLock;

use safeconduct_certs::web::words::Languages;
pub(super) use safeconduct_certs::web::words::Words;

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    Languages::new(&[
        ("en", "eng", "English", "ltr", include_str!("../../locales/web/en.ftl")),
        ("ar", "ara", "العربية", "rtl", include_str!("../../locales/web/ar.ftl")),
        ("de", "deu", "Deutsch", "ltr", include_str!("../../locales/web/de.ftl")),
        ("es", "spa", "Español", "ltr", include_str!("../../locales/web/es.ftl")),
        ("fr", "fra", "Français", "ltr", include_str!("../../locales/web/fr.ftl")),
        ("it", "ita", "Italiano", "ltr", include_str!("../../locales/web/it.ftl")),
        ("ro", "ron", "Română", "ltr", include_str!("../../locales/web/ro.ftl")),
        ("ru", "rus", "Русский", "ltr", include_str!("../../locales/web/ru.ftl")),
        ("uk", "ukr", "Українська", "ltr", include_str!("../../locales/web/uk.ftl")),
    ])
});

/// Every language of the page.
pub(super) fn languages() -> &'static Languages {
    &LANGUAGES
}
