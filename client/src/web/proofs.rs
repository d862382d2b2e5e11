//! Proofs in words: of each act and receipt what it proves and what it does not, how far a referral came, and what a file states.

use super::{labels::label, words::Words};
use crate::{
    api::audit::{AuditLine, AuditedCase},
    daemon::Names,
};

/// Acts whose limits have words of their own; of all others it is only said that somebody said so.
const LIMITED: [&str; 12] = [
    "Opened",
    "InfoRequested",
    "InfoProvided",
    "Accepted",
    "Declined",
    "DisclosureRaised",
    "ServiceStarted",
    "Closed",
    "Withdrawn",
    "ConsentChanged",
    "OverrideReviewed",
    "ErasureCertified",
];

/// What a file of evidence states, as `safeconduct evidence verify` says it, and by which text.
const STATEMENTS: [(&str, &str); 17] = [
    ("the authority is the one that you know", "verified-authority"),
    ("the authority signed the registry", "verified-registry"),
    ("the registry stood so at a signed time", "verified-time"),
    ("the recipient's authority is the one that you know", "verified-their-authority"),
    ("the recipient's authority signed its registry", "verified-their-registry"),
    ("the sender's node signed this message for this recipient", "verified-signed"),
    ("the sender's key stood at a checkpoint before the message", "verified-before"),
    ("a checkpoint no earlier than the message's receipts names the sender's key", "verified-after"),
    ("this is the content that was signed", "verified-content"),
    ("a relay took charge of a sealed envelope", "verified-charged"),
    ("the recipient's node opened, verified and stored it", "verified-stored"),
    ("a person has seen it", "verified-seen"),
    ("a relay gave a sealed envelope up: nobody had fetched it", "verified-given-up"),
    ("a node signed this act on the referral", "verified-act"),
    ("a node signed two acts under one number: neither counts", "verified-twice"),
    ("these are the details that were signed", "verified-details"),
    ("nothing was left out at the end", "verified-end"),
];

/// One proof, as it is read.
pub(super) struct Proof {
    pub(super) at: u64,
    /// Whose clock says so.
    pub(super) clock: String,
    /// What was done.
    pub(super) what: String,
    /// Who did it: the agency's name; the relay.
    pub(super) who: String,
    /// The first digits of the pseudonym of the person there.
    pub(super) person: Option<String>,
    pub(super) confirmed: bool,
    /// What came of verifying it now: `yes`, `no`, `no-key` or `not-signed`.
    pub(super) holds: &'static str,
    pub(super) proves: String,
    pub(super) proves_not: String,
}

/// How far a referral came: a step of its way that is proven, or what it means that it is not.
pub(super) struct Stage {
    pub(super) text: String,
    /// When, if it is proven.
    pub(super) at: Option<u64>,
    /// What it means that there is no proof.
    pub(super) missing: String,
}

/// What kind of proof a line is: `revision`, `unsealed`, a receipt, `rule`, `local`, or the name of an act.
fn kind(line: &AuditLine) -> &str {
    let act = line.act.split(", revision ").next().unwrap_or_default();
    match (act, line.proof.as_str()) {
        (act, "none") if act.starts_with("revision ") => "unsealed",
        (_, "none") => "local",
        (act, _) if act.starts_with("revision ") => "revision",
        ("delivered-given", _) => "delivered",
        ("Declined", _) if line.person.is_none() => "rule",
        (act, _) => act,
    }
}

const fn verdict(holds: &str) -> &'static str {
    match holds.as_bytes() {
        b"verified" => "yes",
        b"does not verify" => "no",
        b"key not here" => "no-key",
        _ => "not-signed",
    }
}

/// Every proof of a referral, in the order in which it counts.
pub(super) fn all(words: &Words, case: &AuditedCase, names: &Names) -> Vec<Proof> {
    case.lines.iter().map(|line| proof(words, line, names)).collect()
}

fn proof(words: &Words, line: &AuditLine, names: &Names) -> Proof {
    let (kind, holds) = (kind(line), verdict(&line.holds));
    let is_act = line.proof == "signature" && !matches!(kind, "revision" | "rule");
    let (proves, proves_not) = match (holds, kind) {
        ("no", _) => ("broken", "broken"),
        ("no-key", _) => ("no-key", "no-key"),
        (_, kind) if is_act => ("act", if LIMITED.contains(&kind) { kind } else { "act" }),
        (_, kind) => (kind, kind),
    };
    let what = match kind {
        "local" => label(words, "did", &line.act),
        kind if is_act => label(words, "did", kind),
        kind => label(words, "proof", kind),
    };
    let why = line.why.as_deref().map(|why| {
        let list = ["declined", "closed", "withdrawn"].into_iter().find(|list| words.has(&format!("{list}-{why}")));
        list.map_or_else(|| why.to_owned(), |list| label(words, list, why))
    });
    Proof {
        at: line.at,
        clock: label(words, "clock", if line.clock == "this node" { "here" } else { &line.clock }),
        what: why.map_or_else(|| what.clone(), |why| format!("{what}: {why}")),
        who: line.agency.as_deref().map_or_else(|| words.say("proof-by-relay"), |agency| names.of(agency)),
        person: line.person.as_ref().map(|person| person.chars().take(8).collect()),
        confirmed: line.confirmed,
        holds,
        proves: label(words, "proves", proves),
        proves_not: label(words, "limits", proves_not),
    }
}

/// The way of a referral from its sender's signature to a decision, as far as it is proven now.
pub(super) fn stages(words: &Words, case: &AuditedCase, is_sent: bool, names: &Names) -> Vec<Stage> {
    let (sender, recipient) = (names.of(&case.sender), names.of(&case.recipient));
    let proven = |kinds: &[&str]| {
        case.lines
            .iter()
            .filter(|line| line.holds == "verified" && kinds.contains(&kind(line)))
            .map(|line| line.at)
            .min()
    };
    let stages: [(&str, &[&str], &str); 5] = [
        ("signed", &["revision"], &sender),
        ("relay", &["relay-accepted"], &recipient),
        ("delivered", &["delivered"], &recipient),
        ("opened", &["Opened"], &recipient),
        ("decided", &["Accepted", "Declined", "rule"], &recipient),
    ];
    // What the relay said, only the sender has.
    let stages = stages.into_iter().filter(|(stage, _, _)| is_sent || *stage != "relay");
    let said = |list: &str, stage: &str, agency: &str| words.say_of(&format!("{list}-{stage}"), "agency", agency);
    stages
        .map(|(stage, kinds, agency)| Stage {
            text: said("stage", stage, agency),
            at: proven(kinds),
            missing: said("missing", stage, agency),
        })
        .collect()
}

/// A statement of a file in the reader's language; as the node says it, in English, when the catalogue is older.
pub(super) fn statement(words: &Words, what: &str) -> String {
    let known = STATEMENTS.iter().find(|(text, _)| *text == what);
    known.map_or_else(|| what.to_owned(), |(_, key)| words.say(key))
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};
    use crate::casework::life::code::Step;

    fn line(act: &str, proof: &str, holds: &str) -> AuditLine {
        AuditLine {
            at: 7,
            clock: "recipient".to_owned(),
            act: act.to_owned(),
            why: None,
            level: None,
            agency: Some("xa.harbour-house".to_owned()),
            person: Some("0a".repeat(16)),
            confirmed: false,
            proof: proof.to_owned(),
            place: String::new(),
            holds: holds.to_owned(),
            counted: String::new(),
            proves: String::new(),
            proves_not: String::new(),
            event: String::new(),
            cause: None,
        }
    }

    fn case(lines: Vec<AuditLine>) -> AuditedCase {
        AuditedCase {
            id: String::new(),
            referral_id: String::new(),
            sender: "xa.lantern-helpline".to_owned(),
            recipient: "xa.harbour-house".to_owned(),
            state: "opened".to_owned(),
            exercise: false,
            cautions: Vec::new(),
            lines,
        }
    }

    #[test]
    fn every_proof_has_words_in_every_language_for_what_it_proves_and_what_it_does_not() {
        let receipts = ["relay-accepted", "relay-expired", "delivered", "delivered-given", "nack"];
        let mut lines: Vec<AuditLine> = Step::ALL
            .iter()
            .filter(|step| step.act().is_some())
            .map(|step| line(step.as_str(), "signature", "verified"))
            .collect();
        lines.extend(receipts.map(|receipt| line(&format!("{receipt}, revision 2"), "receipt", "verified")));
        lines.push(line("revision 1", "signature", "verified"));
        lines.push(line("revision 2", "none", "not signed"));
        lines.push(line("Expired", "none", "not signed"));
        lines.push(line("Accepted", "signature", "does not verify"));
        lines.push(line("delivered, revision 1", "receipt", "key not here"));
        lines.push(AuditLine { person: None, ..line("Declined", "signature", "verified") });
        let case = case(lines);
        for words in languages().all() {
            for (line, proof) in case.lines.iter().zip(all(words, &case, &Names::default())) {
                for text in [&proof.proves, &proof.proves_not] {
                    assert!(text.contains(' '), "{} {}: {text}", words.code, line.act);
                }
                assert_ne!(proof.what, kind(line), "{}", words.code);
                assert_ne!(proof.proves, proof.proves_not);
            }
            for list in
                ["alert-override", "alert-late", "alert-gap", "alert-equivocation", "alert-broken", "alert-unverified"]
            {
                assert!(words.has(list), "{}: {list}", words.code);
            }
        }
    }

    #[test]
    fn what_does_not_verify_proves_nothing_and_is_no_step_of_the_way() {
        let words = languages().english();
        let broken = case(vec![
            line("revision 1", "signature", "verified"),
            line("relay-accepted, revision 1", "receipt", "verified"),
            line("delivered, revision 1", "receipt", "does not verify"),
            line("Opened", "signature", "key not here"),
        ]);
        let told = all(words, &broken, &Names::default());
        assert_eq!((told[2].holds, told[3].holds), ("no", "no-key"));
        assert_eq!(told[2].proves, words.say("proves-broken"));
        let way: Vec<bool> =
            stages(words, &broken, true, &Names::default()).iter().map(|stage| stage.at.is_some()).collect();
        assert_eq!(way, [true, true, false, false, false]);
        assert_eq!(stages(words, &broken, false, &Names::default()).len(), 4, "the relay's receipt is the sender's");
    }

    #[test]
    fn every_statement_of_a_file_is_told_in_the_readers_language() {
        let source = [
            include_str!("../../../certs/src/evidence/verify.rs"),
            include_str!("../../../certs/src/evidence/case_verify.rs"),
            include_str!("../../../certs/src/evidence/bounds.rs"),
        ]
        .concat();
        let arabic = languages().of("ar").unwrap();
        for (what, key) in STATEMENTS {
            assert!(source.contains(&format!("\"{what}\"")), "{what} is stated no more");
            assert!(!statement(arabic, what).is_ascii(), "{key}");
        }
        let constants = source.split("const WHAT: &str = \"").skip(1);
        let given = source.split("line(\n        \"").skip(1).chain(source.split(" line(\"").skip(1));
        for what in constants.chain(given).filter_map(|rest| rest.split('"').next()) {
            assert!(STATEMENTS.iter().any(|(text, _)| *text == what), "{what} has no words");
        }
        assert_eq!(statement(arabic, "something of a later version"), "something of a later version");
    }
}
