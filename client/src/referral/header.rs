//! The header: who sends what to whom, and by which rules.

use safeconduct_protocol::id::AgencyId;

use super::codes::{Kind, Reason, Role, SchemaName, Urgency};
use super::dates::Instant;
use super::text::{Country, Desk, Lang, Line, Phone, ProfileRef, Uuid};
use super::walk::{List, Whole, object};

object! {
    /// Who sends what to whom.
    Header {
        need O 0 "schema" schema: SchemaName;
        need O 0 "referral_id" referral_id: Uuid;
        need O 0 "revision" revision: Whole<1, 999>;
        need O 0 "kind" kind: Kind;
        need O 0 "disclosure_level" disclosure_level: Whole<0, 3>;
        may O 0 "exercise" exercise: bool;
        need O 0 "urgency" urgency: Urgency;
        need O 0 "created_at" created_at: Instant;
        need O 0 "expires_at" expires_at: Instant;
        need o 0 "from" from: AgencyRef;
        need o 0 "to" to: AgencyRef;
        may o 0 "alternates" alternates: List<AgencyRef, 0, 5>;
        may o 0 "told" told: List<AgencyRef, 0, 15>;
        may O 0 "parent_referral_id" parent_referral_id: Uuid;
        need O 0 "profile_from" profile_from: ProfileRef;
        need O 0 "profile_to" profile_to: ProfileRef;
        need O 0 "text_lang" text_lang: Lang;
        need O 0 "reason" reason: Reason;
        may o 0 "caseworker" caseworker: Caseworker;
    }
}

object! {
    /// An agency and its desk, never a person.
    AgencyRef {
        need O 0 "agency_id" agency_id: AgencyId;
        need O 0 "role" role: Role;
        need O 0 "country" country: Country;
        may O 0 "desk" desk: Desk;
    }
}

object! {
    /// The caseworker who sends.
    Caseworker {
        may I 1 "name" name: Line<120>;
        may O 0 "title" title: Line<80>;
        may O 0 "callback" callback: Phone;
    }
}
