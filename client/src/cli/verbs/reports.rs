//! The verbs of reports and exports.

use super::Verbs;
use crate::{
    api::{
        client::Call,
        reports::{ExportPage, NationalShown, ReportMade, ReportTaken, ReportsState},
        travelling::{AgreeAsked, EndAsked, ReportsReceived, ReportsSent, SetAsideAsked, Travelling},
    },
    error::Told,
    htcds::write::WhoTheyAre,
};

impl Verbs {
    pub(in crate::cli) fn report_compute(&mut self, period: &str) -> Result<ReportMade, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/reports/{}/computed", period_text(period)?))),
            Self::Here(node) => node.report_compute(period),
        }
    }

    pub(in crate::cli) fn report_show(&mut self, period: &str) -> Result<ReportMade, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/reports/{}", period_text(period)?))),
            Self::Here(node) => node.report_show(period),
        }
    }

    pub(in crate::cli) fn report_release(&mut self, period: &str, by: Option<&str>) -> Result<ReportMade, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/reports/{}/release?{}", period_text(period)?, by_text(by));
                api.call(Call::post(&path, Vec::new()))
            }
            Self::Here(node) => node.report_release(period, by),
        }
    }

    pub(in crate::cli) fn reports(&mut self, schedule: Option<bool>, by: Option<&str>) -> Result<ReportsState, Told> {
        match (self, schedule) {
            (Self::Daemon(api), None) => api.call(Call::get("/v1/reports")),
            (Self::Daemon(api), Some(on)) => {
                api.call(Call::post(&format!("/v1/reports/schedule?on={on}&{}", by_text(by)), Vec::new()))
            }
            (Self::Here(node), schedule) => node.reports(schedule, by),
        }
    }

    pub(in crate::cli) fn report_take(&mut self, report: Vec<u8>) -> Result<ReportTaken, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/reports/given", report)),
            Self::Here(node) => node.report_take(&report),
        }
    }

    pub(in crate::cli) fn report_national(&mut self, period: &str) -> Result<NationalShown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/reports/{}/national", period_text(period)?))),
            Self::Here(node) => node.report_national(period),
        }
    }

    pub(in crate::cli) fn report_agree(&mut self, asked: &AgreeAsked) -> Result<Travelling, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/report-agreements", super::body(asked))),
            Self::Here(node) => node.report_agree(asked),
        }
    }

    pub(in crate::cli) fn report_end(&mut self, asked: &EndAsked) -> Result<Travelling, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/report-agreements/end", super::body(asked))),
            Self::Here(node) => node.report_end(asked),
        }
    }

    pub(in crate::cli) fn travelling(&mut self) -> Result<Travelling, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get("/v1/report-agreements")),
            Self::Here(node) => node.travelling(),
        }
    }

    pub(in crate::cli) fn report_send(&mut self, period: &str, by: Option<&str>) -> Result<ReportsSent, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/reports/{}/send?{}", period_text(period)?, by_text(by));
                api.call(Call::post(&path, Vec::new()))
            }
            Self::Here(node) => node.report_send(period, by),
        }
    }

    pub(in crate::cli) fn report_received(&mut self, period: Option<&str>) -> Result<ReportsReceived, Told> {
        match self {
            Self::Daemon(api) => {
                let of = period.map(period_text).transpose()?.map_or_else(String::new, |of| format!("?period={of}"));
                api.call(Call::get(&format!("/v1/reports/received{of}")))
            }
            Self::Here(node) => node.report_received(period),
        }
    }

    pub(in crate::cli) fn report_set_aside(&mut self, asked: &SetAsideAsked) -> Result<ReportsReceived, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/reports/received/set-aside", super::body(asked))),
            Self::Here(node) => node.report_set_aside(asked),
        }
    }

    pub(in crate::cli) fn export_page(
        &mut self,
        after: i64,
        period: Option<&str>,
        who: WhoTheyAre,
        by: Option<&str>,
    ) -> Result<ExportPage, Told> {
        match self {
            Self::Daemon(api) => {
                let of =
                    period.map(period_text).transpose()?.map_or_else(String::new, |period| format!("&period={period}"));
                let identity = who == WhoTheyAre::Told;
                api.call(Call::get(&format!("/v1/export?after={after}&identity={identity}{of}&{}", by_text(by))))
            }
            Self::Here(node) => node.export_page(after, period, who, by),
        }
    }
}

/// Who acts, by pseudonym: a name never stands in a path.
fn by_text(by: Option<&str>) -> String {
    by.map_or_else(String::new, |by| format!("by={by}"))
}

/// A period as typed, safe to stand in a path.
fn period_text(text: &str) -> Result<&str, Told> {
    let fits =
        !text.is_empty() && text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then_some(text)
        .ok_or_else(|| Told::usage("this is no period", "name a quarter or a half-year, such as 2026-Q3 or 2026-H2"))
}
