//! The enquiry: what is needed, without a person in it (level 0).

use super::codes::{AccessNeed, AgeBand, Exploitation, Gender, SafetyNeed, Service};
use super::dates::Date;
use super::text::{Country, Lang, Prose, Region};
use super::walk::{List, Whole, object};

object! {
    /// What is needed, without a person in it.
    Enquiry {
        need O 0 "services" services: List<Service, 1, 12>;
        need O 0 "age_band" age_band: AgeBand;
        may S 0 "prs_Gender" gender: Gender;
        may O 0 "languages" languages: List<Lang, 0, 5>;
        may O 0 "group_size" group_size: Whole<1, 50>;
        may O 0 "accompanying_children" accompanying_children: Whole<0, 20>;
        may o 0 "group" group: List<GroupPart, 0, 20>;
        may S 0 "vic_TypeOfExploitation" exploitation: List<Exploitation, 0, 5>;
        need O 0 "country_of_need" country_of_need: Country;
        may O 0 "region_of_need" region_of_need: Region;
        may O 0 "needed_by" needed_by: Date;
        may S 0 "access_needs" access_needs: List<AccessNeed, 0, 8>;
        may S 0 "safety_needs" safety_needs: List<SafetyNeed, 0, 6>;
        may O 0 "note" note: Prose<1, 500>;
    }
}

object! {
    /// A part of a group.
    GroupPart {
        need O 0 "count" count: Whole<1, 50>;
        may O 0 "age_band" age_band: AgeBand;
        may S 0 "prs_Gender" gender: Gender;
    }
}
