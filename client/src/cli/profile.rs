//! `profile list`, `profile show COUNTRY`, `profile check FILE`, `profile install FILE`, `profile duties COUNTRY --role ROLE`: what a
//! country's law makes stricter, and what a caseworker there must report. Only `install` needs a node.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{
    Context, ask, check, closed,
    output::{Words, plain, table},
    people::By,
    verbs::Verbs,
};
use crate::{
    api::profiles::{InstallProfile, ProfileInstalled},
    error::Told,
    exit::Exit,
    referral::{
        codes::Role,
        profile::{
            About, Duty, Profile, Profiles,
            installed::{Installable, NotInstalled, PROFILE_BYTES_MAX, Step},
        },
        text::Country,
    },
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// List the countries that have a profile of their own.
    List,
    /// Show what a country's law makes stricter; a country without a profile has the default.
    Show {
        /// Two capital letters.
        #[arg(value_parser = country)]
        country: Country,
    },
    /// Check a profile file: that it has no unknown key, and loosens no rule of the software.
    Check {
        /// The profile, TOML.
        file: PathBuf,
    },
    /// Install a profile that has been checked: of a country that has none yet, or a newer version. The running daemon judges by it at once.
    Install {
        /// The profile, TOML.
        file: PathBuf,
        /// Install it without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    /// Show what must be reported in a country, before anybody is asked: to whom, within which time, how much, and when the person is
    /// told.
    Duties {
        /// Two capital letters.
        #[arg(value_parser = country)]
        country: Country,
        /// What the agency does, as referrals call it; without it, the duties of all.
        #[arg(long, value_parser = closed::roles())]
        role: Option<String>,
        /// Only those about children.
        #[arg(long, conflicts_with = "adult")]
        child: bool,
        /// Only those about adults.
        #[arg(long)]
        adult: bool,
    },
}

impl Command {
    /// Works without a node's folder.
    pub(super) const fn needs_no_node(&self) -> bool {
        !matches!(self, Self::Install { .. })
    }
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    // A file can be checked whatever is installed.
    let profiles = || Profiles::installed(&context.data);
    match command {
        Command::List => {
            let profiles = profiles()?;
            let list = profiles
                .all()
                .map(|profile| Line::of(profile, profiles.is_installed(&profile.profile.country)))
                .collect();
            Ok(context.output.answer(&List { profiles: list }))
        }
        Command::Show { country } => {
            let profiles = profiles()?;
            let own = profiles.known(&country).is_some();
            let text = profiles.text(&country).to_owned();
            Ok(context.output.answer(&Shown { country: country.as_str().to_owned(), own, text }))
        }
        Command::Check { file } => {
            let profile = Profile::read(&read(&file)?).map_err(NotInstalled::Faults)?;
            Ok(context.output.answer(&Line::of(&profile, false)))
        }
        Command::Install { file, yes, by } => install(context, &*profiles()?, read(&file)?, yes, by),
        Command::Duties { country, role, child, adult } => {
            let profiles = profiles()?;
            let profile = profiles.for_country(&country);
            let role = role.as_deref().and_then(Role::from_code);
            let wanted = |duty: &&Duty| {
                role.is_none_or(|role| duty.who.contains(&role))
                    && (!child || duty.when == About::Child)
                    && (!adult || duty.when == About::Adult)
            };
            let duties = profile.mandatory_reporting.duty.iter().filter(wanted).map(DutyLine::of).collect();
            Ok(context.output.answer(&Duties { country: country.as_str().to_owned(), duties }))
        }
    }
}

/// The text of a profile's file.
fn read(file: &Path) -> Result<String, Told> {
    let bytes = check::read(file)?;
    if bytes.len() > PROFILE_BYTES_MAX {
        return Err(Told::refused("too-long", "the file is too long for a profile", "name a profile"));
    }
    String::from_utf8(bytes)
        .map_err(|_binary| Told::refused("profile", "the profile is no text", "name a TOML file in UTF-8"))
}

fn install(context: &Context, profiles: &Profiles, text: String, yes: bool, by: By) -> Result<Exit, Told> {
    // What is wrong with it is said before anybody is asked for anything.
    let Installable { profile, step } = profiles.installable(&text)?;
    let mut verbs = Verbs::reach(context)?;
    let (head, then) = (&profile.profile, "what is sent and what comes is judged by it from then on");
    let before = match step {
        Step::Nothing => String::new(),
        Step::First => " for a country that has had the default".to_owned(),
        Step::Replaces(version) => format!(" in place of version {version}"),
    };
    if step != Step::Nothing && !yes {
        let what =
            format!("install version {} of the profile {} ({}){before}", head.version, head.country, plain(&head.name));
        ask::confirmed(context, &format!("{what}, valid from {}: {then}", head.valid_from))?;
    }
    let by = by.word()?;
    Ok(context.output.answer(&verbs.install_profile(&InstallProfile { text, by })?))
}

impl Words for ProfileInstalled {
    fn words(&self) -> String {
        let (country, name) = (plain(&self.country), plain(&self.name));
        let before = self.before.map(|before| format!(", in place of version {before}")).unwrap_or_default();
        let since = if self.already { "already" } else { "from now on" };
        format!("version {} of the profile {country} ({name}) is in use {since}{before}", self.version)
    }
}

#[derive(Serialize)]
struct Line {
    country: String,
    version: u32,
    name: String,
    valid_from: String,
    /// Whether it was installed here, and is not the one of this version of the software.
    installed: bool,
}

impl Line {
    fn of(profile: &Profile, installed: bool) -> Self {
        let head = &profile.profile;
        Self {
            country: head.country.clone(),
            version: head.version,
            name: head.name.clone(),
            valid_from: head.valid_from.to_string(),
            installed,
        }
    }
}

impl Words for Line {
    fn words(&self) -> String {
        format!(
            "This profile only tightens: {}, version {}, {}, valid from {}",
            plain(&self.country),
            self.version,
            plain(&self.name),
            self.valid_from
        )
    }
}

#[derive(Serialize)]
struct List {
    profiles: Vec<Line>,
}

impl Words for List {
    fn words(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .profiles
            .iter()
            .map(|line| {
                let installed = if line.installed { "installed" } else { "" }.to_owned();
                vec![
                    line.country.clone(),
                    line.version.to_string(),
                    plain(&line.name),
                    line.valid_from.clone(),
                    installed,
                ]
            })
            .collect();
        let rows = table(&["country", "version", "name", "valid from", ""], &rows);
        format!("{rows}\nEvery other country has the default: the floors of the software and of the treaties.")
    }
}

#[derive(Serialize)]
struct Shown {
    country: String,
    /// Whether it is the country's own, and not the default.
    own: bool,
    text: String,
}

impl Words for Shown {
    fn words(&self) -> String {
        let text = self.text.trim_end();
        if self.own { text.to_owned() } else { format!("# {} has no profile of its own\n{text}", plain(&self.country)) }
    }
}

#[derive(Serialize)]
struct DutyLine {
    id: String,
    about: &'static str,
    who: Vec<&'static str>,
    to: Vec<&'static str>,
    within_hours: u32,
    level_max: i64,
    legal_basis: String,
    inform_person: String,
}

impl DutyLine {
    fn of(duty: &Duty) -> Self {
        Self {
            id: duty.id.clone(),
            about: match duty.when {
                About::Child => "child",
                About::Adult => "adult",
            },
            who: duty.who.iter().map(|role| role.as_str()).collect(),
            to: duty.to.iter().map(|role| role.as_str()).collect(),
            within_hours: duty.within_hours,
            level_max: duty.level_max,
            legal_basis: duty.legal_basis.clone(),
            inform_person: duty.inform_person.clone(),
        }
    }
}

#[derive(Serialize)]
struct Duties {
    country: String,
    duties: Vec<DutyLine>,
}

impl Words for Duties {
    fn words(&self) -> String {
        if self.duties.is_empty() {
            return format!(
                "No duty to report is known in {} for that; without one, nothing is reported without the person's consent.",
                plain(&self.country)
            );
        }
        let lines = self.duties.iter().map(|duty| {
            let informed = match duty.inform_person.as_str() {
                "before" => "tell the person before you ask anything".to_owned(),
                "not_if_risk" => "tell the person, unless that puts them at risk".to_owned(),
                other => match other.strip_prefix("within_hours:") {
                    Some(hours) => format!("tell the person within {} hours", plain(hours)),
                    None => plain(other),
                },
            };
            let level =
                if duty.level_max == 0 { "counted, never named" } else { "without the person's name (level 1)" };
            format!(
                "{} (about {}): {}\n  by    {}\n  to    {}\n  when  within {} hours; {level}\n  and   {informed}",
                plain(&duty.id),
                if duty.about == "child" { "a child" } else { "an adult" },
                plain(&duty.legal_basis),
                duty.who.join(", "),
                duty.to.join(", "),
                duty.within_hours,
            )
        });
        lines.collect::<Vec<_>>().join("\n\n")
    }
}

fn country(text: &str) -> Result<Country, &'static str> {
    Country::of(text).ok_or("a country is two capital letters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_told_in_words_and_where_there_is_none_nothing_is_to_be_reported() {
        let profiles = Profiles::shipped();
        let carthen = profiles.for_country(&Country::of("XC").unwrap());
        let duties = carthen.mandatory_reporting.duty.iter().map(DutyLine::of).collect();

        let words = Duties { country: "XC".to_owned(), duties }.words();

        assert!(words.contains("art9 (about a child): Child Protection Act (fictional), art. 9"), "{words}");
        assert!(words.contains("within 720 hours; counted, never named"), "{words}");
        assert!(words.contains("tell the person before you ask anything"), "{words}");
        let none = Duties { country: "ZZ".to_owned(), duties: Vec::new() }.words();
        assert!(none.contains("nothing is reported without the person's consent"), "{none}");
    }
}
