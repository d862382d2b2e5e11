//! Files in the place of a network.

use std::path::Path;

use safeconduct_certs::{
    authority::{AdminError, error::Exit},
    carried,
};
use safeconduct_protocol::id::{AgencyId, RelayId};
use serde_json::json;

use super::Desk;
use crate::output::{Answer, Refusal};

impl Desk<'_> {
    pub(super) fn import(&self, file: &Path, relay: Option<u32>) -> Result<Answer, Refusal> {
        let bytes = carried::read_file(file).map_err(AdminError::Carried)?;
        let mut office = self.open()?;
        let imported = office.import(&bytes, relay.map(RelayId))?;
        let names = |agencies: &[AgencyId]| agencies.iter().map(AgencyId::to_string).collect::<Vec<_>>();
        let mut text: Vec<String> = Vec::new();
        for agency in &imported.requests {
            text.push(format!(
                "{agency} asks to be registered. Phone its operator, whom you know, and let the eight words be read to you. Then:\n  \
                 safeconduct-admin approve {agency} --offline --words \"the eight words as you heard them\""
            ));
        }
        let spoiled = |agency| format!("{agency}: somebody else used the invitation; phone, and invite again");
        text.extend(imported.spoiled.iter().map(spoiled));
        let counts = [
            (imported.known, "known already"),
            (imported.closed, "for an invitation that has another request, or was withdrawn"),
            (imported.foreign, "for no invitation of this authority"),
        ];
        text.extend(
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} request(s) {what}")),
        );
        if text.is_empty() {
            text.push("no request waits there".to_owned());
        }
        let data = json!({
            "requests": names(&imported.requests),
            "spoiled": names(&imported.spoiled),
            "known": imported.known,
            "closed": imported.closed,
            "foreign": imported.foreign,
        });
        Ok(Answer { data, text: text.join("\n") })
    }

    pub(super) fn export(&self, out: &Path, answer: Option<&AgencyId>, relay: Option<u32>) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let carried = match answer {
            Some(agency) => office.export_answer(agency)?,
            None => office.export(relay.map(RelayId))?,
        };
        carried::write_file(out, &carried).map_err(|error| {
            let fact = format!("{} cannot be written: {}", out.display(), error.kind());
            Refusal::new(Exit::NotReady, "disk", fact, "check the path, its permissions and the space")
        })?;
        let file = out.display().to_string();
        let text = match answer {
            Some(agency) => format!(
                "{file} holds the answer to {agency}. Hand it to its operator: safeconduct enrol --answer FILE\n\
                 Whoever carries it can read nothing in it."
            ),
            None => format!(
                "{file} holds all {} entries, invitations and answers for relay {}. Hand it to its operator: \
                 safeconduct-relay import --config RELAY.TOML FILE",
                office.registry().size(),
                carried.relay.0,
            ),
        };
        Ok(Answer { data: json!({"out": file, "relay": carried.relay.0, "size": office.registry().size()}), text })
    }
}
