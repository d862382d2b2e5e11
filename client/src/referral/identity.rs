//! Who the person is (level 2).

use super::codes::{
    AgeBand, ContactMethod, Direction, DocumentType, Education, Guardianship, Holder, Kinship, MaritalStatus, NameUse,
    NeverContact, Place,
};
use super::dates::{Date, PartialDate};
use super::text::{CaseCode, Country, Email, Line, Phone, Prose, Script};
use super::walk::{List, Whole, object};

object! {
    /// Who the person is.
    Identity {
        need i 2 "names" names: List<PersonName, 1, 8>;
        may I 2 "prs_Salutation" salutation: Line<30>;
        may I 2 "prs_Birthdate" birthdate: PartialDate;
        may O 2 "birthdate_estimated" birthdate_estimated: bool;
        may I 2 "birth_place" birth_place: Line<120>;
        may I 2 "birth_country" birth_country: Country;
        may I 2 "prs_MaritalStatus" marital_status: MaritalStatus;
        may I 2 "prs_NumberOfChildren" number_of_children: Whole<0, 30>;
        may I 2 "prs_HighestLevelOfEducation" highest_level_of_education: Education;
        may i 2 "documents" documents: List<IdDocument, 0, 10>;
        need i 2 "safe_contact" safe_contact: SafeContact;
        need i 2 "location" location: Location;
        may i 2 "guardian" guardian: Guardian;
        may i 2 "dependants" dependants: List<Dependant, 0, 12>;
    }
}

object! {
    /// A name as the person writes it.
    PersonName {
        need O 2 "use" usage: NameUse;
        may I 2 "prs_FirstName" first_name: Line<120>;
        may I 2 "prs_MiddleName" middle_name: Line<120>;
        may I 2 "prs_SecondName" second_name: Line<120>;
        need I 2 "full" full: Line<300>;
        may O 2 "script" script: Script;
        may O 2 "dir" dir: Direction;
    }
}

object! {
    /// An identity document.
    IdDocument {
        need I 2 "type" kind: DocumentType;
        may I 2 "prs_IdentityNumber" identity_number: Line<64>;
        may I 2 "issuer" issuer: Country;
        may I 2 "valid_until" valid_until: Date;
        need S 2 "held_by" held_by: Holder;
        may S 2 "suspected_false" suspected_false: bool;
    }
}

object! {
    /// How to reach the person without danger.
    SafeContact {
        need O 2 "method" method: ContactMethod;
        may I 2 "prs_MobilePhone" mobile_phone: Phone;
        may I 2 "prs_Email" email: Email;
        may I 2 "times" times: Prose<1, 200>;
        may I 2 "code_word" code_word: Line<60>;
        may O 2 "never" never: List<NeverContact, 0, 6>;
    }
}

object! {
    /// Where the person is; never an address.
    Location {
        need S 2 "kind" kind: Place;
        may I 2 "city" city: Line<120>;
        need I 2 "country" country: Country;
    }
}

object! {
    /// The guardian.
    Guardian {
        need I 2 "name" name: Line<200>;
        need I 2 "relationship" relationship: Guardianship;
        may I 2 "authority" authority: Prose<1, 200>;
        may I 2 "phone" phone: Phone;
    }
}

object! {
    /// Somebody who depends on the person.
    Dependant {
        need I 2 "case_code" case_code: CaseCode;
        need S 2 "age_band" age_band: AgeBand;
        need I 2 "relationship" relationship: Kinship;
        need S 2 "travelling_with" travelling_with: bool;
    }
}
