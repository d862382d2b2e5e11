//! Parts of the world, so that a citizenship is never shown by its country: the continental regions of the United Nations' standard
//! country codes (M49).

use crate::referral::text::Country;

use super::sorts::NOT_TOLD;

/// Every group of citizenships.
pub const GROUPS: &[&str] = &["own-country", "Africa", "Americas", "Asia", "Europe", "Oceania", "elsewhere", NOT_TOLD];

const AFRICA: &str = "DZ EG EH LY MA SD TN IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW AO CM CF TD CG CD GQ GA ST \
    BW SZ LS NA ZA BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG";
const AMERICAS: &str = "AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI BZ CR SV GT HN MX NI PA AR \
    BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE BM CA GL PM US";
const ASIA: &str = "KZ KG TJ TM UZ CN HK MO KP JP MN KR TW BN KH ID LA MY MM PH SG TH TL VN AF BD BT IN IR MV NP PK LK AM AZ BH CY GE \
    IQ IL JO KW LB OM QA SA PS SY TR AE YE";
const EUROPE: &str = "BY BG CZ HU PL MD RO RU SK UA AX GG JE DK EE FO FI IS IE IM LV LT NO SJ SE GB AL AD BA HR GI GR VA IT MT ME MK \
    PT SM RS SI ES AT BE FR DE LI LU MC NL CH XK";
const OCEANIA: &str = "AU CX CC HM NZ NF FJ NC PG SB VU GU KI MH FM NR MP PW UM AS CK PF NU PN WS TK TO TV WF";

/// The group of a person with these citizenships (country codes with anything between them), at an agency of this country. A person
/// who has the agency's own is of that group; else the first one counts.
#[must_use]
pub fn group(citizenships: &str, own: &Country) -> &'static str {
    let mut countries = citizenships.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(Country::of).peekable();
    let Some(first) = countries.peek().map(|country| country.as_str().to_owned()) else { return NOT_TOLD };
    if countries.any(|country| country == *own) {
        return "own-country";
    }
    let parts = [(AFRICA, "Africa"), (AMERICAS, "Americas"), (ASIA, "Asia"), (EUROPE, "Europe"), (OCEANIA, "Oceania")];
    let part = parts.into_iter().find(|(codes, _)| codes.split_whitespace().any(|code| code == first));
    part.map_or("elsewhere", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_is_in_one_part_of_the_world() {
        let mut all: Vec<&str> =
            [AFRICA, AMERICAS, ASIA, EUROPE, OCEANIA].iter().flat_map(|codes| codes.split_whitespace()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();

        assert_eq!((all.len(), count), (249, 249));
        assert!(all.iter().all(|code| Country::of(code).is_some()));
    }

    #[test]
    fn a_citizenship_is_shown_by_its_group_only() {
        let own = Country::of("XA").unwrap();

        assert_eq!(group("", &own), NOT_TOLD);
        assert_eq!(group("RO XA", &own), "own-country");
        assert_eq!(group("NG,RO", &own), "Africa");
        assert_eq!(group("XC", &own), "elsewhere");
        for codes in ["MD", "BR", "VN", "FJ"] {
            assert!(GROUPS.contains(&group(codes, &own)) && group(codes, &own) != codes);
        }
    }
}
