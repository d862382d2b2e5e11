//! The evidence of whole referrals, exported from two vaults.

use safeconduct_certs::evidence::{BundleRefused, CaseBundle, Evidence, Known, Line};

use super::*;
use crate::evidence::{
    export::{Contents, ExportError, referral_of},
    referral::{bundle, items},
};

fn exported(pair: &mut Pair, at: usize, contents: Contents) -> Result<CaseBundle, ExportError> {
    let (row, now) = (pair.row(at), pair.now);
    let node = &pair.nodes[at];
    bundle(node.vault.as_ref().unwrap().db(), &node.held, (&row, &node.identity.node), contents, now)
}

/// What whoever gets the file reads.
fn verified(bundle: &CaseBundle) -> Vec<Line> {
    let read = Evidence::parse(bundle.to_json().as_bytes()).unwrap();
    assert!(matches!(read, Evidence::Case(_)));
    read.verify(Known::Nothing).unwrap()
}

fn count(lines: &[Line], what: &str) -> usize {
    lines.iter().filter(|line| line.proven && line.what.starts_with(what)).count()
}

/// A referral with acts of both sides, of which one has details.
fn acted(seed: u64) -> Pair {
    let mut pair = delivered(seed);
    let steps = [
        (R, act(Step::Opened)),
        (R, with_text(Step::InfoRequested, "Is Oksana safe tonight?")),
        (S, with_text(Step::InfoProvided, "Yes, with Ksenia")),
        (R, act(Step::Accepted)),
    ];
    for (at, act) in steps {
        pair.now = pair.now.after(60);
        pair.does(at, act).unwrap();
        pair.settles();
    }
    pair
}

#[test]
fn both_agencies_export_one_referral_and_each_file_proves_it_and_names_nobody() {
    let mut pair = acted(970);

    let files = [S, R].map(|at| exported(&mut pair, at, Contents::Without).unwrap());

    assert!(files[0].events == files[1].events, "one log");
    for (file, by_relay) in files.iter().zip([1, 0]) {
        let lines = verified(file);
        assert_eq!(count(&lines, "the sender's node signed this message"), 1);
        assert_eq!(count(&lines, "a relay took charge"), by_relay);
        assert_eq!(count(&lines, "the recipient's node opened"), 1);
        assert_eq!(count(&lines, "a node signed this act"), 4);
        assert_eq!(count(&lines, "this is the content") + count(&lines, "these are the details"), 0);
        for person in ["Oksana", "Ksenia", "tonight", "LNT-7Q2K-01"] {
            assert!(!canary(&file.to_json(), person), "{person}");
        }
    }
}

/// Whether these words stand in a file, plain or in base64 wherever they begin.
fn canary(json: &str, words: &str) -> bool {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let mut left = vec![&value];
    while let Some(one) = left.pop() {
        let bytes = one.as_str().map(|text| STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec()));
        if bytes.is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(words)) {
            return true;
        }
        left.extend(one.as_array().into_iter().flatten());
        left.extend(one.as_object().into_iter().flat_map(|members| members.values()));
    }
    false
}

#[test]
fn with_content_the_file_shows_what_was_signed_until_it_is_erased() {
    let mut pair = acted(971);

    let file = exported(&mut pair, R, Contents::With).unwrap();
    let lines = verified(&file);

    assert_eq!((count(&lines, "this is the content"), count(&lines, "these are the details")), (1, 2));
    assert!(canary(&file.to_json(), "Oksana") && canary(&file.to_json(), "Ksenia"));
    pair.nodes[R].vault().db().execute("UPDATE inbox SET content = NULL, salt = zeroblob(32)", []).unwrap();
    assert!(matches!(exported(&mut pair, R, Contents::With), Err(ExportError::ContentErased)));
    assert_eq!(count(&verified(&exported(&mut pair, R, Contents::Without).unwrap()), "a node signed this act"), 4);
}

#[test]
fn acts_of_which_something_before_is_missing_are_left_out_of_the_file() {
    let mut pair = delivered(972);
    pair.does(R, act(Step::Opened)).unwrap();
    let lost = pair.seals(R);
    pair.does(R, act(Step::Accepted)).unwrap();
    let (_, second) = pair.seals(R).remove(0);
    pair.delivers(S, &second);
    assert_eq!(count(&verified(&exported(&mut pair, S, Contents::Without).unwrap()), "a node signed this act"), 0);

    pair.delivers(S, &lost[0].1);

    assert_eq!(count(&verified(&exported(&mut pair, S, Contents::Without).unwrap()), "a node signed this act"), 2);
}

#[test]
fn what_was_never_sealed_proves_nothing_and_the_list_says_so() {
    let mut pair = Pair::new(973);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    let listed = |pair: &mut Pair| {
        let (row, now) = (pair.row(S), pair.now);
        let node = &pair.nodes[S];
        let db = node.vault.as_ref().unwrap().db();
        items(db, &node.held, (&row, &node.identity.node), ("xa.there", true), now).unwrap()
    };

    let refused = exported(&mut pair, S, Contents::Without);

    assert!(matches!(refused, Err(ExportError::Refused(BundleRefused::NothingSigned))));
    let before = listed(&mut pair);
    assert_eq!((before.len(), before[0].proves.len(), before[0].content), (1, 0, false));
    pair.settles();
    let after = listed(&mut pair);
    assert_eq!(after.iter().map(|item| item.of.as_str()).collect::<Vec<_>>(), ["referral", "message"]);
    assert_eq!((after[0].proves.len(), after[1].proves.len(), after[0].content), (3, 3, true));

    // A receipt that does not verify shows no event, and proves nothing.
    let db = pair.nodes[S].vault().db();
    let (digest, mut bytes): (Vec<u8>, Vec<u8>) = db
        .query_row("SELECT digest, bytes FROM receipt WHERE kind = 'relay-accepted'", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let bent = "UPDATE receipt SET bytes = ?2 WHERE digest = ?1 AND kind = 'relay-accepted'";
    assert_eq!(db.execute(bent, params![digest, bytes]).unwrap(), 1);
    let bent = &listed(&mut pair)[1];
    assert!(bent.proves.len() == 2 && bent.proves_not.contains(&"a relay took charge of it".to_owned()));
}

#[test]
fn what_is_said_about_a_referral_is_of_that_referral_also_as_evidence() {
    let mut pair = delivered(974);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, with_text(Step::InfoRequested, "Is Oksana safe tonight?")).unwrap();
    pair.settles();
    let word = "SELECT message FROM outbox WHERE kind = 5";
    let message: [u8; 16] = pair.nodes[R].vault().db().query_row(word, [], |row| row.get(0)).unwrap();
    for (at, partner) in [(R, S), (S, R)] {
        let (own, partner) = (pair.row(at).place, pair.nodes[partner].identity.node);
        let found = referral_of(pair.nodes[at].vault().db(), &MessageId::from_bytes(message), &partner).unwrap();
        assert_eq!(found.map(|row| row.place), Some(own));
    }
    let unknown = MessageId::from_bytes([0xee; 16]);
    let partner = pair.nodes[S].identity.node;
    assert!(referral_of(pair.nodes[R].vault().db(), &unknown, &partner).unwrap().is_none());
}
