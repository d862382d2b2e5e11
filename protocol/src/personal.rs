//! Personal data: readable only where the code says what for.

use zeroize::Zeroizing;

/// Why personal data is read. Each reading names its purpose, so that a search for `Reveal::` lists them all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Reveal {
    /// To check it against rules; nothing of it leaves the check.
    ToCheck,
    /// To seal it for its recipient.
    ToSeal,
    /// To store it under the vault's key.
    ToStore,
    /// To show it to the caseworker who asked.
    ToShow,
    /// To write it into a file that a person asked for.
    ToExport,
}

/// Data about a person.
///
/// There is no `Debug`, `Display` or `Serialize` on purpose: it cannot reach a log by a derive. What is inside wipes
/// itself if its own type does, see [`PersonalBytes`].
///
/// ```compile_fail,E0277
/// #[derive(Debug)]
/// struct Case(safeconduct_protocol::personal::Personal<String>);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Personal<T>(T);

/// Personal bytes that are wiped on drop.
pub type PersonalBytes = Personal<Zeroizing<Vec<u8>>>;

impl<T> Personal<T> {
    /// Marks `value` as personal.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for this purpose.
    #[must_use]
    pub const fn reveal(&self, _purpose: Reveal) -> &T {
        &self.0
    }
}
