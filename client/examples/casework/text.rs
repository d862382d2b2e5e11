//! The text of `docs/CASEWORK.md`, from the tables.

use safeconduct_client::casework::life::code::{DeclineReason, Outcome, Step, WithdrawReason};
use safeconduct_client::casework::life::crossing::CROSSINGS;
use safeconduct_client::casework::life::state::{Phase, SeenAt, State};
use safeconduct_client::casework::life::table::{TABLE, Transition};
use safeconduct_client::casework::life::terms::{Codes, Detail, Effect, Guard, Hand, Side};
use safeconduct_client::referral::policy::RULES;

const BEGINNING: &str = "\
# Casework

What a referral is from its first word to its tombstone, who may do what with it, and what counts when two agencies act at the same time.

This file is printed by `client/examples/casework.rs` from the tables in `client/src/casework/life` and `client/src/referral/policy`, which the
code goes by and which the tests walk. Change the tables, not this file.

`safeconduct referral --help` lists the commands with which people do what stands here.
";

const WHO: &str = "\
Each act is by one of the two agencies, and there by somebody with a role, or by the node itself. The agency gives its people their roles;
the other agency sees a pseudonym and that the agency's node signed. The relay changes no state.
";

const TRANSITIONS: &str = "\
What is not here is refused as `not-now`, with the present state and what is possible in it. Of two rows that fit, the upper one counts: T15
before T14, T17 before T26. *Not sent* are steps that each side knows by itself: from receipts, or from its own clock.
";

const ORDER: &str = "\
Each agency numbers its own acts on a referral; each act names the hash of the one before it, and which of the other agency's it had seen.
The state follows from the *set* of acts, from the receipts and from the time. What came first, came twice or came late makes no difference.

1. An act whose predecessor is missing, or that has seen one that is missing, waits. The gap is shown, and what waits counts when it is filled.
2. Acts of one agency are in the order of epoch and number. What an act has seen comes before it.
3. Acts that cross, neither having seen the other, are in the order of the crossings below. What they leave open goes by time, then sender
   before recipient. Between nodes that have lost nothing, what is left open changes no state: wrong clocks decide nothing, but for the end
   of the referral's time.
4. They are applied one by one. What its state does not allow becomes a *remark*: kept and shown, without effect.
5. At the end of its time a referral that nobody has decided, or that never left, is expired (T18). What was signed before the end and came
   after it counts, an acceptance only by T19.

A restored node goes on in a higher epoch, after the last of its acts that it still has; what it had lost comes back from the other agency.
An act that contradicts its own chain (it names as before it, or as seen, what stands elsewhere) never counts. An agency has at most 1,024
acts on one referral.
";

const REMINDERS: &str = "\
Beside the clocks above, a node reminds whom it concerns while a referral is open: the recipient at half of the time to open it and to
decide; both agencies 14 and 3 days before a consent ends, and when it has; both before a reflection period ends, as the profile has it,
and when it has; both when a risk assessment counts no more; the sender 12 hours before the notice and the review of an act without
consent are due, until both are done; and who holds a child when the time to appoint a guardian is over. Each is told once; a look at the
referral settles it, but for what is owed after an act without consent. While the law holds a referral, also after its end, its agency is
asked every 183 days whether it still does, until a supervisor says so anew or ends the hold. A draft is told of in its last week.
";

const CONSENTS: &str = "\
A consent ends when the person takes it back, or by itself: at its `expires_at`, and 183 days after it was given where it names no end.

- **Taken back** (T23 by a person): the recipient erases what only it covered; where nothing is covered any more, the referral is withdrawn.
- **Ended by itself** (T23 by the sender's node, once the authority's time has passed the end, too): what needs it is refused as
  `consent-expired` (rule D04) at both agencies, and at the recipient what only it covered is shown, exported and found no more, by that
  node's own clock also before it has heard. Help that has begun goes on, and nothing is erased before its day. A new consent, in the next
  revision, lifts it. A referral that waits to be sent when its consent ends does not leave.
";

const ENDINGS: &str = "\
Every message about a referral ends, with one evidence: the recipient's `delivered` receipt, its signed refusal (T05), the relay's notice
that nobody collected it, or *given up* in the sender's chain with that agency. A node gives up what its own rules or the registry stop,
what has not left when the referral's time ends or after 90 days, and what nobody can answer any more, 44 days after the relay had it. What
the recipient has signed counts, whatever was written before. What takes something back from an agency abroad (`Withdrawn`, `Escalated`,
`ConsentChanged`) is not given up when its authority is not recognised any more: it waits for that. A message that was given up can be sent again until the referral's time ends;
its content stays until the day of its erasure, and a caseworker is asked what next.
";

const DELIVERY: &str = "\
An act of a person at the recipient shows that the referral was delivered, also where the receipt is missing. A delivered receipt beats a
refusal of the same message by the node (T05), and a receipt of any kind beats *failed*. A withdrawal may come before the referral that it
withdraws.
";

const DECISIONS: &str = "\
The rules behind the guard `policy-passes`: judged before a referral is sent, and by the recipient's node on the same bytes. The first that
refuses decides; all that are broken are told, each with its place, what would make it allowed, and whose value decided: a country's profile,
or the software. *Lifted by* 1: it warns, and whoever sends goes on; 2: it goes only once a second person has confirmed it; this
version cannot take that confirmation, refuses under D22 instead, and warns under D14.
";

const GLOSSARY: [(&str, &str); 12] = [
    (
        "act",
        "what one agency did with a referral, signed by its node and told to the other; on the wire a *case event*",
    ),
    ("crossing", "two acts of which neither signer had seen the other's"),
    ("equivocation", "two different acts signed under one number: neither counts, both are kept, and it is an alarm"),
    ("ended consent", "one whose time is over by itself; one that was *withdrawn* the person took back"),
    ("gap", "an act that another one names and that is not here"),
    ("guard", "what must hold besides the state"),
    ("note", "an act that changes no state, but consent, level or what was told"),
    ("open", "from *submitted* to *in service*: somebody has to do something"),
    (
        "declined",
        "by the agency that was asked, never by the person: that is the outcome *PersonDeclined* of a closed referral",
    ),
    ("remark", "an act that is kept and shown and did not count"),
    ("standing", "what a referral is now: state, reason, level, remarks, gaps, and what is to be done"),
    ("tombstone", "what is left after erasure: id, hashes, dates, states and outcome"),
];

/// The whole file.
pub(crate) fn document() -> String {
    let states = State::ALL.iter().map(|state| {
        let seen = match state.seen_at() {
            SeenAt::Sender => "sender",
            SeenAt::Both => "both",
        };
        let phase = match state.phase() {
            Phase::Before => "before it is sent",
            Phase::Open => "open",
            Phase::Final => "ended",
            Phase::After => "erased",
        };
        row(&[code(state.code()), state.word().into(), state.screen().into(), seen.into(), phase.into()])
    });
    let mut rows: Vec<&Transition> = TABLE.iter().collect();
    rows.sort_by_key(|row| row.id);
    let crossings = CROSSINGS.iter().map(|of| row(&[of.id.into(), of.cross.into(), of.rule.into()]));
    let named = |name: &str, words: &str| row(&[code(name), words.to_owned()]);
    [
        BEGINNING.to_owned(),
        section("States", "", &["Code", "State", "On the screen", "Seen at", "Phase"], states),
        DELIVERY.to_owned(),
        section("Who may act", WHO, &["Agency", ""], Side::ALL.iter().map(|side| named(side.as_str(), side.words()))),
        table(&["Role", ""], Hand::ALL.iter().map(|hand| named(hand.as_str(), hand.words()))),
        section(
            "Transitions",
            TRANSITIONS,
            &["No.", "From", "What", "By", "If", "To", "Then", "Details"],
            rows.into_iter().map(transition),
        ),
        section("Order", ORDER, &["No.", "Crossing", "What counts"], crossings),
        format!("## Reminders\n\n{REMINDERS}"),
        format!("## Consents that end\n\n{CONSENTS}"),
        format!("## How messages end\n\n{ENDINGS}"),
        section("Acts", "", &["Name", "Number", ""], Step::ALL.iter().map(|step| step_row(*step))),
        section("Guards", "", &["Name", ""], Guard::ALL.iter().map(|guard| named(guard.as_str(), guard.words()))),
        section("Effects", "", &["Name", ""], Effect::ALL.iter().map(|effect| named(effect.as_str(), effect.words()))),
        section("Details", "", &["Name", ""], Detail::ALL.iter().map(|detail| named(detail.as_str(), detail.words()))),
        section(
            "Why declined",
            "",
            &["Reason", ""],
            DeclineReason::ALL.iter().map(|reason| named(reason.as_str(), reason.words())),
        ),
        section("How it ended", "", &["Outcome", ""], Outcome::ALL.iter().map(|of| named(of.as_str(), of.words()))),
        section(
            "Why withdrawn",
            "",
            &["Reason", ""],
            WithdrawReason::ALL.iter().map(|reason| named(reason.as_str(), reason.words())),
        ),
        decision_table(),
        section(
            "Words",
            "",
            &["Word", "Means"],
            GLOSSARY.iter().map(|(word, means)| row(&[(*word).into(), (*means).into()])),
        ),
    ]
    .join("\n")
}

/// The rules behind the guard `policy-passes`, row by row.
fn decision_table() -> String {
    section(
        "Decision table",
        DECISIONS,
        &["Rule", "If", "Then", "Codes", "Lifted by", "From"],
        RULES.iter().map(|rule| {
            let codes: Vec<String> = rule.codes.iter().map(|code| format!("`{}`", code.as_str())).collect();
            row(&[
                rule.id.as_str().to_owned(),
                rule.when.to_owned(),
                rule.then.to_owned(),
                codes.join(", "),
                rule.lifted.as_str().to_owned(),
                rule.source.to_owned(),
            ])
        }),
    )
}

fn transition(of: &Transition) -> String {
    let list = |items: Vec<String>, without: &str| {
        if items.is_empty() { without.to_owned() } else { items.join(", ") }
    };
    let by = of.by.iter().map(|(side, hand)| format!("{} {}", side.as_str(), hand.as_str()));
    let effects = of.effects.iter().map(|(side, effect)| format!("{}: {}", side.as_str(), code(effect.as_str())));
    let with = match of.codes {
        Codes::None | Codes::All => String::new(),
        Codes::Only(names) => format!(" ({})", names.join(", ")),
    };
    let sent = if of.step.act().is_some() { "" } else { ", *not sent*" };
    row(&[
        of.id.into(),
        list(of.from.iter().map(|state| state.code().to_owned()).collect(), "nothing"),
        format!("{}{with}{sent}", of.step.as_str()),
        list(by.collect(), ""),
        list(of.guards.iter().map(|guard| code(guard.as_str())).collect(), ""),
        of.to.map_or("the same", State::code).into(),
        list(effects.collect(), ""),
        list(of.details.iter().map(|detail| code(detail.as_str())).collect(), ""),
    ])
}

fn step_row(step: Step) -> String {
    let number = step.number().map_or_else(String::new, |number| number.to_string());
    row(&[code(step.as_str()), number, step.words().into()])
}

fn section(title: &str, says: &str, heads: &[&str], rows: impl Iterator<Item = String>) -> String {
    let says = if says.is_empty() { String::new() } else { format!("{says}\n") };
    format!("## {title}\n\n{says}{}", table(heads, rows))
}

fn table(heads: &[&str], rows: impl Iterator<Item = String>) -> String {
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let rule = format!("|{}\n", "---|".repeat(heads.len()));
    format!("{}{rule}{}", row(&heads), rows.collect::<String>())
}

fn row(cells: &[String]) -> String {
    let cells = cells.iter().map(|cell| format!(" {cell} ").replace("  ", " "));
    format!("|{}|\n", cells.collect::<Vec<_>>().join("|"))
}

fn code(name: &str) -> String {
    format!("`{name}`")
}
