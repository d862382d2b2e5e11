//! Code lists of Referral v1: every list closed, in the schema's order, names of HTCDS 2.0 where it has them.
//!
//! Codes have no `Debug`: most of them say something about a person.

use super::json::Json;
use super::walk::{Member, Walk};
use super::write::Writer;

/// Declares a closed code list.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
        }

        impl $name {
            /// Every code, in the schema's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Every code as it is written.
            pub(crate) const TEXTS: &'static [&'static str] = &[$($text,)+];

            /// The code as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The code that is written like this.
            #[must_use]
            pub fn from_code(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::from_code(&text).ok_or_else(|| serde::de::Error::custom("a code that the list does not have"))
            }
        }

        impl Member for $name {
            fn read(node: Json, walk: &mut Walk) -> Option<Self> {
                let text = walk.text(node)?;
                let code = Self::from_code(&text);
                if code.is_none() {
                    walk.unknown_code(&text, Self::TEXTS);
                }
                code
            }

            fn write(&self, out: &mut Writer) {
                out.text(self.as_str());
            }

            #[cfg(test)]
            fn shape() -> super::walk::Shape {
                super::walk::Shape::Codes(Self::TEXTS)
            }
        }
    };
}

codes! {
    /// What an agency is in its National Referral Mechanism. The order is the registry's: role *i* is bit *i* of a leaf.
    Role {
        NgoShelter = "NgoShelter",
        NgoSupport = "NgoSupport",
        Helpline = "Helpline",
        HealthService = "HealthService",
        SocialService = "SocialService",
        ChildProtection = "ChildProtection",
        Guardianship = "Guardianship",
        LegalAid = "LegalAid",
        LabourInspectorate = "LabourInspectorate",
        Police = "Police",
        BorderGuard = "BorderGuard",
        Prosecution = "Prosecution",
        WitnessProtection = "WitnessProtection",
        ImmigrationAuthority = "ImmigrationAuthority",
        AsylumAuthority = "AsylumAuthority",
        CompetentAuthority = "CompetentAuthority",
        Embassy = "Embassy",
        IomMission = "IomMission",
        UnhcrMission = "UnhcrMission",
        RedCrossCrescent = "RedCrossCrescent",
        InternationalOrganisation = "InternationalOrganisation",
        EducationTraining = "EducationTraining",
        NrmCoordinator = "NrmCoordinator",
        NationalRapporteur = "NationalRapporteur",
    }
}

codes! {
    /// What is asked for.
    Service {
        EmergencyShelter = "EmergencyShelter",
        Shelter = "Shelter",
        ChildCarePlacement = "ChildCarePlacement",
        BasicNeeds = "BasicNeeds",
        SafetyPlanning = "SafetyPlanning",
        MedicalEmergency = "MedicalEmergency",
        MedicalGeneral = "MedicalGeneral",
        SexualReproductiveHealth = "SexualReproductiveHealth",
        Psychological = "Psychological",
        Psychiatric = "Psychiatric",
        SubstanceUse = "SubstanceUse",
        LegalAdvice = "LegalAdvice",
        LegalRepresentation = "LegalRepresentation",
        Compensation = "Compensation",
        LabourClaim = "LabourClaim",
        Interpretation = "Interpretation",
        IdentityDocuments = "IdentityDocuments",
        ConsularAssistance = "ConsularAssistance",
        ResidenceRegularisation = "ResidenceRegularisation",
        AsylumAdvice = "AsylumAdvice",
        FormalIdentification = "FormalIdentification",
        VoluntaryReturn = "VoluntaryReturn",
        Resettlement = "Resettlement",
        ReceptionOnArrival = "ReceptionOnArrival",
        Transport = "Transport",
        FamilyTracing = "FamilyTracing",
        FamilyReunification = "FamilyReunification",
        Guardianship = "Guardianship",
        BestInterestProcedure = "BestInterestProcedure",
        Education = "Education",
        VocationalTraining = "VocationalTraining",
        Livelihood = "Livelihood",
        FinancialAssistance = "FinancialAssistance",
        CaseManagement = "CaseManagement",
        PoliceReport = "PoliceReport",
        WitnessProtection = "WitnessProtection",
    }
}

codes! {
    /// Age, coarse on purpose.
    AgeBand {
        From0To5 = "0-5",
        From6To11 = "6-11",
        From12To14 = "12-14",
        From15To17 = "15-17",
        From18To24 = "18-24",
        From25To34 = "25-34",
        From35To49 = "35-49",
        From50To64 = "50-64",
        From65 = "65+",
        UnknownPresumedChild = "UnknownPresumedChild",
        UnknownPresumedAdult = "UnknownPresumedAdult",
    }
}

codes! {
    /// Gender as the person states it.
    Gender {
        Feminine = "Feminine",
        Masculine = "Masculine",
        TransgenderFeminine = "TransgenderFeminine",
        TransgenderMasculine = "TransgenderMasculine",
        NonConforming = "NonConforming",
        NonSpecifiedUnknown = "NonSpecifiedUnknown",
    }
}

codes! {
    /// Forms of exploitation (HTCDS 2.0, and one of our own).
    Exploitation {
        ForcedLabour = "ForcedLabour",
        SexualExploitation = "SexualExploitation",
        ChildLabour = "ChildLabour",
        ForcedMarriage = "ForcedMarriage",
        Servitude = "Servitude",
        ForcedMilitaryByNonStateActors = "ForcedMilitaryByNonStateActors",
        OrganRemoval = "OrganRemoval",
        ForcedBegging = "ForcedBegging",
        ForcedAdoption = "ForcedAdoption",
        Surrogacy = "Surrogacy",
        Other = "Other",
        XForcedCriminality = "x_ForcedCriminality",
    }
}

codes! {
    /// Economic sector (ISIC sections).
    Industry {
        AgricultureForestryAndFishing = "A_AgricultureForestryAndFishing",
        MiningAndQuarrying = "B_MiningAndQuarrying",
        Manufacturing = "C_Manufacturing",
        ElectricityGasSteamAndAirConditioningSupply = "D_ElectricityGasSteamAndAirConditioningSupply",
        WaterSupplySewerageWasteManagement = "E_WaterSupplySewerageWasteManagement",
        Construction = "F_Construction",
        WholesaleAndRetailTradeRepairOfMotorVehicles = "G_WholesaleAndRetailTradeRepairOfMotorVehicles",
        TransportationAndStorage = "H_TransportationAndStorage",
        AccommodationAndFoodServiceActivities = "I_AccommodationAndFoodServiceActivities",
        InformationAndCommunication = "J_InformationAndCommunication",
        FinancialAndInsuranceActivities = "K_FinancialAndInsuranceActivities",
        RealEstateActivities = "L_RealEstateActivities",
        ProfessionalScientificAndTechnicalActivities = "M_ProfessionalScientificAndTechnicalActivities",
        AdministrativeAndSupportServiceActivities = "N_AdministrativeAndSupportServiceActivities",
        PublicAdministrationAndDefence = "O_PublicAdministrationAndDefence",
        Education = "P_Education",
        HumanHealthAndSocialWorkActivities = "Q_HumanHealthAndSocialWorkActivities",
        ArtsEntertainmentAndRecreation = "R_ArtsEntertainmentAndRecreation",
        OtherServiceActivities = "S_OtherServiceActivities",
        ActivitiesOfHouseholdsAsEmployers = "T_ActivitiesOfHouseholdsAsEmployers",
        ActivitiesOfExtraterritorialOrganizations = "U_ActivitiesOfExtraterritorialOrganizations",
    }
}

codes! {
    /// Means of control.
    Control {
        PhysicalThreats = "PhysicalThreats",
        ThreatsLawEnforcement = "ThreatsLawEnforcement",
        ThreatensChildrenFamily = "ThreatensChildrenFamily",
        DebtBondage = "DebtBondage",
        FalsePromises = "FalsePromises",
        PhysicalAbuse = "PhysicalAbuse",
        SexualAbuse = "SexualAbuse",
        TakesEarnings = "TakesEarnings",
        RestrictsFinancialAccess = "RestrictsFinancialAccess",
        RestrictsMedicalCare = "RestrictsMedicalCare",
        WithholdsNecessities = "WithholdsNecessities",
        PsychologicalAbuse = "PsychologicalAbuse",
        PsychoactiveSubstance = "PsychoactiveSubstance",
        ExcessiveWorkingHours = "ExcessiveWorkingHours",
        WithholdsDocuments = "WithholdsDocuments",
        Other = "Other",
        XRestrictsMovement = "x_RestrictsMovement",
        XUsesChildren = "x_UsesChildren",
    }
}

codes! {
    /// How recruitment began.
    Recruitment {
        AtAPlaceOfBusiness = "AtAPlaceOfBusiness",
        AtAnEducationalInstitution = "AtAnEducationalInstitution",
        AtWork = "AtWork",
        ThroughOnlineSocialNetworks = "ThroughOnlineSocialNetworks",
        ThroughAnOnlineAdvertisement = "ThroughAnOnlineAdvertisement",
        ThroughATelevisionAdvert = "ThroughATelevisionAdvert",
        ThroughANewspaperAdvert = "ThroughANewspaperAdvert",
        ThroughFamilyOrFamilyEvents = "ThroughFamilyOrFamilyEvents",
        ThroughFriendsOrSocialEvents = "ThroughFriendsOrSocialEvents",
        Other = "Other",
    }
}

codes! {
    /// Parts of a referral that a consent names.
    Section {
        Enquiry = "Enquiry",
        Summary = "Summary",
        Identity = "Identity",
        Narrative = "Narrative",
        Medical = "Medical",
        Psychosocial = "Psychosocial",
        Immigration = "Immigration",
        Justice = "Justice",
        Return = "Return",
        SupportPlan = "SupportPlan",
        Events = "Events",
        Attachments = "Attachments",
    }
}

codes! {
    /// What a consent lets the recipient do.
    Purpose {
        Assistance = "Assistance",
        Identification = "Identification",
        MedicalCare = "MedicalCare",
        LegalAssistance = "LegalAssistance",
        Documents = "Documents",
        Return = "Return",
        Resettlement = "Resettlement",
        FamilyTracing = "FamilyTracing",
        ChildProtection = "ChildProtection",
        CriminalInvestigation = "CriminalInvestigation",
        WitnessProtection = "WitnessProtection",
        LabourEnforcement = "LabourEnforcement",
        Asylum = "Asylum",
        Statistics = "Statistics",
    }
}

codes! {
    /// The one schema of this version.
    SchemaName {
        Referral1 = "safeconduct.referral/1",
    }
}

codes! {
    /// What is sent.
    Kind {
        Enquiry = "Enquiry",
        Referral = "Referral",
        Transfer = "Transfer",
        MandatoryNotification = "MandatoryNotification",
    }
}

codes! {
    /// How soon an answer is needed.
    Urgency {
        Immediate = "Immediate",
        Emergency = "Emergency",
        Urgent = "Urgent",
        Normal = "Normal",
    }
}

impl Urgency {
    /// Somebody needs it now or today: hours count at night too, words about it go at once, and it may be that a life is in danger.
    #[must_use]
    pub const fn cannot_wait(self) -> bool {
        matches!(self, Self::Immediate | Self::Emergency)
    }
}

codes! {
    /// Why the case goes on to another agency.
    Reason {
        AdditionalServicesRequired = "AdditionalServicesRequired",
        MigrationOrChangeOfLocation = "MigrationOrChangeOfLocation",
        Other = "Other",
    }
}

codes! {
    /// What makes a place accessible.
    AccessNeed {
        WheelchairAccess = "WheelchairAccess",
        SignLanguage = "SignLanguage",
        Interpreter = "Interpreter",
        SameGenderStaff = "SameGenderStaff",
        SingleGenderFacility = "SingleGenderFacility",
        PregnancyCare = "PregnancyCare",
        InfantCare = "InfantCare",
        MedicationStorage = "MedicationStorage",
        QuietRoom = "QuietRoom",
        DietaryReligious = "DietaryReligious",
        DietaryMedical = "DietaryMedical",
    }
}

codes! {
    /// What makes a place safe.
    SafetyNeed {
        ConfidentialAddress = "ConfidentialAddress",
        AwayFromRegionOfNeed = "AwayFromRegionOfNeed",
        CrossBorderRelocation = "CrossBorderRelocation",
        SecureTransport = "SecureTransport",
        PhoneSecurityCheck = "PhoneSecurityCheck",
        NoContactWithCompatriots = "NoContactWithCompatriots",
    }
}

codes! {
    /// Presumed or decided.
    TraffickingStatus {
        PossibleVictimOfTrafficking = "PossibleVictimOfTrafficking",
        ActualVictimOfTrafficking = "ActualVictimOfTrafficking",
        NotAVictimOfTrafficking = "NotAVictimOfTrafficking",
    }
}

codes! {
    /// Who decided the status.
    Decider {
        Police = "Police",
        NGO = "NGO",
        CourtOrProsecution = "CourtOrProsecution",
        NonPoliceGovernmentalOrganization = "NonPoliceGovernmentalOrganization",
        Other = "Other",
    }
}

codes! {
    /// International protection.
    ProtectionStatus {
        AsylumSeeker = "AsylumSeeker",
        Refugee = "Refugee",
        RecipientOfComplementaryProtection = "RecipientOfComplementaryProtection",
        StatelessPerson = "StatelessPerson",
        None = "None",
        Unknown = "Unknown",
    }
}

codes! {
    /// Forms of sexual exploitation.
    SexExploitation {
        Prostitution = "Prostitution",
        Pornography = "Pornography",
        RemoteInteractiveServices = "RemoteInteractiveServices",
        PrivateSexualServices = "PrivateSexualServices",
    }
}

codes! {
    /// Relationship to the trafficker; HTCDS spelling kept.
    Relationship {
        Familial = "Familial",
        Acquainted = "Acquainted",
        Unaquainted = "Unaquainted",
    }
}

codes! {
    /// How great the danger is.
    RiskLevel {
        Low = "Low",
        Medium = "Medium",
        High = "High",
        Extreme = "Extreme",
    }
}

codes! {
    /// What the danger is.
    RiskType {
        Retaliation = "Retaliation",
        TraffickerKnowsLocation = "TraffickerKnowsLocation",
        FamilyThreatened = "FamilyThreatened",
        ReTrafficking = "ReTrafficking",
        SelfHarm = "SelfHarm",
        Medical = "Medical",
        DetentionOrRemoval = "DetentionOrRemoval",
        OnlineTracking = "OnlineTracking",
        Discrimination = "Discrimination",
    }
}

codes! {
    /// What care is needed.
    HealthFlag {
        Pregnancy = "Pregnancy",
        Injury = "Injury",
        ChronicCondition = "ChronicCondition",
        MentalHealthAcute = "MentalHealthAcute",
        SubstanceDependence = "SubstanceDependence",
        CommunicableDiseaseCarePlan = "CommunicableDiseaseCarePlan",
        Disability = "Disability",
        MedicationDependent = "MedicationDependent",
    }
}

codes! {
    /// Whom the child is with.
    Accompaniment {
        Unaccompanied = "Unaccompanied",
        Separated = "Separated",
        Accompanied = "Accompanied",
        Unknown = "Unknown",
    }
}

codes! {
    /// Who may speak for the child.
    GuardianStatus {
        Appointed = "Appointed",
        Requested = "Requested",
        None = "None",
        ParentOrCaregiver = "ParentOrCaregiver",
        ParentSuspected = "ParentSuspected",
    }
}

codes! {
    /// Best-interest determination.
    BidStatus {
        NotStarted = "NotStarted",
        InProgress = "InProgress",
        Completed = "Completed",
    }
}

codes! {
    /// What is known about the age.
    AgeAssessment {
        NotNeeded = "NotNeeded",
        Disputed = "Disputed",
        PresumedChild = "PresumedChild",
        Completed = "Completed",
    }
}

codes! {
    /// Reflection and recovery period.
    ReflectionStatus {
        NotRequested = "NotRequested",
        Requested = "Requested",
        Granted = "Granted",
        Refused = "Refused",
        Ended = "Ended",
        NotApplicable = "NotApplicable",
    }
}

codes! {
    /// On what ground data may go.
    Basis {
        InformedConsent = "InformedConsent",
        AssentAndGuardianConsent = "AssentAndGuardianConsent",
        GuardianConsent = "GuardianConsent",
        BestInterestDetermination = "BestInterestDetermination",
        VitalInterest = "VitalInterest",
        LegalObligation = "LegalObligation",
    }
}

codes! {
    /// Who gave it.
    Giver {
        Person = "Person",
        Guardian = "Guardian",
        CompetentBody = "CompetentBody",
        CaseworkerOverride = "CaseworkerOverride",
    }
}

codes! {
    /// How it was given.
    Method {
        WrittenSigned = "WrittenSigned",
        VerbalWitnessed = "VerbalWitnessed",
        AudioRecorded = "AudioRecorded",
        DigitalSigned = "DigitalSigned",
        NotPossible = "NotPossible",
    }
}

codes! {
    /// Whether it stands.
    ConsentStatus {
        Active = "Active",
        Withdrawn = "Withdrawn",
        Expired = "Expired",
    }
}

codes! {
    /// What a name is for.
    NameUse {
        Legal = "Legal",
        Preferred = "Preferred",
        Alias = "Alias",
        Transliteration = "Transliteration",
    }
}

codes! {
    /// Writing direction.
    Direction {
        LeftToRight = "ltr",
        RightToLeft = "rtl",
    }
}

codes! {
    /// How to reach the person safely.
    ContactMethod {
        Phone = "Phone",
        MessagingApp = "MessagingApp",
        Email = "Email",
        ViaReferringAgency = "ViaReferringAgency",
        InPersonOnly = "InPersonOnly",
        None = "None",
    }
}

codes! {
    /// What never to do.
    NeverContact {
        Voicemail = "Voicemail",
        Sms = "Sms",
        Email = "Email",
        CallBack = "CallBack",
        MentionAgency = "MentionAgency",
        ContactFamily = "ContactFamily",
    }
}

codes! {
    /// Marital status.
    MaritalStatus {
        Single = "Single",
        Married = "Married",
        Widowed = "Widowed",
        Divorced = "Divorced",
        Separated = "Separated",
        RegisteredPartnership = "RegisteredPartnership",
    }
}

codes! {
    /// Highest level of education (ISCED).
    Education {
        EarlyChildhoodEducation = "EarlyChildhoodEducation",
        PrimaryEducation = "PrimaryEducation",
        LowerSecondaryEducation = "LowerSecondaryEducation",
        UpperSecondaryEducation = "UpperSecondaryEducation",
        PostSecondaryNonTertiaryEducation = "PostSecondaryNonTertiaryEducation",
        ShortCycleTertiaryEducation = "ShortCycleTertiaryEducation",
        BachelorsOrEquivalentLevel = "BachelorsOrEquivalentLevel",
        MastersOrEquivalentLevel = "MastersOrEquivalentLevel",
        DoctoralOrEquivalentLevel = "DoctoralOrEquivalentLevel",
    }
}

codes! {
    /// Kinds of identity document.
    DocumentType {
        Passport = "Passport",
        NationalId = "NationalId",
        BirthCertificate = "BirthCertificate",
        ResidencePermit = "ResidencePermit",
        AsylumCard = "AsylumCard",
        TravelDocument = "TravelDocument",
        MarriageCertificate = "MarriageCertificate",
        WorkPermit = "WorkPermit",
        Other = "Other",
    }
}

codes! {
    /// Who holds the document.
    Holder {
        Person = "Person",
        Exploiter = "Exploiter",
        Authority = "Authority",
        ReferringAgency = "ReferringAgency",
        Lost = "Lost",
        NeverIssued = "NeverIssued",
        Unknown = "Unknown",
    }
}

codes! {
    /// What kind of place the person is at.
    Place {
        ConfidentialShelter = "ConfidentialShelter",
        Agency = "Agency",
        PoliceStation = "PoliceStation",
        Detention = "Detention",
        Hospital = "Hospital",
        PrivateAddress = "PrivateAddress",
        Street = "Street",
        Embassy = "Embassy",
        InTransit = "InTransit",
        Unknown = "Unknown",
    }
}

codes! {
    /// The guardian's relationship.
    Guardianship {
        Parent = "Parent",
        Relative = "Relative",
        CourtAppointed = "CourtAppointed",
        InstitutionalGuardian = "InstitutionalGuardian",
        Other = "Other",
    }
}

codes! {
    /// The dependant's relationship.
    Kinship {
        Child = "Child",
        Sibling = "Sibling",
        Spouse = "Spouse",
        Parent = "Parent",
        Other = "Other",
    }
}

codes! {
    /// Formats of an attached document.
    MediaType {
        Pdf = "application/pdf",
        Jpeg = "image/jpeg",
        Png = "image/png",
        PlainText = "text/plain; charset=utf-8",
        Ogg = "audio/ogg",
        OpenDocument = "application/vnd.oasis.opendocument.text",
    }
}

codes! {
    /// Kind of migration.
    MigrantType {
        FamilyMigrant = "FamilyMigrant",
        VisitorTouristMigrant = "VisitorTouristMigrant",
        LabourMigrant = "LabourMigrant",
        StudentMigrant = "StudentMigrant",
        IrregularMigrant = "IrregularMigrant",
        Citizen = "Citizen",
        Unknown = "Unknown",
    }
}

codes! {
    /// Cooperation with law enforcement: never a condition of assistance.
    Cooperation {
        NotAsked = "NotAsked",
        Undecided = "Undecided",
        Unwilling = "Unwilling",
        Willing = "Willing",
        Cooperating = "Cooperating",
    }
}

codes! {
    /// Witness protection.
    WitnessStatus {
        None = "None",
        Requested = "Requested",
        UnderAssessment = "UnderAssessment",
        InProgramme = "InProgramme",
        Declined = "Declined",
    }
}

codes! {
    /// Return, resettlement or neither.
    ReturnKind {
        VoluntaryReturn = "VoluntaryReturn",
        Resettlement = "Resettlement",
        RemainInCountry = "RemainInCountry",
        Undecided = "Undecided",
    }
}

codes! {
    /// Kinds of support (HTCDS).
    SupportType {
        Education = "Education",
        Financial = "Financial",
        Health = "Health",
        LabourExploitationRehabilitation = "LabourExploitationRehabilitation",
        Legal = "Legal",
        Livelihood = "Livelihood",
        RightsBasedTraining = "RightsBasedTraining",
        SexualExploitationRehabilitation = "SexualExploitationRehabilitation",
        SocialCare = "SocialCare",
    }
}

codes! {
    /// Stages of trafficking.
    EventType {
        Recruitment = "Recruitment",
        Transit = "Transit",
        Exploitation = "Exploitation",
    }
}

codes! {
    /// What must not happen with this referral.
    Marking {
        NoOnwardSharing = "NoOnwardSharing",
        NoLawEnforcement = "NoLawEnforcement",
        NoCountryOfOrigin = "NoCountryOfOrigin",
        NoEmbassy = "NoEmbassy",
        NamedCaseworkerOnly = "NamedCaseworkerOnly",
        NoFamilyContact = "NoFamilyContact",
    }
}

codes! {
    /// Why it is kept as long as it is.
    RetentionBasis {
        ServiceDelivery = "ServiceDelivery",
        LegalClaim = "LegalClaim",
        CourtOrder = "CourtOrder",
        ChildUntilMajorityPlus = "ChildUntilMajorityPlus",
        NotAccepted = "NotAccepted",
    }
}
