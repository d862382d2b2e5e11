//! The summary: the case under a pseudonym (level 1).

use super::codes::{
    Accompaniment, AgeAssessment, BidStatus, Control, Decider, Exploitation, GuardianStatus, HealthFlag, Industry,
    ProtectionStatus, Recruitment, ReflectionStatus, Relationship, RiskLevel, RiskType, SexExploitation,
    TraffickingStatus,
};
use super::dates::Date;
use super::text::{CaseCode, Country, Prose};
use super::walk::{List, object};

object! {
    /// The case under a pseudonym.
    Summary {
        need I 1 "case_code" case_code: CaseCode;
        need S 1 "vic_TraffickingStatus" trafficking_status: TraffickingStatus;
        may O 1 "vic_TraffickingStatusDecisionMakingOrg" decided_by: Decider;
        may S 1 "prs_Citizenship" citizenship: List<Country, 0, 3>;
        may S 1 "protection_status" protection_status: ProtectionStatus;
        may S 1 "within_national_borders" within_national_borders: bool;
        may S 1 "vic_TypeOfExploitation" exploitation: List<Exploitation, 0, 5>;
        may S 1 "vic_ForcedLabourIndustry" industry: Industry;
        may S 1 "vic_TypeOfSexExploitation" sex_exploitation: List<SexExploitation, 0, 4>;
        may S 1 "vic_MethodsOfControl" control: List<Control, 0, 18>;
        may S 1 "vic_MethodOfRecruitment" recruitment: List<Recruitment, 0, 10>;
        may S 1 "vic_RelationshipToTrafficker" relationship: Relationship;
        may s 1 "risk" risk: Risk;
        may S 1 "health_flags" health_flags: List<HealthFlag, 0, 8>;
        may s 1 "child" child: Child;
        may s 1 "reflection_period" reflection_period: Reflection;
        may S 1 "text" text: Prose<1, 2000>;
    }
}

object! {
    /// Dangers to the person.
    Risk {
        need S 1 "level" level: RiskLevel;
        may S 1 "types" types: List<RiskType, 0, 9>;
        may O 1 "valid_until" valid_until: Date;
        may S 1 "note" note: Prose<1, 1000>;
    }
}

object! {
    /// What protects a child.
    Child {
        need S 1 "accompaniment" accompaniment: Accompaniment;
        need S 1 "guardian_status" guardian_status: GuardianStatus;
        need S 1 "bid_status" bid_status: BidStatus;
        may S 1 "bid_date" bid_date: Date;
        may S 1 "age_assessment" age_assessment: AgeAssessment;
    }
}

object! {
    /// The reflection and recovery period.
    Reflection {
        need S 1 "status" status: ReflectionStatus;
        may S 1 "requested_on" requested_on: Date;
        may S 1 "start" start: Date;
        may S 1 "end" end: Date;
        may O 1 "legal_basis" legal_basis: Prose<1, 160>;
    }
}
