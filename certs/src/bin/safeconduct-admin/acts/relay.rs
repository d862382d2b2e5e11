//! Registering relays.

use std::{fs, path::Path};

use safeconduct_certs::authority::{
    AdminError,
    error::Exit,
    relay_file::{RELAY_FILE_BYTES_MAX, RelayFile, RelayFileRefused},
};
use serde_json::json;

use super::Desk;
use crate::output::{Answer, Refusal};

impl Desk<'_> {
    pub(super) fn relay_add(&self, path: &Path) -> Result<Answer, Refusal> {
        let file = read_relay_file(path)?;
        let mut office = self.open()?;
        let contact = office.add_relay(&file)?;
        let root = self.folder()?.join("root.scr");
        let text = format!(
            "{} is registered as relay {} at {}.\nGive its operator {}, and when it runs: safeconduct-admin publish",
            contact.agency,
            contact.id.0,
            contact.address,
            root.display(),
        );
        let data = json!({"relay": contact.id.0, "agency": contact.agency.as_str(), "address": contact.address});
        Ok(Answer { data, text })
    }
}

fn read_relay_file(path: &Path) -> Result<RelayFile, Refusal> {
    let bytes = fs::read(path).map_err(|error| {
        let fact = format!("{} cannot be read: {}", path.display(), error.kind());
        Refusal::new(Exit::Usage, "unreadable", fact, "check the path")
    })?;
    if bytes.len() > RELAY_FILE_BYTES_MAX {
        return Err(AdminError::from(RelayFileRefused::Malformed).into());
    }
    Ok(RelayFile::parse(&bytes).map_err(AdminError::from)?)
}
