//! `lock`, `unlock`: what persons may read through the running daemon.

use super::{Context, ask, output::Words};
use crate::{
    api::{
        client::{Api, Call},
        recovered::Locked,
    },
    error::Told,
    exit::Exit,
};

pub(super) fn lock(context: &Context) -> Result<Exit, Told> {
    let locked: Locked = daemon(context)?.call(Call::post("/v1/lock", Vec::new()))?;
    Ok(context.output.answer(&locked))
}

pub(super) fn unlock(context: &Context) -> Result<Exit, Told> {
    let api = daemon(context)?;
    let passphrase = ask::passphrase(context)?;
    let locked: Locked = api.call(Call::post("/v1/unlock", passphrase.as_bytes().to_vec()))?;
    Ok(context.output.answer(&locked))
}

pub(super) fn daemon(context: &Context) -> Result<Api, Told> {
    Api::reach(&context.data)?.ok_or_else(|| {
        Told::not_ready(
            "no-daemon",
            "no daemon is running, so nothing is open: every command asks for the passphrase itself",
            "start it with `safeconduct daemon`",
        )
    })
}

impl Words for Locked {
    fn words(&self) -> String {
        if self.locked { "Reading is locked; the node goes on receiving." } else { "Reading is open." }.to_owned()
    }
}
