//! May this node do this now: yes with the transition, or a refusal that says what is possible instead.

use thiserror::Error;

use super::code::Step;
use super::fold::Standing;
use super::state::State;
use super::table::{TABLE, Transition};
use super::terms::{Guard, Hand, Side};
use crate::casework::words;

/// What somebody wants to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ask<'a> {
    /// What.
    pub step: Step,
    /// At which agency.
    pub side: Side,
    /// The roles that who asks has there.
    pub hands: &'a [Hand],
    /// The reason or outcome, numbered from 1; 0 for none.
    pub code: u8,
    /// The level asked for or given.
    pub level: Option<u8>,
}

/// Steps, as they are named to people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Steps(pub Vec<Step>);

impl core::fmt::Display for Steps {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut names: Vec<&str> = self.0.iter().map(|step| called(*step)).collect();
        // Two steps may be one command.
        names.dedup();
        f.write_str(if names.is_empty() { "nothing" } else { "" })?;
        f.write_str(&names.join(", "))
    }
}

/// What a person types for a step, else its name.
fn called(step: Step) -> &'static str {
    words::step(step).verb.unwrap_or_else(|| step.as_str())
}

/// Why not.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Not in this state.
    #[error("{} is not possible now: the referral is {}; possible: {possible}", called(*.step), .present.map_or("not there", State::word))]
    NotNow {
        /// What was asked.
        step: Step,
        /// The state now; none: there is no referral.
        present: Option<State>,
        /// What who asks may do in it.
        possible: Steps,
    },
    /// Not by these roles, or not by this agency.
    #[error("{} is not for this role to do", called(*.step))]
    NotYours {
        /// What was asked.
        step: Step,
        /// Who may.
        by: Vec<(Side, Hand)>,
    },
    /// Not with this reason or outcome.
    #[error("{} does not go with this reason or outcome", called(*.step))]
    WrongCode {
        /// What was asked.
        step: Step,
    },
    /// Not with this level.
    #[error("{} needs a level above {present} and at most 3", called(*.step))]
    WrongLevel {
        /// What was asked.
        step: Step,
        /// The level now.
        present: u8,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNow { .. } => "not-now",
            Self::NotYours { .. } => "not-yours",
            Self::WrongCode { .. } => "wrong-reason",
            Self::WrongLevel { .. } => "wrong-level",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotNow { .. } => "look at the referral again, and choose from what is possible",
            Self::NotYours { .. } => "ask somebody at the agency with the role, or the other agency",
            Self::WrongCode { .. } => "choose a reason or outcome from the list of this act",
            Self::WrongLevel { .. } => "choose a higher level, or none",
        }
    }
}

/// Whether it may be done; with the transition, whose other guards the one who acts has still to check.
///
/// `standing`: what the referral is now; none: there is none yet.
///
/// # Errors
/// [`Refusal`]: the role is judged first, then the state, then code and level.
pub fn may(standing: Option<&Standing>, ask: &Ask<'_>) -> Result<&'static Transition, Refusal> {
    let step = ask.step;
    let of_step = || TABLE.iter().filter(move |row| row.step == step);
    let mut rows: Vec<&'static Transition> = of_step().filter(|row| row.is_done_by(ask.side, ask.hands)).collect();
    if rows.is_empty() {
        return Err(Refusal::NotYours { step, by: of_step().flat_map(|row| row.by).copied().collect() });
    }
    rows.retain(|row| is_open(row, standing));
    if rows.is_empty() {
        let possible = Steps(possible(standing, ask.side, ask.hands));
        return Err(Refusal::NotNow { step, present: standing.map(|standing| standing.state), possible });
    }
    let row = rows.into_iter().find(|row| row.codes.allow(step, ask.code)).ok_or(Refusal::WrongCode { step })?;
    let present = standing.map_or(0, |standing| standing.level);
    if row.guards.contains(&Guard::LevelAbove) {
        ask.level.filter(|level| *level > present && *level <= 3).ok_or(Refusal::WrongLevel { step, present })?;
    }
    Ok(row)
}

/// What who has these roles at `side` may do now, each once, in the schema's order.
#[must_use]
pub fn possible(standing: Option<&Standing>, side: Side, hands: &[Hand]) -> Vec<Step> {
    let open = |step: &Step| {
        TABLE.iter().any(|row| row.step == *step && row.is_done_by(side, hands) && is_open(row, standing))
    };
    Step::ALL.iter().copied().filter(open).collect()
}

/// Whether the life itself lets the row begin now.
fn is_open(row: &Transition, standing: Option<&Standing>) -> bool {
    let crossed = standing.is_some_and(|standing| standing.crossed);
    row.starts_from(standing.map(|standing| standing.state))
        && (!row.guards.contains(&Guard::AcceptedInTime) || crossed)
}
