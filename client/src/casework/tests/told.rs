//! Which other agencies were told, where the referral is.

use super::*;
use crate::casework::post;

#[test]
fn what_the_conversation_says_of_further_agencies_is_seen_where_it_arrives_also_before_its_referral() {
    let mut pair = Pair::new(967);
    let others = ["xa.north-shelter", "xa.linden-clinic"];
    let referral = pair.referral("08-enquiry-no-names-level-0", |value| {
        value["header"]["told"] = serde_json::json!([{"agency_id": others[0], "role": "NgoShelter", "country": "XA"}]);
    });
    pair.sends(&referral, None);
    let said = post::said::Said {
        post: post::said::FORM.to_owned(),
        post_id: "00000000-0000-4000-8000-0000000000bb".to_owned(),
        referral_id: referral.header.referral_id.as_str().to_owned(),
        kind: post::said::PostKind::Status,
        reply_to: None,
        at: safeconduct_certs::utc::instant(pair.now),
        section: "Enquiry".to_owned(),
        told: others.iter().copied().chain([referral.header.to.agency_id.as_str()]).map(str::to_owned).collect(),
        text: None,
        code: Some(post::said::StatusCode::AlsoAsked),
    };
    let content = CaseContent::Post(zeroize::Zeroizing::new(said.bytes().to_vec())).encode().unwrap();
    let row = pair.row(S);
    give::tell(pair.nodes[S].vault().db(), &row, &content, pair.now, &mut pair.world.entropy).unwrap();
    let told = |pair: &mut Pair| {
        let row = pair.row(R);
        post::told::others(pair.nodes[R].vault().db(), &row).unwrap()
    };

    let sealed = pair.seals(S);
    assert_eq!(sealed.len(), 2);
    let (first, second) = (sealed[0].1.clone(), sealed[1].1.clone());
    for envelope in [&second, &first] {
        pair.delivers(R, envelope);
    }

    assert_eq!(told(&mut pair), ["xa.linden-clinic", "xa.north-shelter"]);
    assert!(pair.row(R).has(News::Told));
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, declined()).unwrap();
    pair.settles();
    pair.waits(400 * DAY_S);
    assert!(told(&mut pair).is_empty(), "it goes with the content");
}
