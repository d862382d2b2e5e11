//! Consents, as they travel with a referral.

use safeconduct_protocol::id::AgencyId;
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::codes::{Basis, ConsentStatus, Giver, Method, Purpose, Role, Section};
use super::dates::Instant;
use super::policy::LIFE_WITHOUT_END_DAYS;
use super::text::{Lang, Prose, Uuid};
use super::walk::{List, Whole, object};

object! {
    /// One question to the person, and the answer.
    Consent {
        need O 0 "consent_id" consent_id: Uuid;
        need O 0 "basis" basis: Basis;
        need O 0 "given_by" given_by: Giver;
        need O 0 "recipient_roles" recipient_roles: List<Role, 1, 10>;
        may O 0 "recipient_agency_ids" recipient_agency_ids: List<AgencyId, 0, 10>;
        need O 0 "purposes" purposes: List<Purpose, 1, 14>;
        need O 0 "sections" sections: List<Section, 1, 12>;
        need O 0 "level_max" level_max: Whole<0, 3>;
        may O 0 "onward_sharing" onward_sharing: bool;
        need O 0 "given_at" given_at: Instant;
        may O 0 "expires_at" expires_at: Instant;
        need O 0 "method" method: Method;
        may O 0 "lang" lang: Lang;
        may O 0 "interpreter" interpreter: bool;
        may o 0 "informed" informed: Informed;
        need O 0 "status" status: ConsentStatus;
        may O 0 "withdrawn_at" withdrawn_at: Instant;
        may S 1 "override_reason" override_reason: Prose<10, 1000>;
        may O 0 "notify_person_by" notify_person_by: Instant;
    }
}

impl Consent {
    /// From when on it covers nothing: its end, and six months after it was given where it names none.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        let unnamed = || self.given_at.time().after(LIFE_WITHOUT_END_DAYS.saturating_mul(DAY_S));
        self.expires_at.map_or_else(unnamed, Instant::time)
    }
}

object! {
    /// What the person was told: the seven questions of HTCDS.
    Informed {
        may O 0 "agrees_interview" agrees_interview: bool;
        need O 0 "purpose" purpose: bool;
        need O 0 "uses" uses: bool;
        may O 0 "non_identifying_research" non_identifying_research: bool;
        need O 0 "access_right" access_right: bool;
        need O 0 "storage_period" storage_period: bool;
        need O 0 "withdrawal" withdrawal: bool;
    }
}
