//! The closed code lists of a directory record. All but the competencies are lists of the referral schema, in its order, so
//! that what a referral asks for is what the directory is searched for.

use core::fmt;

/// Declares a closed code list.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
        }

        impl $name {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads a code as a record holds it, exactly as [`Self::as_str`] writes it.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }

            /// Reads a code as a person types it, in any case.
            ///
            /// # Errors
            /// [`NoSuchCode`] with the nearest one.
            pub fn typed(text: &str) -> Result<Self, NoSuchCode> {
                let same = |code: &&Self| code.as_str().eq_ignore_ascii_case(text);
                let unknown = || NoSuchCode { nearest: nearest(text, Self::ALL.iter().map(|code| code.as_str())) };
                Self::ALL.iter().find(same).copied().ok_or_else(unknown)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NoSuchCode;
            fn try_from(name: String) -> Result<Self, NoSuchCode> {
                let unknown = || NoSuchCode { nearest: nearest(&name, Self::ALL.iter().map(|code| code.as_str())) };
                Self::from_name(&name).ok_or_else(unknown)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// What was written is no code of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such code; the nearest one is {nearest}")]
pub struct NoSuchCode {
    /// The code that is nearest to it.
    pub nearest: &'static str,
}

/// The name that is nearest to what was typed, upper and lower case alike; the first of several.
pub fn nearest(typed: &str, names: impl Iterator<Item = &'static str>) -> &'static str {
    // What is typed is bounded: the distance takes the product of both lengths.
    let typed: String = typed.chars().take(64).collect::<String>().to_lowercase();
    let distance = |name: &str| {
        let name = name.to_lowercase();
        let whole = strsim::osa_distance(&typed, &name);
        // A beginning or an end, such as `shelter`, counts more than letters in common.
        if typed.len() >= 4 && name.contains(&typed) { whole / 4 } else { whole }
    };
    names.min_by_key(|name| distance(name)).unwrap_or_default()
}

codes! {
    /// What a referral asks for.
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
    /// How old somebody is.
    AgeBand {
        Age0To5 = "0-5",
        Age6To11 = "6-11",
        Age12To14 = "12-14",
        Age15To17 = "15-17",
        Age18To24 = "18-24",
        Age25To34 = "25-34",
        Age35To49 = "35-49",
        Age50To64 = "50-64",
        Age65AndOver = "65+",
        UnknownPresumedChild = "UnknownPresumedChild",
        UnknownPresumedAdult = "UnknownPresumedAdult",
    }
}

impl AgeBand {
    /// Whether somebody of this band is treated as a child.
    #[must_use]
    pub const fn is_child(self) -> bool {
        matches!(self, Self::Age0To5 | Self::Age6To11 | Self::Age12To14 | Self::Age15To17 | Self::UnknownPresumedChild)
    }
}

codes! {
    /// For whom a place is.
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
    /// What the persons suffered whom an agency knows how to help.
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
        ForcedCriminality = "x_ForcedCriminality",
    }
}

codes! {
    /// What a place has for those who need it.
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
    /// What an agency may decide or is trained for in its national referral mechanism: the steps of the OSCE/ODIHR handbook that not
    /// everybody may take.
    Competency {
        PreliminaryIdentification = "PreliminaryIdentification",
        FormalIdentification = "FormalIdentification",
        ReflectionPeriod = "ReflectionPeriod",
        ResidencePermit = "ResidencePermit",
        BestInterestDetermination = "BestInterestDetermination",
        AgeAssessment = "AgeAssessment",
        RiskAssessment = "RiskAssessment",
        ChildInterview = "ChildInterview",
        TraumaInformedCare = "TraumaInformedCare",
        CulturalMediation = "CulturalMediation",
        CrossBorderReferral = "CrossBorderReferral",
        FamilyAssessment = "FamilyAssessment",
        AssistedReturn = "AssistedReturn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_typed_in_any_case_and_a_wrong_one_names_the_nearest() {
        assert_eq!(Service::typed("emergencyshelter"), Ok(Service::EmergencyShelter));
        assert_eq!(Service::typed("EmergencySheltre"), Err(NoSuchCode { nearest: "EmergencyShelter" }));
        assert_eq!(AgeBand::typed("15-18"), Err(NoSuchCode { nearest: "15-17" }));
        assert_eq!(Service::typed("Legal").unwrap_err().nearest, "LegalAdvice");
        assert!(!nearest(&"x".repeat(1 << 20), Service::ALL.iter().map(|code| code.as_str())).is_empty());
    }

    #[test]
    fn a_record_writes_codes_in_their_one_way() {
        assert_eq!(Service::from_name("emergencyshelter"), None);
        assert!(serde_json::from_str::<Service>("\"emergencyshelter\"").is_err());
        for code in Service::ALL {
            assert_eq!(Service::from_name(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn whoever_may_be_a_child_is_treated_as_one() {
        let children: Vec<&str> =
            AgeBand::ALL.iter().filter(|band| band.is_child()).map(|band| band.as_str()).collect();
        assert_eq!(children, ["0-5", "6-11", "12-14", "15-17", "UnknownPresumedChild"]);
        for band in AgeBand::ALL {
            assert_eq!(band.to_string(), band.as_str());
        }
    }
}
