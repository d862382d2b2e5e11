//! Suspending, resuming and revoking.

use safeconduct_certs::authority::{min_suite::SUITE_NEWEST, office::read_root, revoke::Standing};
use serde_json::json;

use super::{Desk, tell};
use crate::{
    ask,
    cli::Whom,
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn revoke(&self, whom: &Whom, yes: bool) -> Result<Answer, Refusal> {
        if !yes {
            read_root(self.folder()?)?;
            let agency = &whom.agency;
            ask::confirm(&format!(
                "the registration of {agency} ends for ever: its connections are cut, nobody can send to it, and what \
                 waits for it is not delivered"
            ))?;
        }
        self.standing(whom, Standing::Revoke)
    }

    pub(super) fn suspend(&self, whom: &Whom, yes: bool) -> Result<Answer, Refusal> {
        if !yes {
            read_root(self.folder()?)?;
            let agency = &whom.agency;
            ask::confirm(&format!(
                "the registration of {agency} ends for a time: its connections are cut, what others have for it waits with \
                 them, and what it has sent is held where it arrives; all goes on with `safeconduct-admin resume {agency}`"
            ))?;
        }
        self.standing(whom, Standing::Suspend)
    }

    pub(super) fn min_suite(&self, suite: u16, yes: bool, offline: bool) -> Result<Answer, Refusal> {
        if !yes {
            read_root(self.folder()?)?;
            let end = if suite > SUITE_NEWEST { "; this version speaks none so new, so all sending ends" } else { "" };
            ask::confirm(&format!("suites below {suite} are not used any more, for ever{end}"))?;
        }
        let mut office = self.open()?;
        office.set_min_suite(suite)?;
        let text = format!("suites below {suite} are not used any more");
        tell(&mut office, offline, Answer { data: json!({"min_suite": suite}), text })
    }

    pub(super) fn standing(&self, whom: &Whom, standing: Standing) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let node = office.set_standing(&whom.agency, standing)?;
        let done = match standing {
            Standing::Revoke => "revoked",
            Standing::Suspend => "suspended",
            Standing::Resume => "active again",
        };
        let data = json!({"agency": whom.agency.as_str(), "node": node.to_hex(), "status": done});
        tell(&mut office, whom.offline, Answer { data, text: format!("{} is {done}", whom.agency) })
    }
}
