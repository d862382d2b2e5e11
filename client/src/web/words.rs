//! The page's languages.

use std::sync::LazyLock;

use safeconduct_certs::web::words::Languages;
pub(super) use safeconduct_certs::web::words::Words;

static LANGUAGES: LazyLock<Languages> =
    LazyLock::new(|| Languages::new(&[("en", "eng", "English", "ltr", include_str!("../../locales/web/en.ftl"))]));

/// Every language of the page.
pub(super) fn languages() -> &'static Languages {
    &LANGUAGES
}
