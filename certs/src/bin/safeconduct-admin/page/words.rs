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
    use super::*;

    #[test]
    fn every_role_of_an_agency_has_a_text() {
        for words in languages().all() {
            for role in safeconduct_certs::node::Role::ALL {
                assert!(words.has(&format!("role-{role}")), "{}: {role}", words.code);
            }
        }
    }
}
