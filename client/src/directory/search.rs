//! Which agencies fit, in which order, and why. The order depends on the records, what is asked and the time alone:
//!
//! 1. who says fewer things that were asked for goes behind (who says the contrary is no hit at all, but for a language: there are
//!    interpreters);
//! 2. who is open now before who is not;
//! 3. who has no mark (keys set by the authority alone, node not online for a week) before who has one;
//! 4. by id.

use safeconduct_certs::{
    directory::{Record, hours::Open, place::PlaceNames},
    fold::fold,
};
use safeconduct_protocol::time::Timestamp;

use super::criteria::Criteria;

/// One agency that can be found.
pub struct Candidate<'a> {
    /// What the directory says.
    pub record: &'a Record,
    /// Its keys were changed, or are about to be, by the authority alone; or its node was not online for a week.
    pub marked: bool,
}

/// Why an agency is a hit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reasons {
    /// What was asked for and holds, a few words each.
    pub holds: Vec<String>,
    /// What was asked for and the record does not say.
    pub not_said: Vec<String>,
    /// What was asked for and does not hold: languages.
    pub lacks: Vec<String>,
}

/// A hit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fit {
    /// Its place in the candidates.
    pub place: usize,
    /// Why.
    pub reasons: Reasons,
    /// Whether it is open; none when the record does not say.
    pub open: Option<Open>,
}

/// How one thing that was asked for stands.
enum Stands {
    Holds(String),
    NotSaid(String),
    Lacks(String),
    Contradicts,
}

/// The hits, best first.
#[must_use]
pub fn search(candidates: &[Candidate<'_>], criteria: &Criteria, now: Timestamp) -> Vec<Fit> {
    let fit = |(place, candidate): (usize, &Candidate<'_>)| {
        let open = candidate.record.hours.as_ref().map(|hours| hours.at(now));
        reasons(candidate.record, open, criteria).map(|reasons| Fit { place, reasons, open })
    };
    let mut fits: Vec<Fit> = candidates.iter().enumerate().filter_map(fit).collect();
    fits.sort_by_cached_key(|fit| {
        let candidate = candidates.get(fit.place);
        let id = candidate.map_or("", |candidate| candidate.record.agency_id.as_str()).to_owned();
        let marked = candidate.is_some_and(|candidate| candidate.marked);
        (fit.reasons.lacks.len(), fit.reasons.not_said.len(), open_rank(fit.open), marked, id)
    });
    fits
}

const fn open_rank(open: Option<Open>) -> u8 {
    match open {
        Some(Open::Always | Open::Now) => 0,
        None | Some(Open::ZoneUnknown) => 1,
        Some(Open::Closed) => 2,
    }
}

/// Why this record is a hit; none when it is not.
fn reasons(record: &Record, open: Option<Open>, criteria: &Criteria) -> Option<Reasons> {
    let mut reasons = Reasons::default();
    for stands in judged(record, open, criteria) {
        match stands {
            Stands::Holds(what) => reasons.holds.push(what),
            Stands::NotSaid(what) => reasons.not_said.push(what),
            Stands::Lacks(what) => reasons.lacks.push(what),
            Stands::Contradicts => return None,
        }
    }
    Some(reasons)
}

fn judged<'c>(record: &'c Record, open: Option<Open>, criteria: &'c Criteria) -> impl Iterator<Item = Stands> + 'c {
    let populations = record.populations.as_ref();
    let services = criteria.services.iter().map(|wanted| listed(&record.services, wanted, "offers", wanted.as_str()));
    let competencies =
        criteria.competencies.iter().map(|wanted| listed(&record.competencies, wanted, "may", wanted.as_str()));
    let languages = criteria.languages.iter().map(|wanted| {
        let stands = listed(&record.languages, wanted, "speaks", wanted);
        let lacks = matches!(stands, Stands::Contradicts);
        if lacks { Stands::Lacks(format!("does not speak {wanted}: an interpreter is needed")) } else { stands }
    });
    let countries = criteria.countries.iter().map(|wanted| in_country(record, wanted));
    let roles = criteria.roles.iter().map(|wanted| {
        let holds = record.roles.iter().any(|role| role.0 == *wanted);
        if holds { Stands::Holds(format!("is {wanted}")) } else { Stands::Contradicts }
    });
    let ages = criteria.ages.iter().map(move |wanted| {
        let bands = populations.map_or(&[][..], |populations| &populations.ages);
        let taken: Vec<&str> = bands.iter().filter(|band| wanted.covers(**band)).map(|band| band.as_str()).collect();
        match (bands.is_empty(), taken.is_empty()) {
            (true, _) => Stands::NotSaid(format!("takes {}", wanted.as_str())),
            (false, true) => Stands::Contradicts,
            (false, false) if taken == [wanted.as_str()] => Stands::Holds(format!("takes {}", wanted.as_str())),
            (false, false) => Stands::Holds(format!("takes {} ({})", wanted.as_str(), taken.join(", "))),
        }
    });
    let genders = criteria.genders.iter().map(move |wanted| {
        listed(populations.map_or(&[][..], |populations| &populations.genders), wanted, "takes", wanted.as_str())
    });
    let text = (!criteria.words.is_empty()).then(|| named(record, &criteria.words));
    let opened = criteria.open_now.then_some(match open {
        Some(Open::Always) => Stands::Holds("is open 24/7".to_owned()),
        Some(Open::Now) => Stands::Holds("is open now".to_owned()),
        Some(Open::Closed) => Stands::Contradicts,
        None | Some(Open::ZoneUnknown) => Stands::NotSaid("is open now".to_owned()),
    });
    services
        .chain(languages)
        .chain(countries)
        .chain(ages)
        .chain(genders)
        .chain(roles)
        .chain(competencies)
        .chain(text)
        .chain(opened)
}

/// A value that is asked for in a list that is empty where the record does not say.
fn listed<T: PartialEq>(values: &[T], wanted: &T, verb: &str, name: &str) -> Stands {
    let words = format!("{verb} {name}");
    match values.contains(wanted) {
        true => Stands::Holds(words),
        false if values.is_empty() => Stands::NotSaid(words),
        false => Stands::Contradicts,
    }
}

/// The countries that it works in, else the one that it is in.
fn in_country(record: &Record, wanted: &str) -> Stands {
    let countries = record.geography.as_ref().map_or(&[][..], |geography| &geography.countries);
    let works = |country: &String| country == wanted;
    let holds = if countries.is_empty() { record.country == wanted } else { countries.iter().any(works) };
    match holds {
        true if record.country == wanted => Stands::Holds(format!("in {wanted}")),
        true => Stands::Holds(format!("works in {wanted}")),
        false => Stands::Contradicts,
    }
}

/// Whether every word stands in a name, a place or the id.
fn named(record: &Record, words: &[String]) -> Stands {
    let places = record.geography.iter().flat_map(|geography| &geography.places);
    let places = places.flat_map(|PlaceNames(names)| names.values());
    let mut texts: Vec<String> = record.names.values().chain(places).map(|text| fold(text)).collect();
    texts.push(record.agency_id.as_str().to_owned());
    let stands = |word: &String| texts.iter().any(|text| text.contains(word.as_str()));
    if words.iter().all(stands) { Stands::Holds("is called so".to_owned()) } else { Stands::Contradicts }
}

#[cfg(test)]
mod tests;
