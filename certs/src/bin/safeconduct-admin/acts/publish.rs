//! Telling the relays.

use safeconduct_certs::{authority::publish::Told, utc};
use serde_json::{Value, json};

use super::{Desk, finish, told};
use crate::output::{Answer, Refusal};

impl Desk<'_> {
    pub(super) fn publish(&self) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let told = told(&mut office)?;
        let size = office.registry().size();
        let reached = |told: &Told| json!({"relay": told.relay.id.0, "address": told.relay.address, "reached": told.outcome.is_ok()});
        let line = |told: &Told| match told.outcome {
            Ok(_) => format!("relay {} at {} has all {size} entries", told.relay.id.0, told.relay.address),
            Err(_) => format!("relay {} at {} was not told", told.relay.id.0, told.relay.address),
        };
        let data = json!({"size": size, "relays": told.iter().map(reached).collect::<Vec<Value>>()});
        let text = told.iter().map(line).collect::<Vec<String>>().join("\n");
        finish(Ok(told), Answer { data, text })
    }

    pub(super) fn timestamp(&self, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        // With relays, only after their clocks were compared with this machine's.
        let told = if offline {
            office.sign_head()?;
            Ok(Vec::new())
        } else {
            told(&mut office)
        };
        let time = office.registry().newest_time().unwrap_or_default();
        let data = json!({"time": time.0, "size": office.registry().size()});
        finish(told, Answer { data, text: format!("timestamped at {}", utc::instant(time)) })
    }
}
