//! Figures: how many persons, never who. A period is chosen, looked at, released, and taken away as a file; a co-ordinator sees the sum
//! over agencies.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{Query, State},
    response::Response,
    routing::{get, post},
};
use safeconduct_certs::web::fields::{Fields, field};

use super::{
    Page,
    drawing::Figure,
    figure_words as named,
    sessions::Notice,
    sheet::{self, Mark, Sheet, Trouble, Visit, title},
};
use crate::{
    api::{
        files::file,
        reports::{NationalShown, ReportMade},
    },
    daemon::{Menu, Node},
    error::Told,
    monitoring::{control::Cell, csv, release::Report, tables::NOT_COUNTED, wire},
};

/// Figures of one page: what a slow line carries at once.
const FIGURES: usize = 10;

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route("/{base}/figures", get(own))
        .route("/{base}/figures/country", get(country).post(show_country))
        .route("/{base}/figures/release", post(release))
        .route("/{base}/figures/schedule", post(schedule))
        .route("/{base}/figures/file", post(take))
}

#[derive(Template)]
#[template(path = "web/figures.html")]
struct Figures {
    s: Sheet,
    menu: Menu,
    filter: Filter,
    report: Report,
    made: ReportMade,
    figures: Vec<Figure>,
    /// From which figure the next page goes on.
    next: Option<usize>,
    /// The period may be released now.
    due: bool,
    release_mark: Mark,
    schedule_mark: Mark,
    file_mark: Mark,
}

#[derive(Template)]
#[template(path = "web/country.html")]
struct Country {
    s: Sheet,
    menu: Menu,
    filter: Filter,
    summed: Option<NationalShown>,
    /// Reports of the period that count here.
    given: u64,
    figures: Vec<Figure>,
    next: Option<usize>,
    show_mark: Mark,
    file_mark: Mark,
}

title! { Figures "tab-figures", Country "figures-country-title" }

/// What is chosen, as the address says it.
struct Filter {
    period: String,
    /// What is counted; empty for everything.
    counts: String,
    /// `sent` or `received`; empty for both.
    side: String,
    from: usize,
}

/// Something that can be counted.
struct Choice {
    name: &'static str,
    is_chosen: bool,
}

impl Filter {
    fn of(query: &Fields, periods: &[&str]) -> Self {
        let asked = field(query, "period");
        let known = periods.iter().find(|period| **period == asked).or_else(|| periods.first());
        let one_of = |name: &str, all: &[&str]| {
            let asked = field(query, name);
            all.iter().find(|one| **one == asked).map(|one| (*one).to_owned()).unwrap_or_default()
        };
        Self {
            period: known.map(|period| (*period).to_owned()).unwrap_or_default(),
            counts: one_of("table", &named::all_counts()),
            side: one_of("side", &["sent", "received"]),
            from: field(query, "from").parse().unwrap_or(0),
        }
    }

    fn wants(&self, id: &str) -> bool {
        let side = named::side(id).name();
        (self.counts.is_empty() || self.counts == named::counts(id))
            && (self.side.is_empty() || side.is_empty() || self.side == side)
    }

    /// The figures of this page, and where the next begins.
    fn page(&self, all: Vec<Figure>) -> (Vec<Figure>, Option<usize>) {
        let end = self.from.saturating_add(FIGURES);
        let next = (all.len() > end).then_some(end);
        (all.into_iter().skip(self.from).take(FIGURES).collect(), next)
    }

    /// The choices of what is counted.
    fn choices(&self) -> Vec<Choice> {
        let choice = |name: &'static str| Choice { name, is_chosen: self.counts == name };
        named::all_counts().into_iter().map(choice).collect()
    }
}

impl Figures {
    fn period(&self, name: &str) -> String {
        named::period(self.s.words, name)
    }

    /// Indicators of which something is not counted.
    fn not_counted(&self) -> impl Iterator<Item = &'static str> {
        NOT_COUNTED.iter().map(|not| not.indicator)
    }

    fn hiding(&self) -> String {
        let (k, base) = (self.report.k.to_string(), self.report.base.to_string());
        self.s.words.say_both("figures-hiding", ("k", &k), ("base", &base))
    }
}

impl Country {
    fn period(&self, name: &str) -> String {
        named::period(self.s.words, name)
    }
}

/// The report of a period: as it was released, else as it would be.
fn report_of(node: &mut Node, menu: &Menu, period: &str) -> Result<ReportMade, Told> {
    let released = menu.periods.iter().any(|line| line.name == period && line.released_at.is_some());
    if released { node.report_show(period) } else { node.report_compute(period) }
}

/// This agency's own figures.
async fn own(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Query(query): Query<Fields>,
) -> Result<Response, Trouble> {
    let by = visit.by();
    let (menu, filter, made) = page
        .work(&visit, move |node| {
            let menu = node.report_menu(by.as_deref())?;
            let periods: Vec<&str> = menu.periods.iter().map(|line| line.name.as_str()).collect();
            let filter = Filter::of(&query, &periods);
            let made = report_of(node, &menu, &filter.period)?;
            Ok((menu, filter, made))
        })
        .await?;
    let report = wire::read(made.report.as_bytes()).map_err(|told| sheet::told(&visit, told.into()))?;
    let (words, nobody) = (visit.words, Cell::Count(0));
    let tables = report.tables.iter().filter(|table| table.total != nobody && filter.wants(&table.id));
    let medians = report.medians.iter().filter(|median| !median.rows.is_empty() && filter.wants(&median.id));
    let all = tables
        .map(|table| Figure::of_table(words, table, &report))
        .chain(medians.map(|median| Figure::of_median(words, median)));
    let (figures, next) = filter.page(all.collect());
    let due = menu.releases && menu.periods.iter().any(|line| line.name == filter.period && line.due);
    sheet::shown(&Figures {
        s: page.sheet(&visit, "/figures").await?,
        release_mark: page.mark(&visit, &format!("release {}", filter.period))?,
        schedule_mark: page.mark(&visit, "schedule")?,
        file_mark: page.mark(&visit, "figures")?,
        menu,
        filter,
        report,
        made,
        figures,
        next,
        due,
    })
}

/// The sum over agencies, where a person has shown it before.
async fn country(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Query(query): Query<Fields>,
) -> Result<Response, Trouble> {
    let by = visit.by();
    let (menu, filter, summed) = page
        .work(&visit, move |node| {
            let menu = node.report_menu(by.as_deref())?;
            let periods: Vec<&str> = menu.given.iter().map(|(period, _)| period.as_str()).collect();
            let filter = Filter::of(&query, &periods);
            let summed = if filter.period.is_empty() { None } else { node.national_shown(&filter.period)? };
            Ok((menu, filter, summed))
        })
        .await?;
    let tables = summed.iter().flat_map(|summed| &summed.tables);
    let tables = tables.filter(|table| table.total.persons != Some(0) && filter.wants(&table.id));
    let (figures, next) = filter.page(tables.map(|table| Figure::of_sum(visit.words, table)).collect());
    let given = menu.given.iter().find(|(period, _)| *period == filter.period).map_or(0, |(_, count)| *count);
    sheet::shown(&Country {
        s: page.sheet(&visit, "/figures").await?,
        show_mark: page.mark(&visit, &format!("country {}", filter.period))?,
        file_mark: page.mark(&visit, "figures")?,
        menu,
        filter,
        summed,
        given,
        figures,
        next,
    })
}

/// Shows the sum of a period for the first time: it stays as it is from then on.
async fn show_country(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let period = field(&fields, "period").to_owned();
    page.number(&visit, &fields, &format!("country {period}"))?;
    let (by, of) = (visit.by(), period.clone());
    let summed = page.work(&visit, move |node| node.show_national(&of, by.as_deref())).await?;
    let key = if summed.shown_first_at.is_some() { "notice-country" } else { "notice-country-none" };
    page.sessions.leave(&visit.session.base, Notice { key, count: 1 });
    Ok(Page::to(&visit, &format!("/figures/country?period={}", summed.period)))
}

/// Releases the report of a period: it is frozen from then on.
async fn release(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let period = field(&fields, "period").to_owned();
    page.number(&visit, &fields, &format!("release {period}"))?;
    let by = visit.by();
    let made = page.work(&visit, move |node| node.report_release(&period, by.as_deref())).await?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-released", count: 1 });
    Ok(Page::to(&visit, &format!("/figures?period={}", made.period)))
}

/// Lets reports be released without a look, or not any more.
async fn schedule(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "schedule")?;
    let (by, on) = (visit.by(), field(&fields, "switch") == "on");
    page.work(&visit, move |node| node.reports(Some(on), by.as_deref())).await?;
    let key = if on { "notice-scheduled" } else { "notice-not-scheduled" };
    page.sessions.leave(&visit.session.base, Notice { key, count: 1 });
    Ok(Page::to(&visit, "/figures"))
}

/// The figures of a period as a file: rows for a spreadsheet, or the form that reports travel in.
async fn take(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "figures")?;
    let (by, period) = (visit.by(), field(&fields, "period").to_owned());
    let (rows, of_country) = (field(&fields, "form") == "csv", field(&fields, "of") == "country");
    let text = page
        .work(&visit, move |node| {
            if of_country {
                let summed = node.national_shown(&period)?.ok_or_else(not_shown)?;
                return Ok(if rows { csv::of_national(&summed) } else { json(&summed) });
            }
            let menu = node.report_menu(by.as_deref())?;
            let made = report_of(node, &menu, &period)?;
            if !rows {
                return Ok(made.report);
            }
            Ok(csv::of_report(&wire::read(made.report.as_bytes())?))
        })
        .await?;
    Ok(if rows {
        file("text/csv; charset=utf-8", "figures.csv", text.into())
    } else {
        file("application/json", "figures.json", text.into())
    })
}

fn json(summed: &NationalShown) -> String {
    serde_json::to_string(summed).unwrap_or_default()
}

fn not_shown() -> Told {
    Told::refused(
        "not-shown",
        "the sum of this period was not shown yet",
        "show it first: it stays as it is from then on",
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::words::{Words, languages},
        *,
    };
    use crate::api::reports::{NationalCount, NationalRow, NationalTable};

    fn mark() -> Mark {
        Mark { number: "0".to_owned(), token: "t".to_owned() }
    }

    fn country_page(words: &'static Words, summed: Option<NationalShown>, releases: bool) -> String {
        let s = Sheet {
            words,
            base: "/0".to_owned(),
            tab: "/figures",
            switch: true,
            query: String::new(),
            agency: "Harbour House".to_owned(),
            who: String::new(),
            banners: Vec::new(),
            exercise: false,
            idle_s: 300,
            exit: mark(),
            live: 0,
            notices: Vec::new(),
        };
        let given = vec![("2026-Q3".to_owned(), 3)];
        let menu = Menu { periods: Vec::new(), scheduled_at: None, releases, audits: false, adds_up: true, given };
        let tables = summed.iter().flat_map(|summed| &summed.tables);
        let figures = tables.map(|table| Figure::of_sum(words, table)).collect();
        let filter = Filter::of(&Fields::new(), &["2026-Q3"]);
        let (show_mark, file_mark) = (mark(), mark());
        let page = Country { s, menu, filter, summed, given: 3, figures, next: None, show_mark, file_mark };
        page.render().unwrap()
    }

    #[test]
    fn the_sum_over_agencies_is_offered_to_who_may_and_says_what_is_hidden_a_part_or_late() {
        let cell = |persons, at_least| NationalCount { persons, at_least };
        let rows = [("Enquiry", cell(None, false)), ("Referral", cell(Some(90), true))];
        let summed = NationalShown {
            country: "XA".to_owned(),
            period: "2026-Q3".to_owned(),
            agencies: 3,
            shown_first_at: Some(1_790_000_000),
            late: 1,
            aside: 2,
            tables: vec![NationalTable {
                id: "M01.sent.kind".to_owned(),
                split: "kind".to_owned(),
                rows: rows.map(|(key, count)| NationalRow { key: key.to_owned(), count }).to_vec(),
                total: cell(Some(355), false),
            }],
        };
        for words in languages().all() {
            let plain = |text: &str| {
                text.replace("&#39;", "'").chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect::<String>()
            };
            let page = plain(&country_page(words, Some(summed.clone()), true));
            for said in [
                words.count("figures-country-of", 3),
                words.count("figures-country-late", 1),
                words.count("figures-country-aside", 2),
                words.say("figures-hidden"),
                words.say_of("figures-at-least", "number", "90"),
                words.say("figures-withheld"),
            ] {
                assert!(page.contains(&plain(&said)), "{}: {said}", words.code);
            }
            assert!(page.contains("role=\"img\"") && page.contains("chart-withheld") && page.contains("355"));
            assert!(!page.contains("style=") && page.len() < 100 * 1024);
            let before = country_page(words, None, true);
            assert!(before.contains(&words.say("figures-country-show")) && !before.contains("<svg"), "{}", words.code);
            assert!(!country_page(words, None, false).contains(&words.say("figures-country-show")), "who may not");
        }
    }

    fn query(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_there_is_can_be_chosen_and_all_else_is_everything() {
        let periods = ["2026-Q3", "2026-Q2"];
        let odd = Filter::of(&query(&[("period", "<b>"), ("table", "x"), ("side", "ours"), ("from", "-1")]), &periods);
        assert_eq!((odd.period.as_str(), odd.counts.as_str(), odd.side.as_str(), odd.from), ("2026-Q3", "", "", 0));
        assert!(odd.wants("M01.sent.kind") && odd.wants("M03.opening.role"));
        let sent = Filter::of(&query(&[("period", "2026-Q2"), ("side", "sent")]), &periods);
        assert_eq!(sent.period, "2026-Q2");
        assert!(sent.wants("M01.sent.kind") && !sent.wants("M01.received.kind") && sent.wants("M13.erasure"));
        let served = Filter::of(&query(&[("table", "served")]), &periods);
        assert!(served.wants("M02.age") && !served.wants("M01.sent.kind"));
        assert_eq!(Filter::of(&query(&[]), &[]).period, "");
    }
}
