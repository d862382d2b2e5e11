//! The verbs of country profiles.

use super::{Verbs, json};
use crate::{
    api::{
        client::Call,
        profiles::{InstallProfile, ProfileInstalled},
    },
    error::Told,
};

impl Verbs {
    pub(in crate::cli) fn install_profile(&mut self, asked: &InstallProfile) -> Result<ProfileInstalled, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/profiles", json(asked)?)),
            Self::Here(node) => node.install_profile(asked),
        }
    }
}
