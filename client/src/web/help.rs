//! Help inside: first steps, what the words mean, and exercises where nobody is real.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};

use super::{
    Page,
    sheet::{Sheet, Trouble, Visit, shown, title},
};
use crate::api::cases::{ListAsked, ReferralLine};

/// First steps: name, where each is tried.
const STEPS: [(&str, Option<&str>); 5] = [
    ("step-refer", Some("/refer")),
    ("step-see", Some("/")),
    ("step-answer", Some("/?view=ours")),
    ("step-find", Some("/directory")),
    ("step-leave", None),
];

/// Words that are explained; each is the end of two keys and an anchor.
const TERMS: [&str; 12] = [
    "enquiry", "level", "consent", "caution", "relay", "registry", "words", "turn", "evidence", "erasure", "exercise",
    "alone",
];

/// Referrals that are looked at to see which exercises are done.
const LOOKED_AT: u32 = 200;

/// An exercise: its name, where it is tried, and how a referral shows that it was done.
type Exercise = (&'static str, Option<&'static str>, fn(&ReferralLine) -> bool);

const EXERCISES: [Exercise; 5] = [
    ("exercise-refer", Some("/refer"), |line| line.side == "sent" && line.kind == "Enquiry"),
    ("exercise-accept", Some("/?view=ours"), |line| {
        line.side == "received" && matches!(line.state.as_str(), "accepted" | "in-service" | "closed")
    }),
    ("exercise-decline", Some("/?view=ours"), |line| line.side == "received" && line.state == "declined"),
    ("exercise-close", Some("/"), |line| line.state == "closed"),
    ("exercise-leave", None, |_line| false),
];

#[derive(Template)]
#[template(path = "web/help.html")]
struct Help {
    s: Sheet,
    exercises: Vec<Tried>,
}

title! { Help "help-title" }

/// An exercise, and whether it is done.
struct Tried {
    name: &'static str,
    path: Option<&'static str>,
    done: bool,
}

impl Help {
    const fn steps(&self) -> [(&'static str, Option<&'static str>); 5] {
        STEPS
    }

    const fn terms(&self) -> [&'static str; 12] {
        TERMS
    }
}

fn tried(lines: &[ReferralLine]) -> Vec<Tried> {
    EXERCISES.iter().map(|(name, path, shows)| Tried { name, path: *path, done: lines.iter().any(shows) }).collect()
}

/// The page of help.
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    let s = page.sheet(&visit, "/help").await?;
    let mut exercises = Vec::new();
    if s.exercise {
        let asked = ListAsked { limit: Some(LOOKED_AT), by: visit.by(), ..ListAsked::default() };
        exercises = tried(&page.work(&visit, move |node| node.referrals(&asked)).await?.referrals);
    }
    shown(&Help { s, exercises })
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};
    use crate::casework::life::state::State as CaseState;

    fn line(side: &str, kind: &str, state: &str) -> ReferralLine {
        serde_json::from_value(serde_json::json!({
            "id": "1", "referral_id": "1", "side": side, "agency": "xe.one", "kind": kind, "urgency": "Normal", "level": 0,
            "exercise": true, "state": state, "state_at": 0, "turn": "ours", "late": false, "expires_at": 0,
        }))
        .unwrap()
    }

    #[test]
    fn everything_that_is_explained_has_words_in_every_language() {
        for words in languages().all() {
            let keys = TERMS.iter().flat_map(|term| [format!("term-{term}"), format!("means-{term}")]);
            let states = CaseState::ALL.iter().map(|state| format!("means-state-{}", state.code()));
            let steps = STEPS.iter().flat_map(|(step, _)| [(*step).to_owned(), format!("{step}-text")]);
            for key in keys.chain(states).chain(steps) {
                assert!(words.has(&key), "{}: {key}", words.code);
            }
        }
    }

    #[test]
    fn an_exercise_is_done_when_a_referral_shows_it() {
        let done = |lines: &[ReferralLine]| -> Vec<&str> {
            tried(lines).into_iter().filter(|one| one.done).map(|one| one.name).collect()
        };
        assert!(done(&[]).is_empty() && done(&[line("received", "Enquiry", "delivered")]).is_empty());
        assert_eq!(done(&[line("sent", "Enquiry", "queued")]), ["exercise-refer"]);
        assert_eq!(done(&[line("received", "Referral", "closed")]), ["exercise-accept", "exercise-close"]);
        assert_eq!(done(&[line("received", "Enquiry", "declined")]), ["exercise-decline"]);
    }
}
