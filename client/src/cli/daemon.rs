//! `daemon`.

use super::{Context, ask};
use crate::{
    config::Config,
    daemon::{self, Node},
    error::Told,
    exit::Exit,
    log,
};

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    let config = Config::load(&context.data)?;
    Node::look(&context.data)?;
    log::start(&config.log);
    let passphrase = ask::passphrase(context)?;
    daemon::run(context.data.clone(), config, passphrase)?;
    Ok(Exit::Done)
}
