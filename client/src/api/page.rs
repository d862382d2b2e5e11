//! Pages of long lists: where one begins, and how long it is.

use crate::error::Told;

/// Lines of a page at most, and when nothing else is asked.
pub const LINES_MAX: u32 = 200;

/// Which page of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Page {
    after: Option<i64>,
    limit: Option<u32>,
}

impl Page {
    /// The page after `after`, the `next` of the page before; the newest with none. At most `limit` lines, 1 to [`LINES_MAX`].
    ///
    /// # Errors
    /// `usage` for what is no cursor, and for a number of lines that is none.
    pub fn of(after: Option<&str>, limit: Option<&str>) -> Result<Self, Told> {
        let place = |text: &str| text.parse::<i64>().ok().filter(|place| *place > 0);
        let lines = |text: &str| text.parse::<u32>().ok().filter(|lines| (1..=LINES_MAX).contains(lines));
        let after = after.map(|text| place(text).ok_or_else(no_page)).transpose()?;
        let no_lines =
            || Told::usage("`limit` is no number of lines", format!("give 1 to {LINES_MAX}, or leave it out"));
        Ok(Self { after, limit: limit.map(|text| lines(text).ok_or_else(no_lines)).transpose()? })
    }

    /// The place before which it begins; none: with the newest.
    #[must_use]
    pub const fn before(self) -> Option<i64> {
        self.after
    }

    /// Its lines at most.
    #[must_use]
    pub fn lines(self) -> u32 {
        self.limit.unwrap_or(LINES_MAX)
    }

    /// As the end of an address: empty for the first page as it is without being asked.
    #[must_use]
    pub fn query(self) -> String {
        let after = self.after.map(|after| format!("after={after}"));
        let limit = self.limit.map(|limit| format!("limit={limit}"));
        let parts: Vec<String> = after.into_iter().chain(limit).collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// What is given for a page's beginning is none.
pub(crate) fn no_page() -> Told {
    Told::usage("`after` names no page", "give the `next` of the page before, or leave it out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_as_it_was_named_and_within_its_bounds() {
        let page = Page::of(Some("17"), Some("200")).unwrap();
        assert_eq!((page.before(), page.lines(), page.query().as_str()), (Some(17), 200, "?after=17&limit=200"));
        let first = Page::default();
        assert_eq!((first.before(), first.lines(), first.query().as_str()), (None, LINES_MAX, ""));
        for (after, limit) in [(Some("-1"), None), (Some("x"), None), (None, Some("0")), (None, Some("201"))] {
            assert_eq!(Page::of(after, limit).unwrap_err().code, "usage", "{after:?} {limit:?}");
        }
    }
}
