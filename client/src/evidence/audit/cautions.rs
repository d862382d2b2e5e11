//! What stands on top of the report: acts without consent, what was late, what is missing, what was signed twice, what does not verify.

use rusqlite::Connection;
use safeconduct_certs::utc;
use safeconduct_protocol::time::Timestamp;

use super::{Reported, checks::Verdict};
use crate::{
    api::audit::{AuditLine, Caution},
    casework::{
        clocks::{self, Times},
        life::{code::Step, terms::Side},
        store::event::Kept,
        words,
    },
    referral::codes::Basis,
    vault::VaultError,
};

/// How far a clock may be off before it is said, in seconds.
const CLOCK_S_MAX: u64 = 600;

fn caution(kind: &str, text: String) -> Caution {
    Caution { kind: kind.to_owned(), text }
}

/// What whoever reads it should see first.
pub(super) fn of(db: &Connection, reported: &Reported<'_>, lines: &[AuditLine]) -> Result<Vec<Caution>, VaultError> {
    let mut cautions = overrides(db, reported)?;
    cautions.extend(late(reported));
    cautions.extend(chain(reported));
    let unverified = lines.iter().filter(|line| line.holds == Verdict::No.as_str());
    cautions.extend(unverified.map(|line| {
        caution(
            "unverified",
            format!("the proof of {} at {} does not verify", line.act, utc::instant(Timestamp(line.at))),
        )
    }));
    Ok(cautions)
}

/// Acts without the person's consent: whether they were told, and whether somebody has reviewed it.
fn overrides(db: &Connection, reported: &Reported<'_>) -> Result<Vec<Caution>, VaultError> {
    let bases: i64 =
        db.query_row("SELECT bases FROM referral WHERE place = ?1", [reported.found.row.place], |row| row.get(0))?;
    let bit = |basis: Basis| Basis::ALL.iter().position(|one| *one == basis).is_some_and(|at| bases >> at & 1 == 1);
    let used = [Basis::VitalInterest, Basis::LegalObligation].into_iter().filter(|basis| bit(*basis));
    let counted =
        |step: Step| {
            reported.found.events.iter().any(|kept| {
                Step::of(kept.event.says().act) == step && reported.applied.contains_key(&kept.event.hash())
            })
        };
    let told = if counted(Step::OverrideNotice) { "the person was told" } else { "no notice to the person is logged" };
    let reviewed = if counted(Step::OverrideReviewed) { "it was reviewed" } else { "no review is logged" };
    Ok(used
        .map(|basis| {
            caution("override", format!("sent without the person's consent ({}): {told}, {reviewed}", basis.as_str()))
        })
        .collect())
}

fn late(reported: &Reported<'_>) -> Vec<Caution> {
    let (row, standing) = (&reported.found.row, &reported.found.standing);
    let by_hash = reported.found.events.iter().map(|kept| (kept.hash, kept)).collect();
    let times = Times::of(standing, &by_hash, row);
    let mut late = Vec::new();
    let mut after = |what: &str, at: Option<Timestamp>, by: Timestamp| {
        if let Some(at) = at.filter(|at| *at > by) {
            let text = format!("{what} at {}, due by {}", utc::instant(at), utc::instant(by));
            late.push(caution("late", text));
        }
    };
    if let Some(delivered) = row.delivered_at {
        let due = clocks::due(row, reported.desk.setting, &reported.desk.own, delivered);
        after("opened", times.opened, due.acknowledge);
        after("decided", times.decided, due.decide.after(times.paused_s));
    }
    if row.late {
        late.push(caution("late", "somebody should have acted before now".to_owned()));
    }
    late.extend(reported.found.events.iter().filter_map(|kept| of_event(reported, kept)));
    late
}

/// An act after the end of its time, or dated long after it was here.
fn of_event(reported: &Reported<'_>, kept: &Kept) -> Option<Caution> {
    let (row, says) = (&reported.found.row, kept.event.says());
    let (did, agency) = (words::step(Step::of(says.act)).did, reported.agency(kept.side));
    let after_end = matches!(Step::of(says.act), Step::Opened | Step::Accepted | Step::Declined)
        && kept.side == Side::Recipient
        && says.at >= row.expires_at;
    if after_end {
        let end = utc::instant(row.expires_at);
        return Some(caution("late", format!("{agency} {did} at {}, after its end at {end}", utc::instant(says.at))));
    }
    (says.at.since(kept.at) > CLOCK_S_MAX).then(|| {
        let here = utc::instant(kept.at);
        caution("late", format!("{agency} {did}: it is dated {}, and was here at {here}", utc::instant(says.at)))
    })
}

/// What is missing, signed twice, or contradicts itself.
fn chain(reported: &Reported<'_>) -> Vec<Caution> {
    let standing = &reported.found.standing;
    let gaps = standing.gaps.iter().map(|gap| {
        let agency = reported.agency(gap.of);
        caution("gap", format!("act {} of {agency} is missing: what follows it does not count yet", gap.number))
    });
    let twice = standing.equivocations.iter().map(|(side, position)| {
        let agency = reported.agency(*side);
        caution("equivocation", format!("{agency} has signed two different acts under number {}", position.number))
    });
    let broken = (!standing.broken.is_empty())
        .then(|| caution("broken", format!("{} acts contradict the chain that they stand in", standing.broken.len())));
    gaps.chain(twice).chain(broken).collect()
}
