//! The case file, section by section (level 3).

use super::codes::{Cooperation, EventType, MediaType, MigrantType, ReturnKind, Section, SupportType, WitnessStatus};
use super::dates::{Date, PartialDate};
use super::text::{Country, Lang, Line, Prose, Sha256, Uuid};
use super::walk::{List, Whole, object};

object! {
    /// Sections of the case file, each with its own consent.
    CaseFile {
        may S 3 "narrative" narrative: Prose<1, 20000>;
        may s 3 "medical" medical: Medical;
        may S 3 "psychosocial" psychosocial: Prose<1, 4000>;
        may s 3 "immigration" immigration: Immigration;
        may s 3 "justice" justice: Justice;
        may s 3 "return" return_home: Return;
        may s 3 "support_plan" support_plan: List<SupportStep, 0, 9>;
        may s 3 "events" events: List<TraffickingEvent, 0, 30>;
        may o 3 "attachments" attachments: List<Attachment, 0, 32>;
    }
}

object! {
    /// Medical needs.
    Medical {
        need S 3 "urgent" urgent: bool;
        may S 3 "summary" summary: Prose<1, 4000>;
        may S 3 "medication" medication: Prose<1, 2000>;
        may S 3 "allergies" allergies: Prose<1, 500>;
        may S 3 "pregnancy_weeks" pregnancy_weeks: Whole<0, 45>;
    }
}

object! {
    /// Residence and permits.
    Immigration {
        may S 3 "migrant_type" migrant_type: MigrantType;
        may S 3 "permit_expiry" permit_expiry: Date;
        may S 3 "removal_order" removal_order: bool;
        may S 3 "note" note: Prose<1, 1000>;
    }
}

object! {
    /// Law enforcement and claims.
    Justice {
        need S 3 "le_cooperation" le_cooperation: Cooperation;
        may S 3 "complaint_filed" complaint_filed: bool;
        may I 3 "case_reference" case_reference: Line<64>;
        may S 3 "witness_protection" witness_protection: WitnessStatus;
        may S 3 "compensation_claim" compensation_claim: bool;
        may S 3 "non_punishment_issue" non_punishment_issue: bool;
        may S 3 "note" note: Prose<1, 2000>;
    }
}

object! {
    /// Return and resettlement.
    Return {
        need S 3 "kind" kind: ReturnKind;
        may S 3 "destination" destination: Country;
        may S 3 "voluntary_confirmed" voluntary_confirmed: bool;
        may S 3 "risk_assessment_date" risk_assessment_date: Date;
        may S 3 "travel_date" travel_date: Date;
        may S 3 "escort" escort: bool;
        may S 3 "reception_needed" reception_needed: bool;
        may S 3 "note" note: Prose<1, 2000>;
    }
}

object! {
    /// A step of the support plan.
    SupportStep {
        need S 3 "spl_Type" kind: SupportType;
        need S 3 "spl_Objectives" objectives: Prose<1, 1000>;
        may S 3 "spl_ActionPlan" action_plan: Prose<1, 2000>;
        may O 3 "spl_PlannedEndDate" planned_end_date: Date;
    }
}

object! {
    /// A stage of the trafficking.
    TraffickingEvent {
        need S 3 "hte_Type" kind: EventType;
        need S 3 "hte_Country" country: Country;
        may I 3 "hte_City" city: Line<120>;
        may I 3 "hte_Date" date: PartialDate;
        may S 3 "hte_Description" description: Prose<1, 2000>;
    }
}

object! {
    /// A document sealed beside the referral.
    Attachment {
        need O 3 "attachment_id" attachment_id: Uuid;
        need S 3 "title" title: Line<120>;
        may S 3 "description" description: Prose<1, 300>;
        need O 3 "media_type" media_type: MediaType;
        need O 3 "size_bytes" size_bytes: Whole<1, 104857600>;
        need O 3 "sha256" sha256: Sha256;
        need O 3 "section" section: Section;
        may O 3 "lang" lang: Lang;
    }
}
