//! Profiles that the operator has installed: in the data folder, one file a country, in place of those of the build.

use std::{fs, io, path::Path, sync::Arc};

use safeconduct_certs::utc::instant;
use safeconduct_protocol::time::Timestamp;
use thiserror::Error;

use super::{Profile, ProfileRefused, Profiles};
use crate::{
    error::{Told, ToldFinding},
    exit::Exit,
    referral::text::Country,
    vault::{VaultError, files},
};

/// The folder of installed profiles, in the data folder.
pub const FOLDER: &str = "profiles";
/// The ending of their names.
const ENDING: &str = "toml";
/// Longest profile in bytes.
pub const PROFILE_BYTES_MAX: usize = 256 * 1024;
/// Characters of a day, such as 2026-06-01.
const DAY_CHARS: usize = 10;
/// Files in the folder at most: more countries than there can be, and what crashes left.
const FILES_MAX: usize = 2 * 26 * 26;

/// Why a profile is not installed, or those that are cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NotInstalled {
    /// It does not load, or loosens a rule.
    #[error("the profile cannot be used: {} of its lines must change", .0.len())]
    Faults(Vec<ProfileRefused>),
    /// The default is part of the software.
    #[error("ZZ stands for no country: the default cannot be replaced")]
    Default,
    /// An older version than the one in use.
    #[error("version {held} of the profile {country} is in use, and {given} is older")]
    Older {
        /// Which country.
        country: String,
        /// The version in use.
        held: u32,
        /// The one that was given.
        given: u32,
    },
    /// Another content under the number that is in use.
    #[error("version {version} of the profile {country} is in use, and says something else")]
    OtherContent {
        /// Which country.
        country: String,
        /// The version.
        version: u32,
    },
    /// Its day has not come.
    #[error("version {version} of the profile {country} holds from {from} on, and that day has not come")]
    NotYet {
        /// Which country.
        country: String,
        /// The version.
        version: u32,
        /// Its first day.
        from: String,
    },
    /// A file in the folder is no profile that this software takes.
    #[error("the installed profile {file} cannot be used: {fault}")]
    Damaged {
        /// Its name.
        file: String,
        /// The first thing that is wrong.
        fault: ProfileRefused,
    },
    /// A file in the folder is not the profile of the country that it is named after, is too long, or is no text.
    #[error("the file {file} in the folder of installed profiles is none")]
    NoProfile {
        /// Its name.
        file: String,
    },
    /// The disk.
    #[error("the folder of installed profiles cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] VaultError),
}

impl NotInstalled {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Faults(_) => "profile",
            Self::Default => "profile-default",
            Self::Older { .. } => "profile-older",
            Self::OtherContent { .. } => "profile-changed",
            Self::NotYet { .. } => "profile-not-yet",
            Self::Damaged { .. } | Self::NoProfile { .. } => "profile-damaged",
            Self::Unreadable(_) => "profile-unreadable",
            Self::Disk(error) => error.code(),
        }
    }

    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Faults(_) => "correct what each finding names, then try again".to_owned(),
            Self::Default => "name the country in the profile".to_owned(),
            Self::Older { .. } => "a version only grows: ask who made it for a newer one".to_owned(),
            Self::OtherContent { .. } => {
                "a version says one thing for ever: give what has changed a higher one".to_owned()
            }
            Self::NotYet { from, .. } => format!("install it on {from}: until then the version in use is the law"),
            Self::Damaged { .. } | Self::NoProfile { .. } => {
                format!("move it out of the folder `{FOLDER}` of the data folder, and install the profile anew")
            }
            Self::Unreadable(_) => "see that this account may read it, and that the disk is well".to_owned(),
            Self::Disk(error) => error.remedy().to_owned(),
        }
    }
}

impl From<NotInstalled> for Told {
    fn from(error: NotInstalled) -> Self {
        let exit = match &error {
            NotInstalled::Disk(_) | NotInstalled::Unreadable(_) => Exit::NotReady,
            // What makes the law stricter is not done without when it cannot be read.
            NotInstalled::Damaged { .. } | NotInstalled::NoProfile { .. } => Exit::NotReady,
            NotInstalled::Faults(_)
            | NotInstalled::Default
            | NotInstalled::Older { .. }
            | NotInstalled::OtherContent { .. }
            | NotInstalled::NotYet { .. } => Exit::Refused,
        };
        let mut told = Self::new(exit, error.code(), error.to_string(), error.remedy());
        if let NotInstalled::Faults(faults) = &error {
            told.findings = faults.iter().map(tell).collect();
        }
        told
    }
}

/// One thing that is wrong with a profile.
fn tell(fault: &ProfileRefused) -> ToldFinding {
    ToldFinding {
        code: fault.code().to_owned(),
        pointer: format!("line {}", fault.line()),
        fact: fault.to_string(),
        remedy: fault.remedy(),
        severity: "refuse".to_owned(),
        rule: "profile".to_owned(),
        decided_by: "built in".to_owned(),
    }
}

/// What installing a profile comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// It is in use already.
    Nothing,
    /// A country that had the default so far.
    First,
    /// It takes the place of this version.
    Replaces(u32),
}

/// A profile that may be installed.
pub struct Installable {
    /// Read and judged.
    pub profile: Profile,
    /// What it comes to.
    pub step: Step,
}

impl Profiles {
    /// The profiles of this build, and in their place those that are installed in the data folder `data`. An installed one that is older
    /// than that of the build gives way to it.
    ///
    /// # Errors
    /// When an installed profile cannot be read or used: it makes a rule stricter, and is not done without.
    pub fn installed(data: &Path) -> Result<Arc<Self>, NotInstalled> {
        // Without a data folder nothing is installed: the working folder is none.
        if data.as_os_str().is_empty() {
            return Ok(Self::of_build());
        }
        let entries = match fs::read_dir(data.join(FOLDER)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::of_build()),
            Err(error) => return Err(NotInstalled::Unreadable(error.kind())),
        };
        let mut profiles = Self::shipped();
        for (count, entry) in entries.enumerate() {
            let entry = entry.map_err(|error| NotInstalled::Unreadable(error.kind()))?;
            if count >= FILES_MAX {
                return Err(NotInstalled::NoProfile { file: entry.file_name().to_string_lossy().into_owned() });
            }
            // What a crash left while one was written.
            if entry.path().extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            let file = entry.file_name().to_string_lossy().into_owned();
            let none = || NotInstalled::NoProfile { file: file.clone() };
            let bytes = files::read(&data.join(FOLDER), &file)?.filter(|bytes| bytes.len() <= PROFILE_BYTES_MAX);
            let bytes = bytes.ok_or_else(none)?;
            let text = std::str::from_utf8(&bytes).map_err(|_binary| none())?;
            let profile = Profile::load(text).map_err(|fault| NotInstalled::Damaged { file: file.clone(), fault })?;
            if file_name(&profile.profile.country) != file {
                return Err(none());
            }
            profiles.take(profile, text);
        }
        Ok(Arc::new(profiles))
    }

    /// Puts a profile in its place, unless that of this build is newer.
    fn take(&mut self, profile: Profile, text: &str) {
        let (country, version) = (profile.profile.country.clone(), profile.profile.version);
        let is_of_it = |known: &&mut Profile| known.profile.country == country;
        match self.known.iter_mut().find(is_of_it) {
            Some(known) if known.profile.version > version => return,
            Some(known) => *known = profile,
            None => self.known.push(profile),
        }
        self.texts.insert(country, text.to_owned());
    }

    /// Whether this profile may be installed in place of what is in use.
    ///
    /// # Errors
    /// Everything that is wrong with it; or that it is older, or says something else under the number in use.
    pub fn installable(&self, text: &str) -> Result<Installable, NotInstalled> {
        let profile = Profile::read(text).map_err(NotInstalled::Faults)?;
        let head = &profile.profile;
        if head.country == self.fallback().profile.country {
            return Err(NotInstalled::Default);
        }
        let country = Country::of(&head.country);
        let held = country.as_ref().and_then(|country| Some((self.known(country)?, self.text(country))));
        let step = match held {
            None => Step::First,
            Some((known, _)) if known.profile.version > head.version => {
                let (country, held, given) = (head.country.clone(), known.profile.version, head.version);
                return Err(NotInstalled::Older { country, held, given });
            }
            Some((known, in_use)) if known.profile.version == head.version => {
                if in_use != text {
                    let (country, version) = (head.country.clone(), head.version);
                    return Err(NotInstalled::OtherContent { country, version });
                }
                Step::Nothing
            }
            Some((known, _)) => Step::Replaces(known.profile.version),
        };
        Ok(Installable { profile, step })
    }
}

impl Installable {
    /// Whether its first day has come.
    ///
    /// # Errors
    /// [`NotInstalled::NotYet`].
    pub fn holds_at(&self, now: Timestamp) -> Result<(), NotInstalled> {
        let head = &self.profile.profile;
        let from = head.valid_from.to_string();
        // Both are written year first.
        if from.get(..DAY_CHARS) <= instant(now).get(..DAY_CHARS) {
            return Ok(());
        }
        Err(NotInstalled::NotYet { country: head.country.clone(), version: head.version, from })
    }
}

/// Writes a profile into the data folder, durably: whoever reads sees the one of before or this one, whole.
///
/// # Errors
/// What the disk says; the one of before stays then.
pub(crate) fn keep(data: &Path, profile: &Profile, text: &str) -> Result<(), NotInstalled> {
    let folder = data.join(FOLDER);
    let is_new = !folder.exists();
    files::make_dir(&folder)?;
    if is_new {
        files::sync_dir(data).map_err(VaultError::from)?;
    }
    Ok(files::replace(&folder, &file_name(&profile.profile.country), text.as_bytes())?)
}

/// The file of a country's profile.
pub(super) fn file_name(country: &str) -> String {
    format!("{}.{ENDING}", country.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::SHIPPED;
    use super::*;

    const XA: &str = SHIPPED[0].1;

    fn of_version(version: u32) -> String {
        XA.replace("version = 3", &format!("version = {version}"))
    }

    fn xa() -> Country {
        Country::of("XA").unwrap()
    }

    fn installs(data: &Path, text: &str) -> Result<Step, NotInstalled> {
        let Installable { profile, step } = Profiles::installed(data)?.installable(text)?;
        if step != Step::Nothing {
            keep(data, &profile, text)?;
        }
        Ok(step)
    }

    #[test]
    fn a_version_only_grows_and_says_one_thing_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path();
        assert_eq!(installs(data, XA).unwrap(), Step::Nothing, "the one of the build");

        assert_eq!(installs(data, &of_version(4)).unwrap(), Step::Replaces(3));
        assert_eq!(installs(data, &of_version(4)).unwrap(), Step::Nothing);
        let other = of_version(4).replace("days_min = 60", "days_min = 61");
        assert!(matches!(installs(data, &other), Err(NotInstalled::OtherContent { version: 4, .. })));
        assert!(matches!(installs(data, XA), Err(NotInstalled::Older { held: 4, given: 3, .. })));
        assert_eq!(installs(data, &other.replace("version = 4", "version = 5")).unwrap(), Step::Replaces(4));
        let new = of_version(1).replace("\"XA\"", "\"XQ\"").replace("XA.shelter", "XQ.shelter");
        assert_eq!(installs(data, &new).unwrap(), Step::First);
        assert!(matches!(installs(data, &of_version(9).replace("\"XA\"", "\"ZZ\"")), Err(NotInstalled::Default)));

        let profiles = Profiles::installed(data).unwrap();
        let held = profiles.known(&xa()).unwrap();
        assert_eq!((held.profile.version, held.reflection.days_min), (5, 61));
        assert!(profiles.is_installed("XA") && profiles.text(&xa()).contains("version = 5"));
        assert!(profiles.is_installed("XQ") && !profiles.is_installed("XC"));
        assert_eq!(profiles.all().filter(|profile| profile.profile.country == "XA").count(), 1);
    }

    #[test]
    fn without_a_data_folder_nothing_is_read_from_where_the_command_was_typed() {
        // Tests run in the crate's folder, which has a folder of this name with other files.
        assert!(Path::new(FOLDER).is_dir() && Profiles::installed(Path::new(".")).is_err());

        assert_eq!(Profiles::installed(Path::new("")).unwrap().all().count(), SHIPPED.len());
    }

    #[test]
    fn a_newer_one_of_the_build_takes_the_place_of_an_older_one_that_is_installed() {
        let dir = tempfile::tempdir().unwrap();
        let old = of_version(2);
        keep(dir.path(), &Profile::load(&old).ok().unwrap(), &old).unwrap();

        let profiles = Profiles::installed(dir.path()).unwrap();

        assert_eq!((profiles.known(&xa()).unwrap().profile.version, profiles.is_installed("XA")), (3, false));
    }

    #[test]
    fn an_installed_profile_that_cannot_be_used_is_not_done_without_and_a_torn_write_is_none() {
        let dir = tempfile::tempdir().unwrap();
        installs(dir.path(), &of_version(4)).unwrap();
        let folder = dir.path().join(FOLDER);
        fs::write(folder.join("xa.toml.new"), &XA[..100]).unwrap();
        assert_eq!(Profiles::installed(dir.path()).unwrap().known(&xa()).unwrap().profile.version, 4);

        let damaged = |text: &[u8], name: &str| {
            fs::write(folder.join(name), text).unwrap();
            let refused = Profiles::installed(dir.path()).err().unwrap();
            let told = Told::from(refused);
            assert_eq!((told.code.as_str(), told.exit()), ("profile-damaged", Exit::NotReady), "{name}");
            assert!(told.message.contains(name), "{}", told.message);
        };
        damaged(&XA.as_bytes()[..100], "xa.toml");
        damaged(of_version(4).replace("days_min = 60", "days_min = 2").as_bytes(), "xa.toml");
        damaged(b"\xff\xfe", "xa.toml");
        damaged(&vec![b'#'; PROFILE_BYTES_MAX + 1], "xa.toml");
        fs::remove_file(folder.join("xa.toml")).unwrap();
        damaged(of_version(4).as_bytes(), "xc.toml");
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_lines_and_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let text = of_version(4).replace("days_min = 60", "days_min = 29").replace("k_min = 10", "k_min = 9");

        let told = Told::from(installs(dir.path(), &text).err().unwrap());

        assert_eq!((told.code.as_str(), told.exit(), told.findings.len()), ("profile", Exit::Refused, 2));
        for (finding, key) in told.findings.iter().zip(["days_min = 29", "k_min = 9"]) {
            let line: usize = finding.pointer.strip_prefix("line ").unwrap().parse().unwrap();
            assert!(text.lines().nth(line - 1).unwrap().contains(key), "{}", finding.pointer);
        }
        assert!(!dir.path().join(FOLDER).exists());
    }
}
