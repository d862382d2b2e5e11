//! What the local API says of reports and of exports. A report itself crosses as the text that it is, so that there is one form of it.

use serde::{Deserialize, Serialize};

/// A report of this agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportMade {
    /// The period.
    pub period: String,
    /// When it was released, Unix seconds; none for one that was only computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<u64>,
    /// Whether the period lasts still.
    pub open: bool,
    /// `safeconduct.report/1`.
    pub report: String,
}

/// Where reports stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsState {
    /// Released periods.
    pub released: Vec<ReleasedPeriod>,
    /// The newest period that has ended and is not released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Since when reports are released without a person's look, Unix seconds; none while a person releases each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<u64>,
}

/// A released period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedPeriod {
    /// The period.
    pub period: String,
    /// When, Unix seconds.
    pub released_at: u64,
}

/// A report that an agency gave, as it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTaken {
    /// Whose.
    pub agency: String,
    /// Of which period.
    pub period: String,
}

/// The sum over agencies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NationalShown {
    /// Two letters.
    pub country: String,
    /// The period.
    pub period: String,
    /// How many agencies gave a report.
    pub agencies: u64,
    /// When a number of it was shown first, Unix seconds; it stays as it is from then on. None while it shows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_first_at: Option<u64>,
    /// Reports that came later and are not in it.
    #[serde(default)]
    pub late: u64,
    /// Reports in it that were set aside since, or yielded to another one of their agency.
    #[serde(default)]
    pub aside: u64,
    /// The tables.
    pub tables: Vec<NationalTable>,
}

/// A table of the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NationalTable {
    /// Its id.
    pub id: String,
    /// By what it splits.
    pub split: String,
    /// Its rows.
    pub rows: Vec<NationalRow>,
    /// All persons.
    pub total: NationalCount,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NationalRow {
    /// Its key.
    pub key: String,
    /// Persons.
    #[serde(flatten)]
    pub count: NationalCount,
}

/// Persons in a cell of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NationalCount {
    /// How many are told; none where one agency dominates the cell, or it is hidden with such a one.
    pub persons: Option<u64>,
    /// Whether there may be more, which an agency hides.
    pub at_least: bool,
}

/// Some lines of an export.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPage {
    /// Lines of CSV, without the line of names.
    pub lines: String,
    /// How many referrals they hold.
    pub rows: u64,
    /// Referrals that nobody here has opened yet, or that one caseworker alone may see: not in the lines.
    pub left_out: u64,
    /// Where the next ones begin; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}
