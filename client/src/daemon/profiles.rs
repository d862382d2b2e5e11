//! Country profiles: installed on an admin's word, and in use from then on.

use super::Node;
use crate::{
    api::profiles::{InstallProfile, ProfileInstalled},
    error::Told,
    inbox::refused::Place,
    log::event,
    referral::profile::{
        Profiles, carried,
        installed::{Installable, Step, keep},
    },
};

impl Node {
    /// `profile install`: keeps a profile durably, and judges by it at once. What is under way is not judged again, but what was refused is.
    ///
    /// # Errors
    /// As `people add` for who says so; what [`Profiles::installable`] refuses; what the disk says. Nothing is changed then.
    pub fn install_profile(&mut self, asked: &InstallProfile) -> Result<ProfileInstalled, Told> {
        self.said_by_admin(asked.by.as_ref())?;
        let installable = self.profiles.installable(&asked.text)?;
        installable.holds_at(self.now())?;
        let Installable { profile, step } = installable;
        let head = &profile.profile;
        let installed = ProfileInstalled {
            country: head.country.clone(),
            version: head.version,
            name: head.name.clone(),
            before: if let Step::Replaces(version) = step { Some(version) } else { None },
            already: step == Step::Nothing,
        };
        if !installed.already {
            keep(self.vault.dir(), &profile, &asked.text)?;
            carried::note(self.vault.db(), &profile.profile.country, &asked.text)?;
            self.profiles = Profiles::installed(self.vault.dir())?;
            self.agencies = None;
            self.refused_from = Some(Place::START);
            tracing::info!(event = event::PROFILE, version = installed.version);
        }
        Ok(installed)
    }
}
