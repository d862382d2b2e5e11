//! `daemon`.

use super::{Context, ask};
use crate::{
    config::Config,
    daemon::{self, Node},
    error::Told,
    exit::Exit,
    log,
};

const RUNS: &str = "This node runs until Ctrl-C ends it: leave it running. It connects to its relay by itself, and says so as \
    relay-connected.\nIn another terminal: safeconduct status, safeconduct doctor, safeconduct ping AGENCY.";

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    let config = Config::load(&context.data)?;
    Node::look(&context.data)?;
    log::start(&config.log);
    let passphrase = ask::passphrase(context)?;
    context.output.say(RUNS);
    daemon::run(context.data.clone(), config, passphrase)?;
    Ok(Exit::Done)
}
