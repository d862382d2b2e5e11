//! Rules about the person: markings (D03), children, embassies (D08), return (D18), location (D20), birth date (D21).

use safeconduct_protocol::personal::Reveal;

use super::age::edges;
use super::table::Out;
use super::{Case, basis};
use crate::referral::code::Code;
use crate::referral::codes::{AgeBand, Marking, ProtectionStatus, ReturnKind, RiskLevel, RiskType};
use crate::referral::cross::is_child_band;
use crate::referral::dates::Date;
use crate::referral::finding::Finding;
use crate::referral::profile::EmbassyContact;
use crate::referral::text::Country;

/// Days that a risk assessment holds.
const ASSESSMENT_DAYS: i64 = 90;
/// No person is older, in years.
const AGE_MAX: u16 = 130;

/// D03 and addendum A3.
pub(super) fn markings(case: &Case<'_>, findings: &mut Out) {
    let marked = |marking| case.referral.handling.markings.as_slice().contains(&marking);
    let mut refuse = |fact: &'static str, by: Option<String>| {
        let finding = Finding::refuse(Code::MarkingForbidsRecipient, "/handling/markings".to_owned(), fact);
        findings.push(finding.decided(by));
    };
    if marked(Marking::NoLawEnforcement) && case.to_law_enforcement() {
        let fact = "the referral is marked NoLawEnforcement and addressed to law enforcement";
        refuse(fact, basis::law_enforcement(case));
    }
    if marked(Marking::NoEmbassy) && case.to_embassy() {
        refuse("the referral is marked NoEmbassy and addressed to an embassy", None);
    }
    if marked(Marking::NoCountryOfOrigin)
        && let Some(fact) = country_of_origin(case)
    {
        refuse(fact, None);
    }
}

/// Why `NoCountryOfOrigin` forbids the recipient, if it does.
///
/// At level 0 there is no person whose country it could be. An embassy is its sending state's; the registry says
/// whose, and without the registry its id's country stands in.
fn country_of_origin(case: &Case<'_>) -> Option<&'static str> {
    let summary = case.referral.summary.as_ref()?;
    let header = &case.referral.header;
    let recipient = case.registry.map(|registry| registry.recipient.as_ref());
    let represents = recipient.flatten().and_then(|recipient| recipient.represents.clone());
    let registered = header.to.agency_id.as_str().get(..2).and_then(|code| Country::of(&code.to_ascii_uppercase()));
    let mut theirs: Vec<Country> = vec![header.to.country.clone()];
    theirs.extend(represents.clone());
    theirs.extend(registered);
    if case.to_embassy() && recipient.is_some() && represents.is_none() {
        return Some(
            "the referral is marked NoCountryOfOrigin, and the registry does not say which country the embassy represents",
        );
    }
    let mut origin: Vec<&Country> = Vec::new();
    if let Some(citizenship) = &summary.citizenship {
        origin.extend(citizenship.reveal(Reveal::ToCheck).iter());
    }
    // Only of who has no citizenship the country of birth says enough; of anybody else it is one country more.
    let mut known = !origin.is_empty();
    let identity = case.referral.identity.as_ref();
    if let Some(born) = identity.and_then(|identity| identity.birth_country.as_ref()) {
        let status = summary.protection_status.as_ref().map(|status| *status.reveal(Reveal::ToCheck));
        let stateless = status == Some(ProtectionStatus::StatelessPerson);
        known = known || stateless;
        if origin.is_empty() || stateless || status.is_none() {
            origin.push(born.reveal(Reveal::ToCheck));
        }
    }
    if origin.iter().any(|country| theirs.contains(country)) {
        return Some("the referral is marked NoCountryOfOrigin and addressed to the person's country of origin");
    }
    let foreign = case.to_embassy() || theirs.iter().any(|country| *country != header.from.country);
    (!known && foreign).then_some(
        "the referral is marked NoCountryOfOrigin, goes to another country, and does not say prs_Citizenship",
    )
}

/// Addendum A1 and A10: whoever may be a child has a child block; children never travel as a count.
pub(super) fn children(case: &Case<'_>, findings: &mut Out) {
    let Some(summary) = &case.referral.summary else { return };
    if summary.child.is_some() {
        return;
    }
    let enquiry = &case.referral.enquiry;
    let counted = enquiry.accompanying_children.map_or(0, |count| count.get());
    let linked = case.referral.identity.as_ref().and_then(|identity| identity.dependants.as_ref()).map_or(0, |list| {
        list.iter()
            .filter(|dependant| is_child_band(*dependant.age_band.reveal(Reveal::ToCheck)))
            .filter(|dependant| *dependant.travelling_with.reveal(Reveal::ToCheck))
            .count()
    });
    if case.age.is_child {
        findings.push(Finding::plain(Code::ChildBlockMissing, "/summary/child").decided(basis::majority(case)));
    } else if counted > i64::try_from(linked).unwrap_or(i64::MAX) {
        findings.push(Finding::refuse(
            Code::ChildBlockMissing,
            "/summary/child".to_owned(),
            "children travel as a count: each needs the child block or a case code among the dependants",
        ));
    }
}

/// D08 and addendum A2.
pub(super) fn embassy(case: &Case<'_>, findings: &mut Out) {
    let Some(summary) = &case.referral.summary else { return };
    if !case.to_embassy() {
        return;
    }
    let status = summary.protection_status.as_ref().map(|status| *status.reveal(Reveal::ToCheck));
    let fact = match status {
        None | Some(ProtectionStatus::Unknown) => {
            "the recipient is an embassy, and it is not known whether the person is under international protection"
        }
        Some(status) if case.rules.forbids_embassy(status) => Code::EmbassyOfProtectedPerson.fact(),
        Some(_) => {
            if case.rules.embassy == EmbassyContact::Never {
                let fact = "a country profile forbids contact with embassies";
                let pointer = "/header/to/role".to_owned();
                let by = basis::embassies_never(case);
                findings.push(Finding::refuse(Code::EmbassyOfProtectedPerson, pointer, fact).decided(by));
            }
            return;
        }
    };
    let finding = Finding::refuse(Code::EmbassyOfProtectedPerson, "/summary/protection_status".to_owned(), fact);
    findings.push(finding.decided(status.and_then(|status| basis::embassy_status(case, status))));
}

/// D18 and addendum A9.
pub(super) fn voluntary(case: &Case<'_>, findings: &mut Out) {
    let Some(plan) = case.referral.case_file.as_ref().and_then(|file| file.return_home.as_ref()) else { return };
    if !matches!(plan.kind.reveal(Reveal::ToCheck), ReturnKind::VoluntaryReturn | ReturnKind::Resettlement) {
        return;
    }
    let confirmed = plan.voluntary_confirmed.as_ref().is_some_and(|confirmed| *confirmed.reveal(Reveal::ToCheck));
    let today = Date::on(case.now).map(Date::days);
    let assessed = plan.risk_assessment_date.as_ref().zip(today).is_some_and(|(date, today)| {
        let age = today.saturating_sub(date.reveal(Reveal::ToCheck).days());
        (0..=ASSESSMENT_DAYS).contains(&age)
    });
    if !confirmed || !assessed {
        findings.push(Finding::plain(Code::ReturnNotVoluntary, "/case_file/return"));
    }
}

/// D21; across majority there is no slack.
pub(super) fn birth_date(case: &Case<'_>, findings: &mut Out) {
    let pointer = "/identity/prs_Birthdate";
    if case.age.born_in_future {
        findings.push(Finding::plain(Code::DateInFuture, pointer));
    }
    let (Some((lowest, highest)), Some(identity)) = (case.age.born, &case.referral.identity) else { return };
    if lowest > AGE_MAX {
        findings.push(Finding::refuse(Code::BadDate, pointer.to_owned(), "the birth date is too long ago"));
        return;
    }
    let band = case.referral.enquiry.age_band;
    if band == AgeBand::UnknownPresumedChild {
        return;
    }
    let slack = if identity.birthdate_estimated == Some(true) { 3 } else { 1 };
    let majority = case.rules.majority_years;
    let (from, to) = edges(band, majority);
    let outside = lowest > to.saturating_add(slack) || highest < from.saturating_sub(slack);
    let minor_as_adult = highest < majority && !is_child_band(band);
    if outside || minor_as_adult {
        findings.push(Finding::plain(Code::AgeMismatch, pointer).decided(basis::majority(case)));
    }
}

/// D20.
pub(super) fn location(case: &Case<'_>, findings: &mut Out) {
    let referral = case.referral;
    let city = referral.identity.as_ref().and_then(|identity| identity.location.city.as_ref());
    let Some(risk) = referral.summary.as_ref().and_then(|summary| summary.risk.as_ref()) else { return };
    let known = risk
        .types
        .as_ref()
        .is_some_and(|types| types.reveal(Reveal::ToCheck).as_slice().contains(&RiskType::TraffickerKnowsLocation));
    let extreme = *risk.level.reveal(Reveal::ToCheck) == RiskLevel::Extreme;
    if city.is_some() && (known || extreme) {
        let fact = "the danger is extreme or the trafficker knows the place, and the referral names the town";
        findings.push(Finding::warn(Code::Minimise, "/identity/location/city", fact));
    }
}
