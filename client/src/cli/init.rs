//! `init`.

use zeroize::Zeroizing;

use super::{Context, ask, output::Words};
use crate::{
    api::shapes::Made,
    config::{Config, RelayAddress},
    daemon::{Node, SUCCESSION_LOST},
    error::Told,
    exit::Exit,
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The home relay's address; enrolment can name it too.
    #[arg(long, value_name = "HOST:PORT", value_parser = super::relay)]
    relay: Option<RelayAddress>,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let config = Config::load(&context.data)?;
    Node::vacant(&context.data)?;
    let passphrase = ask::new_passphrase(context)?;
    let (node, made) = Node::init(&context.data, &passphrase, args.relay, config)?;
    let exit = context.output.answer_once(&made, SUCCESSION_LOST);
    if exit == Exit::Done {
        node.succession_seen()?;
    }
    Ok(exit)
}

impl Words for Made {
    fn words(&self) -> String {
        format!(
            "This node is made: {}\n\n{}\n\nNext: safeconduct enrol CODE --relay HOST:PORT, with what your authority has given you",
            self.node,
            *paper(&self.succession.0)
        )
    }
}

/// The succession key with what to do with it.
pub(super) fn paper(succession: &str) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "Succession key, shown this once:\n\n    {succession}\n\nWrite it on paper and lock it away. It lets this agency \
         move to new keys if this machine\nis lost; do not keep it on this machine."
    ))
}
