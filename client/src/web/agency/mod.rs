//! This agency, as its own page shows it: who works here, who looked at what, its keys, its backups, how its node is.
//!
//! Each page is offered to who may use it; the node judges each act again.
//!
//! # Layout
//! - [`people`]: who works here, and [`password`]: one's own
//! - [`looks`]: who looked at what, and what proves what was done
//! - [`keys`]: words to compare by telephone, and new keys
//! - [`backup`]: made and tried · [`health`]: what is well and what is not, and how this node is set

mod backup;
mod health;
mod keys;
mod looks;
mod password;
mod people;

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    response::Response,
    routing::{get, post},
};

use super::{
    Page,
    sheet::{Sheet, Trouble, Visit, shown, title},
    signing::passphrase_held,
};
use crate::{
    api::shapes::FindingState,
    daemon::Node,
    error::Told,
    people::{LocalRole, Roles},
};

/// The tab's own address.
const TAB: &str = "/agency";

/// What is done and shown under the tab.
pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route("/{base}/agency", get(overview))
        .route("/{base}/agency/people", get(people::list))
        .route("/{base}/agency/people/first", post(people::first))
        .route("/{base}/agency/people/add", post(people::add))
        .route("/{base}/agency/people/{person}", get(people::one))
        .route("/{base}/agency/people/{person}/end", post(people::end))
        .route("/{base}/agency/people/{person}/roles", post(people::roles))
        .route("/{base}/agency/people/{person}/secret", post(people::secret))
        .route("/{base}/agency/password", get(password::ask).post(password::change))
        .route("/{base}/agency/looks", get(looks::ask).post(looks::search))
        .route("/{base}/agency/proof/{id}", get(looks::proof))
        .route("/{base}/agency/keys", get(keys::show).post(keys::compare))
        .route("/{base}/agency/keys/renew", post(keys::renew))
        .route("/{base}/agency/backup", get(backup::show).post(backup::make))
        .route("/{base}/agency/backup/drill", post(backup::drill))
        .route("/{base}/agency/health", get(health::show))
        .route("/{base}/agency/health/lock", post(health::lock))
}

/// What somebody may do here, for what the page offers.
#[derive(Clone, Copy)]
struct Rights {
    roles: Roles,
    /// Nobody is recorded.
    alone: bool,
}

impl Rights {
    const fn admin(self) -> bool {
        self.roles.has(LocalRole::Admin)
    }

    /// Whether the log of views is for this person.
    const fn reads(self) -> bool {
        self.admin() || self.roles.has(LocalRole::Auditor) || self.roles.has(LocalRole::Supervisor)
    }

    /// Pages under the tab: path and text.
    fn pages(self) -> Vec<(&'static str, &'static str)> {
        let all = [
            (true, TAB, "agency-overview"),
            (true, "/agency/people", "agency-people"),
            (!self.alone, "/agency/password", "agency-password"),
            (self.reads(), "/agency/looks", "agency-looks"),
            (true, "/agency/keys", "agency-keys"),
            (self.admin(), "/agency/backup", "agency-backup"),
            (true, "/agency/health", "agency-health"),
        ];
        all.into_iter().filter(|(is, _, _)| *is).map(|(_, path, text)| (path, text)).collect()
    }
}

fn rights(node: &Node, by: Option<&str>) -> Result<Rights, Told> {
    let officer = node.acting(by)?;
    Ok(Rights { roles: officer.roles(), alone: officer.is_alone() })
}

/// The page's own navigation.
struct Side {
    pages: Vec<(&'static str, &'static str)>,
    here: &'static str,
}

impl Page {
    async fn rights(&self, visit: &Visit) -> Result<Rights, Trouble> {
        let by = visit.by();
        self.work(visit, move |node| rights(node, by.as_deref())).await
    }

    /// Frame and navigation of a page under the tab.
    async fn side(&self, visit: &Visit, rights: Rights, here: &'static str) -> Result<(Sheet, Side), Trouble> {
        Ok((self.sheet(visit, TAB).await?, Side { pages: rights.pages(), here }))
    }

    /// Does what takes the vault's passphrase, which is tried a bounded number of times.
    async fn with_passphrase<T: Send + 'static>(
        &self,
        visit: &Visit,
        job: impl FnOnce(&mut Node) -> Result<T, Told> + Send + 'static,
    ) -> Result<T, Told> {
        // Whose role does not do it has no try: else they could hold the passphrase of who may.
        let by = visit.by();
        if !self.handle.core().call(move |node| rights(node, by.as_deref())).await?.admin() {
            let fact = "this is for an admin of the node";
            return Err(Told::refused("not-your-role", fact, "ask somebody with that role"));
        }
        if !self.sessions.may_try() {
            return Err(passphrase_held());
        }
        let done = self.handle.acting(job).await;
        // Who may not do it has not been asked for the passphrase; whatever else it was refused for, it was not for the passphrase.
        let untried =
            |told: &Told| matches!(told.code.as_str(), "wrong-passphrase" | "not-your-role" | "person-unknown");
        if !done.as_ref().err().is_some_and(untried) {
            self.sessions.was_right();
        }
        done
    }
}

#[derive(Template)]
#[template(path = "web/agency.html")]
struct Overview {
    s: Sheet,
    side: Side,
    roles: Vec<&'static str>,
    alone: bool,
    people: u64,
    backup_at: Option<u64>,
    /// What somebody should look at.
    open: u64,
}

title! { Overview "tab-agency" }

async fn overview(State(page): State<Arc<Page>>, Extension(visit): Extension<Visit>) -> Result<Response, Trouble> {
    let by = visit.by();
    let looked = page.work(&visit, move |node| {
        Ok((rights(node, by.as_deref())?, node.people(false)?.people.len(), node.backup_at()?))
    });
    let (rights, people, backup_at) = looked.await?;
    let doctor = page.handle.doctor().await.map_err(|error| super::sheet::told(&visit, error))?;
    let (s, side) = page.side(&visit, rights, TAB).await?;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    shown(&Overview {
        s,
        side,
        roles: rights.roles.iter().map(LocalRole::as_str).collect(),
        alone: rights.alone,
        people: count(people),
        backup_at,
        open: count(doctor.findings.iter().filter(|one| one.state != FindingState::Ok).count()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_is_offered_what_it_may_use_and_nothing_else() {
        let pages = |roles: &[LocalRole], alone| -> Vec<&str> {
            let rights = Rights { roles: Roles::of(roles), alone };
            rights.pages().into_iter().map(|(path, _)| path.trim_start_matches("/agency")).collect()
        };
        let works = ["", "/people", "/password", "/keys", "/health"];
        assert_eq!(pages(&[LocalRole::Caseworker], false), works);
        assert_eq!(pages(&[LocalRole::Intake, LocalRole::MayAccept], false), works);
        let reads = ["", "/people", "/password", "/looks", "/keys", "/health"];
        assert_eq!(pages(&[LocalRole::Auditor], false), reads);
        assert_eq!(pages(&[LocalRole::Supervisor], false), reads);
        let all = ["", "/people", "/password", "/looks", "/keys", "/backup", "/health"];
        assert_eq!(pages(&[LocalRole::Admin], false), all);
        assert_eq!(pages(LocalRole::ALL, true), ["", "/people", "/looks", "/keys", "/backup", "/health"]);
    }
}
