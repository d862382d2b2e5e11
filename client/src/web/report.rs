//! The auditor's report: what was done in some time, how much of it in time, who looked, and whether what proves it holds now. To be
//! read, and to be printed.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{Query, State},
    response::Response,
    routing::{get, post},
};
use safeconduct_certs::web::fields::{Fields, field};
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::{
    Page,
    sheet::{self, Mark, Sheet, Trouble, Visit, title},
};
use crate::{
    api::{audit::AuditAsked, files::file},
    daemon::{ChainNow, Sums, Verified},
    evidence::written::{self, Report},
    referral::dates::Date,
};

/// Referrals whose signatures one page verifies at most.
const REFERRALS_MAX: u64 = 5_000;
/// Days before this one that are shown when nothing was chosen: a quarter of a year.
const DAYS: u64 = 91;

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new().route("/{base}/report", get(show)).route("/{base}/report/file", post(take))
}

#[derive(Template)]
#[template(path = "web/report.html")]
struct Audit {
    s: Sheet,
    days: Days,
    /// A day was none, or the last was before the first: what is usual is shown instead.
    wrong: bool,
    sums: Sums,
    verified: Verified,
    /// More referrals than were verified.
    cut: bool,
    /// The partners whose chains hold, and those whose do not.
    chains: Vec<Chain>,
    mark: Mark,
}

title! { Audit "audit-title" }

/// A chain of evidence, with the partner's name.
struct Chain {
    agency: String,
    entries: Option<u64>,
}

/// The first and the last day of what is reported.
#[derive(Clone, Copy)]
struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// The days that were chosen.
    fn of(fields: &Fields) -> Option<Self> {
        let (first, last) = (Date::of_text(field(fields, "since"))?, Date::of_text(field(fields, "until"))?);
        (first.begin() <= last.begin()).then_some(Self { first, last })
    }

    /// A quarter of a year until this moment.
    fn usual(now: Timestamp) -> Option<Self> {
        Some(Self { first: Date::on(now.before(DAYS.saturating_mul(DAY_S)))?, last: Date::on(now)? })
    }

    fn asked(self, by: Option<String>) -> AuditAsked {
        AuditAsked {
            since: Some(self.first.begin().0),
            until: Some(self.last.begin().after(DAY_S).0),
            by,
            ..AuditAsked::default()
        }
    }
}

impl Audit {
    /// All of some sums.
    fn all(&self, sums: &[(&'static str, u64)]) -> u64 {
        sums.iter().fold(0, |all, (_, count)| all.saturating_add(*count))
    }

    /// The first digits of a pseudonym, as the log of a referral shows them.
    fn short<'p>(&self, person: &'p str) -> &'p str {
        person.get(..8).unwrap_or(person)
    }

    fn damaged(&self) -> u64 {
        self.chains.iter().fold(0, |sum, chain| sum.saturating_add(u64::from(chain.entries.is_none())))
    }

    fn chain_count(&self) -> String {
        self.s.count("audit-chains-count", &u64::try_from(self.chains.len()).unwrap_or(u64::MAX))
    }
}

/// The report of the days that are chosen.
async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Query(query): Query<Fields>,
) -> Result<Response, Trouble> {
    let now = page.work(&visit, |node| Ok(node.now())).await?;
    let chosen = Days::of(&query);
    let wrong = chosen.is_none() && !field(&query, "since").is_empty();
    let Some(days) = chosen.or_else(|| Days::usual(now)) else { return Ok(Page::to(&visit, "/")) };
    let asked = days.asked(visit.by());
    let first = asked.clone();
    let sums = page.work(&visit, move |node| node.audit_sums(&first)).await?;
    let (verified, cut) = verified(&page, &visit, asked).await?;
    sheet::shown(&Audit {
        s: page.sheet(&visit, "/figures").await?,
        chains: chains(&page, &visit).await?,
        mark: page.mark(&visit, "audit file")?,
        days,
        wrong,
        sums,
        verified,
        cut,
    })
}

/// Every signature of these days, verified some referrals at a time, so that nobody waits for it.
async fn verified(page: &Page, visit: &Visit, mut asked: AuditAsked) -> Result<(Verified, bool), Trouble> {
    let mut all = Verified::default();
    loop {
        let next = asked.clone();
        all.add(page.work(visit, move |node| node.audit_verified(&next)).await?);
        let Some(after) = all.next.clone() else { return Ok((all, false)) };
        if all.referrals >= REFERRALS_MAX {
            return Ok((all, true));
        }
        asked.after = Some(after);
    }
}

/// The chains of evidence, each recomputed now.
async fn chains(page: &Page, visit: &Visit) -> Result<Vec<Chain>, Trouble> {
    let by = visit.by();
    let partners = page.work(visit, move |node| node.audit_partners(by.as_deref())).await?;
    let mut all = Vec::with_capacity(partners.len());
    for partner in partners {
        let (by, language) = (visit.by(), visit.words.record_code);
        let chain = page
            .work(visit, move |node| {
                let ChainNow { agency, entries } = node.audit_chain(&partner, by.as_deref())?;
                let names = node.names_of([agency.as_str()].into_iter(), language)?;
                Ok(Chain { agency: names.of(&agency), entries })
            })
            .await?;
        all.push(chain);
    }
    Ok(all)
}

/// The log itself as a file: every act with its proof. That it was read stands in the log of views of each referral.
async fn take(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "audit file")?;
    let Some(days) = Days::of(&fields) else { return Ok(Page::to(&visit, "/report")) };
    let mut asked = days.asked(visit.by());
    let first = asked.clone();
    let mut report = Report::of(page.work(&visit, move |node| node.audit(&first)).await?);
    while let Some(after) = report.next() {
        asked.after = Some(after);
        let next = asked.clone();
        let more = page.work(&visit, move |node| node.audit(&next)).await?;
        report.add(more).map_err(|told| sheet::told(&visit, told))?;
    }
    Ok(if field(&fields, "form") == "csv" {
        file("text/csv; charset=utf-8", "audit.csv", written::csv::table(&report).into())
    } else {
        file("text/html; charset=utf-8", "audit.html", written::html::page(&report).into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_in_their_order_and_the_last_is_whole() {
        let of = |since: &str, until: &str| {
            Days::of(&vec![("since".to_owned(), since.to_owned()), ("until".to_owned(), until.to_owned())])
        };
        let days = of("2026-06-01", "2026-06-30").unwrap();
        let asked = days.asked(None);
        assert_eq!((asked.since, asked.until), (Some(1_780_272_000), Some(1_780_272_000 + 30 * DAY_S)));
        assert!(of("2026-06-01", "2026-06-01").is_some());
        for (since, until) in
            [("2026-06-02", "2026-06-01"), ("", ""), ("2026-06-01", "x"), ("2026-02-30", "2026-03-01")]
        {
            assert!(of(since, until).is_none(), "{since} {until}");
        }
        let usual = Days::usual(Timestamp(1_780_272_000)).unwrap();
        assert_eq!(
            (usual.first.to_string(), usual.last.to_string()),
            ("2026-03-02".to_owned(), "2026-06-01".to_owned())
        );
    }
}
