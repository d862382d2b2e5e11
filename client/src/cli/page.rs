//! Pages of long lists, for whoever types.

use super::closed;
use crate::{
    api::page::{LINES_MAX, Page},
    error::Told,
};

/// Which page.
#[derive(clap::Args)]
pub(super) struct PageArgs {
    /// At most so many, up to 200.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=i64::from(LINES_MAX)))]
    limit: Option<u32>,
    /// Where the page before ended.
    #[arg(long, value_name = "CURSOR", value_parser = closed::cursor)]
    after: Option<String>,
}

impl PageArgs {
    /// What was typed.
    pub(super) fn page(&self) -> Result<Page, Told> {
        Page::of(self.after.as_deref(), self.limit.map(|limit| limit.to_string()).as_deref())
    }
}

/// The last line of a page: that there is more, and how it is had; nothing at the end of the list.
pub(super) fn more(next: Option<&str>) -> String {
    next.map(|next| format!("\n\nThere are more: the same again with --after {next}")).unwrap_or_default()
}
