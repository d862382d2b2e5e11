//! The agencies of the sample referrals, all fictional, and the samples themselves.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::WorldError;
use crate::shift;

/// One agency as the authority registers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: &'static str,
    /// Its name in English.
    pub name: &'static str,
    /// The role that it holds.
    pub role: &'static str,
    /// The country in which it works.
    pub country: &'static str,
    /// Whether it takes part in exercises only.
    pub exercise: bool,
}

const fn agency(id: &'static str, name: &'static str, role: &'static str, country: &'static str) -> Agency {
    Agency { id, name, role, country, exercise: false }
}

/// Everyone who sends or receives a sample.
pub const AGENCIES: [Agency; 18] = [
    agency("xa.child-protection-north", "Child Protection Board North", "ChildProtection", "XA"),
    agency("xa.harbour-house", "Harbour House", "NgoShelter", "XA"),
    agency("xa.iom-mission", "Migration Mission in Arvenia", "IomMission", "XA"),
    agency("xa.labour-inspectorate-west", "Labour Inspectorate West", "LabourInspectorate", "XA"),
    agency("xa.lantern-helpline", "Lantern Helpline", "Helpline", "XA"),
    agency("xa.mens-safe-house", "Men's Safe House", "NgoShelter", "XA"),
    agency("xa.police-thb-unit", "Police Unit against Trafficking", "Police", "XA"),
    agency("xa.workers-welcome", "Workers Welcome", "NgoSupport", "XA"),
    agency("xb.hearth-reintegration", "Hearth Reintegration", "NgoShelter", "XB"),
    agency("xc.competent-authority", "Competent Authority of Carthen", "CompetentAuthority", "XC"),
    agency("xc.crossroads", "Crossroads Support", "NgoSupport", "XC"),
    agency("xc.district-clinic-7", "District Clinic Seven", "HealthService", "XC"),
    agency("xc.linden-shelter", "Linden Shelter", "NgoShelter", "XC"),
    agency("xc.open-door-law", "Open Door Law Centre", "LegalAid", "XC"),
    agency("xc.st-alban-hospital", "Saint Alban Hospital", "HealthService", "XC"),
    agency("xd.embassy-in-xa", "Embassy of Dolmira in Arvenia", "Embassy", "XA"),
    Agency { exercise: true, ..agency("xe.safe-passage", "Safe Passage Training", "NgoSupport", "XE") },
    Agency { exercise: true, ..agency("xe.unhcr-mission", "Refugee Mission Training", "UnhcrMission", "XE") },
];

/// The agency that adds up reports in the country of most others.
pub const CO_ORDINATOR: Agency = agency("xa.nrm-coordinator", "Co-ordination of Arvenia", "NrmCoordinator", "XA");

/// The agency with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<Agency> {
    AGENCIES.into_iter().find(|agency| agency.id == id)
}

/// The folder of the samples.
#[must_use]
pub fn samples_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// One sample referral with its dates moved to now.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The file's name without its ending, `01-woman-sex-industry-shelter`.
    pub name: String,
    /// The referral.
    pub referral: Value,
}

impl Sample {
    /// The sending agency's id.
    #[must_use]
    pub fn from(&self) -> &str {
        self.header("from")
    }

    /// The receiving agency's id.
    #[must_use]
    pub fn to(&self) -> &str {
        self.header("to")
    }

    fn header(&self, side: &str) -> &str {
        self.referral.pointer(&format!("/header/{side}/agency_id")).and_then(Value::as_str).unwrap_or_default()
    }

    /// The referral's id.
    #[must_use]
    pub fn referral_id(&self) -> &str {
        self.referral.pointer("/header/referral_id").and_then(Value::as_str).unwrap_or_default()
    }

    /// The same casework as another referral.
    #[must_use]
    pub fn renamed(&self, referral_id: String) -> Self {
        let mut other = self.clone();
        if let Some(id) = other.referral.pointer_mut("/header/referral_id") {
            *id = Value::String(referral_id);
        }
        other
    }

    /// Writes the referral as a JSON file into `folder`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_into(&self, folder: &Path) -> Result<PathBuf, WorldError> {
        std::fs::create_dir_all(folder).map_err(WorldError::io("make", folder))?;
        let path = folder.join(format!("{}-{}.json", self.name, self.referral_id().get(..8).unwrap_or("none")));
        std::fs::write(&path, format!("{:#}\n", self.referral)).map_err(WorldError::io("write", &path))?;
        Ok(path)
    }

    /// What only the two agencies may read: names, caseworkers, contacts, free text.
    #[must_use]
    pub fn confidential(&self) -> Vec<String> {
        let mut strings = Vec::new();
        collect(&self.referral, "", &mut strings);
        strings
    }
}

/// Members whose text is about a person or written by one.
const CONFIDENTIAL: [&str; 16] = [
    "full",
    "prs_FirstName",
    "prs_MiddleName",
    "prs_SecondName",
    "name",
    "callback",
    "note",
    "text",
    "code_word",
    "case_code",
    "value",
    "city",
    "title",
    "number",
    "override_reason",
    "reason_text",
];

fn collect(value: &Value, name: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| collect(member, name, into)),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, name, into)),
        Value::String(text) if CONFIDENTIAL.contains(&name) => {
            into.push(text.clone());
            // A long text may be stored in pieces: its beginning and middle are looked for too.
            let characters: Vec<char> = text.chars().collect();
            if characters.len() > 80 {
                into.push(characters.iter().take(24).collect());
                into.push(characters.iter().skip(characters.len() / 2).take(24).collect());
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The twelve valid samples in order, moved to `now`.
///
/// # Errors
/// A file that cannot be read or is no JSON.
pub fn samples(now: u64) -> Result<Vec<Sample>, WorldError> {
    load(&samples_folder(), now)
}

/// The invalid samples in order, moved to `now`.
///
/// # Errors
/// A file that cannot be read or is no JSON.
pub fn invalid_samples(now: u64) -> Result<Vec<Sample>, WorldError> {
    load(&samples_folder().join("invalid"), now)
}

/// The valid sample whose name begins with `number`, moved to now.
///
/// # Errors
/// As [`samples`], or there is none.
pub fn sample(number: &str) -> Result<Sample, WorldError> {
    samples(shift::unix_now())?
        .into_iter()
        .find(|sample| sample.name.starts_with(number))
        .ok_or_else(|| WorldError::Sample { path: samples_folder().join(number), fact: "is not there".to_owned() })
}

fn load(folder: &Path, now: u64) -> Result<Vec<Sample>, WorldError> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(WorldError::io("list", folder))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| load_one(path, now)).collect()
}

fn load_one(path: PathBuf, now: u64) -> Result<Sample, WorldError> {
    let text = std::fs::read_to_string(&path).map_err(WorldError::io("read", &path))?;
    let mut referral: Value = serde_json::from_str(&text)
        .map_err(|error| WorldError::Sample { path: path.clone(), fact: error.to_string() })?;
    shift::to_now(&mut referral, now);
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Sample { name, referral })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_between_agencies_of_the_cast_in_their_roles() {
        let samples = samples(shift::SAMPLES_CLOCK).unwrap();
        assert_eq!(samples.len(), 12);
        assert_eq!(invalid_samples(shift::SAMPLES_CLOCK).unwrap().len(), 12);

        for sample in samples {
            for side in ["from", "to"] {
                let header = &sample.referral["header"][side];
                let agency = by_id(header["agency_id"].as_str().unwrap()).unwrap();
                assert_eq!(header["role"], agency.role, "{}", sample.name);
                assert_eq!(header["country"], agency.country, "{}", sample.name);
            }
            let exercise = sample.referral["header"]["exercise"].as_bool().unwrap_or(false);
            assert_eq!(by_id(sample.from()).unwrap().exercise, exercise);
            assert_eq!(by_id(sample.to()).unwrap().exercise, exercise);
        }
    }
}
