//! What is asked for: as it is typed, and as it is meant.

use safeconduct_certs::{
    directory::{
        codes::{AgeBand, Competency, Gender, NoSuchCode, Service, nearest},
        place::is_country,
    },
    fold::fold,
    node::Role,
};

use super::languages;
use crate::{api::found::SearchFor, error::Told};

/// Longest text that is searched for, in bytes.
const TEXT_BYTES_MAX: usize = 200;
/// Words of it.
const WORDS_MAX: usize = 12;
/// Values of one criterion.
const VALUES_MAX: usize = 16;

/// What is asked for. Several values of one criterion must all hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Criteria {
    /// Offered.
    pub services: Vec<Service>,
    /// Spoken.
    pub languages: Vec<String>,
    /// Where.
    pub countries: Vec<String>,
    /// Served.
    pub ages: Vec<Age>,
    /// Served.
    pub genders: Vec<Gender>,
    /// Held in the registry.
    pub roles: Vec<Role>,
    /// Held.
    pub competencies: Vec<Competency>,
    /// Folded words that all stand in names, places or id.
    pub words: Vec<String>,
    /// Open at this moment.
    pub open_now: bool,
}

/// An age that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Age {
    /// Any band of children.
    Child,
    /// Any band of adults.
    Adult,
    /// This one.
    Band(AgeBand),
}

impl Age {
    /// Whether a band is one that was asked for.
    #[must_use]
    pub fn covers(self, band: AgeBand) -> bool {
        match self {
            Self::Child => band.is_child(),
            Self::Adult => !band.is_child(),
            Self::Band(wanted) => wanted == band,
        }
    }

    /// As it is told.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Adult => "adult",
            Self::Band(band) => band.as_str(),
        }
    }

    /// `child`, `adult`, a band, or an age in years.
    fn typed(text: &str) -> Result<Self, NoSuchCode> {
        const YEARS: [(u16, AgeBand); 9] = [
            (5, AgeBand::Age0To5),
            (11, AgeBand::Age6To11),
            (14, AgeBand::Age12To14),
            (17, AgeBand::Age15To17),
            (24, AgeBand::Age18To24),
            (34, AgeBand::Age25To34),
            (49, AgeBand::Age35To49),
            (64, AgeBand::Age50To64),
            (130, AgeBand::Age65AndOver),
        ];
        if let Ok(years) = text.parse::<u16>()
            && let Some((_, band)) = YEARS.into_iter().find(|(last, _)| years <= *last)
        {
            return Ok(Self::Band(band));
        }
        if text.eq_ignore_ascii_case("child") {
            return Ok(Self::Child);
        }
        if text.eq_ignore_ascii_case("adult") {
            return Ok(Self::Adult);
        }
        AgeBand::typed(text).map(Self::Band).map_err(|_unknown| {
            let words = ["child", "adult"].into_iter().chain(AgeBand::ALL.iter().map(|band| band.as_str()));
            NoSuchCode { nearest: nearest(text, words) }
        })
    }
}

impl TryFrom<&SearchFor> for Criteria {
    type Error = Told;

    /// Reads what was typed.
    ///
    /// # Errors
    /// `unknown-code` with the nearest right one, `search-text`, `search-many`.
    fn try_from(typed: &SearchFor) -> Result<Self, Told> {
        let role = |text: &str| {
            let same = |role: &Role| role.as_str().eq_ignore_ascii_case(text);
            let names = || Role::ALL.iter().map(|role| role.as_str());
            Role::ALL.into_iter().find(same).ok_or_else(|| NoSuchCode { nearest: nearest(text, names()) })
        };
        Ok(Self {
            services: all(&typed.services, "service", Service::typed)?,
            languages: all(&typed.languages, "language", |text| match languages::correction(text) {
                None => Ok(text.to_lowercase()),
                Some(nearest) => Err(NoSuchCode { nearest }),
            })?,
            countries: countries(&typed.countries)?,
            ages: all(&typed.ages, "age", Age::typed)?,
            genders: all(&typed.genders, "gender", Gender::typed)?,
            roles: all(&typed.roles, "role", role)?,
            competencies: all(&typed.competencies, "competency", Competency::typed)?,
            words: words(typed.text.as_deref().unwrap_or_default())?,
            open_now: typed.open_now,
        })
    }
}

fn all<T: PartialEq>(
    typed: &[String],
    what: &str,
    read: impl Fn(&str) -> Result<T, NoSuchCode>,
) -> Result<Vec<T>, Told> {
    let mut values = Vec::new();
    for text in bounded(typed)? {
        let value = read(text).map_err(|unknown| {
            // What was typed is not repeated: it may be a mistyped name of somebody.
            let fact = format!("there is no such {what}; the nearest one is {}", unknown.nearest);
            Told::new(
                crate::exit::Exit::Usage,
                "unknown-code",
                fact,
                format!("search with --{what} {}", unknown.nearest),
            )
        })?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values)
}

fn bounded(typed: &[String]) -> Result<&[String], Told> {
    if typed.len() > VALUES_MAX {
        let fact = format!("more than {VALUES_MAX} values of one kind are searched for");
        return Err(Told::new(crate::exit::Exit::Usage, "search-many", fact, "search for fewer at once"));
    }
    Ok(typed)
}

fn countries(typed: &[String]) -> Result<Vec<String>, Told> {
    let country = |text: &String| {
        let text = text.to_uppercase();
        if is_country(&text) {
            return Ok(text);
        }
        let fact = "a country is two letters (ISO 3166-1)";
        Err(Told::new(crate::exit::Exit::Usage, "unknown-code", fact, "write it as in --country RO"))
    };
    bounded(typed)?.iter().map(country).collect()
}

fn words(text: &str) -> Result<Vec<String>, Told> {
    let words: Vec<String> = if text.len() <= TEXT_BYTES_MAX {
        fold(text).split_whitespace().map(str::to_owned).collect()
    } else {
        Vec::new()
    };
    if text.len() > TEXT_BYTES_MAX || words.len() > WORDS_MAX {
        let fact = format!("the text that is searched for has more than {WORDS_MAX} words or {TEXT_BYTES_MAX} bytes");
        return Err(Told::new(
            crate::exit::Exit::Usage,
            "search-text",
            fact,
            "search for one or two words of the name",
        ));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &SearchFor) -> Result<Criteria, Told> {
        Criteria::try_from(typed)
    }

    fn some(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn unknown_codes_get_one_line_with_the_nearest_right_one() {
        let none = SearchFor::default();
        for (typed, nearest) in [
            (SearchFor { services: some("EmergencyShleter"), ..none.clone() }, "EmergencyShelter"),
            (SearchFor { languages: some("ro"), ..none.clone() }, "ron"),
            (SearchFor { ages: some("children"), ..none.clone() }, "child"),
            (SearchFor { ages: some("15-18"), ..none.clone() }, "15-17"),
            (SearchFor { genders: some("Female"), ..none.clone() }, "Feminine"),
            (SearchFor { roles: some("Shelter"), ..none.clone() }, "NgoShelter"),
            (SearchFor { competencies: some("Identification"), ..none.clone() }, "FormalIdentification"),
        ] {
            let told = read(&typed).unwrap_err();
            assert_eq!((told.code.as_str(), told.exit), ("unknown-code", 2));
            assert!(told.message.ends_with(nearest) && !told.message.contains('\n'), "{}", told.message);
            assert!(told.remedy.ends_with(nearest), "{}", told.remedy);
        }
        assert_eq!(read(&SearchFor { countries: some("ROU"), ..none }).unwrap_err().code, "unknown-code");
    }

    #[test]
    fn what_is_typed_is_read_in_any_case_and_years_are_bands() {
        let typed = SearchFor {
            services: some("emergencyshelter"),
            languages: some("RON"),
            countries: some("ro"),
            ages: vec!["16".to_owned(), "15-17".to_owned(), "Child".to_owned(), "70".to_owned()],
            text: Some("  DOM  Gávani ".to_owned()),
            ..SearchFor::default()
        };
        let criteria = read(&typed).unwrap();
        assert_eq!(criteria.services, [Service::EmergencyShelter]);
        assert_eq!((criteria.languages, criteria.countries), (some("ron"), some("RO")));
        assert_eq!(criteria.ages, [Age::Band(AgeBand::Age15To17), Age::Child, Age::Band(AgeBand::Age65AndOver)]);
        assert_eq!(criteria.words, ["dom", "gavani"]);
    }

    #[test]
    fn a_search_is_bounded() {
        let text = |text: String| SearchFor { text: Some(text), ..SearchFor::default() };
        assert!(read(&text("x".repeat(TEXT_BYTES_MAX))).is_ok());
        assert_eq!(read(&text("x".repeat(TEXT_BYTES_MAX + 1))).unwrap_err().code, "search-text");
        assert_eq!(read(&text("x ".repeat(WORDS_MAX + 1))).unwrap_err().code, "search-text");
        let many = SearchFor { services: vec!["Shelter".to_owned(); VALUES_MAX + 1], ..SearchFor::default() };
        assert_eq!(read(&many).unwrap_err().code, "search-many");
    }

    #[test]
    fn the_directory_has_the_code_lists_of_the_referral() {
        use safeconduct_certs::directory::codes;

        use crate::referral::codes as referral;

        macro_rules! same {
            ($($ours:ident = $theirs:ident),+) => {$(
                let ours: Vec<_> = codes::$ours::ALL.iter().map(|code| code.as_str()).collect();
                let theirs: Vec<_> = referral::$theirs::ALL.iter().map(|code| code.as_str()).collect();
                assert_eq!(ours, theirs);
            )+};
        }
        same!(
            Service = Service,
            AgeBand = AgeBand,
            Gender = Gender,
            Exploitation = Exploitation,
            AccessNeed = AccessNeed
        );
        let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
        assert_eq!(roles, referral::Role::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
    }
}
