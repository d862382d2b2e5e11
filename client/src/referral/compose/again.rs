//! Another referral from one that there is: a new one after the end of the first, or the same for the next agency. Ids and case
//! codes are always fresh.

use super::{Composed, Given, NotComposed, fill, tree};
use crate::referral::{
    Referral, canonical,
    codes::Kind,
    header::AgencyRef,
    json::{self, Json},
    policy::AgencyFacts,
};

/// What belongs to the referral that was, and to no other.
const OF_ITS_TIME: [&str; 8] =
    ["referral_id", "revision", "created_at", "expires_at", "profile_from", "profile_to", "alternates", "told"];

/// A new referral from one that has ended (addendum B1): its parent is the old one, and nobody is asked by an old consent. Of one
/// that this agency received it is a transfer, so that what was said of onward sharing counts.
///
/// # Errors
/// [`NotComposed`].
pub fn new_from(old: &Referral, given: &mut Given<'_>) -> Result<Composed, NotComposed> {
    let mut tree = anew(old, given)?;
    let received = old.header.to.agency_id == given.from.agency;
    let kind = match (received, old.header.kind) {
        (true, _) => Kind::Transfer,
        (false, Kind::Enquiry) => Kind::Enquiry,
        (false, Kind::Referral | Kind::Transfer | Kind::MandatoryNotification) => Kind::Referral,
    };
    for name in ["to", "kind", "caseworker", "parent_referral_id"] {
        tree::remove(&mut tree, "header", name);
    }
    if let Some(header) = tree::members_mut(&mut tree, "header") {
        header.push(("kind".to_owned(), tree::text(kind.as_str())));
        header.push(("parent_referral_id".to_owned(), tree::text(old.header.referral_id.as_str())));
    }
    tree::remove(&mut tree, "handling", "legal_hold");
    // A document is sealed anew for each referral.
    tree::remove(&mut tree, "case_file", "attachments");
    if let Json::Object(parts) = &mut tree {
        parts.retain(|(name, _)| name != "consents");
    }
    fill(&mut tree, given)?;
    Ok(Composed::of(&tree))
}

/// The same for the next agency, when nobody has opened it at the first (T20): consents, parent, and who would be asked after that
/// stay. Whether the consents cover the next one is for the decision table.
///
/// # Errors
/// [`NotComposed`].
pub fn for_alternate(old: &Referral, next: &AgencyFacts, given: &mut Given<'_>) -> Result<Composed, NotComposed> {
    let mut tree = anew(old, given)?;
    tree::remove(&mut tree, "header", "to");
    let named = |agency: &AgencyRef| agency.agency_id == next.agency;
    let mut rest = old.header.alternates.iter().flat_map(|list| list.iter()).skip_while(|agency| !named(agency));
    if let (Some(listed), Some(header)) = (rest.next(), tree::members_mut(&mut tree, "header")) {
        // As the sender has addressed it: of several roles the one that was meant.
        header.push(("to".to_owned(), addressed(listed)));
        let rest: Vec<Json> = rest.map(addressed).collect();
        if !rest.is_empty() {
            header.push(("alternates".to_owned(), Json::List(rest)));
        }
    }
    let mut given = Given {
        now: given.now,
        from: given.from,
        to: Some(next),
        profiles: given.profiles,
        entropy: &mut *given.entropy,
    };
    fill(&mut tree, &mut given)?;
    Ok(Composed::of(&tree))
}

/// An agency as the header names it.
fn addressed(agency: &AgencyRef) -> Json {
    let mut members = vec![
        ("agency_id".to_owned(), tree::text(agency.agency_id.as_str())),
        ("role".to_owned(), tree::text(agency.role.as_str())),
        ("country".to_owned(), tree::text(agency.country.as_str())),
    ];
    members.extend(agency.desk.as_ref().map(|desk| ("desk".to_owned(), tree::text(desk.as_str()))));
    Json::Object(members)
}

/// The referral without what was of its own time, and without every pseudonym.
fn anew(old: &Referral, given: &Given<'_>) -> Result<Json, NotComposed> {
    let mut tree = json::parse(&canonical(old)).map_err(NotComposed::NoForm)?;
    for name in OF_ITS_TIME {
        tree::remove(&mut tree, "header", name);
    }
    // In which of its roles this agency speaks stays; another agency's it is not.
    if old.header.from.agency_id != given.from.agency {
        tree::remove(&mut tree, "header", "from");
    }
    tree::remove(&mut tree, "summary", "case_code");
    if let Some(identity) = tree::members_mut(&mut tree, "identity") {
        for dependant in tree::list_mut(identity, "dependants") {
            if let Json::Object(members) = dependant {
                members.retain(|(name, _)| name != "case_code");
            }
        }
    }
    tree::remove(&mut tree, "handling", "delete_after");
    Ok(tree)
}
