//! What the registry says of an embassy decides what may go there.

use serde_json::json;

use super::*;

const EMBASSY: &str = "xd.embassy-in-xa";
const SAMPLE_TO_EMBASSY: &str = include_str!("../../../../tests/samples/07-identity-documents-embassy.json");

/// The embassy's directory record, as the authority seals it.
fn sealed(setting: &mut Setting, represents: Option<&str>, node: &NodeId) -> ([u8; 32], Vec<u8>) {
    let names = BTreeMap::from([("eng".to_owned(), "Embassy".to_owned())]);
    let bare = Record::bare(EMBASSY.parse().unwrap(), names, "XA".to_owned(), vec![RoleName(Role::Embassy)], false);
    let record = Record { represents: represents.map(str::to_owned), ..bare };
    let key = DirectoryKey::new(Secret::new(KEY));
    let (sealed, commitment) = directory::seal(&record, &key, node, &mut setting.world.entropy).unwrap();
    (commitment, sealed)
}

/// The codes with which a referral marked against the country of origin is refused there.
fn refusals(represents: Option<&str>) -> Vec<String> {
    let mut setting = Setting::new(150);
    let embassy = setting.joins(EMBASSY);
    let (commitment, sealed) = sealed(&mut setting, represents, &embassy.identity.node);
    setting.world.change(&embassy.identity.node, Roles::agency(&[Role::Embassy], Exercise::No).unwrap(), commitment);
    setting.records.push(sealed);
    setting.update(THEN);
    let mut referral: serde_json::Value = serde_json::from_str(SAMPLE_TO_EMBASSY).unwrap();
    referral["header"]["from"] = json!({"agency_id": OWN, "role": "NgoShelter", "country": "XA"});
    referral["header"]["profile_from"] = json!("XA@3");
    referral["handling"]["markings"] = json!(["NoCountryOfOrigin"]);
    referral["summary"]["prs_Citizenship"] = json!(["XB"]);
    let told = setting.node.send(&EMBASSY.parse().unwrap(), referral.to_string().as_bytes(), None).err();
    let findings = told.map(|told| told.findings.clone()).unwrap_or_default();
    findings.into_iter().filter(|finding| finding.severity == "refuse").map(|finding| finding.code).collect()
}

#[test]
fn an_embassy_gets_what_is_marked_against_the_country_of_origin_only_if_the_registry_says_whose_it_is() {
    assert_eq!(refusals(None), ["marking-forbids-recipient"]);
    assert_eq!(refusals(Some("XB")), ["marking-forbids-recipient"]);
    assert_eq!(refusals(Some("XD")), Vec::<String>::new());
}
