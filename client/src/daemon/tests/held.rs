//! Documents that are sealed for a draft, and leave with the referral that it becomes.

use serde_json::{Value, json};

use super::*;
use crate::{
    api::cases::ListAsked,
    casework::store::columns::uuid_bytes,
    documents::{
        Kind, Metadata,
        attach::{self, Fresh},
        seal::Facts,
    },
    referral::codes::Section,
};

const REPORT: &[u8] = b"%PDF-1.7\nof a doctor whom nobody should know of\n";
const ATTACHMENT: &str = "00000000-0000-4000-8000-0000000000a1";

fn facts(content: &[u8]) -> Facts {
    let sha256 = safeconduct_protocol::crypto::hash::sha256(&[content]);
    Facts { kind: Kind::Pdf, length: content.len() as u64, sha256, metadata: Metadata::Removed }
}

/// The sample at level 3, listing the report, with a consent for it.
fn listing() -> Value {
    let mut whole: Value = serde_json::from_slice(&sample()).unwrap();
    whole["header"]["disclosure_level"] = json!(3);
    let all = json!(["Enquiry", "Summary", "Identity", "Attachments"]);
    whole["consents"][0]["sections"] = all;
    whole["consents"][0]["level_max"] = json!(3);
    whole["case_file"] = json!({"attachments": [{
        "attachment_id": ATTACHMENT, "title": "Report", "media_type": "application/pdf",
        "size_bytes": REPORT.len(), "sha256": hex::encode(facts(REPORT).sha256), "section": "Identity",
    }]});
    whole
}

fn drafted(seed: u64) -> (Setting, String) {
    let mut setting = Setting::new(seed);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let form = listing().to_string();
    let kept = setting.node.new_draft(form.as_bytes(), Some(&harbour()), None).ok().unwrap();
    (setting, kept.line.draft)
}

fn sealed(setting: &mut Setting, draft: &str, content: &[u8]) -> Fresh {
    let about = (uuid_bytes(ATTACHMENT).unwrap(), Section::Identity);
    let plan = setting.node.plan_held(draft, &harbour(), about, &facts(content), None).unwrap();
    attach::receive(plan, &mut &content[..], Metadata::Removed).unwrap()
}

fn files(setting: &Setting) -> Vec<Vec<u8>> {
    let folder = setting.node.data_folder().join("blobs");
    std::fs::read_dir(folder).into_iter().flatten().map(|one| std::fs::read(one.unwrap().path()).unwrap()).collect()
}

#[test]
fn what_was_sealed_for_a_draft_leaves_with_its_referral_once_and_lies_nowhere_as_it_is() {
    let (mut setting, draft) = drafted(905);
    let fresh = sealed(&mut setting, &draft, REPORT);
    let held = files(&setting);
    assert!(held.len() == 1 && !held[0].windows(6).any(|bytes| bytes == b"doctor"));
    let sent = setting.node.send_draft(&draft, &[harbour()], None).unwrap().sent.remove(0);
    assert_eq!(setting.node.unsent_documents(&sent.referral_id, None).unwrap().len(), 1);

    let given = setting.node.give_held(&sent.referral_id, fresh, None).unwrap();

    assert_eq!(
        (given.title.as_str(), given.section.as_str(), given.state.as_str(), given.attachment_id.as_str()),
        ("Report", "Identity", "waiting", ATTACHMENT)
    );
    assert_eq!((given.referral_id, setting.node.clear_documents().unwrap()), (sent.referral_id.clone(), 0));
    assert!(setting.node.unsent_documents(&sent.referral_id, None).unwrap().is_empty());
    let plan = setting.node.plan_document(&sent.referral_id, ATTACHMENT, None).unwrap();
    let again = attach::receive(plan, &mut &REPORT[..], Metadata::Removed).unwrap();
    assert_eq!(setting.node.give_held(&sent.referral_id, again, None).unwrap().id, given.id, "it is there already");
    assert_eq!(files(&setting).len(), 1);
}

#[test]
fn what_was_sealed_of_another_file_or_is_given_up_goes_and_nothing_of_it_stays() {
    let (mut setting, draft) = drafted(906);
    let other = sealed(&mut setting, &draft, b"%PDF-1.7\nanother\n");
    let id = setting.node.send_draft(&draft, &[harbour()], None).unwrap().sent.remove(0).referral_id;

    assert_eq!(setting.node.give_held(&id, other, None).err().unwrap().code, "document-unlisted");

    assert!(files(&setting).is_empty(), "its file is gone");
    assert_eq!(setting.node.documents_of(uuid_bytes(&id).unwrap()).unwrap().len(), 0);
    let line = setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0);
    assert_eq!((line.state.as_str(), line.side.as_str()), ("queued", "sent"), "the referral itself goes");
}

#[test]
fn a_document_is_sealed_for_a_draft_of_ones_own_and_an_agency_that_there_is() {
    let (mut setting, draft) = drafted(907);
    let about = (uuid_bytes(ATTACHMENT).unwrap(), Section::Identity);
    let mut refused = |draft: &str, to: &str| {
        setting
            .node
            .plan_held(draft, &to.parse().unwrap(), about, &facts(REPORT), None)
            .err()
            .map(|told| told.code.clone())
    };
    assert_eq!(refused("ffffffff", HARBOUR).as_deref(), Some("unknown-draft"));
    assert_eq!(refused(&draft, "xa.nobody").as_deref(), Some("unknown-agency"));
}
